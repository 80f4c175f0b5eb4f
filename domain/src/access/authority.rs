//! What one actor may do on one product at one moment, worked out where the decision is made.

use super::{Actor, Permission, Permissions, TokenScope};
use crate::{
    Refusal, Timestamp,
    person::{Person, PersonId, Reach},
    playbook::Playbook,
    slug::{ProductSlug, RoleId},
};

/// A role that the actor can speak for, in their own right or for someone absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRole {
    pub role: RoleId,
    pub for_absent: Option<PersonId>,
}

/// What the actor may do here and now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    pub actor: Actor,
    pub roles: Vec<HeldRole>,
    pub permissions: Permissions,
    /// Who issued the token in use, if one is: they may not have authored what it approves.
    pub token_issuer: Option<PersonId>,
}

impl Authority {
    /// Pilothouse itself, for what no person asks for.
    pub fn system() -> Self {
        Self { actor: Actor::System, roles: Vec::new(), permissions: Permission::ALL.into(), token_issuer: None }
    }

    /// Nobody in particular: may do nothing.
    pub fn none(actor: Actor) -> Self {
        Self { actor, roles: Vec::new(), permissions: Permissions::new(), token_issuer: None }
    }

    /// Works out what `person` may do. `product` is `None` for matters of the whole installation, where only the
    /// built-in administrator role counts. `absent` yields the people who named this one as their substitute.
    pub fn of<'a>(
        actor: Actor,
        person: &Person,
        product: Option<(&ProductSlug, &Playbook)>,
        absent: impl Iterator<Item = &'a Person>,
        now: Timestamp,
    ) -> Self {
        if !person.is_active() {
            return Self::none(actor);
        }
        let here = |reach: &Reach| match (reach, product) {
            (Reach::Everywhere, _) => true,
            (Reach::Product(slug), Some((here, _))) => slug == here,
            (Reach::Product(_), None) => false,
        };
        let mut roles: Vec<HeldRole> = person
            .grants
            .iter()
            .filter(|grant| here(&grant.reach))
            .map(|grant| HeldRole { role: grant.role.clone(), for_absent: None })
            .collect();
        for other in absent.filter(|other| other.is_active() && other.id != person.id) {
            for stand_in in other.stand_ins.iter().filter(|s| s.substitute == person.id && s.covers(now)) {
                let still_held = other.grants.contains(&stand_in.grant);
                if still_held && here(&stand_in.grant.reach) {
                    roles.push(HeldRole { role: stand_in.grant.role.clone(), for_absent: Some(other.id) });
                }
            }
        }
        let mut permissions = Permissions::new();
        for held in &roles {
            permissions.extend(permissions_of(&held.role, product.map(|(_, playbook)| playbook)));
        }
        let mut token_issuer = None;
        if let Some(id) = actor.token() {
            match person.tokens.get(&id).filter(|token| token.is_valid(now)) {
                Some(token) => {
                    permissions.retain(|p| token.scopes.iter().any(|s: &TokenScope| s.covers(*p)));
                    token_issuer = Some(token.issuer);
                }
                None => return Self::none(actor),
            }
        }
        Self { actor, roles, permissions, token_issuer }
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// Refused with who can help unless the permission is there.
    pub fn require(&self, permission: Permission, to: &str) -> Result<(), Refusal> {
        if self.may(permission) {
            return Ok(());
        }
        let why = if self.actor == Actor::System || !self.roles.is_empty() {
            format!("Your roles do not include the permission to {to}.")
        } else {
            format!("You hold no role that may {to}.")
        };
        Err(Refusal::forbidden(why, "An administrator"))
    }

    pub fn holds(&self, role: &RoleId) -> Option<&HeldRole> {
        self.roles.iter().find(|held| &held.role == role)
    }
}

/// What a role means: `administrator` is fixed, all others are the playbook's.
fn permissions_of(role: &RoleId, playbook: Option<&Playbook>) -> Permissions {
    if role == &RoleId::administrator() {
        return Permission::of_administrator();
    }
    let Some(role) = playbook.and_then(|playbook| playbook.roles.iter().find(|r| &r.id == role)) else {
        return Permissions::new();
    };
    let mut permissions: Permissions =
        role.permissions.iter().copied().filter(|p| *p != Permission::Administer).collect();
    // Whoever holds any role sees the product, and anyone may delay a release.
    permissions.extend([Permission::View, Permission::Hold]);
    permissions
}
