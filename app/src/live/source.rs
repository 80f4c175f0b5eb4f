//! The connection to the server: catches up by sequence, comes back after a failure, first soon and then ever later.

use super::{
    LinkState,
    hub::{Hub, SILENCE, Word},
};
use crate::browser::now;
use domain::journal::Seq;
use gloo_net::http::Request;
use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// The longest wait between two tries, in milliseconds.
const LONGEST: f64 = 10_000.0;

/// What the browser calls for one kind of event.
type Ear = Closure<dyn Fn(MessageEvent)>;

struct Source {
    hub: Rc<Hub>,
    open: RefCell<Option<EventSource>>,
    failures: Cell<u32>,
    /// A try is planned already.
    planned: Cell<bool>,
    /// It has been open before: what comes back may have changed its mind about rights.
    again: Cell<bool>,
    heard: RefCell<Vec<Ear>>,
    failed: RefCell<Option<Closure<dyn Fn()>>>,
}

#[derive(Deserialize)]
struct Place {
    seq: Seq,
}

pub(super) fn open(hub: Rc<Hub>) {
    let source = Rc::new(Source {
        hub,
        open: RefCell::default(),
        failures: Cell::new(0),
        planned: Cell::new(false),
        again: Cell::new(false),
        heard: RefCell::default(),
        failed: RefCell::default(),
    });
    source.prepare();
    source.connect();
    let watched = source.clone();
    set_interval(move || watched.watch(), Duration::from_secs(5));
    let online = source.clone();
    window_event_listener_untyped("online", move |_| online.connect());
}

const EVENTS: [&str; 5] = ["hello", "fact", "refetch", "look", "beat"];

impl Source {
    /// The same ears for every connection.
    fn prepare(self: &Rc<Self>) {
        let ear = |name: &'static str| {
            let source = self.clone();
            Ear::new(move |event: MessageEvent| {
                if let Some(data) = event.data().as_string() {
                    source.hear(name, data);
                }
            })
        };
        *self.heard.borrow_mut() = EVENTS.map(ear).into();
        let source = self.clone();
        *self.failed.borrow_mut() = Some(Closure::new(move || source.fail()));
    }

    fn connect(self: &Rc<Self>) {
        self.close();
        let Ok(open) = EventSource::new(&format!("/events?after={}", self.hub.seen())) else { return };
        for (name, ear) in EVENTS.iter().zip(self.heard.borrow().iter()) {
            let _ = open.add_event_listener_with_callback(name, ear.as_ref().unchecked_ref());
        }
        if let Some(failed) = self.failed.borrow().as_ref() {
            open.set_onerror(Some(failed.as_ref().unchecked_ref()));
        }
        *self.open.borrow_mut() = Some(open);
    }

    fn close(&self) {
        if let Some(open) = self.open.borrow_mut().take() {
            open.set_onerror(None);
            open.close();
        }
    }

    fn hear(&self, name: &str, data: String) {
        let place = || serde_json::from_str::<Place>(&data).map_or(0, |place| place.seq);
        match name {
            "hello" => {
                self.failures.set(0);
                self.hub.pass_on(Word::Link(LinkState::Live));
                // What was missed follows; until then the record is known as far as before.
                self.hub.pass_on(Word::Beat(self.hub.seen()));
                if self.again.replace(true) {
                    self.hub.look_again();
                }
            }
            "fact" => self.hub.pass_on(Word::Fact(data)),
            "look" => self.hub.pass_on(Word::Look(data)),
            "refetch" => self.hub.pass_on(Word::Refetch(place())),
            _ => self.hub.pass_on(Word::Beat(place())),
        }
    }

    fn fail(self: &Rc<Self>) {
        self.close();
        if self.planned.replace(true) {
            return;
        }
        self.hub.pass_on(Word::Link(self.hub.broken()));
        let failures = self.failures.get();
        self.failures.set(failures + 1);
        // Everybody lost the server at the same moment; they do not come back at the same moment.
        let wait = (500.0 * 2f64.powi(failures.min(8).cast_signed())).min(LONGEST) * (0.5 + js_sys::Math::random());
        let source = self.clone();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 250 and 15 000")]
        let wait = Duration::from_millis(wait as u64);
        set_timeout(move || spawn_local(source.come_back()), wait);
    }

    async fn come_back(self: Rc<Self>) {
        self.planned.set(false);
        // The stream does not tell why it is refused.
        match Request::get("/api/v1/me").send().await {
            Ok(answer) if answer.status() == 401 => self.hub.pass_on(Word::Link(LinkState::SignedOut)),
            Ok(_) => self.connect(),
            Err(_) => self.fail(),
        }
    }

    /// A connection that says nothing is none; one that has been missing for long makes the page stale.
    fn watch(self: &Rc<Self>) {
        if self.open.borrow().is_none() {
            if self.planned.get() {
                self.hub.pass_on(Word::Link(self.hub.broken()));
            }
        } else if now() - self.hub.heard() > SILENCE {
            self.fail();
        }
    }
}
