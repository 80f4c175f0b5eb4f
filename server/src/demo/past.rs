//! Tells the story: the orders that its people would have given, with a clock of its own that runs through ninety days,
//! and rollouts over a ground in memory. What it records is a record like any other.

use super::{
    people::{self, Figure, actor},
    story::{Act, Chapter, PRODUCTS, STORY},
};
use crate::{auth::MachineSecrets, boot};
use anyhow::{Context as _, ensure};
use chrono::{Days, NaiveTime, TimeDelta};
use control::{
    Command, Control, Opening, Order,
    clock::{Clock, HandClock},
    journal::Journal,
    memory::{MemoryGround, Mishap},
    rollout::Engine,
    tasks::Tasks,
    world::Choice,
};
use domain::{
    Timestamp,
    access::Actor,
    digest::sha256_hex,
    environment::{self, Connection, EnvironmentId, Outcome},
    product,
    release::{self, Artifact, CheckState, Create, Decision, Numbering, ReleaseId, Report, Verdict},
    rollout::{self, Abilities, Action, ActionKind, Next, Rollout, Verb},
    slug::EnvName,
};
use serde_json::json;
use std::sync::Arc;

/// The playbook of those that are rolled out.
const PLAYBOOK: &str = include_str!("../../../playbooks/demo.toml");
/// The first day.
const BEGINS: u64 = 90;
/// Creates and edits everything, so approves nothing.
const AUTHOR: &str = "engineer";
/// Whoever is called when it burns.
const ON_CALL: &str = "on_call";
/// From one thing that somebody does to the next.
const PACE: TimeDelta = TimeDelta::minutes(23);
/// From the end of a step to the next.
const STEP: TimeDelta = TimeDelta::seconds(2);
const LOOK: TimeDelta = TimeDelta::milliseconds(1_300);
/// More looks than any rollout of the story takes.
const LOOKS: usize = 200;

/// Tells it into a record that is empty; one that was told already stays as it is.
pub async fn seed(journal: Arc<dyn Journal>, now: Timestamp) -> anyhow::Result<()> {
    let tasks = Tasks::default();
    let told = Teller::begin(journal, now, &tasks).await?.tell().await;
    tasks.stop().await;
    told.context("the demonstration cannot be recorded")
}

/// Time passes with every look at it, so that nothing takes no time at all; never beyond the present.
#[derive(Debug)]
struct StoryClock {
    hand: HandClock,
    end: Timestamp,
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        self.pass_to(self.hand.now() + LOOK);
        self.hand.now()
    }
}

impl StoryClock {
    /// Never back.
    fn pass_to(&self, at: Timestamp) {
        self.hand.advance((at.min(self.end) - self.hand.now()).max(TimeDelta::zero()));
    }
}

struct Teller {
    control: Control,
    clock: Arc<StoryClock>,
    ground: MemoryGround,
    engine: Engine,
    /// The story ends here.
    now: Timestamp,
}

impl Teller {
    async fn begin(journal: Arc<dyn Journal>, now: Timestamp, tasks: &Tasks) -> anyhow::Result<Self> {
        let hand = HandClock::at(morning(now, BEGINS));
        let (clock, ground) = (Arc::new(StoryClock { hand, end: now }), MemoryGround::default());
        let opening = Opening {
            journal,
            clock: clock.clone(),
            secrets: Arc::new(MachineSecrets::default()),
            machines: ground.machines(),
            tasks: tasks.clone(),
            follow: None,
        };
        let control = Control::open(opening, |_, _| ()).await.context("the record cannot be read")?;
        let engine = Engine::new(control.clone(), "the story".to_owned(), true);
        Ok(Self { control, clock, ground, engine, now })
    }

    async fn tell(mut self) -> anyhow::Result<()> {
        let world = self.control.world();
        // Added last, so its presence says that everything is there.
        if people::is_demonstration(&world) {
            return Ok(());
        }
        ensure!(
            !world.anybody() && world.products().next().is_none(),
            "--demo fills an empty data folder only, and this one holds a record that is no finished demonstration; \
             name another folder with --data"
        );
        boot::publish_playbooks(&self.control).await?;
        self.order(Actor::System, Command::PublishPlaybook("demo".parse()?, PLAYBOOK.to_owned())).await?;
        let figures = people::figures(&self.control);
        let (last, first): (&Figure, _) = figures.split_last().context("nobody plays in it")?;
        for figure in first {
            people::add(&self.control, figure).await?;
        }
        for (slug, name, playbook) in PRODUCTS {
            let create =
                product::Command::Create { name: name.to_owned(), playbook: playbook.parse()?, repository: None };
            self.order(Actor::System, Command::Product(slug.parse()?, create)).await?;
        }
        self.connect().await?;
        for chapter in &STORY {
            let told = self.chapter(chapter).await;
            told.with_context(|| format!("{} {}", chapter.product, chapter.version))?;
        }
        people::add(&self.control, last).await
    }

