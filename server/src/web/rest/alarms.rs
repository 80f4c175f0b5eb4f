//! Alarms of an environment: what a team's own check says, such as that the data is not sound.

use super::{
    Problem, ProblemBody,
    answer::{Answer, Keyed},
    asked::Asked,
    environments::known,
    path,
};
use crate::web::{Web, credential::Caller};
use axum::{
    extract::{Path, State},
    response::Response,
};
use control::{Command, Receipt};
use domain::{
    Refusal, Timestamp,
    access::Permission,
    environment::{self, Alarm, EnvironmentId, Raised},
    text,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An alarm that fires.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlarmShown {
    key: String,
    name: String,
    critical: bool,
    /// The playbook's trigger that it meets.
    #[serde(skip_serializing_if = "Option::is_none")]
    trigger: Option<String>,
    said: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who raised it; null when a monitoring system did.
    by: Option<String>,
}

impl From<&Raised> for AlarmShown {
    fn from(raised: &Raised) -> Self {
        let Raised { alarm, at, by } = raised.clone();
        Self {
            key: alarm.key,
            name: alarm.name,
            critical: alarm.critical,
            trigger: alarm.trigger.map(String::from),
            said: alarm.said,
            at,
            by: by.map(|person| person.to_string()),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAlarm {
    /// Under this it is raised once, and cleared.
    key: String,
    name: String,
    /// One of the triggers of the playbook; may be left out when it is critical.
    #[serde(default)]
    trigger: Option<String>,
    #[serde(default)]
    critical: bool,
    /// What was found, for people.
    #[serde(default)]
    said: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AllClear {
    reason: String,
}

/// Says that an alarm fires. The same once more changes nothing; it fires until it is cleared.
#[utoipa::path(post, path = "/products/{product}/environments/{env}/alarms", tag = "monitors",
    params(("product" = String, Path), ("env" = String, Path)), request_body = NewAlarm,
    responses((status = 201, body = AlarmShown), (status = "default", body = ProblemBody)))]
pub async fn raise(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = authored(&web, caller, &product, &env)?;
    let (new, keyed) = asked.read::<NewAlarm>().await?;
    let NewAlarm { key, name, trigger, critical, said } = new;
    let trigger = trigger.map(|trigger| trigger.parse().map_err(|_| no_trigger(&web, &id, &trigger))).transpose()?;
    let about = key.clone();
    let command = environment::Command::Raise(Box::new(Alarm { key, name, critical, trigger, said }));
    let answer = move |receipt: &Receipt| {
        let raised = receipt.environment.as_ref().and_then(|here| here.alarms.get(&about));
        Answer::created(&raised.map(AlarmShown::from))
    };
    order(&web, caller, id, command, keyed, answer).await
}

/// Says that it is over. What a monitoring system raised is cleared by those who may promote.
#[utoipa::path(delete, path = "/products/{product}/environments/{env}/alarms/{key}", tag = "monitors",
    params(("product" = String, Path), ("env" = String, Path), ("key" = String, Path)), request_body = AllClear,
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub async fn clear(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env, key)): Path<(String, String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = authored(&web, caller, &product, &env)?;
    let (AllClear { reason }, keyed) = asked.read::<AllClear>().await?;
    order(&web, caller, id, environment::Command::Clear { key, reason }, keyed, |_| Answer::nothing()).await
}

fn authored(web: &Web, caller: Caller, product: &str, env: &str) -> Result<EnvironmentId, Refusal> {
    let (world, by) = caller.on(web, &path::product(product)?)?;
    let id = known(&world, product, env)?;
    by.require(Permission::Author, "raise and clear alarms")?;
    Ok(id)
}

/// What is no name of a trigger at all.
fn no_trigger(web: &Web, id: &EnvironmentId, found: &str) -> Refusal {
    let world = web.control.world();
    let playbook = world.product(&id.product).and_then(|product| world.playbook_of(product));
    let triggers: Vec<&str> = playbook.iter().flat_map(|p| &p.triggers).map(|trigger| trigger.id.as_str()).collect();
    let short: String = found.chars().take(60).collect();
    Refusal::invalid("trigger", format!("“{short}”"), text::either(&triggers))
}

async fn order(
    web: &Web,
    caller: Caller,
    id: EnvironmentId,
    command: environment::Command,
    keyed: Option<Keyed>,
    answer: impl Fn(&Receipt) -> Answer + Send + Sync + 'static,
) -> Result<Response, Problem> {
    web.order(caller.0, Command::Environment(id, command), keyed, answer).await
}
