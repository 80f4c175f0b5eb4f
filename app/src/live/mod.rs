//! What happens while a page is open: one stream of facts from the server, shared by all tabs of a browser.

mod indicator;
mod link;

pub use indicator::LiveIndicator;
pub use link::LinkState;

use domain::journal::Seq;
use leptos::prelude::*;

/// The signals that every part of a page may follow.
#[derive(Debug, Clone, Copy)]
pub struct Live {
    /// Milliseconds since 1970, every few seconds; none on the server and until the page is alive.
    pub now: RwSignal<Option<i64>>,
    /// How the connection stands.
    pub link: RwSignal<LinkState>,
    /// The last fact that reached this page.
    pub seen: RwSignal<Seq>,
}

/// Offers the signals to everything below; `seq` is what the page already shows.
pub fn provide_live(seq: Seq) -> Live {
    let live = Live { now: RwSignal::new(None), link: RwSignal::new(LinkState::Connecting), seen: RwSignal::new(seq) };
    provide_context(live);
    live
}

pub fn live() -> Live {
    expect_context()
}
