//! The gates before each environment: first those of the next one, the others folded below.

use super::model::{Board, Gate, Stage};
use crate::{
    components::Markup,
    forms::{Form, Submit, TextArea, TextField},
    icons::Icon,
};
use domain::{
    access::Permission,
    gate::{Act, State},
    playbook::Condition,
};
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn Gates(board: Arc<Board>) -> impl IntoView {
    let ahead = board.ahead().cloned();
    let heading = match &ahead {
        Some(stage) if stage.unmet() > 0 => format!("Why can’t this ship to {}?", stage.env),
        Some(stage) => format!("It may go to {}", stage.env),
        None => "Gates".to_owned(),
    };
    let summary = ahead.as_ref().map(|stage| {
        let (all, unmet) = (stage.gates.len(), stage.unmet());
        let words = match unmet {
            0 => format!("All {all} gates before {} let it pass.", stage.env),
            1 => format!("1 of {all} gates before {} is not met.", stage.env),
            n => format!("{n} of {all} gates before {} are not met.", stage.env),
        };
        view! { <p class="meta">{words}</p> }
    });
    let nowhere =
        ahead.is_none().then(|| view! { <p class="meta">"It runs in the last environment of its playbook."</p> });
    let first = ahead.map(|stage| view! { <StageGates board=board.clone() stage/> });
    let others: Vec<_> = board
        .stages
        .iter()
        .filter(|stage| Some(&stage.env) != board.next.as_ref())
        .cloned()
        .map(|stage| {
            let words = match (stage.runs_since.is_some(), stage.unmet()) {
                (true, _) => "it runs there".to_owned(),
                (false, 0) => "all gates let it pass".to_owned(),
                (false, n) => format!("{n} of {} not met", stage.gates.len()),
            };
            let id = format!("stage-{}", stage.env);
            let env = stage.env.to_string();
            view! {
                <details id=id class="fold">
                    <summary>{env} <span class="meta">{words}</span></summary>
                    <StageGates board=board.clone() stage/>
                </details>
            }
        })
        .collect();
    view! {
        <section id="gates" class="card" data-live="release environment calendar" data-in-place aria-labelledby="gates-title">
            <h2 id="gates-title">{heading}</h2>
            {summary}
            {nowhere}
            {first}
            {others}
        </section>
    }
}

#[component]
fn StageGates(board: Arc<Board>, stage: Stage) -> impl IntoView {
    let runs = stage.runs_since.map(|since| {
        Markup::new()
            .html("<p class=\"aside passed\">")
            .icon(Icon::CIRCLE_CHECK)
            .html("<span>Runs there since ")
            .time(since)
            .html(".</span></p>")
            .view()
    });
    // What is in the way comes first.
    let mut gates = stage.gates;
    gates.sort_by_key(|gate| match gate.status.state {
        State::Unmet => 0,
        State::Waived => 1,
        State::Met => 2,
        State::NotApplicable => 3,
    });
    let rows: Vec<_> = gates.into_iter().map(|gate| view! { <GateRow board=board.clone() gate/> }).collect();
    view! {
        {runs}
        <ul class="gates">{rows}</ul>
    }
}

