//! The figures of a period: value, what each rests on, what was left out and why, in buckets.

use super::{
    Shape, View,
    export::{Table, number},
};
use crate::web::{
    Web,
    credential::Caller,
    rest::{Problem, ProblemBody},
};
use axum::{
    Json,
    extract::{RawQuery, State},
    response::{IntoResponse as _, Response},
};
use control::{
    Control,
    dora::{Asked, NOT_KNOWN, Words},
    journal::stamp,
};
use domain::{
    Refusal,
    access::Actor,
    calendar::Stretch,
    dora::{
        DEFINITION, Direction, Distribution, EDITIONS, Edition, Excluded, Figure, FigureName, HISTORY, Heat, Report,
    },
};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct Period {
    from: String,
    to: String,
}

impl Period {
    pub(super) fn of(stretch: Stretch) -> Self {
        Self { from: stamp(stretch.starts), to: stamp(stretch.ends) }
    }
}

/// What was left out of a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeftOut {
    reason: &'static str,
    n: u64,
    why: &'static str,
}

/// Against the period before.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrendShown {
    /// Of the period before; null is nothing, which is not 0.
    before: Option<f64>,
    n: u64,
    difference: Option<f64>,
    /// `better`, `worse`, `same` or `unknown`.
    #[schema(value_type = String)]
    direction: Direction,
}

/// One column of the chart.
#[derive(Debug, Serialize, ToSchema)]
pub struct BucketShown {
    name: String,
    /// Midnight in the zone, or the beginning of the period.
    start: String,
    end: String,
    /// Cut by the period, or not over: not to be compared with whole ones.
    partial: bool,
    /// Null where there is nothing, which is not 0.
    value: Option<f64>,
    n: u64,
}

/// A figure with all that it takes to trust it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureShown {
    title: &'static str,
    definition: &'static str,
    /// `seconds`, `per_day`, `ratio` (0 to 1) or `per_release`.
    unit: String,
    /// Null where there is nothing, which is not 0.
    value: Option<f64>,
    /// How many samples or deployments it rests on.
    n: u64,
    /// Of a ratio: how many of them count.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<u64>,
    excluded: Vec<LeftOut>,
    trend: TrendShown,
    /// Where the value stands among the clusters of the newest report that has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    band: Option<BandShown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    distribution: Option<Distribution>,
    buckets: Vec<BucketShown>,
    /// Where the very events behind it are.
    behind: String,
}

/// A benchmark is a way to look at a figure, never a target.
#[derive(Debug, Serialize, ToSchema)]
pub struct BandShown {
    year: u16,
    /// `elite`, `high`, `medium`, `low`; null between two.
    #[schema(value_type = Option<String>)]
    band: Option<domain::dora::Band>,
    #[schema(value_type = Object)]
    standing: domain::dora::Standing,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReportShown {
    /// By which version of the definitions.
    definition: u16,
    /// Every version, and what changed with it.
    #[schema(value_type = Object)]
    definitions: BTreeMap<u16, &'static str>,
    products: Vec<String>,
    env: String,
    period: Period,
    before: Period,
    /// In which buckets are cut.
    zone: String,
    /// Whether hotfixes and rollbacks count in the frequency.
    rework_counts: bool,
    #[schema(value_type = Object)]
    figures: BTreeMap<&'static str, FigureShown>,
    #[schema(value_type = Object)]
    open_incidents: domain::dora::OpenIncidents,
    /// The mean beside the median of `time_to_restore`, in seconds.
    mean_time_to_restore: Option<f64>,
    /// When deployments ended: weekday from Monday by hour, in the zone.
    #[schema(value_type = Object)]
    heat: Heat,
    /// What the record cannot tell yet.
    not_known: Vec<&'static str>,
    /// What the yearly reports of DORA found, with their sources.
    #[schema(value_type = Vec<Object>)]
    benchmarks: Vec<&'static Edition>,
}

/// Everything that a page shows of one view.
async fn told(control: &Control, actor: Actor, words: Words) -> Result<(Asked, Report, Heat), Refusal> {
    let mut asked = control.asked_of_deliveries(actor, words)?;
    asked.query = asked.query.clone().full();
    let book = control.deliveries().await?;
    let heat = book.heat(&asked.query, &asked.zone)?;
    let report = book.report(&asked.query);
    Ok((asked, report, heat))
}

/// Leadership's figures of a period, with their definitions, what they rest on and what was left out.
#[utoipa::path(get, path = "/dora", tag = "dora", params(View),
    responses((status = 200, body = ReportShown), (status = "default", body = ProblemBody)))]
