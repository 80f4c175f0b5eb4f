//! How the connection stands, in words.

/// Milliseconds since 1970.
pub type Millis = i64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// Not yet.
    Connecting,
    Live,
    Reconnecting,
    /// Nothing has been heard since then.
    Stale {
        since: Millis,
    },
}
