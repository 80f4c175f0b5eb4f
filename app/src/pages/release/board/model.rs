//! What stands between a release and its next environment, gathered for the page.

use crate::asking::Asking;
use control::World;
use domain::{
    Refusal, Timestamp,
    access::{Authority, Permission, Permissions},
    digest::Digest,
    environment::{Environment, EnvironmentId},
    gate::{self, Act, ListStatus, State, Status},
    playbook::{Condition, Needs, Playbook, Strategy, StrategyId},
    release::{Release, ReleaseId, Traits, may_sign},
    slug::{EnvName, RoleId},
};
use std::collections::BTreeMap;

/// Everything below the approval card.
#[derive(Debug, Clone)]
pub struct Board {
    pub id: ReleaseId,
    pub digest: Digest,
    pub open: bool,
    pub permissions: Permissions,
    pub next: Option<EnvName>,
    pub stages: Vec<Stage>,
    pub lists: Vec<List>,
    pub messages: Vec<Message>,
    pub evidence: Vec<(String, String)>,
    pub traits: Vec<(Condition, Option<bool>)>,
    pub planned: Option<Timestamp>,
    pub strategies: Vec<Strategy>,
    /// The one chosen, by somebody or by the playbook.
    pub strategy: Option<StrategyId>,
    pub names: BTreeMap<String, String>,
}

/// An environment with the gates before it.
#[derive(Debug, Clone)]
pub struct Stage {
    pub env: EnvName,
    /// Since when the release runs there, while it does.
    pub runs_since: Option<Timestamp>,
    pub gates: Vec<Gate>,
}

impl Stage {
    pub fn unmet(&self) -> usize {
        self.gates.iter().filter(|gate| !gate.status.state.lets_pass()).count()
    }
}

#[derive(Debug, Clone)]
pub struct Gate {
    pub status: Status,
    pub owner: String,
    /// The playbook's gate of this id, not one of the house.
    pub waivable: bool,
    /// Applies under a condition that people settle.
    pub conditional: bool,
    /// The role in which the reader may answer, if they may.
    pub sign_as: Option<RoleId>,
}

#[derive(Debug, Clone)]
pub struct List {
    pub status: ListStatus,
    pub title: String,
    pub moment: String,
    pub env: Option<EnvName>,
    pub items: Vec<Item>,
}

#[derive(Debug, Clone)]
pub struct Item {
    pub text: String,
    pub group: Option<String>,
    pub parts: Vec<String>,
    pub role: String,
    pub proof: Option<&'static str>,
}

#[derive(Debug, Clone)]
pub struct Message {
    pub id: String,
    pub title: String,
    pub sender: String,
    pub moment: String,
    pub audience: String,
    pub channels: Vec<(String, String)>,
    pub words: String,
    /// What has to be filled in by hand.
    pub gaps: Vec<String>,
    pub sent: Vec<domain::release::Sent>,
}

impl Board {
    pub fn of(asking: &Asking, id: &ReleaseId) -> Result<Self, Refusal> {
        let (_, by) = asking.seen(&id.product)?;
        let world = asking.control.world();
        let release = world.release(id).ok_or_else(|| Refusal::not_found(format!("release “{id}”")))?;
        let now = asking.control.now();
        let today = world.today(&id.product, now);
        let board = world.in_scene(release, &today, |scene| {
            let next = gate::next_environment(scene).cloned();
            let stages = scene.playbook.environments.iter().map(|env| {
                let gates = gate::assess(scene, &env.name);
                stage(&world, release, scene.playbook, &by, &env.name, gates)
            });
            let stages: Vec<Stage> = stages.filter(|s| !s.gates.is_empty() || s.runs_since.is_some()).collect();
            let lists = gate::lists(scene).into_iter().filter_map(|status| list(scene.playbook, status)).collect();
            Self {
                id: id.clone(),
                digest: release.digest.clone(),
                open: release.is_open(),
                permissions: by.permissions.clone(),
                next,
                stages,
                lists,
                messages: messages(asking, scene.playbook, release),
                evidence: scene.playbook.evidence.iter().map(|e| (e.id.to_string(), e.title.clone())).collect(),
                traits: asked_for(scene.playbook, release),
                planned: release.planned.map(|p| p.at),
                strategies: offered(scene.playbook),
                strategy: chosen(scene.playbook, release),
                names: BTreeMap::new(),
            }
        });
        let mut board = board.ok_or_else(|| Refusal::not_found("playbook revision of this release"))?;
        let people = board.people();
        board.names = people.into_iter().map(|id| (id.to_string(), asking.control.name(id))).collect();
        Ok(board)
    }

