//! All gates before an environment, with what each says.

use super::{
    condition::applies,
    finding::Finding,
    list, people, reported,
    scene::Scene,
    status::{Act, Proof, State, Status},
    time,
};
use crate::{
    access::Permission,
    playbook::{CalendarPart, Condition, Gate, GateId, Needs},
    release::{Phase, SetAside},
    slug::{EnvName, RoleId},
};

/// Every gate before `env`: what always holds first, then the playbook's in its order.
pub fn assess(scene: &Scene<'_>, env: &EnvName) -> Vec<Status> {
    let kind = &scene.release.contents.kind;
    let mut all = Vec::with_capacity(scene.playbook.gates.len() + 2);
    always(scene, env, &mut all);
    all.extend(scene.playbook.gates_before(env, kind).map(|gate| status(scene, env, gate)));
    all
}

/// Those that are in the way.
pub fn unmet(scene: &Scene<'_>, env: &EnvName) -> Vec<Status> {
    assess(scene, env).into_iter().filter(|status| !status.state.lets_pass()).collect()
}

/// Where the release goes next: the first environment of the playbook, in order, that it neither runs in nor ran in
/// before a later one. None once it runs in the last.
pub fn next_environment<'a>(scene: &Scene<'a>) -> Option<&'a EnvName> {
    let names = || scene.playbook.environments.iter().map(|e| &e.name);
    let been =
        |name: &EnvName| scene.environment(name).is_some_and(|e| e.runs_of(&scene.release.id.version).next().is_some());
    let last = names().enumerate().filter(|(_, name)| been(name)).map(|(n, _)| n).next_back();
    names().skip(last.map_or(0, |n| n + 1)).find(|name| matters(scene, name))
}

/// An environment that a release must enter: production, and those that a gate stands before or waits for.
fn matters(scene: &Scene<'_>, env: &EnvName) -> bool {
    let kind = &scene.release.contents.kind;
    env.is_production()
        || scene.playbook.gates_before(env, kind).next().is_some()
        || scene.playbook.gates.iter().any(|gate| {
            (gate.types.is_empty() || gate.types.contains(kind))
                && matches!(&gate.needs, Needs::DeployedIn(stayed) if &stayed.environment == env)
        })
}

/// One gate of the playbook.
fn status(scene: &Scene<'_>, env: &EnvName, gate: &Gate) -> Status {
    let answer = |state, found: Finding| Status {
        id: gate.id.clone(),
        env: env.clone(),
        title: gate.title.clone(),
        state,
        why: found.why,
        owner: gate.owner.clone(),
        next_opening: found.next_opening,
        act: found.act,
        proofs: found.proofs,
    };
    if let Some(aside) = set_aside(scene, gate) {
        let words = format!("Does not concern this release: {}", aside.reason);
        let proof = Proof { words: "set aside".to_owned(), url: None, by: aside.by, at: aside.at };
        return answer(State::NotApplicable, Finding::met(words).proves(proof));
    }
    match gate.when.map(|condition| (condition, applies(condition, scene.release))) {
        Some((condition, Some(false))) => {
            let words = format!("Does not concern this release: {}.", negated(condition));
            return answer(State::NotApplicable, Finding::met(words));
        }
        Some((condition, None)) if !condition.is_settled_by_gate() => {
            let words = format!("Nobody has said whether this release {}.", question(condition));
            return waivable(scene, env, gate, Finding::unmet(words, Act::Declare { condition }), answer);
        }
        _ => {}
    }
    let found = finding(scene, env, gate);
    if found.met { answer(State::Met, found) } else { waivable(scene, env, gate, found, answer) }
}

/// That people need not look was said of what the release was then; other words hold until they are taken back.
fn set_aside<'a>(scene: &Scene<'a>, gate: &Gate) -> Option<&'a SetAside> {
    let aside = gate.when.and(scene.release.is_set_aside(&gate.id));
    aside.filter(|aside| !(aside.before_edit && gate.asks_people()))
}

/// Whether it is not known of the gate that it does not concern the release.
pub(super) fn concerns(scene: &Scene<'_>, gate: &Gate) -> bool {
    set_aside(scene, gate).is_none()
        && gate.when.is_none_or(|condition| applies(condition, scene.release) != Some(false))
}

/// Unmet, unless glass was broken for it.
fn waivable(
    scene: &Scene<'_>,
    env: &EnvName,
    gate: &Gate,
    found: Finding,
    answer: impl Fn(State, Finding) -> Status,
) -> Status {
    let release = scene.release;
    let waiver = release.waivers.iter().rev().find(|w| w.stands(env, &gate.id, &release.digest, scene.now));
    let Some(waiver) = waiver else { return answer(State::Unmet, found) };
    let words = format!("Waived until {}: {} ({})", waiver.until.format("%-d %B %H:%M UTC"), waiver.reason, found.why);
    let proof = Proof { words: "glass broken".to_owned(), url: None, by: waiver.by, at: waiver.at };
    answer(State::Waived, Finding::met(words).proves(proof))
}

