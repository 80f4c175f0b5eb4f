//! News for pages, and how they listen to it.

use super::{Millis, live};
use domain::{Timestamp, access::Actor, journal::Seq, release};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

/// A fact as the server announces it. Its body is looked into only by those whom it concerns.
#[derive(Debug, Clone, Deserialize)]
pub struct Heard {
    pub seq: Seq,
    /// The text of a [`domain::journal::Stream`], which may be of a kind that this page does not know.
    pub stream: String,
    pub version: u64,
    pub at: Timestamp,
    pub actor: Actor,
    kind: String,
    body: Value,
}

impl Heard {
    /// `release` in `release.decided`.
    pub fn noun(&self) -> &str {
        self.kind.split('.').next().unwrap_or_default()
    }

    /// None for other facts, and for kinds that this page does not know: it is older than the server.
    pub fn of_release(&self) -> Option<release::Event> {
        let verb = self.kind.strip_prefix("release.")?;
        serde_json::from_value(json!({ "kind": verb, "body": self.body })).ok()
    }
}

/// What reached this browser.
#[derive(Debug, Clone)]
pub enum News {
    Fact(Arc<Heard>),
    /// A rollout was judged once more in the environment that stands in this text.
    Look(Arc<str>),
    /// Too much was missed, or something is not understood: look at everything anew.
    Again,
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
        let joined = self.0.try_update_value(|(last, all)| {
            *last += 1;
            all.push((*last, listener));
            *last
        });
        joined.unwrap_or_default()
    }

    fn leave(self, id: u64) {
        self.0.try_update_value(|(_, all)| all.retain(|(other, _)| *other != id));
    }

    /// Tells everybody; a listener may join or leave while it is told.
    #[cfg(target_arch = "wasm32")]
    pub(super) fn tell(self, news: &News) {
        let all = self.0.try_with_value(|(_, all)| all.clone()).unwrap_or_default();
        for (_, listener) in all {
            listener(news);
        }
    }
}

/// Calls `listener` with all news while whoever asks is there. Nothing happens while the server renders.
pub fn follow(listener: impl Fn(&News) + Send + Sync + 'static) {
    if cfg!(target_arch = "wasm32") {
        let followers = live().followers;
        let id = followers.join(Arc::new(listener));
        on_cleanup(move || followers.leave(id));
    }
}

/// Calls `again` a moment after news about one of `nouns`: soon for a single one, seldom in a flood.
pub fn follow_gently(nouns: impl Into<String>, again: impl Fn() + Send + Sync + 'static) {
    if cfg!(not(target_arch = "wasm32")) {
        return;
    }
    let nouns: String = nouns.into();
    let pace = Arc::new(Pace::default());
    let again = Arc::new(again);
    let now = live().now;
    let ends = pace.clone();
    on_cleanup(move || ends.gone.store(true, Ordering::Relaxed));
    follow(move |news| {
        let concerned = match news {
            News::Fact(heard) => nouns.split(' ').any(|noun| noun == heard.noun()),
            News::Look(_) => false,
            News::Again => true,
        };
        if !concerned || pace.waiting.swap(true, Ordering::Relaxed) {
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
#[derive(Default)]
struct Pace {
    waiting: AtomicBool,
    last: AtomicI64,
    /// How many came close together.
    together: AtomicI64,
    gone: AtomicBool,
}

impl Pace {
    const SOON: Millis = 200;
    const SELDOM: Millis = 2_000;
    /// So many are shown soon before it counts as a flood.
    const FEW: i64 = 3;

    fn next(&self, now: Millis) -> Duration {
        let rest = self.last.load(Ordering::Relaxed) + Self::SELDOM - now;
        let together = if rest > 0 { self.together.fetch_add(1, Ordering::Relaxed) + 1 } else { 0 };
        self.together.store(together, Ordering::Relaxed);
        let wait = if together < Self::FEW { Self::SOON } else { rest.clamp(Self::SOON, Self::SELDOM) };
        self.last.store(now + wait, Ordering::Relaxed);
        Duration::from_millis(wait.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::{Heard, Pace};
    use std::time::Duration;

    #[test]
    fn a_fact_of_a_release_is_read_and_an_unknown_kind_is_none() {
        let fact = |kind: &str, body: &str| -> Heard {
            let text = format!(
                r#"{{"seq":7,"stream":"release/shop/1.0.0","version":2,"at":"2026-01-01T00:00:00Z","actor":"system","kind":"{kind}","body":{body}}}"#
            );
            serde_json::from_str(&text).expect("a fact")
        };
        let cancelled = fact("release.cancelled", r#"{"reason":"no"}"#);
        assert_eq!(cancelled.noun(), "release");
        assert!(cancelled.of_release().is_some());
        assert!(fact("release.sunk", "{}").of_release().is_none());
        assert!(fact("person.corrected", "{}").of_release().is_none());
    }

    #[test]
    fn one_change_shows_soon_and_a_flood_seldom() {
        let pace = Pace::default();
        assert_eq!(pace.next(100_000), Duration::from_millis(200));
        assert_eq!(pace.next(100_200), Duration::from_millis(200));
        assert_eq!(pace.next(100_400), Duration::from_millis(200));
        assert_eq!(pace.next(100_600), Duration::from_secs(2));
        assert_eq!(pace.next(110_000), Duration::from_millis(200));
    }
}
