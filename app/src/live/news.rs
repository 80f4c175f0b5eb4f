//! News for pages, and how they listen to it.

use super::{Millis, live};
use domain::journal::Envelope;
use leptos::prelude::*;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

/// What reached this browser.
#[derive(Debug, Clone)]
pub enum News {
    Fact(Arc<Envelope>),
    /// Too much was missed, or something is not understood: look at everything anew.
    Again,
}

impl News {
    pub fn fact(&self) -> Option<&Envelope> {
        match self {
            Self::Fact(envelope) => Some(envelope),
            Self::Again => None,
        }
    }
}

type Listener = Arc<dyn Fn(&News) + Send + Sync>;

/// Everybody who listens now.
#[derive(Debug, Clone, Copy)]
pub struct Followers(StoredValue<(u64, Vec<(u64, Listener)>)>);

impl Default for Followers {
    fn default() -> Self {
        Self(StoredValue::new((0, Vec::new())))
    }
}

impl Followers {
    /// The number by which to leave again.
    fn join(self, listener: Listener) -> u64 {
        self.0.try_update_value(|(last, all)| {
            *last += 1;
            all.push((*last, listener));
            *last
        })
        .unwrap_or_default()
    }

    fn leave(self, id: u64) {
        self.0.try_update_value(|(_, all)| all.retain(|(other, _)| *other != id));
    }

    /// Tells everybody; a listener may join or leave while it is told.
    #[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "news reach browsers only"))]
    pub(super) fn tell(self, news: &News) {
        let all = self.0.try_with_value(|(_, all)| all.clone()).unwrap_or_default();
        for (_, listener) in all {
            listener(news);
        }
    }
}

/// Calls `listener` with all news while the component that asks is on the page.
pub fn follow(listener: impl Fn(&News) + Send + Sync + 'static) {
    // Nothing happens on the server while a page is rendered.
    if cfg!(target_arch = "wasm32") {
        let followers = live().followers;
        let id = followers.join(Arc::new(listener));
        on_cleanup(move || followers.leave(id));
    }
}

/// Calls `again` a moment after news that `concern` this part of the page: at once for a single one, seldom in a flood.
pub fn follow_gently(concern: impl Fn(&News) -> bool + Send + Sync + 'static, again: impl Fn() + Send + Sync + 'static) {
    let pace = Arc::new(Pace { waiting: AtomicBool::new(false), last: AtomicI64::new(0), gone: AtomicBool::new(false) });
    let again = Arc::new(again);
    let now = live().now;
    let ends = pace.clone();
    on_cleanup(move || ends.gone.store(true, Ordering::Relaxed));
    follow(move |news| {
        if !concern(news) || pace.waiting.swap(true, Ordering::Relaxed) {
            return;
        }
        let wait = pace.next(now.try_get_untracked().flatten().unwrap_or_default());
        let (pace, again) = (pace.clone(), again.clone());
        set_timeout(
            move || {
                pace.waiting.store(false, Ordering::Relaxed);
                if !pace.gone.load(Ordering::Relaxed) {
                    again();
                }
            },
            wait,
        );
    });
}

/// How soon to read anew.
struct Pace {
    waiting: AtomicBool,
    last: AtomicI64,
    gone: AtomicBool,
}

impl Pace {
    const SOON: i64 = 300;
    const SELDOM: i64 = 2_000;

    fn next(&self, now: Millis) -> Duration {
        let wait = (self.last.load(Ordering::Relaxed) + Self::SELDOM - now).clamp(Self::SOON, Self::SELDOM);
        self.last.store(now + wait, Ordering::Relaxed);
        Duration::from_millis(wait.unsigned_abs())
    }
}
