//! A minor release on a playbook with one gate to be asked about, and people to put things on it.

use crate::{
    Refusal, Timestamp,
    access::{Actor, Authority, HeldRole, Permission, Via},
    calendar::Calendar,
    environment::{self, Environment, EnvironmentId, Outcome},
    gate::{Almanac, ListStatus, Scene, State, Status, assess, lists, may_mark},
    person::PersonId,
    playbook::{Condition, Gate, MessageId, Needs, Playbook, Revision, parse},
    product::Product,
    release::{
        Artifact, Bump, Command, Create, Decision, Edit, Given, Mark, Numbering, Release, ReleaseId, Report, Verdict,
        create, decide, evolve, number,
    },
    slug::{EnvName, RoleId},
};
use chrono::TimeDelta;
use std::sync::LazyLock;
use uuid::Uuid;

/// The gate that is asked about.
pub const GATE: &str = "asked";

pub struct Stage {
    pub playbook: Playbook,
    pub release: Release,
    pub environments: Vec<Environment>,
    pub calendar: Calendar,
    /// Roles that somebody holds.
    pub held: Vec<RoleId>,
    pub now: Timestamp,
}

fn orca() -> Playbook {
    static ORCA: LazyLock<Playbook> =
        LazyLock::new(|| parse(include_str!("../../../../playbooks/orca.toml")).expect("bundled"));
    ORCA.clone()
}

pub fn role(name: &str) -> RoleId {
    name.parse().expect("a role")
}

pub fn env(name: &str) -> EnvName {
    name.parse().expect("an environment")
}

pub fn gate(id: &str, needs: Needs) -> Gate {
    Gate {
        id: id.parse().expect("an id"),
        title: "The gate".to_owned(),
        environments: vec![env("production")],
        owner: role("engineer"),
        needs,
        types: vec![],
        when: None,
    }
}

/// Somebody with roles and what the playbook maps them to.
pub fn somebody(n: u8, roles: &[&str]) -> Authority {
    let playbook = orca();
    let found = playbook.roles.iter().filter(|r| roles.contains(&r.id.as_str()));
    Authority {
        actor: Actor::Person(PersonId(Uuid::from_u128(u128::from(n))), Via::Session),
        roles: roles.iter().map(|r| HeldRole { role: role(r), for_absent: None }).collect(),
        permissions: found.flat_map(|r| r.permissions.clone()).chain([Permission::View, Permission::Hold]).collect(),
        token_issuer: None,
    }
}

/// Who created the release; holds a say and emergency powers, too.
pub fn author() -> Authority {
    somebody(1, &["engineer", "engineering_lead", "security"])
}

pub fn qa() -> Authority {
    somebody(2, &["qa_engineer"])
}

pub fn manager() -> Authority {
    somebody(3, &["product_manager"])
}

pub fn lead() -> Authority {
    somebody(4, &["engineering_lead"])
}

pub fn security() -> Authority {
    somebody(5, &["security"])
}

pub fn reports(report: Report) -> Command {
    Command::Report(report)
}

pub fn artifacts(letter: char) -> Command {
    let digest = format!("sha256:{}", letter.to_string().repeat(64));
    let artifacts = Some(vec![Artifact { name: "image".to_owned(), digest }]);
    Command::Edit(Edit { artifacts, ..Edit::default() })
}

pub fn title(text: &str) -> Command {
    Command::Edit(Edit { title: Some(text.to_owned()), ..Edit::default() })
}

pub fn traits(said: &[(Condition, bool)]) -> Command {
    Command::Edit(Edit { traits: Some(said.iter().copied().collect()), ..Edit::default() })
}

pub fn sent(message: &str) -> Command {
    let message: MessageId = message.parse().expect("a message");
    Command::Send { message, channel: None, text: "It is coming.".to_owned() }
}

pub fn done(evidence: Option<&str>) -> Mark {
    Mark::Done { evidence: evidence.map(str::to_owned) }
}

impl Stage {
    /// With this gate before production and no other.
    pub fn asking(needs: Needs) -> Self {
        Self::with(gate(GATE, needs))
    }

    pub fn with(gate: Gate) -> Self {
        let mut playbook = orca();
        playbook.gates = vec![gate];
        Self::on(playbook)
    }

    /// One that stands only when something is so.
    pub fn when(condition: Condition, needs: Needs) -> Self {
        Self::with(Gate { when: Some(condition), ..gate(GATE, needs) })
    }

    pub fn on(playbook: Playbook) -> Self {
        let now: Timestamp = "2026-11-20T10:00:00Z".parse().expect("a time");
        let product = Product {
            slug: "shop".parse().expect("a slug"),
            name: "Shop".to_owned(),
            playbook: playbook.name.clone(),
            playbook_revision: Revision(1),
            repository: None,
            created_at: now,
        };
        let ask = Create { numbering: Numbering::Bump(Bump::Minor), kind: None, title: None };
        let (version, bump) = number(ask.numbering.clone(), |_| false, None).expect("a number");
        let by = author();
        let events = create(&product, &playbook, &ask, version.clone(), bump, &by).expect("created");
        let id = ReleaseId { product: product.slug, version };
        let release = evolve(&id, None, &events[0], by.actor, now).expect("evolved");
        let (environments, calendar) = (Vec::new(), Calendar::default());
        Self { playbook, release, environments, calendar, held: Vec::new(), now }
    }

