//! Settings: from flags, then the environment, then a TOML file, then defaults; checked together before anything starts.

mod checks;
mod environment;
mod file;
mod nearest;
mod network;
mod options;
mod secret;
mod settings;

pub use checks::Fault;
pub use environment::{client_environment, of_process as environment};
pub use network::Networks;
pub use options::{Flags, OPTIONS, Setting};
pub use secret::Secret;
pub use settings::{LogFormat, Settings};

use checks::Given;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// The file, when none is named by `--config`.
const CONFIG: &str = "PILOTHOUSE_CONFIG";

/// What the settings are made from, each kept apart so that a fault can say where it stands.
#[derive(Debug, Default)]
pub struct Sources {
    pub flags: Flags,
    pub environment: BTreeMap<String, String>,
}

impl Sources {
    pub fn of_process(flags: Flags) -> Self {
        Self { flags, environment: environment() }
    }

    /// The settings in force, or everything that is wrong with them at once.
    pub fn settle(&self) -> Result<Settings, Vec<Fault>> {
        let mut faults = Vec::new();
        let now = checks::clock(&self.environment, &mut faults);
        let crash_at = checks::crash_at(&self.environment, &mut faults);
        let file = match self.file() {
            None => BTreeMap::new(),
            Some(path) => file::read(&path, &mut faults),
        };
        let given = |setting: &Setting| -> Given {
            let variable = setting.variable();
            let flag = self.flags.values.get(setting.name).map(|v| (v.clone(), setting.flag()));
            flag.or_else(|| self.environment.get(&variable).map(|v| (v.clone(), variable)))
                .or_else(|| file.get(setting.name).cloned())
        };
        let settings = checks::all(given, &mut faults);
        match settings {
            Some(settings) if faults.is_empty() => Ok(Settings { now, crash_at, ..settings }),
            _ => Err(faults),
        }
    }

    fn file(&self) -> Option<PathBuf> {
        let named = self.flags.file.as_deref().map(Path::to_path_buf);
        named.or_else(|| self.environment.get(CONFIG).map(PathBuf::from))
    }
}

#[cfg(test)]
mod tests;
