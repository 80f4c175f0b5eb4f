//! The cases of `golden.toml`: facts, what the definitions make of them by hand, and what the columns say.

use crate::{
    random::MEASURED,
    reference::{Histories, count, measure},
};
use domain::{
    Timestamp,
    calendar::{Stretch, ZoneName},
    dora::{
        Book, Change, Deployment, Figure, FigureName, Incident, Kind, Moments, Outcome, Point, Query, Report, Width,
    },
    slug::ProductSlug,
};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Table {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    why: String,
    facts: String,
    from: Option<String>,
    to: Option<String>,
    now: Option<String>,
    zone: Option<ZoneName>,
    env: Option<String>,
    bucket: Option<Width>,
    products: Option<Vec<ProductSlug>>,
    rework_counts: Option<bool>,
    open_incidents: Option<String>,
    #[serde(default)]
    before: BTreeMap<FigureName, String>,
    #[serde(default)]
    direction: BTreeMap<FigureName, String>,
    #[serde(default)]
    points: BTreeMap<FigureName, Vec<String>>,
    #[serde(flatten)]
    expected: BTreeMap<FigureName, String>,
}

fn table() -> Vec<Case> {
    toml::from_str::<Table>(include_str!("golden.toml")).expect("golden.toml").case
}

fn at(text: &str) -> Timestamp {
    format!("{text}:00Z").parse().unwrap_or_else(|no| panic!("{text}: {no}"))
}

impl Case {
    fn query(&self) -> Query {
        let or = |text: &Option<String>, default: &str| at(text.as_deref().unwrap_or(default));
        let window = Stretch { starts: or(&self.from, "2026-03-01T00:00"), ends: or(&self.to, "2026-03-31T00:00") };
        let env = self.env.as_deref().unwrap_or("production").parse().expect("a name");
        let mut query = Query::new(env, window, or(&self.now, "2026-04-10T00:00")).full();
        query.rework_counts = self.rework_counts.unwrap_or(true);
        query.products = self.products.clone().map(|products| products.into_iter().collect());
        let zone = self.zone.clone().unwrap_or_else(ZoneName::utc);
        let buckets = self.bucket.map_or_else(Vec::new, |width| width.cut(window, &zone).expect("few buckets"));
        query.cut(buckets)
    }

    fn histories(&self) -> Histories {
        let mut histories = Histories::new();
        for line in self.facts.lines().filter(|line| !line.trim().is_empty()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let option = |key: &str| words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
            let product = option("product").unwrap_or("shop").parse().expect("a name");
            let env = option("env").unwrap_or("production").parse().expect("a name");
            let text = |key: &str| option(key).map(str::to_owned);
            let history = histories.entry(product).or_default();
            match words[0] {
                "change" => history.changes.push(Change {
                    id: words[1].to_owned(),
                    committed_at: at(words[2]),
                    merged_at: option("merged").map(at),
                }),
                "deploy" => history.deployments.push(Deployment {
                    id: words[1].to_owned(),
                    env,
                    version: "1.0.0".to_owned(),
                    started_at: match option("start") {
                        Some("unknown") => None,
                        start => Some(at(start.unwrap_or(words[3]))),
                    },
                    finished_at: at(words[3]),
                    outcome: if words.contains(&"failed") { Outcome::Failed } else { Outcome::Success },
                    kind: match words[2] {
                        "regular" => Kind::Regular,
                        "hotfix" => Kind::Hotfix,
                        "rollback" => Kind::Rollback,
                        other => panic!("kind {other}"),
                    },
                    changes: option("holds").map_or_else(Vec::new, |ids| ids.split(',').map(str::to_owned).collect()),
                    remediates: text("of"),
                    moments: Some(Box::new(Moments {
                        release_started_at: option("release").map(at),
                        approval_asked_at: option("asked").map(at),
                        approved_at: option("approved").map(at),
                        fault_at: option("fault").map(at),
                        detected_at: option("detected").map(at),
                        decided_at: option("decided").map(at),
                        executed_at: option("executed").map(at),
                        verified_at: option("verified").map(at),
                    })),
                }),
                "incident" => history.incidents.push(Incident {
                    id: words[1].to_owned(),
                    env,
                    severity: "sev2".to_owned(),
                    started_at: at(words[2]),
                    resolved_at: option("until").map(at),
                    deployment: text("names"),
                }),
                other => panic!("fact {other}"),
            }
        }
        histories
    }
}

/// `26 h`, `3/7`, `nothing`.
fn value(text: &str) -> Option<f64> {
    let number = |text: &str| text.parse::<f64>().unwrap_or_else(|no| panic!("{text}: {no}"));
    if text == "nothing" {
        return None;
    }
    if let Some((part, whole)) = text.split_once('/') {
        return Some(number(part) / number(whole));
    }
    let Some((amount, unit)) = text.split_once(' ') else { return Some(number(text)) };
    let seconds = match unit {
        "s" => 1.0,
        "min" => 60.0,
        "h" => 3_600.0,
        "d" => 86_400.0,
        other => panic!("unit {other}"),
    };
    Some(number(amount) * seconds)
}

