//! The rules that people set beside the playbook, and what one would change before it is set.

use super::list::{ConflictShown, OpeningShown};
use crate::web::{
    Web,
    credential::Caller,
    rest::{Problem, ProblemBody, answer::Answer, asked::Asked},
};
use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use control::{Command, World};
use domain::{
    Refusal, Timestamp,
    access::Permission,
    calendar::{CutOff, Kind, Rrule, Rule, RuleDraft, Voyage, ZoneName, about_rule, local_time},
    journal::Fact,
    person::Reach,
    slug::{EnvName, RuleId, TypeId},
    window,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// How many openings a simulation tells.
const OPENINGS: usize = 10;

/// A rule of the calendar as it is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWindow {
    /// `*` for everywhere.
    #[schema(value_type = String)]
    product: Reach,
    /// `freeze`, `blackout`, `maintenance`, `company_event`, `holiday`, `train`, `opening` or `notice`.
    #[schema(value_type = String)]
    kind: Kind,
    /// The reason when left out.
    #[serde(default)]
    title: Option<String>,
    /// Why it is set; the title when left out.
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    note: Option<String>,
    /// An IANA time zone, in which `from` and `to` are read.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    zone: Option<ZoneName>,
    /// Local time such as `2027-03-22T09:00`; of the first happening when it repeats.
    #[serde(default, alias = "start", alias = "starts", alias = "starts_at")]
    from: Option<String>,
    #[serde(default, alias = "end", alias = "ends", alias = "ends_at")]
    to: Option<String>,
    /// How it repeats, by RFC 5545: `FREQ=WEEKLY;BYDAY=FR`.
    #[serde(default)]
    rrule: Option<String>,
    /// Dates on which it does not happen although it repeats.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    except_dates: BTreeSet<chrono::NaiveDate>,
    /// Environments concerned; all when left out.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    envs: BTreeSet<EnvName>,
    /// Release types concerned; all when left out.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    types: BTreeSet<TypeId>,
    /// Release types that are not concerned.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    except_types: BTreeSet<TypeId>,
    /// Of a train: `{"days_before": 1, "at": "18:00"}`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    cut_off: Option<CutOff>,
    /// Of a holiday: closed from midnight so many days before.
    #[serde(default)]
    days_before: Option<u16>,
    /// `false` shows it and closes nothing.
    #[serde(default)]
    closes: Option<bool>,
    /// Of a notice.
    #[serde(default)]
    hours: Option<u16>,
    /// For a simulation: the release type that is asked about; the first concerned when left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    for_type: Option<TypeId>,
    /// For a simulation: the environment; production when left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    for_env: Option<EnvName>,
}

impl NewWindow {
    fn rule(&self, id: RuleId) -> Result<Rule, Refusal> {
        let title = self.title.as_ref().or(self.reason.as_ref()).map_or("", String::as_str);
        let mut draft = RuleDraft::new(id, self.kind, title);
        draft.note.clone_from(&self.note);
        draft.zone.clone_from(&self.zone);
        draft.rrule = self.rrule.as_deref().map(str::parse::<Rrule>).transpose().map_err(|no| no.on("rrule"))?;
        draft.except_dates.clone_from(&self.except_dates);
        draft.envs.clone_from(&self.envs);
        draft.types.clone_from(&self.types);
        draft.except_types.clone_from(&self.except_types);
        draft.cut_off = self.cut_off;
        draft.days_before = self.days_before;
        draft.closes = self.closes;
        draft.hours = self.hours;
        if self.kind != Kind::Notice {
            let needed = |field, allowed: &str| Refusal::invalid(field, "nothing", allowed);
            let zone = self.zone.as_ref().ok_or_else(|| needed("zone", "an IANA time zone such as “Europe/London”"))?;
            let time = |field, text: &Option<String>| {
                let text = text.as_deref().ok_or_else(|| needed(field, "a local time such as “2027-03-22T09:00”"))?;
                local_time(field, text, zone)
            };
            draft = draft.between(time("from", &self.from)?, time("to", &self.to)?)?;
        }
        draft.check().map_err(first)
    }
}

fn first(refusals: Vec<Refusal>) -> Refusal {
    refusals.into_iter().next().unwrap_or_else(|| Refusal::invalid("rule", "nothing", "a rule"))
}

/// A rule that people set.
#[derive(Debug, Serialize, ToSchema)]
pub struct WindowShown {
    /// `*` for everywhere.
    product: String,
    reason: String,
    set_by: Option<String>,
    set_by_name: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    set_at: Timestamp,
    /// In a sentence: when it happens.
    when: Option<String>,
    /// `id`, `kind`, `title`, `zone` and what else was asked for.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    rule: RuleDraft,
}

/// Refused unless the caller may set rules there.
fn may_set(web: &Web, caller: Caller, reach: &Reach, to: &str) -> Result<World, Refusal> {
    let (world, by) = match reach {
        Reach::Everywhere => caller.installation(web),
        Reach::Product(product) => caller.on(web, product)?,
    };
    window::may_set(reach, &by, to)?;
    Ok(world)
}

