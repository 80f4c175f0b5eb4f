//! How a release stands, as icon, word and colour. Violet means one thing only: someone must act.

use super::Markup;
use crate::icons::Icon;
use domain::release::{Release, State};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A colour with one meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Passed,
    Running,
    /// Someone must act.
    Waits,
    Warning,
    Failed,
    Planned,
}

impl Tone {
    /// The class that carries the colour.
    pub fn class(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Running => "running",
            Self::Waits => "waits",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::Planned => "planned",
        }
    }
}

/// The state of a release as people read it: a rejection shows, though the release may still be approved later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Is(State),
    Rejected,
}

impl Standing {
    /// With the state that approvals and production give it.
    pub fn of(release: &Release, state: State) -> Self {
        match state {
            State::Candidate if release.rejection().is_some() => Self::Rejected,
            state => Self::Is(state),
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Rejected => "Rejected",
            Self::Is(state) => match state {
                State::Draft => "Draft",
                State::Candidate => "Waits for approval",
                State::Approved => "Approved",
                State::Shipping => "Shipping",
                State::Live => "Live",
                State::Superseded => "Superseded",
                State::Cancelled => "Cancelled",
            },
        }
    }

    pub fn icon(self) -> Icon {
        match self {
            Self::Rejected => Icon::OCTAGON_X,
            Self::Is(state) => match state {
                State::Draft => Icon::CIRCLE_DASHED,
                State::Candidate => Icon::HAND,
                State::Approved | State::Live => Icon::CIRCLE_CHECK,
                State::Shipping => Icon::LOADER,
                State::Superseded => Icon::FILE_CLOCK,
                State::Cancelled => Icon::CIRCLE_SLASH,
            },
        }
    }

    pub fn tone(self) -> Tone {
        match self {
            Self::Rejected => Tone::Failed,
            Self::Is(state) => match state {
                State::Draft | State::Superseded | State::Cancelled => Tone::Planned,
                State::Candidate => Tone::Waits,
                State::Approved | State::Live => Tone::Passed,
                State::Shipping => Tone::Running,
            },
        }
    }
}

#[component]
pub fn Badge(standing: Standing) -> impl IntoView {
    Markup::new().badge(standing).view()
}
