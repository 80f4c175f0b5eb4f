//! The record of deliveries: the lanes of all products, and reports from them.

use super::{
    build,
    definition::DEFINITION,
    facts::History,
    instant::{micros, timestamp},
    lane::Lane,
    measure::Sight,
    report::{OpenIncidents, Query, Report},
    whole::whole,
};
use crate::slug::{EnvName, ProductSlug};
use std::{collections::BTreeMap, sync::Arc};

/// Columns of all products. A copy shares them, so that a reader keeps its own while a product is laid out anew.
#[derive(Debug, Clone, Default)]
pub struct Book {
    lanes: BTreeMap<EnvName, BTreeMap<ProductSlug, Arc<Lane>>>,
    /// All products of an environment in one; missing until gathered after a change.
    wholes: BTreeMap<EnvName, Arc<Lane>>,
}

impl Book {
    /// Lays out a product anew from all that is known of it; the facts are not kept.
    pub fn set(&mut self, product: &ProductSlug, history: &History) {
        self.forget(product);
        for (env, lane) in build::lanes(history) {
            self.wholes.remove(&env);
            self.lanes.entry(env).or_default().insert(product.clone(), Arc::new(lane));
        }
    }

    pub fn forget(&mut self, product: &ProductSlug) {
        for (env, lanes) in &mut self.lanes {
            if lanes.remove(product).is_some() {
                self.wholes.remove(env);
            }
        }
        self.lanes.retain(|_, lanes| !lanes.is_empty());
    }

    /// Makes the view of all products quick again, where a product has changed since. Figures are the same before and
    /// after; with a million deployments this takes seconds, so do it aside.
    pub fn gather(&mut self) {
        for (env, lanes) in &self.lanes {
            if lanes.len() > 1 && !self.wholes.contains_key(env) {
                let lanes: Vec<&Lane> = lanes.values().map(|lane| &**lane).collect();
                self.wholes.insert(env.clone(), Arc::new(whole(&lanes)));
            }
        }
    }

    /// All products of the query together.
    pub fn report(&self, query: &Query) -> Report {
        let lanes = match self.whole(query) {
            Some(whole) => vec![whole],
            None => self.lanes(query).map(|(_, lane)| lane).collect(),
        };
        report(query, &Sight::new(lanes, query))
    }

    /// The one lane of everything, if the query leaves no product out.
    fn whole(&self, query: &Query) -> Option<&Lane> {
        let lanes = self.lanes.get(&query.env)?;
        let all = query.products.as_ref().is_none_or(|wanted| lanes.keys().all(|product| wanted.contains(product)));
        self.wholes.get(&query.env).filter(|_| all).map(|whole| &**whole)
    }

    /// Each product of the query by itself, those without any fact in this environment left out.
    pub fn each(&self, query: &Query) -> Vec<(ProductSlug, Report)> {
        self.lanes(query)
            .map(|(product, lane)| (product.clone(), report(query, &Sight::new(vec![lane], query))))
            .collect()
    }

    /// Every environment and product of which anything is known.
    pub fn places(&self) -> impl Iterator<Item = (&EnvName, &ProductSlug)> {
        self.lanes.iter().flat_map(|(env, lanes)| lanes.keys().map(move |product| (env, product)))
    }

    /// How many successful deployments the book holds, in all environments.
    pub fn deployments(&self) -> usize {
        self.lanes.values().flat_map(BTreeMap::values).map(|lane| lane.finished.len()).sum()
    }

    /// Roughly how much memory the columns hold.
    pub fn bytes(&self) -> usize {
        self.lanes.values().flat_map(BTreeMap::values).chain(self.wholes.values()).map(|lane| lane.bytes()).sum()
    }

    pub(super) fn lane(&self, product: &ProductSlug, env: &EnvName) -> Option<&Lane> {
        self.lanes.get(env)?.get(product).map(|lane| &**lane)
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
