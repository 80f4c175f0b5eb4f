//! Files of past deliveries: read, checked line by line, staged in parts, taken in with one event, and undone with one.

use crate::{
    Command, Control, Order, Receipt,
    vault::{ImportPart, PrivateWrite},
};
use domain::{
    Class, Refusal,
    access::{Actor, Permission},
    digest::sha256_hex,
    dora::{
        History,
        import::{self, Entry, Fault, Import, ImportId, Summary, Taken, read_csv, read_ndjson},
    },
    person::PersonId,
    slug::ProductSlug,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// So many lines that are wrong are told one by one; the others are counted.
const MOST_FAULTS: usize = 500;
/// So many facts are kept in one part.
const PART: usize = 5_000;
/// So many parts are written at once.
const PARTS: usize = 8;
/// A text that was pasted is kept with what is wrong in it, up to this size, so that nothing typed is lost.
const LONGEST_TEXT: usize = 256 * 1024;

/// How the lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    Ndjson,
    Csv,
}

impl Form {
    /// Objects begin with a brace, a header never does.
    pub fn of(text: &str) -> Self {
        let begins = text.trim_start_matches('\u{feff}').trim_start();
        if begins.starts_with(['{', '[']) { Self::Ndjson } else { Self::Csv }
    }
}

/// A file that was read: what would be taken, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staged {
    pub id: ImportId,
    pub by: Option<PersonId>,
    pub summary: Summary,
    pub parts: u32,
    /// The first of them; the summary counts them all.
    pub faults: Vec<Fault>,
    /// What was pasted, if it was not too long.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// Read, not staged yet.
struct Reading {
    summary: Summary,
    faults: Vec<Fault>,
    histories: BTreeMap<ProductSlug, History>,
}

impl Control {
    /// Refused unless there is a product whose past this actor may bring.
    pub fn may_import(&self, actor: Actor) -> Result<BTreeSet<ProductSlug>, Refusal> {
        let (world, now) = (self.world(), self.now());
        let administers = |slug: &ProductSlug| world.authority(actor, Some(slug), now).may(Permission::Administer);
        let products: BTreeSet<_> = world.products().map(|p| p.slug.clone()).filter(administers).collect();
        if products.is_empty() {
            world.authority(actor, None, now).require(Permission::Administer, "import past deliveries")?;
        }
        Ok(products)
    }

    /// Reads a file without keeping anything.
    pub async fn try_import(&self, actor: Actor, name: String, text: String) -> Result<Staged, Refusal> {
        let _place = self.place_to_read().await?;
        let reading = self.read(actor, name, text).await?;
        Ok(staged(ImportId(self.secrets().fresh_id()), actor, &reading, 0, String::new()))
    }

    /// Reads a file and stages the lines that are sound; nothing counts until [`Control::import_of`] is ordered.
    /// Unless `partial`, a file with a line that is wrong is only told of.
    pub async fn stage_import(
        &self,
        actor: Actor,
        name: String,
        text: String,
        partial: bool,
    ) -> Result<Staged, Refusal> {
        let _place = self.place_to_read().await?;
        let id = ImportId(self.secrets().fresh_id());
        let kept = if text.len() <= LONGEST_TEXT { text.clone() } else { String::new() };
        let reading = self.read(actor, name, text).await?;
        if reading.summary.rejected > 0 && !partial {
            return Ok(staged(id, actor, &reading, 0, kept));
        }
        // First a note, so that parts whose staging breaks off are found and swept away.
        self.note(&staged(id, actor, &reading, 0, String::new())).await?;
        let Reading { summary, faults, histories } = reading;
        let (mut next, mut waiting) = (0, Vec::new());
        for (product, history) in histories {
            for body in cut(history) {
                waiting.push(ImportPart { import: id, part: next, product: product.clone(), body });
                next += 1;
                if waiting.len() >= PARTS {
                    self.journal().stage_parts(&std::mem::take(&mut waiting)).await?;
                }
            }
        }
        self.journal().stage_parts(&waiting).await?;
        let reading = Reading { summary, faults, histories: BTreeMap::new() };
        let text = if reading.summary.rejected > 0 { kept } else { String::new() };
        let staged = staged(id, actor, &reading, next, text);
        self.note(&staged).await?;
        Ok(staged)
    }