fn finding(scene: &Scene<'_>, env: &EnvName, gate: &Gate) -> Finding {
    match &gate.needs {
        Needs::Checks(names) => reported::checks(scene, names),
        Needs::Reviews(wanted) => reported::reviews(scene, *wanted),
        Needs::BranchUpToDate => reported::branch(scene),
        Needs::ConventionalCommits => reported::commits(scene),
        Needs::SignOff(sign_off) => people::signed(scene, gate, env, &sign_off.roles, 1),
        Needs::TypeApprovals => people::approved(scene, env),
        Needs::Approval(quorum) | Needs::BusinessApproval(quorum) => {
            people::signed(scene, gate, env, &quorum.roles, quorum.needed())
        }
        Needs::ChangeTicket => reported::ticket(scene),
        Needs::Communication(messages) => reported::told(scene, messages),
        Needs::Checklist(id) => list::complete(scene, id),
        Needs::DeployedIn(stayed) => time::deployed_in(scene, stayed),
        Needs::Calendar(parts) => time::calendar(scene, env, parts),
        Needs::Notice(span) => time::notice(scene, *span),
        Needs::SloBudget => reported::slo_budget(scene),
        Needs::Migrations => reported::migrations(scene),
        Needs::FlagsConfigured => reported::flags(scene),
        Needs::SecurityScan(gravities) => reported::scan(scene, gravities),
        Needs::SignedArtifacts => reported::signed_artifacts(scene),
        Needs::Evidence => reported::evidence(scene),
        Needs::Backup => reported::backup(scene),
        Needs::RollbackPlan(plan) => reported::rollback_plan(scene, plan.tested),
        Needs::Benchmarks => reported::benchmarks(scene),
        Needs::VulnerabilityClock => time::vulnerabilities(scene),
    }
}

/// What holds in every playbook: nobody asked for more time, the release is open, and production is neither entered
/// without the approvals of the type nor while it is closed.
fn always(scene: &Scene<'_>, env: &EnvName, all: &mut Vec<Status>) {
    let (release, kind) = (scene.release, &scene.release.contents.kind);
    let mut say = |id: &str, title: &str, owner: RoleId, found: Finding| {
        let Ok(id) = id.parse::<GateId>() else { return };
        all.push(Status {
            id,
            env: env.clone(),
            title: title.to_owned(),
            state: if found.met { State::Met } else { State::Unmet },
            why: found.why,
            owner,
            next_opening: found.next_opening,
            act: found.act,
            proofs: found.proofs,
        });
    };
    for hold in release.holds_before(env) {
        let proof = Proof { words: "hold".to_owned(), url: None, by: hold.by, at: hold.at };
        let found = Finding::unmet(format!("Held: {}", hold.reason), Act::Lift { hold: hold.id }).proves(proof);
        say(&format!("hold_{}", hold.id), "Somebody asked for more time", promoter(scene), found);
    }
    if release.phase == Phase::Cancelled {
        say("open", "The release is open", promoter(scene), Finding::unmet("It was cancelled.", Act::Wait));
    }
    if !env.is_production() {
        return;
    }
    // Conditional gates do not count: whoever says that they do not apply would have said so of the approvals.
    let gates = || scene.playbook.gates_before(env, kind);
    let has = |needs: fn(&Needs) -> bool| gates().any(|gate| gate.when.is_none() && needs(&gate.needs));
    let taken = |id: &str| gates().any(|gate| gate.id.as_str() == id);
    if !has(|needs| matches!(needs, Needs::TypeApprovals)) {
        let owner = release.contents.approvals_needed.first().map_or_else(|| promoter(scene), |r| r.role.clone());
        let id = if taken("approvals") { "approvals_of_type" } else { "approvals" };
        say(id, "Those who must agree have agreed", owner, people::approved(scene, env));
    }
    if !has(|needs| matches!(needs, Needs::Calendar(_))) {
        const CLOSING: [CalendarPart; 3] = [CalendarPart::Freeze, CalendarPart::Blackout, CalendarPart::Maintenance];
        let id = if taken("calendar") { "calendar_of_all" } else { "calendar" };
        say(id, "Nothing is closed", promoter(scene), time::calendar(scene, env, &CLOSING));
    }
}

/// The first role of the playbook that may promote, to whom what has no owner belongs.
fn promoter(scene: &Scene<'_>) -> RoleId {
    let role = scene.playbook.roles.iter().find(|role| role.permissions.contains(&Permission::Promote));
    role.map_or_else(RoleId::administrator, |role| role.id.clone())
}

/// After “whether this release …”.
fn question(condition: Condition) -> String {
    match condition {
        Condition::BreakingChange => "breaks anything".to_owned(),
        Condition::Migrations => "brings migrations".to_owned(),
        Condition::Flags => "changes flags".to_owned(),
        Condition::ConfigChange => "changes configuration".to_owned(),
        Condition::UserFacing => "changes anything for users".to_owned(),
        Condition::CustomerFacing => "changes anything for customers".to_owned(),
        Condition::UiChange => "changes what people see".to_owned(),
        Condition::Sensitive => "touches sensitive parts".to_owned(),
        Condition::PerformanceCritical => "touches parts that must be fast".to_owned(),
        Condition::SignificantTrafficChange => "changes traffic much".to_owned(),
        Condition::BigChange => "is a big change".to_owned(),
        Condition::MajorRelease => "is a major release".to_owned(),
        Condition::HighRisk => "is of high risk".to_owned(),
        Condition::LowRisk => "is of low risk".to_owned(),
        Condition::NeedsBackfill => "needs a backfill".to_owned(),
        Condition::Compatible => "is compatible".to_owned(),
        Condition::IfApplicable | Condition::IfNeeded => "needs this".to_owned(),
    }
}

fn negated(condition: Condition) -> String {
    format!("it is declared not to be so ({})", condition.words())
}
