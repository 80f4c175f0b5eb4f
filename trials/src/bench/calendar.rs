//! Two years of a calendar with fifty rules in five zones: from the rules to everything that happens.

use super::Bench;
use crate::report::{Table, median};
use anyhow::anyhow;
use domain::{
    Refusal, Timestamp,
    calendar::{Calendar, Kind, Period, Rule, RuleDraft, Voyage},
};
use std::time::Instant;

const RULES: usize = 50;
const CLAIM_MS: f64 = 20.0;
const ZONES: [&str; 5] =
    ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Europe/Berlin", "America/Santiago"];
const KINDS: [Kind; 5] = [Kind::Train, Kind::Blackout, Kind::Maintenance, Kind::Holiday, Kind::Freeze];
const REPEATS: [&str; 5] = [
    "FREQ=WEEKLY;BYDAY=FR",
    "FREQ=DAILY",
    "FREQ=WEEKLY;INTERVAL=4;BYDAY=SU",
    "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25",
    "FREQ=MONTHLY;BYDAY=-1TH",
];

pub fn measure(asked: &Bench) -> anyhow::Result<Table> {
    let rules = (0..RULES).map(rule).collect::<anyhow::Result<Vec<Rule>>>()?;
    let from: Timestamp = "2026-06-01T00:00:00Z".parse()?;
    let period = Period::new(from, "2028-06-01T00:00:00Z".parse()?)?;
    let calendar = Calendar::new(rules.clone()).map_err(|all| refused(&all))?;
    let voyage = Voyage::new("minor".parse()?, "production".parse()?).ready(from);
    let rounds = asked.rounds.max(1) * 5;
    let figures = |mut work: Box<dyn FnMut() + '_>| -> Vec<f64> {
        let once = |()| {
            let began = Instant::now();
            work();
            began.elapsed().as_secs_f64() * 1_000.0
        };
        std::iter::repeat_n((), rounds).map(once).collect()
    };
    let mut table = Table::new("calendar");
    table.row("occurrences in two years", calendar.occurrences(&period).len().to_string());
    let whole = figures(Box::new(|| {
        let made = Calendar::new(rules.clone()).unwrap_or_default();
        std::hint::black_box(made.occurrences(&period));
    }));
    claim(&mut table, "from the rules to all occurrences", &whole);
    claim(&mut table, "conflicts", &figures(Box::new(|| drop(std::hint::black_box(calendar.conflicts(&period))))));
    let openings = figures(Box::new(|| drop(std::hint::black_box(calendar.openings(&voyage, from, 10)))));
    claim(&mut table, "the next ten openings", &openings);
    Ok(table)
}

fn claim(table: &mut Table, what: &str, figures: &[f64]) {
    let middle = median(figures).unwrap_or(f64::NAN);
    let (low, high) = figures.iter().fold((f64::MAX, f64::MIN), |(low, high), f| (low.min(*f), high.max(*f)));
    table.claim(what, format!("{middle:.2} ms ({low:.2} to {high:.2})"), "≤ 20 ms", middle <= CLAIM_MS);
}

fn rule(n: usize) -> anyhow::Result<Rule> {
    let at = (n + n / 5) % 5;
    let mut draft = RuleDraft::new(format!("rule-{n}").parse()?, KINDS[at], &format!("Rule number {n}"));
    draft.starts = Some("2024-01-01".parse()?);
    draft.at = Some(format!("{:02}:30", n % 24).parse()?);
    draft.zone = Some(ZONES[n % 5].parse()?);
    draft.lasts = Some("2h".to_owned());
    draft.rrule = Some(REPEATS[at].parse()?);
    draft.days_before = (KINDS[at] == Kind::Holiday).then_some(2);
    draft.check().map_err(|all| refused(&all))
}

fn refused(refusals: &[Refusal]) -> anyhow::Error {
    anyhow!("{}", refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}
