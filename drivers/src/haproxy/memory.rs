//! Which version stands in which server. HAProxy cannot say, so it is told to remember, and a small file remembers as well.
//!
//! The variable in HAProxy is believed first: every replica of the control room sees the same one, and it lives as long as the
//! weights do. When HAProxy was started anew it is gone, and the file is believed.

use control::driver::Task;
use domain::release::Version;
use std::{fmt, net::SocketAddr, path::Path, str::FromStr};
use tokio::{fs, io::AsyncWriteExt};
use uuid::Uuid;

/// The two servers with what they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Memory {
    /// Of the last task that was carried out.
    pub order: u64,
    pub slots: [Slot; 2],
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    pub server: String,
    pub held: Option<Held>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    pub version: Version,
    pub stage: Stage,
    /// Where its server was pointed to; none where HAProxy's configuration says.
    pub address: Option<SocketAddr>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// The program that stands it up was started for the task with this key.
    Begun(Uuid),
    Standing,
    /// The program that ends it was started for the task with this key.
    Ending(Uuid),
}

impl Memory {
    pub(super) fn empty(servers: &[String; 2]) -> Self {
        let slot = |server: &String| Slot { server: server.clone(), held: None };
        Self { order: 0, slots: [slot(&servers[0]), slot(&servers[1])] }
    }

    /// None when it is about other servers.
    pub(super) fn of(self, servers: &[String; 2]) -> Option<Self> {
        let [a, b] = self.slots;
        if a.server == servers[0] && b.server == servers[1] {
            Some(Self { order: self.order, slots: [a, b] })
        } else if a.server == servers[1] && b.server == servers[0] {
            Some(Self { order: self.order, slots: [b, a] })
        } else {
            None
        }
    }

    /// The server that holds the version, whole or not.
    pub(super) fn place_of(&self, version: &Version) -> Option<usize> {
        self.slots.iter().position(|slot| slot.held.as_ref().is_some_and(|held| held.version == *version))
    }

    /// Whether the program that stands the task's version up was started for this very task.
    pub(super) fn began(&self, task: &Task) -> bool {
        let held = self.place_of(&task.version).and_then(|slot| self.held(slot));
        held.is_some_and(|held| held.stage == Stage::Begun(task.key))
    }

    pub(super) fn held(&self, slot: usize) -> Option<&Held> {
        self.slots[slot].held.as_ref()
    }

    pub(super) fn hold(&mut self, slot: usize, version: &Version, stage: Stage, address: Option<SocketAddr>) {
        self.slots[slot].held = Some(Held { version: version.clone(), stage, address });
    }
}

/// The name of HAProxy's variable for a backend: letters, digits and `_` only.
pub(super) fn variable(backend: &str) -> String {
    let name: String = backend
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("_{:02x}", u32::from(c)) })
        .collect();
    format!("proc.pilothouse_{name}")
}

/// None when there is none yet, or it was written for another HAProxy.
pub(super) async fn recall(file: &Path, about: &str) -> Option<Memory> {
    let text = fs::read_to_string(file).await.ok()?;
    let (first, rest) = text.split_once('\n')?;
    (first == about).then(|| rest.trim().parse().ok())?
}

/// Whole or not at all.
pub(super) async fn keep(file: &Path, about: &str, memory: &Memory) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).await?;
    }
    let beside = file.with_extension("new");
    let mut new = fs::File::create(&beside).await?;
    new.write_all(format!("{about}\n{memory}\n").as_bytes()).await?;
    new.sync_all().await?;
    fs::rename(&beside, file).await
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.order)?;
        for slot in &self.slots {
            match &slot.held {
                None => write!(f, "/{}/-/-/-", slot.server)?,
                Some(Held { version, stage, address: None }) => write!(f, "/{}/{version}/{stage}/-", slot.server)?,
                Some(Held { version, stage, address: Some(to) }) => {
                    write!(f, "/{}/{version}/{stage}/{}@{}", slot.server, to.ip(), to.port())?;
                }
            }
        }
        Ok(())
    }
}

impl FromStr for Memory {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let parts: Vec<&str> = text.split('/').collect();
        let [order, a, a_version, a_stage, a_address, b, b_version, b_stage, b_address] = parts[..] else {
            return Err(());
        };
        let slots = [slot(a, a_version, a_stage, a_address)?, slot(b, b_version, b_stage, b_address)?];
        Ok(Self { order: order.parse().map_err(|_| ())?, slots })
    }
}

fn slot(server: &str, version: &str, stage: &str, address: &str) -> Result<Slot, ()> {
    let held = match version {
        "-" => None,
        _ => Some(Held {
            version: version.parse().map_err(|_| ())?,
            stage: stage.parse()?,
            address: match address.split_once('@') {
                None => None,
                Some((ip, port)) => Some(SocketAddr::new(ip.parse().map_err(|_| ())?, port.parse().map_err(|_| ())?)),
            },
        }),
    };
    Ok(Slot { server: server.to_owned(), held })
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begun(key) => write!(f, "begun.{key}"),
            Self::Standing => f.write_str("standing"),
            Self::Ending(key) => write!(f, "ending.{key}"),
        }
    }
}

impl FromStr for Stage {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let key = |text: &str| text.parse().map_err(|_| ());
        match text.split_once('.') {
            Some(("begun", rest)) => key(rest).map(Self::Begun),
            Some(("ending", rest)) => key(rest).map(Self::Ending),
            None if text == "standing" => Ok(Self::Standing),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_kept_is_recalled_for_the_same_haproxy_only() {
        let servers = ["blue".to_owned(), "green".to_owned()];
        let mut memory = Memory::empty(&servers);
        memory.order = 17;
        memory.hold(0, &"1.4.2".parse().expect("a version"), Stage::Standing, None);
        let address = "[fd00::1]:80".parse().ok();
        memory.hold(1, &"1.5.0-rc.1+b7".parse().expect("a version"), Stage::Begun(Uuid::from_u128(9)), address);
        let folder = tempfile::TempDir::new().expect("a folder");
        let file = folder.path().join("deeper").join("haproxy-shop-production");
        keep(&file, "/run/s.sock shop", &memory).await.expect("kept");
        assert_eq!(recall(&file, "/run/s.sock shop").await, Some(memory.clone()));
        assert_eq!(recall(&file, "/run/other.sock shop").await, None);
        let turned = memory.clone().of(&["green".to_owned(), "blue".to_owned()]).expect("the same servers");
        assert_eq!(turned.place_of(&"1.4.2".parse().expect("a version")), Some(1));
        assert_eq!(memory.of(&["green".to_owned(), "red".to_owned()]), None);
    }

    #[test]
    fn variables_of_backends_with_odd_names_differ() {
        assert_eq!(variable("shop"), "proc.pilothouse_shop");
        assert_ne!(variable("shop-a"), variable("shop.a"));
        assert_ne!(variable("shop_a"), variable("shop-a"));
    }
}
