//! The past of a metric for a chart, by range queries around the same templates.

use super::{For, Prometheus, Track, answer, pick::Wanted, seconds, who};
use crate::{arms::Named, number::instant};
use control::monitor::{Chart, Line, MOST_POINTS, Missing, Point, Shown, Stretch};
use domain::Timestamp;
use outbound::template::Template;
use std::{collections::BTreeMap, sync::Arc};

impl Prometheus {
    pub(super) async fn draw(&self, stretch: &Stretch) -> Result<Chart, Missing> {
        let (step, from, to) = grid(stretch)?;
        let window = stretch.window.seconds().max(step);
        let arms = self.names.arms(&stretch.arms)?;
        let missing = || Missing::not_asked("Nothing is set that says how to ask for this.");
        let queries = &self.queries;
        let (inner, shape) = match &stretch.shown {
            Shown::Throughput => (vec![queries.requests.as_ref()], Shape::PerSecond(window)),
            Shown::ErrorRate => (vec![queries.errors.as_ref(), queries.requests.as_ref()], Shape::Ratio),
            Shown::Quantile(q) if (0.0..=1.0).contains(q) => {
                (vec![queries.latency.as_ref()], Shape::Quantile { q: *q, unit: queries.unit })
            }
            Shown::Quantile(q) => return Err(Missing::failed(format!("A quantile lies between 0 and 1, not at {q}."))),
            Shown::Gauge(name) => {
                let gauge = queries.gauges.iter().find(|(known, _)| known == name);
                (vec![gauge.map(|(_, template)| template)], Shape::Plain)
            }
        };
        let inner = inner.into_iter().collect::<Option<Vec<_>>>().ok_or_else(missing)?;
        let template = Wrapped { inner, shape };
        let mut chart = Chart { lines: Vec::new(), step_seconds: step, queries: Vec::new(), at: self.access.now() };
        let mut answers = BTreeMap::new();
        for (key, query) in self.asked(&template, &arms, window) {
            let answer = self.matrix(query, from, to, step).await;
            chart.at = chart.at.min(answer.asked.at);
            chart.queries.push(answer.asked.query.clone());
            answers.insert(key, answer);
        }
        for service in &self.names.services {
            for named in &arms {
                let key =
                    (template.by("service").then(|| service.clone()), template.by("arm").then(|| named.name.clone()));
                let Some(answer) = answers.get(&key) else { continue };
                let tracks = answer.result.as_ref().map_err(Missing::clone)?;
                let who = who(service, named);
                let label = self.names.service_label.as_deref().filter(|_| !template.by("service"));
                let wanted = Wanted {
                    service: label.map(|label| (label, service.as_str())),
                    arm: (!template.by("arm")).then(|| Wanted::arm(&self.names.arm_label, named)),
                    who: &who,
                };
                chart.lines.push(Line {
                    service: service.clone(),
                    arm: named.arm,
                    points: points(tracks, wanted, from, to, step)?,
                });
            }
        }
        Ok(chart)
    }

    async fn matrix(&self, query: String, from: Timestamp, to: Timestamp, step: u32) -> Arc<super::Answer<Vec<Track>>> {
        let (start, end, step) = (seconds(from), seconds(to), step.to_string());
        let parts = [("query", query.as_str()), ("start", &start), ("end", &end), ("step", &step)];
        let ask = || self.ask("chart", "api/v1/query_range", &query, &parts, answer::matrix);
        self.answers.matrices.share(self.key("api/v1/query_range", &parts), ask).await
    }

    fn asked(&self, template: &Wrapped<'_>, arms: &[Named], window: u32) -> Vec<(For, String)> {
        let Some((first, rest)) = template.inner.split_first() else { return Vec::new() };
        // Of two templates the one with more places says how often is asked; the other is filled for the same ones.
        let lead = rest.iter().fold(*first, |lead, other| if places(other) > places(lead) { other } else { lead });
        let filled = self.filled(lead, arms, window).into_iter().map(|(key, _)| {
            let mut values = self.names.values(key.0.as_deref(), key.1.as_deref(), window);
            for value in values.values_mut() {
                *value = super::escaped(value);
            }
            let texts: Option<Vec<String>> = template.inner.iter().map(|one| one.fill(&values).ok()).collect();
            texts.map(|texts| (key, template.shape.write(&texts)))
        });
        filled.flatten().collect()
    }
}

/// Templates, and what becomes of them when they are filled.
struct Wrapped<'a> {
    inner: Vec<&'a Template>,
    shape: Shape,
}

enum Shape {
    Plain,
    /// Of a count over so many seconds.
    PerSecond(u32),
    /// The first as a part of the second.
    Ratio,
    /// Of a histogram with so many milliseconds in its unit.
    Quantile {
        q: f64,
        unit: f64,
    },
}

impl Shape {
    fn write(&self, filled: &[String]) -> String {
        match (self, filled) {
            (Self::PerSecond(window), [count, ..]) => format!("({count}) / {window}"),
            (Self::Ratio, [part, all, ..]) => format!("({part}) / ({all})"),
            (Self::Quantile { q, unit }, [histogram, ..]) => format!("histogram_quantile({q}, {histogram}) * {unit}"),
            _ => filled.join(" "),
        }
    }
}

impl Wrapped<'_> {
    fn by(&self, name: &str) -> bool {
        self.inner.iter().any(|template| template.has(name))
    }
}

fn places(template: &Template) -> usize {
    ["service", "arm"].into_iter().filter(|name| template.has(name)).count()
}

/// Step and ends of a chart, laid on whole steps so that charts of the same stretch share their answers.
fn grid(stretch: &Stretch) -> Result<(u32, Timestamp, Timestamp), Missing> {
    let nonsense = || Missing::failed("The stretch of a chart ends after it begins, at most a year later.");
    let length = u32::try_from((stretch.to - stretch.from).num_seconds()).map_err(|_| nonsense())?;
    if length == 0 || length > 366 * 86_400 {
        return Err(nonsense());
    }
    // One point stands at each end.
    let gaps = stretch.points.clamp(2, MOST_POINTS) - 1;
    let step = length.div_ceil(gaps).max(1);
    let floor = |at: Timestamp| Timestamp::from_timestamp(at.timestamp().div_euclid(step.into()) * i64::from(step), 0);
    Ok((step, floor(stretch.from).ok_or_else(nonsense)?, floor(stretch.to).ok_or_else(nonsense)?))
}

fn points(
    tracks: &[Track],
    wanted: Wanted<'_>,
    from: Timestamp,
    to: Timestamp,
    step: u32,
) -> Result<Vec<Point>, Missing> {
    let mut found = tracks.iter().filter(|track| wanted.is(&track.labels));
    let first = found.next();
    if found.next().is_some() {
        return Err(Missing::failed(format!("There is more than one series for {} where one is wanted.", wanted.who)));
    }
    let values = first.map(|track| track.values.as_slice()).unwrap_or_default();
    let known: BTreeMap<i64, f64> = values
        .iter()
        .filter(|(_, value)| value.is_finite())
        .filter_map(|(at, value)| Some((instant(*at)?.timestamp(), *value)))
        .collect();
    let at =
        |second: i64| Some(Point { at: Timestamp::from_timestamp(second, 0)?, value: known.get(&second).copied() });
    Ok((from.timestamp()..=to.timestamp()).step_by(step as usize).filter_map(at).take(MOST_POINTS as usize).collect())
}
