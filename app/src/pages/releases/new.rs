//! A new release: for which product, under which number, of which type.

use crate::{
    components::{Empty, answered},
    failure::Failure,
    forms::{Choice, Form, Submit, TextField},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

/// A product that one may create releases for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductChoice {
    pub slug: String,
    pub name: String,
    /// The highest version so far.
    pub highest: Option<String>,
    /// Id and words of each release type.
    pub types: Vec<(String, String)>,
}

#[component]
pub fn NewReleasePage() -> impl IntoView {
    let product = use_query_map().with_untracked(|query| query.get("product")).unwrap_or_default();
    view! {
        <Title text="New release"/>
        <h1>"New release"</h1>
        {answered(see_choices(product), move |choices| view! { <Questions choices/> }.into_any())}
    }
}

#[component]
fn Questions(choices: Vec<ProductChoice>) -> impl IntoView {
    if choices.is_empty() {
        let text = "You need a role that may create releases, in at least one product. An administrator can grant it.";
        return view! { <Empty title="No product to release" text/> }.into_any();
    }
    let products = choices
        .iter()
        .map(|c| {
            let so_far = c.highest.as_ref().map_or_else(|| "nothing yet".to_owned(), |v| format!("now {v}"));
            (c.slug.clone(), format!("{} ({so_far})", c.name))
        })
        .collect();
    let mut types = vec![(String::new(), "The one that belongs to the number".to_owned())];
    for (id, words) in choices.iter().flat_map(|c| c.types.iter()) {
        if !types.iter().any(|(known, _)| known == id) {
            types.push((id.clone(), words.clone()));
        }
    }
    let bumps = [
        ("patch", "Patch: fixes only"),
        ("minor", "Minor: compatible features"),
        ("major", "Major: breaking changes"),
        ("exact", "Exactly the version below"),
    ];
    let bumps = bumps.into_iter().map(|(value, words)| (value.to_owned(), words.to_owned())).collect();
    view! {
        <Form to="/do/create_release" class="card">
            <Choice name="product" label="Product" options=products/>
            <Choice name="bump" label="Number" options=bumps hint="Raised from the highest version so far."/>
            <TextField name="version" label="Version" optional=true hint="By SemVer, such as 2.0.0-rc.1. Only for “exactly”."/>
            <Choice name="kind" label="Type" options=types hint="Decides who must approve, by the product’s playbook."/>
            <TextField name="title" label="Title" optional=true hint="What it is about, in a few words. Up to 200 characters."/>
            <Submit label="Create the release"/>
        </Form>
    }
    .into_any()
}

#[server(prefix = "/see", endpoint = "release_choices", input = GetUrl)]
pub async fn see_choices(#[server(default)] product: String) -> Result<Vec<ProductChoice>, Failure> {
    crate::failure::answer(on_server::choices(&product))
}

#[server(prefix = "/do", endpoint = "create_release")]
pub async fn create_release(
    product: String,
    bump: String,
    #[server(default)] version: String,
    #[server(default)] kind: String,
    #[server(default)] title: String,
) -> Result<(), Failure> {
    crate::failure::answer(on_server::create(&product, &bump, &version, &kind, title).await)
}

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::ProductChoice;
    use crate::asking::asking;
    use control::{Command, Sight};
    use domain::{
        Refusal,
        access::Permission,
        journal::Stream,
        release::{Bump, Create, Numbering},
        slug::{ProductSlug, TypeId},
    };

    pub fn choices(first: &str) -> Result<Vec<ProductChoice>, Refusal> {
        let asking = asking()?;
        let sight = Sight::of(&asking.control, asking.actor);
        let mut choices: Vec<ProductChoice> = sight
            .products()
            .filter(|p| sight.rights(&p.slug).may(Permission::Author))
            .map(|product| ProductChoice {
                slug: product.slug.to_string(),
                name: product.name.clone(),
                highest: sight.world.highest(&product.slug).map(ToString::to_string),
                types: sight.world.playbook_of(product).map_or_else(Vec::new, |playbook| {
                    playbook.types.iter().map(|t| (t.id.to_string(), format!("{}: {}", t.title, t.when))).collect()
                }),
            })
            .collect();
        choices.sort_by_key(|choice| choice.slug != first);
        Ok(choices)
    }

    pub async fn create(product: &str, bump: &str, version: &str, kind: &str, title: String) -> Result<(), Refusal> {
        let asking = asking()?;
        let product: ProductSlug =
            product.parse().map_err(|_| Refusal::invalid("product", format!("“{product}”"), "a product’s name"))?;
        asking.seen(&product)?.1.require(Permission::Author, "create releases")?;
        let numbering = match (bump, version.trim()) {
            ("exact", "") => return Err(Refusal::invalid("version", "nothing", "a version such as 1.4.2")),
            ("exact", version) => Numbering::Exact(version.parse()?),
            (_, version) if !version.is_empty() => {
                let allowed = "nothing here, or “Exactly the version below” as the number";
                return Err(Refusal::invalid("version", format!("“{version}”"), allowed));
            }
            (bump, _) => {
                let known = Bump::ALL.into_iter().find(|b| b.name() == bump);
                let known = known.ok_or_else(|| {
                    Refusal::invalid("bump", format!("“{bump}”"), "one of patch, minor, major, exact")
                })?;
                Numbering::Bump(known)
            }
        };
        let kind = Some(kind).filter(|kind| !kind.is_empty()).map(str::parse::<TypeId>).transpose();
        let kind = kind.map_err(|e| Refusal::invalid("kind", format!("“{}”", e.found), "a type of the playbook"))?;
        let create = Create { numbering, kind, title: Some(title) };
        let receipt = asking.order(Command::CreateRelease(product, create)).await?;
        if let Stream::Release(id) = receipt.stream {
            leptos_axum::redirect(&format!("/{}/releases/{}", id.product, id.version));
        }
        Ok(())
    }
}
