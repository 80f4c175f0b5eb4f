//! The gates of many open releases worked out anew, on one core, against cloning the same releases.

use super::Bench;
use crate::{
    report::{Table, median},
    score::say,
};
use anyhow::Context as _;
use domain::{
    Timestamp,
    access::{Actor, Via},
    calendar::{Calendar, Kind, RuleDraft},
    digest,
    environment::{self, Environment, EnvironmentId, Outcome},
    gate::{Almanac, Scene, assess},
    person::PersonId,
    playbook::{Needs, Playbook, Proof, Revision, parse},
    release::{
        Artifact, CheckState, Contents, Event, Mark, Migration, Release, ReleaseId, Report, Verdict, Version, evolve,
    },
    slug::{EnvName, RoleId},
};
use std::{
    collections::BTreeMap,
    hint::black_box,
    time::{Duration, Instant},
};
use uuid::Uuid;

const PLAYBOOKS: [&str; 5] = [
    include_str!("../../../playbooks/orca.toml"),
    include_str!("../../../playbooks/mesh-os.toml"),
    include_str!("../../../playbooks/octoacme.toml"),
    include_str!("../../../playbooks/sarvanom.toml"),
    include_str!("../../../playbooks/agentmesh.toml"),
];
const RULES: usize = 50;
const BUDGET: Duration = Duration::from_millis(100);

pub fn measure(asked: &Bench) -> anyhow::Result<Table> {
    let count = asked.releases.max(1);
    println!("gates: {count} open releases of five playbooks, {} rounds", asked.rounds);
    let playbooks: Vec<Playbook> = PLAYBOOKS
        .iter()
        .map(|text| parse(text).map_err(|faults| anyhow::anyhow!("{}", faults.len())))
        .collect::<Result<_, _>>()?;
    let calendars: Vec<Calendar> = playbooks.iter().map(calendar).collect::<anyhow::Result<_>>()?;
    let releases: Vec<(usize, Release)> =
        (0..count).map(|n| Ok((n % 5, release(&playbooks[n % 5], n)?))).collect::<anyhow::Result<_>>()?;
    let environments: Vec<Vec<Environment>> = playbooks.iter().map(environments).collect::<anyhow::Result<_>>()?;
    let (mut clones, mut times, mut gates, mut passing) = (Vec::new(), Vec::new(), 0, 0);
    for _ in 0..asked.rounds.max(1) {
        let began = Instant::now();
        for (_, release) in &releases {
            black_box(release.clone());
        }
        clones.push(began.elapsed().as_secs_f64() * 1_000.0);
        let began = Instant::now();
        let almanacs: Vec<Almanac<'_>> = calendars.iter().map(Almanac::new).collect();
        (gates, passing) = (0, 0);
        for (which, release) in &releases {
            let known = &environments[*which];
            let environments = |env: &EnvName| known.iter().find(|e| &e.id.env == env);
            let scene = Scene {
                release,
                playbook: &playbooks[*which],
                environments: &environments,
                openings: &almanacs[*which],
                held: &|_| true,
                now: now(),
            };
            for env in &playbooks[*which].environments {
                let all = black_box(assess(&scene, &env.name));
                gates += all.len();
                passing += all.iter().filter(|status| status.state.lets_pass()).count();
            }
        }
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
        say(&format!(
            "{gates} gates in {:.1} ms, clones in {:.1} ms",
            times[times.len() - 1],
            clones[clones.len() - 1]
        ));
    }
    let middle = |figures: &[f64]| median(figures).unwrap_or(f64::NAN);
    let (clone, time) = (middle(&clones), middle(&times));
    let mut table = Table::new("gates");
    table
        .row("releases, gates before all environments, of them not in the way", format!("{count}, {gates}, {passing}"));
    table.row("cloning the same releases", format!("{clone:.1} ms"));
    let holds = time <= BUDGET.as_secs_f64() * 1_000.0;
    table.claim("all gates anew, one core, calendars of 50 rules", format!("{time:.1} ms"), "≤ 100 ms", holds);
    table.row("ratio to cloning", format!("{:.1}", time / clone));
    Ok(table)
}

fn now() -> Timestamp {
    Timestamp::from_timestamp(1_764_151_200, 0).unwrap_or_default()
}

fn before(hours: i64) -> Timestamp {
    now() - chrono::TimeDelta::hours(hours)
}

fn by(n: u128) -> Actor {
    Actor::Person(PersonId(Uuid::from_u128(n)), Via::Session)
}

