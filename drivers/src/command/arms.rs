//! What a status program may print about what runs: one line of JSON, the last of its output.

use control::driver::{Arm, Observed};
use domain::{playbook::Percent, release::Version};
use serde::Deserialize;

/// `{"arms": [{"version": "1.4.2", "share": 75, "instances": 3, "healthy": 3}]}`
#[derive(Debug, Deserialize)]
pub(crate) struct Arms {
    arms: Vec<Told>,
}

#[derive(Debug, Deserialize)]
struct Told {
    #[serde(default)]
    version: Option<String>,
    share: f64,
    #[serde(default)]
    instances: u32,
    #[serde(default)]
    healthy: u32,
}

impl Arms {
    /// None when the last line is not such JSON, or a share is none.
    pub(crate) fn read(output: &str) -> Option<Self> {
        let last = output.lines().rev().find(|line| !line.trim().is_empty())?;
        Self::of(last.trim().as_bytes())
    }

    pub(crate) fn of(json: &[u8]) -> Option<Self> {
        let arms: Self = serde_json::from_slice(json).ok()?;
        arms.arms.iter().all(|arm| crate::share::percent(arm.share).is_some()).then_some(arms)
    }

    pub(crate) fn share_of(&self, version: &Version) -> Option<Percent> {
        self.arms
            .iter()
            .find(|arm| arm.named().as_ref() == Some(version))
            .and_then(|arm| crate::share::percent(arm.share))
    }

    pub(crate) fn observed(&self) -> Observed {
        let mut arms: Vec<Arm> = self
            .arms
            .iter()
            .map(|arm| Arm {
                version: arm.named(),
                share: crate::share::percent(arm.share).unwrap_or_else(Percent::nothing),
                instances: arm.instances,
                healthy: arm.healthy,
            })
            .collect();
        arms.sort_by_key(|arm| std::cmp::Reverse(arm.share));
        Observed { arms }
    }
}

impl Told {
    fn named(&self) -> Option<Version> {
        self.version.as_deref()?.parse().ok()
    }
}
