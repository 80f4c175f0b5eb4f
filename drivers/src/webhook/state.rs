//! What the other side says of a task, in a reply, in its status and in a callback alike.

use crate::outbound::Reply;
use control::driver::{Asked, Fault};
use serde::Deserialize;

/// So much is kept of what it says.
const SAID: usize = 500;
const LONGEST_ADDRESS: usize = 2_000;

/// `{"state": "done", "share": 25, "said": "…", "url": "https://…"}`
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct State {
    #[serde(rename = "state")]
    word: Word,
    #[serde(default)]
    pub share: Option<f64>,
    #[serde(default)]
    pub said: String,
    #[serde(default)]
    pub url: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Done,
    Running,
    Failed,
}

impl State {
    /// Of a request that was accepted: when it cannot be read, nobody knows what was done.
    pub(super) fn of(reply: &Reply) -> Result<Self, Fault> {
        let mut state: Self = reply.json()?;
        state.said = reply.cover(&state.said);
        state.url = state.url.map(|url| reply.cover(&url));
        Ok(state.tidy())
    }

    /// Bounded, and without addresses that no browser should follow.
    pub(super) fn tidy(mut self) -> Self {
        self.said = crate::veil::Veil::default().head(&self.said, SAID);
        self.url = self.url.filter(|url| url.len() <= LONGEST_ADDRESS && crate::outbound::address("url", url).is_ok());
        self
    }

    pub(super) fn asked(self) -> Asked {
        match self.word {
            Word::Done => Asked::Done(self.into()),
            Word::Running => Asked::Running { said: self.said, url: self.url },
            Word::Failed => Asked::Failed(match self.url {
                Some(url) => format!("{} ({url})", self.said),
                None => self.said,
            }),
        }
    }
}
