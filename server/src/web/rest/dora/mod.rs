//! Leadership's figures: the report, what stands behind each figure, and imports of past deliveries.

pub(super) mod behind;
mod export;
pub(super) mod imports;
pub(super) mod report;

pub use imports::LARGEST as IMPORTS_LARGEST;

use super::json;
use control::dora::Words;
use domain::Refusal;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which view of the figures. What is left out is the usual.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(super) struct View {
    /// A product, or several with commas between; all that the caller sees when left out.
    product: String,
    /// `production` when left out.
    env: String,
    /// `90d` (when left out), `2026-Q1`, `ytd`, or `2026-01-01..2026-02-15`.
    period: String,
    /// A date or a time, with `to` in place of `period`.
    from: String,
    to: String,
    /// An IANA time zone in which buckets are cut; `UTC` when left out.
    zone: String,
    /// `day`, `week` (when left out) or `month`.
    bucket: String,
    /// `no`: hotfixes and rollbacks do not count in the frequency.
    rework: String,
    /// `json` (when left out) or `csv`.
    format: String,
    /// Of lists: how many rows, 1 to 50000; 1000 when left out.
    limit: String,
    /// Of lists: `next_cursor` of the page before.
    cursor: String,
}

/// In which form the answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Json,
    Csv,
}

impl View {
    fn read(query: Option<&str>) -> Result<(Self, Shape), Refusal> {
        let view: Self = json::read_query(query)?;
        let shape = match view.format.as_str() {
            "" | "json" => Shape::Json,
            "csv" => Shape::Csv,
            other => {
                let short: String = other.chars().take(60).collect();
                return Err(Refusal::invalid("format", format!("“{short}”"), "“json” or “csv”"));
            }
        };
        Ok((view, shape))
    }

    fn words(self) -> Words {
        let Self { product, env, period, from, to, zone, bucket, rework, .. } = self;
        Words { product, env, period, from, to, zone, bucket, rework }
    }
}
