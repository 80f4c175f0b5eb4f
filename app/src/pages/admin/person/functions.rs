//! Server functions about one person.

use super::PersonView;
use crate::{
    failure::Failure,
    forms::{Accepted, Notice},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

#[server(prefix = "/see", endpoint = "person", input = GetUrl)]
pub async fn see_person(id: String) -> Result<PersonView, Failure> {
    crate::failure::answer(on_server::see(&id))
}

#[server(prefix = "/do", endpoint = "correct_person")]
pub async fn correct_person(
    person: String,
    name: String,
    #[server(default)] email: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::correct(&person, &name, &email).await)
}

#[server(prefix = "/do", endpoint = "issue_link")]
pub async fn issue_link(person: String) -> Result<Notice, Failure> {
    crate::failure::answer(on_server::issue_link(&person).await)
}

#[server(prefix = "/do", endpoint = "grant_role")]
pub async fn grant_role(person: String, product: String, role: String) -> Result<Accepted, Failure> {
    use domain::person::Command;
    let change = async { on_server::change(&person, Command::GrantRole(super::grant(&product, &role)?)).await };
    crate::failure::answer(change.await)
}

#[server(prefix = "/do", endpoint = "revoke_role")]
pub async fn revoke_role(person: String, product: String, role: String) -> Result<Accepted, Failure> {
    use domain::person::Command;
    let change = async { on_server::change(&person, Command::RevokeRole(super::grant(&product, &role)?)).await };
    crate::failure::answer(change.await)
}

/// `grant` is the product (or `*`) and the role, with a blank between.
#[server(prefix = "/do", endpoint = "name_stand_in")]
pub async fn name_stand_in(
    person: String,
    grant: String,
    substitute: String,
    from: String,
    until: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::name_stand_in(&person, &grant, &substitute, &from, &until).await)
}

#[server(prefix = "/do", endpoint = "withdraw_stand_in")]
pub async fn withdraw_stand_in(
    person: String,
    product: String,
    role: String,
    substitute: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::withdraw_stand_in(&person, &product, &role, &substitute).await)
}

#[server(prefix = "/do", endpoint = "disable_person")]
pub async fn disable_person(person: String, #[server(default)] reason: String) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::change(&person, domain::person::Command::Disable { reason }).await)
}

#[server(prefix = "/do", endpoint = "enable_person")]
pub async fn enable_person(person: String) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::change(&person, domain::person::Command::Enable).await)
}

/// `typed` is the person's name, typed by hand.
#[server(prefix = "/do", endpoint = "erase_person")]
pub async fn erase_person(person: String, typed: String) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::erase(&person, &typed).await)
}

#[server(prefix = "/do", endpoint = "issue_token")]
pub async fn issue_token(
    person: String,
    #[server(default)] scopes: Vec<String>,
    #[server(default)] expires: String,
) -> Result<Notice, Failure> {
    crate::failure::answer(on_server::issue_token(&person, &scopes, &expires).await)
}

