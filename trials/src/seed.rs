//! A big record, made in this process by the same control room as the server's, before the server starts on it.

use crate::{place::Place, score::say};
use anyhow::Context as _;
use async_trait::async_trait;
use control::{
    Command, Control, Opening, Order, Receipt,
    clock::Clock,
    memory::MemoryGround,
    people::{AddPerson, IssueToken, Secrets},
    tasks::Tasks,
    vault::Session,
};
use domain::{
    Refusal, Timestamp,
    access::{Actor, TokenScope, Via},
    digest::{Digest, sha256_hex},
    person::{Grant, Nature, PersonId, Reach},
    product,
    release::{self, Artifact, Bump, Create, Decision, Numbering, Verdict},
    slug::{EnvName, ProductSlug, RoleId},
};
use std::sync::{Arc, Mutex};
use store::contract::Dice;
use tokio::task::JoinSet;
use uuid::Uuid;

const PLAYBOOK: &str = include_str!("../../playbooks/orca.toml");
/// How many orders wait together: the writer takes as many into one transaction.
const TOGETHER: usize = 64;

/// How much there is to be.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub products: usize,
    pub releases: usize,
    pub approvers: usize,
    /// How far releases have come.
    pub road: Road,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Road {
    /// All are candidates that nobody has approved.
    Candidates,
    /// Most are approved, some wait, some are drafts.
    Mixed,
    /// Each was edited often before it was approved.
    Long,
}

/// What is there now.
#[derive(Debug)]
pub struct Seeded {
    /// Product, version and digest of each release.
    pub releases: Vec<(String, String, Digest)>,
    /// Product managers everywhere, by the tokens they have.
    pub tokens: Vec<String>,
    /// A session of the first of them.
    pub session: String,
    pub events: u64,
}

/// Fills the empty record at `place`.
pub async fn fill(place: &Place, plan: Plan, seed: u64) -> anyhow::Result<Seeded> {
    let (tasks, journal) = (Tasks::default(), store::open(&place.location()).await?);
    let secrets = Arc::new(Repeatable(Mutex::new(Dice::new(seed))));
    let opening = Opening {
        journal,
        clock: Arc::new(Machine),
        secrets,
        machines: MemoryGround::default().machines(),
        tasks: tasks.clone(),
        follow: None,
    };
    let control = Control::open(opening, |_, _| {}).await?;
    let publish = Command::PublishPlaybook("orca".parse()?, PLAYBOOK.to_owned());
    control.order(Order::new(Actor::System, publish)).await?;
    let author = Actor::Person(person(&control, 0, "engineer").await?, Via::Session);
    let lead = Actor::Person(person(&control, 1, "engineering_lead").await?, Via::Session);
    let (mut tokens, mut managers) = (Vec::new(), Vec::new());
    for n in 0..plan.approvers.max(1) {
        let person = person(&control, n + 2, "product_manager").await?;
        let scopes = [TokenScope::Everything].into();
        tokens.push(control.issue_token(Actor::System, IssueToken { person, scopes, expires_at: None }).await?.secret);
        managers.push(person);
    }
    let session = sign_in(&control, managers[0]).await?;
    let manager = Actor::Person(managers[0], Via::Session);
    let cast = Cast { control: control.clone(), author, lead, manager, road: plan.road };
    for n in 0..plan.products {
        let (name, playbook) = (format!("Product {n}"), "orca".parse()?);
        let create = product::Command::Create { name, playbook, repository: None };
        control.order(Order::new(Actor::System, Command::Product(slug(n), create))).await?;
    }
    let releases = cast.releases(plan).await?;
    control.snapshot().await.context("the snapshot could not be kept")?;
    let events = control.seq();
    drop((cast, control));
    tasks.stop().await;
    Ok(Seeded { releases, tokens, session, events })
}

fn slug(n: usize) -> ProductSlug {
    format!("product-{n}").parse().unwrap_or_else(|_| unreachable!("letters and digits"))
}

async fn person(control: &Control, n: usize, role: &str) -> anyhow::Result<PersonId> {
    let grants = [Grant { reach: Reach::Everywhere, role: role.parse::<RoleId>()? }].into();
    let ask = AddPerson { name: format!("Person {n}"), email: None, nature: Nature::Human, grants };
    Ok(control.add_person(Actor::System, ask).await?.person)
}