/// Sets a freeze, a blackout, maintenance, or any other rule of the calendar. For whoever promotes releases of the
/// product, such as release captains; everywhere for administrators.
#[utoipa::path(post, path = "/calendar/windows", tag = "calendar", request_body = NewWindow,
    responses((status = 201, body = WindowShown), (status = "default", body = ProblemBody)))]
pub async fn set(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Problem> {
    let (new, keyed) = asked.read::<NewWindow>().await?;
    may_set(&web, caller, &new.product, "set rules of the calendar")?;
    let rule = new.rule(web.control.fresh_rule_id())?;
    let reason = new.reason.as_ref().or(new.title.as_ref()).cloned().unwrap_or_default();
    let command = window::Command::SaveRule { rule: Box::new(rule), reason };
    let (control, product) = (web.control.clone(), new.product.to_string());
    let answer = move |receipt: &control::Receipt| {
        let set = receipt.envelopes.iter().find_map(|envelope| match &envelope.fact {
            Fact::Calendar(window::Event::RuleSaved { rule, reason }) => Some(WindowShown {
                product: product.clone(),
                reason: reason.clone(),
                set_by: envelope.actor.person().map(|id| id.to_string()),
                set_by_name: envelope.actor.person().map(|id| control.name(id)),
                set_at: envelope.at,
                when: rule.schedule().map(domain::calendar::Schedule::words),
                rule: Rule::clone(rule).into(),
            }),
            _ => None,
        });
        Answer::created(&set)
    };
    web.order(caller.0, Command::Calendar(new.product, command), keyed, answer).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Removal {
    reason: String,
}

/// Removes a rule that people set; those of playbooks go with a new revision.
#[utoipa::path(delete, path = "/calendar/windows/{id}", tag = "calendar", params(("id" = String, Path)), request_body = Removal,
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub async fn remove(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let unknown = || Refusal::not_found("rule of the calendar with this id");
    let id: RuleId = id.parse().map_err(|_| unknown())?;
    let reach = web.control.world().set_for(&id).cloned().ok_or_else(unknown)?;
    may_set(&web, caller, &reach, "remove rules of the calendar").map_err(|no| match no.class {
        domain::Class::NotFound => unknown(),
        _ => no,
    })?;
    let (Removal { reason }, keyed) = asked.read::<Removal>().await?;
    let command = window::Command::RemoveRule { rule: id, reason };
    web.order(caller.0, Command::Calendar(reach, command), keyed, |_| Answer::nothing()).await
}

/// What a rule would change.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimulationShown {
    /// The product whose calendar was asked.
    product: String,
    for_type: String,
    for_env: String,
    /// The next ten with the rule.
    openings: Vec<OpeningShown>,
    /// The next ten without it.
    openings_now: Vec<OpeningShown>,
    /// Those that the rule would take part in, over the next 400 days.
    conflicts: Vec<ConflictShown>,
}

/// Tries a rule without setting it: the next ten openings with it and without it, across changes of the clocks.
#[utoipa::path(post, path = "/products/{product}/calendar/simulations", tag = "calendar",
    params(("product" = String, Path)), request_body = NewWindow,
    responses((status = 200, body = SimulationShown), (status = "default", body = ProblemBody)))]
pub async fn simulate(
    State(web): State<Web>,
    caller: Caller,
    Path(product): Path<String>,
    asked: Asked,
) -> Result<Json<SimulationShown>, Problem> {
    let product = crate::web::rest::path::product(&product)?;
    let (world, by) = caller.viewing(&web, &product)?;
    by.require(Permission::View, "see this product")?;
    let (new, _) = asked.read::<NewWindow>().await?;
    let rule = new.rule(web.control.fresh_rule_id())?;
    let playbook = world.product(&product).and_then(|p| world.playbook_of(p));
    let types = playbook.into_iter().flat_map(|p| p.types.iter().map(|t| t.id.clone()));
    let env = new.for_env.unwrap_or_else(EnvName::production);
    let kind = new.for_type.or_else(|| types.into_iter().find(|kind| rule.scope().covers(kind, &env)));
    let id = rule.id().clone();
    let kind = kind.ok_or_else(|| Refusal::invalid("for_type", "nothing", "a release type that the rule concerns"))?;
    let voyage = Voyage::new(kind, env);
    let tried = world.calendar_of(&product).simulate(rule, &voyage, web.control.now(), OPENINGS);
    let tried = tried.map_err(|all| about_rule(first(all), &id))?;
    Ok(Json(SimulationShown {
        product: product.to_string(),
        for_type: voyage.kind.to_string(),
        for_env: voyage.env.to_string(),
        openings: tried.openings.into_iter().map(Into::into).collect(),
        openings_now: tried.openings_now.into_iter().map(Into::into).collect(),
        conflicts: tried.conflicts.into_iter().map(Into::into).collect(),
    }))
}