#[server(prefix = "/do", endpoint = "revoke_token")]
pub async fn revoke_token(person: String, token: String) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::revoke_token(&person, &token).await)
}

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::super::model::{PersonView, grant, view};
    use crate::{
        asking::{Asking, asking},
        forms::{Accepted, Notice},
        session::noticed,
    };
    use control::{people::IssueToken, vault::LinkPurpose};
    use domain::{
        Refusal, Timestamp,
        access::TokenScope,
        person::{Command, PersonId, StandIn, TokenId},
        text,
    };

    fn id(text: &str) -> Result<PersonId, Refusal> {
        text.parse().map_err(|_| Refusal::not_found("person with this id"))
    }

    /// People other than oneself are an administrator's matter; whoever is not sees nobody.
    fn asking_about(person: &str) -> Result<(Asking, PersonId), Refusal> {
        let (asking, person) = (asking()?, id(person)?);
        if person != asking.person {
            asking.administers("see or change other people")?;
        }
        Ok((asking, person))
    }

    pub fn see(person: &str) -> Result<PersonView, Refusal> {
        let (asking, person) = asking_about(person)?;
        view(&asking, person)
    }

    pub async fn change(person: &str, command: Command) -> Result<Accepted, Refusal> {
        let (asking, person) = asking_about(person)?;
        let receipt = asking.control.change_person(asking.actor, person, command).await?;
        Ok(Accepted { seq: receipt.seq })
    }

    pub async fn correct(person: &str, name: &str, email: &str) -> Result<Accepted, Refusal> {
        let (asking, person) = asking_about(person)?;
        let email = Some(email.trim()).filter(|email| !email.is_empty());
        let receipt = asking.control.correct_person(asking.actor, person, Some(name), email).await?;
        Ok(Accepted { seq: receipt.seq })
    }

    pub async fn issue_link(person: &str) -> Result<Notice, Refusal> {
        let (asking, person) = asking_about(person)?;
        let secret = asking.control.issue_link(asking.actor, person, LinkPurpose::SetPassword).await?;
        let name = asking.control.name(person);
        Ok(noticed(Notice {
            title: format!("A new link for {name}"),
            text: "It sets their password, works once, for 7 days, and is shown only now. Earlier links stop working."
                .to_owned(),
            secret: Some(format!("/welcome/{secret}")),
            keeps: false,
        }))
    }

    pub async fn name_stand_in(
        person: &str,
        granted: &str,
        substitute: &str,
        from: &str,
        until: &str,
    ) -> Result<Accepted, Refusal> {
        let (product, role) = granted.split_once(' ').unwrap_or(("", granted));
        let stand_in = StandIn {
            grant: grant(product, role)?,
            substitute: id(substitute)?,
            from: day("from", from)?,
            until: day("until", until)?,
        };
        change(person, Command::NameStandIn(stand_in)).await
    }

    pub async fn withdraw_stand_in(
        person: &str,
        product: &str,
        role: &str,
        substitute: &str,
    ) -> Result<Accepted, Refusal> {
        let command = Command::WithdrawStandIn { grant: grant(product, role)?, substitute: id(substitute)? };
        change(person, command).await
    }

    pub async fn erase(person: &str, typed: &str) -> Result<Accepted, Refusal> {
        let (asking, person) = asking_about(person)?;
        asking.administers("erase people")?;
        let name = asking.control.name(person);
        if text::required("typed", typed, 200)? != name {
            return Err(Refusal::invalid("typed", format!("“{typed}”"), format!("“{name}”, letter by letter")));
        }
        let receipt = asking.control.change_person(asking.actor, person, Command::Erase).await?;
        Ok(Accepted { seq: receipt.seq })
    }

    pub async fn issue_token(person: &str, scopes: &[String], expires: &str) -> Result<Notice, Refusal> {
        let (asking, person) = asking_about(person)?;
        let known = |scope: &String| {
            scope.parse::<TokenScope>().map_err(|why| Refusal::invalid("scopes", format!("“{scope}”"), why))
        };
        let scopes = scopes.iter().map(known).collect::<Result<_, _>>()?;
        let last = Some(expires).filter(|e| !e.trim().is_empty()).map(|e| day("expires", e)).transpose()?;
        let expires_at = last.map(|day| day + chrono::Duration::days(1));
        let issued = asking.control.issue_token(asking.actor, IssueToken { person, scopes, expires_at }).await?;
        Ok(noticed(Notice {
            title: "Your new token".to_owned(),
            text: "Copy it now; it is not kept and cannot be shown again.".to_owned(),
            secret: Some(issued.secret),
            keeps: false,
        }))
    }

    pub async fn revoke_token(person: &str, token: &str) -> Result<Accepted, Refusal> {
        let token: TokenId = token.parse().map_err(|_| Refusal::not_found("token with this id"))?;
        change(person, Command::RevokeToken { token }).await
    }

    /// The beginning of a day in UTC.
    fn day(field: &'static str, text: &str) -> Result<Timestamp, Refusal> {
        let day = chrono::NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d");
        let start = day.ok().and_then(|day| day.and_hms_opt(0, 0, 0));
        let wrong = || Refusal::invalid(field, format!("“{text}”"), "a day such as 2026-12-24");
        start.map(|start| start.and_utc()).ok_or_else(wrong)
    }
}
