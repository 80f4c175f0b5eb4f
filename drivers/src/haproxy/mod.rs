//! HAProxy, by its Runtime API: two servers of a backend take turns, and their weights share the traffic.

mod deploy;
mod findings;
mod memory;
mod moves;
mod seen;
mod settings;
mod socket;
mod weights;

pub use settings::FIELDS;

use crate::template::{Values, values};
use async_trait::async_trait;
use control::driver::{Arm, Asked, Connection, Done, Driver, Fault, Finding, Observed, Progress, Task};
use domain::{
    Refusal,
    environment::EnvironmentId,
    rollout::{Abilities, Action, ActionKind},
};
use memory::{Memory, Stage};
use moves::Goal;
use seen::{Admin, Seen, Server};
use settings::Set;
use socket::Lost;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{sync::Mutex, time};

/// A server that was made ready is waited for so long before any weight moves.
const WAKING: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(100);

/// Moves one environment's traffic between the two servers.
#[derive(Debug)]
pub struct Haproxy {
    set: Set,
    /// Where it is remembered which version stands in which server.
    file: PathBuf,
    /// One task after the other.
    turn: Mutex<()>,
}

impl Haproxy {
    /// `folder` outlives the process and is the same for every replica; what is remembered is kept there.
    pub fn new(place: &EnvironmentId, connection: &Connection, folder: &Path) -> Result<Self, Refusal> {
        let set = settings::read(connection)?;
        let file = folder.join(format!("haproxy-{}-{}.txt", place.product, place.env));
        Ok(Self { set, file, turn: Mutex::default() })
    }

    /// The backend as it is. Nothing was changed when this fails.
    async fn look(&self) -> Result<Seen, Fault> {
        let unseen =
            |said: String| Fault::declined(format!("HAProxy does not show the backend “{}”: {said}", self.set.backend));
        let lost = |lost: Lost| match lost {
            Lost::NotSent(why) | Lost::Reply(why) => Fault::not_done(format!("{why}. Nothing was changed.")),
        };
        let question = seen::question(&self.set.backend, &memory::variable(&self.set.backend));
        let reply = self.set.socket.say(&question).await.map_err(lost)?;
        let more = self.set.socket.say(&seen::more(&reply).map_err(unseen)?).await.map_err(lost)?;
        let seen = Seen::read(&reply, &more).map_err(unseen)?;
        for name in &self.set.servers {
            if seen.named(name).is_none() {
                return Err(Fault::declined(format!("The backend “{}” has no server “{name}”.", self.set.backend)));
            }
        }
        Ok(seen)
    }

