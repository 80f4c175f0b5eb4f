//! HAProxy, by its Runtime API.
