//! The book of deliveries, kept in step with the record: laid out aside, swapped in when it is ready.

use super::record;
use crate::{Announcement, Control, World, journal::JournalError, vault::ImportPart};
use domain::{
    Class, Refusal,
    dora::{Book, History},
    environment,
    journal::{Fact, Seq, Stream},
    rollout,
    slug::ProductSlug,
};
use std::{
    collections::BTreeSet,
    sync::{Arc, RwLock},
    time::Duration,
};
use tokio::sync::{Semaphore, broadcast, watch};
use tokio_util::sync::CancellationToken;

/// How long a reader waits for the first book after a start, and an import for the figures that show it.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long a reader waits for what was recorded just now.
const MOMENT: Duration = Duration::from_millis(200);
/// Until what could not be read is tried again.
const AGAIN: Duration = Duration::from_secs(5);
/// So many parts of an import are read at once.
const PARTS: u32 = 16;

#[derive(Debug)]
pub(crate) struct Keeping {
    book: RwLock<Arc<Book>>,
    /// Up to where in the record the book goes; none before the first.
    upto: watch::Sender<Option<Seq>>,
    /// Reading a large file takes memory: one at a time.
    pub one_at_a_time: Semaphore,
}

impl Default for Keeping {
    fn default() -> Self {
        Self { book: RwLock::default(), upto: watch::Sender::new(None), one_at_a_time: Semaphore::new(1) }
    }
}

impl Control {
    /// The figures of all deliveries, as far as they are laid out: a value that does not change while it is read. What
    /// was recorded a moment ago is in it, unless laying it out takes longer than a reader should wait.
    pub async fn deliveries(&self) -> Result<Arc<Book>, Refusal> {
        let book = self.deliveries_upto(0).await?;
        let newest = tokio::time::timeout(MOMENT, self.deliveries_upto(self.seq())).await;
        Ok(newest.ok().and_then(Result::ok).unwrap_or(book))
    }

    /// The same with everything in it that was recorded up to `seq`.
    pub async fn deliveries_upto(&self, seq: Seq) -> Result<Arc<Book>, Refusal> {
        let mut upto = self.keeping().upto.subscribe();
        let ready = upto.wait_for(|upto| upto.is_some_and(|upto| upto >= seq));
        if !matches!(tokio::time::timeout(PATIENCE, ready).await, Ok(Ok(_))) {
            let why = "The figures are still being laid out from the record; try again in a moment.";
            return Err(Refusal { retry_after_seconds: Some(10), ..Refusal::new(Class::Unavailable, why) });
        }
        Ok(self.keeping().book.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone())
    }

    /// Follows the record until told to stop. `news` was listened to before anything was read.
    pub(crate) async fn keep_deliveries(self, mut news: broadcast::Receiver<Announcement>, stop: CancellationToken) {
        let everything = |world: &World| world.products().map(|product| product.slug.clone()).collect::<BTreeSet<_>>();
        let first = self.world();
        let mut due = everything(&first);
        // The world may be ahead of what was heard; only what was heard is sure to be in the book.
        let mut upto = first.seq;
        loop {
            let world = self.world();
            let mut failed = BTreeSet::new();
            if !due.is_empty() {
                failed = tokio::select! {
                    failed = self.lay_out(&world, std::mem::take(&mut due)) => failed,
                    () = stop.cancelled() => return,
                };
            }
            if failed.is_empty() {
                self.keeping().upto.send_replace(Some(upto));
            }
            let heard = tokio::select! {
                heard = news.recv() => Some(heard),
                () = tokio::time::sleep(AGAIN), if !failed.is_empty() => None,
                () = stop.cancelled() => return,
            };
            due = failed;
            let mut next = heard;
            while let Some(heard) = next.take() {
                match heard {
                    Ok(envelope) => {
                        due.extend(touched(&self.world(), &envelope));
                        upto = upto.max(envelope.seq);
                    }
                    Err(broadcast::error::RecvError::Lagged(_)) => due.extend(everything(&self.world())),
                    Err(broadcast::error::RecvError::Closed) => return,
                }
                next = match news.try_recv() {
                    Ok(envelope) => Some(Ok(envelope)),
                    Err(broadcast::error::TryRecvError::Lagged(n)) => Some(Err(broadcast::error::RecvError::Lagged(n))),
                    Err(_) => None,
                };
            }
        }
    }

    /// Lays products out anew and swaps the book; those that could not be read are returned.
    async fn lay_out(&self, world: &World, due: BTreeSet<ProductSlug>) -> BTreeSet<ProductSlug> {
        let mut book = Book::clone(&self.keeping().book.read().unwrap_or_else(std::sync::PoisonError::into_inner));
        let mut failed = BTreeSet::new();
        for product in due {
            let parts = match self.imported(world, &product).await {
                Ok(parts) => parts,
                Err(error) => {
                    tracing::warn!(%error, %product, "imported deliveries could not be read; trying again");
                    failed.insert(product);
                    continue;
                }
            };
            let (world, before) = (world.clone(), book.clone());
            let laid_out = tokio::task::spawn_blocking(move || {
                let mut book = before;
                book.set(&product, &all(&world, &product, parts));
                book
            });
            match laid_out.await {
                Ok(after) => book = after,
                Err(error) => tracing::error!(%error, "deliveries could not be laid out"),
            }
        }
        let gathered = tokio::task::spawn_blocking(move || {
            book.gather();
            book
        });
        if let Ok(book) = gathered.await {
            *self.keeping().book.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(book);
        }
        failed
    }

    /// Every part about a product of every import that counts, the oldest import first.
    async fn imported(&self, world: &World, product: &ProductSlug) -> Result<Vec<ImportPart>, JournalError> {
        let mut parts = Vec::new();
        let counting = world.imports().filter(|past| past.counts() && past.summary.products.contains_key(product));
        for past in counting {
            let mut from = 0;
            loop {
                let page = self.journal().imported(past.id, product, from, PARTS).await?;
                let Some(last) = page.last() else { break };
                from = last.part + 1;
                parts.extend(page);
            }
        }
        Ok(parts)
    }
}

/// Imports first, so that the record corrects them where both know an id.
fn all(world: &World, product: &ProductSlug, parts: Vec<ImportPart>) -> History {
    let mut history = History::default();
    for part in parts {
        match serde_json::from_slice::<History>(&part.body) {
            Ok(mut facts) => {
                history.changes.append(&mut facts.changes);
                history.deployments.append(&mut facts.deployments);
                history.incidents.append(&mut facts.incidents);
            }
            Err(error) => tracing::error!(%error, import = %part.import, part = part.part, "a part cannot be read"),
        }
    }
    let mut own = record::history(world, product);
    history.changes.append(&mut own.changes);
    history.deployments.append(&mut own.deployments);
    history.incidents.append(&mut own.incidents);
    history
}

/// The products of which figures may differ after an event.
fn touched(world: &World, envelope: &Announcement) -> Vec<ProductSlug> {
    match (&envelope.stream, &envelope.fact) {
        (
            Stream::Environment(id),
            Fact::Rollout(rollout::Event::Ended { .. }) | Fact::Environment(environment::Event::Deployed { .. }),
        ) => vec![id.product.clone()],
        (Stream::Release(id), Fact::Release(_)) => {
            let mut places = world.environments().filter(|place| place.id.product == id.product);
            let ran = places.any(|place| place.runs_of(&id.version).next().is_some());
            if ran { vec![id.product.clone()] } else { Vec::new() }
        }
        (Stream::Import(id), Fact::Import(_)) => {
            world.import(*id).map(|past| past.summary.products.keys().cloned().collect()).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}