    fn people(&self) -> Vec<domain::person::PersonId> {
        let proofs = self.stages.iter().flat_map(|s| &s.gates).flat_map(|g| &g.status.proofs).filter_map(|p| p.by);
        let items = self.lists.iter().flat_map(|l| &l.status.items).filter_map(|i| i.by);
        let sent = self.messages.iter().flat_map(|m| &m.sent).filter_map(|s| s.by);
        proofs.chain(items).chain(sent).collect()
    }

    pub fn name(&self, person: Option<domain::person::PersonId>) -> String {
        let known = person.and_then(|id| self.names.get(&id.to_string()).cloned());
        known.unwrap_or_else(|| "Pilothouse".to_owned())
    }

    /// The stage that the release goes to next.
    pub fn ahead(&self) -> Option<&Stage> {
        self.stages.iter().find(|stage| Some(&stage.env) == self.next.as_ref())
    }

    /// Whether the reader may do so here.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// What names the release in a form.
    pub fn about(&self) -> Vec<(&'static str, String)> {
        vec![("product", self.id.product.to_string()), ("version", self.id.version.to_string())]
    }
}

fn stage(
    world: &World,
    release: &Release,
    playbook: &Playbook,
    by: &Authority,
    env: &EnvName,
    gates: Vec<Status>,
) -> Stage {
    let id = EnvironmentId { product: release.id.product.clone(), env: env.clone() };
    let running = world.environment(&id).and_then(Environment::running);
    let own = running.filter(|run| run.version == release.id.version);
    let gates = gates.into_iter().map(|status| {
        let known = playbook.gates.iter().find(|gate| gate.id == status.id);
        let sign_as = match &status.act {
            Act::Sign { roles } => {
                roles.iter().find(|role| may_sign(release, playbook, &status.id, env, role, by).is_ok()).cloned()
            }
            _ => None,
        };
        Gate {
            owner: role_title(playbook, &status.owner),
            waivable: known.is_some() && status.state == State::Unmet,
            conditional: known.is_some_and(|gate| gate.when.is_some()),
            sign_as,
            status,
        }
    });
    Stage { env: env.clone(), runs_since: own.map(|run| run.since), gates: gates.collect() }
}

/// The strategies that may bring a release into production.
fn offered(playbook: &Playbook) -> Vec<Strategy> {
    let production = EnvName::production();
    let only = playbook.environments.iter().find(|env| env.name == production).map(|env| &env.strategies);
    let may = |id| only.is_none_or(|only| only.is_empty() || only.contains(id));
    playbook.strategies.iter().filter(|strategy| may(&strategy.id)).cloned().collect()
}

fn chosen(playbook: &Playbook, release: &Release) -> Option<StrategyId> {
    let said = release.contents.plan.get("strategy").and_then(|value| value.as_str()?.parse().ok());
    let kind = playbook.types.iter().find(|kind| kind.id == release.contents.kind);
    said.or_else(|| kind.and_then(|kind| playbook.strategy_for(kind)).map(|strategy| strategy.id.clone()))
}

fn role_title(playbook: &Playbook, role: &RoleId) -> String {
    let known = playbook.roles.iter().find(|known| &known.id == role);
    known.map_or_else(|| role.words(), |known| known.title.clone())
}

