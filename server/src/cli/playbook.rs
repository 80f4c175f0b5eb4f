//! `playbook check`.

use super::said::{Fail, Said};
use clap::Subcommand;
use domain::playbook::{self, Fault};
use std::{fmt, fs, path::PathBuf};

#[derive(Debug, Subcommand)]
pub(super) enum Playbook {
    /// Say everything that is wrong with a playbook, with its line where it has one
    Check { file: PathBuf },
}

impl Playbook {
    pub fn run(self) -> Said {
        let Self::Check { file } = self;
        let place = file.display();
        let text = fs::read_to_string(&file).map_err(|error| Fail::refused(format!("{place}: {error}")))?;
        let found = read(&place, &text)?;
        let (environments, roles, types) = (found.environments.len(), found.roles.len(), found.types.len());
        Ok(format!(
            "{place}: the playbook “{}” is sound: {environments} environments, {roles} roles, {types} release types.\n",
            found.name
        ))
    }
}

/// The playbook in this text, or all that is wrong with it.
pub(super) fn read(place: &impl fmt::Display, text: &str) -> Result<playbook::Playbook, Fail> {
    playbook::parse(text).map_err(|faults| {
        let line = |fault: &Fault| format!("{place}: {}", fault.to_string().replace('\n', " "));
        Fail::refused(faults.iter().map(line).collect::<Vec<_>>().join("\n"))
    })
}
