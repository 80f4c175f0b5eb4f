//! Standing a version up in the server that is not in use.

use super::{
    Haproxy,
    memory::{Memory, Stage},
    seen::{Seen, Server},
};
use crate::command::{environment, verdict};
use control::driver::{Asked, Certainty, Done, Fault, Progress, Task};
use domain::playbook::Percent;
use std::net::SocketAddr;

const SAID: usize = 300;

impl Haproxy {
    pub(super) async fn deploy(&self, task: &Task, seen: &Seen, memory: Option<Memory>) -> Result<Progress, Fault> {
        let mut memory = match memory {
            Some(memory) => memory,
            None => self.adopted(task, seen)?,
        };
        let slot = self.slot_for(task, seen, &memory)?;
        let server = self.server(seen, slot)?;
        let held = memory.held(slot).filter(|held| held.version == task.version).map(|held| held.stage);
        memory.order = task.order;
        match held {
            Some(Stage::Begun(key)) if key == task.key => {
                return Err(Fault::unknown(format!(
                    "The program that stands it up in {} was started before; whether it came to its end is not known.",
                    server.name
                )));
            }
            Some(Stage::Standing) if server.effective() > 0 => {
                return Ok(Progress::Done(self.stands(slot, seen)));
            }
            Some(Stage::Standing) => {}
            _ => self.stand_up(task, slot, server, &mut memory).await?,
        }
        self.remember(&memory)
            .await
            .map_err(|why| Fault::unknown(format!("It stands, which could not be noted: {why}.")))?;
        self.change(&[self.command(slot, "weight 0"), self.command(slot, "state ready")]).await?;
        let (good, seen) = self.wakes(slot, true).await?;
        Ok(if good {
            Progress::Done(self.stands(slot, &seen))
        } else {
            Progress::Running { said: self.waits(&seen), url: None }
        })
    }

    /// For the way back: a version that has ended since it ran is stood up anew, where nothing has traffic.
    pub(super) async fn stand_again(&self, task: &Task, seen: Seen, memory: &mut Memory) -> Result<Seen, Fault> {
        if memory.began(task) {
            return Err(Fault::unknown(Self::half_up(task)));
        }
        if memory.place_of(&task.version).is_some() {
            return Ok(seen);
        }
        let slot = self.slot_for(task, &seen, memory)?;
        let server = self.server(&seen, slot)?;
        self.stand_up(task, slot, server, memory).await?;
        self.remember(memory)
            .await
            .map_err(|why| Fault::unknown(format!("It stands, which could not be noted: {why}.")))?;
        self.change(&[self.command(slot, "weight 0"), self.command(slot, "state ready")]).await?;
        let (good, seen) = self.wakes(slot, true).await?;
        if good { Ok(seen) } else { Err(Fault::not_done(self.waits(&seen))) }
    }

    /// Said of a program of which nobody knows how it ended.
    pub(super) fn half_up(task: &Task) -> String {
        format!(
            "The program that stands {} up was started before; whether it came to its end is not known.",
            task.version
        )
    }

    pub(super) fn deployed(&self, task: &Task, seen: &Seen, memory: Option<&Memory>) -> Result<Asked, Fault> {
        let held = memory.and_then(|memory| {
            let slot = memory.place_of(&task.version)?;
            Some((slot, memory.held(slot)?.stage))
        });
        let Some((slot, stage)) = held else { return Ok(Asked::NeverSeen) };
        let server = self.server(seen, slot)?;
        Ok(match stage {
            Stage::Begun(key) if key == task.key => Asked::CannotSay(format!(
                "The program that stands it up in {} was started; whether it came to its end is not known. Now: {}.",
                server.name,
                self.words(seen)
            )),
            Stage::Standing if server.ready() && server.steady => Asked::Done(self.stands(slot, seen)),
            Stage::Standing if server.ready() => Asked::Running { said: self.waits(seen), url: None },
            _ => Asked::NeverSeen,
        })
    }

    fn stands(&self, slot: usize, seen: &Seen) -> Done {
        let server = seen.named(&self.set.servers[slot]);
        let note = match server {
            Some(server) if !server.checked => " HAProxy does not check its health.",
            _ => "",
        };
        let said = format!("It stands in {}.{note} Now: {}.", self.set.servers[slot], self.words(seen));
        Done { share: Some(seen.share(&self.set.servers[slot])), said, url: None }
    }

