//! A sound record is said to be sound, and compared with a checkpoint.

use crate::{contract, place::Place};
use control::{
    audit::audit,
    journal::{Head, Journal},
};
use domain::digest::sha256_hex;
use std::sync::Arc;
use store::contract::{append, product_stream};

contract! { everywhere:
    a_sound_record_is_sound
    a_checkpoint_of_another_record_is_found
}
pub const EVENTS: u64 = 24;

pub async fn filled(place: &Place) -> Arc<dyn Journal> {
    let journal = place.open().await;
    for version in 0..EVENTS / 4 {
        append(journal.as_ref(), &product_stream("shop"), version * 2, 2).await.unwrap();
        append(journal.as_ref(), &product_stream("desk"), version * 2, 2).await.unwrap();
    }
    journal
}

async fn a_sound_record_is_sound(place: &Place) {
    let journal = filled(place).await;
    let checkpoint = journal.read(0, 10).await.unwrap().pop().map(|row| Head { seq: row.seq, hash: row.hash });
    let mut told = Vec::new();
    let found = audit(journal.as_ref(), checkpoint, |done, of| told.push((done, of))).await.unwrap();
    assert_eq!((found.events, found.fault), (EVENTS, None));
    assert_eq!(found.head, journal.head().await.unwrap());
    assert_eq!(told.last(), Some(&(EVENTS, EVENTS)));
    let found = audit(place.another().await.open().await.as_ref(), None, |_, _| {}).await.unwrap();
    assert_eq!((found.events, found.fault), (0, None));
}

async fn a_checkpoint_of_another_record_is_found(place: &Place) {
    let journal = filled(place).await;
    for (seq, at) in [(7, 7), (EVENTS, EVENTS), (EVENTS + 1, EVENTS + 1)] {
        let trusted = Some(Head { seq, hash: sha256_hex(b"another") });
        assert_eq!(audit(journal.as_ref(), trusted, |_, _| {}).await.unwrap().fault.unwrap().seq, at);
    }
}
