//! What can be set for the driver `command`.

use super::{ACTIONS, Argv, Runner, pairs_of};
use crate::{
    settings::{self, Read, wrong},
    template::VARIABLES,
};
use control::driver::{Connection, Field, FieldKind, Secret};
use domain::{Refusal, rollout::ActionKind};
use std::{collections::BTreeMap, time::Duration};

const PLACES: &str = "A program and its arguments, one a line; places: {{version}} {{other}} {{percentage}} {{env}} {{product}} \
                      {{key}} {{artifact}}. No shell.";

pub const FIELDS: &[Field] = &[
    argv("deploy", "Deploy", "Stands the new version up without traffic, e.g. /srv/bin/deploy.sh --to {{version}}"),
    argv("replace", "Replace instances", "Has {{percentage}} % of the instances run {{version}}. For rolling rollouts"),
    argv("weight", "Set weight", "Sends {{percentage}} % of the traffic to {{version}}"),
    argv("promote", "Promote", "All traffic to {{version}}; {{other}} stays up for a way back"),
    argv("retire", "Retire", "Ends the instances of {{other}}"),
    argv("roll_back", "Roll back", "All traffic to {{version}}, and ends the instances of {{other}}"),
    argv("status", "Status", "Says what became of {{key}}: exits 0 done, 1 failed, 2 running, 3 never seen"),
    Field {
        name: "folder",
        title: "Folder",
        help: "Where programs run: an absolute path, e.g. /srv/deploy",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "environment",
        title: "Environment variables",
        help: "NAME=value, one a line. Programs see these, PATH and what Pilothouse says of the task; nothing else",
        kind: FieldKind::Pairs,
        required: false,
    },
    Field {
        name: "secret_environment",
        title: "Secret environment variables",
        help: "NAME=value, one a line; covered where a program prints them",
        kind: FieldKind::Secret,
        required: false,
    },
    Field {
        name: "limit_seconds",
        title: "Time limit in seconds",
        help: "After so long a program and all it started are ended: 1 to 86400, 600 when left empty",
        kind: FieldKind::Number,
        required: false,
    },
];

const fn argv(name: &'static str, title: &'static str, help: &'static str) -> Field {
    Field { name, title, help, kind: FieldKind::Argv, required: false }
}

/// The programs of an environment.
#[derive(Debug)]
pub(super) struct Programs {
    pub actions: BTreeMap<ActionKind, Argv>,
    pub status: Option<Argv>,
}

pub(super) fn read(connection: &Connection) -> Result<(Programs, Runner), Refusal> {
    let read = settings::read(connection, FIELDS)?;
    let argv =
        |name: &str, places: &[&'static str]| read.list(name).map(|list| Argv::parse(name, &list, places)).transpose();
    let without_share: Vec<&'static str> = VARIABLES.into_iter().filter(|name| *name != "percentage").collect();
    let mut actions = BTreeMap::new();
    for kind in ACTIONS {
        let moves_some =
            matches!(kind, ActionKind::Replace | ActionKind::Weight | ActionKind::Promote | ActionKind::RollBack);
        let places = if moves_some { VARIABLES.as_slice() } else { without_share.as_slice() };
        if let Some(argv) = argv(kind.name(), places)? {
            actions.insert(kind, argv);
        }
    }
    if actions.is_empty() {
        return Err(wrong("deploy", "no command for any action", format!("at least one. {PLACES}")));
    }
    let status = argv("status", &VARIABLES)?;
    Ok((Programs { actions, status }, runner(read)?))
}

/// Where and with what programs run, from the four fields that say so in every driver that runs some.
pub(crate) fn runner(read: Read<'_>) -> Result<Runner, Refusal> {
    Runner::new(
        read.text("folder"),
        pairs_of("environment", read.pairs("environment"))?,
        secret_pairs("secret_environment", read.secret("secret_environment"))?,
        Duration::from_secs(read.whole("limit_seconds", 1..=86_400, 600)?),
    )
}

/// `NAME=value`, one a line. Refused without repeating a word of it.
fn secret_pairs(field: &str, written: Option<&Secret>) -> Result<Vec<(String, Secret)>, Refusal> {
    let mut pairs = Vec::new();
    for (at, line) in written.map_or("", Secret::reveal).lines().enumerate().filter(|(_, line)| !line.trim().is_empty())
    {
        let Some((name, value)) = line.split_once('=') else {
            return Err(wrong(field, format!("no “=” in line {}", at + 1), "NAME=value, one a line"));
        };
        pairs.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    let pairs = pairs_of(field, pairs)?;
    Ok(pairs.into_iter().map(|(name, value)| (name, Secret::new(value))).collect())
}
