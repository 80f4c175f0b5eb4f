//! Many writers at once: every number once, in order, and never an event before its predecessor.

use crate::{contract, place::Place};
use control::audit::audit;
use std::time::{Duration, Instant};
use store::contract::{Load, appends_per_second, bare_inserts_per_second, write_together};

contract! { everywhere:
    writers_share_one_handle
    writers_use_handles_of_their_own
}

contract! { long:
    eight_times_ten_thousand
    throughput_of_one_writer
}

fn load(seed: u64) -> Load {
    Load { writers: 8, each: 40, seed, longest_pause: Duration::from_millis(1) }
}

async fn writers_share_one_handle(place: &Place) {
    let journal = place.open().await;
    let tally = write_together(std::slice::from_ref(&journal), load(1)).await.unwrap();
    assert!(tally.is_sound(load(1)), "{tally:?}");
    let found = audit(journal.as_ref(), None, |_, _| {}).await.unwrap();
    assert_eq!((found.events, found.fault), (320, None));
}

async fn writers_use_handles_of_their_own(place: &Place) {
    let mut handles = Vec::new();
    for _ in 0..4 {
        handles.push(place.open().await);
    }
    let tally = write_together(&handles, load(2)).await.unwrap();
    assert!(tally.is_sound(load(2)), "{tally:?}");
    let found = audit(handles[1].as_ref(), None, |_, _| {}).await.unwrap();
    assert_eq!((found.events, found.fault), (320, None));
}

async fn eight_times_ten_thousand(place: &Place) {
    let handles = [place.open().await, place.open().await];
    let load = Load { writers: 8, each: 10_000, seed: 4, longest_pause: Duration::from_millis(1) };
    let started = Instant::now();
    let tally = write_together(&handles, load).await.unwrap();
    assert!(tally.is_sound(load), "{tally:?}");
    let (written, started) = (started.elapsed(), Instant::now());
    let found = audit(handles[0].as_ref(), None, |_, _| {}).await.unwrap();
    assert_eq!((found.events, found.fault), (80_000, None));
    println!("{:?}: {tally:?}, written in {written:.1?}, audited in {:.1?}", place.location(), started.elapsed());
}

async fn throughput_of_one_writer(place: &Place) {
    let journal = place.open().await;
    for _ in 0..2 {
        let bare = bare_inserts_per_second(&place.location(), 2_000).await.unwrap();
        let ours = appends_per_second(journal.as_ref(), 2_000).await.unwrap();
        println!("{:?}: {ours:.0} appends/s, bare {bare:.0} inserts/s: {:.2}", place.location(), ours / bare);
    }
}
