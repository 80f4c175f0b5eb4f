//! A product with a person for each part that people play in it.

use super::{Client, House, at, release};
use control::vault::LinkPurpose;
use domain::{access::Actor, person::Reach};
use serde_json::json;

/// Somebody with a token.
#[derive(Clone)]
pub struct Person {
    pub id: String,
    pub token: String,
    pub client: Client,
}

/// The product `shop` on `orca` with the candidate 1.0.0, a major release that the engineer made.
pub struct Stage {
    pub house: House,
    /// May create, not approve.
    pub engineer: Person,
    /// May create and approve.
    pub lead: Person,
    /// May approve, not create.
    pub manager: Person,
    /// May look only.
    pub support: Person,
    /// Administers everything.
    pub ada: Person,
    /// Has no role at all.
    pub outsider: Person,
    /// Somebody to do things to; holds the role of support, too.
    pub tess: Person,
    pub digest: String,
    /// An import that Ada has staged, where there is one.
    pub staged: String,
}

impl Stage {
    pub async fn set() -> Self {
        Self::on(House::new().await).await
    }

    pub async fn on(house: House) -> Self {
        house.product("shop", "orca").await;
        let engineer = house.person("Eve Engineer", &[("shop", "engineer")]).await;
        let lead = house.person("Lea Lead", &[("shop", "engineering_lead")]).await;
        let manager = house.person("Max Manager", &[("shop", "product_manager")]).await;
        let support = house.person("Sam Support", &[("shop", "support")]).await;
        let ada = house.person("Ada Admin", &[("*", "administrator")]).await;
        let outsider = house.person("Olaf Outsider", &[]).await;
        let tess = house.person("Tess Target", &[("shop", "support")]).await;
        let digest = release(&engineer.client, "shop", "1.0.0").await;
        let asked = engineer.client.post(&format!("{}/approval-requests", at("shop", "1.0.0")), &json!({})).await;
        asked.must(201);
        Self { house, engineer, lead, manager, support, ada, outsider, tess, digest, staged: String::new() }
    }

    /// A signed-in browser of a person, on a page of ours.
    pub async fn browser(&self, person: &str) -> Client {
        let cookie = format!("pilothouse={}", self.secret_of(person).await);
        self.house.anonymous().with("cookie", &cookie).with("sec-fetch-site", "same-origin")
    }

    /// What the cookie of a browser holds in which this person has just signed in.
    pub async fn secret_of(&self, person: &str) -> String {
        let control = &self.house.web.control;
        let person = person.parse().expect("an id");
        let secret = control.issue_link(Actor::System, person, LinkPurpose::SignIn).await.expect("a link");
        control.sign_in_by_link(&secret).await.expect("signed in").secret
    }

    /// The id of a rule that is set in the shop's calendar.
    pub fn rule_of_shop(&self) -> String {
        let world = self.house.web.control.world();
        let windows = world.windows(&Reach::Product("shop".parse().expect("a slug"))).expect("something is set");
        windows.rules.keys().next().expect("a rule").to_string()
    }

    /// The id of a known issue of the shop.
    pub fn issue_of_shop(&self) -> String {
        let world = self.house.web.control.world();
        let issue = world.known_issues_of(&"shop".parse().expect("a slug")).next().expect("one is known");
        issue.id.to_string()
    }

    /// The id of an import that counts.
    pub fn import(&self) -> String {
        self.house.web.control.world().imports().next().expect("an import").id.to_string()
    }

    /// The playbook of the shop, with one thing said otherwise.
    #[expect(clippy::unused_self, reason = "it belongs to this stage")]
    pub fn revised_orca(&self) -> String {
        let orca = include_str!("../../../playbooks/orca.toml");
        orca.replacen("purpose = \"Customers.\"", "purpose = \"Everybody.\"", 1)
    }

    /// The id of Tess's token.
    pub fn token_of_tess(&self) -> String {
        let world = self.house.web.control.world();
        let tess = world.person(self.tess.id.parse().expect("an id")).expect("there");
        tess.tokens.keys().next().expect("a token").to_string()
    }
}
