//! One person as their page shows them.

use super::super::people::RoleChoices;
use domain::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    pub id: String,
    pub name: String,
    pub email: Option<String>,
    pub service: bool,
    pub disabled: bool,
    pub erased: bool,
    pub grants: Vec<GrantLine>,
    pub stand_ins: Vec<StandInLine>,
    pub tokens: Vec<TokenLine>,
    pub choices: RoleChoices,
    /// Id and name of those who could stand in.
    pub others: Vec<(String, String)>,
    /// Permission names for token scopes.
    pub scopes: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantLine {
    /// `*` or a product.
    pub product: String,
    pub role: String,
    pub words: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandInLine {
    pub product: String,
    pub role: String,
    pub substitute: String,
    pub words: String,
    pub from: Timestamp,
    pub until: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenLine {
    pub id: String,
    pub scopes: String,
    pub issuer: String,
    pub issued_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// “valid”, “revoked” or “expired”.
    pub status: String,
}

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use on_server::{grant, view};

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::{GrantLine, PersonView, StandInLine, TokenLine};
    use crate::{asking::Asking, pages::admin::people};
    use domain::{
        Refusal, Timestamp,
        access::Permission,
        person::{Grant, Nature, Person, PersonId, Reach, Token, TokenId},
        slug::RoleId,
    };

    pub fn view(asking: &Asking, id: PersonId) -> Result<PersonView, Refusal> {
        let world = asking.control.world();
        let person = world.person(id).ok_or_else(|| Refusal::not_found("person with this id"))?;
        let name = |id| asking.control.name(id);
        let mut others: Vec<(String, String)> = world
            .people()
            .filter(|other| other.id != id && other.is_active() && other.nature == Nature::Human)
            .map(|other| (other.id.to_string(), name(other.id)))
            .collect();
        others.sort_by(|a, b| a.1.cmp(&b.1));
        let mut scopes = vec![("*".to_owned(), "Everything that the person may".to_owned())];
        scopes.extend(Permission::ALL.map(|p| (p.name().to_owned(), p.name().replace('_', " "))));
        Ok(PersonView {
            id: id.to_string(),
            name: name(id),
            email: asking.control.account(id).and_then(|a| a.email),
            service: person.nature == Nature::Service,
            disabled: person.disabled,
            erased: person.erased,
            grants: person.grants.iter().map(line).collect(),
            stand_ins: stand_ins(person, name),
            tokens: person.tokens.iter().map(|(id, t)| token(*id, t, name(t.issuer), asking.control.now())).collect(),
            choices: people::choices(asking),
            others,
            scopes,
        })
    }

    fn line(grant: &Grant) -> GrantLine {
        GrantLine { product: grant.reach.to_string(), role: grant.role.to_string(), words: words(grant) }
    }

    fn words(grant: &Grant) -> String {
        match &grant.reach {
            Reach::Everywhere => format!("{} everywhere", grant.role.words()),
            Reach::Product(slug) => format!("{} in {slug}", grant.role.words()),
        }
    }

    fn stand_ins(person: &Person, name: impl Fn(PersonId) -> String) -> Vec<StandInLine> {
        let told = |s: &domain::person::StandIn| StandInLine {
            product: s.grant.reach.to_string(),
            role: s.grant.role.to_string(),
            substitute: s.substitute.to_string(),
            words: format!("{} as {}", name(s.substitute), words(&s.grant)),
            from: s.from,
            until: s.until,
        };
        person.stand_ins.iter().map(told).collect()
    }

    fn token(id: TokenId, token: &Token, issuer: String, now: Timestamp) -> TokenLine {
        let scopes: Vec<String> = token.scopes.iter().map(ToString::to_string).collect();
        let status = match (token.revoked, token.is_valid(now)) {
            (true, _) => "revoked",
            (_, true) => "valid",
            _ => "expired",
        };
        TokenLine {
            id: id.to_string(),
            scopes: scopes.join(", "),
            issuer,
            issued_at: token.issued_at,
            expires_at: token.expires_at,
            status: status.to_owned(),
        }
    }

    /// From the words of a form.
    pub fn grant(product: &str, role: &str) -> Result<Grant, Refusal> {
        let role: RoleId =
            role.parse().map_err(|_| Refusal::invalid("role", format!("“{role}”"), "a role of a playbook"))?;
        // The one role that is always everywhere.
        if role == RoleId::administrator() {
            return Ok(Grant { reach: Reach::Everywhere, role });
        }
        let reach = Reach::try_from(product.to_owned())
            .map_err(|_| Refusal::invalid("product", format!("“{product}”"), "“*” or a product"))?;
        Ok(Grant { reach, role })
    }
}
