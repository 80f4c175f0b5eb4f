//! Many approve while the release is edited: an approval counts for what was seen, or not at all.

use super::own;
use crate::{
    Settings,
    client::Client,
    place::{Database, Place, databases},
    rest::{self, Person},
    score::Score,
    service::{Service, said},
};
use clap::Args;
use serde_json::{Value, json};
use std::{
    collections::{BTreeSet, HashMap},
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use store::contract::Dice;
use tokio::{sync::Barrier, task::JoinSet};

#[derive(Debug, Args)]
pub struct Edits {
    #[arg(long, default_value_t = 10)]
    rounds: u64,
    /// How many people approve at once.
    #[arg(long, default_value_t = 50)]
    approvals: usize,
    /// How often the release changes meanwhile.
    #[arg(long = "edits", default_value_t = 20)]
    changes: usize,
}

impl Edits {
    pub fn sized(short: bool) -> Self {
        Self { rounds: if short { 2 } else { 10 }, approvals: 50, changes: 20 }
    }
}

pub async fn run(asked: &Edits, settings: &Settings) -> anyhow::Result<()> {
    let mut score = Score::new("edits");
    for database in databases(settings)? {
        on(database, asked, settings, &mut score).await?;
    }
    score.end()
}

async fn on(database: Database, asked: &Edits, settings: &Settings, score: &mut Score) -> anyhow::Result<()> {
    let Edits { rounds, approvals, changes } = *asked;
    println!("edits on {database}: {rounds} rounds, {approvals} people, {changes} edits, seed {}", settings.seed);
    let place = Place::new(database, settings).await?;
    let mut service = Service::at(&place, settings)?;
    service.start().await?;
    rest::product(&mut service.admin()).await?;
    let people = rest::approvers(&service, approvals).await?;
    let authors = own::Authors::set_up(&service, &place).await?;
    let mut dice = Dice::new(settings.seed);
    for round in 1..=rounds {
        let told = one(&service, &people, &authors, changes, &mut dice, score).await?;
        score.progress(|| format!("round {round} of {rounds}: {told}"));
    }
    let audit = service.run(&["verify-audit"]).await?;
    score.claim(audit.status.success(), || format!("verify-audit: {}", said(&audit)));
    service.stop().await?;
    place.close().await
}

/// One release, from its creation to the last edit, and what was made of it.
async fn one(
    service: &Service,
    people: &[Person],
    authors: &own::Authors,
    edits: usize,
    dice: &mut Dice,
    score: &mut Score,
) -> anyhow::Result<String> {
    let since = service.admin().must("GET", "/api/v1/audit/checkpoint", None).await?["seq"].as_u64().unwrap_or(0);
    let version = authors.create(service.address).await?;
    // Whoever will try to approve their own work must have worked on it first.
    authors.touch(service.address, &version).await?;
    let (ended, start) = (Arc::new(AtomicBool::new(false)), Arc::new(Barrier::new(people.len() + 2)));
    let mut running = JoinSet::new();
    for person in people.iter().cloned() {
        let (version, ended, start, address) = (version.clone(), ended.clone(), start.clone(), service.address);
        let dice = Dice::new(dice.roll(u64::MAX));
        running.spawn(async move {
            start.wait().await;
            approve_on(person, address, &version, &ended, dice).await
        });
    }
    let mut tries = JoinSet::new();
    let (again, stop, line) = (authors.clone(), ended.clone(), start.clone());
    let (address, of) = (service.address, version.clone());
    tries.spawn(async move {
        line.wait().await;
        again.approve_own(address, &of, &stop).await
    });
    start.wait().await;
    let mut editor = authors.editor(service.address);
    for n in 0..edits {
        tokio::time::sleep(Duration::from_micros(dice.roll(15_000))).await;
        editor.must("PATCH", &rest::address(&version), Some(&change(n, dice.roll(4)))).await?;
    }
    ended.store(true, Ordering::Relaxed);
    let answers: Vec<Told> = running.join_all().await.into_iter().flatten().collect();
    let own = tries.join_all().await.into_iter().flatten().collect::<Vec<_>>();
    for refused in own.iter().filter(|refused| !refused.by_page) {
        score.claim(refused.status == 403, || {
            format!("{} on their own work was answered {}", refused.who, refused.status)
        });
    }
    authors.approve_by_page(service.address, &version).await?;
    let log = rest::audit(&mut service.admin(), since).await?;
    let history = History::of(&log, &version, score)?;
    for told in &answers {
        history.judge(told, score);
    }
    standing(service, &version, people.len() + 1, &authors.ids(), score).await?;
    let given = answers.iter().filter(|told| told.status == 201).count();
    Ok(format!(
        "{given} given, {} refused as outdated or given before, {} own refused",
        answers.len() - given,
        own.len()
    ))
}

/// Each edit differs from all others, so that no earlier digest ever comes back.
fn change(n: usize, part: u64) -> Value {
    match part {
        0 => json!({ "title": format!("Edit {n}") }),
        1 => json!({ "artifacts": [{ "name": "image", "digest": format!("sha256:{n:064x}") }] }),
        2 => json!({ "plan": { "edit": n } }),
        _ => json!({ "flags": { "edit": n } }),
    }
}

/// An answer to an approval of `digest`.
#[derive(Debug)]
struct Told {
    digest: String,
    status: u16,
    body: Value,
}

/// Reads and approves until the edits end, now and then on purpose with what was seen before.
async fn approve_on(
    person: Person,
    address: SocketAddr,
    version: &str,
    ended: &AtomicBool,
    mut dice: Dice,
) -> Vec<Told> {
    let mut client = person.client(address);
    let (mut told, mut before) = (Vec::new(), None::<String>);
    loop {
        let last = ended.load(Ordering::Relaxed);
        let Ok(seen) = client.get(&rest::address(version)).await else { return told };
        let seen = seen.json()["digest"].as_str().unwrap_or_default().to_owned();
        tokio::time::sleep(Duration::from_micros(dice.roll(5_000))).await;
        let digest = before.replace(seen.clone()).filter(|_| dice.roll(4) == 0 && !last).unwrap_or(seen);
        let body = rest::decision(&person.role, &digest);
        let Ok(answer) = client.post(&format!("{}/approvals", rest::address(version)), &body).await else {
            return told;
        };
        told.push(Told { digest, status: answer.status, body: answer.json() });
        if last {
            return told;
        }
    }
}

/// The digests a release had, in order, each with the part whose edit led to it.
struct History(HashMap<String, usize>, Vec<BTreeSet<String>>);

impl History {
    /// Also claims that every approval in the record was of the digest in force at that place.
    fn of(log: &[Value], version: &str, score: &mut Score) -> anyhow::Result<Self> {
        let (mut places, mut edits, mut now) = (HashMap::new(), Vec::new(), String::new());
        for event in log.iter().filter(|e| e["stream"] == format!("release/{}/{version}", rest::PRODUCT)) {
            let body = &event["body"];
            match event["kind"].as_str().unwrap_or_default() {
                "release.created" | "release.edited" => {
                    now = rest::text(body, "digest")?;
                    let names = body["changed"].as_array().into_iter().flatten();
                    edits.push(names.filter_map(|name| name.as_str().map(str::to_owned)).collect());
                    places.insert(now.clone(), edits.len() - 1);
                }
                "release.decided" => {
                    score.claim(body["digest"] == now.as_str(), || {
                        format!("event {} approves an outdated digest", event["seq"])
                    });
                }
                _ => {}
            }
        }
        Ok(Self(places, edits))
    }

    /// A refusal is a 409 that names exactly what changed, or says that this person has approved already.
    fn judge(&self, told: &Told, score: &mut Score) {
        let Told { digest, status, body } = told;
        if *status == 201 {
            score.claim(body["digest"] == digest.as_str(), || {
                format!("an approval of {digest} became one of {}", body["digest"])
            });
            return;
        }
        score.claim(*status == 409, || format!("an approval was answered {status}: {body}"));
        let named: BTreeSet<String> =
            body["changed"].as_array().into_iter().flatten().filter_map(|n| n.as_str().map(str::to_owned)).collect();
        let place = |digest: &str| self.0.get(digest).copied();
        let actual = body["actual"].as_str().unwrap_or_default();
        match (place(digest), place(actual)) {
            (Some(from), Some(to)) if from < to => {
                let edited: BTreeSet<String> = self.1[from + 1..=to].iter().flatten().cloned().collect();
                score.claim(named == edited, || format!("the refusal names {named:?}, changed had {edited:?}"));
            }
            _ => score
                .claim(named.is_empty() && actual.starts_with("approved as"), || format!("a strange refusal: {body}")),
        }
    }
}

/// What stands at the end is of the digest at the end, once per person; and everybody's last approval stands.
async fn standing(
    service: &Service,
    version: &str,
    people: usize,
    authors: &[&str],
    score: &mut Score,
) -> anyhow::Result<()> {
    let mut admin: Client = service.admin();
    let release = admin.must("GET", &rest::address(version), None).await?;
    let all = release["approvals"].as_array().cloned().unwrap_or_default();
    let standing: Vec<&Value> = all.iter().filter(|a| a["void"] == false).collect();
    let outdated = standing.iter().filter(|a| a["digest"] != release["digest"]).count();
    score.claim(outdated == 0, || format!("{outdated} approvals of outdated digests stand on {version}"));
    let own = all.iter().filter(|a| a["by"].as_str().is_some_and(|by| authors.contains(&by))).count();
    score.claim(own == 0, || format!("{own} approvals of their own work are on {version}"));
    let by: BTreeSet<&str> = standing.iter().filter_map(|a| a["by"].as_str()).collect();
    score.claim(by.len() == standing.len(), || format!("{} approvals stand of {} people", standing.len(), by.len()));
    score.claim(by.len() == people, || format!("only {} of {people} last approvals stand on {version}", by.len()));
    let voids = all.iter().filter(|a| a["void"] == true && a["void_reason"].as_str().is_none_or(str::is_empty)).count();
    score.claim(voids == 0, || format!("{voids} void approvals give no reason"));
    Ok(())
}
