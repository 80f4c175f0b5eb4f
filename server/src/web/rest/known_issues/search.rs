//! The search over known issues of all products that the caller sees.

use super::list::KnownIssueShown;
use crate::web::{
    Web,
    credential::Caller,
    rest::{Problem, ProblemBody, json, page::Paging, path},
};
use axum::{
    Json,
    extract::{RawQuery, State},
};
use control::{Sight, known_issues::Wanted};
use domain::{Refusal, known_issue, release::Version};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Question {
    /// Words; the begin of one is enough, and one slip in each is forgiven.
    q: String,
    #[serde(default)]
    product: Option<String>,
    /// Those that this version has.
    #[serde(default)]
    version: Option<String>,
    /// `support`, `customers`, …
    #[serde(default)]
    audience: Option<String>,
    /// 1 to 200; 50 when left out.
    #[serde(default)]
    limit: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundShown {
    /// The best first.
    items: Vec<KnownIssueShown>,
    /// How many there are, shown or not.
    found: usize,
}

/// Searches the known issues that the caller sees: those that hold the most of the words, the best first.
#[utoipa::path(get, path = "/search", tag = "known issues", params(Question),
    responses((status = 200, body = FoundShown), (status = "default", body = ProblemBody)))]
pub async fn search(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<FoundShown>, Problem> {
    let question: Question = json::read_query(query.as_deref())?;
    if question.q.trim().is_empty() {
        return Err(Refusal::invalid("q", "nothing", "the words to search for").into());
    }
    let product = question.product.as_deref().map(path::product).transpose()?;
    if let Some(product) = &product {
        caller.viewing(&web, product)?;
    }
    let version = question.version.as_ref().map(|text| text.parse::<Version>()).transpose();
    let wanted = Wanted {
        product,
        version: version.map_err(|no| no.on("version"))?,
        audience: question.audience.as_deref().map(known_issue::audience_named).transpose()?,
        severity: None,
        state: None,
        words: question.q,
    };
    let limit = Paging { limit: question.limit, cursor: None }.limit()?;
    let found = web.control.known_issues(&Sight::of(&web.control, caller.0), &wanted);
    let items = found.iter().take(limit).map(|issue| KnownIssueShown::of(issue, &web.control)).collect();
    Ok(Json(FoundShown { items, found: found.len() }))
}
