//! What is asked, and what is answered.

use super::{
    bucket::Bucket,
    figure::{Figure, FigureName},
};
use crate::{
    Timestamp,
    calendar::Stretch,
    slug::{EnvName, ProductSlug},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A view: whose figures, of when, cut how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub env: EnvName,
    /// All products of the book when left out. What the asker may not see must not be in here.
    pub products: Option<BTreeSet<ProductSlug>>,
    pub window: Stretch,
    /// With what the window is compared.
    pub before: Stretch,
    pub buckets: Vec<Bucket>,
    /// For what is still open or too young.
    pub now: Timestamp,
    /// Whether hotfixes and rollbacks count in the frequency.
    pub rework_counts: bool,
    /// Which figures; the others cost nothing.
    pub figures: Vec<FigureName>,
    pub distributions: bool,
}

impl Query {
    /// The five figures of all products, against the stretch of the same length before.
    pub fn new(env: EnvName, window: Stretch, now: Timestamp) -> Self {
        let length = window.ends - window.starts;
        let starts = window.starts.checked_sub_signed(length).unwrap_or(Timestamp::MIN_UTC);
        Self {
            env,
            products: None,
            window,
            before: Stretch { starts, ends: window.starts },
            buckets: Vec::new(),
            now,
            rework_counts: true,
            figures: FigureName::FIVE.to_vec(),
            distributions: false,
        }
    }

    #[must_use]
    pub fn of(mut self, products: impl IntoIterator<Item = ProductSlug>) -> Self {
        self.products = Some(products.into_iter().collect());
        self
    }

    /// With everything that a page shows.
    #[must_use]
    pub fn full(mut self) -> Self {
        self.figures = FigureName::all().collect();
        self.distributions = true;
        self
    }

    #[must_use]
    pub fn cut(mut self, buckets: Vec<Bucket>) -> Self {
        self.buckets = buckets;
        self
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// By which version of the definitions; see [`super::DEFINITION`].
    pub definition: u16,
    pub env: EnvName,
    pub window: Stretch,
    pub before: Stretch,
    pub buckets: Vec<Bucket>,
    pub figures: BTreeMap<FigureName, Figure>,
    pub open_incidents: OpenIncidents,
    /// The mean beside the median of [`FigureName::TimeToRestore`], in seconds: what many call MTTR.
    pub mean_time_to_restore: Option<f64>,
}

impl Report {
    pub fn figure(&self, name: FigureName) -> Option<&Figure> {
        self.figures.get(&name)
    }
}

/// Incidents that began before the window's end and are not resolved: in no median, but never forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenIncidents {
    pub n: u64,
    pub oldest_since: Option<Timestamp>,
    pub oldest_seconds: Option<i64>,
}
