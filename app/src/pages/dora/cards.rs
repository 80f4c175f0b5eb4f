//! The five figures, each with all that it takes to trust it; and what else is measured, in a table.

use super::{
    bars,
    filter::{address, stamp},
    model::{Seen, Told},
    words::{self, NO_DATA, rests_on, value},
};
use crate::components::Markup;
use control::dora::Words;
use domain::dora::{Band, Direction, Distribution, Figure, FigureName, Standing, Trend, Unit};

pub fn five(markup: Markup, told: &Told, seen: &Seen) -> Markup {
    let markup = markup.html("<div class=\"five\">");
    let names = FigureName::FIVE.into_iter();
    let markup = names.fold(markup, |markup, name| match seen.report.figure(name) {
        Some(figure) => card(markup, told, seen, name, figure),
        None => markup,
    });
    markup.html("</div>")
}

fn card(markup: Markup, told: &Told, seen: &Seen, name: FigureName, figure: &Figure) -> Markup {
    let markup = markup
        .html("<section class=\"card\" aria-labelledby=\"f-")
        .html(name.name())
        .html("\"><h2 id=\"f-")
        .html(name.name())
        .html("\">")
        .html(name.title())
        .html("</h2><p class=\"figure-value\">")
        .text(value(figure.unit, figure.point.value))
        .html("</p><p>")
        .text(rests_on(name, &figure.point))
        .html(".</p>");
    let markup = trend(markup, figure);
    let markup = left_out(markup, figure);
    let markup = standing(markup, told, name, figure);
    let markup = bars::bars(markup, name.title(), figure, &seen.report.buckets, seen.asked.query.now);
    let markup = spread(markup, name, figure.distribution.as_ref());
    let markup = markup.html("<p class=\"hint\">").html(name.definition()).html("</p><p class=\"actions\">");
    let markup = markup.html("<a class=\"button small\" href=\"").text(behind(seen, name));
    markup.html("\">The events behind it<span class=\"sr\">: ").html(name.title()).html("</span></a></p></section>")
}

/// The page of the events behind a figure, of just this period.
pub fn behind(seen: &Seen, name: FigureName) -> String {
    format!("/dora/{}?{}", name.name(), address(&exactly(seen)))
}

/// The same view with the instants of its period.
fn exactly(seen: &Seen) -> Words {
    let window = seen.report.window;
    let (period, from, to) = ("custom".to_owned(), stamp(window.starts), stamp(window.ends));
    Words { period, from, to, ..seen.asked.words.clone() }
}

fn trend(markup: Markup, figure: &Figure) -> Markup {
    let Trend { before, difference, direction } = figure.trend;
    let (class, word) = match direction {
        Direction::Better => ("better", "Better"),
        Direction::Worse => ("worse", "Worse"),
        Direction::Same => ("same", "As before"),
        Direction::Unknown => ("same", "No trend"),
    };
    let markup = markup.html("<p class=\"trend ").html(class).html("\"><b>").html(word).html("</b>: ");
    let markup = match difference {
        Some(difference) => {
            markup.text(change(figure.unit, difference)).html(" against ").text(value(figure.unit, before.value))
        }
        None => markup.html("there was ").text(value(figure.unit, before.value)),
    };
    markup.html(" before (n = ").text(before.n).html(").</p>")
}

/// A difference, with its sign.
fn change(unit: Unit, difference: f64) -> String {
    let sign = if difference < 0.0 { "−" } else { "+" };
    let size = difference.abs();
    match unit {
        Unit::Seconds => format!("{sign}{}", words::span(size)),
        Unit::Ratio => format!("{sign}{} points", words::short(size * 100.0)),
        Unit::PerDay => format!("{sign}{} a day", words::short(size)),
        Unit::PerRelease => format!("{sign}{}", words::short(size)),
    }
}

fn left_out(markup: Markup, figure: &Figure) -> Markup {
    if figure.excluded.iter().all(|excluded| excluded.n == 0) {
        return markup.html("<p class=\"meta\">Nothing was left out.</p>");
    }
    let there = figure.excluded.iter().filter(|excluded| excluded.n > 0);
    markup
        .html("<p class=\"meta\">Left out:</p><ul class=\"meta\">")
        .each(there, |markup, excluded| {
            markup.html("<li>").text(excluded.n).html(" – ").html(excluded.reason.words()).html("</li>")
        })
        .html("</ul>")
}

