//! What may be done concerning a person, and by whom.

use super::{Command, Event, Grant, Nature, Person, PersonId, Reach, StandIn, TokenId};
use crate::{
    Class, Refusal, Timestamp,
    access::{Authority, Permission, TokenScope},
    slug::RoleId,
    text,
};
use std::collections::BTreeSet;

/// How long someone may stand in for someone else.
const LONGEST_STAND_IN_DAYS: i64 = 90;

/// What must be known of everybody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Others {
    /// Nobody but this person could administer.
    pub last_administrator: bool,
    /// Somebody can sign in already.
    pub anybody: bool,
}

/// Events that follow from `command`, or why not.
pub fn decide(
    id: PersonId,
    state: Option<&Person>,
    command: Command,
    by: &Authority,
    others: Others,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let own = by.actor.person() == Some(id);
    if let Command::Add { nature, grants, link_expires_at } = command {
        by.require(Permission::Administer, "add people")?;
        if state.is_some() {
            return Err(Refusal::conflict("This person is already there.", "no such person", id.to_string()));
        }
        let mut events = vec![Event::Added { nature }];
        events.extend(grants.into_iter().map(Event::RoleGranted));
        events.extend(link_expires_at.map(|expires_at| Event::LinkIssued { expires_at }));
        return Ok(events);
    }
    if command == Command::SetUp {
        return set_up(state, others);
    }
    let person = state.ok_or_else(|| Refusal::not_found("person with this id"))?;
    if person.erased {
        return Err(Refusal::conflict(
            "This person has been erased; only their decisions remain.",
            "a person",
            "erased",
        ));
    }
    match command {
        Command::Add { .. } | Command::SetUp => Ok(Vec::new()),
        Command::Correct => {
            if !own {
                by.require(Permission::Administer, "correct other people's names")?;
            }
            Ok(vec![Event::Corrected])
        }
        Command::GrantRole(grant) => {
            by.require(Permission::Administer, "grant roles")?;
            if grant.role == RoleId::administrator() && grant.reach != Reach::Everywhere {
                return Err(Refusal::invalid(
                    "product",
                    grant.reach.to_string(),
                    "“*”: an administrator is one everywhere",
                ));
            }
            Ok(if person.grants.contains(&grant) { vec![] } else { vec![Event::RoleGranted(grant)] })
        }
        Command::RevokeRole(grant) => {
            by.require(Permission::Administer, "revoke roles")?;
            if grant.role == RoleId::administrator() && others.last_administrator {
                return Err(keep_one_administrator());
            }
            Ok(if person.grants.contains(&grant) { vec![Event::RoleRevoked(grant)] } else { vec![] })
        }
        Command::NameStandIn(stand_in) => name_stand_in(person, stand_in, by, now),
        Command::WithdrawStandIn { grant, substitute } => {
            if !own {
                by.require(Permission::Administer, "withdraw someone else's stand-in")?;
            }
            Ok(vec![Event::StandInWithdrawn { grant, substitute }])
        }
        Command::IssueLink { expires_at } => {
            by.require(Permission::Administer, "issue links")?;
            if person.nature == Nature::Service {
                return Err(Refusal::invalid("person", "a service account", "a human being: services use tokens"));
            }
            active(person)?;
            Ok(vec![Event::LinkIssued { expires_at }])
        }
        Command::SetPassword => {
            active(person)?;
            Ok(vec![Event::PasswordSet])
        }
        Command::IssueToken { token, scopes, expires_at } => issue_token(person, token, scopes, expires_at, by, now),
        Command::RevokeToken { token } => {
            if !own {
                by.require(Permission::Administer, "revoke someone else's token")?;
            }
            match person.tokens.get(&token) {
                None => Err(Refusal::not_found("token with this id")),
                Some(token) if token.revoked => Ok(vec![]),
                Some(_) => Ok(vec![Event::TokenRevoked { token }]),
            }
        }
        Command::Disable { reason } => {
            by.require(Permission::Administer, "disable people")?;
            if person.disabled {
                return Ok(vec![]);
            }
            if person.is_administrator() && others.last_administrator {
                return Err(keep_one_administrator());
            }
            Ok(vec![Event::Disabled { reason: text::bounded("reason", &reason, 500)? }])
        }
        Command::Enable => {
            by.require(Permission::Administer, "enable people")?;
            Ok(if person.disabled { vec![Event::Enabled] } else { vec![] })
        }
        Command::Erase => {
            by.require(Permission::Administer, "erase people")?;
            if person.is_administrator() && others.last_administrator {
                return Err(keep_one_administrator());
            }
            Ok(vec![Event::Erased])
        }
    }
}