fn holds(point: &Point, expected: &str, what: &str) {
    let (told, n) = expected.rsplit_once(" of ").expect(what);
    assert_eq!(point.n, n.parse::<u64>().expect(what), "{what}: n");
    let close = match (point.value, value(told)) {
        (None, None) => true,
        (Some(found), Some(wanted)) => (found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0),
        _ => false,
    };
    assert!(close, "{what}: found {:?}, by hand {told}", point.value);
}

fn figure<'a>(report: &'a Report, name: FigureName, what: &str) -> &'a Figure {
    report.figure(name).unwrap_or_else(|| panic!("{what}: no {name:?}"))
}

fn check(case: &Case, report: &Report) {
    for (name, expected) in &case.expected {
        let what = format!("{}, {name:?} ({})", case.name, case.why);
        let (told, left_out) = expected.split_once("; ").unwrap_or((expected, ""));
        let figure = figure(report, *name, &what);
        holds(&figure.point, told, &what);
        for part in left_out.split(", ").filter(|part| !part.is_empty()) {
            let (reason, n) = part.split_once(' ').expect(&what);
            let found = figure.excluded.iter().find(|e| serde_json::to_value(e.reason).expect(&what) == reason);
            assert_eq!(found.map(|e| e.n.to_string()), Some(n.to_owned()), "{what}: {reason}");
        }
        let named = left_out.split(", ").filter(|part| !part.is_empty()).count();
        let found = figure.excluded.iter().filter(|e| e.n > 0 || named > 0).count();
        assert!(named == 0 || found == named, "{what}: left out {:?}", figure.excluded);
    }
    for (name, expected) in &case.before {
        holds(&figure(report, *name, &case.name).trend.before, expected, &format!("{}, {name:?} before", case.name));
    }
    for (name, expected) in &case.direction {
        let direction = figure(report, *name, &case.name).trend.direction;
        assert_eq!(serde_json::to_value(direction).expect("a word"), **expected, "{}, {name:?}", case.name);
    }
}

fn check_points(case: &Case, query: &Query, report: &Report) {
    for (name, expected) in &case.points {
        let points = &figure(report, *name, &case.name).points;
        assert_eq!(points.len(), expected.len(), "{}: {:?}", case.name, report.buckets);
        for ((bucket, point), expected) in report.buckets.iter().zip(points).zip(expected) {
            let what = format!("{}, {name:?}, {} ({})", case.name, bucket.name, case.why);
            let (bucket_name, told) = expected.split_once(": ").expect(&what);
            let partial = if bucket.is_partial(query.now) { "*" } else { "" };
            assert_eq!(format!("{}{partial}", bucket.name), bucket_name, "{what}");
            holds(point, told, &what);
        }
    }
}

#[test]
fn the_table_holds() {
    for case in table() {
        let (query, mut book) = (case.query(), Book::default());
        for (product, history) in &case.histories() {
            book.set(product, history);
        }
        let report = book.report(&query);
        check(&case, &report);
        check_points(&case, &query, &report);
        if let Some(expected) = &case.open_incidents {
            let open = report.open_incidents;
            let since = open.oldest_since.map(|at| at.format("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default();
            assert_eq!(&format!("{} since {since}", open.n), expected, "{}", case.name);
            let age = open.oldest_since.map(|at| (query.now - at).num_seconds());
            assert_eq!(open.oldest_seconds, age, "{}", case.name);
        }
        book.gather();
        assert_eq!(book.report(&query), report, "{}, gathered", case.name);
    }
}

#[test]
fn the_slow_arithmetic_holds_the_table_too() {
    for case in table() {
        let (query, histories) = (case.query(), case.histories());
        for (name, expected) in case.expected.iter().filter(|(name, _)| MEASURED.contains(name)) {
            let told = expected.split_once("; ").map_or(expected.as_str(), |(told, _)| told);
            let (point, _) = measure(&histories, &query, *name, query.window);
            holds(&point, told, &format!("{}, {name:?}", case.name));
        }
    }
}

#[test]
fn there_are_at_least_sixty_cases_each_with_its_reasoning() {
    let cases = table();
    assert!(cases.len() >= 60, "{}", cases.len());
    let mut names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), cases.len(), "each has a name of its own");
    let checks: usize = cases.iter().map(|c| c.expected.len() + c.points.len() + c.before.len()).sum();
    assert!(cases.iter().all(|case| !case.why.is_empty() && case.expected.len() + case.points.len() > 0));
    assert!(count(checks as u64) > 120.0, "{checks} figures worked out by hand");
}
