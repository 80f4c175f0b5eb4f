//! What came back, and what it says about whether anything happened.

use crate::Veil;
use control::driver::{Certainty, Fault};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde::de::DeserializeOwned;
use std::fmt;

/// So much of a reply is quoted for people.
const QUOTED: usize = 300;

/// A reply, read whole; of one that says no the body may be missing.
pub struct Reply {
    pub status: u16,
    pub(super) headers: HeaderMap,
    pub body: Vec<u8>,
    pub(super) place: String,
    pub(super) veil: Veil,
}

impl Reply {
    pub fn good(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body, of a request that was accepted: when it cannot be read, nobody knows what was done.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_slice(&self.body).map_err(|why| {
            let why = self.veil.cover(&why.to_string());
            Fault::unknown(format!(
                "{} answered {}, but not as agreed ({why}): {}",
                self.place,
                self.status,
                self.quote()
            ))
        })
    }

    /// What a status that is no success means for a second try.
    ///
    /// 408, 425 and 429 say that nothing was done yet, and so does 503 with `Retry-After`; any other 4xx and a redirect
    /// declines; with anything else nobody knows.
    pub fn certainty(&self) -> Certainty {
        match self.status {
            408 | 425 | 429 => Certainty::NotDone,
            503 if self.headers.contains_key(RETRY_AFTER) => Certainty::NotDone,
            300..=499 => Certainty::Declined,
            _ => Certainty::Unknown,
        }
    }

    /// The fault that this reply is.
    pub fn fault(&self) -> Fault {
        let (place, status, quote) = (&self.place, self.status, self.quote());
        let quote = if quote.is_empty() { String::new() } else { format!(": {quote}") };
        let certainty = self.certainty();
        let said = match certainty {
            Certainty::Declined if status < 400 => {
                format!("{place} answered {status}, a redirect, which is not followed. Set the address it leads to.")
            }
            Certainty::Declined => format!("{place} declined with {status}{quote}"),
            Certainty::NotDone => match self.header("retry-after") {
                Some(after) => {
                    format!("{place} answered {status}, not now, again after {}{quote}", self.veil.head(after, 40))
                }
                None => format!("{place} answered {status}, not now{quote}"),
            },
            Certainty::Unknown => format!("{place} answered {status}; whether it acted is not known{quote}"),
        };
        Fault { certainty, said }
    }

    /// What this reply is to a question, when it is no answer.
    pub fn said(&self) -> String {
        let quote = self.quote();
        let quote = if quote.is_empty() { String::new() } else { format!(": {quote}") };
        format!("{} answered {}{quote}", self.place, self.status)
    }

    /// The body for people: one line, bounded, secrets covered.
    pub fn quote(&self) -> String {
        self.veil.head(&String::from_utf8_lossy(&self.body), QUOTED)
    }

    /// Covers the secrets of the request in a text of this reply.
    pub fn cover(&self, text: &str) -> String {
        self.veil.cover(text)
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reply({} from {}, {} bytes)", self.status, self.place, self.body.len())
    }
}
