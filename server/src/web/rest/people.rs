//! People: invited, listed, disabled, erased.

use super::{
    Problem, ProblemBody,
    answer::{Answer, Keyed},
    asked::Asked,
    json,
    page::{Page, Paging},
    path,
};
use crate::web::{Web, credential::Caller};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    response::{IntoResponse, Response},
};
use control::{Command, Control, Receipt, people, people::AddPerson, vault::LinkPurpose};
use domain::{
    Refusal, Timestamp,
    access::{Authority, Permission},
    journal::{Fact, Seq},
    person::{self, Grant, Nature, Person, PersonId},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// A role, in one product or everywhere (`*`).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantShown {
    #[schema(value_type = String)]
    pub product: person::Reach,
    #[schema(value_type = String)]
    pub role: domain::slug::RoleId,
}

impl From<&Grant> for GrantShown {
    fn from(grant: &Grant) -> Self {
        Self { product: grant.reach.clone(), role: grant.role.clone() }
    }
}

impl From<GrantShown> for Grant {
    fn from(shown: GrantShown) -> Self {
        Self { reach: shown.product, role: shown.role }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    name: String,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    roles: Vec<GrantShown>,
    /// `human` or `service`; a service has tokens but no password. Left out: human.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    nature: Option<Nature>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Invited {
    id: String,
    /// Opens once, for a week; none for services.
    invite_url: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StandInShown {
    product: String,
    role: String,
    substitute: String,
    substitute_name: String,
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PersonShown {
    id: String,
    /// Gone once the person has been erased.
    name: Option<String>,
    email: Option<String>,
    #[schema(value_type = String)]
    nature: Nature,
    roles: Vec<GrantShown>,
    stand_ins: Vec<StandInShown>,
    disabled: bool,
    erased: bool,
    #[schema(value_type = String, format = DateTime)]
    added_at: Timestamp,
}

impl PersonShown {
    pub fn of(person: &Person, control: &Control) -> Self {
        let account = control.account(person.id);
        let stand_in = |s: &person::StandIn| StandInShown {
            product: s.grant.reach.to_string(),
            role: s.grant.role.to_string(),
            substitute: s.substitute.to_string(),
            substitute_name: control.name(s.substitute),
            from: s.from,
            until: s.until,
        };
        Self {
            id: person.id.to_string(),
            name: account.as_ref().map(|a| a.name.clone()),
            email: account.and_then(|a| a.email),
            nature: person.nature,
            roles: person.grants.iter().map(GrantShown::from).collect(),
            stand_ins: person.stand_ins.iter().map(stand_in).collect(),
            disabled: person.disabled,
            erased: person.erased,
            added_at: person.added_at,
        }
    }
}

/// Invites somebody. For administrators.
#[utoipa::path(post, path = "/users", tag = "people", request_body = NewPerson,
    responses((status = 201, body = Invited), (status = "default", body = ProblemBody)))]
pub async fn add(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Problem> {
    caller.may(&web, Permission::Administer, "add people")?;
    let (new, keyed) = asked.read::<NewPerson>().await?;
    let ask = AddPerson {
        name: new.name,
        email: new.email,
        nature: new.nature.unwrap_or(Nature::Human),
        grants: new.roles.into_iter().map(Grant::from).collect(),
    };
    let welcoming = web.clone();
    let answer = move |invited: &people::Invited| {
        let invite_url = invited.link.as_deref().map(|secret| welcoming.welcome(secret));
        Answer::created(&Invited { id: invited.person.to_string(), invite_url })
    };
    web.once(keyed, answer, |once| web.control.add_person_once(caller.0, ask, once)).await
}

/// Everybody, newest first. For administrators.
#[utoipa::path(get, path = "/users", tag = "people", params(Paging),
    responses((status = 200, body = Page<PersonShown>), (status = "default", body = ProblemBody)))]
pub async fn list(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Page<PersonShown>>, Problem> {
    let world = caller.may(&web, Permission::Administer, "list people")?;
    let paging: Paging = json::read_query(query.as_deref())?;
    let key = |p: &&Arc<Person>| format!("{:020} {}", p.added_at.timestamp_millis(), p.id);
    Ok(Json(paging.cut(world.people(), key, |p| PersonShown::of(p, &web.control))?))
}

/// The person in the address, for themselves and for administrators.
pub(super) fn reached(web: &Web, caller: Caller, id: &str, to: &str) -> Result<(Arc<Person>, Authority), Refusal> {
    let (world, by) = caller.installation(web);
    let id: PersonId = path::person(id)?;
    if caller.0.person() != Some(id) {
        by.require(Permission::Administer, to)?;
    }
    let person = world.person(id).ok_or_else(|| Refusal::not_found("person with this id"))?;
    Ok((person.clone(), by))
}

/// One person, for themselves and for administrators.
#[utoipa::path(get, path = "/users/{id}", tag = "people", params(("id" = String, Path)),
    responses((status = 200, body = PersonShown), (status = "default", body = ProblemBody)))]