    fn server<'a>(&self, seen: &'a Seen, slot: usize) -> Result<&'a Server, Fault> {
        let name = &self.set.servers[slot];
        seen.named(name).ok_or_else(|| Fault::declined(format!("There is no server “{name}” any more.")))
    }

    /// What HAProxy remembers, or the file where HAProxy was started anew.
    async fn recall(&self, seen: &Seen) -> Option<Memory> {
        match seen.memory.clone().and_then(|memory| memory.of(&self.set.servers)) {
            Some(memory) => Some(memory),
            None => memory::recall(&self.file, &self.about()).await?.of(&self.set.servers),
        }
    }

    /// One of the two places is enough.
    async fn remember(&self, memory: &Memory) -> Result<(), String> {
        let variable = memory::variable(&self.set.backend);
        let told = self.set.socket.say(&format!("experimental-mode on; set var {variable} str({memory})")).await;
        let told = told.is_ok_and(|reply| reply.trim().is_empty());
        match memory::keep(&self.file, &self.about(), memory).await {
            Err(why) if !told => Err(format!("{} cannot be written: {why}", self.file.display())),
            _ => Ok(()),
        }
    }

    /// Which HAProxy the file speaks of.
    fn about(&self) -> String {
        format!("{} {}", self.set.socket, self.set.backend)
    }

    /// Sends changes. Words in the answer are an error: HAProxy says nothing when it did them.
    async fn change(&self, commands: &[String]) -> Result<(), Fault> {
        let reply = self.set.socket.say(&commands.join("; ")).await.map_err(|lost| match lost {
            Lost::NotSent(why) => Fault::not_done(format!("{why}. Nothing was changed.")),
            Lost::Reply(why) => Fault::unknown(format!("{why}. The weights may have changed.")),
        })?;
        match reply.split_whitespace().collect::<Vec<_>>().join(" ") {
            said if said.is_empty() => Ok(()),
            said if said.contains("Permission denied") => Err(Fault::declined(
                "HAProxy declined: the socket's level is not admin. Set “level admin” on the stats socket.",
            )),
            said => Err(Fault::unknown(format!("HAProxy did not take all of it: {said}"))),
        }
    }

    fn command(&self, slot: usize, what: &str) -> String {
        format!("set server {}/{} {what}", self.set.backend, self.set.servers[slot])
    }

    /// What programs and addresses are filled with.
    fn values(&self, task: &Task, slot: usize) -> Values {
        let mut values = values(task);
        values.insert("slot", self.set.servers[slot].clone());
        values
    }

    /// Changes, reads back, and remembers. What was asked for must then be seen.
    async fn reach(&self, goal: &Goal, memory: &Memory) -> Result<Done, Fault> {
        self.change(&goal.commands(self)).await?;
        let seen = self
            .look()
            .await
            .map_err(|fault| Fault::unknown(format!("The weights were set, not read back: {fault}")))?;
        if !goal.reached(self, &seen) {
            return Err(Fault::unknown(format!("HAProxy took the weights, but shows others: {}.", self.words(&seen))));
        }
        let forgot = self.remember(memory).await.err();
        let mut done = self.done(goal, &seen);
        if let Some(why) = forgot {
            done.said = format!("{} Which version stands where could not be noted: {why}.", done.said);
        }
        Ok(done)
    }

    fn done(&self, goal: &Goal, seen: &Seen) -> Done {
        let share = Some(seen.share(&self.set.servers[goal.told()]));
        Done { share, said: format!("Read back: {}.", self.words(seen)), url: None }
    }

    /// The two servers as they are, for people.
    fn words(&self, seen: &Seen) -> String {
        let words = self.set.servers.iter().map(|name| match seen.named(name) {
            Some(server) => {
                format!("{name} {} weight {} {} %", server.status, server.weight, seen.share(name).amount())
            }
            None => format!("{name} missing"),
        });
        words.collect::<Vec<_>>().join(", ")
    }

    async fn act(&self, task: &Task) -> Result<Progress, Fault> {
        let seen = self.look().await?;
        let memory = self.recall(&seen).await;
        if let Some(newer) = memory.as_ref().filter(|memory| memory.order > task.order) {
            return Err(Fault::declined(format!(
                "Task {} comes after task {}, which was carried out.",
                task.order, newer.order
            )));
        }
        if let Some(other) = seen.servers.iter().find(|it| !self.set.servers.contains(&it.name) && it.effective() > 0) {
            return Err(Fault::declined(format!(
                "“{}” has traffic too, and only {} and {} take turns: take it out of the backend “{}”.",
                other.name, self.set.servers[0], self.set.servers[1], self.set.backend
            )));
        }
        if task.action == Action::Deploy {
            return self.deploy(task, &seen, memory).await;
        }
        let memory = memory.ok_or_else(|| self.nothing_known())?;
        match task.action {
            Action::Weight { share } => self.weigh(task, share, seen, memory).await,
            Action::Promote => self.promote(task, seen, memory).await,
            Action::Retire => self.retire(task, &seen, memory).await,
            Action::RollBack => self.roll_back(task, seen, memory).await,
            _ => Err(Fault::declined(format!("HAProxy has nothing for “{}”.", task.action.kind()))),
        }
    }

    fn nothing_known(&self) -> Fault {
        Fault::declined(format!(
            "Nothing says which version stands in {} or {}: deploy first. What has traffic then counts as what ran before.",
            self.set.servers[0], self.set.servers[1]
        ))
    }

    async fn tell(&self, task: &Task) -> Result<Asked, Fault> {
        let seen = self.look().await?;
        let memory = self.recall(&seen).await;
        if task.action == Action::Deploy {
            return self.deployed(task, &seen, memory.as_ref());
        }
        let Some(memory) = memory else {
            return Ok(Asked::CannotSay(self.nothing_known().said));
        };
        if task.action == Action::Retire {
            return Ok(self.retired(task, &seen, &memory));
        }
        if task.action == Action::RollBack && memory.began(task) {
            return Ok(Asked::CannotSay(format!("{} Now: {}.", Self::half_up(task), self.words(&seen))));
        }
        let Some(goal) = Goal::of(task, &memory) else { return Ok(Asked::NeverSeen) };
        let ended = match memory.held(1 - goal.to) {
            Some(held) if task.action == Action::RollBack && self.set.retire.is_some() => held.stage != Stage::Standing,
            _ => true,
        };
        if goal.reached(self, &seen) && ended { Ok(Asked::Done(self.done(&goal, &seen))) } else { Ok(Asked::NeverSeen) }
    }

    /// Waits for the requests that are under way in a server that gets no new ones, for as long as is set.
    async fn drained(&self, slot: usize) -> Result<(), Fault> {
        let deadline = time::Instant::now() + self.set.drain;
        while self.server(&self.look().await?, slot)?.sessions > 0 && time::Instant::now() < deadline {
            time::sleep(PAUSE).await;
        }
        Ok(())
    }

    /// Waits until a server that was made ready is up; says whether it is.
    async fn wakes(&self, slot: usize, steady: bool) -> Result<(bool, Seen), Fault> {
        let deadline = time::Instant::now() + WAKING;
        loop {
            let seen = self.look().await?;
            let server = self.server(&seen, slot)?;
            let good = server.ready() && if steady { server.steady } else { server.up };
            if good || time::Instant::now() >= deadline {
                return Ok((good, seen));
            }
            time::sleep(PAUSE).await;
        }
    }
}

#[async_trait]
impl Driver for Haproxy {
    fn abilities(&self) -> Abilities {
        use ActionKind::{Deploy, Promote, Retire, RollBack, Weight};
        Abilities::of([Deploy, Weight, Promote, Retire, RollBack], true)
    }

    async fn perform(&self, task: &Task) -> Result<Progress, Fault> {
        let _turn = self.turn.lock().await;
        self.act(task).await
    }

    async fn ask(&self, task: &Task) -> Asked {
        self.tell(task).await.unwrap_or_else(|fault| Asked::CannotSay(fault.said))
    }

    async fn observe(&self) -> Result<Observed, Fault> {
        let seen = self.look().await?;
        let memory = self.recall(&seen).await.unwrap_or_else(|| Memory::empty(&self.set.servers));
        let held =
            |name: &str| memory.slots.iter().find(|slot| slot.server == name).and_then(|slot| slot.held.as_ref());
        let mut arms: Vec<Arm> = seen
            .servers
            .iter()
            .filter(|server| server.effective() > 0 || held(&server.name).is_some())
            .map(|server| Arm {
                version: held(&server.name).map(|held| held.version.clone()),
                share: seen.share(&server.name),
                instances: 1,
                healthy: u32::from(server.up && server.admin != Admin::Maintenance),
            })
            .collect();
        arms.sort_by_key(|arm| std::cmp::Reverse(arm.share));
        Ok(Observed { arms })
    }

    async fn test(&self) -> Vec<Finding> {
        findings::of(self).await
    }
}
