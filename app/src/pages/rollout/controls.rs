//! What people do to a rollout under way: pause, resume, promote, roll back; and say what became of a step that nobody
//! could tell.

use super::model::Deployment;
use crate::{
    components::Markup,
    forms::{Form, Submit, TextField},
    icons::Icon,
};
use control::rollout::key;
use domain::rollout::{Action, StepState, Verb};
use leptos::prelude::*;

/// Why something cannot be done now; none when it can.
type Reason = Option<&'static str>;

#[component]
pub(super) fn Controls(told: Deployment) -> impl IntoView {
    let rollout = &told.rollout;
    if rollout.is_over() || !told.may_promote {
        return told.may_promote.then(|| over(&told)).flatten().into_any();
    }
    let back = rollout.goes_back();
    let parked = rollout.parked.is_some();
    let watching = rollout.current().is_some_and(|(_, step)| matches!(step.planned.action, Action::Watch { .. }));
    let on_the_way_back = back.then_some("It is on its way back, which is never paused or taken back.");
    let promote: Reason = on_the_way_back
        .or(parked.then_some("A step is parked: say first what became of it."))
        .or((!watching).then_some("A step is at work; there is nothing to promote until it has ended."));
    let fully: Reason = on_the_way_back
        .or(parked.then_some("A step is parked: say first what became of it."))
        .or(rollout.has_all_traffic().then_some("It has all traffic already."));
    let id = rollout.id.to_string();
    let pause = if rollout.paused.is_some() {
        view! { <Steer id=id.clone() verb=Verb::Resume label="Resume" icon=Icon::CHECK reason=on_the_way_back class="primary"/> }
    } else {
        view! { <Steer id=id.clone() verb=Verb::Pause label="Pause" icon=Icon::HAND reason=on_the_way_back class=""/> }
    };
    let why: Vec<&str> = {
        let mut why: Vec<&str> = [on_the_way_back, promote, fully].into_iter().flatten().collect();
        why.dedup();
        why
    };
    let why: Vec<_> =
        why.into_iter().map(|why| view! { <p class="aside">{Icon::BAN.view()} <span>{why}</span></p> }).collect();
    let to_full = fully.is_none().then(|| view! { <PromoteFully told=told.clone()/> });
    let to_back = (!back).then(|| view! { <RollBack told=told.clone()/> });
    view! {
        <h2 id="controls-title">"What you can do"</h2>
        <div class="actions">
            {pause}
            <Steer id verb=Verb::Promote label="Promote one step" icon=Icon::CHEVRON_RIGHT reason=promote class=""/>
        </div>
        {why}
        <div class="folds">{to_back} {to_full}</div>
    }
    .into_any()
}

/// After it is over there is one thing left: let releases come in again.
fn over(told: &Deployment) -> Option<AnyView> {
    let hold = told.hold.as_ref().filter(|hold| hold.rollout == told.rollout.id)?;
    let place = told.rollout.place.clone();
    let reason = hold.reason.clone();
    Some(
        view! {
            <h2 id="controls-title">"What you can do"</h2>
            <super::hold::Resume place reason at=hold.at/>
        }
        .into_any(),
    )
}

/// One click, and it can be undone.
#[component]
fn Steer(
    id: String,
    verb: Verb,
    label: &'static str,
    icon: Icon,
    reason: Option<&'static str>,
    class: &'static str,
) -> impl IntoView {
    let about = vec![("rollout", id), ("verb", verb.name().to_owned())];
    let blocked = reason.is_some();
    view! {
        <Form to="/do/steer" about class="inline">
            <Submit label icon class blocked=blocked/>
        </Form>
    }
}

#[component]
fn PromoteFully(told: Deployment) -> impl IntoView {
    let rollout = told.rollout;
    let about = vec![("rollout", rollout.id.to_string()), ("verb", Verb::PromoteFully.name().to_owned())];
    let label = format!("Type “{}” to confirm", rollout.version);
    let consequence = format!(
        "{} gets all traffic of {} at once; the shares and watches in between are skipped.",
        rollout.version, rollout.place.env
    );
    view! {
        <details class="fold" id="fully">
            <summary>{Icon::ROCKET.view()} " Promote to full"</summary>
            <Form to="/do/steer" about>
                <p class="aside warning">{Icon::TRIANGLE_ALERT.view()} <span>{consequence}</span></p>
                <TextField name="reason" label="Reason" optional=true/>
                <TextField name="typed" label/>
                <Submit label="Promote to full" icon=Icon::ROCKET/>
            </Form>
        </details>
    }
}

