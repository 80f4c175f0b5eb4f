//! What happens in a period.

use crate::web::{
    Web,
    credential::Caller,
    rest::{Problem, ProblemBody, json, path},
};
use axum::{
    Json,
    extract::{RawQuery, State},
};
use control::{
    Sight,
    calendar::{Concerned, Contradiction, Happening, Source},
};
use domain::{
    Refusal, Timestamp,
    calendar::{Conflict, ConflictKind, Kind, Opening, Part, Period, ZoneName, local_time},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How far ahead is told when nobody says.
const USUAL_DAYS: i64 = 30;
const MOST_DAYS: i64 = 2 * 366;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// RFC 3339, or a date in UTC; now when left out.
    #[serde(default)]
    from: Option<String>,
    /// The same; 30 days later when left out, at most two years later.
    #[serde(default)]
    to: Option<String>,
    /// All products that the caller sees when left out.
    #[serde(default)]
    product: Option<String>,
}

/// One thing that happens, or a part of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OccurrenceShown {
    /// The id of its rule.
    id: String,
    /// `*` for everywhere; null for rules of playbooks.
    product: Option<String>,
    playbook: Option<String>,
    /// The first products that it concerns; none when it concerns everywhere.
    products: Vec<String>,
    products_count: usize,
    #[schema(value_type = String)]
    kind: Kind,
    /// `days_before` a holiday, `code_freeze` before a train, or the thing `itself`.
    #[schema(value_type = String)]
    part: Part,
    title: String,
    #[schema(value_type = String, format = DateTime)]
    starts: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    ends: Timestamp,
    zone: String,
    /// What the wall of the zone shows then.
    local_starts: String,
    local_ends: String,
    /// Nothing that it concerns ships meanwhile.
    closes: bool,
    /// The clocks jump over the local start of this date; it was moved forward.
    moved: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ConflictShown {
    products: Vec<String>,
    #[schema(value_type = String)]
    kind: ConflictKind,
    /// The rule that suffers first, then those that cause it.
    rules: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    starts: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    ends: Timestamp,
    sentence: String,
}

/// A stretch in which releases may leave.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpeningShown {
    #[schema(value_type = String, format = DateTime)]
    starts: Timestamp,
    /// Null: longer than ten years.
    #[schema(value_type = Option<String>, format = DateTime)]
    ends: Option<Timestamp>,
    zone: String,
    local_starts: String,
    offset_minutes: i32,
    /// The clocks of the zone stand differently from the opening before.
    clocks_changed: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarShown {
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    items: Vec<OccurrenceShown>,
    conflicts: Vec<ConflictShown>,
}

fn local(at: chrono::NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M").to_string()
}

fn names(products: &Concerned) -> Vec<String> {
    products.named.iter().map(ToString::to_string).collect()
}

impl From<Happening> for OccurrenceShown {
    fn from(happening: Happening) -> Self {
        let Happening { source, products, occurrence: o } = happening;
        let (product, playbook) = match source {
            Source::Everywhere => (Some("*".to_owned()), None),
            Source::Product(slug) => (Some(slug.to_string()), None),
            Source::Playbook(name) => (None, Some(name.to_string())),
        };
        Self {
            id: o.rule.to_string(),
            product,
            playbook,
            products: names(&products),
            products_count: products.count,
            kind: o.kind,
            part: o.part,
            title: o.title,
            starts: o.starts,
            ends: o.ends,
            zone: o.zone.to_string(),
            local_starts: local(o.local_starts),
            local_ends: local(o.local_ends),
            closes: o.closes,
            moved: o.moved,
        }
    }
}

impl From<Contradiction> for ConflictShown {
    fn from(contradiction: Contradiction) -> Self {
        let products = names(&contradiction.products);
        Self { products, ..contradiction.conflict.into() }
    }
}

impl From<Conflict> for ConflictShown {
    fn from(conflict: Conflict) -> Self {
        let Conflict { kind, rules, starts, ends, sentence } = conflict;
        let rules = rules.iter().map(ToString::to_string).collect();
        Self { products: Vec::new(), kind, rules, starts, ends, sentence }
    }
}

impl From<Opening> for OpeningShown {
    fn from(opening: Opening) -> Self {
        let Opening { starts, ends, zone, local_starts, offset_minutes, clocks_changed } = opening;
        let local_starts = local(local_starts);
        Self { starts, ends, zone: zone.to_string(), local_starts, offset_minutes, clocks_changed }
    }
}

/// What happens in a period: trains with their code freezes, freezes, maintenance, holidays, and what contradicts what.
#[utoipa::path(get, path = "/calendar", tag = "calendar", params(Wanted),
    responses((status = 200, body = CalendarShown), (status = "default", body = ProblemBody)))]
pub async fn list(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<CalendarShown>, Problem> {
    let wanted: Wanted = json::read_query(query.as_deref())?;
    let product = wanted.product.as_deref().map(path::product).transpose()?;
    if let Some(product) = &product {
        caller.viewing(&web, product)?;
    }
    let read = |field, text: &Option<String>, usual| match text {
        Some(text) => local_time(field, text, &ZoneName::utc()).map(|at| at.and_utc()),
        None => Ok(usual),
    };
    let from = read("from", &wanted.from, web.control.now())?;
    let to = read("to", &wanted.to, from + chrono::Duration::days(USUAL_DAYS))?;
    let period = Period::new(from, to)?;
    if to - from > chrono::Duration::days(MOST_DAYS) {
        let allowed = format!("at most {MOST_DAYS} days after “from”");
        return Err(Refusal::invalid("to", to.to_rfc3339(), allowed).into());
    }
    let schedule = Sight::of(&web.control, caller.0).schedule(product.as_ref(), &period);
    Ok(Json(CalendarShown {
        from,
        to,
        items: schedule.happenings.into_iter().map(Into::into).collect(),
        conflicts: schedule.contradictions.into_iter().map(Into::into).collect(),
    }))
}