fn standing(markup: Markup, told: &Told, name: FigureName, figure: &Figure) -> Markup {
    let Some(standing) = told.edition.standing(name, &figure.point) else { return markup };
    let markup = markup.html("<p class=\"meta\">Beside the report of ").text(told.edition.year).html(": ");
    let markup = match standing {
        Standing::In(bands) => markup.html("in the range of ").text(all(&bands)),
        Standing::Nearest(band) => markup.html("nearest to the mean of ").html(word(band)),
        Standing::Between(worse, better) => {
            markup.html("between ").html(word(worse)).html(" and ").html(word(better)).html(", in the range of none")
        }
        Standing::Above(band) => markup.html("better than the range of ").html(word(band)),
        Standing::Beyond(band) => markup.html("worse than the range of ").html(word(band)),
    };
    markup.html(".</p>")
}

pub fn word(band: Band) -> &'static str {
    match band {
        Band::Elite => "elite",
        Band::High => "high",
        Band::Medium => "medium",
        Band::Low => "low",
    }
}

fn all(bands: &[Band]) -> String {
    let words: Vec<&str> = bands.iter().map(|band| word(*band)).collect();
    domain::text::list(&words)
}

/// How samples spread: an average alone hides the worst days.
fn spread(markup: Markup, name: FigureName, distribution: Option<&Distribution>) -> Markup {
    let Some(spread) = distribution else { return markup };
    let told = [
        ("fastest", spread.smallest),
        ("median", spread.p50),
        ("75 %", spread.p75),
        ("90 %", spread.p90),
        ("95 %", spread.p95),
        ("slowest", spread.largest),
    ];
    let markup = markup.html("<details><summary>How it spreads</summary><dl class=\"facts\">");
    let markup = markup.each(told, |markup, (name, seconds)| {
        markup.html("<dt>").html(name).html("</dt><dd>").text(words::span(seconds)).html("</dd>")
    });
    let markup = markup
        .html("</dl><div class=\"table-frame\" tabindex=\"0\" role=\"region\" aria-label=\"Spread of ")
        .html(name.title())
        .html("\"><table><thead><tr><th scope=\"col\">Shorter than</th>");
    let markup = markup.html("<th scope=\"col\">Samples</th></tr></thead><tbody>");
    markup
        .each(&spread.bins, |markup, bin| {
            let below = bin.below.map_or_else(|| "longer".to_owned(), words::span);
            markup.html("<tr><th scope=\"row\">").text(below).html("</th><td>").text(bin.n).html("</td></tr>")
        })
        .html("</tbody></table></div></details>")
}

/// What else is measured.
pub fn also(markup: Markup, seen: &Seen) -> Markup {
    let markup = markup
        .html("<section class=\"card\" aria-labelledby=\"also\"><h2 id=\"also\">Also measured</h2>")
        .html("<div class=\"table-frame\" tabindex=\"0\" role=\"region\" aria-label=\"What else is measured\">")
        .html("<table><thead><tr><th scope=\"col\">Figure</th><th scope=\"col\">Value</th>")
        .html("<th scope=\"col\">95 %</th><th scope=\"col\">Rests on</th><th scope=\"col\">Before</th>")
        .html("<th scope=\"col\">Left out</th></tr></thead><tbody>");
    let figures = FigureName::ALSO.into_iter().filter_map(|name| Some((name, seen.report.figure(name)?)));
    let markup = markup.each(figures, |markup, (name, figure)| {
        let left: u64 = figure.excluded.iter().map(|excluded| excluded.n).sum();
        let worst = figure.distribution.as_ref().map_or_else(|| "–".to_owned(), |d| words::span(d.p95));
        let markup = markup.html("<tr><th scope=\"row\"><a href=\"").text(behind(seen, name)).html("\">");
        let markup = markup.html(name.title()).html("</a></th><td>").text(value(figure.unit, figure.point.value));
        let markup = markup.html("</td><td>").text(worst).html("</td><td>").text(rests_on(name, &figure.point));
        let markup = markup.html("</td><td>").text(value(figure.unit, figure.trend.before.value));
        markup.html("</td><td>").text(left).html("</td></tr>")
    });
    let markup = markup.html("</tbody></table></div>");
    let mean = value(Unit::Seconds, seen.report.mean_time_to_restore);
    let markup = markup.html("<p class=\"meta\">Mean time to restore, beside the median: ").text(mean).html(".</p>");
    let open = seen.report.open_incidents;
    match (open.n, open.oldest_seconds) {
        (0, _) => markup.html("<p class=\"meta\">No incident that is known is open.</p>"),
        (n, age) => {
            #[expect(clippy::cast_precision_loss, reason = "seconds of an incident")]
            let age = age.map_or_else(|| NO_DATA.to_owned(), |seconds| words::span(seconds as f64));
            markup
                .html("<p><b>")
                .text(words::plural(n, "incident is open", "incidents are open"))
                .html("</b>, the oldest for ")
                .text(age)
                .html("; they are in no median.</p>")
        }
    }
    .html("</section>")
}
