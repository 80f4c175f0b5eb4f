//! Past deliveries from a file or pasted: what would be taken and what is wrong, line by line; then taken in, or undone.

use crate::{
    asking::asking,
    components::{Markup, RefusalText, answered},
    failure::{Failure, answer},
    forms::{Accepted, Form, LastForm, Notice, Submit, TextField},
    icons::Icon,
};
use control::dora::Staged;
use domain::{
    Refusal,
    access::Permission,
    dora::import::{Past, Summary},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::words::plural;

/// What stands at this address takes the file.
pub const UPLOAD: &str = "/dora/import";
/// So many past imports are listed.
const ROWS: usize = 50;

#[server(prefix = "/do", endpoint = "finish_import")]
pub async fn finish_import(import: String) -> Result<Notice, Failure> {
    answer(on_server::finish(&import).await)
}

#[server(prefix = "/do", endpoint = "undo_import")]
pub async fn undo_import(import: String, #[server(default)] reason: String) -> Result<Accepted, Failure> {
    answer(on_server::undo(&import, reason).await)
}

mod on_server {
    use crate::{
        asking::asking,
        forms::{Accepted, Notice},
        session::noticed,
    };
    use domain::{Refusal, dora::import::ImportId};

    fn id(text: &str) -> Result<ImportId, Refusal> {
        text.parse().map_err(|_| Refusal::not_found("import of this id"))
    }

    pub async fn finish(import: &str) -> Result<Notice, Refusal> {
        let asking = asking()?;
        asking.control.may_import(asking.actor)?;
        let staged = asking.control.staged_import(asking.actor, id(import)?).await?;
        let order = asking.control.import_of(asking.actor, &staged);
        asking.control.shown_in_figures(order).await?;
        leptos_axum::redirect(super::UPLOAD);
        Ok(noticed(Notice {
            title: "Imported".to_owned(),
            text: format!("{}. The figures show it now.", super::told(&staged.summary)),
            secret: None,
            keeps: false,
        }))
    }

    pub async fn undo(import: &str, reason: String) -> Result<Accepted, Refusal> {
        let asking = asking()?;
        asking.control.may_import(asking.actor)?;
        let order = asking.control.undoing(asking.actor, id(import)?, reason);
        let receipt = asking.control.shown_in_figures(order).await?;
        Ok(Accepted { seq: receipt.seq })
    }
}

struct Told {
    staged: Option<Staged>,
    /// Each with who took it in.
    past: Vec<(Past, String)>,
}

async fn see(staged: String) -> Result<Told, Refusal> {
    let asking = asking()?;
    let own = asking.control.may_import(asking.actor)?;
    let staged = match staged.as_str() {
        "" => None,
        text => {
            let id = text.parse().map_err(|_| Refusal::not_found("staged import of this id"))?;
            Some(asking.control.staged_import(asking.actor, id).await?)
        }
    };
    let world = asking.control.world();
    let everywhere = world.authority(asking.actor, None, asking.control.now()).may(Permission::Administer);
    let its = |past: &&Past| everywhere || past.summary.products.keys().all(|product| own.contains(product));
    let name = |past: &Past| past.by.map_or_else(|| "Pilothouse".to_owned(), |id| asking.control.name(id));
    let past = world.imports().rev().filter(its).take(ROWS).map(|past| (past.clone(), name(past))).collect();
    Ok(Told { staged, past })
}

#[component]
pub fn ImportPage() -> impl IntoView {
    let staged = use_query_map().with_untracked(|query| query.get("staged")).unwrap_or_default();
    let told = async move { answer(see(staged).await) };
    view! {
        <Title text="Import past deliveries"/>
        {answered(told, |told| view! { <Page told/> }.into_any())}
    }
}

#[component]
fn Page(told: Told) -> impl IntoView {
    let Told { staged, past } = told;
    let typed = staged.as_ref().map(|staged| staged.text.clone()).unwrap_or_default();
    let preview = staged.map(|staged| view! { <Preview staged/> });
    let past: Vec<_> = past.into_iter().map(|(past, by)| view! { <Row past by/> }).collect();
    let nothing = past.is_empty().then(|| view! { <p class="meta">"Nothing was imported yet."</p> });
    view! {
        <nav class="crumbs" aria-label="Up"><a href="/dora">"Delivery figures"</a></nav>
        <h1>"Import past deliveries"</h1>
        {preview}
        <Upload typed/>
        {columns().view()}
        <section class="card" aria-labelledby="past-imports">
            <h2 id="past-imports">"Imports"</h2>
            {nothing}
            <ul class="stack">{past}</ul>
        </section>
    }
}

/// Browsers send files only in this form; scripts leave it alone.
#[component]
fn Upload(typed: String) -> impl IntoView {
    let last = use_context::<LastForm>().and_then(|last| last.0).filter(|flash| flash.path == UPLOAD);
    let typed = last.as_ref().and_then(|flash| flash.field("text")).map_or(typed, str::to_owned);
    let refusal = last.and_then(|flash| flash.refusal).map(|refusal| view! { <RefusalText refusal/> });
    let text = Markup::new().text(typed).into_string();
    view! {
        <form class="card" method="post" action=UPLOAD enctype="multipart/form-data" aria-labelledby="upload">
            <h2 id="upload">"Check a file"</h2>
            <p class="hint">"Nothing is taken in by this: you see first what would be, and what is wrong."</p>
            <p class="field">
                <label for="upload-file">"File (NDJSON or CSV)"</label>
                <input id="upload-file" type="file" name="file" accept=".csv,.ndjson,.jsonl,.json,.txt,text/csv"/>
            </p>
            <p class="field">
                <label for="upload-text">"Or its lines, pasted"</label>
                <textarea id="upload-text" name="text" rows="8" class="mono" inner_html=text></textarea>
            </p>
            <div class="form-alert" role="alert">{refusal}</div>
            <p><button type="submit" class="button primary">"Check it"</button></p>
        </form>
    }
}

fn told(summary: &Summary) -> String {
    let each = summary.products.iter().map(|(product, taken)| {
        let parts = [
            (taken.deployments, "deployment", "deployments"),
            (taken.changes, "change", "changes"),
            (taken.incidents, "incident", "incidents"),
        ];
        let parts: Vec<String> =
            parts.into_iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| plural(n, one, many)).collect();
        format!("{product}: {}", domain::text::list(&parts))
    });
    each.collect::<Vec<_>>().join("; ")
}

