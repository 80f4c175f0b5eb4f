//! Products: the list, and the form for a new one.

use crate::{
    components::{Empty, When, answered},
    failure::Failure,
    forms::{Choice, Form, Submit, TextField},
};
use domain::Timestamp;
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductsView {
    pub products: Vec<ProductLine>,
    /// Name and title of each playbook.
    pub playbooks: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductLine {
    pub slug: String,
    pub name: String,
    pub playbook: String,
    pub revision: u32,
    pub repository: Option<String>,
    pub created_at: Timestamp,
}

#[component]
pub fn ProductsPage() -> impl IntoView {
    view! {
        <Title text="Products"/>
        <h1>"Products"</h1>
        {answered(see_products(), move |view| view! { <Products view/> }.into_any())}
    }
}

#[component]
fn Products(view: ProductsView) -> impl IntoView {
    let rows: Vec<_> = view
        .products
        .into_iter()
        .map(|product| {
            let ProductLine { slug, name, playbook, revision, repository, created_at } = product;
            let settings = format!("/{slug}/settings");
            view! {
                <tr>
                    <td><a href=format!("/releases?product={slug}")>{name}</a></td>
                    <td><code>{slug}</code></td>
                    <td>{playbook} " revision " {revision.to_string()}</td>
                    <td>{repository}</td>
                    <td><When at=created_at/></td>
                    <td><a href=settings>"Settings"</a></td>
                </tr>
            }
        })
        .collect();
    let list = if rows.is_empty() {
        view! { <Empty title="No products yet" text="Create the first one below."/> }.into_any()
    } else {
        view! {
            <div class="table-frame" tabindex="0" role="region" aria-label="Products">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Name"</th>
                            <th scope="col">"In addresses"</th>
                            <th scope="col">"Playbook"</th>
                            <th scope="col">"Repository"</th>
                            <th scope="col">"Created"</th>
                            <th scope="col">"What moves it"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        {list}
        <section class="card" aria-labelledby="new-product">
            <h2 id="new-product">"New product"</h2>
            <Form to="/do/create_product">
                <TextField name="name" label="Name"/>
                <TextField name="slug" label="In addresses" hint="1 to 40 of a–z, 0–9, “-” and “_”, such as shop."/>
                <Choice name="playbook" label="Playbook" options=view.playbooks/>
                <TextField name="repository" label="Repository" optional=true hint="An address or a file:// path."/>
                <Submit label="Create the product"/>
            </Form>
        </section>
    }
}

#[server(prefix = "/see", endpoint = "products", input = GetUrl)]
pub async fn see_products() -> Result<ProductsView, Failure> {
    crate::failure::answer(on_server::products())
}

#[server(prefix = "/do", endpoint = "create_product")]
pub async fn create_product(
    name: String,
    slug: String,
    playbook: String,
    #[server(default)] repository: String,
) -> Result<crate::forms::Accepted, Failure> {
    crate::failure::answer(on_server::create(name, &slug, &playbook, repository).await)
}

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::{ProductLine, ProductsView};
    use crate::{asking::asking, forms::Accepted};
    use control::Command;
    use domain::{
        Refusal, product,
        slug::{PlaybookName, ProductSlug},
    };

    pub fn products() -> Result<ProductsView, Refusal> {
        let asking = asking()?;
        asking.administers("manage products")?;
        let world = asking.control.world();
        let products = world
            .products()
            .map(|p| ProductLine {
                slug: p.slug.to_string(),
                name: p.name.clone(),
                playbook: p.playbook.to_string(),
                revision: p.playbook_revision.0,
                repository: p.repository.clone(),
                created_at: p.created_at,
            })
            .collect();
        let titled = |(name, published): (&PlaybookName, &std::sync::Arc<domain::playbook::Published>)| {
            let title = published
                .newest()
                .map_or_else(String::new, |n| format!("{}: {}", n.playbook.title, n.playbook.summary));
            (name.to_string(), title)
        };
        Ok(ProductsView { products, playbooks: world.playbooks().map(titled).collect() })
    }

    pub async fn create(name: String, slug: &str, playbook: &str, repository: String) -> Result<Accepted, Refusal> {
        let asking = asking()?;
        asking.administers("create products")?;
        let slug: ProductSlug = slug
            .trim()
            .parse()
            .map_err(|_| Refusal::invalid("slug", format!("“{slug}”"), "1 to 40 of a–z, 0–9, “-” and “_”"))?;
        let playbook: PlaybookName = playbook
            .parse()
            .map_err(|_| Refusal::invalid("playbook", format!("“{playbook}”"), "a playbook of the list"))?;
        let repository = Some(repository).filter(|r| !r.trim().is_empty());
        let command = product::Command::Create { name, playbook, repository };
        let receipt = asking.order(Command::Product(slug, command)).await?;
        Ok(Accepted { seq: receipt.seq })
    }
}
