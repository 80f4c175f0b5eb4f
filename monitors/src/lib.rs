//! Adapters of the monitor port.
