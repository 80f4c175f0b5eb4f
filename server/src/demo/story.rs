//! What has happened in the demonstration, told by the same orders that people would give.

use super::people::actor;
use anyhow::Context as _;
use control::{Command, Control, Order};
use domain::{
    access::Actor,
    digest::sha256_hex,
    environment::{self, EnvironmentId, Outcome},
    product,
    release::{self, Artifact, CheckState, Create, Decision, Numbering, ReleaseId, Report, Verdict},
    slug::EnvName,
};

/// Slug, name and playbook of each.
pub(super) const PRODUCTS: [(&str, &str, &str); 5] = [
    ("shop", "Shop", "orca"),
    ("agents", "Agents", "mesh-os"),
    ("portal", "Customer portal", "sarvanom"),
    // These two run on this machine.
    ("coffee", "Coffee bar", "demo"),
    ("bakery", "Bakery", "demo"),
];

/// The playbook of those that run on this machine.
const PLAYBOOK: &str = include_str!("../../../playbooks/demo.toml");

/// Creates and edits everything, so approves nothing.
const AUTHOR: &str = "engineer";

/// A release and what became of it.
struct Chapter {
    product: &'static str,
    version: &'static str,
    title: &'static str,
    then: &'static [Act],
}

enum Act {
    Ask,
    /// Role and comment.
    Approve(&'static str, &'static str),
    Reject(&'static str, &'static str),
    /// Built anew, which voids approvals.
    Rebuild,
    Cancel(&'static str),
    /// CI reports that these passed.
    Passed(&'static [&'static str]),
    /// CI reports that one failed.
    Failed(&'static str),
    /// Gate, environment, role and comment of a sign-off.
    Sign(&'static str, &'static str, &'static str, &'static str),
    /// The message that the captain sent.
    Tell(&'static str, &'static str),
    /// How to get back.
    WayBack(&'static str),
    /// Somebody asks for more time before production.
    Hold(&'static str),
    /// A tool of the team's own deployed it.
    Deploy(&'static str),
}
use Act::{Approve, Ask, Cancel, Deploy, Failed, Hold, Passed, Rebuild, Reject, Sign, Tell, WayBack};

/// What CI checks in the shop.
const SHOP_CI: Act = Passed(&["lint", "typecheck", "test", "build"]);

const STORY: [Chapter; 14] = [
    Chapter {
        product: "shop",
        version: "1.0.0",
        title: "The shop opens",
        then: &[
            Ask,
            Approve("engineering_lead", "Load test passed at twice the expected traffic."),
            Approve("product_manager", "Support has the guide."),
            SHOP_CI,
            Deploy("staging"),
            Deploy("production"),
        ],
    },
    Chapter {
        product: "portal",
        version: "2.0.0",
        title: "One account for all services",
        then: &[
            Ask,
            Approve("engineering_leadership", "Migration rehearsed twice."),
            Approve("product_leadership", "Customers were told in time."),
        ],
    },
    Chapter {
        product: "agents",
        version: "0.1.0",
        title: "Agents answer questions about orders",
        then: &[Ask, Approve("release_manager", "Evidence is complete."), Approve("product_manager", "")],
    },
    Chapter {
        product: "shop",
        version: "1.0.1",
        title: "Prices in the customer's own currency",
        then: &[Ask, Approve("engineering_lead", ""), SHOP_CI, Deploy("staging"), Deploy("production")],
    },
    Chapter {
        product: "shop",
        version: "1.1.0",
        title: "Search with filters",
        then: &[
            Ask,
            Approve("product_manager", "Finds what customers asked for."),
            Approve("engineering_lead", ""),
            SHOP_CI,
            Deploy("staging"),
            Sign("qa_sign_off", "production", "qa_engineer", "Tried by hand on three browsers."),
            Tell("freeze", "The freeze for 1.1.0 begins on Thursday at noon UTC."),
            WayBack("Deploy 1.0.1 again; nothing is migrated."),
        ],
    },
    Chapter {
        product: "portal",
        version: "2.1.0",
        title: "Invoices to download",
        then: &[
            Ask,
            Approve("product_manager", "Invoices look right."),
            Rebuild,
            Passed(&["unit", "integration", "contract"]),
            Failed("performance"),
            Hold("The performance test has to be understood first."),
        ],
    },
    Chapter {
        product: "shop",
        version: "1.2.0",
        title: "Checkout without an account",
        then: &[
            Ask,
            Approve("engineering_lead", ""),
            Reject(
                "product_manager",
                "The refund e-mail still names the old address; support would get all the questions.",
            ),
        ],
    },
    Chapter {
        product: "portal",
        version: "2.1.1",
        title: "Longer sessions",
        then: &[Ask, Cancel("Solved at the identity provider instead.")],
    },
    Chapter { product: "shop", version: "1.2.1", title: "Faster product pages", then: &[] },
    Chapter {
        product: "agents",
        version: "0.2.0",
        title: "Agents remember earlier conversations",
        then: &[Ask, Approve("release_manager", "Change ticket and evidence are complete.")],
    },
    Chapter {
        product: "coffee",
        version: "1.4.2",
        title: "Orders by table",
        then: &[Ask, Approve("product_manager", "Works as shown.")],
    },
    Chapter {
        product: "coffee",
        version: "1.5.0",
        title: "Pay with your watch",
        then: &[Ask, Approve("product_manager", "Our guests asked for it.")],
    },
    Chapter {
        product: "bakery",
        version: "2.0.1",
        title: "Opening hours on holidays",
        then: &[Ask, Approve("product_manager", "")],
    },
    Chapter { product: "bakery", version: "2.1.0", title: "Order bread for tomorrow", then: &[Ask] },
];

pub(super) async fn tell(control: &Control) -> anyhow::Result<()> {
    let publish = Command::PublishPlaybook("demo".parse()?, PLAYBOOK.to_owned());
    control.order(Order::new(Actor::System, publish)).await?;
    for (slug, name, playbook) in PRODUCTS {
        let create = product::Command::Create { name: name.to_owned(), playbook: playbook.parse()?, repository: None };
        control.order(Order::new(Actor::System, Command::Product(slug.parse()?, create))).await?;
    }
    for chapter in &STORY {
        let told = chapter.tell(control).await;
        told.with_context(|| format!("{} {}", chapter.product, chapter.version))?;
    }
    Ok(())
}

impl Chapter {
    async fn tell(&self, control: &Control) -> anyhow::Result<()> {
        let id = ReleaseId { product: self.product.parse()?, version: self.version.parse()? };
        let numbering = Numbering::Exact(id.version.clone());
        let create = Create { numbering, kind: None, title: Some(self.title.to_owned()) };
        let author = actor(&AUTHOR.parse()?);
        control.order(Order::new(author, Command::CreateRelease(id.product.clone(), create))).await?;
        self.send(control, &id, author, self.built(1)).await?;
        for act in self.then {
            let (by, command) = match act {
                Ask => (author, release::Command::RequestApproval),
                Rebuild => (author, self.built(2)),
                Cancel(reason) => (author, release::Command::Cancel { reason: (*reason).to_owned() }),
                Approve(role, comment) => decision(control, &id, role, Verdict::Approve, comment)?,
                Reject(role, comment) => decision(control, &id, role, Verdict::Reject, comment)?,
                Sign(gate, env, role, comment) => sign_off(control, &id, (gate, env, role), comment)?,
                Tell(message, text) => {
                    let (message, text) = (message.parse()?, (*text).to_owned());
                    (author, release::Command::Send { message, channel: None, text })
                }
                WayBack(plan) => (author, report(Report::RollbackPlan { plan: (*plan).to_owned(), tested: false })),
                Hold(reason) => {
                    (author, release::Command::Hold { env: EnvName::production(), reason: (*reason).to_owned() })
                }
                Failed(name) => (author, report(check(name, CheckState::Failed))),
                Passed(names) => {
                    for name in *names {
                        self.send(control, &id, author, report(check(name, CheckState::Passed))).await?;
                    }
                    continue;
                }
                Deploy(env) => {
                    self.deploy(control, author, env).await?;
                    continue;
                }
            };
            self.send(control, &id, by, command).await?;
        }
        Ok(())
    }

    async fn send(
        &self,
        control: &Control,
        id: &ReleaseId,
        by: Actor,
        command: release::Command,
    ) -> anyhow::Result<()> {
        control.order(Order::new(by, Command::Release(id.clone(), command))).await?;
        Ok(())
    }

    async fn deploy(&self, control: &Control, by: Actor, env: &str) -> anyhow::Result<()> {
        let id = EnvironmentId { product: self.product.parse()?, env: env.parse()? };
        let version = self.version.parse()?;
        let command = environment::Command::Report { version, outcome: Outcome::Succeeded, url: None };
        control.order(Order::new(by, Command::Environment(id, command))).await?;
        Ok(())
    }

    /// The edit that puts in what the n-th build made.
    fn built(&self, n: u32) -> release::Command {
        let artifact = |part: &str| {
            let name = format!("{}-{part}", self.product);
            let digest = format!("sha256:{}", sha256_hex(format!("{name} {} build {n}", self.version).as_bytes()));
            Artifact { name, digest }
        };
        let artifacts = Some(vec![artifact("web"), artifact("worker")]);
        release::Command::Edit(release::Edit { artifacts, ..release::Edit::default() })
    }
}

fn report(report: Report) -> release::Command {
    release::Command::Report(report)
}

fn check(name: &str, state: CheckState) -> Report {
    Report::Check { name: name.to_owned(), state, url: None, commit: None }
}

/// The answer to a gate's own question, of what the release is at this moment.
fn sign_off(
    control: &Control,
    id: &ReleaseId,
    (gate, env, role): (&str, &str, &str),
    comment: &str,
) -> anyhow::Result<(Actor, release::Command)> {
    let (by, command) = decision(control, id, role, Verdict::Approve, comment)?;
    let release::Command::Decide(decision) = command else { return Ok((by, command)) };
    let decision = Decision { gate: Some(gate.parse()?), env: env.parse()?, ..decision };
    Ok((by, release::Command::Decide(decision)))
}

/// Of what the release is at this moment.
fn decision(
    control: &Control,
    id: &ReleaseId,
    role: &str,
    verdict: Verdict,
    comment: &str,
) -> anyhow::Result<(Actor, release::Command)> {
    let role = role.parse()?;
    let seen = control.world().release(id).context("it is not there")?.digest.clone();
    let (by, comment) = (actor(&role), comment.to_owned());
    Ok((
        by,
        release::Command::Decide(Decision { role, env: EnvName::production(), gate: None, verdict, seen, comment }),
    ))
}