    /// The made-up tool of the ticket office: `echo` says what it would do, so releases can be promoted there later on.
    async fn connect(&self) -> anyhow::Result<()> {
        let place = EnvironmentId { product: "tickets".parse()?, env: EnvName::production() };
        let connection = said_only();
        self.order(Actor::System, Command::Environment(place, environment::Command::Connect(Box::new(connection))))
            .await
    }

    async fn chapter(&mut self, chapter: &Chapter) -> anyhow::Result<()> {
        self.clock.pass_to(morning(self.now, chapter.ago.into()).max(self.clock.now() + PACE));
        let id = ReleaseId { product: chapter.product.parse()?, version: chapter.version.parse()? };
        let numbering = Numbering::Exact(id.version.clone());
        let create = Create { numbering, kind: None, title: Some(chapter.title.to_owned()) };
        let author = actor(&AUTHOR.parse()?);
        self.order(author, Command::CreateRelease(id.product.clone(), create)).await?;
        self.order(author, Command::Release(id.clone(), built(&id, 1))).await?;
        for act in chapter.then {
            self.pass(PACE);
            self.act(&id, author, act).await?;
        }
        Ok(())
    }

    async fn act(&mut self, id: &ReleaseId, author: Actor, act: &Act) -> anyhow::Result<()> {
        let production = EnvironmentId { product: id.product.clone(), env: EnvName::production() };
        let (by, command) = match act {
            Act::Ask => (author, release::Command::RequestApproval),
            Act::Rebuild => (author, built(id, 2)),
            Act::Cancel(reason) => (author, release::Command::Cancel { reason: (*reason).to_owned() }),
            Act::Approve(role, comment) => self.decision(id, role, Verdict::Approve, comment)?,
            Act::Reject(role, comment) => self.decision(id, role, Verdict::Reject, comment)?,
            Act::Sign(gate, env, role, comment) => self.sign_off(id, (gate, env, role), comment)?,
            Act::Tell(message, text) => {
                let (message, text) = (message.parse()?, (*text).to_owned());
                (author, release::Command::Send { message, channel: None, text })
            }
            Act::WayBack(plan) => (author, report(Report::RollbackPlan { plan: (*plan).to_owned(), tested: false })),
            Act::Hold(reason) => {
                (author, release::Command::Hold { env: EnvName::production(), reason: (*reason).to_owned() })
            }
            Act::Failed(name) => (author, report(check(name, CheckState::Failed))),
            Act::Passed(names) => {
                for name in *names {
                    let command = report(check(name, CheckState::Passed));
                    self.order(author, Command::Release(id.clone(), command)).await?;
                }
                return Ok(());
            }
            Act::Deploy(env) => {
                let place = EnvironmentId { product: id.product.clone(), env: env.parse()? };
                let version = id.version.clone();
                let command = environment::Command::Report { version, outcome: Outcome::Succeeded, url: None };
                return self.order(author, Command::Environment(place, command)).await;
            }
            Act::Promote => return self.promote(id, None, author).await,
            Act::PromoteBy(strategy) => return self.promote(id, Some(strategy), author).await,
            Act::Fails(kind) => {
                self.ground.mishap(*kind, Mishap::Declined);
                return Ok(());
            }
            Act::Abort(reason) => return self.abort(id, author, reason).await,
            Act::Back(reason) => {
                self.pass(TimeDelta::hours(20));
                let command = self.control.way_back(production.clone(), None, (*reason).to_owned());
                self.order(actor(&ON_CALL.parse()?), command).await?;
                return self.watch(&production, |_| false).await;
            }
            Act::Resume(reason) => {
                let command = environment::Command::Resume { reason: (*reason).to_owned() };
                return self.order(author, Command::Environment(production, command)).await;
            }
        };
        self.order(by, Command::Release(id.clone(), command)).await
    }

    async fn promote(&mut self, id: &ReleaseId, strategy: Option<&str>, by: Actor) -> anyhow::Result<()> {
        let place = self.start(id, strategy, by).await?;
        self.watch(&place, |_| false).await
    }

    /// Half of the customers have it when somebody takes it back.
    async fn abort(&mut self, id: &ReleaseId, by: Actor, reason: &str) -> anyhow::Result<()> {
        let place = self.start(id, None, by).await?;
        let watched = |step: &rollout::Step| matches!(step.planned.action, Action::Watch { .. });
        self.watch(&place, |rollout| rollout.current().is_some_and(|(n, step)| n > 4 && watched(step))).await?;
        self.pass(STEP);
        let world = self.control.world();
        let under_way = world.environment(&place).and_then(|environment| environment.lock).context("it has ended")?;
        let command = self.control.steer(under_way, Verb::Abort, reason.to_owned())?;
        self.order(actor(&ON_CALL.parse()?), command).await?;
        self.watch(&place, |_| false).await
    }

