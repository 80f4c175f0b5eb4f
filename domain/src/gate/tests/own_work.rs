//! Whatever the authors of a release do, in whatever order: nothing that asks others about it is met, waived or set
//! aside by one of them; and what was said of earlier contents never counts again.

use super::stage::{GATE, Stage, artifacts, env, gate, role, somebody, title, traits};
use crate::{
    access::Authority,
    gate::{Act, State},
    playbook::{Condition, Gate, GateId, Needs, Playbook, Quorum, SignOff},
    release::{Command, Decision, Edit, Release, Verdict},
};
use chrono::TimeDelta;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Everybody holds everything: only who they are makes a difference.
const ALL: [&str; 6] =
    ["engineer", "engineering_lead", "product_manager", "qa_engineer", "security", "release_captain"];
const GATES: [&str; 5] = ["signed", "maybe", "quorum", "type", "machine"];

fn playbook() -> Playbook {
    let sign = || Needs::SignOff(SignOff { roles: vec![role("qa_engineer"), role("security")], about: "x".to_owned() });
    let quorum = Quorum { roles: ["qa_engineer", "security", "product_manager"].map(role).to_vec(), quorum: Some(2) };
    let mut playbook = Stage::asking(Needs::Backup).playbook;
    playbook.gates = vec![
        gate("signed", sign()),
        Gate { when: Some(Condition::Sensitive), ..gate("maybe", sign()) },
        gate("quorum", Needs::Approval(quorum)),
        gate("type", Needs::TypeApprovals),
        Gate { when: Some(Condition::IfApplicable), ..gate("machine", Needs::Backup) },
    ];
    playbook
}