#[component]
fn GateRow(board: Arc<Board>, gate: Gate) -> impl IntoView {
    let status = &gate.status;
    let (icon, tone, word) = match status.state {
        State::Met => (Icon::CIRCLE_CHECK, "passed", "met"),
        State::Unmet if matches!(status.act, Act::Wait) => (Icon::CLOCK, "planned", "not met"),
        State::Unmet => (Icon::HAND, "waits", "not met"),
        State::Waived => (Icon::TRIANGLE_ALERT, "failed", "waived"),
        State::NotApplicable => (Icon::CIRCLE_SLASH, "planned", "not applicable"),
    };
    let id = format!("gate-{}-{}", status.env, status.id);
    let mut says = Markup::new()
        .html("<div class=\"gate-says\"><p><a class=\"gate-title\" href=\"#")
        .text(&id)
        .html("\">")
        .text(&status.title)
        .html("</a> <span class=\"badge ")
        .html(tone)
        .html("\">")
        .icon(icon)
        .html("<span>")
        .html(word)
        .html("</span></span></p><p>")
        .text(&status.why)
        .html("</p><p class=\"meta\">")
        .text(&gate.owner);
    if let Some(at) = status.next_opening {
        says = says.html(" · opens ").time(at);
    }
    says = says.html("</p>");
    if !status.proofs.is_empty() {
        says = says.html("<ul class=\"proofs\">");
        for proof in &status.proofs {
            says = says.html("<li>");
            says = match &proof.url {
                Some(url) => {
                    says.html("<a rel=\"noreferrer\" href=\"").text(url).html("\">").text(&proof.words).html("</a>")
                }
                None => says.text(&proof.words),
            };
            says = says.html(" · ").text(board.name(proof.by)).html(" · ").time(proof.at).html("</li>");
        }
        says = says.html("</ul>");
    }
    let says = says.html("</div>").view();
    let act =
        (status.state == State::Unmet && board.open).then(|| view! { <Action board=board.clone() gate=gate.clone()/> });
    let aside = (gate.conditional && board.may(Permission::Tick) && board.open && status.state != State::Met)
        .then(|| view! { <Aside board=board.clone() gate=gate.clone()/> });
    view! {
        <li id=id class=format!("gate {tone}")>
            {says}
            {act}
            {aside}
        </li>
    }
}

/// What the reader can do about a gate here, or where to go.
#[component]
fn Action(board: Arc<Board>, gate: Gate) -> impl IntoView {
    let key = format!("{}-{}", gate.status.env, gate.status.id);
    match gate.status.act.clone() {
        Act::Sign { .. } => match gate.sign_as {
            Some(role) => view! { <Sign board gate=gate.status.id.to_string() env=gate.status.env.to_string() role=role.to_string() words=role.words()/> }.into_any(),
            None => ().into_any(),
        },
        Act::Approve | Act::AskForApproval => view! { <p><a href="#approval">"To the approval"</a></p> }.into_any(),
        Act::Tick { list } => view! { <p><a href=format!("#list-{list}")>"To the checklist"</a></p> }.into_any(),
        Act::Send { message } => view! { <p><a href=format!("#message-{message}")>"To the message"</a></p> }.into_any(),
        Act::Declare { condition } if board.may(Permission::Author) => view! { <Answer board condition/> }.into_any(),
        Act::Declare { .. } => view! { <p class="meta">"Its authors say so."</p> }.into_any(),
        Act::Deploy { env } if board.may(Permission::Promote) => {
            view! { <p><a href=format!("#record-{env}")>"Record the deployment"</a></p> }.into_any()
        }
        Act::Lift { hold } => view! { <Lift board hold/> }.into_any(),
        Act::Report { about } => view! { <Vouch board about key/> }.into_any(),
        Act::Deploy { .. } | Act::Wait => ().into_any(),
    }
}

#[component]
fn Sign(board: Arc<Board>, gate: String, env: String, role: String, words: String) -> impl IntoView {
    let mut about = board.about();
    about.extend([("gate", gate), ("env", env), ("role", role)]);
    let digest = board.digest.to_string();
    view! {
        <Form to="/do/sign" about class="decision">
            <input type="hidden" name="digest" value=digest/>
            <p class="aside">{Icon::USER.view()} <span>{format!("You answer as {words}.")}</span></p>
            <TextArea name="comment" label="Comment" optional=true hint="A rejection needs a reason." rows=2/>
            <div class="actions">
                <Submit label="Approve" icon=Icon::CHECK name="verdict" value="approve"/>
                <Submit label="Reject" icon=Icon::X name="verdict" value="reject" class="danger"/>
            </div>
        </Form>
    }
}

/// Whether a condition is so.
#[component]
pub fn Answer(board: Arc<Board>, condition: Condition) -> impl IntoView {
    let mut about = board.about();
    about.push(("condition", condition.name().to_owned()));
    let digest = board.digest.to_string();
    view! {
        <Form to="/do/declare" about class="inline">
            <input type="hidden" name="digest" value=digest/>
            <div class="actions">
                <Submit label="Yes" name="answer" value="yes" class="small"/>
                <Submit label="No" name="answer" value="no" class="small"/>
            </div>
        </Form>
    }
}

