//! Samples of one kind along a column of deployments or incidents, and what had to be left out.

use super::{instant::place, matrix::Matrix, pool::Part};
use serde::{Deserialize, Serialize};

/// Why something is behind no sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It came with the product's first deployment, which would count all of its past.
    FirstDeployment,
    /// It ends before it begins.
    NegativeSpan,
    /// The deployment names a change of which nothing else is known.
    UnknownChange,
    /// The change was never merged, or nobody said when.
    NotMerged,
    /// It has not recovered: an incident is still open.
    Unrecovered,
    /// The incident is still open.
    Open,
    /// The rollout did not succeed.
    Unsuccessful,
    /// A hotfix or rollback, left out by choice.
    Rework,
    /// Too young to judge.
    Young,
    /// Only the end was reported.
    UnknownStart,
}

impl Reason {
    /// As in exports.
    pub fn name(self) -> &'static str {
        match self {
            Self::FirstDeployment => "first_deployment",
            Self::NegativeSpan => "negative_span",
            Self::UnknownChange => "unknown_change",
            Self::NotMerged => "not_merged",
            Self::Unrecovered => "unrecovered",
            Self::Open => "open",
            Self::Unsuccessful => "unsuccessful",
            Self::Rework => "rework",
            Self::Young => "young",
            Self::UnknownStart => "unknown_start",
        }
    }

    /// Why, as a reader needs it.
    pub fn words(self) -> &'static str {
        match self {
            Self::FirstDeployment => {
                "came with the first deployment known of the product, which would count all of its past"
            }
            Self::NegativeSpan => "ended before it began",
            Self::UnknownChange => "the change is named, but nobody said when it was committed",
            Self::NotMerged => "nobody said when the change was merged",
            Self::Unrecovered => "not recovered: an incident is still open",
            Self::Open => "still open",
            Self::Unsuccessful => "did not succeed, so it is no deployment",
            Self::Rework => "hotfixes and rollbacks, switched off",
            Self::Young => "younger than 48 hours, so its issues are not all known",
            Self::UnknownStart => "only its end was reported",
        }
    }
}

/// Samples in the order of their places; a place may have none or many.
#[derive(Debug, Clone, Default)]
pub(super) struct Series {
    /// Where the samples of each place begin, and where the last ends. Empty when there is no sample at all.
    begins: Vec<u32>,
    samples: Vec<i64>,
    matrix: Matrix,
    /// What each sample is about; empty when it is the place itself.
    about: Vec<u32>,
    left_out: Vec<LeftOut>,
}

#[derive(Debug, Clone)]
struct LeftOut {
    reason: Reason,
    places: Vec<u32>,
    about: Vec<u32>,
}

/// Collects samples place by place.
#[derive(Debug, Default)]
pub(super) struct Sampling {
    begins: Vec<u32>,
    samples: Vec<i64>,
    about: Vec<u32>,
    left_out: Vec<LeftOut>,
}

impl Sampling {
    /// What follows belongs to the next place.
    pub(super) fn next_place(&mut self) {
        self.begins.push(place(self.samples.len()));
    }

    pub(super) fn sample(&mut self, span: i64) {
        self.samples.push(span);
    }

    pub(super) fn sample_about(&mut self, span: i64, about: u32) {
        self.samples.push(span);
        self.about.push(about);
    }

    /// From one moment to another, when both are known.
    pub(super) fn between(&mut self, from: Option<i64>, to: Option<i64>) {
        if let (Some(from), Some(to)) = (from, to) {
            if to < from { self.leave_out(Reason::NegativeSpan, 0) } else { self.sample(to - from) }
        }
    }

    pub(super) fn leave_out(&mut self, reason: Reason, about: u32) {
        let here = place(self.begins.len().saturating_sub(1));
        let at = self.left_out.iter().position(|l| l.reason == reason).unwrap_or_else(|| {
            self.left_out.push(LeftOut { reason, places: Vec::new(), about: Vec::new() });
            self.left_out.len() - 1
        });
        self.left_out[at].places.push(here);
        self.left_out[at].about.push(about);
    }

    pub(super) fn done(mut self) -> Series {
        let matrix = Matrix::new(&self.samples);
        if self.samples.is_empty() {
            self.begins = Vec::new();
        } else {
            self.begins.push(place(self.samples.len()));
        }
        self.begins.shrink_to_fit();
        self.samples.shrink_to_fit();
        self.about.shrink_to_fit();
        Series { begins: self.begins, samples: self.samples, matrix, about: self.about, left_out: self.left_out }
    }
}

impl Series {
    /// The samples of places `from` to `to`.
    pub(super) fn part(&self, from: u32, to: u32) -> Part<'_> {
        let begin = |at: u32| self.begins.get(at as usize).copied().unwrap_or(0);
        let (from, to) = (begin(from), begin(to));
        let samples = self.samples.get(from as usize..to as usize).unwrap_or_default();
        Part { samples, matrix: &self.matrix, from, to }
    }

    /// How many samples places `from` to `to` have.
    pub(super) fn size(&self, from: u32, to: u32) -> u64 {
        self.part(from, to).samples.len() as u64
    }

    /// Samples of one place, each with what it is about.
    pub(super) fn at(&self, place: u32) -> impl Iterator<Item = (i64, u32)> + '_ {
        let part = self.part(place, place + 1);
        let about = move |at: u32| self.about.get(at as usize).copied().unwrap_or(place);
        (part.from..part.to).zip(part.samples).map(move |(at, sample)| (*sample, about(at)))
    }

    /// How often each reason left something out of places `from` to `to`.
    pub(super) fn left_out(&self, from: u32, to: u32) -> impl Iterator<Item = (Reason, u64)> + '_ {
        self.left_out.iter().map(move |l| {
            let upto = |place: u32| l.places.partition_point(|p| *p < place);
            (l.reason, upto(to).saturating_sub(upto(from)) as u64)
        })
    }

    pub(super) fn places_left_out(&self, reason: Reason) -> &[u32] {
        self.left_out.iter().find(|l| l.reason == reason).map_or(&[], |l| &l.places)
    }

    /// What was left out at one place, and what it is about.
    pub(super) fn left_out_at(&self, place: u32) -> impl Iterator<Item = (Reason, u32)> + '_ {
        self.left_out.iter().flat_map(move |l| {
            let from = l.places.partition_point(|p| *p < place);
            let to = l.places.partition_point(|p| *p <= place);
            l.about[from..to].iter().map(|about| (l.reason, *about))
        })
    }

    pub(super) fn bytes(&self) -> usize {
        let left_out: usize = self.left_out.iter().map(|l| (l.places.capacity() + l.about.capacity()) * 4).sum();
        (self.begins.capacity() + self.about.capacity()) * 4
            + self.samples.capacity() * 8
            + self.matrix.bytes()
            + left_out
    }
}
