//! Moving traffic: what must be seen in the end, and the way there without a moment in which nobody answers.

use super::{
    Haproxy,
    memory::{Memory, Stage},
    seen::{Admin, Seen, Server},
    weights::pair,
};
use crate::command::{environment, verdict};
use control::driver::{Asked, Done, Fault, Progress, Task};
use domain::{playbook::Percent, rollout::Action};
use std::net::SocketAddr;

/// So much of a program's output is said.
const SAID: usize = 300;

/// How the two servers are to stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Goal {
    /// The server of the task's version.
    pub to: usize,
    /// Its weight and that of the other.
    weights: (u32, u32),
    /// Where the server of the version must point to.
    address: Option<SocketAddr>,
    /// What the other is when it weighs nothing.
    rest: Rest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// Takes part.
    Ready,
    /// Stays up for a way back: nothing new comes to it.
    Drain,
    /// Is out.
    Maintenance,
}

impl Goal {
    /// None when the task's version stands nowhere.
    pub(super) fn of(task: &Task, memory: &Memory) -> Option<Self> {
        let to = memory.place_of(&task.version)?;
        let (weights, rest) = match task.action {
            Action::Weight { share } => (pair(share), Rest::Ready),
            Action::Promote => ((100, 0), Rest::Drain),
            Action::RollBack => ((100, 0), Rest::Maintenance),
            _ => return None,
        };
        let address = memory.held(to).and_then(|held| held.address);
        Some(Self { to, weights, address, rest })
    }

    /// All on one line: HAProxy carries them out without a pause. The one that gains comes first.
    pub(super) fn commands(&self, driver: &Haproxy) -> Vec<String> {
        let (to, other) = (self.to, 1 - self.to);
        let mut commands = vec![
            driver.command(to, &format!("weight {}", self.weights.0)),
            driver.command(other, &format!("weight {}", self.weights.1)),
        ];
        match self.rest {
            Rest::Ready => {}
            Rest::Drain => commands.push(driver.command(other, "state drain")),
            Rest::Maintenance => commands.push(driver.command(other, "state maint")),
        }
        commands
    }

    /// The server of whose share is told: on the way back, of what is left.
    pub(super) fn told(&self) -> usize {
        if self.rest == Rest::Maintenance { 1 - self.to } else { self.to }
    }

    pub(super) fn reached(&self, driver: &Haproxy, seen: &Seen) -> bool {
        let of = |slot: usize| seen.named(&driver.set.servers[slot]);
        let (Some(to), Some(other)) = (of(self.to), of(1 - self.to)) else { return false };
        let weighs =
            |server: &Server, weight: u32| server.weight == weight && (weight == 0 || server.effective() == weight);
        let rest = match self.rest {
            Rest::Ready => true,
            Rest::Drain => !other.ready(),
            Rest::Maintenance => other.admin == Admin::Maintenance,
        };
        let right = self.address.is_none() || to.address == self.address;
        right && weighs(to, self.weights.0) && weighs(other, self.weights.1) && rest
    }
}

impl Haproxy {
    pub(super) async fn weigh(
        &self,
        task: &Task,
        share: Percent,
        seen: Seen,
        mut memory: Memory,
    ) -> Result<Progress, Fault> {
        let goal = self.goal(task, &memory)?;
        memory.order = task.order;
        if goal.reached(self, &seen) {
            return Ok(Progress::Done(self.done(&goal, &seen)));
        }
        let mut seen = seen;
        if !share.is_nothing() {
            seen = self.wake(goal.to, seen, &memory).await?;
        }
        if share < Percent::whole() {
            self.wake(1 - goal.to, seen, &memory).await?;
        }
        self.reach(&goal, &memory).await.map(Progress::Done)
    }

    pub(super) async fn promote(&self, task: &Task, seen: Seen, mut memory: Memory) -> Result<Progress, Fault> {
        let goal = self.goal(task, &memory)?;
        memory.order = task.order;
        if goal.reached(self, &seen) {
            return Ok(Progress::Done(self.done(&goal, &seen)));
        }
        self.wake(goal.to, seen, &memory).await?;
        self.reach(&goal, &memory).await.map(Progress::Done)
    }

    pub(super) async fn roll_back(&self, task: &Task, seen: Seen, mut memory: Memory) -> Result<Progress, Fault> {
        memory.order = task.order;
        let seen = self.stand_again(task, seen, &mut memory).await?;
        let goal = self.goal(task, &memory)?;
        let mut done = if goal.reached(self, &seen) {
            self.done(&goal, &seen)
        } else {
            self.wake(goal.to, seen, &memory).await?;
            self.reach(&goal, &memory).await?
        };
        // The traffic is safe: what comes now cannot take that back, and is told instead.
        match self.end(task, 1 - goal.to, &mut memory).await {
            Ok(None) => {}
            Ok(Some(said)) => done.said = format!("{} {said}", done.said),
            Err(fault) => {
                done.said =
                    format!("{} What ran in {} may still run: {fault}", done.said, self.set.servers[1 - goal.to]);
            }
        }
        Ok(Progress::Done(done))
    }