fn list(playbook: &Playbook, status: ListStatus) -> Option<List> {
    let list = playbook.checklists.iter().find(|list| list.id == status.id)?;
    let items = status.items.iter().filter_map(|item| {
        let known = list.item(item.id.as_str())?;
        Some(Item {
            text: known.text.clone(),
            group: known.group.clone(),
            parts: known.parts.clone(),
            role: role_title(playbook, &item.role),
            proof: known.proof.map(domain::playbook::Proof::name),
        })
    });
    let items = items.collect();
    let (title, moment, env) = (list.title.clone(), list.moment.words(), list.environment.clone());
    Some(List { status, title, moment, env, items })
}

/// The conditions of this playbook that somebody has to settle for the release as a whole.
fn asked_for(playbook: &Playbook, release: &Release) -> Vec<(Condition, Option<bool>)> {
    let of_gates = playbook.gates.iter().filter_map(|gate| gate.when);
    let of_items = playbook.checklists.iter().flat_map(|list| &list.items).filter_map(|item| item.when);
    let of_migrations = playbook.gates.iter().filter(|g| g.needs == Needs::Migrations).map(|_| Condition::Migrations);
    let mut all: Vec<Condition> = of_gates.chain(of_items).chain(of_migrations).collect();
    all.sort_unstable();
    all.dedup();
    all.retain(|condition| !matches!(condition, Condition::IfApplicable | Condition::IfNeeded));
    let said: &Traits = &release.contents.traits;
    all.into_iter()
        .map(|condition| (condition, said.get(&condition).copied().or_else(|| gate::applies(condition, release))))
        .collect()
}

fn messages(asking: &Asking, playbook: &Playbook, release: &Release) -> Vec<Message> {
    let kind = &release.contents.kind;
    let world = asking.control.world();
    let product = world.product(&release.id.product).map(|p| p.name.clone());
    let before = world.rollback_target(release).map(ToString::to_string);
    let concerning = playbook.messages.iter().filter(|m| m.types.is_empty() || m.types.contains(kind));
    let shown = concerning.map(|message| {
        let mut words = String::new();
        if let Some(subject) = &message.subject {
            words.push_str(&subject.to_string());
            words.push_str("\n\n");
        }
        words.push_str(&message.body.to_string());
        let known = [
            ("version", release.id.version.to_string()),
            ("product", product.clone().unwrap_or_default()),
            ("previous_version", before.clone().unwrap_or_default()),
            ("headline", release.contents.title.clone()),
            ("bump", release.contents.bump.name().to_owned()),
            ("date", release.planned.map(|p| p.at.format("%-d %B %Y").to_string()).unwrap_or_default()),
            (
                "deploy_time",
                release.planned.map(|p| p.at.format("%-d %B %Y %H:%M UTC").to_string()).unwrap_or_default(),
            ),
        ];
        for (name, value) in known.iter().filter(|(_, value)| !value.is_empty()) {
            words = words.replace(&format!("{{{{{name}}}}}"), value);
        }
        let channel = |id: &domain::playbook::ChannelId| {
            let found = playbook.channels.iter().find(|c| &c.id == id);
            (id.to_string(), found.map_or_else(|| id.to_string(), |c| c.title.clone()))
        };
        let audience: Vec<String> = message.audience.iter().map(|a| a.words()).collect();
        Message {
            id: message.id.to_string(),
            title: message.title.clone(),
            sender: role_title(playbook, &message.sender),
            moment: message.moment.words(),
            audience: audience.join(", "),
            channels: message.channels.iter().map(channel).collect(),
            gaps: gaps(&words),
            words,
            sent: release.sent.iter().filter(|sent| sent.message == message.id).cloned().collect(),
        }
    });
    shown.collect()
}

/// Names between double braces that nothing has filled.
fn gaps(words: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in words.split("{{").skip(1) {
        if let Some((name, _)) = part.split_once("}}")
            && !found.iter().any(|known| known == name)
        {
            found.push(name.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::gaps;

    #[test]
    fn what_is_left_to_fill_in_is_named_once() {
        assert_eq!(gaps("Hotfix v1.2.3: {{what}} {{pull_request}} {{what}}"), ["what", "pull_request"]);
        assert!(gaps("nothing {{ left").is_empty());
    }
}
