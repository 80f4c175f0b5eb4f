//! What was measured, as a table on the screen and in docs/performance.md.

use anyhow::Context as _;
use std::{fmt::Write as _, path::Path};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/performance.md");
/// Where the judge's simulation is shown.
pub const JUDGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/judge.md");

const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/judge.svg");

/// The figures of one measurement.
#[derive(Debug)]
pub struct Table {
    /// As it stands in the markers of the page.
    pub name: &'static str,
    rows: Vec<[String; 3]>,
    missed: Vec<String>,
}

impl Table {
    pub fn new(name: &'static str) -> Self {
        Self { name, rows: Vec::new(), missed: Vec::new() }
    }

    pub fn row(&mut self, what: impl Into<String>, figure: impl Into<String>) {
        self.rows.push([what.into(), figure.into(), String::new()]);
    }

    /// A figure of which something is claimed.
    pub fn claim(&mut self, what: impl Into<String>, figure: impl Into<String>, claim: &str, holds: bool) {
        let (what, figure) = (what.into(), figure.into());
        if !holds {
            self.missed.push(format!("{what}: {figure}, claimed is {claim}"));
        }
        let verdict = if holds { "holds" } else { "**missed**" };
        self.rows.push([what, figure, format!("{claim}: {verdict}")]);
    }

    /// What was claimed and does not hold.
    pub fn missed(&self) -> &[String] {
        &self.missed
    }

    pub fn markdown(&self) -> String {
        let mut text = String::from("| what | measured | claim |\n|---|---|---|\n");
        for [what, figure, claim] in &self.rows {
            let _ = writeln!(text, "| {what} | {figure} | {claim} |");
        }
        text
    }

    /// Rewrites the part of the page that belongs to this measurement.
    pub fn record(&self) -> anyhow::Result<()> {
        put(PAGE, self.name, &self.markdown())
    }
}

/// Puts a text between the markers of a measurement on a page.
pub fn put(page: &str, name: &str, text: &str) -> anyhow::Result<()> {
    let before = std::fs::read_to_string(page).with_context(|| format!("{page} cannot be read"))?;
    let (begin, end) = (format!("<!-- bench {name} -->\n"), format!("<!-- /bench {name} -->"));
    let (head, rest) = before.split_once(&begin).with_context(|| format!("the page has no place for {begin}"))?;
    let (_, tail) = rest.split_once(&end).with_context(|| format!("the page has no {end}"))?;
    let text = format!("{head}{begin}\n{}\n{text}\n{end}{tail}", circumstances());
    Ok(std::fs::write(Path::new(page), text)?)
}

/// What stands between the markers of the judge's simulation.
pub fn published(name: &str) -> anyhow::Result<String> {
    let page = std::fs::read_to_string(JUDGE).with_context(|| format!("{JUDGE} cannot be read"))?;
    let (_, rest) = page.split_once(&format!("<!-- bench {name} -->")).context("the page has no place for it")?;
    let (text, _) = rest.split_once(&format!("<!-- /bench {name} -->")).context("the page has no end of it")?;
    Ok(text.to_owned())
}

/// The picture beside the tables of the judge's simulation.
pub fn draw(svg: &str) -> anyhow::Result<()> {
    Ok(std::fs::write(PICTURE, svg)?)
}

/// When and on what; never where.
fn circumstances() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes = memory.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
    let day = crate::seed::now().format("%Y-%m-%d");
    format!("Measured on {day}, on {cores} cores with {} GB of memory.\n", kilobytes.div_ceil(1024 * 1024))
}

/// The middle one; of an even count the lower of the two in the middle.
pub fn median<T: PartialOrd + Copy>(figures: &[T]) -> Option<T> {
    let mut sorted = figures.to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    sorted.get(sorted.len().saturating_sub(1) / 2).copied()
}

/// The smallest and the greatest, to see how much to believe the median.
pub fn spread(figures: &[f64]) -> String {
    let (low, high) = figures.iter().fold((f64::MAX, f64::MIN), |(low, high), f| (low.min(*f), high.max(*f)));
    format!("{low:.0} to {high:.0}")
}

#[expect(clippy::cast_precision_loss, reason = "megabytes shown to one decimal")]
pub fn megabytes(kilobytes: u64) -> String {
    format!("{:.1} MB", kilobytes as f64 / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::{Table, median};

    #[test]
    fn the_median_is_one_of_the_figures() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4, 1, 2, 3]), Some(2));
        assert_eq!(median::<u64>(&[]), None);
    }

    #[test]
    fn a_missed_claim_is_told() {
        let mut table = Table::new("test");
        table.claim("share", "20 %", "≥ 15 %", true);
        table.claim("size", "300 KB", "≤ 280 KB", false);
        assert_eq!(table.missed(), ["size: 300 KB, claimed is ≤ 280 KB"]);
        assert!(table.markdown().contains("| share | 20 % | ≥ 15 %: holds |"));
    }
}
