//! Past deliveries: staged part by part, kept with an event, dropped with another, swept when nobody finishes them.

use crate::{contract, place::Place, private::order};
use chrono::TimeDelta;
use control::{
    journal::Journal,
    vault::{ImportPart, PrivateWrite, StagedImport, not_staged},
};
use domain::dora::import::ImportId;
use store::contract::instant;
use uuid::Uuid;

contract! { everywhere:
    what_is_staged_counts_only_once_it_is_kept
    an_import_is_kept_whole_or_not_at_all
    a_dropped_import_leaves_nothing
    what_nobody_finished_is_swept
    parts_come_in_order_page_by_page
    many_parts_are_written_at_once
}

pub fn import(n: u128) -> ImportId {
    ImportId(Uuid::from_u128(n))
}

pub fn part(n: u128, part: u32, product: &str) -> ImportPart {
    let body = format!("{n} {part} {product} – “é”").into_bytes();
    ImportPart { import: import(n), part, product: product.parse().unwrap(), body }
}

pub async fn stage(journal: &dyn Journal, n: u128, products: &[&str]) {
    journal.stage_import(import(n), instant(), b"a note").await.unwrap();
    let parts: Vec<_> = (0..).zip(products).map(|(at, product)| part(n, at, product)).collect();
    journal.stage_parts(&parts).await.unwrap();
}

pub fn keep(n: u128, parts: u32) -> PrivateWrite {
    PrivateWrite::KeepImport { import: import(n), parts }
}

async fn of(journal: &dyn Journal, n: u128, product: &str) -> Vec<ImportPart> {
    journal.imported(import(n), &product.parse().unwrap(), 0, 100).await.unwrap()
}

async fn what_is_staged_counts_only_once_it_is_kept(place: &Place) {
    let journal = place.open().await;
    assert_eq!(journal.staged_import(import(1)).await.unwrap(), None);
    stage(journal.as_ref(), 1, &["shop", "till", "shop"]).await;
    journal.stage_import(import(1), instant() + TimeDelta::hours(1), b"a better note").await.unwrap();
    let staged = StagedImport { import: import(1), at: instant(), kept: false, note: b"a better note".to_vec() };
    assert_eq!(journal.staged_import(import(1)).await.unwrap(), Some(staged.clone()));
    assert_eq!(of(journal.as_ref(), 1, "shop").await, []);
    order(journal.as_ref(), keep(1, 3)).await.unwrap();
    let other = place.open().await;
    assert_eq!(of(other.as_ref(), 1, "shop").await, [part(1, 0, "shop"), part(1, 2, "shop")]);
    assert_eq!(of(other.as_ref(), 1, "till").await, [part(1, 1, "till")]);
    assert_eq!(of(other.as_ref(), 2, "shop").await, []);
    assert_eq!(other.staged_import(import(1)).await.unwrap(), Some(StagedImport { kept: true, ..staged }));
}

async fn an_import_is_kept_whole_or_not_at_all(place: &Place) {
    let journal = place.open().await;
    assert_eq!(order(journal.as_ref(), keep(1, 2)).await, Err(not_staged(2, 0)));
    stage(journal.as_ref(), 1, &["shop"]).await;
    assert_eq!(order(journal.as_ref(), keep(1, 2)).await, Err(not_staged(2, 1)));
    // Dropped without a commit, nothing has happened.
    let mut transaction = journal.begin().await.unwrap();
    transaction.check(&keep(1, 1), instant()).await.unwrap().unwrap();
    transaction.write(&keep(1, 1), instant()).await.unwrap();
    drop(transaction);
    assert_eq!(of(place.open().await.as_ref(), 1, "shop").await, []);
    order(journal.as_ref(), keep(1, 1)).await.unwrap();
    assert_eq!(of(journal.as_ref(), 1, "shop").await.len(), 1);
}

async fn a_dropped_import_leaves_nothing(place: &Place) {
    let journal = place.open().await;
    for n in [1, 2] {
        stage(journal.as_ref(), n, &["shop", "shop"]).await;
        order(journal.as_ref(), keep(n, 2)).await.unwrap();
    }
    order(journal.as_ref(), PrivateWrite::DropImport { import: import(1) }).await.unwrap();
    assert_eq!(of(journal.as_ref(), 1, "shop").await, []);
    assert_eq!(journal.staged_import(import(1)).await.unwrap(), None);
    assert_eq!(of(journal.as_ref(), 2, "shop").await.len(), 2);
}

async fn what_nobody_finished_is_swept(place: &Place) {
    let journal = place.open().await;
    for n in [1, 2] {
        stage(journal.as_ref(), n, &["shop"]).await;
    }
    order(journal.as_ref(), keep(2, 1)).await.unwrap();
    journal.sweep(instant(), instant()).await.unwrap();
    assert!(journal.staged_import(import(1)).await.unwrap().is_some(), "not older than that");
    journal.sweep(instant(), instant() + TimeDelta::milliseconds(1)).await.unwrap();
    assert_eq!(journal.staged_import(import(1)).await.unwrap(), None);
    assert_eq!(order(journal.as_ref(), keep(1, 1)).await, Err(not_staged(1, 0)));
    assert_eq!(of(journal.as_ref(), 2, "shop").await.len(), 1, "what counts stays");
}

async fn parts_come_in_order_page_by_page(place: &Place) {
    let journal = place.open().await;
    stage(journal.as_ref(), 1, &["shop"; 12]).await;
    order(journal.as_ref(), keep(1, 12)).await.unwrap();
    let (mut from, mut seen) = (0, Vec::new());
    loop {
        let page = journal.imported(import(1), &"shop".parse().unwrap(), from, 5).await.unwrap();
        let Some(last) = page.last() else { break };
        from = last.part + 1;
        seen.extend(page.iter().map(|part| part.part));
    }
    assert_eq!(seen, (0..12).collect::<Vec<_>>());
}

async fn many_parts_are_written_at_once(place: &Place) {
    let journal = place.open().await;
    journal.stage_import(import(1), instant(), b"").await.unwrap();
    let parts: Vec<_> = (0..100).map(|n| part(1, n, "shop")).collect();
    journal.stage_parts(&parts).await.unwrap();
    // Once more, as after a break: nothing doubles.
    journal.stage_parts(&parts[90..]).await.unwrap();
    order(journal.as_ref(), keep(1, 100)).await.unwrap();
    assert_eq!(of(journal.as_ref(), 1, "shop").await, parts);
}
