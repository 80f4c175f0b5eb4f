//! The very events behind a figure, a hundred at a time, with the rule by which they make it.

use super::{
    asked_words,
    filter::address,
    words::{NO_DATA, plural, rests_on, value},
};
use crate::{
    asking::asking,
    components::{Empty, Markup, answered},
    failure::answer,
};
use control::dora::{Asked, figure_named};
use domain::{
    Refusal,
    dora::{Behind, Figure, FigureName, Row, Subject},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

const ROWS: usize = 100;
/// As many as one export holds.
const EXPORT: usize = 50_000;

struct Told {
    name: FigureName,
    asked: Asked,
    figure: Option<Figure>,
    behind: Behind,
    from: u64,
}

#[component]
pub fn BehindPage() -> impl IntoView {
    let name = use_params_map().with_untracked(|params| params.get("figure")).unwrap_or_default();
    let from = use_query_map().with_untracked(|query| query.get("after")).unwrap_or_default();
    let (words, _) = asked_words();
    let told = async move {
        let told = async {
            let asking = asking()?;
            let name = figure_named(&name)?;
            let rows = if from.is_empty() { Ok(0) } else { from.parse::<u64>() };
            let short: String = from.chars().take(60).collect();
            let from = rows.map_err(|_| Refusal::invalid("after", format!("“{short}”"), "a number of rows"))?;
            let mut asked = asking.control.asked_of_deliveries(asking.actor, words)?;
            asked.query.figures = vec![name];
            let book = asking.control.deliveries().await?;
            let figure = book.report(&asked.query).figures.remove(&name);
            let behind = book.behind(&asked.query, name, from, ROWS);
            Ok(Told { name, asked, figure, behind, from })
        };
        answer(told.await)
    };
    answered(told, |told| {
        let title = format!("Behind: {}", told.name.title());
        view! { <Title text=title/> {page(&told).view()} }.into_any()
    })
}

fn page(told: &Told) -> Markup {
    let (query, window) = (address(&told.asked.words), told.asked.query.window);
    let export =
        |format: &str| format!("/api/v1/dora/{}/behind?{query}&limit={EXPORT}&format={format}", told.name.name());
    let markup = Markup::with_room_for(32 * 1024)
        .html("<div class=\"dora\"><nav class=\"crumbs\" aria-label=\"Up\"><a href=\"/dora?")
        .text(&query)
        .html("\">Delivery figures</a></nav><h1>")
        .html(told.name.title())
        .html("</h1><p class=\"figure-value\">")
        .text(told.figure.as_ref().map_or_else(|| NO_DATA.to_owned(), |f| value(f.unit, f.point.value)))
        .html("</p><p class=\"lead\">")
        .text(told.figure.as_ref().map(|f| rests_on(told.name, &f.point)).unwrap_or_default())
        .html(", ")
        .text(&told.asked.query.env)
        .html(", from ")
        .time(window.starts)
        .html(" to ")
        .time(window.ends)
        .html(".</p><p>")
        .html(told.name.definition())
        .html("</p><p><b>Recomputed from the rows:</b> ")
        .html(told.name.rule())
        .html("</p><p class=\"actions\"><a class=\"button small\" rel=\"external\" href=\"")
        .text(export("csv"))
        .html("\">CSV</a> <a class=\"button small\" rel=\"external\" href=\"")
        .text(export("json"))
        .html("\">JSON</a></p>");
    let markup = if told.behind.rows.is_empty() {
        let empty =
            view! { <Empty title="No event stands behind it" text="Nothing of this kind is known in the period."/> };
        markup.made(&empty.to_html())
    } else {
        table(markup, told)
    };
    pages(markup, told, &query).html("</div>")
}

fn table(markup: Markup, told: &Told) -> Markup {
    let markup = markup
        .html("<p class=\"meta\">")
        .text(plural(told.behind.total, "row", "rows"))
        .html(" in all, the newest first.</p><div class=\"table-frame\" tabindex=\"0\" role=\"region\" aria-label=\"Events\"><table><thead><tr>")
        .html("<th scope=\"col\">When</th><th scope=\"col\">Product</th><th scope=\"col\">What</th>")
        .html("<th scope=\"col\">Contributes</th><th scope=\"col\">Because of</th></tr></thead><tbody>");
    markup.each(&told.behind.rows, |markup, row| line(markup, told, row)).html("</tbody></table></div>")
}

fn line(markup: Markup, told: &Told, row: &Row) -> Markup {
    let markup = markup.html("<tr><td>").time(row.at).html("</td><td>").text(&row.product).html("</td><td>");
    let markup = match row.subject {
        Subject::Incident => markup.html("Incident <code>").text(&row.id).html("</code> "),
        subject => {
            let verb = if subject == Subject::Deployment { "" } else { "Unsuccessful: " };
            let markup = markup.html(verb).text(row.version.as_deref().unwrap_or_default()).html(" ");
            // A rollout of our own has a page; what was imported or reported has none.
            let own = row.id.strip_suffix("-back").unwrap_or(&row.id);
            let markup = markup.html("<span class=\"meta\">").text(row.kind.map_or("", |kind| kind.as_str())).html(" ");
            let markup = if own.len() == 36 && own.matches('-').count() == 4 {
                markup
                    .html("<a href=\"/")
                    .text(&row.product)
                    .html("/deployments/")
                    .text(own)
                    .html("\"><code>")
                    .text(&row.id)
                    .html("</code></a>")
            } else {
                markup.html("<code>").text(&row.id).html("</code>")
            };
            markup.html("</span>")
        }
    };
    let markup = match &row.change {
        Some(change) => markup.html(" change <code>").text(change).html("</code>"),
        None => markup,
    };
    let markup = match &row.severity {
        Some(severity) => markup.html(" <span class=\"meta\">").text(severity).html("</span>"),
        None => markup,
    };
    let markup = markup.html("</td><td>");
    let markup = match (row.value, row.left_out) {
        (_, Some(reason)) => markup.html("<span class=\"meta\">left out: ").html(reason.words()).html("</span>"),
        (contributed, None) => markup.text(contribution(told.name, contributed)),
    };
    let because = [row.incidents.as_slice(), row.repairs.as_slice()].concat();
    markup.html("</td><td>").text(because.join(", ")).html("</td></tr>")
}

fn contribution(name: FigureName, contributed: Option<f64>) -> String {
    match (name.unit(), contributed) {
        (domain::dora::Unit::Seconds, contributed) => value(domain::dora::Unit::Seconds, contributed),
        (domain::dora::Unit::Ratio, Some(yes)) => if yes > 0.5 { "counts" } else { "does not count" }.to_owned(),
        (_, Some(number)) => super::words::short(number),
        (_, None) => NO_DATA.to_owned(),
    }
}

fn pages(markup: Markup, told: &Told, query: &str) -> Markup {
    let upto = told.from + told.behind.rows.len() as u64;
    let place = |after: u64| format!("/dora/{}?{query}&after={after}", told.name.name());
    let markup = markup.html("<nav class=\"paging\" aria-label=\"Pages\">");
    let markup = if told.from > 0 {
        let before = told.from.saturating_sub(ROWS as u64);
        markup.html("<a class=\"button\" rel=\"prev\" href=\"").text(place(before)).html("\">Newer</a>")
    } else {
        markup
    };
    let markup = if upto < told.behind.total {
        markup.html("<a class=\"button\" rel=\"next\" href=\"").text(place(upto)).html("\">Older</a>")
    } else {
        markup
    };
    markup.html("</nav>")
}

#[cfg(test)]
mod tests {
    use super::contribution;
    use domain::dora::FigureName;

    #[test]
    fn each_row_says_what_it_contributes() {
        assert_eq!(contribution(FigureName::ChangeFailRate, Some(1.0)), "counts");
        assert_eq!(contribution(FigureName::ChangeFailRate, Some(0.0)), "does not count");
        assert_eq!(contribution(FigureName::ChangeLeadTime, Some(90.0)), "1 min 30 s");
        assert_eq!(contribution(FigureName::DeploymentFrequency, Some(1.0)), "1");
    }
}
