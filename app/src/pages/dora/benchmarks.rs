//! What DORA's yearly reports found, beside one's own figures: a way to look at them, never a target.

use super::{
    cards::word,
    model::{Seen, Told},
    words::value,
};
use crate::components::Markup;
use domain::dora::{FigureName, QUICK_CHECK_2025, QUICK_CHECK_CAVEAT, QUICK_CHECK_SOURCE};

pub fn benchmarks(markup: Markup, told: &Told, seen: &Seen) -> Markup {
    let edition = told.edition;
    let markup = markup
        .html("<section class=\"card\" aria-labelledby=\"benchmarks\"><h2 id=\"benchmarks\">Beside DORA’s report of ")
        .text(edition.year)
        .html("</h2><p>")
        .html(edition.caveat)
        .html(" ")
        .html(edition.checked.words())
        .html(" <a href=\"")
        .html(edition.source)
        .html("\" rel=\"external noreferrer\">The report</a></p>");
    let markup = if edition.clusters.is_empty() { markup } else { clusters(markup, told, seen) };
    quick_check(markup).html("</section>")
}

fn clusters(markup: Markup, told: &Told, seen: &Seen) -> Markup {
    let figures = || FigureName::FIVE.into_iter().filter(|name| *name != FigureName::DeploymentReworkRate);
    let markup =
        markup.html("<div class=\"table-frame\" tabindex=\"0\" role=\"region\" aria-label=\"Clusters of the report\"><table><thead><tr><th scope=\"col\">Cluster</th>");
    let markup =
        markup.each(figures(), |markup, name| markup.html("<th scope=\"col\">").html(name.title()).html("</th>"));
    let markup = markup.html("</tr></thead><tbody>").each(told.edition.clusters, |markup, cluster| {
        let markup = markup.html("<tr><th scope=\"row\">").html(word(cluster.band));
        let markup = match cluster.share {
            Some(share) => markup.html(" <span class=\"meta\">").text(share).html(" % of answers</span></th>"),
            None => markup.html("</th>"),
        };
        let reach = |name| cluster.reach(name).map_or("–", |reach| reach.words());
        markup.each(figures(), |markup, name| markup.html("<td>").html(reach(name)).html("</td>")).html("</tr>")
    });
    let markup = markup.html("<tr><th scope=\"row\">here</th>");
    markup
        .each(figures(), |markup, name| {
            let own = seen.report.figure(name).map(|figure| value(figure.unit, figure.point.value));
            markup.html("<td><b>").text(own.unwrap_or_default()).html("</b></td>")
        })
        .html("</tr></tbody></table></div><p class=\"meta\">The rework rate is in no cluster.</p>")
}

fn quick_check(markup: Markup) -> Markup {
    let markup = markup
        .html("<details><summary>Means of the Quick Check of 2025</summary><p>")
        .html(QUICK_CHECK_CAVEAT)
        .html(" <a href=\"")
        .html(QUICK_CHECK_SOURCE)
        .html("\" rel=\"external noreferrer\">The Quick Check</a></p><dl class=\"facts\">");
    markup
        .each(QUICK_CHECK_2025, |markup, check| {
            let markup = markup.html("<dt>").html(check.figure.title()).html("</dt><dd>").text(check.mean);
            markup.html(" (deviation ").text(check.deviation).html(")</dd>")
        })
        .html("</dl></details>")
}
