//! What happens while a page is open: one stream of facts from the server, shared by all tabs of a browser.
//!
//! What lives on a page follows it in one of two ways: [`follow`] hands over every piece of news, for parts that apply facts
//! themselves; [`follow_gently`] asks now and then to read anew. Sections with `data-live` are read anew as they are.

mod indicator;
mod link;
mod news;
mod voice;

#[cfg(target_arch = "wasm32")]
mod hub;
#[cfg(target_arch = "wasm32")]
mod source;

#[cfg(target_arch = "wasm32")]
pub use hub::open;
pub use indicator::{LinkAlarm, LiveIndicator};
pub use link::{LinkState, Millis};
pub use news::{Followers, Heard, News, follow, follow_gently};
pub use voice::{Announcements, Voice, provide_voice};

use domain::journal::Seq;
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

/// Offers the signals to everything below. `seq` is what the page already shows.
pub fn provide_live(seq: Seq) -> Live {
    let live = Live {
        now: RwSignal::new(None),
        link: RwSignal::new(LinkState::Connecting),
        heard: RwSignal::new(None),
        seen: RwSignal::new(seq),
        followers: Followers::default(),
    };
    provide_context(live);
    live
}

pub fn live() -> Live {
    expect_context()
}
