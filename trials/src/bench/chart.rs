//! Drawing a chart: what it took in WebAssembly, which `xtask` has run beforehand, and what it takes here.

use crate::report::{Table, median};
use anyhow::Context as _;
use chart::{Chart, Format, Ink, Kind, Line, Marker, Point, Side, Threshold, Unit, draw};
use serde::Deserialize;
use std::{hint::black_box, time::Instant};

const POINTS: i32 = 300;
const TIMES: usize = 300;

/// Milliseconds, and the size of the picture.
#[derive(Debug, Deserialize)]
struct Took {
    first: f64,
    median: f64,
    slow: f64,
    bytes: usize,
}

pub fn measure(in_wasm: Option<&str>) -> anyhow::Result<Table> {
    let told = in_wasm.context("charts are drawn in WebAssembly by `cargo xtask bench chart`: start it that way")?;
    let wasm: Took = serde_json::from_str(told).context("what charts took in WebAssembly cannot be read")?;
    let here = here()?;
    let mut table = Table::new("chart");
    table.claim(
        format!("{POINTS} points on each of two lines, drawn in WebAssembly"),
        format!("{:.2} ms, 99 of 100 within {:.2} ms", wasm.median, wasm.slow),
        "at most 1 ms",
        wasm.median <= 1.0,
    );
    table.row("the first one after loading, compiling included", format!("{:.1} ms", wasm.first));
    table.row("drawn by the server", format!("{here:.2} ms"));
    table.row("size of the picture, not compressed", format!("{} bytes", wasm.bytes));
    Ok(table)
}

fn here() -> anyhow::Result<f64> {
    let value = |n: i32, by: i32| Some(f64::from(n * by % 97) / 9_700.0);
    let at = |n: i32| i64::from(n) * 60;
    let canary = (0..POINTS).map(|n| {
        let point = Point::new(at(n), value(n, 37));
        Point { band: point.value.map(|rate| (rate * 0.5, rate * 1.5)), ..point }
    });
    let stable = (0..POINTS).map(|n| Point::new(at(n), value(n, 53)));
    let line = |label: &str, ink, points| Line { label: label.to_owned(), ink, dashed: ink == Ink::Baseline, points };
    let chart = Chart {
        title: "Nothing is wrong.".to_owned(),
        unit: Unit::Share,
        lines: vec![line("stable", Ink::Baseline, stable.collect()), line("canary", Ink::Canary, canary.collect())],
        threshold: Some(Threshold { value: 0.02, label: "rolls back above 2 %".to_owned(), side: Side::Above }),
        markers: vec![Marker { at: 0, label: "100 %".to_owned(), kind: Kind::Step }],
    };
    let took = (0..TIMES).map(|_| {
        let began = Instant::now();
        black_box(draw(black_box(&chart), Format::Wide));
        began.elapsed().as_secs_f64() * 1_000.0
    });
    median(&took.collect::<Vec<_>>()).context("nothing was drawn")
}