fn set_up(state: Option<&Person>, others: Others) -> Result<Vec<Event>, Refusal> {
    if others.anybody || state.is_some() {
        let why = "Somebody can sign in already; the set-up link opens nothing any more.";
        return Err(Refusal::forbidden(why, "An administrator, with an invitation,"));
    }
    let administrator = Grant { reach: Reach::Everywhere, role: RoleId::administrator() };
    Ok(vec![Event::Added { nature: Nature::Human }, Event::RoleGranted(administrator)])
}

fn name_stand_in(person: &Person, stand_in: StandIn, by: &Authority, now: Timestamp) -> Result<Vec<Event>, Refusal> {
    if by.actor.person() != Some(person.id) {
        by.require(Permission::Administer, "name a stand-in for someone else")?;
    }
    if stand_in.substitute == person.id {
        return Err(Refusal::invalid("substitute", "the same person", "somebody else"));
    }
    if !person.grants.contains(&stand_in.grant) {
        let role = stand_in.grant.role.to_string();
        return Err(Refusal::invalid("role", role, "a role that the absent person holds"));
    }
    let until = || stand_in.until.to_rfc3339();
    if stand_in.until <= stand_in.from || stand_in.until <= now {
        return Err(Refusal::invalid("until", until(), "a time after “from” and after now"));
    }
    if (stand_in.until - stand_in.from).num_days() > LONGEST_STAND_IN_DAYS {
        return Err(Refusal::invalid("until", until(), "at most 90 days after “from”"));
    }
    Ok(vec![Event::StandInNamed(stand_in)])
}

fn issue_token(
    person: &Person,
    token: TokenId,
    scopes: BTreeSet<TokenScope>,
    expires_at: Option<Timestamp>,
    by: &Authority,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    if by.actor.person() != Some(person.id) {
        by.require(Permission::Administer, "issue tokens for others")?;
    } else if let Some(own) = by.actor.token().and_then(|id| person.tokens.get(&id)) {
        // A token never makes a wider one: its own scopes bind what it can issue.
        let covered = |scope: &TokenScope| own.scopes.contains(&TokenScope::Everything) || own.scopes.contains(scope);
        if !by.may(Permission::Administer) && !scopes.iter().all(covered) {
            let why = "A token cannot issue a token with wider scopes than its own.";
            return Err(Refusal::forbidden(why, "Its holder, signed in with a browser,"));
        }
    }
    active(person)?;
    if scopes.is_empty() {
        return Err(Refusal::invalid("scopes", "none", "“*” or at least one permission"));
    }
    if scopes.contains(&TokenScope::CalendarFeed) {
        if by.actor.person() != Some(person.id) {
            return Err(Refusal::forbidden(
                "The address of a calendar feed is made by its reader alone.",
                "Its reader",
            ));
        }
        if scopes.len() > 1 {
            return Err(Refusal::invalid("scopes", "“calendar_feed” among others", "“calendar_feed” alone"));
        }
    }
    if let Some(end) = expires_at.filter(|end| *end <= now) {
        return Err(Refusal::invalid("expires_at", end.to_rfc3339(), "a time in the future"));
    }
    let issuer = by.actor.person().unwrap_or(person.id);
    Ok(vec![Event::TokenIssued { token, issuer, scopes, expires_at }])
}

fn active(person: &Person) -> Result<(), Refusal> {
    if person.is_active() {
        Ok(())
    } else {
        Err(Refusal::conflict("This account is disabled; enable it first.", "an active account", "disabled"))
    }
}

fn keep_one_administrator() -> Refusal {
    Refusal {
        who_can_help: Some("Granting “administrator” to somebody else first".to_owned()),
        ..Refusal::new(Class::Conflict, "This is the last administrator.")
    }
}
