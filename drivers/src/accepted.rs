//! What services accepted lately, by the keys of the tasks: until it is in a service's own list, nothing else knows of it.
//!
//! A driver is made anew for each step, so this is kept where drivers are made.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};
use tokio::time::Instant;
use uuid::Uuid;

/// So many are remembered.
const MOST: usize = 1024;

/// Shared by all drivers that need it: no two tasks have the same key.
#[derive(Debug, Default)]
pub struct Accepted(Mutex<VecDeque<(Uuid, Instant)>>);

impl Accepted {
    pub(crate) fn remember(&self, key: Uuid) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push_back((key, Instant::now()));
        if all.len() > MOST {
            all.pop_front();
        }
    }

    /// When the task with this key was accepted.
    pub(crate) fn at(&self, key: Uuid) -> Option<Instant> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().rev().find(|(other, _)| *other == key).map(|(_, at)| *at)
    }
}
