//! The state of things in the top bar: how the connection stands and how many releases wait for the reader.

use crate::{
    icons::Icon,
    live::{Announcements, LinkAlarm, LiveIndicator},
    part::Seed,
};
use domain::{journal::Seq, person::PersonId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    pub reader: PersonId,
    /// The record up to here is in the page; live events begin after it.
    pub seq: Seq,
    pub waiting: usize,
}

impl Seed for Status {
    const NAME: &str = "status";
}

/// The part, the same on both sides.
pub fn status(status: Status) -> AnyView {
    view! {
        <LiveIndicator/>
        <Inbox waiting=status.waiting/>
        <LinkAlarm/>
        <Announcements/>
    }
    .into_any()
}

/// The part as the server writes it where nothing else on the page is alive. It follows from how many wait and from nothing
/// else, so each of these few texts is rendered once.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn rendered(seed: &Status) -> &'static str {
    use crate::live::{provide_live, provide_voice};
    use control::sight::MOST_COUNTED;
    use std::sync::OnceLock;
    static RENDERED: [OnceLock<String>; MOST_COUNTED + 1] = [const { OnceLock::new() }; MOST_COUNTED + 1];
    RENDERED[seed.waiting.min(MOST_COUNTED)].get_or_init(|| {
        let owner = Owner::new_root(None);
        let html = owner.with(|| {
            provide_voice(provide_live(seed.seq));
            status(seed.clone()).to_html()
        });
        owner.cleanup();
        html
    })
}

#[component]
fn Inbox(waiting: usize) -> impl IntoView {
    let waiting = RwSignal::new(waiting);
    #[cfg(target_arch = "wasm32")]
    crate::browser::count_again(waiting);
    let words = move || match waiting.get() {
        1 => "1 release waits for you".to_owned(),
        n => format!("{n} releases wait for you"),
    };
    let count = move || match waiting.get() {
        n @ 0..100 => n.to_string(),
        _ => "99+".to_owned(),
    };
    view! {
        <a
            class=move || { if waiting.get() > 0 { "inbox waits" } else { "inbox" } }
            href="/#waiting"
            aria-label=words
            title=words
        >
            {Icon::INBOX.view()} <span aria-hidden="true">{count}</span>
        </a>
    }
}
