//! Whatever is done to a stored event behind the program's back is found.

use crate::{
    audit::{EVENTS, filled},
    contract,
    place::{Meddler, Place},
};
use control::audit::audit;
use domain::{
    digest::sha256_hex,
    journal::{Link, link_hash},
};
use store::contract::Dice;

contract! { databases:
    two_hundred_of_two_hundred_changes_are_found
    a_record_rewritten_as_a_whole_is_found_by_its_checkpoint
}

const TEXTS: [&str; 8] = ["stream", "at", "actor", "kind", "body", "body_hash", "prev_hash", "hash"];

/// One change, in SQL that both databases understand, and its description.
fn change(dice: &mut Dice, trial: u64) -> (String, bool) {
    let one = 1 + dice.roll(EVENTS);
    // At an odd distance: those say something else, all the others might say the same.
    let other = 1 + (one + 2 * dice.roll(EVENTS / 2)) % EVENTS;
    let column = TEXTS[usize::try_from(dice.roll(8)).unwrap()];
    match trial % 5 {
        // One character more, one fewer, or another text altogether.
        0 => (
            match dice.roll(3) {
                0 => format!("UPDATE events SET {column} = {column} || ' ' WHERE seq = {one}"),
                1 => format!("UPDATE events SET {column} = SUBSTR({column}, 2) WHERE seq = {one}"),
                _ => format!("UPDATE events SET {column} = '{}' WHERE seq = {one}", sha256_hex(&one.to_be_bytes())),
            },
            false,
        ),
        1 => match dice.roll(3) {
            0 => (format!("UPDATE events SET seq = seq + 1000 WHERE seq = {one}"), false),
            1 => (format!("UPDATE events SET version = version + 1000 WHERE seq = {one}"), false),
            _ => (format!("UPDATE events SET body = NULL WHERE seq = {one}"), false),
        },
        2 => (format!("DELETE FROM events WHERE seq = {one}"), false),
        // Two events change places; or only what they say does.
        3 if dice.roll(2) == 0 => (
            format!(
                "UPDATE events SET seq = 1001 WHERE seq = {one}; UPDATE events SET seq = {one} WHERE seq = {other}; \
                 UPDATE events SET seq = {other} WHERE seq = 1001"
            ),
            false,
        ),
        3 => (
            format!(
                "UPDATE events SET body = 'a' WHERE seq = {one}; \
                 UPDATE events SET body = (SELECT body FROM kept WHERE seq = {one}) WHERE seq = {other}; \
                 UPDATE events SET body = (SELECT body FROM kept WHERE seq = {other}) WHERE seq = {one}"
            ),
            false,
        ),
        // The end is cut off; sometimes so that the record itself looks whole, which only a checkpoint can tell.
        _ => {
            let cut = format!("DELETE FROM events WHERE seq >= {one};");
            let forged = format!(
                "{cut} UPDATE head SET seq = {0}, hash = COALESCE((SELECT hash FROM events WHERE seq = {0}), '')",
                one - 1
            );
            if dice.roll(2) == 0 { (cut, false) } else { (forged, true) }
        }
    }
}

async fn two_hundred_of_two_hundred_changes_are_found(place: &Place) {
    let journal = filled(place).await;
    let checkpoint = journal.head().await.unwrap();
    let mut meddler = place.meddler().await;
    meddler.run("CREATE TABLE kept AS SELECT * FROM events").await;
    let (mut dice, mut found) = (Dice::new(20_260_301), 0);
    for trial in 0..200 {
        let (sql, needs_checkpoint) = change(&mut dice, trial);
        meddler.run(&format!("BEGIN; {sql}; COMMIT")).await;
        let trusted = needs_checkpoint.then(|| checkpoint.clone());
        let outcome = audit(journal.as_ref(), trusted, |_, _| {}).await.unwrap();
        assert!(outcome.fault.is_some(), "trial {trial} was not found: {sql}");
        found += 1;
        let back = format!(
            "BEGIN; DELETE FROM events; INSERT INTO events SELECT * FROM kept; \
             UPDATE head SET seq = {}, hash = '{}'; COMMIT",
            checkpoint.seq, checkpoint.hash
        );
        meddler.run(&back).await;
    }
    let kind = if matches!(meddler, Meddler::Sqlite(_)) { "SQLite" } else { "PostgreSQL" };
    println!("{kind}: {found} of 200 changes found");
    assert_eq!(audit(journal.as_ref(), Some(checkpoint), |_, _| {}).await.unwrap().fault, None);
}

async fn a_record_rewritten_as_a_whole_is_found_by_its_checkpoint(place: &Place) {
    let journal = filled(place).await;
    let checkpoint = journal.head().await.unwrap();
    let mut meddler = place.meddler().await;
    let mut prev = String::new();
    for row in journal.read(0, 100).await.unwrap() {
        // Someone who can write everything also makes every hash fit.
        let body = if row.seq == 5 { "{}".to_owned() } else { row.body.clone().unwrap() };
        let body_hash = sha256_hex(body.as_bytes());
        let hash = link_hash(&Link {
            seq: row.seq,
            stream: &row.stream,
            version: row.version,
            at: &row.at,
            actor: &row.actor,
            kind: &row.kind,
            body_hash: &body_hash,
            prev_hash: &prev,
        });
        let body = body.replace('\'', "''");
        meddler
            .run(&format!(
                "UPDATE events SET body = '{body}', body_hash = '{body_hash}', prev_hash = '{prev}', hash = '{hash}' \
                 WHERE seq = {}",
                row.seq
            ))
            .await;
        prev = hash;
    }
    meddler.run(&format!("UPDATE head SET hash = '{prev}'")).await;
    assert_eq!(audit(journal.as_ref(), None, |_, _| {}).await.unwrap().fault, None);
    let fault = audit(journal.as_ref(), Some(checkpoint), |_, _| {}).await.unwrap().fault.unwrap();
    assert!(fault.seq == EVENTS && fault.why.contains("checkpoint"), "{fault}");
}
