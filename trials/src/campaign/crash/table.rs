//! What came of the cells, cell by cell and together.

use super::cell::{Cell, Tally};
use crate::score::Score;
use std::fmt::Write as _;

pub fn text(rows: &[(usize, Cell, Tally)]) -> String {
    let mut text = String::from(
        "\n| driver | point | way | runs | settled | parked | doubled | blind |\n|---|---|---|---:|---:|---:|---:|---:|\n",
    );
    let mut all = Tally::default();
    for (_, cell, tally) in rows {
        let Cell { driver, point, column } = cell;
        let _ = writeln!(text, "| {driver} | {point} | {} {}", column.name(), numbers(tally));
        all.add(tally);
    }
    let _ = writeln!(text, "| **all** | | {}", numbers(&all));
    text
}

fn numbers(tally: &Tally) -> String {
    let Tally { runs, settled, parked, doubled, blind, .. } = tally;
    format!("| {runs} | {settled} | {parked} | {doubled} | {blind} |")
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        self.settled += other.settled;
        self.parked += other.parked;
        self.doubled += other.doubled;
        self.blind += other.blind;
    }

    /// What must hold of each cell.
    pub fn judge(&self, cell: Cell, score: &mut Score) {
        let Self { runs, settled, parked, doubled, blind, wrong } = self;
        score.claim(*doubled == 0, || format!("{cell}: {doubled} effects happened twice"));
        score.claim(*blind == 0, || format!("{cell}: {blind} calls were repeated without asking"));
        score.claim(settled + parked == *runs, || format!("{cell}: of {runs} runs {settled} settled, {parked} parked"));
        score.claim(wrong.is_empty(), || format!("{cell}: {}", wrong.join("; ")));
    }
}
