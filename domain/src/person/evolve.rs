//! How a person's record follows from what happened.

use super::{Event, Person, PersonId, Token};
use crate::{Class, Refusal, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// The state after `event`. Fails only on a record that cannot be: a first event that is not `added`.
pub fn evolve(id: PersonId, state: Option<Person>, event: &Event, at: Timestamp) -> Result<Person, Refusal> {
    if let Event::Added { nature } = event {
        return Ok(Person {
            id,
            nature: *nature,
            added_at: at,
            grants: BTreeSet::new(),
            stand_ins: Vec::new(),
            tokens: BTreeMap::new(),
            disabled: false,
            erased: false,
        });
    }
    let mut person = state
        .ok_or_else(|| Refusal::new(Class::Unavailable, format!("The record of person {id} has no beginning.")))?;
    match event {
        Event::Added { .. } | Event::Corrected | Event::LinkIssued { .. } | Event::PasswordSet => {}
        Event::RoleGranted(grant) => {
            person.grants.insert(grant.clone());
        }
        Event::RoleRevoked(grant) => {
            person.grants.remove(grant);
        }
        Event::StandInNamed(stand_in) => person.stand_ins.push(stand_in.clone()),
        Event::StandInWithdrawn { grant, substitute } => {
            person.stand_ins.retain(|s| !(&s.grant == grant && &s.substitute == substitute));
        }
        Event::TokenIssued { token, issuer, scopes, expires_at } => {
            let kept = Token {
                issuer: *issuer,
                scopes: scopes.clone(),
                issued_at: at,
                expires_at: *expires_at,
                revoked: false,
            };
            person.tokens.insert(*token, kept);
        }
        Event::TokenRevoked { token } => {
            if let Some(token) = person.tokens.get_mut(token) {
                token.revoked = true;
            }
        }
        Event::Disabled { .. } => person.disabled = true,
        Event::Enabled => person.disabled = false,
        Event::Erased => {
            person.erased = true;
            person.grants.clear();
            person.stand_ins.clear();
            person.tokens.values_mut().for_each(|token| token.revoked = true);
        }
    }
    Ok(person)
}