pub async fn report(State(web): State<Web>, caller: Caller, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let (view, shape) = View::read(query.as_deref())?;
    let (asked, report, heat) = told(&web.control, caller.0, view.words()).await?;
    Ok(match shape {
        Shape::Csv => table(&asked, &report),
        Shape::Json => Json(shown(&asked, &report, heat)).into_response(),
    })
}

fn shown(asked: &Asked, report: &Report, heat: Heat) -> ReportShown {
    let figures = report.figures.iter().map(|(name, f)| (name.name(), figure(asked, report, *name, f))).collect();
    ReportShown {
        definition: DEFINITION,
        definitions: HISTORY.into_iter().collect(),
        products: asked.products.iter().map(ToString::to_string).collect(),
        env: report.env.to_string(),
        period: Period::of(report.window),
        before: Period::of(report.before),
        zone: asked.zone.to_string(),
        rework_counts: asked.query.rework_counts,
        figures,
        open_incidents: report.open_incidents,
        mean_time_to_restore: report.mean_time_to_restore,
        heat,
        not_known: NOT_KNOWN.to_vec(),
        benchmarks: EDITIONS.iter().collect(),
    }
}

fn figure(asked: &Asked, report: &Report, name: FigureName, figure: &Figure) -> FigureShown {
    let bucket = |(bucket, point): (&domain::dora::Bucket, &domain::dora::Point)| BucketShown {
        name: bucket.name.clone(),
        start: stamp(bucket.within.starts),
        end: stamp(bucket.within.ends),
        partial: bucket.is_partial(asked.query.now),
        value: point.value,
        n: point.n,
    };
    let newest = EDITIONS.iter().rev().find(|edition| !edition.clusters.is_empty());
    let band = newest.and_then(|edition| {
        let standing = edition.standing(name, &figure.point)?;
        Some(BandShown { year: edition.year, band: standing.band(), standing })
    });
    FigureShown {
        title: name.title(),
        definition: name.definition(),
        unit: serde_json::to_value(figure.unit).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default(),
        value: figure.point.value,
        n: figure.point.n,
        of: figure.point.of,
        excluded: figure.excluded.iter().map(left_out).collect(),
        trend: TrendShown {
            before: figure.trend.before.value,
            n: figure.trend.before.n,
            difference: figure.trend.difference,
            direction: figure.trend.direction,
        },
        band,
        distribution: figure.distribution.clone(),
        buckets: report.buckets.iter().zip(&figure.points).map(bucket).collect(),
        behind: address(asked, name),
    }
}

fn left_out(excluded: &Excluded) -> LeftOut {
    LeftOut { reason: excluded.reason.name(), n: excluded.n, why: excluded.reason.words() }
}

/// With the instants of the period, so that it gives the same rows later.
fn address(asked: &Asked, name: FigureName) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (key, value) in asked.words.pairs() {
        if !value.is_empty() && !matches!(key, "period" | "from" | "to" | "bucket") {
            query.append_pair(key, value);
        }
    }
    query.append_pair("from", &stamp(asked.query.window.starts)).append_pair("to", &stamp(asked.query.window.ends));
    format!("/api/v1/dora/{}/behind?{}", name.name(), query.finish())
}

/// A row for the period and one for each bucket of every figure.
fn table(asked: &Asked, report: &Report) -> Response {
    let mut table =
        Table::new(&["figure", "unit", "bucket", "start", "end", "partial", "value", "n", "left_out", "definition"]);
    for (name, figure) in &report.figures {
        let unit = serde_json::to_value(figure.unit).unwrap_or(Value::Null);
        let unit = unit.as_str().unwrap_or_default();
        let excluded: Vec<String> = figure.excluded.iter().map(|e| format!("{} {}", e.reason.name(), e.n)).collect();
        let head = |bucket: &str, within: Stretch, partial: bool| {
            let (start, end) = (stamp(within.starts), stamp(within.ends));
            [name.name().to_owned(), unit.to_owned(), bucket.to_owned(), start, end, partial.to_string()]
        };
        let tail = |point: &domain::dora::Point, left_out: String| {
            [number(point.value), point.n.to_string(), left_out, DEFINITION.to_string()]
        };
        table.row(head("", report.window, false).into_iter().chain(tail(&figure.point, excluded.join("; "))));
        for (bucket, point) in report.buckets.iter().zip(&figure.points) {
            let partial = bucket.is_partial(asked.query.now);
            let head = head(&bucket.name, bucket.within, partial);
            table.row(head.into_iter().chain(tail(point, String::new())));
        }
    }
    table.answer("dora")
}