#[component]
fn Lift(board: Arc<Board>, hold: u32) -> impl IntoView {
    let mut about = board.about();
    about.push(("hold", hold.to_string()));
    view! {
        <details class="fold" id=format!("lift-{hold}")>
            <summary>"Release hold"</summary>
            <Form to="/do/lift_hold" about>
                <TextField name="reason" label="Reason" optional=true hint="Needed unless you asked for the hold yourself."/>
                <Submit label="Release hold" icon=Icon::CHECK/>
            </Form>
        </details>
    }
}

/// A conditional gate does not concern this release, or does after all.
#[component]
fn Aside(board: Arc<Board>, gate: Gate) -> impl IntoView {
    let mut about = board.about();
    about.push(("gate", gate.status.id.to_string()));
    let id = format!("aside-{}-{}", gate.status.env, gate.status.id);
    if gate.status.state == State::NotApplicable {
        about.push(("concerns", "yes".to_owned()));
        return view! {
            <Form to="/do/set_aside" about class="inline">
                <Submit label="It concerns this release after all" class="plain small"/>
            </Form>
        }
        .into_any();
    }
    view! {
        <details class="fold" id=id>
            <summary>"Does not concern this release"</summary>
            <Form to="/do/set_aside" about>
                <TextField name="reason" label="Why not"/>
                <Submit label="Set aside"/>
            </Form>
        </details>
    }
    .into_any()
}

/// A form for what people vouch for; for what machines report, where they report it.
#[component]
fn Vouch(board: Arc<Board>, about: String, key: String) -> impl IntoView {
    let kind = match about.as_str() {
        "ticket" => "Link the change ticket",
        "backup" => "A backup was taken",
        "rollback_plan" => "Write down the way back",
        "evidence" => "Attach evidence",
        "flags_configured" => "Flags are set up",
        "benchmarks" => "Benchmarks were run",
        machine => {
            let place = if matches!(machine, "check" | "scan") { format!("{machine}s") } else { "reports".to_owned() };
            let id = &board.id;
            let address = format!("POST /api/v1/products/{}/releases/{}/{place}", id.product, id.version);
            return view! { <p class="meta">"CI reports it: " <code>{address}</code></p> }.into_any();
        }
    };
    if !(board.may(Permission::Tick) || board.may(Permission::Author)) {
        return ().into_any();
    }
    let mut fields = board.about();
    fields.push(("about", about.clone()));
    let pieces = board.evidence.clone();
    view! {
        <details class="fold" id=format!("vouch-{key}")>
            <summary>{kind}</summary>
            <Form to="/do/vouch" about=fields><Vouched about pieces/> <Submit label="Record"/></Form>
        </details>
    }
    .into_any()
}

/// The fields that go with what is vouched for; made inside of their form.
#[component]
fn Vouched(about: String, pieces: Vec<(String, String)>) -> impl IntoView {
    match about.as_str() {
        "ticket" => view! {
            <TextField name="id" label="Number of the ticket"/>
            <TextField name="url" label="Its address" kind="url" hint="Begins with https://"/>
        }
        .into_any(),
        "rollback_plan" => view! {
            <TextArea name="note" label="How to get back" rows=4/>
            <label class="check"><input type="checkbox" name="tested" value="yes"/> <span>"It was tried"</span></label>
        }
        .into_any(),
        "evidence" => view! {
            <crate::forms::Choice name="id" label="Which piece" options=pieces/>
            <TextField name="url" label="Where it lies" kind="url" optional=true/>
            <TextField name="note" label="Note" optional=true/>
        }
        .into_any(),
        "benchmarks" => view! {
            <TextField name="note" label="What came out"/>
            <TextField name="url" label="Where to read more" kind="url" optional=true/>
            <label class="check"><input type="checkbox" name="tested" value="yes"/> <span>"They are met"</span></label>
        }
        .into_any(),
        _ => view! { <TextField name="note" label="What was done"/> }.into_any(),
    }
}