#[component]
fn Preview(staged: Staged) -> impl IntoView {
    let summary = &staged.summary;
    let (sound, wrong) = (summary.accepted(), summary.rejected);
    let name = if summary.name.is_empty() { "What was pasted".to_owned() } else { format!("“{}”", summary.name) };
    let taken = match sound {
        0 => "Nothing in it can be taken.".to_owned(),
        _ => format!("Would be taken: {}.", told(summary)),
    };
    let faults = (wrong > 0).then(|| faults(&staged).view());
    let button = (sound > 0).then(|| {
        let label = match wrong {
            0 => format!("Import {}", plural(sound, "line", "lines")),
            _ => format!("Import the {} and leave {wrong} out", plural(sound, "sound line", "sound lines")),
        };
        view! {
            <Form to="/do/finish_import" about=vec![("import", staged.id.to_string())]>
                <Submit label/>
            </Form>
        }
    });
    view! {
        <section class="card" aria-labelledby="preview">
            <h2 id="preview">{name}</h2>
            <p>{taken}</p>
            {faults}
            {button}
        </section>
    }
}

fn faults(staged: &Staged) -> Markup {
    let (shown, all) = (staged.faults.len() as u64, staged.summary.rejected);
    let markup = Markup::new().html("<div><p><b>").text(plural(all, "line is", "lines are")).html(" wrong</b>");
    let markup = if shown < all { markup.html("; the first ").text(shown).html(":</p>") } else { markup.html(":</p>") };
    let markup = markup.html("<div class=\"table-frame\" tabindex=\"0\" role=\"region\" aria-label=\"Lines that are wrong\"><table><thead><tr><th scope=\"col\">Line</th>");
    let markup = markup.html(
        "<th scope=\"col\">Field</th><th scope=\"col\">Found</th><th scope=\"col\">Allowed</th></tr></thead><tbody>",
    );
    markup
        .each(&staged.faults, |markup, fault| {
            let markup =
                markup.html("<tr><th scope=\"row\">").text(fault.line).html("</th><td><code>").text(&fault.field);
            let markup = markup.html("</code></td><td>").text(&fault.found).html("</td><td>").text(&fault.allowed);
            markup.html("</td></tr>")
        })
        .html("</tbody></table></div></div>")
}

#[component]
fn Row(past: Past, by: String) -> impl IntoView {
    let id = past.id.to_string();
    let name = if past.summary.name.is_empty() { "Pasted".to_owned() } else { past.summary.name.clone() };
    let facts = Markup::new().html("<p>").text(told(&past.summary)).html("; ");
    let facts =
        facts.text(past.summary.rejected).html(" left out. By ").text(by).html(", ").time(past.at).html(".</p>");
    let undone = past.undone.as_ref().map(|undone| {
        let markup = Markup::new().html("<p class=\"meta\"><b>Undone</b> ").time(undone.at).html(": ");
        markup.text(&undone.reason).html("</p>").view()
    });
    let undo = past.counts().then(|| {
        view! {
            <details class="fold">
                <summary>{Icon::UNDO_2.view()} " Undo it"</summary>
                <Form to="/do/undo_import" about=vec![("import", id.clone())] class="inline">
                    <TextField name="reason" label="Reason" hint="Its facts are removed; the figures are as if it had not been."/>
                    <Submit label="Undo the import" class="danger"/>
                </Form>
            </details>
        }
    });
    view! {
        <li id=format!("i{}", past.id)>
            <h3>{name}</h3>
            {facts.view()}
            {undone}
            {undo}
        </li>
    }
}

/// What a line may say.
fn columns() -> Markup {
    let rows = [
        ("change", "product, id, committed_at", "merged_at"),
        (
            "deployment",
            "product, env, id, version, started_at, finished_at, outcome (success, failed), kind (regular, hotfix, rollback)",
            "changes, remediates",
        ),
        ("incident", "product, env, id, severity, started_at", "resolved_at, deployment"),
    ];
    Markup::new()
        .html("<details class=\"card\"><summary>What a line says</summary><p>One fact a line, as JSON objects, or as CSV with a ")
        .html("first line that names the columns. Times are such as <code>2026-03-29T12:00:00Z</code>. In CSV the ids in ")
        .html("<code>changes</code> are separated by spaces. An id that was imported before is corrected.</p>")
        .html("<div class=\"table-frame\" tabindex=\"0\" role=\"region\" aria-label=\"Fields of a line\"><table><thead><tr><th scope=\"col\">type</th><th scope=\"col\">must have</th>")
        .html("<th scope=\"col\">may have</th></tr></thead><tbody>")
        .each(rows, |markup, (kind, must, may)| {
            let markup = markup.html("<tr><th scope=\"row\">").html(kind).html("</th><td>").html(must).html("</td><td>");
            markup.html(may).html("</td></tr>")
        })
        .html("</tbody></table></div></details>")
}
