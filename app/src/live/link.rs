//! How the connection stands, in words.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970.
pub type Millis = i64;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkState {
    /// Not yet.
    Connecting,
    Live,
    Reconnecting,
    /// Nothing has been heard since then.
    Stale {
        since: Millis,
    },
    /// The session has ended, here or elsewhere.
    SignedOut,
}

impl LinkState {
    /// The class that carries the colour.
    pub fn class(self) -> &'static str {
        match self {
            Self::Connecting => "link connecting",
            Self::Live => "link live",
            Self::Reconnecting => "link reconnecting",
            Self::Stale { .. } => "link stale",
            Self::SignedOut => "link signed-out",
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Connecting => "Connecting",
            Self::Live => "Live",
            Self::Reconnecting => "Reconnecting",
            Self::Stale { .. } => "Stale",
            Self::SignedOut => "Signed out",
        }
    }
}

/// How long ago something was heard, for the top bar.
pub fn updated(now: Millis, heard: Millis) -> String {
    match (now - heard) / 1_000 {
        ..1 => "updated now".to_owned(),
        s @ 1..120 => format!("updated {s} s ago"),
        s => format!("updated {} min ago", s / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::updated;

    #[test]
    fn the_age_of_what_was_heard_is_told_in_words() {
        assert_eq!(updated(10_000, 9_500), "updated now");
        assert_eq!(updated(10_000, 7_000), "updated 3 s ago");
        assert_eq!(updated(300_000, 0), "updated 5 min ago");
        assert_eq!(updated(0, 9_000), "updated now", "a clock that was set back");
    }
}
