//! What the page tells: the view that was asked for, or why it cannot be, and what there is to choose from.

use crate::asking::asking;
use chrono::Datelike as _;
use control::{
    Sight,
    dora::{Asked, Words},
};
use domain::{
    Class, Refusal, Timestamp,
    dora::{EDITIONS, Edition, Heat, Report},
    slug::EnvName,
};
use std::collections::BTreeSet;

/// Everything that the page shows.
pub struct Told {
    pub words: Words,
    pub products: Vec<(String, String)>,
    pub envs: Vec<String>,
    pub quarters: Vec<String>,
    pub edition: &'static Edition,
    /// Whether this person may import.
    pub imports: bool,
    pub seen: Result<Seen, Refusal>,
}

/// A view of the figures.
pub struct Seen {
    pub asked: Asked,
    pub report: Report,
    pub heat: Heat,
}

pub async fn told(words: Words, year: &str) -> Result<Told, Refusal> {
    let asking = asking()?;
    let (products, playbooks) = {
        let sight = Sight::of(&asking.control, asking.actor);
        let products: Vec<_> = sight.products().cloned().collect();
        let envs: BTreeSet<EnvName> = products
            .iter()
            .filter_map(|product| sight.world.playbook_of(product))
            .flat_map(|playbook| playbook.environments.iter().map(|env| env.name.clone()))
            .collect();
        (products, envs)
    };
    let book = asking.control.deliveries().await?;
    let slugs: BTreeSet<_> = products.iter().map(|product| &product.slug).collect();
    let facts = book.places().filter(|(_, product)| slugs.contains(product)).map(|(env, _)| env.clone());
    let envs: BTreeSet<String> = facts.chain(playbooks).map(|env| env.to_string()).collect();
    let seen = match asking.control.asked_of_deliveries(asking.actor, words.clone()) {
        Ok(mut asked) => {
            asked.query = asked.query.clone().full();
            let heat = book.heat(&asked.query, &asked.zone)?;
            Ok(Seen { report: book.report(&asked.query), heat, asked })
        }
        Err(refusal) if refusal.class == Class::Invalid => Err(refusal),
        Err(refusal) => return Err(refusal),
    };
    Ok(Told {
        words,
        products: products.iter().map(|p| (p.slug.to_string(), p.name.clone())).collect(),
        envs: envs.into_iter().collect(),
        quarters: quarters(asking.control.now()),
        edition: edition(year),
        imports: asking.control.may_import(asking.actor).is_ok(),
        seen,
    })
}

/// The one asked for, or the newest that has clusters.
fn edition(year: &str) -> &'static Edition {
    let asked = year.parse().ok().and_then(Edition::of);
    let newest = EDITIONS.iter().rev().find(|edition| !edition.clusters.is_empty());
    asked.or(newest).unwrap_or(&EDITIONS[0])
}

/// This one and the seven before.
fn quarters(now: Timestamp) -> Vec<String> {
    let (mut year, mut quarter) = (now.year(), now.month0() / 3 + 1);
    let mut quarters = Vec::new();
    for _ in 0..8 {
        quarters.push(format!("{year:04}-Q{quarter}"));
        (year, quarter) = if quarter == 1 { (year - 1, 4) } else { (year, quarter - 1) };
    }
    quarters
}

#[cfg(test)]
mod tests {
    use super::{edition, quarters};

    #[test]
    fn quarters_go_back_over_the_turn_of_the_year() {
        let quarters = quarters("2026-02-03T10:00:00Z".parse().unwrap());
        assert_eq!(quarters[..3], ["2026-Q1", "2025-Q4", "2025-Q3"]);
    }

    #[test]
    fn the_newest_report_with_clusters_is_the_usual_one() {
        assert_eq!((edition("").year, edition("2021").year, edition("x").year), (2024, 2021, 2024));
    }
}
