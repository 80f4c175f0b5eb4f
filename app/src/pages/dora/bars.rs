//! A chart of buckets: one bar each. Where there is nothing there is no bar and a mark below the line; 0 is a line on it.

use super::words;
use crate::components::Markup;
use domain::{
    Timestamp,
    dora::{Bucket, Figure},
};
use std::fmt::Write as _;

const WIDE: f64 = 1_000.0;
const HIGH: f64 = 100.0;
/// The line that bars stand on; marks of gaps hang below it.
const FLOOR: f64 = 92.0;
/// A bar of 0 can still be seen.
const LEAST: f64 = 1.5;
/// More rows than this are for the export.
const MOST_ROWS: usize = 130;

pub fn bars(markup: Markup, title: &'static str, figure: &Figure, buckets: &[Bucket], now: Timestamp) -> Markup {
    if buckets.is_empty() {
        return markup;
    }
    let values = || figure.points.iter().filter_map(|point| point.value);
    let (most, lowest) = (values().fold(0.0_f64, f64::max), values().fold(0.0_f64, f64::min));
    let gaps = figure.points.iter().filter(|point| point.value.is_none()).count();
    let drawn = drawing(figure, buckets, now, most - lowest, -lowest);
    let said = format!(
        "{title} in {} parts, at most {}; {}",
        buckets.len(),
        words::value(figure.unit, values().reduce(f64::max)),
        match gaps {
            0 => "data in all of them".to_owned(),
            n => format!("no data in {n} of them"),
        }
    );
    let markup = markup
        .html("<figure class=\"buckets\"><svg viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"")
        .text(&said)
        .html("\"><path class=\"axis\" d=\"M0 92H1000\"/><path class=\"bar\" d=\"")
        .text(drawn.whole)
        .html("\"/><path class=\"bar partial\" d=\"")
        .text(drawn.partial)
        .html("\"/><path class=\"gap\" d=\"")
        .text(drawn.gaps)
        .html("\"/></svg><figcaption class=\"meta\"><span>");
    let (first, last) = (buckets.first(), buckets.last());
    let markup = markup.text(first.map_or("", |bucket| &bucket.name)).html("</span><span>highest: ");
    let markup = markup.text(words::value(figure.unit, values().reduce(f64::max))).html("</span><span>");
    let markup = markup.text(last.map_or("", |bucket| &bucket.name)).html("</span></figcaption></figure>");
    rows(markup, title, figure, buckets, now)
}

struct Drawing {
    whole: String,
    partial: String,
    gaps: String,
}

fn drawing(figure: &Figure, buckets: &[Bucket], now: Timestamp, range: f64, below: f64) -> Drawing {
    let mut drawing = Drawing { whole: String::new(), partial: String::new(), gaps: String::new() };
    #[expect(clippy::cast_precision_loss, reason = "a chart has some hundred buckets")]
    let step = WIDE / buckets.len() as f64;
    let scale = |value: f64| if range > 0.0 { value / range * (FLOOR - 2.0) } else { 0.0 };
    let floor = FLOOR - scale(below);
    let mut left = 0.0;
    for (bucket, point) in buckets.iter().zip(&figure.points) {
        let (from, to) = (left + step * 0.1, left + step * 0.9);
        left += step;
        // Writing to a String cannot fail.
        let _ = match point.value {
            None => write!(drawing.gaps, "M{from:.1} {:.1}H{to:.1}", HIGH - 3.0),
            Some(value) => {
                let high = scale(value);
                let high = if high.abs() < LEAST { LEAST } else { high };
                let path = if bucket.is_partial(now) { &mut drawing.partial } else { &mut drawing.whole };
                write!(path, "M{from:.1} {floor:.1}V{:.1}H{to:.1}V{floor:.1}Z", floor - high)
            }
        };
    }
    drawing
}

fn rows(markup: Markup, title: &'static str, figure: &Figure, buckets: &[Bucket], now: Timestamp) -> Markup {
    let markup = markup.html("<details><summary>The numbers</summary>");
    if buckets.len() > MOST_ROWS {
        return markup.html("<p class=\"meta\">Too many to list here; the CSV above has them all.</p></details>");
    }
    let markup = markup
        .html("<div class=\"table-frame\" tabindex=\"0\" role=\"region\" aria-label=\"Numbers of ")
        .html(title)
        .html("\"><table><thead><tr><th scope=\"col\">Part</th><th scope=\"col\">Value</th>")
        .html("<th scope=\"col\">Rests on</th></tr></thead><tbody>");
    markup
        .each(buckets.iter().zip(&figure.points), |markup, (bucket, point)| {
            let markup = markup.html("<tr><th scope=\"row\">").text(&bucket.name);
            let markup = markup.html(if bucket.is_partial(now) { " (partial)" } else { "" }).html("</th><td>");
            markup.text(words::value(figure.unit, point.value)).html("</td><td>").text(point.n).html("</td></tr>")
        })
        .html("</tbody></table></div></details>")
}

#[cfg(test)]
mod tests {
    use super::bars;
    use crate::components::Markup;
    use domain::{
        calendar::Stretch,
        dora::{Bucket, Direction, Figure, Point, Trend, Unit},
    };

    #[test]
    fn nothing_is_a_gap_and_zero_is_a_bar() {
        let at = |n: u32| format!("2026-03-0{n}T00:00:00Z").parse().unwrap();
        let bucket = |n: u32| {
            let whole = Stretch { starts: at(n), ends: at(n + 1) };
            Bucket { name: format!("day {n}"), whole, within: whole }
        };
        let point = |value| Point { value, n: u64::from(value.is_some()), of: None };
        let points = vec![point(None), point(Some(0.0)), point(Some(1.0))];
        let trend = Trend { before: point(None), difference: None, direction: Direction::Unknown };
        let figure =
            Figure { unit: Unit::Ratio, point: point(Some(0.5)), excluded: vec![], trend, distribution: None, points };
        let buckets = [bucket(1), bucket(2), bucket(3)];
        let drawn = bars(Markup::new(), "Change fail rate", &figure, &buckets, at(9)).into_string();
        assert!(drawn.contains("no data in 1 of them"), "{drawn}");
        let path =
            |class: &str| drawn.split(&format!("class=\"{class}\" d=\"")).nth(1).and_then(|p| p.split('"').next());
        assert_eq!(path("gap").map(|p| p.matches('M').count()), Some(1));
        assert_eq!(path("bar").map(|p| p.matches('M').count()), Some(2));
        assert!(drawn.contains("<td>no data</td><td>0</td>") && drawn.contains("<td>0 %</td><td>1</td>"), "{drawn}");
    }
}