#[derive(Debug, Clone)]
enum Step {
    Title(u8),
    Artifacts(u8),
    Sensitive(Option<bool>),
    Ask,
    Decide { role: &'static str, gate: Option<&'static str>, reject: bool, past: usize },
    Glass { gate: &'static str, past: usize, minutes: i64 },
    Aside { gate: &'static str, taken_back: bool },
    Hold,
    Lift(u32),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let gates = || prop::sample::select(GATES.to_vec());
    prop_oneof![
        2 => (0..2_u8).prop_map(Step::Title),
        1 => (0..2_u8).prop_map(Step::Artifacts),
        1 => prop::option::of(any::<bool>()).prop_map(Step::Sensitive),
        1 => Just(Step::Ask),
        6 => (prop::sample::select(ALL.to_vec()), prop::option::of(gates()), prop::bool::weighted(0.1), 0..2_usize)
            .prop_map(|(role, gate, reject, past)| Step::Decide { role, gate, reject, past }),
        4 => (gates(), 0..2_usize, 1..1_600_i64).prop_map(|(gate, past, minutes)| Step::Glass { gate, past, minutes }),
        3 => (gates(), prop::bool::weighted(0.2)).prop_map(|(gate, taken_back)| Step::Aside { gate, taken_back }),
        1 => Just(Step::Hold),
        1 => (0..4_u32).prop_map(Step::Lift),
        1 => (1..300_i64).prop_map(Step::Wait),
    ]
}

/// Several people, by number; what each wants.
fn steps(people: std::ops::Range<u8>, most: usize) -> impl Strategy<Value = Vec<(u8, Step)>> {
    prop::collection::vec((people, step()), 0..most)
}

fn command(stage: &Stage, step: &Step) -> Option<Command> {
    let id = |text: &str| text.parse::<GateId>().expect("an id");
    let seen = |past: usize| {
        let all = &stage.release.past;
        all[all.len().saturating_sub(1 + past)].0.clone()
    };
    Some(match step {
        Step::Title(n) => title(&format!("title {n}")),
        Step::Artifacts(n) => artifacts(char::from(b'a' + n)),
        Step::Sensitive(said) => traits(&said.iter().map(|said| (Condition::Sensitive, *said)).collect::<Vec<_>>()),
        Step::Ask => Command::RequestApproval,
        Step::Decide { role: who, gate, reject, past } => Command::Decide(Decision {
            role: role(who),
            env: env("production"),
            gate: gate.map(id),
            verdict: if *reject { Verdict::Reject } else { Verdict::Approve },
            seen: seen(*past),
            comment: "Seen.".to_owned(),
        }),
        Step::Glass { gate, past, minutes } => Command::BreakGlass {
            env: env("production"),
            gates: vec![id(gate)],
            reason: "Urgent.".to_owned(),
            until: stage.now + TimeDelta::minutes(*minutes),
            seen: seen(*past),
        },
        Step::Aside { gate, taken_back } => {
            Command::SetAside { gate: id(gate), reason: (!taken_back).then(|| "Not this time.".to_owned()) }
        }
        Step::Hold => Command::Hold { env: env("production"), reason: "Wait.".to_owned() },
        Step::Lift(hold) => Command::Lift { hold: *hold, reason: "Enough.".to_owned() },
        Step::Wait(_) => return None,
    })
}

/// One step by one of them; refusals change nothing, which the stage looks at itself.
fn take(stage: &mut Stage, who: &Authority, step: &Step) -> bool {
    if let Some(command) = command(stage, step) {
        return stage.take(command, who).is_ok();
    }
    let Step::Wait(minutes) = step else { return false };
    stage.pass(TimeDelta::minutes(*minutes));
    true
}

/// What lets the release pass and rests on the word of people.
fn spoken_for(stage: &Stage) -> Vec<(String, State, BTreeSet<crate::person::PersonId>)> {
    let all = stage.all("production");
    let asking = all.into_iter().filter(|status| ["signed", "maybe", "quorum", "type"].contains(&status.id.as_str()));
    let passing = asking.filter(|status| status.state.lets_pass());
    passing.map(|s| (s.id.to_string(), s.state, s.proofs.iter().filter_map(|p| p.by).collect())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// One author alone, with every role and permission there is.
    #[test]
    fn no_sequence_of_an_authors_commands_opens_what_asks_others(steps in steps(1..2, 60)) {
        let mut stage = Stage::on(playbook());
        for (_, step) in &steps {
            take(&mut stage, &somebody(1, &ALL), step);
            let declared = stage.release.contents.traits.get(&Condition::Sensitive) == Some(&false);
            for (id, state, by) in spoken_for(&stage) {
                // Saying that it is not sensitive is part of the contents, which others look at and approve.
                prop_assert!(id == "maybe" && state == State::NotApplicable && declared && by.is_empty(), "{id} {state:?}");
            }
        }
    }

    /// Several people with everything, some of whom become authors on the way.
    #[test]
    fn what_lets_it_pass_rests_on_others_and_on_what_it_is_now(steps in steps(1..5, 60)) {
        let mut stage = Stage::on(playbook());
        for (who, step) in &steps {
            let before = stage.release.clone();
            let done = take(&mut stage, &somebody(*who, &ALL), step);
            prop_assert!(done || stage.release == before, "a refusal changes nothing");
            for (id, state, by) in spoken_for(&stage) {
                prop_assert!(by.is_disjoint(&stage.release.authors), "{id} {state:?} by {by:?}");
            }
            if stage.release.digest != before.digest {
                let gone = counting(&before, stage.now);
                let still = counting(&stage.release, stage.now);
                prop_assert_eq!(&still, &BTreeSet::new(), "{:?} counted before", gone);
            }
            let changed = stage.all("production").into_iter().filter(|s| s.act == Act::AskForApproval).count();
            prop_assert!(changed <= 1);
        }
    }
}

/// Approvals, sign-offs and waivers that count.
fn counting(release: &Release, now: crate::Timestamp) -> BTreeSet<String> {
    let waivers = release
        .waivers
        .iter()
        .filter(|waiver| waiver.gates.iter().any(|gate| waiver.stands(&env("production"), gate, &release.digest, now)));
    let approvals = release.standing().map(|a| format!("approval {:?} by {:?}", a.gate, a.by));
    approvals.chain(waivers.map(|w| format!("waiver {:?} by {:?}", w.gates, w.by))).collect()
}

/// For every field of the contents that an edit can reach: change it, and whatever was agreed to is void by that name.
#[test]
fn every_edit_voids_approvals_sign_offs_and_waivers_and_names_its_part() {
    let map = || Some([("a".to_owned(), 1.into())].into_iter().collect());
    let edits: [(&str, Command); 5] = [
        ("title", title("Other words")),
        ("artifacts", artifacts('a')),
        ("plan", Command::Edit(Edit { plan: map(), ..Edit::default() })),
        ("flags", Command::Edit(Edit { flags: map(), ..Edit::default() })),
        ("traits", traits(&[(Condition::UserFacing, true)])),
    ];
    for (part, change) in edits {
        let mut stage =
            Stage::asking(Needs::SignOff(SignOff { roles: vec![role("qa_engineer")], about: String::new() }));
        stage.must(stage.signs("qa_engineer"), &somebody(2, &["qa_engineer"]));
        stage.must(stage.decision("product_manager", None, Verdict::Approve), &somebody(3, &["product_manager"]));
        stage.must(stage.waiver(GATE), &somebody(4, &["security"]));
        assert_eq!(counting(&stage.release, stage.now).len(), 3);
        let outdated = stage.signs("qa_engineer");
        stage.must(change, &super::stage::author());
        assert_eq!(counting(&stage.release, stage.now).len(), 0, "{part}");
        let why = format!("{part} changed");
        assert!(stage.release.approvals.iter().all(|a| a.void.as_deref() == Some(why.as_str())), "{part}");
        let refusal = stage.take(outdated, &somebody(5, &["qa_engineer"])).expect_err("stale");
        assert_eq!(refusal.changed, [part]);
        // Going back makes nothing count again.
        let back = stage.release.past[0].1.clone();
        let undo = Edit {
            title: Some(String::new()),
            artifacts: Some(vec![]),
            plan: Some(serde_json::Map::new()),
            flags: Some(serde_json::Map::new()),
            traits: Some(std::collections::BTreeMap::new()),
            seen: None,
        };
        stage.must(Command::Edit(undo), &super::stage::author());
        assert_eq!(stage.release.contents.parts(), back);
        assert_eq!(counting(&stage.release, stage.now).len(), 0, "{part}, changed back");
    }
}
