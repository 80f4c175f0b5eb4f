//! Products.

use super::{
    Problem, ProblemBody,
    answer::Answer,
    asked::Asked,
    json,
    page::{Page, Paging},
    path,
};
use crate::web::{Web, credential::Caller};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    response::Response,
};
use control::{Command, World};
use domain::{
    Refusal, Timestamp,
    access::Permission,
    environment::{Environment, EnvironmentId},
    journal::Fact,
    playbook::{Playbook, Revision},
    product::{self, Product},
    slug::{PlaybookName, ProductSlug},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    #[schema(value_type = String)]
    slug: ProductSlug,
    name: String,
    #[schema(value_type = String)]
    playbook: PlaybookName,
    /// A URL or a `file://` path.
    #[serde(default)]
    repository: Option<String>,
}

/// What new releases follow; those that are there stay where they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductChange {
    /// Another playbook; left out: the one it has.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    playbook: Option<PlaybookName>,
    playbook_revision: u32,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EnvironmentShown {
    name: String,
    purpose: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ProductShown {
    slug: String,
    name: String,
    playbook: String,
    playbook_revision: u32,
    repository: Option<String>,
    environments: Vec<EnvironmentShown>,
    /// Which version runs in each environment; null where nothing does.
    running: BTreeMap<String, Option<String>>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl ProductShown {
    fn of(product: &Product, playbook: Option<&Playbook>, world: &World) -> Self {
        let environments = || playbook.into_iter().flat_map(|p| &p.environments);
        Self {
            slug: product.slug.to_string(),
            name: product.name.clone(),
            playbook: product.playbook.to_string(),
            playbook_revision: product.playbook_revision.0,
            repository: product.repository.clone(),
            environments: environments()
                .map(|e| EnvironmentShown { name: e.name.to_string(), purpose: e.purpose.clone() })
                .collect(),
            running: environments()
                .map(|e| {
                    let id = EnvironmentId { product: product.slug.clone(), env: e.name.clone() };
                    let running = world.environment(&id).and_then(Environment::running);
                    (e.name.to_string(), running.map(|run| run.version.to_string()))
                })
                .collect(),
            created_at: product.created_at,
        }
    }

    fn in_world(product: &Product, world: &World) -> Self {
        Self::of(product, world.playbook_of(product), world)
    }
}

/// Makes a product. For administrators.
#[utoipa::path(post, path = "/products", tag = "products", request_body = NewProduct,
    responses((status = 201, body = ProductShown), (status = "default", body = ProblemBody)))]
pub async fn create(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Problem> {
    let world = caller.may(&web, Permission::Administer, "create products")?;
    let (new, keyed) = asked.read::<NewProduct>().await?;
    let command = product::Command::Create { name: new.name, playbook: new.playbook, repository: new.repository };
    let slug = new.slug.clone();
    let answer = move |receipt: &control::Receipt| {
        let made = receipt.envelopes.iter().find_map(|envelope| match &envelope.fact {
            Fact::Product(event) => product::evolve(&slug, None, event, envelope.at).ok(),
            _ => None,
        });
        Answer::created(&made.map(|product| ProductShown::in_world(&product, &world)))
    };
    web.order(caller.0, Command::Product(new.slug, command), keyed, answer).await
}

/// The products that the caller sees, newest first.
#[utoipa::path(get, path = "/products", tag = "products", params(Paging),
    responses((status = 200, body = Page<ProductShown>), (status = "default", body = ProblemBody)))]
pub async fn list(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Page<ProductShown>>, Problem> {
    let paging: Paging = json::read_query(query.as_deref())?;
    let (world, now) = (web.control.world(), web.control.now());
    let seen = world.products().filter(|p| world.authority(caller.0, Some(&p.slug), now).may(Permission::View));
    let key = |p: &&std::sync::Arc<Product>| format!("{:020} {}", p.created_at.timestamp_millis(), p.slug);
    Ok(Json(paging.cut(seen, key, |p| ProductShown::in_world(p, &world))?))
}

/// One product.
#[utoipa::path(get, path = "/products/{product}", tag = "products", params(("product" = String, Path)),
    responses((status = 200, body = ProductShown), (status = "default", body = ProblemBody)))]
pub async fn show(
    State(web): State<Web>,
    caller: Caller,
    Path(slug): Path<String>,
) -> Result<Json<ProductShown>, Problem> {
    let slug = path::product(&slug)?;
    let (world, _) = caller.viewing(&web, &slug)?;
    let product = world.product(&slug).ok_or_else(|| Refusal::not_found(format!("product “{slug}”")))?;
    Ok(Json(ProductShown::in_world(product, &world)))
}

/// Lets new releases of a product follow another revision of its playbook, or another playbook. For administrators.
#[utoipa::path(patch, path = "/products/{product}", tag = "products", params(("product" = String, Path)),
    request_body = ProductChange, responses((status = 200, body = ProductShown), (status = "default", body = ProblemBody)))]
pub async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(slug): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let world = caller.may(&web, Permission::Administer, "choose what a product follows")?;
    let slug = path::product(&slug)?;
    let before = world.product(&slug).cloned().ok_or_else(|| Refusal::not_found(format!("product “{slug}”")))?;
    let (change, keyed) = asked.read::<ProductChange>().await?;
    let playbook = change.playbook.unwrap_or_else(|| before.playbook.clone());
    let command = product::Command::Follow { playbook, revision: Revision(change.playbook_revision) };
    let answer = move |receipt: &control::Receipt| {
        let followed = receipt.envelopes.iter().find_map(|envelope| match &envelope.fact {
            Fact::Product(event) => product::evolve(&before.slug, Some(&before), event, envelope.at).ok(),
            _ => None,
        });
        Answer::ok(&ProductShown::in_world(followed.as_ref().unwrap_or(&before), &world))
    };
    web.order(caller.0, Command::Product(slug, command), keyed, answer).await
}
