//! Server functions of known issues. Plain forms.
#![expect(clippy::too_many_arguments, reason = "each argument is a field of a form")]

use crate::{failure::Failure, forms::Accepted};
use leptos::prelude::*;

/// Leads to the page of the new issue.
#[server(prefix = "/do", endpoint = "report_known_issue")]
pub async fn report_known_issue(
    product: String,
    #[server(default)] title: String,
    #[server(default)] description: String,
    #[server(default)] workaround: String,
    #[server(default)] affected: String,
    #[server(default)] severity: String,
    #[server(default)] tracking: String,
    #[server(default)] audience: Vec<String>,
) -> Result<(), Failure> {
    let words = on_server::Words { title, description, workaround, affected, severity, tracking, audience };
    crate::failure::answer(on_server::report(&product, words).await)
}

#[server(prefix = "/do", endpoint = "edit_known_issue")]
pub async fn edit_known_issue(
    product: String,
    issue: String,
    #[server(default)] title: String,
    #[server(default)] description: String,
    #[server(default)] workaround: String,
    #[server(default)] affected: String,
    #[server(default)] severity: String,
    #[server(default)] tracking: String,
    #[server(default)] audience: Vec<String>,
) -> Result<Accepted, Failure> {
    let words = on_server::Words { title, description, workaround, affected, severity, tracking, audience };
    crate::failure::answer(on_server::edit(&product, &issue, words).await)
}

/// Says which version mends it.
#[server(prefix = "/do", endpoint = "fix_known_issue")]
pub async fn fix_known_issue(
    product: String,
    issue: String,
    #[server(default)] version: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::fix(&product, &issue, &version).await)
}

#[server(prefix = "/do", endpoint = "close_known_issue")]
pub async fn close_known_issue(
    product: String,
    issue: String,
    #[server(default)] reason: String,
) -> Result<Accepted, Failure> {
    use domain::known_issue::Command;
    crate::failure::answer(on_server::order(&product, &issue, Command::Close { reason }).await)
}

#[server(prefix = "/do", endpoint = "reopen_known_issue")]
pub async fn reopen_known_issue(
    product: String,
    issue: String,
    #[server(default)] reason: String,
) -> Result<Accepted, Failure> {
    use domain::known_issue::Command;
    crate::failure::answer(on_server::order(&product, &issue, Command::Reopen { reason }).await)
}

mod on_server {
    use crate::{asking::asking, forms::Accepted};
    use control::Command as Order;
    use domain::{
        Refusal,
        known_issue::{Command, Edit, Report, audience_named},
        playbook::Audience,
        slug::ProductSlug,
    };

    /// What stands in the form.
    pub struct Words {
        pub title: String,
        pub description: String,
        pub workaround: String,
        pub affected: String,
        pub severity: String,
        pub tracking: String,
        pub audience: Vec<String>,
    }

    fn audience(names: &[String]) -> Result<Vec<Audience>, Refusal> {
        names.iter().map(|name| audience_named(name)).collect()
    }

    fn slug(product: &str) -> Result<ProductSlug, Refusal> {
        product.parse().map_err(|_| Refusal::not_found(format!("product “{product}”")))
    }

    pub async fn report(product: &str, words: Words) -> Result<(), Refusal> {
        let asking = asking()?;
        let product = slug(product)?;
        let (_, by) = asking.seen(&product)?;
        domain::known_issue::may_keep(&product, &by)?;
        let report = Report {
            audience: audience(&words.audience)?,
            affected: words.affected.parse()?,
            title: words.title,
            description: words.description,
            workaround: Some(words.workaround),
            severity: words.severity,
            tracking: Some(words.tracking),
        };
        let id = asking.control.fresh_known_issue_id();
        asking.order(Order::KnownIssue(product.clone(), id, Command::Report(Box::new(report)))).await?;
        leptos_axum::redirect(&format!("/{product}/issues/{id}"));
        Ok(())
    }

    pub async fn edit(product: &str, issue: &str, words: Words) -> Result<Accepted, Refusal> {
        let (asking, slug) = (asking()?, slug(product)?);
        // Who may not is told so before what they typed is looked at.
        let (_, by) = asking.seen(&slug)?;
        domain::known_issue::may_keep(&slug, &by)?;
        let edit = Edit {
            audience: Some(audience(&words.audience)?),
            affected: Some(words.affected.parse()?),
            title: Some(words.title),
            description: Some(words.description),
            workaround: Some(words.workaround),
            severity: Some(words.severity),
            tracking: Some(words.tracking),
        };
        order(product, issue, Command::Edit(Box::new(edit))).await
    }

    pub async fn fix(product: &str, issue: &str, version: &str) -> Result<Accepted, Refusal> {
        let (asking, slug) = (asking()?, slug(product)?);
        let (_, by) = asking.seen(&slug)?;
        domain::known_issue::may_keep(&slug, &by)?;
        order(product, issue, Command::Fix { version: version.trim().parse()? }).await
    }

    pub async fn order(product: &str, issue: &str, command: Command) -> Result<Accepted, Refusal> {
        let (asking, product) = (asking()?, slug(product)?);
        let id = issue.parse().map_err(|_| Refusal::not_found("known issue with this id"))?;
        let receipt = asking.order(Order::KnownIssue(product, id, command)).await?;
        Ok(Accepted { seq: receipt.seq })
    }
}
