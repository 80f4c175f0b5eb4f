//! One release: what it is, how it stands, and the decision on it.

mod functions;
mod model;

pub use functions::{Approve, SeeRelease, approve, see_release};
pub use model::{Line, ReleaseView, Rights};

use crate::{
    components::{Badge, RefusalPage, Standing},
    forms::{Form, Submit, TextArea},
    icons::Icon,
};
use domain::release::may_decide;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[component]
pub fn ReleasePage() -> impl IntoView {
    let params = use_params_map();
    let place = move || params.with(|p| (p.get("product").unwrap_or_default(), p.get("version").unwrap_or_default()));
    let release = Resource::new(place, |(product, version)| see_release(product, version));
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match release.await {
                    Ok(view) => view! { <Page view/> }.into_any(),
                    Err(failure) => view! { <RefusalPage refusal=failure.0/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Page(view: ReleaseView) -> impl IntoView {
    let release = &view.release;
    let by = view.rights.authority();
    let role = release.contents.approvals_needed.iter().find(|r| may_decide(release, &r.role, &by).is_ok());
    let about = vec![("product", release.id.product.to_string()), ("version", release.id.version.to_string())];
    let digest = release.digest.to_string();
    let form = role.map(|requirement| {
        let role = requirement.role.to_string();
        view! {
            <Form to="/do/approve" about>
                <input type="hidden" name="role" value=role/>
                <input type="hidden" name="digest" value=digest/>
                <TextArea name="comment" label="Comment" optional=true hint="A rejection needs a reason."/>
                <Submit label="Approve" icon=Icon::CHECK name="verdict" value="approve"/>
                <Submit label="Reject" icon=Icon::X name="verdict" value="reject" class="danger"/>
            </Form>
        }
    });
    let title = release.id.to_string();
    view! {
        <Title text=title.clone()/>
        <h1>{title}</h1>
        <Badge standing=Standing::of(release)/>
        <section id="approval">{form}</section>
    }
}
