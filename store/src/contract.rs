//! Loads that the contract tests, the trials and the benchmarks put on a journal. Not part of the program.

use crate::Location;
use control::journal::{Journal, JournalError, Recorded};
use domain::{
    Timestamp,
    access::Actor,
    journal::{Fact, Seq, Stream},
    product,
};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};
use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// How much is written, and how irregularly.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub writers: u64,
    /// How many events each of them appends.
    pub each: u64,
    pub seed: u64,
    /// No pause is longer.
    pub longest_pause: Duration,
}

/// What the writers were told and what a reader saw meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    pub appended: u64,
    /// Numbers that two writers were given.
    pub twice: u64,
    /// Times that the reader was shown an event before its predecessor.
    pub skips: u64,
    pub read: u64,
}

impl Tally {
    pub fn is_sound(&self, load: Load) -> bool {
        let all = load.writers * load.each;
        *self == Self { appended: all, twice: 0, skips: 0, read: all }
    }
}

/// Many writers, each with its own stream and in turn one of `journals`, and one reader with a cursor.
pub async fn write_together(journals: &[Arc<dyn Journal>], load: Load) -> Result<Tally, JournalError> {
    let all = load.writers * load.each;
    let Some(first) = journals.first().cloned() else {
        return Ok(Tally { appended: 0, twice: 0, skips: 0, read: 0 });
    };
    let from = first.head().await?.seq;
    let mut writers = JoinSet::new();
    for (n, journal) in (0..load.writers).zip(journals.iter().cycle().cloned()) {
        writers.spawn(writer(journal, n, load));
    }
    let reader = follow(first, from, all);
    let collected = async {
        let mut given = Vec::new();
        while let Some(one) = writers.join_next().await {
            given.extend(one.map_err(|error| JournalError::Storage(error.to_string()))??);
        }
        Ok::<_, JournalError>(given)
    };
    let (given, (read, skips)) = tokio::try_join!(collected, reader)?;
    let different = given.iter().collect::<HashSet<_>>().len();
    Ok(Tally { appended: given.len() as u64, twice: (given.len() - different) as u64, skips, read })
}

async fn writer(journal: Arc<dyn Journal>, n: u64, load: Load) -> Result<Vec<Seq>, JournalError> {
    let mut dice = Dice::new(load.seed.wrapping_mul(1_000).wrapping_add(n));
    let stream = product_stream(&format!("writer-{n}"));
    let mut version = journal.read_stream(&stream, 0, u32::MAX).await?.last().map_or(0, |row| row.version);
    let (mut given, end) = (Vec::new(), version + load.each);
    while version < end {
        dice.pause(load.longest_pause).await;
        let mut transaction = journal.begin().await?;
        // Some append several events, some give up, some dawdle while they hold the lock.
        let many = (1 + dice.roll(3)).min(end - version);
        let rows = transaction.append(&stream, version, &facts(many), Actor::System, instant()).await?;
        dice.pause(load.longest_pause / 4).await;
        if dice.roll(10) == 0 {
            continue;
        }
        transaction.commit().await?;
        version += many;
        given.extend(rows.iter().map(|row| row.seq));
    }
    Ok(given)
}

/// Reads on from `from` until `all` events were seen; how many were, and how often one was missing before another.
async fn follow(journal: Arc<dyn Journal>, from: Seq, all: u64) -> Result<(u64, u64), JournalError> {
    let (mut cursor, mut read, mut skips) = (from, 0, 0);
    while cursor < from + all {
        let rows = journal.read(cursor, 100).await?;
        for row in &rows {
            skips += u64::from(row.seq != cursor + 1);
            cursor = row.seq;
            read += 1;
        }
        if rows.is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    Ok((read, skips))
}

/// Durable appends per second of one writer, one event in each transaction.
pub async fn appends_per_second(journal: &dyn Journal, count: u64) -> Result<f64, JournalError> {
    let stream = product_stream("throughput");
    let from = journal.read_stream(&stream, 0, u32::MAX).await?.len() as u64;
    let started = Instant::now();
    for version in from..from + count {
        append(journal, &stream, version, 1).await?;
    }
    Ok(per_second(count, started))
}

/// What the same database does at best with one event in each transaction: a single durable insert and nothing else.
pub async fn bare_inserts_per_second(location: &Location, count: u64) -> Result<f64, sqlx::Error> {
    let make = "CREATE TABLE IF NOT EXISTS bare (id TEXT, body TEXT)";
    let insert = "INSERT INTO bare (id, body) VALUES ($1, $2)";
    let body = "x".repeat(600);
    let started;
    match location {
        Location::Sqlite(path) => {
            let mut connection = crate::sqlite::options(path).connect().await?;
            sqlx::raw_sql(make).execute(&mut connection).await?;
            started = Instant::now();
            for n in 0..count {
                sqlx::query(insert).bind(n.to_string()).bind(&body).execute(&mut connection).await?;
            }
        }
        Location::Postgres(url) => {
            let mut connection = PgConnection::connect(url).await?;
            sqlx::raw_sql(make).execute(&mut connection).await?;
            started = Instant::now();
            for n in 0..count {
                sqlx::query(insert).bind(n.to_string()).bind(&body).execute(&mut connection).await?;
            }
        }
    }
    Ok(per_second(count, started))
}

#[expect(clippy::cast_precision_loss, reason = "a rate needs no more than 52 bits")]
fn per_second(count: u64, started: Instant) -> f64 {
    count as f64 / started.elapsed().as_secs_f64()
}

/// Appends `many` events to `stream` in a transaction of its own.
pub async fn append(
    journal: &dyn Journal,
    stream: &Stream,
    expected: u64,
    many: u64,
) -> Result<Vec<Recorded>, JournalError> {
    let mut transaction = journal.begin().await?;
    let rows = transaction.append(stream, expected, &facts(many), Actor::System, instant()).await?;
    transaction.commit().await?;
    Ok(rows)
}

pub fn facts(many: u64) -> Vec<Fact> {
    let fact = |n| {
        Fact::Product(product::Event::Created {
            name: format!("Product {n} – “Schöne Grüße” 🚢"),
            playbook: "orca".parse().expect("a bundled name"),
            playbook_revision: domain::playbook::Revision(1),
            repository: None,
        })
    };
    (0..many).map(fact).collect()
}

pub fn product_stream(slug: &str) -> Stream {
    Stream::Product(slug.parse().expect("a slug"))
}

/// Every event of the contract happens at the same time: what it says, not when, is looked at.
pub fn instant() -> Timestamp {
    "2026-03-01T12:00:00.250Z".parse().expect("an instant")
}

/// Repeatable chance (SplitMix64).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides.max(1)
    }

    async fn pause(&mut self, longest: Duration) {
        let micros = self.roll(u64::try_from(longest.as_micros()).unwrap_or(u64::MAX));
        match self.roll(4) {
            // Often none at all: collisions want writers that press on.
            0 | 1 => tokio::task::yield_now().await,
            _ => tokio::time::sleep(Duration::from_micros(micros)).await,
        }
    }
}
