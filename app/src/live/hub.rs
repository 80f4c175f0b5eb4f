//! One connection per browser: the tab that holds the lock listens to the server and passes everything on to the others.
//!
//! Without locks (pages served insecurely) each tab listens by itself. A tab that hears nothing from the one that should
//! pass things on listens by itself too.

use super::{Heard, LinkState, Live, Millis, News, source};
use crate::browser::now;
use domain::{journal::Seq, person::PersonId};
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
    sync::Arc,
    time::Duration,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// Nothing for so long, though the server says something every ten seconds: the connection is dead.
pub(super) const SILENCE: Millis = 25_000;
/// After so long without a connection the page says that it is out of date.
const STALE: Millis = 30_000;
/// How many facts are kept for tabs that open later.
const KEPT: usize = 200;

/// What tabs say to each other.
#[derive(Serialize, Deserialize)]
pub(super) enum Word {
    /// A fact exactly as the server sent it.
    Fact(String),
    /// The record up to here is known.
    Beat(Seq),
    Refetch(Seq),
    /// A rollout was judged once more, as the server sent it.
    Look(String),
    Link(LinkState),
    /// A tab that shows the record up to here has opened.
    Join(Seq),
}

pub(super) struct Hub {
    live: Live,
    channel: Option<BroadcastChannel>,
    pub(super) leads: Cell<bool>,
    /// Everything after this is known here.
    since: Seq,
    recent: RefCell<VecDeque<(Seq, String)>>,
}

/// Begins to follow the server.
pub fn open(live: Live, reader: PersonId) {
    // People who share a browser do not share what they see.
    let name = format!("pilothouse {reader}");
    let channel = BroadcastChannel::new(&name).ok();
    let since = live.seen.get_untracked();
    let hub = Rc::new(Hub { live, channel, leads: Cell::new(false), since, recent: RefCell::default() });
    live.heard.set(Some(now()));
    hub.clone().listen_to_tabs();
    if hub.channel.is_none() || !hub.clone().wait_for_the_lock(&name) {
        lead(&hub);
    } else {
        hub.say(&Word::Join(since));
        set_interval(move || hub.watch(), Duration::from_secs(5));
    }
}

fn lead(hub: &Rc<Hub>) {
    if !hub.leads.replace(true) {
        source::open(hub.clone());
    }
}

impl Hub {
    fn listen_to_tabs(self: Rc<Self>) {
        let Some(channel) = self.channel.clone() else { return };
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let word = event.data().as_string().and_then(|text| serde_json::from_str(&text).ok());
            match word {
                Some(Word::Join(seq)) if self.leads.get() => self.bring_up(seq),
                Some(Word::Join(_)) | None => {}
                Some(word) if !self.leads.get() => self.take(word),
                Some(_) => {}
            }
        });
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        heard.forget();
    }

    /// False where the browser has no locks.
    fn wait_for_the_lock(self: Rc<Self>, name: &str) -> bool {
        let navigator: JsValue = window().navigator().into();
        let Ok(locks) = Reflect::get(&navigator, &"locks".into()) else { return false };
        let request = Reflect::get(&locks, &"request".into()).ok().and_then(|f| f.dyn_into::<Function>().ok());
        let Some(request) = request else { return false };
        let granted = Closure::<dyn Fn() -> Promise>::new(move || {
            lead(&self);
            // Held until the tab is closed.
            Promise::new(&mut |_, _| {})
        });
        let asked = request.call2(&locks, &name.into(), granted.as_ref()).is_ok();
        granted.forget();
        asked
    }

    /// The tab that should pass things on is silent: ask the server oneself.
    fn watch(self: &Rc<Self>) {
        let heard = self.live.heard.get_untracked().unwrap_or_default();
        if !self.leads.get() && now() - heard > SILENCE {
            lead(self);
        }
    }

    fn say(&self, word: &Word) {
        if let (Some(channel), Ok(text)) = (&self.channel, serde_json::to_string(word)) {
            let _ = channel.post_message(&text.into());
        }
    }

    /// Tells a new tab what happened since its page was made.
    fn bring_up(&self, after: Seq) {
        let recent = self.recent.borrow();
        let from = if recent.len() < KEPT { self.since } else { recent.front().map_or(self.since, |(seq, _)| seq - 1) };
        if after < from {
            self.say(&Word::Refetch(self.live.seen.get_untracked()));
        } else {
            for (_, fact) in recent.iter().filter(|(seq, _)| *seq > after) {
                self.say(&Word::Fact(fact.clone()));
            }
        }
        self.say(&Word::Link(self.live.link.get_untracked()));
    }

    /// From the server: for this tab and all others.
    pub(super) fn pass_on(&self, word: Word) {
        self.say(&word);
        self.take(word);
    }

    pub(super) fn seen(&self) -> Seq {
        self.live.seen.get_untracked()
    }

    pub(super) fn heard(&self) -> Millis {
        self.live.heard.get_untracked().unwrap_or_default()
    }

    /// How the connection stands after a failure.
    pub(super) fn broken(&self) -> LinkState {
        let since = self.heard();
        if now() - since > STALE { LinkState::Stale { since } } else { LinkState::Reconnecting }
    }

    /// Everything may have changed: rights as well, so all pages look anew, though not all at the same moment.
    pub(super) fn look_again(&self) {
        self.say(&Word::Refetch(self.seen()));
        self.live.followers.tell(&News::Again);
    }

    fn take(&self, word: Word) {
        let live = self.live;
        if !matches!(word, Word::Link(_)) {
            live.heard.set(Some(now()));
            self.show(LinkState::Live);
        }
        match word {
            Word::Fact(text) => self.take_fact(text),
            Word::Look(text) => live.followers.tell(&News::Look(text.into())),
            Word::Beat(seq) => live.seen.update(|seen| *seen = seq.max(*seen)),
            Word::Refetch(seq) => {
                live.seen.set(seq);
                live.followers.tell(&News::Again);
            }
            Word::Link(state) => self.show(state),
            Word::Join(_) => {}
        }
    }

    fn show(&self, state: LinkState) {
        if self.live.link.get_untracked() != state {
            self.live.link.set(state);
        }
    }

    fn take_fact(&self, text: String) {
        let Ok(heard) = serde_json::from_str::<Heard>(&text) else {
            self.live.followers.tell(&News::Again);
            return;
        };
        let seq = heard.seq;
        if seq <= self.seen() {
            return;
        }
        let mut recent = self.recent.borrow_mut();
        recent.push_back((seq, text));
        if recent.len() > KEPT {
            recent.pop_front();
        }
        drop(recent);
        self.live.followers.tell(&News::Fact(Arc::new(heard)));
        self.live.seen.set(seq);
    }
}
