//! Signed webhooks.