/// Fifty rules of all kinds; trains with cut-offs among them.
fn calendar(playbook: &Playbook) -> anyhow::Result<Calendar> {
    const KINDS: [Kind; 5] = [Kind::Train, Kind::Blackout, Kind::Maintenance, Kind::Holiday, Kind::Freeze];
    const REPEATS: [&str; 5] = [
        "FREQ=WEEKLY;BYDAY=FR",
        "FREQ=DAILY",
        "FREQ=WEEKLY;INTERVAL=4;BYDAY=SU",
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25",
        "FREQ=MONTHLY;BYDAY=-1TH",
    ];
    const ZONES: [&str; 5] =
        ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Europe/Berlin", "America/Santiago"];
    let mut rules = Vec::new();
    for n in 0..RULES {
        let kind = KINDS[(n + n / 5) % 5];
        let mut draft = RuleDraft::new(format!("rule-{n}").parse()?, kind, &format!("Rule number {n}"));
        draft.starts = Some("2024-01-01".parse()?);
        draft.at = Some(format!("{:02}:30", n % 24).parse().map_err(|no| anyhow::anyhow!("{no}"))?);
        draft.zone = Some(ZONES[n % 5].parse().map_err(|no| anyhow::anyhow!("{no}"))?);
        draft.lasts = Some("2h".to_owned());
        draft.rrule = Some(REPEATS[(n + n / 5) % 5].parse().map_err(|no| anyhow::anyhow!("{no}"))?);
        draft.days_before = (kind == Kind::Holiday).then_some(2);
        draft.types = playbook.types.iter().skip(n % 3).map(|t| t.id.clone()).collect();
        if kind == Kind::Train {
            let at = "18:00".parse().map_err(|no| anyhow::anyhow!("{no}"))?;
            draft.cut_off = Some(domain::calendar::CutOff { days_before: 1, at });
        }
        rules.push(draft.check().map_err(|all| anyhow::anyhow!("{all:?}"))?);
    }
    Calendar::new(rules).map_err(|all| anyhow::anyhow!("{all:?}"))
}

fn environments(playbook: &Playbook) -> anyhow::Result<Vec<Environment>> {
    let mut all = Vec::new();
    for env in &playbook.environments {
        let id = EnvironmentId { product: "shop".parse()?, env: env.name.clone() };
        let mut state = None;
        for n in 0..40 {
            let event = environment::Event::Deployed {
                version: format!("1.{}.0", n * 50).parse()?,
                outcome: if n % 7 == 3 { Outcome::Failed } else { Outcome::Succeeded },
                url: None,
                against: vec![],
            };
            state = Some(environment::evolve(&id, state, &event, Actor::System, before(100 - n)));
        }
        all.extend(state);
    }
    Ok(all)
}

/// A release as it stands some days after its beginning: most is reported, half is ticked, some have approved.
fn release(playbook: &Playbook, n: usize) -> anyhow::Result<Release> {
    let kind = &playbook.types[(n / 5) % playbook.types.len()];
    let version: Version = format!("1.{n}.0").parse()?;
    let id = ReleaseId { product: "shop".parse()?, version: version.clone() };
    let contents = Contents {
        version,
        kind: kind.id.clone(),
        bump: kind.bump,
        title: format!("Release number {n}"),
        artifacts: vec![],
        changes: vec![],
        playbook: playbook.name.clone(),
        playbook_revision: Revision(1),
        approvals_needed: kind.approvals.clone(),
        plan: serde_json::Map::new(),
        flags: serde_json::Map::new(),
        traits: BTreeMap::new(),
    };
    let mut events = vec![Event::Created { digest: contents.digest(), contents: contents.clone() }];
    let mut after = contents;
    after.artifacts = ["image", "chart"]
        .map(|name| Artifact {
            name: name.to_owned(),
            digest: format!("sha256:{}", digest::sha256_hex(name.as_bytes())),
        })
        .to_vec();
    after.traits =
        playbook.gates.iter().filter_map(|gate| gate.when).map(|condition| (condition, !n.is_multiple_of(3))).collect();
    events.push(Event::Edited {
        title: None,
        artifacts: Some(after.artifacts.clone()),
        plan: None,
        flags: None,
        traits: Some(after.traits.clone()),
        changed: vec!["artifacts".to_owned(), "traits".to_owned()],
        digest: after.digest(),
    });
    events.push(Event::ApprovalRequested { digest: after.digest() });
    for (g, gate) in playbook.gates.iter().enumerate().filter(|(g, _)| !(n + g).is_multiple_of(7)) {
        events.extend(answers(playbook, gate, n + g, &after)?);
    }
    for (r, role) in kind.approvals.iter().enumerate().filter(|(r, _)| !(n + r).is_multiple_of(3)) {
        events.push(decided(&role.role, None, &EnvName::production(), &after, r));
    }
    events.push(Event::Planned { at: Some(now() + chrono::TimeDelta::hours(20)) });
    let mut state = None;
    for (e, event) in events.iter().enumerate() {
        let at = before(80) + chrono::TimeDelta::minutes(i64::try_from(e + n % 4_000).unwrap_or(0));
        let actor = match event {
            Event::Decided { .. } => by(10 + e as u128),
            _ => by(1),
        };
        state = Some(evolve(&id, state, event, actor, at)?);
    }
    state.context("a release")
}

