//! Is the record still what was once recorded? Follows the whole chain, and compares it with a checkpoint kept elsewhere.

use crate::journal::{Head, Journal, JournalError, Recorded};
use domain::journal::Seq;

/// How many events are read at once.
const PAGE: u32 = 2_000;

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// How many events are sound, counted from the first.
    pub events: u64,
    /// Where the sound part ends.
    pub head: Head,
    pub fault: Option<Fault>,
}

/// The first place where the record is not what it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the record is not sound at {seq}: {why}")]
pub struct Fault {
    pub seq: Seq,
    pub why: String,
}

/// Follows the record event by event, each against the one before it.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    head: Head,
    trusted: Option<Head>,
}

impl Trail {
    /// `trusted` is a head that was once exported and kept where nobody who can write the record can write.
    pub fn new(trusted: Option<Head>) -> Self {
        Self { head: Head::default(), trusted }
    }

    /// Where the sound part ends.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The next event.
    pub fn follow(&mut self, row: &Recorded) -> Result<(), Fault> {
        let fault = |why: String| Fault { seq: self.head.seq + 1, why };
        if let Some(why) = row.fault_after(&self.head) {
            return Err(fault(why));
        }
        // No kind of event takes words back yet, so nothing explains a missing body.
        if row.body.is_none() {
            return Err(fault(format!("the body of event {} is gone", row.seq)));
        }
        if let Some(trusted) = self.trusted.as_ref().filter(|t| t.seq == row.seq && t.hash != row.hash) {
            return Err(fault(format!(
                "event {} is not the one of the checkpoint: the record was rewritten",
                trusted.seq
            )));
        }
        self.head = Head { seq: row.seq, hash: row.hash.clone() };
        Ok(())
    }

    /// No event follows, and the record says that it ends at `head`.
    pub fn end(&self, head: &Head) -> Result<(), Fault> {
        let at = |why: String| Err(Fault { seq: self.head.seq + 1, why });
        if head.seq > self.head.seq {
            return at(format!("the record should reach event {} but ends at {}", head.seq, self.head.seq));
        }
        if *head != self.head {
            return at(format!("the record should end at event {} but goes on differently", head.seq));
        }
        match &self.trusted {
            Some(trusted) if trusted.seq > self.head.seq => at(format!(
                "the checkpoint was taken at event {} but the record ends at {}",
                trusted.seq, self.head.seq
            )),
            _ => Ok(()),
        }
    }
}

/// Checks the whole record, page by page, telling `progress` (events done, of all). Others may write meanwhile.
pub async fn audit(
    journal: &dyn Journal,
    trusted: Option<Head>,
    mut progress: impl FnMut(Seq, Seq) + Send,
) -> Result<Audit, JournalError> {
    let mut trail = Trail::new(trusted);
    let mut head = journal.head().await?;
    let fault = loop {
        let rows = match journal.read(trail.head.seq, PAGE).await {
            Ok(rows) => rows,
            // A row that cannot even be read is a finding, not a failure to look.
            Err(JournalError::Damaged { seq, why }) => break Some(Fault { seq, why }),
            Err(error) => return Err(error),
        };
        if let Some(fault) = rows.iter().find_map(|row| trail.follow(row).err()) {
            break Some(fault);
        }
        if rows.is_empty() {
            // What was added since the last look is not a fault; what is missing or too much stays so.
            let now = journal.head().await?;
            if now == head || now.seq <= trail.head.seq {
                break trail.end(&now).err();
            }
            head = now;
        }
        progress(trail.head.seq, head.seq.max(trail.head.seq));
    };
    Ok(Audit { events: trail.head.seq, head: trail.head, fault })
}
