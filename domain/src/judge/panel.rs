//! Both judges of one rollout, side by side: the stricter of the two wins.

use serde::{Deserialize, Serialize};

use super::history::History;
use super::process::Judge;
use super::rules::{Finding, RulesJudge, RulesSettings, Ruling, Scene};
use super::settings::Settings;
use super::share::Share;
use super::verdict::{Decision, HoldReason, Verdict};
use super::window::{Window, WindowLength};
use crate::playbook::Playbook;
use crate::rollout::Opinion;
use crate::slug::EnvName;

/// The judges of one rollout. Small, and stored whole after each window: what is read back goes on exactly where it stopped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Panel {
    sequential: Judge,
    rules: RulesJudge,
}

/// Who decided, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// A threshold or trigger of the playbook.
    Rule,
    /// The old version breaks the same rule.
    SharedIncident,
    /// A threshold that promotion asks for is not kept.
    Blocked,
    /// A threshold that promotion asks for could not be measured.
    NotKnown,
    /// Nothing was measured.
    NoData,
    /// The comparison of both versions.
    Compared,
}

/// What both say after a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    pub opinion: Opinion,
    pub ground: Ground,
    /// For people.
    pub said: String,
    pub verdict: Verdict,
    pub ruling: Ruling,
}

impl Panel {
    /// Begins a rollout whose first phase gives the canary this share.
    pub fn new(settings: Settings, rules: RulesSettings, history: &History, share: Share) -> Self {
        Self { sequential: Judge::new(settings, history, share), rules: RulesJudge::new(rules) }
    }

    /// What ran before, for rules that compare with it once no traffic is left on it.
    pub fn remember(&mut self, length: WindowLength, stable: &super::rules::Values) {
        self.rules.remember(length, stable);
    }

    pub fn sequential(&self) -> &Judge {
        &self.sequential
    }

    /// One window of an environment; another share than before begins a new phase. `heard` has the length that really
    /// passed, `scene` the one that the playbook's times are counted in.
    pub fn observe(&mut self, playbook: &Playbook, environment: &EnvName, heard: &Window, scene: &Scene) -> Word {
        if !self.sequential.share().same_as(scene.share) {
            self.sequential.start_phase(scene.share);
            self.rules.start_phase();
        }
        let judge = &mut self.sequential;
        let verdict = if scene.moving { judge.observe_moving(heard) } else { judge.observe(heard) };
        let ruling = self.rules.observe(playbook, environment, scene);
        let (opinion, ground) = stricter(verdict.decision, &ruling);
        let said = self.said(opinion, ground, &ruling);
        Word { opinion, ground, said, verdict, ruling }
    }

    fn said(&self, opinion: Opinion, ground: Ground, ruling: &Ruling) -> String {
        let facts = self.sequential.facts();
        match (ground, opinion) {
            (Ground::Compared, _) => facts.to_string(),
            (Ground::Rule, _) => format!("{} {facts}", joined(&ruling.roll_back)),
            (Ground::SharedIncident, _) => format!(
                "Held: the old version shows the same, so taking the new one away would cure nothing. {} {facts}",
                joined(&ruling.shared)
            ),
            (Ground::Blocked, _) => format!("Held: {} {facts}", joined(&ruling.blocks)),
            (Ground::NotKnown, _) => {
                format!("Held: what promotion asks for is not known. {} {facts}", joined(&ruling.not_known))
            }
            (Ground::NoData, _) => format!("Held: nothing was measured. {facts}"),
        }
    }
}

/// What follows: going back before holding, holding before going on.
fn stricter(decision: Decision, ruling: &Ruling) -> (Opinion, Ground) {
    match decision {
        _ if ruling.rolls_back() => (Opinion::RollBack, Ground::Rule),
        Decision::RollBack { .. } => (Opinion::RollBack, Ground::Compared),
        _ if !ruling.shared.is_empty() => (Opinion::Hold, Ground::SharedIncident),
        Decision::Hold { reason: HoldReason::NoData } => (Opinion::Hold, Ground::NoData),
        _ if !ruling.blocks.is_empty() => (Opinion::Hold, Ground::Blocked),
        Decision::Hold { .. } => (Opinion::Hold, Ground::Compared),
        Decision::Promote if !ruling.lets_pass() => (Opinion::Hold, Ground::NotKnown),
        Decision::Promote => (Opinion::Promote, Ground::Compared),
    }
}

fn joined(findings: &[Finding]) -> String {
    findings.iter().map(|finding| finding.said.as_str()).collect::<Vec<_>>().join(" ")
}
