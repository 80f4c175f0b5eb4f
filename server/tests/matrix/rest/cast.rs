//! Who asks, what they may not, and how a row of the table is asked.

use crate::house::{ADMIN, Client, Stage, at};
use axum::body::Body;
use http::Method;
use serde_json::Value;

/// Who is sent to ask.
#[derive(Debug, Clone, Copy)]
pub(super) enum Who {
    /// Known, without any role.
    Outsider,
    /// May look at the product.
    Support,
    /// May create.
    Engineer,
    /// May create and approve.
    Lead,
    /// May approve.
    Manager,
    /// May look and nothing else.
    Leader,
    /// May break glass.
    Guard,
    /// The person that the operation is about.
    Tess,
    Admin,
    /// The administrator with a token that covers looking only.
    NarrowAdmin,
    /// The engineer with such a token.
    NarrowEngineer,
    /// The manager with such a token.
    NarrowManager,
}
pub(super) use Who::{
    Admin, Engineer, Guard, Lead, Leader, Manager, NarrowAdmin, NarrowEngineer, NarrowManager, Outsider, Support, Tess,
};

/// Those who are refused, with their status.
pub(super) type Refused = &'static [(Who, u16)];

pub(super) struct Row {
    /// As the description has it, without `/api/v1`.
    pub(super) operation: &'static str,
    /// What stands in the address and in the body.
    pub(super) ask: fn(&Stage) -> (String, Value),
    pub(super) refused: Refused,
    /// Somebody who may, with the status of success.
    pub(super) allowed: (Who, u16),
    /// Who may is known before the body is read.
    pub(super) blind: bool,
}

pub(super) const fn row(
    operation: &'static str,
    ask: fn(&Stage) -> (String, Value),
    refused: Refused,
    allowed: (Who, u16),
) -> Row {
    Row { operation, ask, refused, allowed, blind: true }
}

/// Anybody who is known may ask; what they see in the answer is tested elsewhere.
pub(super) const fn open(operation: &'static str, ask: fn(&Stage) -> (String, Value)) -> Row {
    row(operation, ask, &[], (Outsider, 200))
}

pub(super) const ADMINISTER: Refused =
    &[(Outsider, 403), (Support, 403), (Engineer, 403), (Lead, 403), (Manager, 403), (Tess, 403), (NarrowAdmin, 403)];
/// Also refused to the person in question where it is not their own matter.
pub(super) const OWN: Refused =
    &[(Outsider, 403), (Support, 403), (Engineer, 403), (Lead, 403), (Manager, 403), (NarrowAdmin, 403)];
/// The same on a product, which is not there for those who do not see it.
pub(super) const CONNECT: Refused =
    &[(Outsider, 404), (Support, 403), (Engineer, 403), (Lead, 403), (Manager, 403), (NarrowAdmin, 403)];
pub(super) const VIEW: Refused = &[(Outsider, 404)];
pub(super) const AUTHOR: Refused =
    &[(Outsider, 404), (Support, 403), (Manager, 403), (Tess, 403), (NarrowEngineer, 403), (NarrowAdmin, 403)];
pub(super) const APPROVE: Refused =
    &[(Outsider, 404), (Support, 403), (Engineer, 403), (Admin, 403), (NarrowManager, 403), (NarrowAdmin, 403)];

/// Whoever may look may ask for more time.
pub(super) const HOLD: Refused = &[(Outsider, 404)];
pub(super) const TICK: Refused = &[(Outsider, 404), (Leader, 403), (NarrowEngineer, 403), (NarrowAdmin, 403)];
/// Without the permission to promote or to administer.
pub(super) const PROMOTE: Refused =
    &[(Outsider, 404), (Support, 403), (Manager, 403), (Leader, 403), (NarrowEngineer, 403), (NarrowAdmin, 403)];
pub(super) const BREAK_GLASS: Refused = &[
    (Outsider, 404),
    (Support, 403),
    (Engineer, 403),
    (Lead, 403),
    (Manager, 403),
    (Admin, 403),
    (NarrowManager, 403),
    (NarrowAdmin, 403),
];

impl Row {
    /// The body says what is asked, so it is read before the asker can be refused.
    pub(super) const fn with_open_eyes(mut self) -> Self {
        self.blind = false;
        self
    }

    pub(super) fn method(&self) -> Method {
        self.operation.split(' ').next().and_then(|method| method.parse().ok()).expect("a method")
    }

    pub(super) async fn ask(&self, by: &Client, stage: &Stage, body: Option<&str>) -> (u16, String) {
        let (path, own) = (self.ask)(stage);
        let own = if own.is_null() { String::new() } else { own.to_string() };
        let body = Body::from(body.map_or(own, str::to_owned));
        let answer = by.send(self.method(), &path, body).await;
        let said = format!("{} → {} {}", self.operation, answer.status, answer.body);
        (answer.status, said)
    }
}

pub(super) fn of_tess(stage: &Stage, rest: &str) -> String {
    format!("/users/{}{rest}", stage.tess.id)
}

pub(super) fn of_release_at(rest: &str) -> String {
    format!("{}{rest}", at("shop", "1.0.0"))
}

pub(super) async fn client(stage: &Stage, who: Who) -> Client {
    let house = &stage.house;
    let narrow = async |of: &Client| {
        let id = of.get("/me").await.must(200)["id"].as_str().expect("an id").to_owned();
        house.with_token(&house.token(&house.admin(), &id, &["view"]).await)
    };
    match who {
        Outsider => stage.outsider.client.clone(),
        Support => stage.support.client.clone(),
        Engineer => stage.engineer.client.clone(),
        Lead => stage.lead.client.clone(),
        Manager => stage.manager.client.clone(),
        Leader => house.person("Lou Leader", &[("shop", "leadership")]).await.client,
        Guard => house.person("Gus Guard", &[("shop", "security")]).await.client,
        Tess => stage.tess.client.clone(),
        Admin => house.with_token(ADMIN),
        NarrowAdmin => narrow(&house.admin()).await,
        NarrowEngineer => narrow(&stage.engineer.client).await,
        NarrowManager => narrow(&stage.manager.client).await,
    }
}
