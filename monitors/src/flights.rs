//! One question at a time: who asks the same while it is under way, or shortly after, gets the same answer.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{sync::OnceCell, time::Instant};

/// So long an answer is given again.
pub const KEPT: Duration = Duration::from_secs(10);
/// No more answers are kept.
const MOST: usize = 256;

/// What is asked, of whom and as whom.
pub type Key = [u8; 32];

type Cell<T> = Arc<OnceCell<Arc<T>>>;

/// Answers under way and just given.
#[derive(Debug)]
pub struct Flights<T>(Mutex<HashMap<Key, (Instant, Cell<T>)>>);

impl<T> Default for Flights<T> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<T> Flights<T> {
    /// The answer that is at hand, or the one that `ask` brings for all who wait. When the one who asked gives up, the
    /// next asks.
    pub async fn share<F: Future<Output = T>>(&self, key: Key, ask: impl FnOnce() -> F) -> Arc<T> {
        let cell = self.cell(key);
        Arc::clone(cell.get_or_init(|| async { Arc::new(ask().await) }).await)
    }

    fn cell(&self, key: Key) -> Cell<T> {
        let now = Instant::now();
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        flights.retain(|_, (since, _)| now.duration_since(*since) < KEPT);
        if flights.len() >= MOST && !flights.contains_key(&key) {
            let oldest = flights.iter().min_by_key(|(_, (since, _))| *since).map(|(key, _)| *key);
            oldest.map(|key| flights.remove(&key));
        }
        Arc::clone(&flights.entry(key).or_insert_with(|| (now, Cell::default())).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test(start_paused = true)]
    async fn many_ask_once_and_again_when_it_is_old() {
        let (flights, asked) = (Flights::default(), AtomicU32::new(0));
        let ask = || async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            asked.fetch_add(1, Ordering::Relaxed)
        };
        let all = futures::future::join_all((0..20).map(|_| flights.share([1; 32], ask))).await;
        assert!(all.iter().all(|answer| **answer == 0));
        assert_eq!(*flights.share([2; 32], ask).await, 1, "another question");
        tokio::time::advance(KEPT).await;
        assert_eq!(*flights.share([1; 32], ask).await, 2, "the answer was old");
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_leaves_the_question_to_the_next() {
        let flights = Flights::default();
        let never = flights.share([1; 32], std::future::pending::<u32>);
        assert!(tokio::time::timeout(Duration::from_secs(1), never).await.is_err());
        assert_eq!(*flights.share([1; 32], || async { 7 }).await, 7);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_kept_is_bounded() {
        let flights = Flights::default();
        for n in 0..1_000_u16 {
            let mut key = [0; 32];
            key[..2].copy_from_slice(&n.to_be_bytes());
            flights.share(key, || async { n }).await;
        }
        assert_eq!(flights.0.lock().expect("no panic").len(), MOST);
    }
}