    fn waits(&self, seen: &Seen) -> String {
        format!("HAProxy does not find it healthy yet: {}.", self.words(seen))
    }

    /// Nothing is known yet: the server that has the traffic holds what ran before.
    fn adopted(&self, task: &Task, seen: &Seen) -> Result<Memory, Fault> {
        let mut memory = Memory::empty(&self.set.servers);
        let Some(other) = &task.other else { return Ok(memory) };
        let busy: Vec<usize> = (0..2).filter(|slot| !seen.share(&self.set.servers[*slot]).is_nothing()).collect();
        let [one] = busy[..] else {
            let (a, b) = (&self.set.servers[0], &self.set.servers[1]);
            return Err(Fault::declined(format!(
                "Which of {a} and {b} runs {other} cannot be told: {}. \
                 Give the one that runs it all the weight and the other 0, then again.",
                self.words(seen)
            )));
        };
        memory.hold(one, other, Stage::Standing, None);
        Ok(memory)
    }

    /// The server that holds the version already, or the one that holds nothing that is needed.
    fn slot_for(&self, task: &Task, seen: &Seen, memory: &Memory) -> Result<usize, Fault> {
        if let Some(slot) = memory.place_of(&task.version) {
            return Ok(slot);
        }
        let share = |slot: usize| seen.share(&self.set.servers[slot]);
        let idle = match task.other.as_ref().and_then(|other| memory.place_of(other)) {
            Some(slot) => 1 - slot,
            // The one with less traffic; the first where both have none.
            None => usize::from(share(1) < share(0)),
        };
        if share(idle) > Percent::nothing() {
            return Err(Fault::declined(format!(
                "{} should stand by, but has {} % of the traffic: give it weight 0, then again.",
                self.set.servers[idle],
                share(idle).amount()
            )));
        }
        Ok(idle)
    }

    /// Runs the program, once for each key, and sets the address.
    async fn stand_up(&self, task: &Task, slot: usize, server: &Server, memory: &mut Memory) -> Result<(), Fault> {
        let before = memory.slots[slot].held.clone();
        let address = self.address_of(task, slot).await?;
        self.change(&[self.command(slot, "weight 0"), self.command(slot, "state maint")]).await?;
        if let Some(argv) = &self.set.deploy {
            memory.hold(slot, &task.version, Stage::Begun(task.key), address);
            self.remember(memory).await.map_err(|why| Fault::not_done(format!("It was not begun: {why}.")))?;
            let mut told = environment(task);
            told.push(("PILOTHOUSE_SLOT", server.name.clone()));
            let ended = self.set.runner.run(argv, &self.values(task, slot), &told).await;
            if let Err(fault) = ended.and_then(|ended| verdict(&ended, SAID)) {
                if fault.certainty != Certainty::Unknown {
                    memory.slots[slot].held = before;
                    // Where this fails too, it counts as begun: a person looks.
                    let _ = self.remember(memory).await;
                }
                return Err(fault);
            }
        }
        if let Some(address) = address {
            self.readdress(slot, address).await?;
        }
        memory.hold(slot, &task.version, Stage::Standing, address);
        Ok(())
    }

    /// Where the version answers, by the setting.
    async fn address_of(&self, task: &Task, slot: usize) -> Result<Option<SocketAddr>, Fault> {
        let Some(template) = &self.set.address else { return Ok(None) };
        let text = template.fill(&self.values(task, slot))?;
        let none = |why: String| {
            Fault::not_done(format!("“{text}”, where {} should answer, has no address{why}.", task.version))
        };
        let mut found = tokio::net::lookup_host(&text).await.map_err(|why| none(format!(" ({why})")))?;
        found.next().map(Some).ok_or_else(|| none(String::new()))
    }

    /// HAProxy says in words what it changed here: reading back decides.
    pub(super) async fn readdress(&self, slot: usize, address: SocketAddr) -> Result<(), Fault> {
        let command = self.command(slot, &format!("addr {} port {}", address.ip(), address.port()));
        let said = self.set.socket.say(&command).await.unwrap_or_default();
        let seen = self.look().await?;
        let server = self.server(&seen, slot)?;
        if server.address == Some(address) {
            return Ok(());
        }
        Err(Fault::not_done(format!("{} could not be pointed to {address}: {}", server.name, said.trim())))
    }
}
