//! The approval card: everything to look at, and below it the decision, bound to exactly what is shown.

use super::{
    evidence,
    model::ReleaseView,
    say::{Say, say},
};
use crate::{
    forms::{Form, Hidden, Submit, TextArea},
    icons::Icon,
};
use domain::{digest::Digest, text::list};
use leptos::prelude::*;

#[component]
pub fn ApprovalCard(view: RwSignal<ReleaseView>) -> impl IntoView {
    // The reader decides about what was shown when they began to look, not about what came in meanwhile.
    let shown: RwSignal<Digest> = RwSignal::new(view.with_untracked(|view| view.release.digest.clone()));
    let changed = Memo::new(move |_| {
        view.with(|view| {
            let shown = shown.get();
            (shown != view.release.digest).then(|| view.release.changed_since(&shown))
        })
    });
    let say = Memo::new(move |_| view.with(say));
    let decision = move || match say.get() {
        Say::May { role, absent, approve, reject } => {
            view! { <Decision view role=role.to_string() words=role.words() absent approve reject shown changed/> }
                .into_any()
        }
        Say::MayNot(why) => view! { <p class="aside">{Icon::BAN.view()} <span>{why}</span></p> }.into_any(),
    };
    view! {
        <section id="approval" class="card approval" aria-labelledby="approval-title">
            <h2 id="approval-title">"Approval for production"</h2>
            {move || view.with(evidence::what).view()}
            {move || view.with(evidence::difference).view()}
            {move || view.with(evidence::safety).view()}
            {move || view.with(evidence::rule).view()}
            <Changed view shown changed/>
            {decision}
        </section>
    }
}

/// What has changed under the reader's eyes, and the way to look at it.
#[component]
fn Changed(view: RwSignal<ReleaseView>, shown: RwSignal<Digest>, changed: Memo<Option<Vec<String>>>) -> impl IntoView {
    let look = move |_| shown.set(view.with_untracked(|view| view.release.digest.clone()));
    move || {
        changed.get().map(|parts| {
            view! {
                <div class="changed" role="status">
                    {Icon::TRIANGLE_ALERT.view()}
                    <p><b>"Changed since you looked: " {list(&parts)} "."</b> " What you see above is the new state."</p>
                    <button type="button" class="button" on:click=look>"I have looked again"</button>
                </div>
            }
        })
    }
}

#[component]
fn Decision(
    view: RwSignal<ReleaseView>,
    role: String,
    words: String,
    absent: Option<String>,
    approve: bool,
    reject: bool,
    shown: RwSignal<Digest>,
    changed: Memo<Option<Vec<String>>>,
) -> impl IntoView {
    let about = view.with_untracked(super::about);
    let digest = Signal::derive(move || shown.get().to_string());
    let blocked = Signal::derive(move || changed.with(Option::is_some));
    let standing_in = absent.map(|absent| format!(", standing in for {absent}")).unwrap_or_default();
    let explains = match (approve, reject) {
        (true, true) => format!("You decide as {words}{standing_in}."),
        (true, false) => format!("You rejected this as {words}{standing_in}. Approving takes the place of that."),
        (false, true) => format!("You may still reject this as {words}{standing_in}."),
        (false, false) => format!("You have decided as {words}{standing_in}."),
    };
    let hint = if reject { "A rejection needs a reason." } else { "" };
    view! {
        <Form to="/do/approve" about class="decision">
            <input type="hidden" name="role" value=role/>
            <Hidden name="digest" value=digest/>
            <p class="aside">{Icon::USER.view()} <span>{explains}</span></p>
            <TextArea name="comment" label="Comment" optional=true hint rows=2/>
            // Made inside of the form: buttons ask it how far it got.
            <div class="approve-bar">
                {approve.then(|| view! {
                    <Submit label="Approve" icon=Icon::CHECK name="verdict" value="approve" blocked/>
                })}
                {reject.then(|| view! {
                    <Submit label="Reject" icon=Icon::X name="verdict" value="reject" class="danger" blocked/>
                })}
            </div>
        </Form>
    }
}
