//! Which monitors an environment has: tried before they are kept, secrets sealed and never shown.

use super::{Arm, Asking, Connection, Inbox, Look, Monitor, MonitorKind, Question, kept::MadeOf};
use crate::{
    Command, Control, Order,
    driver::{Finding, Secret},
    rollout::Tried,
    vault::PrivateWrite,
};
use domain::{
    Refusal,
    access::{Actor, Permission},
    environment::{self, EnvironmentId, Watching},
    judge::WindowLength,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

impl Control {
    /// Tries it without keeping anything. Secrets that are left out are those that are kept.
    pub async fn try_monitor(
        &self,
        actor: Actor,
        place: &EnvironmentId,
        wanted: &Connection,
    ) -> Result<Tried, Refusal> {
        self.may_watch(actor, place, Permission::Administer)?;
        let connection = self.completed(place, wanted).await?;
        Ok(Tried { findings: self.tested(place, &connection).await? })
    }

    /// The order that keeps it, secrets sealed.
    pub async fn wire_monitor(
        &self,
        actor: Actor,
        place: &EnvironmentId,
        wanted: Connection,
    ) -> Result<Order, Refusal> {
        self.may_watch(actor, place, Permission::Administer)?;
        let connection = self.completed(place, &wanted).await?;
        // What cannot be made is not kept, whatever anybody says.
        if wanted.kind == MonitorKind::Alertmanager {
            self.machines().observatory.inbox(&connection)?;
        } else {
            self.machines().observatory.monitor(place, &connection)?;
        }
        let kept = self.watching(place, wanted.kind).map(|watching| watching.secrets).unwrap_or_default();
        let names: BTreeSet<String> = wanted.secrets.keys().cloned().chain(kept).collect();
        let watching = Watching {
            kind: wanted.kind.name().to_owned(),
            settings: wanted.settings,
            secrets: names.into_iter().collect(),
        };
        let command = environment::Command::Watch(Box::new(watching));
        let order = Order::new(actor, Command::Environment(place.clone(), command));
        Ok(wanted.secrets.into_iter().fold(order, |order, (name, secret)| {
            let name = kept_as(wanted.kind, &name);
            let sealed = self.seal(place, &name, &secret);
            order.with(PrivateWrite::PutSecret { place: place.clone(), name, sealed })
        }))
    }

    /// The order after which it does not watch any more; its secrets go.
    pub fn unwire_monitor(
        &self,
        actor: Actor,
        place: &EnvironmentId,
        kind: MonitorKind,
        reason: String,
    ) -> Result<Order, Refusal> {
        self.may_watch(actor, place, Permission::Administer)?;
        let names = self.watching(place, kind).map(|watching| watching.secrets).unwrap_or_default();
        let command = environment::Command::Unwatch { kind: kind.name().to_owned(), reason };
        let order = Order::new(actor, Command::Environment(place.clone(), command));
        let drop = |name: String| PrivateWrite::DropSecret { place: place.clone(), name: kept_as(kind, &name) };
        Ok(names.into_iter().map(drop).fold(order, Order::with))
    }

    /// A test of the monitor as it is set, and a look taken now, beside those that are taken for verdicts.
    pub async fn ask_now(
        &self,
        actor: Actor,
        place: &EnvironmentId,
        kind: MonitorKind,
    ) -> Result<(Tried, Option<Look>), Refusal> {
        self.may_watch(actor, place, Permission::Promote)?;
        let connection = self.connected(place, kind).await?;
        let findings = self.tested(place, &connection).await?;
        if kind == MonitorKind::Alertmanager {
            return Ok((Tried { findings }, None));
        }
        // One of its own: what the other remembers of its last look is for the judge.
        let look = self.machines().observatory.monitor(place, &connection)?.look(&self.question(place)).await;
        // Now there is one under whose name it can be noted.
        self.monitors(place).await;
        self.kept_monitors().note(place, kind, look.clone());
        Ok((Tried { findings }, Some(look)))
    }

    /// What it saw when it was last asked, since this process began.
    pub fn last_look(&self, place: &EnvironmentId, kind: MonitorKind) -> Option<Look> {
        self.kept_monitors().last_look(place, kind)
    }

    /// What measures an environment: each kind that can be asked, as it is set now.
    pub async fn monitors(&self, place: &EnvironmentId) -> Vec<(MonitorKind, Result<Arc<dyn Monitor>, Refusal>)> {
        let world = self.world();
        let set =
            |kind: &MonitorKind| world.environment(place).is_some_and(|here| here.monitors.contains_key(kind.name()));
        let asked = MonitorKind::ALL.into_iter().filter(|kind| *kind != MonitorKind::Alertmanager);
        let kinds: Vec<MonitorKind> = asked.filter(set).collect();
        self.kept_monitors().forget_others(place, &kinds);
        let mut monitors = Vec::new();
        for kind in kinds {
            monitors.push((kind, self.monitor(place, kind).await));
        }
        monitors
    }

    /// What takes in the alerts of an environment.
    pub async fn inbox(&self, place: &EnvironmentId) -> Result<Arc<dyn Inbox>, Refusal> {
        self.machines().observatory.inbox(&self.connected(place, MonitorKind::Alertmanager).await?)
    }

    pub(super) async fn monitor(&self, place: &EnvironmentId, kind: MonitorKind) -> Result<Arc<dyn Monitor>, Refusal> {
        let watching = self.watching(place, kind).ok_or_else(|| nothing(place, kind))?;
        let sealed = self.sealed(place, kind, &watching).await?;
        let of = MadeOf { settings: watching.settings, sealed };
        if let Some(same) = self.kept_monitors().get(place, kind, &of) {
            return Ok(same);
        }
        let secrets = self.opened_of(place, kind, &of.sealed);
        let connection = Connection { kind, settings: of.settings.clone(), secrets };
        let monitor = self.machines().observatory.monitor(place, &connection)?;
        Ok(self.kept_monitors().keep(place, kind, of, monitor))
    }

    async fn tested(&self, place: &EnvironmentId, connection: &Connection) -> Result<Vec<Finding>, Refusal> {
        let observatory = &self.machines().observatory;
        if connection.kind != MonitorKind::Alertmanager {
            return Ok(observatory.monitor(place, connection)?.test(&self.question(place)).await);
        }
        observatory.inbox(connection)?;
        let said = format!(
            "Nothing to ask: Alertmanager sends to /hooks/alertmanager with the token, and alerts with the labels of {place} \
             are taken."
        );
        Ok(vec![Finding { what: "Settings".to_owned(), good: true, said }])
    }

    /// The versions that stand there now, in a window that ends now.
    pub(super) fn question(&self, place: &EnvironmentId) -> Question {
        let world = self.world();
        let here = world.environment(place);
        let running = here.and_then(|here| here.running()).map(|run| run.version.clone());
        let coming = here.and_then(|here| world.rollout(here.lock?)).map(|rollout| rollout.version.clone());
        let asking = |arm| move |version| Asking { arm, version };
        let canary = coming.filter(|version| running.as_ref() != Some(version)).map(asking(Arm::Canary));
        let arms = running.map(asking(Arm::Stable)).into_iter().chain(canary).collect();
        let seconds = (self.machines().window / self.machines().speed.max(1)).max(1);
        let window = WindowLength::from_seconds(seconds).unwrap_or(WindowLength::MINUTE);
        Question { arms, end: self.now(), window }
    }

    fn watching(&self, place: &EnvironmentId, kind: MonitorKind) -> Option<Watching> {
        self.world().environment(place)?.monitors.get(kind.name()).cloned()
    }

    /// As it is set now, secrets opened.
    async fn connected(&self, place: &EnvironmentId, kind: MonitorKind) -> Result<Connection, Refusal> {
        let watching = self.watching(place, kind).ok_or_else(|| nothing(place, kind))?;
        let sealed = self.sealed(place, kind, &watching).await?;
        Ok(Connection { kind, settings: watching.settings, secrets: self.opened_of(place, kind, &sealed) })
    }

    /// What is wanted, with the secrets that stay as they are.
    async fn completed(&self, place: &EnvironmentId, wanted: &Connection) -> Result<Connection, Refusal> {
        let mut secrets = match self.watching(place, wanted.kind) {
            Some(watching) => {
                let sealed = self.sealed(place, wanted.kind, &watching).await?;
                self.opened_of(place, wanted.kind, &sealed)
            }
            None => BTreeMap::new(),
        };
        secrets.extend(wanted.secrets.clone());
        Ok(Connection { secrets, ..wanted.clone() })
    }

    /// The names as they are kept, with what is sealed under them.
    async fn sealed(
        &self,
        place: &EnvironmentId,
        kind: MonitorKind,
        watching: &Watching,
    ) -> Result<Vec<(String, Vec<u8>)>, Refusal> {
        if watching.secrets.is_empty() {
            return Ok(Vec::new());
        }
        let mut sealed = self.journal().secrets(place).await?;
        sealed.retain(|(name, _)| watching.secrets.iter().any(|known| *name == kept_as(kind, known)));
        Ok(sealed)
    }

    fn opened_of(
        &self,
        place: &EnvironmentId,
        kind: MonitorKind,
        sealed: &[(String, Vec<u8>)],
    ) -> BTreeMap<String, Secret> {
        let prefix = kept_as(kind, "");
        let open = |(name, bytes): &(String, Vec<u8>)| {
            Some((name.strip_prefix(&prefix)?.to_owned(), self.unseal(place, name, bytes)?))
        };
        sealed.iter().filter_map(open).collect()
    }

    fn may_watch(&self, actor: Actor, place: &EnvironmentId, permission: Permission) -> Result<(), Refusal> {
        let by = self.authority(actor, Some(&place.product));
        by.require(Permission::View, "see it")
            .map_err(|_| Refusal::not_found(format!("product “{}”", place.product)))?;
        by.require(permission, if permission == Permission::Administer { "connect monitors" } else { "ask monitors" })
    }
}

/// All secrets of monitors are kept under names that begin so; no field of a driver has a slash in its name.
pub(crate) const SECRETS: &str = "monitor/";

/// The name under which a monitor's secret is kept among those of the environment.
fn kept_as(kind: MonitorKind, name: &str) -> String {
    format!("{SECRETS}{kind}/{name}")
}

fn nothing(place: &EnvironmentId, kind: MonitorKind) -> Refusal {
    Refusal::not_found(format!("monitor “{kind}” of {place}"))
}