    /// A refusal leaves everything as it was.
    pub fn take(&mut self, command: Command, by: &Authority) -> Result<(), Refusal> {
        let before = self.release.clone();
        let events = match decide(&self.release, command, Given { by, playbook: &self.playbook, now: self.now }) {
            Ok(events) => events,
            Err(refusal) => {
                assert_eq!(self.release, before, "a refusal changes nothing");
                return Err(refusal);
            }
        };
        for event in events {
            let id = self.release.id.clone();
            let stored = serde_json::to_string(&event).expect("written");
            assert_eq!(serde_json::from_str::<crate::release::Event>(&stored).expect("read"), event);
            self.release = evolve(&id, Some(self.release.clone()), &event, by.actor, self.now).expect("evolved");
        }
        Ok(())
    }

    #[track_caller]
    pub fn must(&mut self, command: Command, by: &Authority) {
        self.take(command, by).expect("taken");
    }

    #[track_caller]
    pub fn reported(&mut self, report: Report) {
        self.must(reports(report), &author());
    }

    pub fn pass(&mut self, time: TimeDelta) {
        self.now += time;
    }

    pub fn scene<T>(&self, ask: impl FnOnce(&Scene<'_>) -> T) -> T {
        let almanac = Almanac::new(&self.calendar);
        let environments = |name: &EnvName| self.environments.iter().find(|e| &e.id.env == name);
        let held = |role: &RoleId| self.held.contains(role);
        ask(&Scene {
            release: &self.release,
            playbook: &self.playbook,
            environments: &environments,
            openings: &almanac,
            held: &held,
            now: self.now,
        })
    }

    pub fn all(&self, name: &str) -> Vec<Status> {
        self.scene(|scene| assess(scene, &env(name)))
    }

    /// One of the gates before production.
    #[track_caller]
    pub fn one(&self, id: &str) -> Status {
        let all = self.all("production");
        let mut found = all.iter().filter(|status| status.id.as_str() == id);
        let one = found.next().unwrap_or_else(|| panic!("no gate {id} among {all:?}")).clone();
        assert!(found.next().is_none(), "{id} stands twice");
        one
    }

    #[track_caller]
    pub fn gate(&self) -> Status {
        self.one(GATE)
    }

    #[track_caller]
    pub fn is(&self, state: State, why: &str) {
        let status = self.gate();
        assert!(status.state == state && status.why.contains(why), "{state:?} “{why}” expected: {status:?}");
    }

    #[track_caller]
    pub fn met(&self, why: &str) {
        self.is(State::Met, why);
    }

    #[track_caller]
    pub fn unmet(&self, why: &str) {
        self.is(State::Unmet, why);
    }

    pub fn lists(&self) -> Vec<ListStatus> {
        self.scene(lists)
    }

    pub fn marks(&mut self, list: &str, item: &str, mark: Mark) -> Result<(), Refusal> {
        let (list, item) = (list.parse().expect("a list"), item.parse().expect("an item"));
        self.scene(|scene| may_mark(scene, &list, &item, &mark))?;
        self.take(Command::Mark { list, item, mark }, &author())
    }

    pub fn runs_in(&mut self, name: &str, version: &str, outcome: Outcome) {
        let event = environment::Event::Deployed {
            version: version.parse().expect("a version"),
            outcome,
            url: None,
            against: vec![],
        };
        self.happens_in(name, &event);
    }

    pub fn happens_in(&mut self, name: &str, event: &environment::Event) {
        let id = EnvironmentId { product: self.release.id.product.clone(), env: env(name) };
        let before = self.environments.iter().position(|e| e.id == id).map(|n| self.environments.remove(n));
        self.environments.push(environment::evolve(&id, before, event, Actor::System, self.now));
    }

    pub fn decision(&self, who: &str, gate: Option<&str>, verdict: Verdict) -> Command {
        Command::Decide(Decision {
            role: role(who),
            env: env("production"),
            gate: gate.map(|id| id.parse().expect("an id")),
            verdict,
            seen: self.release.digest.clone(),
            comment: "Seen.".to_owned(),
        })
    }

    /// An answer to the gate's question.
    pub fn signs(&self, who: &str) -> Command {
        self.decision(who, Some(GATE), Verdict::Approve)
    }

    /// Waived for two hours.
    pub fn waiver(&self, gate: &str) -> Command {
        Command::BreakGlass {
            env: env("production"),
            gates: vec![gate.parse().expect("an id")],
            reason: "Customers cannot pay.".to_owned(),
            until: self.now + TimeDelta::hours(2),
            seen: self.release.digest.clone(),
        }
    }

    pub fn aside(gate: &str, reason: Option<&str>) -> Command {
        Command::SetAside { gate: gate.parse().expect("an id"), reason: reason.map(str::to_owned) }
    }
}
