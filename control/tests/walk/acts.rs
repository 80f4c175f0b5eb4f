//! What people do when a gate says what opens it.

use crate::house::{House, shop};
use control::Command as Ordered;
use domain::{
    Timestamp,
    environment::{self, Outcome},
    gate::{self, Act, ListStatus, Scene, State, Status},
    journal::Fact,
    playbook::{Condition, Item, MessageId, MigrationStep, Needs, Proof, Verified},
    release::{
        Artifact, CheckState, Command, Decision, Edit, Mark, Migration, Release, ReleaseId, Report, Verdict, slots,
    },
    slug::{EnvName, RoleId},
};
use std::collections::BTreeMap;

const LINK: &str = "https://ci.example.org/runs/1";
/// More steps than any walk takes.
const PATIENCE: usize = 400;

pub struct Walk<'a> {
    house: &'a House,
    id: ReleaseId,
    began: Timestamp,
    /// Environment and gate, with the states it was in, one after the other.
    pub seen: BTreeMap<(String, String), Vec<State>>,
    pub steps: usize,
}

impl<'a> Walk<'a> {
    pub fn new(house: &'a House, id: ReleaseId) -> Self {
        Self { house, id, began: house.control.now(), seen: BTreeMap::new(), steps: 0 }
    }

    pub fn hours(&self) -> i64 {
        (self.house.control.now() - self.began).num_hours()
    }

    fn release(&self) -> Release {
        self.house.control.world().release(&self.id).expect("there").clone()
    }

