//! Windows as the tables and captions of charts tell them.

use super::Pictured;
use chart::{Ink, Line, Point, Unit};
use domain::Timestamp;

/// One time, with what each line has there.
pub(super) struct Row {
    pub at: i64,
    pub time: String,
    /// In the order of the lines.
    pub values: Vec<String>,
    /// All of it as one sentence.
    pub says: String,
}

/// At most so many; the export has them all.
const ROWS: usize = chart::MOST / 2;

/// Those times at which the canary was lowest and highest, and where it has gaps, when there are too many.
pub(super) fn rows(picture: &Pictured) -> Vec<Row> {
    let lines = &picture.chart.lines;
    let leading = lines.iter().find(|line| line.ink == Ink::Canary).or(lines.last());
    let Some(leading) = leading else { return Vec::new() };
    let times = chart::thinned(&leading.points, ROWS).into_iter().map(|point| point.at);
    times.map(|at| row(at, lines, picture.chart.unit)).collect()
}

fn row(at: i64, lines: &[Line], unit: Unit) -> Row {
    let time = Timestamp::from_timestamp(at, 0).map_or_else(String::new, |at| at.format("%H:%M:%S").to_string());
    let point = |line: &Line| {
        // Points are in order of time.
        let place = line.points.binary_search_by_key(&at, |point| point.at).ok()?;
        line.points.get(place).copied()
    };
    let values: Vec<String> = lines.iter().map(|line| value(point(line), unit)).collect();
    let told = lines.iter().zip(&values).rev().map(|(line, value)| format!("{} {value}", name(line.ink)));
    let says = format!("{time} UTC: {}", told.collect::<Vec<_>>().join(", "));
    Row { at, time, values, says }
}

fn value(point: Option<Point>, unit: Unit) -> String {
    let Some((value, point)) = point.and_then(|point| Some((point.value?, point))) else { return "no data".to_owned() };
    match point.band {
        Some((low, high)) => format!("{} ({} to {})", unit.say(value), unit.say(low), unit.say(high)),
        None => unit.say(value),
    }
}

/// What the line of this ink is called.
pub const fn name(ink: Ink) -> &'static str {
    match ink {
        Ink::Canary => "canary",
        Ink::Baseline => "stable",
    }
}
