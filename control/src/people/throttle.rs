//! Slows down guessing: per account and per address, forgotten with time and with success.

use domain::{Class, Refusal, Timestamp};
use std::{collections::HashMap, sync::Mutex};

/// Free tries before waiting begins.
const FREE: u32 = 5;
/// The longest wait.
const MOST_SECONDS: i64 = 900;
/// More keys than this are not remembered at once; the oldest go first.
const MOST_KEYS: usize = 10_000;

#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<HashMap<String, Tries>>);

#[derive(Debug, Clone, Copy)]
struct Tries {
    failed: u32,
    last: Timestamp,
}

impl Tries {
    /// After five failures 2, 4, 8 … seconds, at most a quarter of an hour.
    fn wait_until(self) -> Timestamp {
        let over = self.failed.saturating_sub(FREE);
        let seconds = if over == 0 { 0 } else { (1_i64 << over.min(10)).min(MOST_SECONDS) };
        self.last + chrono::Duration::seconds(seconds)
    }
}

impl Throttle {
    /// Refused while any of the keys has to wait.
    pub fn admit(&self, keys: &[String], now: Timestamp) -> Result<(), Refusal> {
        let tries = self.lock();
        let until = keys.iter().filter_map(|key| tries.get(key)).map(|t| t.wait_until()).max();
        match until.filter(|until| *until > now) {
            None => Ok(()),
            Some(until) => {
                let seconds = (until - now).num_seconds().max(1).unsigned_abs();
                Err(Refusal {
                    retry_after_seconds: Some(seconds),
                    who_can_help: Some("An administrator, with a new link,".to_owned()),
                    ..Refusal::new(
                        Class::Throttled,
                        format!("Too many failed tries; wait {seconds} seconds, then try again."),
                    )
                })
            }
        }
    }

    pub fn failed(&self, keys: &[String], now: Timestamp) {
        let mut tries = self.lock();
        if tries.len() >= MOST_KEYS {
            let old = now - chrono::Duration::seconds(MOST_SECONDS);
            tries.retain(|_, t| t.last > old);
        }
        for key in keys {
            let known = tries.entry(key.clone()).or_insert(Tries { failed: 0, last: now });
            // After a quiet quarter of an hour counting begins anew.
            let quiet = now - known.last > chrono::Duration::seconds(MOST_SECONDS);
            known.failed = if quiet { 1 } else { known.failed.saturating_add(1) };
            known.last = now;
        }
    }

    pub fn succeeded(&self, key: &str) {
        self.lock().remove(key);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Tries>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
