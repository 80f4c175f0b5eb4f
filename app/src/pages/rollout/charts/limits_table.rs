//! What the playbook asks of the figures, line by line: target, alert, what is, and where it goes.

use super::model::Charts;
use crate::{components::Markup, icons::Icon};
use chart::{Unit, spark};
use domain::{
    judge::rules::{Row, Standing},
    playbook::{Limit, Measure, Playbook, Purpose, Signal, Threshold},
};

/// A trend goes over so many windows.
const WINDOWS: usize = 40;

/// A heading and a table; nothing where no limit of the playbook holds.
pub(super) fn limits_table(markup: Markup, charts: &Charts) -> Markup {
    let Some(playbook) = charts.playbook() else { return markup };
    let rows = charts.rows(0).unwrap_or_default();
    if rows.is_empty() {
        return markup;
    }
    let markup = markup.html("<h3 id=\"limits-title\">What the playbook asks for</h3>");
    let markup =
        markup.html("<div class=\"table-frame\" tabindex=\"0\" role=\"region\" aria-labelledby=\"limits-title\">");
    let markup =
        markup.html("<table class=\"limits\"><thead><tr><th scope=\"col\">Figure</th><th scope=\"col\">Target</th>");
    let markup = markup
        .html("<th scope=\"col\">Alert</th><th scope=\"col\">Actual</th><th scope=\"col\">Trend</th></tr></thead>");
    let markup = markup.html("<tbody>").each(rows, |markup, row| line(markup, charts, playbook, row));
    markup.html("</tbody></table></div>")
}

fn line(markup: Markup, charts: &Charts, playbook: &Playbook, row: &Row) -> Markup {
    let signal = playbook.signals.iter().find(|signal| signal.id == row.signal);
    let threshold = playbook.thresholds.iter().find(|threshold| threshold.id == row.rule);
    let purpose = threshold.map(|threshold| threshold.purpose);
    let markup = markup.html("<tr><th scope=\"row\">");
    let markup = match signal {
        Some(signal) => markup.text(&signal.title),
        None => markup.text(&row.rule),
    };
    let markup = markup.html("<br><span class=\"meta\">").html(purpose.map_or("", meaning)).html("</span></th><td>");
    let goes_back = purpose == Some(Purpose::RollBack);
    let markup = if goes_back { markup.html("–") } else { limit(markup, row.limit, row, signal) };
    let markup = markup.html("</td><td>");
    let markup = match (goes_back, row.alert) {
        (true, _) => lasting(limit(markup, row.limit, row, signal), threshold),
        (false, Some(alert)) => lasting(markup.text(alert), threshold),
        (false, None) => markup.html("–"),
    };
    let markup = actual(markup.html("</td><td>"), row, signal).html("</td><td>");
    trend(markup, charts, row, signal).html("</td></tr>")
}

const fn meaning(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Promote => "for the next phase",
        Purpose::RollBack => "beyond it, back",
        Purpose::Watch => "while people watch",
        Purpose::Validate => "after everything has moved",
    }
}

/// As the playbook has it, and the number that it stands for where that depends on the old version.
fn limit(markup: Markup, limit: Limit, row: &Row, signal: Option<&Signal>) -> Markup {
    let markup = markup.text(limit);
    match row.bound.filter(|_| limit.bound.is_relative()) {
        Some(bound) => markup.html("<br><span class=\"meta\">now ").text(say(bound, signal)).html("</span>"),
        None => markup,
    }
}

fn lasting(markup: Markup, threshold: Option<&Threshold>) -> Markup {
    match threshold.and_then(|threshold| threshold.lasting) {
        Some(span) => markup.html("<br><span class=\"meta\">for ").text(span).html("</span>"),
        None => markup,
    }
}

fn actual(markup: Markup, row: &Row, signal: Option<&Signal>) -> Markup {
    let badge = |markup: Markup, class: &'static str, icon: Icon, word: &'static str| {
        let markup = markup.html(" <span class=\"badge ").html(class).html("\">").icon(icon).html("<span>");
        markup.html(word).html("</span></span>")
    };
    let Some(value) = row.actual else {
        let markup = markup.html("<span class=\"meta\">not known");
        return match &row.why {
            Some(why) => markup.html(": ").text(why).html("</span>"),
            None => markup.html("</span>"),
        };
    };
    let markup = markup.html("<b>").text(say(value, signal)).html("</b>");
    match row.standing {
        Standing::Kept => badge(markup, "passed", Icon::CHECK, "kept"),
        Standing::Breaking => badge(markup, "warning", Icon::TRIANGLE_ALERT, "not kept"),
        Standing::Broken => badge(markup, "failed", Icon::OCTAGON_X, "broken"),
        Standing::NotKnown => markup,
    }
}

fn trend(markup: Markup, charts: &Charts, row: &Row, signal: Option<&Signal>) -> Markup {
    let past: Vec<Option<f64>> = (0..WINDOWS)
        .rev()
        .map_while(|back| charts.rows(back).map(|rows| (back, rows)))
        .map(|(_, rows)| rows.iter().find(|other| other.rule == row.rule).and_then(|row| row.actual))
        .collect();
    let mut known = past.iter().flatten().copied();
    let (Some(first), Some(last)) = (known.next(), known.last()) else { return markup.html("–") };
    let (from, to) = (say(first, signal), say(last, signal));
    let markup = markup.made(&spark(&past)).html(" <span class=\"meta\">");
    let markup = if from == to {
        markup.html("steady")
    } else {
        markup.html(if last > first { "up from " } else { "down from " }).text(from)
    };
    markup.html("</span>")
}

fn say(value: f64, signal: Option<&Signal>) -> String {
    match signal.map(|signal| signal.measures) {
        Some(Measure::Latency) => Unit::Milliseconds.say(value),
        Some(Measure::Throughput) => Unit::PerSecond.say(value),
        Some(Measure::Lasting) => format!("{value:.0} s"),
        Some(Measure::Count) | None => format!("{value}"),
        Some(_) => Unit::Share.say(value),
    }
}