async fn sign_in(control: &Control, person: PersonId) -> anyhow::Result<String> {
    let (secret, created_at) = ("a-session-of-the-trial-0123456789abcdef".to_owned(), now());
    let expires_at = created_at + chrono::Duration::days(1);
    let hash = sha256_hex(secret.as_bytes());
    control.journal().put_session(&Session { hash, person, created_at, expires_at }).await?;
    Ok(secret)
}

/// Those who make the history.
#[derive(Debug, Clone)]
struct Cast {
    control: Control,
    author: Actor,
    lead: Actor,
    manager: Actor,
    road: Road,
}

impl Cast {
    async fn releases(&self, plan: Plan) -> anyhow::Result<Vec<(String, String, Digest)>> {
        let (mut made, mut running) = (Vec::with_capacity(plan.releases), JoinSet::new());
        for n in 0..plan.releases {
            if running.len() == TOGETHER
                && let Some(one) = running.join_next().await
            {
                made.push(one??);
            }
            let cast = self.clone();
            running.spawn(async move { cast.release(n, slug(n % plan.products)).await });
            if n > 0 && n % 5_000 == 0 {
                say(&format!("{n} of {} releases made", plan.releases));
            }
        }
        while let Some(one) = running.join_next().await {
            made.push(one??);
        }
        Ok(made)
    }

    async fn release(&self, n: usize, product: ProductSlug) -> Result<(String, String, Digest), Refusal> {
        let title = Some(format!("What customers have asked for, part {n}"));
        let create = Create { numbering: Numbering::Bump(Bump::Minor), kind: None, title };
        let made = self.order(self.author, Command::CreateRelease(product, create)).await?;
        let mut made = made.release.ok_or_else(|| Refusal::not_found("release just made"))?;
        let id = made.id.clone();
        let (edits, asked, approvals) = match self.road {
            Road::Candidates => (0, true, 0),
            Road::Mixed => (1, !n.is_multiple_of(5), [2, 0, 2, 1, 2][n % 5]),
            Road::Long => (5, true, 2),
        };
        for edit in 0..edits {
            let digest = format!("sha256:{:064x}", n * 100 + edit);
            let artifacts = Some(vec![Artifact { name: "image".to_owned(), digest }]);
            let command = release::Command::Edit(release::Edit { artifacts, ..release::Edit::default() });
            let edited = self.order(self.author, Command::Release(id.clone(), command)).await?;
            made = edited.release.unwrap_or(made);
        }
        if asked {
            self.order(self.author, Command::Release(id.clone(), release::Command::RequestApproval)).await?;
            let people = [(self.manager, "product_manager"), (self.lead, "engineering_lead")];
            for (actor, role) in people.into_iter().take(approvals) {
                let role = role.parse().map_err(|_| Refusal::not_found("role"))?;
                let (seen, comment) = (made.digest.clone(), "Looks good.".to_owned());
                let decision =
                    Decision { role, env: EnvName::production(), gate: None, verdict: Verdict::Approve, seen, comment };
                self.order(actor, Command::Release(id.clone(), release::Command::Decide(decision))).await?;
            }
        }
        Ok((id.product.to_string(), id.version.to_string(), made.digest))
    }

    async fn order(&self, actor: Actor, command: Command) -> Result<Receipt, Refusal> {
        self.control.order(Order::new(actor, command)).await
    }
}

#[derive(Debug)]
struct Machine;

impl Clock for Machine {
    fn now(&self) -> Timestamp {
        now()
    }
}

/// In whole milliseconds, like the server's own clock.
#[expect(clippy::disallowed_methods, reason = "trials run beside the program, in real time")]
pub fn now() -> Timestamp {
    let now = chrono::Utc::now();
    Timestamp::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now)
}

/// Secrets that guard nothing: the record is thrown away.
#[derive(Debug)]
struct Repeatable(Mutex<Dice>);

impl Repeatable {
    fn bits(&self) -> u128 {
        let mut dice = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        (u128::from(dice.roll(u64::MAX)) << 64) | u128::from(dice.roll(u64::MAX))
    }
}

#[async_trait]
impl Secrets for Repeatable {
    fn fresh(&self) -> String {
        format!("{:032x}{:08x}", self.bits(), self.bits() >> 96)
    }

    fn fresh_id(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bits().to_be_bytes()).into_uuid()
    }

    async fn hash_password(&self, _: String) -> Result<String, Refusal> {
        Err(Refusal::not_found("password in trials"))
    }

    async fn verify_password(&self, _: String, _: Option<String>) -> Result<bool, Refusal> {
        Ok(false)
    }
}
