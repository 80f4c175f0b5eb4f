//! The record of deliveries: the lanes of all products, and reports from them.

use super::{
    build,
    definition::DEFINITION,
    facts::History,
    instant::{micros, timestamp},
    lane::Lane,
    measure::Sight,
    report::{OpenIncidents, Query, Report},
};
use crate::slug::{EnvName, ProductSlug};
use std::{collections::BTreeMap, sync::Arc};

/// Columns of all products. A copy shares them, so that a reader keeps its own while a product is laid out anew.
#[derive(Debug, Clone, Default)]
pub struct Book {
    lanes: BTreeMap<EnvName, BTreeMap<ProductSlug, Arc<Lane>>>,
}

impl Book {
    /// Lays out a product anew from all that is known of it; the facts are not kept.
    pub fn set(&mut self, product: &ProductSlug, history: &History) {
        self.forget(product);
        for (env, lane) in build::lanes(history) {
            self.lanes.entry(env).or_default().insert(product.clone(), Arc::new(lane));
        }
    }

    pub fn forget(&mut self, product: &ProductSlug) {
        for lanes in self.lanes.values_mut() {
            lanes.remove(product);
        }
        self.lanes.retain(|_, lanes| !lanes.is_empty());
    }

    /// All products of the query together.
    pub fn report(&self, query: &Query) -> Report {
        report(query, &Sight::new(self.lanes(query).map(|(_, lane)| lane).collect(), query))
    }

    /// Each product of the query by itself, those without any fact in this environment left out.
    pub fn each(&self, query: &Query) -> Vec<(ProductSlug, Report)> {
        self.lanes(query)
            .map(|(product, lane)| (product.clone(), report(query, &Sight::new(vec![lane], query))))
            .collect()
    }

    /// How many successful deployments the book holds, in all environments.
    pub fn deployments(&self) -> usize {
        self.lanes.values().flat_map(BTreeMap::values).map(|lane| lane.finished.len()).sum()
    }

    /// Roughly how much memory the columns hold.
    pub fn bytes(&self) -> usize {
        self.lanes.values().flat_map(BTreeMap::values).map(|lane| lane.bytes()).sum()
    }

    pub(super) fn lanes<'a>(&'a self, query: &'a Query) -> impl Iterator<Item = (&'a ProductSlug, &'a Lane)> {
        let wanted = |product: &ProductSlug| query.products.as_ref().is_none_or(|wanted| wanted.contains(product));
        let lanes = self.lanes.get(&query.env).into_iter().flatten();
        lanes.filter(move |(product, _)| wanted(product)).map(|(product, lane)| (product, &**lane))
    }
}

fn report(query: &Query, sight: &Sight<'_>) -> Report {
    Report {
        definition: DEFINITION,
        env: query.env.clone(),
        window: query.window,
        before: query.before,
        buckets: query.buckets.clone(),
        figures: query.figures.iter().map(|name| (*name, sight.figure(*name))).collect(),
        open_incidents: open_incidents(query, sight),
        mean_time_to_restore: sight.mean_time_to_restore(),
    }
}

fn open_incidents(query: &Query, sight: &Sight<'_>) -> OpenIncidents {
    let open = sight.open_incidents().fold(OpenIncidents::default(), |all, started| {
        let started = timestamp(started);
        OpenIncidents { n: all.n + 1, oldest_since: Some(all.oldest_since.map_or(started, |o| o.min(started))), ..all }
    });
    let age = open.oldest_since.map(|since| (micros(query.now) - micros(since)).max(0) / super::instant::SECOND);
    OpenIncidents { oldest_seconds: age, ..open }
}