    fn scene<T>(&self, ask: impl FnOnce(&Scene<'_>) -> T) -> T {
        let world = self.house.control.world();
        let today = world.today(&shop(), self.house.control.now());
        world.in_scene(world.release(&self.id).expect("there"), &today, ask).expect("a playbook")
    }

    async fn does(&mut self, command: Command) {
        self.steps += 1;
        self.house.order(self.house.engineer(), Ordered::Release(self.id.clone(), command)).await;
        self.look();
    }

    async fn reports(&mut self, report: Report) {
        self.does(Command::Report(report)).await;
    }

    /// All gates before all environments, as they stand now.
    fn look(&mut self) -> Vec<Status> {
        let environments: Vec<EnvName> = self.house.playbook.environments.iter().map(|e| e.name.clone()).collect();
        let all: Vec<Status> =
            self.scene(|scene| environments.iter().flat_map(|env| gate::assess(scene, env)).collect());
        for status in &all {
            let states = self.seen.entry((status.env.to_string(), status.id.to_string())).or_default();
            if states.last() != Some(&status.state) {
                states.push(status.state);
            }
        }
        all
    }

    /// What it is made of, a vulnerability that is overdue, and somebody who wants more time.
    pub async fn begin(&mut self) {
        self.look();
        let digest = format!("sha256:{}", "a".repeat(64));
        let artifacts = Some(vec![Artifact { name: "image".to_owned(), digest }]);
        let flags = Some([("checkout".to_owned(), true.into())].into_iter().collect());
        self.does(Command::Edit(Edit { artifacts, flags, ..Edit::default() })).await;
        self.vulnerable(30).await;
        let hold = Command::Hold { env: EnvName::production(), reason: "The figures look odd.".to_owned() };
        let leader = self.house.holder(&"leadership".parse().expect("a role"));
        self.house.order(leader, Ordered::Release(self.id.clone(), hold)).await;
        self.look();
    }

    async fn vulnerable(&mut self, hours: i64) {
        let known_at = self.house.control.now() - chrono::TimeDelta::hours(hours);
        let (id, score) = ("CVE-2025-1".to_owned(), "7.5".parse().expect("a score"));
        self.reports(Report::Vulnerability { id, score, known_at }).await;
    }

    /// From one environment to the next until it runs in the last.
    pub async fn walk_to_production(&mut self) {
        while let Some(env) = self.scene(|scene| gate::next_environment(scene).cloned()) {
            self.open(&env).await;
            let version = self.id.version.clone();
            let report = environment::Command::Report { version, outcome: Outcome::Succeeded, url: None };
            let receipt = self.house.on_environment(&env, report).await;
            let Fact::Environment(environment::Event::Deployed { against, .. }) = &receipt.envelopes[0].fact else {
                panic!("a deployment")
            };
            assert!(against.is_empty(), "{} may go to {env}: {against:?}", self.id);
            self.look();
        }
        assert!(self.scene(|scene| scene.runs_in(&EnvName::production())), "it runs in production");
    }

    async fn open(&mut self, env: &EnvName) {
        for _ in 0..PATIENCE {
            let unmet: Vec<Status> =
                self.look().into_iter().filter(|s| &s.env == env && !s.state.lets_pass()).collect();
            if unmet.is_empty() {
                return;
            }
            if let Some(status) = unmet.iter().find(|status| status.act != Act::Wait) {
                self.act(status).await;
            } else if let Some(at) = unmet.iter().filter_map(|status| status.next_opening).min() {
                self.house.clock.advance(at - self.house.control.now());
            } else {
                // The clock ran by a wrong report: it is put right.
                self.vulnerable(1).await;
            }
        }
        let left = self.look();
        panic!("{} does not come into {env}: {left:#?}", self.id);
    }

    async fn act(&mut self, status: &Status) {
        match status.act.clone() {
            Act::Wait => {}
            Act::AskForApproval => self.does(Command::RequestApproval).await,
            Act::Approve => {
                let open = slots(&self.release()).into_iter().find(|slot| slot.filled_by.is_none()).expect("a place");
                self.decides(&open.role, None, &status.env).await;
            }
            Act::Sign { roles } => {
                let release = self.release();
                let said = |role: &RoleId| {
                    let by = self.house.holder(role).person();
                    let mut answers = release.standing().filter(|a| a.gate.as_ref() == Some(&status.id));
                    answers.any(|a| Some(a.by) == by && a.env == status.env)
                };
                let role = roles.iter().find(|role| !said(role)).expect("somebody to sign").clone();
                self.decides(&role, Some(status), &status.env).await;
            }
            Act::Report { about } => {
                let gate = self.house.playbook.gates.iter().find(|gate| gate.id == status.id).expect("a gate");
                for report in self.answers(&gate.needs.clone(), &about) {
                    self.reports(report).await;
                }
            }
            Act::Tick { list } => {
                let list = self.scene(gate::lists).into_iter().find(|found| found.id == list).expect("a list");
                self.works_through(&list).await;
            }
            Act::Send { message } => self.sends(message).await,
            Act::Declare { condition } => self.declares(condition).await,
            Act::Deploy { env } => panic!("{env} comes before {}", status.env),
            Act::Lift { hold } => self.does(Command::Lift { hold, reason: "They are fine.".to_owned() }).await,
        }
    }

    async fn decides(&mut self, role: &RoleId, gate: Option<&Status>, env: &EnvName) {
        let decision = Decision {
            role: role.clone(),
            env: env.clone(),
            gate: gate.map(|status| status.id.clone()),
            verdict: Verdict::Approve,
            seen: self.release().digest,
            comment: String::new(),
        };
        let command = Ordered::Release(self.id.clone(), Command::Decide(decision));
        self.steps += 1;
        self.house.order(self.house.holder(role), command).await;
        self.look();
    }

    async fn sends(&mut self, message: MessageId) {
        self.does(Command::Send { message, channel: None, text: "It is coming.".to_owned() }).await;
    }

    async fn declares(&mut self, condition: Condition) {
        let mut traits = self.release().contents.traits;
        traits.insert(condition, true);
        self.does(Command::Edit(Edit { traits: Some(traits), ..Edit::default() })).await;
    }

    /// Items that a person ticks are ticked; those that the system watches come about.
    async fn works_through(&mut self, status: &ListStatus) {
        let list = self.house.playbook.checklists.iter().find(|list| list.id == status.id).expect("a list").clone();
        for state in status.items.iter().filter(|item| item.state == gate::ItemState::Open) {
            let item = list.item(state.id.as_str()).expect("an item");
            if let Some(verified) = item.verified_by.filter(|_| state.watched) {
                self.brings_about(verified, item).await;
                continue;
            }
            let evidence = item.proof.map(|proof| match proof {
                Proof::Link => LINK.to_owned(),
                Proof::Upload | Proof::Note => "Seen and kept.".to_owned(),
            });
            let mark = Mark::Done { evidence };
            self.does(Command::Mark { list: list.id.clone(), item: item.id.clone(), mark }).await;
        }
    }

    async fn brings_about(&mut self, verified: Verified, item: &Item) {
        let about = |needs: &Needs| match verified {
            Verified::ChecksGreen => matches!(needs, Needs::Checks(_)),
            Verified::ReviewsDone => matches!(needs, Needs::Reviews(_)),
            Verified::ScanClean => matches!(needs, Needs::SecurityScan(_)),
            Verified::FlagsConfigured => matches!(needs, Needs::FlagsConfigured),
            Verified::BackupTaken => matches!(needs, Needs::Backup),
            Verified::MigrationsApplied => matches!(needs, Needs::Migrations),
            _ => false,
        };
        let kind = self.release().contents.kind;
        let gates = self.house.playbook.gates.iter();
        let asked: Vec<Needs> = gates
            .filter(|gate| (gate.types.is_empty() || gate.types.contains(&kind)) && about(&gate.needs))
            .map(|gate| gate.needs.clone())
            .collect();
        match verified {
            Verified::MessageSent => self.sends(item.message.clone().expect("a message")).await,
            Verified::WindowSet => {
                let at = self.house.control.now() + chrono::TimeDelta::hours(72);
                self.does(Command::Plan { at: Some(at) }).await;
            }
            Verified::SignOffGiven => {
                let signs = self.look().into_iter().find(|s| matches!(s.act, Act::Sign { .. })).expect("a sign-off");
                Box::pin(self.act(&signs)).await;
            }
            Verified::FlagsConfigured if asked.is_empty() => {
                self.reports(Report::FlagsConfigured { note: String::new() }).await;
            }
            Verified::MigrationsApplied if asked.is_empty() => {
                self.reports(Report::Migrations { steps: vec![] }).await;
            }
            Verified::ScanClean if asked.is_empty() => {
                let scan = Report::Scan { tool: "scanner".to_owned(), findings: BTreeMap::new(), url: None };
                self.reports(scan).await;
            }
            other if asked.is_empty() => panic!("how is “{other}” brought about?"),
            _ => {
                for needs in asked {
                    for report in self.answers(&needs, "") {
                        self.reports(report).await;
                    }
                }
            }
        }
    }

    /// What machines and people report when a gate asks.
    fn answers(&self, needs: &Needs, about: &str) -> Vec<Report> {
        let url = || Some(LINK.to_owned());
        match needs {
            Needs::Checks(names) => names
                .iter()
                .map(|name| Report::Check { name: name.clone(), state: CheckState::Passed, url: url(), commit: None })
                .collect(),
            Needs::Reviews(wanted) => vec![Report::Reviews { approved: (*wanted).max(2), url: url() }],
            Needs::BranchUpToDate => vec![Report::Branch { up_to_date: true }],
            Needs::ConventionalCommits => vec![Report::Commits { total: 12, nonconforming: vec![] }],
            Needs::ChangeTicket => vec![Report::Ticket { id: "CHG-1".to_owned(), url: LINK.to_owned() }],
            Needs::SloBudget => vec![Report::SloBudget { left: "12 %".parse().expect("a share") }],
            Needs::Migrations => {
                let (name, step) = ("001_add_column".to_owned(), MigrationStep::Expand);
                vec![Report::Migrations { steps: vec![Migration { name, step, change: None, applied: true }] }]
            }
            Needs::FlagsConfigured => vec![Report::FlagsConfigured { note: "All set.".to_owned() }],
            Needs::SecurityScan(_) => {
                vec![Report::Scan { tool: "scanner".to_owned(), findings: BTreeMap::new(), url: url() }]
            }
            Needs::SignedArtifacts => {
                let all = self.release().contents.artifacts;
                let signed = |a: Artifact| Report::Signature { artifact: a.name, signer: "ci".to_owned(), url: url() };
                all.into_iter().map(signed).collect()
            }
            Needs::Evidence => {
                let all = self.house.playbook.evidence.iter();
                all.map(|e| Report::Evidence { id: e.id.clone(), note: "Attached.".to_owned(), url: url() }).collect()
            }
            Needs::Backup => vec![Report::Backup { note: "Last night's.".to_owned() }],
            Needs::RollbackPlan(_) => {
                vec![Report::RollbackPlan { plan: "Deploy the version before.".to_owned(), tested: true }]
            }
            Needs::Benchmarks => vec![Report::Benchmarks { met: true, note: String::new(), url: url() }],
            other => panic!("nobody reports on {other:?} ({about})"),
        }
    }
}
