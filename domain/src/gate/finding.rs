//! What one gate's question comes to, before waivers and conditions.

use super::status::{Act, Proof};
use crate::{Timestamp, release::Reported};

#[derive(Debug)]
pub(super) struct Finding {
    pub met: bool,
    pub why: String,
    pub next_opening: Option<Timestamp>,
    pub act: Act,
    pub proofs: Vec<Proof>,
}

impl Finding {
    pub fn met(why: impl Into<String>) -> Self {
        Self { met: true, why: why.into(), next_opening: None, act: Act::Wait, proofs: Vec::new() }
    }

    pub fn unmet(why: impl Into<String>, act: Act) -> Self {
        Self { met: false, why: why.into(), next_opening: None, act, proofs: Vec::new() }
    }

    pub fn opens(mut self, at: Option<Timestamp>) -> Self {
        self.next_opening = at;
        self
    }

    pub fn shows(mut self, reported: &Reported) -> Self {
        self.proofs.push(proof(reported));
        self
    }

    pub fn shows_all<'a>(mut self, all: impl ExactSizeIterator<Item = &'a Reported>) -> Self {
        self.proofs.extend(all.map(proof));
        self
    }

    pub fn proves(mut self, proof: Proof) -> Self {
        self.proofs.push(proof);
        self
    }
}

pub(super) fn proof(reported: &Reported) -> Proof {
    Proof {
        words: reported.report.words(),
        url: reported.report.url().map(str::to_owned),
        by: reported.by,
        at: reported.at,
    }
}
