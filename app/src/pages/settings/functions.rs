//! Server functions of the settings of a product. Plain forms.
#![expect(clippy::too_many_arguments, reason = "each argument is a field of a form")]

use crate::{
    failure::Failure,
    forms::{Accepted, Notice},
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Tries a driver (`act` is “test”), keeps it when the trial is good (“save”), or keeps it whatever comes of it (“anyway”).
/// Secrets are under a name that is never carried from page to page.
#[server(prefix = "/do", endpoint = "connect")]
pub async fn connect(
    product: String,
    env: String,
    driver: String,
    act: String,
    #[server(default)] set: BTreeMap<String, String>,
    #[server(default)] password: BTreeMap<String, String>,
    #[server(default)] smoke: String,
    #[server(default)] health: String,
) -> Result<Notice, Failure> {
    let said = on_server::Said { set, password, smoke, health };
    crate::failure::answer(on_server::connect(&product, &env, &driver, &act, said).await)
}

#[server(prefix = "/do", endpoint = "disconnect")]
pub async fn disconnect(product: String, env: String, #[server(default)] reason: String) -> Result<Accepted, Failure> {
    use domain::environment::Command;
    crate::failure::answer(on_server::order(&product, &env, Command::Disconnect { reason }).await)
}

/// What already runs there is taken as it is.
#[server(prefix = "/do", endpoint = "adopt")]
pub async fn adopt(product: String, env: String, #[server(default)] version: String) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::adopt(&product, &env, &version).await)
}

mod on_server {
    use super::super::words;
    use crate::{
        asking::asking,
        forms::{Accepted, Notice},
        pages::rollout::place,
        session::noticed,
    };
    use control::{
        Command,
        driver::{DriverKind, FieldKind, Finding, Secret},
        rollout::Wiring,
    };
    use domain::{Class, Refusal, access::Permission, environment};
    use std::{collections::BTreeMap, fmt::Write as _};

    /// What stands in the form.
    pub struct Said {
        pub set: BTreeMap<String, String>,
        pub password: BTreeMap<String, String>,
        pub smoke: String,
        pub health: String,
    }

    pub async fn connect(product: &str, env: &str, driver: &str, act: &str, said: Said) -> Result<Notice, Refusal> {
        let asking = asking()?;
        let place = place(&asking, product, env)?;
        asking.seen(&place.product)?.1.require(Permission::Administer, "connect environments")?;
        let kind = DriverKind::named(driver).ok_or_else(|| {
            let known = DriverKind::ALL.map(DriverKind::name).join(", ");
            Refusal::invalid("driver", format!("“{driver}”"), format!("one of {known}"))
        })?;
        if !["test", "save", "anyway"].contains(&act) {
            return Err(Refusal::invalid("act", format!("“{act}”"), "test, save or anyway"));
        }
        let fields = asking.control.machines().workshop.fields(kind);
        let secret = |name: &str| fields.iter().any(|f| f.name == name && f.kind == FieldKind::Secret);
        let secrets = said.password.into_iter().filter(|(name, text)| secret(name) && !text.is_empty());
        let wiring = Wiring {
            kind,
            settings: words::settings(fields, &said.set)?,
            secrets: secrets.map(|(name, text)| (name, Secret::new(text))).collect(),
            smoke: words::programs(&said.smoke),
            health: Some(said.health.trim().to_owned()).filter(|address| !address.is_empty()),
        };
        let mut findings = Vec::new();
        if act != "anyway" {
            let tried = asking.control.try_wiring(asking.actor, &place, &wiring).await?;
            let good = tried.is_good();
            findings = tried.findings;
            if act == "test" {
                let title = if good { "The test found everything well" } else { "The test found something wrong" };
                return Ok(told(title, &findings));
            }
            if !good {
                let bad = findings.iter().filter(|f| !f.good);
                let bad = bad.fold(String::new(), |mut text, f| {
                    let _ = write!(text, "\n{}: {}", f.what, f.said);
                    text
                });
                return Err(Refusal::new(
                    Class::Invalid,
                    format!("Nothing was kept: the test found something wrong.{bad}"),
                ));
            }
        }
        let order = asking.control.wire(asking.actor, &place, wiring).await?;
        asking.control.order(order).await?;
        Ok(told("Saved", &findings))
    }

    /// One line for each finding; its sign says whether it is good.
    fn told(title: &str, findings: &[Finding]) -> Notice {
        let text = findings.iter().fold(String::new(), |mut text, finding| {
            let sign = if finding.good { '+' } else { '-' };
            let _ = writeln!(text, "{sign}{}: {}", finding.what, finding.said.replace('\n', " "));
            text
        });
        noticed(Notice { title: title.to_owned(), text, secret: None, keeps: true })
    }

    pub async fn order(product: &str, env: &str, command: environment::Command) -> Result<Accepted, Refusal> {
        let asking = asking()?;
        let place = place(&asking, product, env)?;
        let receipt = asking.order(Command::Environment(place, command)).await?;
        Ok(Accepted { seq: receipt.seq })
    }

    pub async fn adopt(product: &str, env: &str, version: &str) -> Result<Accepted, Refusal> {
        // Who may not see the product learns nothing about versions.
        place(&asking()?, product, env)?;
        order(product, env, environment::Command::Adopt { version: version.trim().parse()? }).await
    }
}
