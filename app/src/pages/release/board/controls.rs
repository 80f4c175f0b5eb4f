//! What can be done about a release as a whole: plan it, say what it is, ask for more time, record a deployment, and in
//! an emergency break glass.

use super::{
    gates::Answer,
    model::{Board, Stage},
    strategy::Strategies,
};
use crate::{
    components::When,
    forms::{CheckBoxes, Choice, Form, Submit, TextArea, TextField},
    icons::Icon,
};
use domain::{access::Permission, playbook::Condition};
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn Controls(board: Arc<Board>) -> impl IntoView {
    let nothing = !board.open
        || !(board.may(Permission::Author)
            || board.may(Permission::Tick)
            || board.may(Permission::View)
            || board.may(Permission::Promote)
            || board.may(Permission::BreakGlass));
    let open = board.open;
    let traits = (!board.traits.is_empty()).then(|| view! { <Traits board=board.clone()/> });
    let plan = view! { <Plan board=board.clone()/> };
    let hold = (open && board.may(Permission::View)).then(|| view! { <Hold board=board.clone()/> });
    let record = (open && board.may(Permission::Promote)).then(|| {
        let stages = board.stages.clone();
        stages.into_iter().map(|stage| view! { <Record board=board.clone() stage/> }).collect::<Vec<_>>()
    });
    let glass = (open && board.may(Permission::BreakGlass)).then(|| {
        let stages = board.stages.iter().filter(|stage| stage.gates.iter().any(|gate| gate.waivable));
        let stages: Vec<Stage> = stages.cloned().collect();
        stages.into_iter().map(|stage| view! { <BreakGlass board=board.clone() stage/> }).collect::<Vec<_>>()
    });
    view! {
        <section id="controls" class="card" data-live="release environment" data-in-place aria-labelledby="controls-title">
            <h2 id="controls-title">"Plan and hold"</h2>
            {plan}
            {traits}
            <Strategies board=board.clone()/>
            {(!nothing).then_some(view! { <div class="folds">{hold} {record} {glass}</div> })}
        </section>
    }
}

#[component]
fn Plan(board: Arc<Board>) -> impl IntoView {
    let said = match board.planned {
        Some(at) => view! { <p>"Planned for " <When at/> "."</p> }.into_any(),
        None => view! { <p class="meta">"No time is planned; checklists have no due times until then."</p> }.into_any(),
    };
    let may = board.open && (board.may(Permission::Author) || board.may(Permission::Promote));
    let value = board.planned.map(|at| at.format("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default();
    let form = may.then(|| view! {
        <details class="fold" id="plan">
            <summary>{Icon::CLOCK.view()} " Plan the deployment"</summary>
            <Form to="/do/plan_deployment" about=board.about()>
                <TextField name="at" label="When, in UTC" kind="datetime-local" value optional=true hint="Left empty: not planned any more."/>
                <Submit label="Plan"/>
            </Form>
        </details>
    });
    view! { {said} {form} }
}

/// What the release is, as far as the playbook asks.
#[component]
fn Traits(board: Arc<Board>) -> impl IntoView {
    let may = board.open && board.may(Permission::Author);
    let rows: Vec<_> = board
        .traits
        .iter()
        .map(|(condition, answer)| {
            let (word, tone) = match answer {
                Some(true) => ("yes", "running"),
                Some(false) => ("no", "planned"),
                None => ("nobody has said", "waits"),
            };
            let form = may.then(|| view! { <Answer board=board.clone() condition=*condition/> });
            view! {
                <li class="trait">
                    <span>{words(*condition)}</span>
                    <span class=format!("badge {tone}")><span>{word}</span></span>
                    {form}
                </li>
            }
        })
        .collect();
    view! {
        <h3>"What this release is"</h3>
        <p class="meta">"Part of what is approved: another answer lets everybody decide anew."</p>
        <ul class="traits">{rows}</ul>
    }
}

fn words(condition: Condition) -> String {
    let mut words = condition.words();
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

#[component]
fn Hold(board: Arc<Board>) -> impl IntoView {
    let envs: Vec<(String, String)> =
        board.stages.iter().map(|stage| (stage.env.to_string(), stage.env.to_string())).collect();
    let value = board.next.as_ref().map(ToString::to_string).unwrap_or_default();
    view! {
        <details class="fold" id="hold">
            <summary>{Icon::HAND.view()} " Hold: ask for more time"</summary>
            <Form to="/do/hold" about=board.about()>
                <Choice name="env" label="Before which environment" options=envs value/>
                <TextField name="reason" label="Reason"/>
                <Submit label="Hold" icon=Icon::HAND/>
            </Form>
        </details>
    }
}

/// For teams whose own tool deploys: what came of it.
#[component]
fn Record(board: Arc<Board>, stage: Stage) -> impl IntoView {
    let mut about = board.about();
    about.push(("env", stage.env.to_string()));
    let unmet = stage.unmet();
    let warning = (unmet > 0).then(|| {
        let words = format!("{unmet} gates before {} are not met; that will stand in the record.", stage.env);
        view! { <p class="aside warning">{Icon::TRIANGLE_ALERT.view()} <span>{words}</span></p> }
    });
    view! {
        <details class="fold" id=format!("record-{}", stage.env)>
            <summary>{Icon::ROCKET.view()} {format!(" Record a deployment to {}", stage.env)}</summary>
            <Form to="/do/record_deployment" about>
                <p class="hint">"For a deployment that your own tool has carried out."</p>
                {warning}
                <TextField name="url" label="Where its log is" kind="url" optional=true/>
                <div class="actions">
                    <Submit label="It succeeded" icon=Icon::CHECK name="outcome" value="succeeded"/>
                    <Submit label="It failed" icon=Icon::X name="outcome" value="failed" class="danger"/>
                </div>
            </Form>
        </details>
    }
}

#[component]
fn BreakGlass(board: Arc<Board>, stage: Stage) -> impl IntoView {
    let mut about = board.about();
    about.push(("env", stage.env.to_string()));
    let digest = board.digest.to_string();
    let gates: Vec<(String, String)> = stage
        .gates
        .iter()
        .filter(|gate| gate.waivable)
        .map(|gate| (gate.status.id.to_string(), format!("{}: {}", gate.status.title, gate.status.why)))
        .collect();
    let label = format!("Type “{}” to confirm", stage.env);
    view! {
        <details class="fold glass" id=format!("glass-{}", stage.env)>
            <summary>{Icon::TRIANGLE_ALERT.view()} {format!(" Break glass before {}", stage.env)}</summary>
            <Form to="/do/break_glass" about>
                <p class="aside failed">
                    {Icon::TRIANGLE_ALERT.view()}
                    <span>"Waives gates in an emergency. It is recorded, shown in red, and listed for the retrospective."</span>
                </p>
                <input type="hidden" name="digest" value=digest/>
                <CheckBoxes name="gates[]" label="Which gates" options=gates/>
                <TextArea name="reason" label="Why it cannot wait" rows=3/>
                <TextField name="hours" label="For how many hours" kind="number" value="4" hint="1 to 24"/>
                <TextField name="typed" label/>
                <Submit label="Break glass" class="danger" icon=Icon::TRIANGLE_ALERT/>
            </Form>
        </details>
    }
}
