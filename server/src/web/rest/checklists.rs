//! Items of checklists, ticked or set aside.

use super::{
    Problem, ProblemBody,
    answer::Answer,
    asked::Asked,
    path,
    releases::allowed,
    show::{ItemShown, lists_of},
};
use crate::web::{Web, credential::Caller};
use axum::{
    extract::{Path, State},
    response::Response,
};
use control::{Command, Receipt};
use domain::{
    Refusal,
    access::Permission,
    gate::ItemState,
    release::{self, Mark},
};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMark {
    /// `done`, `not_applicable` or `open`.
    #[schema(value_type = String)]
    state: ItemState,
    /// Why it does not apply.
    #[serde(default)]
    reason: Option<String>,
    /// A note or a link; some items need one.
    #[serde(default)]
    evidence: Option<String>,
}

impl NewMark {
    fn mark(self) -> Result<Mark, Refusal> {
        match self.state {
            ItemState::Open => Ok(Mark::Open),
            ItemState::Done => Ok(Mark::Done { evidence: self.evidence }),
            ItemState::NotApplicable => {
                let missing = || Refusal::invalid("reason", "nothing", "why it does not apply");
                Ok(Mark::NotApplicable { reason: self.reason.ok_or_else(missing)? })
            }
        }
    }
}

/// Ticks an item, sets it aside with a reason, or opens it again.
#[utoipa::path(post, path = "/products/{product}/releases/{version}/checklists/{list}/{item}", tag = "gates",
    params(("product" = String, Path), ("version" = String, Path), ("list" = String, Path), ("item" = String, Path)),
    request_body = NewMark,
    responses((status = 201, body = ItemShown), (status = "default", body = ProblemBody)))]
pub async fn mark(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version, list, item)): Path<(String, String, String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = allowed(&web, caller, (&product, &version), Permission::Tick, "tick checklists")?;
    let (list, item) = (path::checklist(&list)?, path::item(&item)?);
    let world = web.control.world();
    let there = world.release(&id).is_some_and(|release| {
        let lists = lists_of(release, &world, web.control.now());
        lists.iter().any(|l| l.id == list.as_str() && l.items.iter().any(|i| i.id == item.as_str()))
    });
    if !there {
        return Err(Refusal::not_found(format!("item “{item}” of a checklist “{list}”")).into());
    }
    let (new, keyed) = asked.read::<NewMark>().await?;
    let command = release::Command::Mark { list: list.clone(), item: item.clone(), mark: new.mark()? };
    let control = web.control.clone();
    let answer = move |receipt: &Receipt| {
        let shown = receipt.release.as_deref().and_then(|release| {
            let lists = lists_of(release, &control.world(), control.now());
            let found = lists.into_iter().find(|l| l.id == list.as_str())?;
            found.items.into_iter().find(|i| i.id == item.as_str())
        });
        Answer::created(&shown)
    };
    web.order(caller.0, Command::Release(id, command), keyed, answer).await
}