    async fn start(&self, id: &ReleaseId, strategy: Option<&str>, by: Actor) -> anyhow::Result<EnvironmentId> {
        let place = EnvironmentId { product: id.product.clone(), env: EnvName::production() };
        let choice = Choice { strategy: strategy.map(str::parse).transpose()?, ..Choice::default() };
        let (_, command) = self.control.promotion(place.clone(), id.version.clone(), choice, None, String::new());
        self.order(by, command).await?;
        Ok(place)
    }

    /// Until the rollout there has ended, or is where somebody does something about it.
    async fn watch(&mut self, place: &EnvironmentId, until: impl Fn(&Rollout) -> bool) -> anyhow::Result<()> {
        for _ in 0..LOOKS {
            self.engine.round().await;
            self.engine.settle().await;
            let world = self.control.world();
            let under_way = world.environment(place).and_then(|environment| environment.lock);
            let Some(rollout) = under_way.and_then(|id| world.rollout(id)).filter(|rollout| !until(rollout)) else {
                return Ok(());
            };
            match rollout::next(rollout, false, self.clock.now()) {
                Next::Wait(Some(due)) => self.clock.pass_to(due),
                Next::Wait(None) => anyhow::bail!("it waits for somebody"),
                _ => self.pass(STEP),
            }
        }
        anyhow::bail!("it does not end")
    }

    async fn order(&self, by: Actor, command: Command) -> anyhow::Result<()> {
        self.control.order(Order::new(by, command)).await?;
        Ok(())
    }

    fn pass(&self, time: TimeDelta) {
        self.clock.pass_to(self.clock.now() + time);
    }

    /// The answer to a gate's own question, of what the release is at this moment.
    fn sign_off(
        &self,
        id: &ReleaseId,
        (gate, env, role): (&str, &str, &str),
        comment: &str,
    ) -> anyhow::Result<(Actor, release::Command)> {
        let (by, command) = self.decision(id, role, Verdict::Approve, comment)?;
        let release::Command::Decide(decision) = command else { return Ok((by, command)) };
        let decision = Decision { gate: Some(gate.parse()?), env: env.parse()?, ..decision };
        Ok((by, release::Command::Decide(decision)))
    }

    /// Of what the release is at this moment.
    fn decision(
        &self,
        id: &ReleaseId,
        role: &str,
        verdict: Verdict,
        comment: &str,
    ) -> anyhow::Result<(Actor, release::Command)> {
        let role = role.parse()?;
        let seen = self.control.world().release(id).context("it is not there")?.digest.clone();
        let (by, comment, env) = (actor(&role), comment.to_owned(), EnvName::production());
        Ok((by, release::Command::Decide(Decision { role, env, gate: None, verdict, seen, comment })))
    }
}

/// Nine o'clock, so many days before.
fn morning(now: Timestamp, ago: u64) -> Timestamp {
    let day = now.date_naive().checked_sub_days(Days::new(ago)).unwrap_or(now.date_naive());
    day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(9)
}

/// The edit that puts in what the n-th build made.
fn built(id: &ReleaseId, n: u32) -> release::Command {
    let artifact = |part: &str| {
        let name = format!("{}-{part}", id.product);
        let digest = format!("sha256:{}", sha256_hex(format!("{name} {} build {n}", id.version).as_bytes()));
        Artifact { name, digest }
    };
    let artifacts = Some(vec![artifact("web"), artifact("worker")]);
    release::Command::Edit(release::Edit { artifacts, ..release::Edit::default() })
}

fn report(report: Report) -> release::Command {
    release::Command::Report(report)
}

fn check(name: &str, state: CheckState) -> Report {
    Report::Check { name: name.to_owned(), state, url: None, commit: None }
}

/// A tool that does nothing but say what it would do.
pub(super) fn said_only() -> Connection {
    use ActionKind::{Deploy, Promote, Retire, RollBack, Weight};
    let echo = |words: &[&str]| json!([&["echo"], words].concat());
    let settings = [
        ("deploy", echo(&["stands up", "{{version}}"])),
        ("weight", echo(&["sends", "{{percentage}}", "% to", "{{version}}"])),
        ("promote", echo(&["sends everybody to", "{{version}}"])),
        ("retire", echo(&["ends", "{{other}}"])),
        ("roll_back", echo(&["sends everybody back to", "{{version}}"])),
    ];
    Connection {
        driver: "command".to_owned(),
        settings: settings.into_iter().map(|(name, argv)| (name.to_owned(), argv)).collect(),
        secrets: Vec::new(),
        abilities: Abilities::of([Deploy, Weight, Promote, Retire, RollBack], false),
        instances: None,
        smoke: Vec::new(),
        health: None,
    }
}