    async fn place_to_read(&self) -> Result<tokio::sync::SemaphorePermit<'_>, Refusal> {
        let gone = |_| Refusal::new(Class::Unavailable, "Pilothouse is stopping.");
        self.keeping().one_at_a_time.acquire().await.map_err(gone)
    }

    async fn note(&self, staged: &Staged) -> Result<(), Refusal> {
        let note = serde_json::to_vec(staged).unwrap_or_default();
        Ok(self.journal().stage_import(staged.id, self.now(), &note).await?)
    }

    async fn read(&self, actor: Actor, name: String, text: String) -> Result<Reading, Refusal> {
        let products = self.may_import(actor)?;
        let read = tokio::task::spawn_blocking(move || read(&products, name, &text));
        read.await.map_err(|_| Refusal::new(Class::Unavailable, "The file could not be read."))?
    }

    /// What this person staged, as long as it is kept.
    pub async fn staged_import(&self, actor: Actor, id: ImportId) -> Result<Staged, Refusal> {
        let unknown = || Refusal::not_found("staged import of this id; what is not finished is kept for a day");
        let kept = self.journal().staged_import(id).await?.filter(|staged| !staged.kept).ok_or_else(unknown)?;
        let staged: Staged = serde_json::from_slice(&kept.note).map_err(|_| unknown())?;
        if staged.by == actor.person() { Ok(staged) } else { Err(unknown()) }
    }

    /// The order that makes what was staged count.
    pub fn import_of(&self, actor: Actor, staged: &Staged) -> Order {
        let finish = import::Command::Finish { summary: staged.summary.clone() };
        let keep = PrivateWrite::KeepImport { import: staged.id, parts: staged.parts };
        Order::new(actor, Command::Import(staged.id, finish)).with(keep)
    }

    /// The order that takes an import back.
    pub fn undoing(&self, actor: Actor, import: ImportId, reason: String) -> Order {
        let undo = import::Command::Undo { reason };
        Order::new(actor, Command::Import(import, undo)).with(PrivateWrite::DropImport { import })
    }

    /// Does one of the two, and waits until the figures show it.
    pub async fn shown_in_figures(&self, order: Order) -> Result<Receipt, Refusal> {
        let receipt = self.order(order).await?;
        self.deliveries_upto(receipt.seq).await?;
        Ok(receipt)
    }
}

fn staged(id: ImportId, actor: Actor, reading: &Reading, parts: u32, text: String) -> Staged {
    let (summary, faults) = (reading.summary.clone(), reading.faults.clone());
    Staged { id, by: actor.person(), summary, parts, faults, text }
}

fn read(products: &BTreeSet<ProductSlug>, name: String, text: &str) -> Result<Reading, Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::invalid("text", "nothing", "a file or lines in NDJSON or CSV"));
    }
    let own = |line: Result<Entry, Fault>| match line {
        Ok(entry) if !products.contains(&entry.product) => {
            let found = format!("“{}”", entry.product);
            Err(Fault::new(entry.line, "product", &found, "a product that is here and that you administer"))
        }
        line => line,
    };
    let import = match Form::of(text) {
        Form::Ndjson => Import::of(read_ndjson(text).map(own)),
        Form::Csv => Import::of(read_csv(text).map(own)),
    };
    let Import { histories, mut rejected, .. } = import;
    let taken = |history: &History| Taken {
        changes: history.changes.len() as u64,
        deployments: history.deployments.len() as u64,
        incidents: history.incidents.len() as u64,
    };
    let summary = Summary {
        name,
        products: histories.iter().map(|(product, history)| (product.clone(), taken(history))).collect(),
        rejected: rejected.len() as u64,
        sha256: sha256_hex(text.as_bytes()),
    };
    rejected.truncate(MOST_FAULTS);
    Ok(Reading { summary, faults: rejected, histories })
}

/// Parts of a history, each a history of its own; made one by one, so that they are never all in memory twice.
fn cut(history: History) -> impl Iterator<Item = Vec<u8>> {
    let History { changes, deployments, incidents } = history;
    let (mut changes, mut deployments, mut incidents) =
        (changes.into_iter(), deployments.into_iter(), incidents.into_iter());
    std::iter::from_fn(move || {
        let mut part = History { changes: changes.by_ref().take(PART).collect(), ..History::default() };
        part.deployments = deployments.by_ref().take(PART - part.changes.len()).collect();
        let room = PART - part.changes.len() - part.deployments.len();
        part.incidents = incidents.by_ref().take(room).collect();
        let empty = part.changes.is_empty() && part.deployments.is_empty() && part.incidents.is_empty();
        if empty { None } else { serde_json::to_vec(&part).ok() }
    })
}

#[cfg(test)]
mod tests {
    use super::{PART, cut};
    use domain::dora::{Change, History};

    #[test]
    fn parts_hold_everything_once_and_in_order() {
        let at = "2026-03-01T12:00:00Z".parse().expect("an instant");
        let change = |n: usize| Change { id: format!("c{n}"), committed_at: at, merged_at: None };
        let history = History { changes: (0..=PART * 2).map(change).collect(), ..History::default() };
        let parts: Vec<History> =
            cut(history.clone()).map(|body| serde_json::from_slice(&body).expect("a history")).collect();
        assert_eq!(parts.iter().map(|p| p.changes.len()).collect::<Vec<_>>(), [PART, PART, 1]);
        let again: Vec<Change> = parts.into_iter().flat_map(|part| part.changes).collect();
        assert_eq!(again, history.changes);
        assert_eq!(cut(History::default()).count(), 0);
    }
}