pub async fn show(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<PersonShown>, Problem> {
    let (person, _) = reached(&web, caller, &id, "see other people")?;
    Ok(Json(PersonShown::of(&person, &web.control)))
}

/// The person in the address, for administrators only.
pub(super) fn administered(web: &Web, caller: Caller, id: &str, to: &str) -> Result<PersonId, Refusal> {
    let world = caller.may(web, Permission::Administer, to)?;
    let id: PersonId = path::person(id)?;
    world.person(id).ok_or_else(|| Refusal::not_found("person with this id"))?;
    Ok(id)
}

/// Either `disabled`, or a corrected `name` or `email`: one change, recorded as one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonChange {
    /// Left out: stays as it is.
    #[serde(default)]
    name: Option<String>,
    /// Left out: stays as it is.
    #[serde(default)]
    email: Option<String>,
    /// Disabled people are signed out and their tokens stop working, until enabled again. For administrators.
    #[serde(default)]
    disabled: Option<bool>,
    /// Why somebody is disabled.
    #[serde(default)]
    reason: Option<String>,
}

/// Corrects a name or address, of oneself or as an administrator; disables or enables somebody, as an administrator.
#[utoipa::path(patch, path = "/users/{id}", tag = "people", params(("id" = String, Path)), request_body = PersonChange,
    responses((status = 200, body = PersonShown), (status = "default", body = ProblemBody)))]
pub async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (person, by) = reached(&web, caller, &id, "change other people")?;
    let (change, _) = asked.read::<PersonChange>().await?;
    let one = "either “disabled”, or “name” and “email”";
    match change {
        PersonChange { disabled: Some(true), reason, name: None, email: None } => {
            by.require(Permission::Administer, "disable people")?;
            let reason = reason.unwrap_or_default();
            web.changed_person(caller, person.id, person::Command::Disable { reason }).await
        }
        PersonChange { disabled: Some(false), reason: None, name: None, email: None } => {
            by.require(Permission::Administer, "enable people")?;
            web.changed_person(caller, person.id, person::Command::Enable).await
        }
        PersonChange { disabled: None, reason: None, name, email } if name.is_some() || email.is_some() => {
            let (name, email) = (name.as_deref(), email.as_deref());
            let receipt = web.control.correct_person(caller.0, person.id, name, email).await?;
            web.person_now(person.id, receipt.seq)
        }
        PersonChange { disabled: Some(true), .. } | PersonChange { disabled: Some(false), reason: None, .. } => {
            Err(Refusal::invalid("disabled", "two changes at once", one).into())
        }
        PersonChange { reason: Some(_), .. } => {
            Err(Refusal::invalid("reason", "a reason", "one together with “disabled”: true only").into())
        }
        PersonChange { .. } => Err(Refusal::invalid("body", "nothing to change", one).into()),
    }
}

/// Erases somebody: name, address and secrets go, decisions stay under the id. For administrators.
#[utoipa::path(delete, path = "/users/{id}", tag = "people", params(("id" = String, Path)),
    responses((status = 200, body = PersonShown), (status = "default", body = ProblemBody)))]
pub async fn erase(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = administered(&web, caller, &id, "erase people")?;
    web.changed_person(caller, id, person::Command::Erase).await
}

/// Makes a new one-time link to set a password; links made earlier stop working. For administrators.
#[utoipa::path(post, path = "/users/{id}/link", tag = "people", params(("id" = String, Path)),
    responses((status = 201, body = Invited), (status = "default", body = ProblemBody)))]
pub async fn link(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = administered(&web, caller, &id, "issue links")?;
    let secret = web.control.issue_link(caller.0, id, LinkPurpose::SetPassword).await?;
    let invited = Invited { id: id.to_string(), invite_url: Some(web.welcome(&secret)) };
    Ok(Answer::created(&invited).at(web.control.seq()).into_response())
}

impl Web {
    /// The page that a one-time link opens.
    pub fn welcome(&self, secret: &str) -> String {
        format!("{}/welcome/{secret}", self.base_url())
    }

    /// Changes a person and answers with what they are then. Used where a repetition finds what it asked for.
    pub(super) async fn changed_person(
        &self,
        caller: Caller,
        id: PersonId,
        command: person::Command,
    ) -> Result<Response, Problem> {
        let receipt = self.control.change_person(caller.0, id, command).await?;
        self.person_now(id, receipt.seq)
    }

    /// [`Web::changed_person`] for changes of the record alone; a request that comes again gets its first answer.
    pub(super) async fn order_person(
        &self,
        caller: Caller,
        id: PersonId,
        command: person::Command,
        keyed: Option<Keyed>,
    ) -> Result<Response, Problem> {
        let web = self.clone();
        let answer = move |receipt: &Receipt| {
            // Where the order is decided, the world at hand is still the one before it.
            let world = web.control.world();
            let known = world.version(&receipt.stream);
            let mut person = world.person(id).map(|person| Person::clone(person));
            for envelope in receipt.envelopes.iter().filter(|envelope| envelope.version > known) {
                if let Fact::Person(event) = &envelope.fact {
                    person = person::evolve(id, person, event, envelope.at).ok();
                }
            }
            Answer::ok(&person.map(|person| PersonShown::of(&person, &web.control)))
        };
        self.order(caller.0, Command::Person(id, command), keyed, answer).await
    }

    fn person_now(&self, id: PersonId, seq: Seq) -> Result<Response, Problem> {
        let world = self.control.world();
        let person = world.person(id).ok_or_else(|| Refusal::not_found("person with this id"))?;
        Ok(Answer::ok(&PersonShown::of(person, &self.control)).at(seq).into_response())
    }
}
