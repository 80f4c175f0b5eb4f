//! What happens while a page is open: one stream of facts from the server, shared by all tabs of a browser.
//!
//! A page follows it in one of two ways: [`follow`] hands over every piece of news, for pages that apply facts themselves;
//! [`follow_gently`] asks now and then to read anew, for lists.

mod indicator;
mod link;
mod news;
mod voice;

#[cfg(target_arch = "wasm32")]
mod hub;
#[cfg(target_arch = "wasm32")]
mod source;

pub use indicator::{LinkAlarm, LiveIndicator};
pub use link::{LinkState, Millis};
pub use news::{Followers, News, follow, follow_gently};
pub use voice::{Announcements, announce};

use domain::{journal::Seq, person::PersonId};
use leptos::prelude::*;

/// The signals that every part of a page may follow.
#[derive(Debug, Clone, Copy)]
pub struct Live {
    /// Milliseconds since 1970, every second; none on the server and until the page is alive.
    pub now: RwSignal<Option<Millis>>,
    /// How the connection stands.
    pub link: RwSignal<LinkState>,
    /// When the server was last heard.
    pub heard: RwSignal<Option<Millis>>,
    /// The last fact that reached this page.
    pub seen: RwSignal<Seq>,
    followers: Followers,
}

/// Offers the signals to everything below. `seq` is what the page already shows; nobody in particular follows nothing.
pub fn provide_live(seq: Seq, reader: Option<PersonId>) -> Live {
    let live = Live {
        now: RwSignal::new(None),
        link: RwSignal::new(LinkState::Connecting),
        heard: RwSignal::new(None),
        seen: RwSignal::new(seq),
        followers: Followers::default(),
    };
    provide_context(live);
    voice::provide();
    Effect::new(move |_| begin(live, reader));
    live
}

pub fn live() -> Live {
    expect_context()
}

#[cfg(target_arch = "wasm32")]
fn begin(live: Live, reader: Option<PersonId>) {
    crate::manners::begin(live);
    if let Some(reader) = reader {
        hub::open(live, reader);
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn begin(_: Live, _: Option<PersonId>) {}