#[component]
fn RollBack(told: Deployment) -> impl IntoView {
    let rollout = told.rollout;
    let about = vec![("rollout", rollout.id.to_string()), ("verb", Verb::Abort.name().to_owned())];
    let env = rollout.place.env.to_string();
    let title = match &rollout.from {
        Some(from) => format!("Roll {env} back to {from}?"),
        None => format!("Give up the first version of {env}?"),
    };
    let value = format!("{} does not do well in {env}.", rollout.version);
    view! {
        <details class="fold glass" id="abort">
            <summary>{Icon::UNDO_2.view()} " Roll back"</summary>
            <Form to="/do/steer" about>
                <h3>{title}</h3>
                <ul class="entries">
                    <li>{rollout.from.map_or_else(
                        || format!("{} loses its traffic; nothing ran before that could take it.", rollout.version),
                        |from| format!("All traffic goes to {from}, and the instances of {} end.", rollout.version),
                    )}</li>
                    <li>"What runs then is checked."</li>
                    <li>{format!("{env} is held: nothing comes in until somebody resumes it.")}</li>
                </ul>
                <TextField name="reason" label="Reason" value/>
                <Submit label="Roll back" icon=Icon::UNDO_2 class="danger"/>
            </Form>
        </details>
    }
}

/// What happened as far as anybody knows, and the two answers.
#[component]
pub(super) fn Parked(told: Deployment) -> impl IntoView {
    let rollout = &told.rollout;
    let Some(parked) = rollout.parked.clone().filter(|_| !rollout.is_over()) else { return ().into_any() };
    let unclear = |state| matches!(state, StepState::Unknown | StepState::Failed);
    let unclear_step = (1_u32..).zip(&rollout.steps).filter(|(_, step)| unclear(step.state)).last();
    let Some((n, step)) = unclear_step else {
        return view! { <h2>"Parked"</h2> <p>{parked.why}</p> }.into_any();
    };
    let facts = Markup::new()
        .html("<dl class=\"facts\"><dt>Step</dt><dd>")
        .text(n)
        .html(" of ")
        .text(rollout.steps.len())
        .html(": ")
        .text(&step.planned.name)
        .html("</dd><dt>What happened</dt><dd>")
        .text(&parked.why)
        .html("</dd><dt>Last said</dt><dd>")
        .text(if step.said.is_empty() { "nothing" } else { &step.said })
        .html("</dd><dt>Since</dt><dd>")
        .time(parked.at)
        .html("</dd><dt>Attempts</dt><dd>")
        .text(step.attempts)
        .html("</dd><dt>Driver</dt><dd>")
        .text(&rollout.driver)
        .html("</dd><dt>Key</dt><dd><code>")
        .text(key(rollout.id, n, step))
        .html("</code><p class=\"meta\">The driver knows the step by it: look it up there.</p></dd></dl>")
        .view();
    let link =
        step.url.clone().map(|url| view! { <p><a rel="noreferrer" href=url>"Where the driver says more"</a></p> });
    let answers = told.may_promote.then(|| {
        let about = vec![("rollout", rollout.id.to_string()), ("step", n.to_string())];
        view! {
            <Form to="/do/resolve" about>
                <TextField name="reason" label="How you know" hint="It stands in the record for ever."/>
                <div class="actions">
                    <Submit label="It happened" icon=Icon::CHECK name="happened" value="yes"/>
                    <Submit label="It did not happen" icon=Icon::X name="happened" value="no" class="danger"/>
                </div>
                <p class="hint">"It happened: the next step follows. It did not: the step is tried again."</p>
            </Form>
        }
    });
    let others = (!told.may_promote).then(|| {
        view! { <p class="aside">{Icon::BAN.view()} <span>"Somebody who may promote answers this."</span></p> }
    });
    view! {
        <h2 id="parked-title">"What became of this step?"</h2>
        {facts}
        {link}
        {answers}
        {others}
    }
    .into_any()
}
