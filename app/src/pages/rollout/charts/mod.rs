//! The new version beside the one that ran before, window by window: error rate, latency, throughput and what the playbook
//! measures of the machines. Drawn here, so that a browser without scripts sees the same.

mod limits;
mod limits_table;
mod model;

pub use model::{Charts, Part};

use crate::{
    components::{Markup, figure},
    icons::Icon,
};
use domain::rollout::Rollout;
use model::PARTS;

/// A heading, the charts, and where the numbers are to be had. One `<div>`; none while nothing was judged.
pub(crate) fn charts(charts: &Charts, page: &str) -> Option<Markup> {
    let last = charts.seen.windows.last()?;
    let rollout = &charts.rollout;
    let markup = Markup::with_room_for(64 * 1_024).html("<div><h2>Canary against baseline</h2>");
    let markup = markup.html("<p>").text(&last.kept.said).html("</p><p class=\"meta\">Judged ").time(last.at);
    let markup = markup.html(" over ").text(charts.seen.windows.len()).html(match charts.seen.windows.len() {
        1 => " window of ",
        _ => " windows of ",
    });
    let markup = markup.text(last.kept.seconds).html(" s each; ");
    let markup = markup.html("<code>").text(&rollout.version).html("</code> is the canary, ");
    let markup = match &rollout.from {
        Some(from) => markup.html("<code>").text(from).html("</code> is stable."),
        None => markup.html("and nothing ran before."),
    };
    let markup = signs(markup.html("</p>"), &last.kept.signs);
    let markup = markup.html("<div class=\"figures\">");
    let markup = figure::figure(markup, &charts.failures());
    let markup = parts(markup, charts.part, page);
    let markup = figure::figure(markup, &charts.latency());
    let markup = figure::figure(markup, &charts.throughput());
    let markup = markup.each(charts.gauges(), |markup, gauge| figure::figure(markup, &gauge));
    let markup = limits_table::limits_table(markup.html("</div>"), charts);
    Some(evidence(markup, rollout).html("</div>"))
}

/// Services that are not well, alerts that fire, and what the team reported, as of the last window.
fn signs(markup: Markup, signs: &[String]) -> Markup {
    if signs.is_empty() {
        return markup;
    }
    let markup = markup.html("<ul class=\"findings\">").each(signs, |markup, sign| {
        let markup = markup.html("<li class=\"finding failed\">").icon(Icon::TRIANGLE_ALERT);
        markup.html("<p>").text(sign).html("</p></li>")
    });
    markup.html("</ul>")
}

/// Which latency is shown: links, so that an address says it.
fn parts(markup: Markup, chosen: Part, page: &str) -> Markup {
    let markup = markup.html("<nav class=\"parts\" aria-label=\"Which latency\">");
    let markup = markup.each(PARTS, |markup, part| {
        let markup = markup.html("<a class=\"button small\" href=\"").text(page).html("?latency=").html(part.name());
        let markup = markup.html(if part == chosen { "#latency\" aria-current=\"true\">" } else { "#latency\">" });
        markup.html(part.name()).html("</a>")
    });
    markup.html("</nav>")
}

fn evidence(markup: Markup, rollout: &Rollout) -> Markup {
    let place = |markup: Markup| {
        let markup = markup.html("<a rel=\"external\" href=\"/api/v1/products/").text(&rollout.place.product);
        markup.html("/deployments/").text(rollout.id).html("/samples")
    };
    let markup =
        place(markup.html("<p class=\"meta\">Evidence: every window that was judged, ")).html("\">as JSON</a>, ");
    let markup = place(markup.html("or ")).html("?format=csv\">as CSV</a> for <code>pilothouse judge replay</code>.");
    markup.html("</p>")
}
