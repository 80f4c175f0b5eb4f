//! Leadership's figures: five with trend, what each rests on and the events behind it; what else is measured; when
//! deployments end; and past deliveries from a file. Written as text: nothing here lives in the browser.

mod bars;
mod behind;
mod benchmarks;
mod cards;
mod filter;
mod heat;
mod import;
mod model;
mod words;

pub use behind::BehindPage;
pub use import::{FinishImport, ImportPage, UndoImport, finish_import, undo_import};

use crate::{
    components::{Markup, RefusalText, answered},
    failure::answer,
};
use control::dora::{NOT_KNOWN, Words};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::{Seen, Told};

/// What the address asks for; the year is that of the benchmark.
fn asked_words() -> (Words, String) {
    use_query_map().with_untracked(|query| {
        let text = |name: &str| query.get(name).unwrap_or_default();
        let words = Words {
            product: text("product"),
            env: text("env"),
            period: text("period"),
            from: text("from"),
            to: text("to"),
            zone: text("zone"),
            bucket: text("bucket"),
            rework: text("rework"),
        };
        (words, text("year"))
    })
}

#[component]
pub fn DoraPage() -> impl IntoView {
    let (words, year) = asked_words();
    let told = async move { answer(model::told(words, &year).await) };
    view! {
        <Title text="Delivery figures"/>
        {answered(told, |told| page(&told).view().into_any())}
    }
}

fn page(told: &Told) -> Markup {
    let markup =
        Markup::with_room_for(64 * 1024).html("<div class=\"dora\"><div class=\"page-head\"><h1>Delivery figures</h1>");
    let markup = if told.imports {
        markup.html("<a class=\"button\" href=\"/dora/import\">Import past deliveries</a>")
    } else {
        markup
    };
    let markup = filter::form(markup.html("</div>"), told);
    let markup = match &told.seen {
        Ok(seen) => figures(markup, told, seen),
        Err(refusal) => {
            // The form above keeps what was typed.
            let _ = answer::<()>(Err(refusal.clone()));
            let refusal = refusal.clone();
            markup.made(&view! { <RefusalText refusal/> }.to_html())
        }
    };
    markup.html("</div>")
}

fn figures(markup: Markup, told: &Told, seen: &Seen) -> Markup {
    let markup = filter::summary(markup, seen);
    let markup = cards::five(markup, told, seen);
    let markup = cards::also(markup, seen);
    let markup = heat::heat(markup, &seen.heat, &seen.asked.zone);
    let markup = benchmarks::benchmarks(markup, told, seen);
    not_known(markup)
}

fn not_known(markup: Markup) -> Markup {
    markup
        .html("<section class=\"card\" aria-labelledby=\"not-known\"><h2 id=\"not-known\">What is not known here</h2>")
        .html("<p>Figures rest on what Pilothouse recorded and on what was imported. The record itself cannot tell:</p><ul>")
        .each(NOT_KNOWN, |markup, text| markup.html("<li>").html(text).html("</li>"))
        .html("</ul></section>")
}
