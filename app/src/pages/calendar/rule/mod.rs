//! A new rule of the calendar: said in a form, tried before it is saved, with plain buttons.

mod model;
mod words;

pub use model::{NewRule, SeeNewRule, see_new_rule};
pub use words::RuleWords;

use crate::{
    components::{Markup, answered},
    forms::{CheckBoxes, Choice, Flash, Form, LastForm, Submit, TextField},
    icons::Icon,
};
use domain::calendar::Kind;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::{OpeningLine, Tried};
use words::REPEATS;

const SAVE: &str = "/do/save_window";

#[component]
pub fn NewRulePage() -> impl IntoView {
    // What a refused form said counts more than what the address says.
    let sent = use_context::<LastForm>().and_then(|last| last.0).filter(|flash| flash.path == SAVE);
    let (words, try_it) = match sent {
        Some(flash) => (RuleWords::of(flash.fields), String::new()),
        None => use_query_map().with_untracked(|query| {
            let pairs = query.clone().into_iter().map(|(name, value)| (name.to_string(), value));
            (RuleWords::of(pairs), query.get("try").unwrap_or_default())
        }),
    };
    view! {
        <Title text="New rule"/>
        <p class="crumbs"><a href="/calendar">"Calendar"</a></p>
        <h1>"New rule"</h1>
        {answered(see_new_rule(words, try_it), move |view| view! { <Questions view/> }.into_any())}
    }
}

#[component]
fn Questions(view: NewRule) -> impl IntoView {
    let NewRule { words, products, envs, types, tried, refusal } = view;
    if let Some(refusal) = refusal {
        // Said at its field, as if the form had been refused.
        let flash = Flash { path: SAVE.to_owned(), refusal: Some(refusal), ..Flash::default() };
        provide_context(LastForm(Some(flash)));
    }
    let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Notice);
    let kinds = kinds.map(|kind| (kind.words().to_owned(), capital(kind.words()))).collect();
    let repeats = REPEATS.map(|(value, said)| (value.to_owned(), said.to_owned())).to_vec();
    let shown_only = vec![("yes".to_owned(), "Only show it: it closes nothing".to_owned())];
    let ticked = if words.shown_only.is_empty() { vec![] } else { vec!["yes".to_owned()] };
    let RuleWords { product, kind, title, reason, zone, from, to, repeats: often, rrule, .. } = words.clone();
    let RuleWords { envs: in_envs, except_types, cut_off_days, cut_off_at, days_before, for_type, .. } = words;
    view! {
        <div class="columns">
            <section class="card" aria-label="The rule">
                <Form to=SAVE class="rule-form">
                    <Choice name="product" label="Product" options=products value=product/>
                    <Choice name="kind" label="Kind" options=kinds value=kind hint="Trains and low-traffic windows open; all others close."/>
                    <TextField name="title" label="Title" value=title/>
                    <TextField name="zone" label="Time zone" value=zone hint="By IANA, such as Europe/London or UTC. Its clocks decide, also when they change."/>
                    <TextField name="from" label="From" kind="datetime-local" value=from hint="Local time of the zone; of the first when it repeats."/>
                    <TextField name="to" label="To" kind="datetime-local" value=to/>
                    <Choice name="repeats" label="Repeats" options=repeats value=often/>
                    <TextField name="rrule" label="RRULE" value=rrule optional=true hint="By RFC 5545, such as FREQ=MONTHLY;BYDAY=-1FR."/>
                    <TextField name="cut_off_days" label="Code freeze: days before" kind="number" value=cut_off_days optional=true hint="Trains only."/>
                    <TextField name="cut_off_at" label="Code freeze: at" kind="time" value=cut_off_at optional=true hint="Local time."/>
                    <TextField name="days_before" label="Closed days before" kind="number" value=days_before optional=true hint="Holidays only."/>
                    <CheckBoxes name="shown_only[]" label="Effect" options=shown_only checked=ticked/>
                    <CheckBoxes name="envs[]" label="Only in these environments" options=envs checked=in_envs hint="In all of them when none is ticked."/>
                    <CheckBoxes name="except_types[]" label="Not for these release types" options=types.clone() checked=except_types/>
                    <TextField name="reason" label="Reason" value=reason optional=true hint="Needed for saving; it stands in the record."/>
                    <Choice name="for_type" label="Show openings for" options=types value=for_type/>
                    <div class="actions">
                        <button type="submit" class="button" name="try" value="1" formmethod="get" formaction="/calendar/new">
                            {Icon::SEARCH.view()} <span>"Show the next ten openings"</span>
                        </button>
                        <Submit label="Save the rule"/>
                    </div>
                </Form>
            </section>
            <section class="card" aria-labelledby="openings">
                <h2 id="openings">"The next ten openings"</h2>
                {match tried {
                    Some(tried) => view! { <Openings tried/> }.into_any(),
                    None => view! { <p class="meta">"Try the rule before you save it: it is told here when releases could leave."</p> }.into_any(),
                }}
            </section>
        </div>
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[component]
fn Openings(tried: Tried) -> impl IntoView {
    let Tried { product, kind, openings, conflicts } = tried;
    let none = openings.is_empty();
    let lines: Vec<_> = openings.into_iter().map(|opening| line(opening).view()).collect();
    let against = (!conflicts.is_empty()).then(|| {
        let lines: Vec<_> = conflicts
            .into_iter()
            .map(|sentence| view! { <li class="aside">{Icon::TRIANGLE_ALERT.view()} <span>{sentence}</span></li> })
            .collect();
        view! { <h3>"Conflicts within 400 days"</h3> <ul class="conflict-list">{lines}</ul> }
    });
    view! {
        <p>"With this rule a release of type " <b>{kind}</b> " could leave in " <b>{product}</b> ":"</p>
        {none.then(|| view! { <p class="refusal">{Icon::OCTAGON_X.view()} "Never within ten years."</p> })}
        <ol class="openings">{lines}</ol>
        {against}
    }
}

fn line(opening: OpeningLine) -> Markup {
    let OpeningLine { local, zone, utc, lasts, clocks_changed, new } = opening;
    let out = Markup::new().html("<li class=\"opening-line\">");
    let out = if clocks_changed {
        out.html("<p class=\"clocks\">").icon(Icon::CLOCK).html("<span>The clocks change before this one</span></p>")
    } else {
        out
    };
    let out = out
        .html("<span class=\"what\">")
        .text(local)
        .html(" <span class=\"zone\">")
        .text(zone)
        .html("</span></span><span class=\"meta\">")
        .text(utc.format("%a %-d %b %Y, %H:%M UTC"))
        .html(" · ")
        .text(lasts)
        .html("</span>");
    let out = if new { out.html("<span class=\"badge running\">changed by the rule</span>") } else { out };
    out.html("</li>")
}
