//! Alerts as they come in: whose they are is shown by the token, which environment they concern by their labels.

use super::{Alert, Inbox, MonitorKind};
use crate::{Command, Control, Order};
use domain::{
    Class, Refusal,
    access::Actor,
    digest::sha256_hex,
    environment::{self, Alarm, EnvironmentId, MONITORING},
    playbook::{AlertLevel, PartId},
};
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};

/// Of so many it is said why they were ignored.
const MOST_TOLD: usize = 50;
/// The label that names a trigger of the playbook.
const TRIGGER: &str = "trigger";
const OVER: &str = "Alertmanager says that it is over.";

/// What became of a delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Taken {
    pub taken: usize,
    pub ignored: usize,
    /// Why, for the first of them.
    pub reasons: Vec<Ignored>,
    /// So many more fired that were not sent along.
    pub left_out: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ignored {
    pub alert: String,
    pub why: String,
}

/// The environments that hear whoever sent a delivery.
#[derive(Debug)]
pub struct Admitted(Vec<(EnvironmentId, Arc<dyn Inbox>)>);

/// What became of one alert; the last of them counts when several environments were asked.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Elsewhere(String),
    Ignored(String),
    Taken,
}

impl Control {
    /// Takes in a delivery for the environments that hear whoever sent it.
    pub async fn alerted(&self, admitted: Admitted, body: &[u8]) -> Result<Taken, Refusal> {
        let mut told = Taken::default();
        // By where the alert stands in the delivery.
        let mut fates: BTreeMap<usize, (String, Fate)> = BTreeMap::new();
        for (place, inbox) in admitted.0 {
            let delivery = inbox.read(body)?;
            told.left_out = delivery.left_out;
            let mut alerts: Vec<(usize, Alert)> = delivery.alerts.into_iter().enumerate().collect();
            // What is over makes room, and what is critical goes first.
            alerts.sort_by_key(|(_, alert)| (alert.fires, alert.level != Some(AlertLevel::Critical)));
            for (at, alert) in alerts {
                let fate = self.take(&place, &alert).await?;
                let noted = fates.entry(at).or_insert((alert.name, Fate::Elsewhere(String::new())));
                if fate > noted.1 {
                    noted.1 = fate;
                }
            }
        }
        for (alert, fate) in fates.into_values() {
            match fate {
                Fate::Taken => told.taken += 1,
                Fate::Ignored(why) | Fate::Elsewhere(why) => {
                    told.ignored += 1;
                    if told.reasons.len() < MOST_TOLD {
                        told.reasons.push(Ignored { alert, why });
                    }
                }
            }
        }
        Ok(told)
    }

    /// One alert, in one environment that hears who sent it.
    async fn take(&self, place: &EnvironmentId, alert: &Alert) -> Result<Fate, Refusal> {
        let command = match self.command(place, alert) {
            Ok(command) => command,
            Err(fate) => return Ok(fate),
        };
        if self.is_known(place, &command) {
            return Ok(Fate::Taken);
        }
        let order = Order::new(Actor::System, Command::Environment(place.clone(), command));
        match self.dispatch(order).await {
            Ok(_) => Ok(Fate::Taken),
            // Alertmanager sends it again then.
            Err(refusal) if refusal.class == Class::Unavailable => Err(refusal),
            Err(refusal) => Ok(Fate::Ignored(refusal.detail)),
        }
    }

    /// The environments whose token it is. Refused without a word about which there are.
    pub async fn admitted(&self, authorization: Option<&str>) -> Result<Admitted, Refusal> {
        let mut admitted = Vec::new();
        // Whoever shows nothing costs nothing.
        if authorization.is_some() {
            let world = self.world();
            let open = |here: &&environment::Environment| here.monitors.contains_key(MonitorKind::Alertmanager.name());
            for here in world.environments().filter(open) {
                match self.inbox(&here.id).await {
                    Ok(inbox) if inbox.admits(authorization) => admitted.push((here.id.clone(), inbox)),
                    Ok(_) => {}
                    Err(refusal) if refusal.class == Class::Unavailable => return Err(refusal),
                    Err(refusal) => tracing::warn!(place = %here.id, %refusal, "its alerts cannot come in"),
                }
            }
        }
        if admitted.is_empty() {
            return Err(Refusal::new(Class::Unauthenticated, "Only who shows the token of a connection is heard."));
        }
        Ok(Admitted(admitted))
    }

    /// What it asks for there, if anything.
    fn command(&self, place: &EnvironmentId, alert: &Alert) -> Result<environment::Command, Fate> {
        let (product, env) = (place.product.to_string(), place.env.to_string());
        for (what, found, here) in [("product", &alert.product, product), ("environment", &alert.env, env)] {
            match found {
                None => return Err(Fate::Ignored(format!("It has no label that names its {what}."))),
                Some(found) if *found != here => {
                    let found: String = found.chars().take(60).collect();
                    let why = format!("No connection with this token is of the {what} “{found}”.");
                    return Err(Fate::Elsewhere(why));
                }
                Some(_) => {}
            }
        }
        let key = key(alert);
        if !alert.fires {
            return Ok(environment::Command::Clear { key, reason: OVER.to_owned() });
        }
        let critical = alert.level == Some(AlertLevel::Critical);
        let trigger = self.trigger(place, alert);
        if !critical && trigger.is_none() {
            let no_trigger = "It is not critical, and names no trigger of the playbook: nothing would follow from it.";
            return Err(Fate::Ignored(no_trigger.to_owned()));
        }
        let name = clean(&alert.name, 200);
        let said = alert.summary.as_deref().map(|summary| clean(summary, 500)).unwrap_or_default();
        Ok(environment::Command::Raise(Box::new(Alarm { key, name, critical, trigger, said })))
    }

    /// The trigger of the product's playbook that a label names.
    fn trigger(&self, place: &EnvironmentId, alert: &Alert) -> Option<PartId> {
        let named = alert.labels.get(TRIGGER)?;
        let world = self.world();
        let playbook = world.product(&place.product).and_then(|product| world.playbook_of(product))?;
        playbook.triggers.iter().find(|trigger| trigger.id.as_str() == named).map(|trigger| trigger.id.clone())
    }

    /// Nothing would come of it: Alertmanager repeats itself, and most of it is no news.
    fn is_known(&self, place: &EnvironmentId, command: &environment::Command) -> bool {
        let world = self.world();
        let raised = |key: &str| world.environment(place).and_then(|here| here.alarms.get(key));
        match command {
            environment::Command::Raise(alarm) => raised(&alarm.key).is_some_and(|raised| raised.alarm == **alarm),
            environment::Command::Clear { key, .. } => raised(key).is_none(),
            _ => false,
        }
    }
}

/// The same for the same alert: its fingerprint, or a hash over its labels when that is no name.
fn key(alert: &Alert) -> String {
    let sound = |text: &str| (1..=64).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric());
    if sound(&alert.fingerprint) {
        return format!("{MONITORING}{}", alert.fingerprint);
    }
    let labels = serde_json::to_vec(&alert.labels).unwrap_or_default();
    format!("{MONITORING}{}", &sha256_hex(&labels)[..32])
}

/// Text from outside, as it can be kept.
fn clean(text: &str, most: usize) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect();
    text.trim().to_owned()
}
