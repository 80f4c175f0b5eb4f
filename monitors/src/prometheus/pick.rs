//! Finds the value of one service and arm in an answer, or says why there is none.

use super::answer::{Labels, Sample, Series};
use crate::{
    arms::Named,
    number::{fresh, instant, parse, sound},
};
use control::monitor::{Buckets, Missing, Question};
use domain::Timestamp;

/// Rounding of a rate may let a cumulative count fall by this part of the total.
const JITTER: f64 = 1e-6;
/// So many names are said of those that are there instead.
const NAMED: usize = 5;

/// Which series are wanted: by label, where the query was asked for all at once.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub service: Option<(&'a str, &'a str)>,
    pub arm: Option<(&'a str, &'a str)>,
    /// As people read it.
    pub who: &'a str,
}

impl<'a> Wanted<'a> {
    pub fn arm(label: &'a str, named: &'a Named) -> (&'a str, &'a str) {
        (label, &named.name)
    }

    pub fn is(&self, labels: &Labels) -> bool {
        let has = |wanted: Option<(&str, &str)>| {
            wanted.is_none_or(|(label, value)| labels.get(label).is_some_and(|found| found == value))
        };
        has(self.service) && has(self.arm)
    }

    fn none(&self, series: &[Series]) -> Missing {
        if series.is_empty() {
            return Missing::absent(
                "The answer is empty: no series matches, or fewer than two samples lie in the window (is the window at least \
                 twice as long as the scrape interval?).",
            );
        }
        let Some((label, _)) = self.arm.or(self.service) else {
            return Missing::absent(format!("There is no series for {}.", self.who));
        };
        let mut there: Vec<&str> = series.iter().filter_map(|one| one.labels.get(label)).map(String::as_str).collect();
        there.sort_unstable();
        there.dedup();
        let more = if there.len() > NAMED { " and more" } else { "" };
        there.truncate(NAMED);
        if there.is_empty() {
            return Missing::failed(format!("No series of the answer has the label {label}: does the query keep it?"));
        }
        Missing::absent(format!("There is no series for {}; {label} is {}{more}.", self.who, there.join(", ")))
    }
}

/// A count or a gauge.
pub fn number(series: &[Series], wanted: Wanted<'_>, question: &Question) -> Result<(f64, Timestamp), Missing> {
    let mut found = series.iter().filter(|one| wanted.is(&one.labels));
    let Some(one) = found.next() else { return Err(wanted.none(series)) };
    let others = found.count();
    if others > 0 {
        let why = format!("There are {} series for {} where one is wanted.", others + 1, wanted.who);
        return Err(Missing::failed(why));
    }
    let Sample::Number(value) = one.sample else {
        return Err(Missing::failed(format!("The value for {} is a histogram where a number is wanted.", wanted.who)));
    };
    let what = format!("The value for {}", wanted.who);
    let at = taken(&what, one, question)?;
    Ok((sound(&what, value)?, at))
}

/// A histogram, classic or native, with bounds in milliseconds.
pub fn histogram(
    series: &[Series],
    wanted: Wanted<'_>,
    question: &Question,
    unit: f64,
) -> Result<(Buckets, Timestamp), Missing> {
    let found: Vec<&Series> = series.iter().filter(|one| wanted.is(&one.labels)).collect();
    let (Some(first), who) = (found.first(), wanted.who) else { return Err(wanted.none(series)) };
    let what = format!("The histogram for {who}");
    let mut at = taken(&what, first, question)?;
    for one in &found {
        at = at.min(taken(&what, one, question)?);
    }
    if let [Series { sample: Sample::Native(buckets), .. }] = found[..] {
        return Ok((super::native::ladder(&what, buckets, unit)?, at));
    }
    let mut cumulative = Vec::with_capacity(found.len());
    for one in &found {
        let Sample::Number(count) = one.sample else {
            return Err(Missing::failed(format!(
                "There are {} series for {who} where one histogram is wanted.",
                found.len()
            )));
        };
        let Some(bound) = one.labels.get("le") else {
            return Err(Missing::failed(format!("{what} has a series without the label le: does the query keep it?")));
        };
        let bound = parse(bound).filter(|bound| !bound.is_nan());
        let bound = bound.ok_or_else(|| Missing::failed(format!("{what} has a bound that is no number.")))?;
        cumulative.push((bound, sound(&what, count)?));
    }
    Ok((classic(&what, cumulative, unit)?, at))
}

/// Counts per bucket from cumulative ones, in any order.
pub fn classic(what: &str, mut cumulative: Vec<(f64, f64)>, unit: f64) -> Result<Buckets, Missing> {
    cumulative.sort_by(|a, b| a.0.total_cmp(&b.0));
    if let Some(pair) = cumulative.windows(2).find(|pair| pair[0].0.total_cmp(&pair[1].0).is_eq()) {
        return Err(Missing::failed(format!("{what} has two series for the bound {}.", pair[0].0)));
    }
    let Some((_, total)) = cumulative.pop().filter(|(bound, _)| *bound == f64::INFINITY) else {
        return Err(Missing::failed(format!("{what} has no bucket +Inf, which holds all requests.")));
    };
    cumulative.retain(|(bound, _)| *bound > 0.0);
    if cumulative.len() < 2 {
        return Err(Missing::failed(format!("{what} has fewer than two finite bounds.")));
    }
    let (mut below, mut counts) = (0.0_f64, Vec::with_capacity(cumulative.len() + 1));
    for count in cumulative.iter().map(|(_, count)| *count).chain([total]) {
        if count < below - total.max(below) * JITTER {
            let why = format!(
                "{what} falls from {below} to {count} where counts can only rise: buckets are missing or mixed."
            );
            return Err(Missing::failed(why));
        }
        counts.push((count - below).max(0.0));
        below = below.max(count);
    }
    Ok(Buckets { bounds: cumulative.into_iter().map(|(bound, _)| bound * unit).collect(), counts })
}

fn taken(what: &str, one: &Series, question: &Question) -> Result<Timestamp, Missing> {
    let at = instant(one.at).ok_or_else(|| Missing::failed(format!("{what} has a time that is none: {}.", one.at)))?;
    fresh(what, at, question)
}