    pub(super) async fn retire(&self, task: &Task, seen: &Seen, mut memory: Memory) -> Result<Progress, Fault> {
        memory.order = task.order;
        let Some(slot) = task.other.as_ref().and_then(|other| memory.place_of(other)) else {
            return Ok(Progress::Done(Done {
                said: "It stands in neither server any more.".to_owned(),
                ..Done::default()
            }));
        };
        let share = seen.share(&self.set.servers[slot]);
        if !share.is_nothing() {
            return Err(Fault::declined(format!(
                "{} still has {} % of the traffic and is not taken out.",
                self.set.servers[slot],
                share.amount()
            )));
        }
        self.change(&[self.command(slot, "weight 0"), self.command(slot, "state maint")]).await?;
        let ended = self.end(task, slot, &mut memory).await?;
        let said = format!("{} is out. {}", self.set.servers[slot], ended.unwrap_or_default());
        Ok(Progress::Done(Done { said: said.trim().to_owned(), ..Done::default() }))
    }

    pub(super) fn retired(&self, task: &Task, seen: &Seen, memory: &Memory) -> Asked {
        let Some(slot) = task.other.as_ref().and_then(|other| memory.place_of(other)) else {
            return Asked::Done(Done { said: "It stands in neither server any more.".to_owned(), ..Done::default() });
        };
        match memory.held(slot).map(|held| held.stage) {
            Some(Stage::Ending(key)) if key == task.key => Asked::CannotSay(format!(
                "The program that ends it in {} was started; whether it came to its end is not known. Now: {}.",
                self.set.servers[slot],
                self.words(seen)
            )),
            _ => Asked::NeverSeen,
        }
    }

    /// Ends what a server without traffic holds, once for each key.
    async fn end(&self, task: &Task, slot: usize, memory: &mut Memory) -> Result<Option<String>, Fault> {
        let Some(held) = memory.held(slot).cloned() else { return Ok(None) };
        let mut said = None;
        if let Some(argv) = &self.set.retire {
            if held.stage == Stage::Ending(task.key) {
                return Err(Fault::unknown(
                    "The program that ends it was started before; whether it came to its end is not known.",
                ));
            }
            self.drained(slot).await?;
            memory.hold(slot, &held.version, Stage::Ending(task.key), held.address);
            self.remember(memory).await.map_err(|why| Fault::not_done(format!("Its end was not begun: {why}.")))?;
            // To the program, the other version is the one that ends, whichever way the task goes.
            let task = Task { other: Some(held.version.clone()), ..task.clone() };
            let mut told = environment(&task);
            told.push(("PILOTHOUSE_SLOT", self.set.servers[slot].clone()));
            let ended = self.set.runner.run(argv, &self.values(&task, slot), &told).await;
            match ended.and_then(|ended| verdict(&ended, SAID)) {
                Ok(words) => said = Some(words),
                Err(fault) => {
                    if fault.certainty != control::driver::Certainty::Unknown {
                        memory.hold(slot, &held.version, held.stage, held.address);
                        // Where this fails too, it counts as begun: a person looks.
                        let _ = self.remember(memory).await;
                    }
                    return Err(fault);
                }
            }
        }
        memory.slots[slot].held = None;
        self.remember(memory)
            .await
            .map_err(|why| Fault::unknown(format!("It ended, which could not be noted: {why}.")))?;
        Ok(said)
    }

    fn goal(&self, task: &Task, memory: &Memory) -> Result<Goal, Fault> {
        Goal::of(task, memory).ok_or_else(|| {
            Fault::declined(format!(
                "{} stands neither in {} nor in {}: it must be deployed first.",
                task.version, self.set.servers[0], self.set.servers[1]
            ))
        })
    }

    /// Before a server gets traffic: it points to where it was pointed, takes part, and is up. Weighs nothing until it is.
    async fn wake(&self, slot: usize, seen: Seen, memory: &Memory) -> Result<Seen, Fault> {
        let server = self.server(&seen, slot)?;
        // HAProxy forgets an address when it starts anew.
        let lost = memory.held(slot).and_then(|held| held.address).filter(|address| server.address != Some(*address));
        if server.ready() && lost.is_none() {
            return if server.up { Ok(seen) } else { Err(down(server)) };
        }
        let idle = server.effective() == 0;
        if idle {
            self.change(&[self.command(slot, "weight 0")]).await?;
        }
        if let Some(address) = lost {
            if idle {
                // Through maintenance, for its health to be found anew at the other address.
                self.change(&[self.command(slot, "state maint")]).await?;
            }
            self.readdress(slot, address).await?;
        }
        self.change(&[self.command(slot, "state ready")]).await?;
        let (up, seen) = self.wakes(slot, true).await?;
        if up { Ok(seen) } else { Err(down(self.server(&seen, slot)?)) }
    }
}

fn down(server: &Server) -> Fault {
    Fault::not_done(format!(
        "{} is {} to HAProxy and would fail what is sent to it: no traffic was moved. Bring it up, then again.",
        server.name, server.status
    ))
}
