//! The published tables as a picture: what each judge takes away without need, and what it finds.

use super::NAMES;
use anyhow::Context as _;
use std::fmt::Write as _;

const WIDE: f64 = 760.0;
/// Where bars begin, and how long one of 100 % is.
const LEFT: f64 = 130.0;
const LONG: f64 = 480.0;
const ROW: f64 = 46.0;
const TOP: f64 = 64.0;

/// A judge with its two figures, from 0 to 100.
struct Bars {
    name: &'static str,
    /// Of harmless rollouts, in the cell where it does worst.
    taken: f64,
    /// Of harmful rollouts, over all cells.
    found: f64,
}

/// An SVG of what the tables say.
pub(super) fn draw(page: &str) -> anyhow::Result<String> {
    let all = read(page)?;
    let high = TOP + ROW * f64::from(u32::try_from(all.len())?) + 20.0;
    let title = all.iter().map(|bars| {
        format!(
            "{}: at most {:.1} % of harmless rollouts taken back, {:.1} % of harmful ones found",
            bars.name, bars.taken, bars.found
        )
    });
    let title = title.collect::<Vec<_>>().join("; ");
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDE} {high}\" role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n\
         <title>{title}</title>\n\
         <style>text{{fill:#1f2430}}.taken{{fill:#b3261e}}.found{{fill:#2f5fd0}}.rail{{fill:#8884}}\
         @media(prefers-color-scheme:dark){{text{{fill:#e6e8ee}}.taken{{fill:#ff8a80}}.found{{fill:#8fb0ff}}}}</style>\n"
    );
    let _ = writeln!(svg, "<rect class=\"taken\" x=\"{LEFT}\" y=\"14\" width=\"12\" height=\"12\"/>");
    let _ = writeln!(svg, "<text x=\"{}\" y=\"25\">harmless, taken back: the worst cell</text>", LEFT + 18.0);
    let _ = writeln!(svg, "<rect class=\"found\" x=\"{LEFT}\" y=\"34\" width=\"12\" height=\"12\"/>");
    let _ =
        writeln!(svg, "<text x=\"{}\" y=\"45\">harmful, found within four hours: over all cells</text>", LEFT + 18.0);
    let mut y = TOP;
    for bars in &all {
        let _ =
            writeln!(svg, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>", LEFT - 10.0, y + 20.0, bars.name);
        for (class, percent, y) in [("taken", bars.taken, y), ("found", bars.found, y + 16.0)] {
            let _ = writeln!(svg, "<rect class=\"rail\" x=\"{LEFT}\" y=\"{y}\" width=\"{LONG}\" height=\"12\"/>");
            let wide = percent * LONG / 100.0;
            let _ = writeln!(svg, "<rect class=\"{class}\" x=\"{LEFT}\" y=\"{y}\" width=\"{wide:.1}\" height=\"12\"/>");
            let _ = writeln!(svg, "<text x=\"{}\" y=\"{}\">{percent:.1} %</text>", LEFT + LONG + 10.0, y + 11.0);
        }
        y += ROW;
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

/// The figures of both tables, judge by judge.
fn read(page: &str) -> anyhow::Result<Vec<Bars>> {
    let (harmless, harmful) = page.split_once("| Harmful").context("there is no table of harmful rollouts")?;
    let (harmless, harmful) = (rows(harmless)?, rows(harmful)?);
    anyhow::ensure!(!harmless.is_empty() && !harmful.is_empty(), "a table has no rows");
    let bars = NAMES.into_iter().enumerate().map(|(at, name)| {
        let taken = harmless.iter().filter_map(|row| row.get(at)).copied().fold(0.0, f64::max);
        let found: f64 = harmful.iter().filter_map(|row| row.get(at)).sum();
        #[expect(clippy::cast_precision_loss, reason = "a few dozen cells")]
        let cells = harmful.len() as f64;
        Bars { name, taken, found: found / cells }
    });
    Ok(bars.collect())
}

/// Cells of a table: “12.3 % (10–15), 4 min” is 12.3.
fn rows(table: &str) -> anyhow::Result<Vec<Vec<f64>>> {
    let lines = table.lines().filter(|line| line.contains(" % ("));
    let row = |line: &str| {
        let cells = line.trim_matches('|').split('|').skip(2);
        let cells = cells.map(|cell| {
            let (percent, _) = cell.split_once('%').with_context(|| format!("no share in “{cell}”"))?;
            percent.trim().parse().with_context(|| format!("no number in “{cell}”"))
        });
        cells.collect::<anyhow::Result<Vec<f64>>>()
    };
    lines.map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn the_worst_harmless_cell_and_the_mean_of_harmful_ones_are_drawn() -> anyhow::Result<()> {
        let page = "| Harmless: rolled back | requests/min | a | b | c | d | e |\n|---|---:|---|---|---|---|---|\n\
            | good | 10 | 0.0 % (0–1) | 1.5 % (0–1) | 0.0 % (0–1) | 0.0 % (0–1) | 0.0 % (0–1) |\n\
            | good | 100 | 0.2 % (0–1) | 0.5 % (0–1) | 0.0 % (0–1) | 0.0 % (0–1) | 0.0 % (0–1) |\n\
            \n| Harmful: found | requests/min | a | b | c | d | e |\n|---|---:|---|---|---|---|---|\n\
            | bad | 10 | 50.0 % (0–1), 7 min | 0.0 % (0–1) | 0.0 % (0–1) | 0.0 % (0–1) | 0.0 % (0–1) |\n\
            | bad | 100 | 100.0 % (0–1), 1 min | 0.0 % (0–1) | 0.0 % (0–1) | 0.0 % (0–1) | 0.0 % (0–1) |\n";
        let bars = read(page)?;
        let figures: Vec<(f64, f64)> = bars.iter().map(|bars| (bars.taken, bars.found)).collect();
        assert_eq!(figures[..2], [(0.2, 75.0), (1.5, 0.0)]);
        Ok(())
    }
}