fn decided(
    role: &RoleId,
    gate: Option<&domain::playbook::Gate>,
    env: &EnvName,
    contents: &Contents,
    n: usize,
) -> Event {
    Event::Decided {
        role: role.clone(),
        env: env.clone(),
        verdict: Verdict::Approve,
        digest: contents.digest(),
        comment: format!("Looked at it, number {n}."),
        for_absent: None,
        gate: gate.map(|gate| gate.id.clone()),
    }
}

/// What people and machines say to a gate's question.
fn answers(
    playbook: &Playbook,
    gate: &domain::playbook::Gate,
    n: usize,
    contents: &Contents,
) -> anyhow::Result<Vec<Event>> {
    let url = || Some("https://ci.example.org/runs/1".to_owned());
    let report = |report| vec![Event::Reported { report }];
    Ok(match &gate.needs {
        Needs::Checks(names) => names
            .iter()
            .enumerate()
            .map(|(c, name)| {
                let state = if (n + c).is_multiple_of(11) { CheckState::Running } else { CheckState::Passed };
                let commit = Some("0123456789abcdef".to_owned());
                Event::Reported { report: Report::Check { name: name.clone(), state, url: url(), commit } }
            })
            .collect(),
        Needs::Reviews(wanted) => report(Report::Reviews { approved: *wanted, url: url() }),
        Needs::BranchUpToDate => report(Report::Branch { up_to_date: !n.is_multiple_of(5) }),
        Needs::ConventionalCommits => report(Report::Commits { total: 40, nonconforming: vec![] }),
        Needs::SignOff(sign_off) => {
            gate.environments.iter().map(|env| decided(&sign_off.roles[0], Some(gate), env, contents, n)).collect()
        }
        Needs::Approval(quorum) | Needs::BusinessApproval(quorum) => {
            gate.environments.iter().map(|env| decided(&quorum.roles[0], Some(gate), env, contents, n)).collect()
        }
        Needs::ChangeTicket => report(Report::Ticket { id: format!("CHG-{n}"), url: url().unwrap_or_default() }),
        Needs::Communication(messages) => messages.iter().map(sent).collect(),
        Needs::Notice(_) => playbook.messages.iter().take(1).map(|message| sent(&message.id)).collect(),
        Needs::Checklist(id) => {
            let list = playbook.checklists.iter().find(|list| &list.id == id).context("a list")?;
            let ticked = list.items.iter().enumerate().filter(|(i, _)| !(n + i).is_multiple_of(4));
            ticked
                .map(|(_, item)| Event::Marked {
                    list: id.clone(),
                    item: item.id.clone(),
                    mark: match (item.when, item.proof) {
                        (Some(_), _) => Mark::NotApplicable { reason: "Nothing of the kind changed.".to_owned() },
                        (None, Some(Proof::Link)) => Mark::Done { evidence: url() },
                        _ => Mark::Done { evidence: None },
                    },
                })
                .collect()
        }
        Needs::SloBudget => report(Report::SloBudget { left: "12 %".parse().map_err(|no| anyhow::anyhow!("{no}"))? }),
        Needs::Migrations => report(Report::Migrations {
            steps: (0..n % 4)
                .map(|m| Migration {
                    name: format!("00{m}_add_column"),
                    step: domain::playbook::MigrationStep::Expand,
                    change: None,
                    applied: true,
                })
                .collect(),
        }),
        Needs::FlagsConfigured => report(Report::FlagsConfigured { note: "All set.".to_owned() }),
        Needs::SecurityScan(_) => {
            report(Report::Scan { tool: "scanner".to_owned(), findings: BTreeMap::new(), url: url() })
        }
        Needs::SignedArtifacts => contents
            .artifacts
            .iter()
            .map(|a| Report::Signature { artifact: a.name.clone(), signer: "ci@example.org".to_owned(), url: url() })
            .map(|report| Event::Reported { report })
            .collect(),
        Needs::Evidence => playbook
            .evidence
            .iter()
            .map(|e| Report::Evidence { id: e.id.clone(), note: "Attached.".to_owned(), url: url() })
            .map(|report| Event::Reported { report })
            .collect(),
        Needs::Backup => report(Report::Backup { note: "Last night's.".to_owned() }),
        Needs::RollbackPlan(_) => {
            report(Report::RollbackPlan { plan: "Deploy the version before.".to_owned(), tested: true })
        }
        Needs::Benchmarks => report(Report::Benchmarks { met: true, note: String::new(), url: url() }),
        Needs::VulnerabilityClock => report(Report::Vulnerability {
            id: format!("CVE-2026-{n}"),
            score: "7.5".parse().map_err(|no| anyhow::anyhow!("{no}"))?,
            known_at: before(10),
        }),
        Needs::TypeApprovals | Needs::DeployedIn(_) | Needs::Calendar(_) => vec![],
    })
}

fn sent(message: &domain::playbook::MessageId) -> Event {
    Event::Sent { message: message.clone(), channel: None, text: "Version so and so is coming.".to_owned() }
}
