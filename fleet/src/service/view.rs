//! What can be seen of a service.

use super::Service;
use crate::{
    protocol::ArmSeen,
    router::Counts,
    supervisor::{Status, tail},
};
use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, PoisonError},
};

impl Service {
    /// The one with most traffic first. Versions that are being started are there, without traffic.
    pub(crate) fn observe(&self) -> Vec<ArmSeen> {
        let desired = self.yard.store.service(&self.name).map(|desired| desired.arms).unwrap_or_default();
        let crew = self.crew.lock().unwrap_or_else(PoisonError::into_inner);
        let mut arms: Vec<ArmSeen> = crew
            .iter()
            .map(|(version, here)| {
                let statuses: Vec<Status> = here.iter().map(|instance| instance.status()).collect();
                ArmSeen {
                    version: version.clone(),
                    share: desired.iter().find(|arm| arm.version == *version).map_or(0, |arm| arm.weight),
                    instances: count(statuses.len()),
                    healthy: count(statuses.iter().filter(|status| **status == Status::Healthy).count()),
                    said: statuses.into_iter().find_map(Status::trouble),
                }
            })
            .collect();
        arms.sort_by(|a, b| b.share.cmp(&a.share).then_with(|| a.version.cmp(&b.version)));
        arms
    }

    pub(crate) fn counts(&self) -> BTreeMap<String, Counts> {
        self.router.counts()
    }

    pub(crate) fn listens_at(&self, address: SocketAddr) -> bool {
        self.router.address() == Some(address)
    }

    /// The last lines of one version, or of all that run.
    pub(crate) async fn log(self: &Arc<Self>, version: Option<String>, lines: usize) -> io::Result<Vec<String>> {
        let folder = self.yard.folder.logs_of(&self.name);
        let versions = match version {
            Some(version) => vec![version],
            None => self.crew.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect(),
        };
        let folders: Vec<PathBuf> = versions.into_iter().map(|version| folder.join(version)).collect();
        let read = tokio::task::spawn_blocking(move || tail(&folders, lines));
        read.await.map_err(io::Error::other)?
    }

    /// The last line that a version's instances wrote themselves.
    pub(super) fn last_words(&self, version: &str) -> Option<String> {
        let lines = tail(&[self.yard.folder.logs_of(&self.name).join(version)], 20).ok()?;
        lines.into_iter().rev().find(|line| !line.contains("[fleet]"))
    }
}

impl Status {
    fn trouble(self) -> Option<String> {
        match self {
            Self::Unwell(said) | Self::Restarting(said) | Self::Failing(said) => Some(said),
            Self::Starting | Self::Healthy | Self::Ended => None,
        }
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
