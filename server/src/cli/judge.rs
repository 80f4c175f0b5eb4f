//! `judge replay`: what the judge would have said to a recorded rollout.

use super::{
    playbook::read,
    said::{Fail, Said},
};
use crate::boot::playbooks::BUNDLED;
use clap::{Args, Subcommand};
use domain::{
    judge::{Alpha, Settings, replay, trace::Trace},
    playbook::Playbook,
    slug::EnvName,
};
use serde::Serialize;
use std::{fs, path::PathBuf};

#[derive(Debug, Subcommand)]
pub(super) enum Judge {
    /// Print the verdict on a recorded rollout as one line of JSON
    Replay(Replay),
}

#[derive(Debug, Args)]
pub(super) struct Replay {
    /// CSV with a row for each minute and arm; minutes below 0 are history
    file: PathBuf,
    /// The chance that a harmless canary is rolled back: above 0, at most 0.5; 0.02, or as the playbook says
    #[arg(long, value_parser = alpha)]
    alpha: Option<Alpha>,
    /// A bundled playbook or a file: its rules judge too
    #[arg(long, value_name = "NAME")]
    playbook: Option<String>,
    /// The environment whose rules hold
    #[arg(long, default_value = "production", requires = "playbook")]
    env: EnvName,
    /// One more line for every minute, after the verdict
    #[arg(long)]
    path: bool,
}

fn alpha(text: &str) -> Result<Alpha, String> {
    let value = text.parse().ok().and_then(|value| Alpha::new(value).ok());
    value.ok_or_else(|| "allowed is a number above 0, at most 0.5".to_owned())
}

impl Judge {
    pub fn run(self) -> Said {
        let Self::Replay(Replay { file, alpha, playbook, env, path }) = self;
        let place = file.display();
        let text = fs::read_to_string(&file).map_err(|error| Fail::refused(format!("{place}: {error}")))?;
        let trace = Trace::parse(&text).map_err(|error| Fail::refused(format!("{place}, {error}")))?;
        let replay = match playbook {
            Some(name) => replay::by_playbook(&trace, &of(&name)?, &env, alpha),
            None => replay::judge(&trace, Settings { alpha: alpha.unwrap_or_default(), ..Settings::default() }),
        };
        let mut said = line(&replay.summary)?;
        if path {
            for minute in &replay.path {
                said.push_str(&line(minute)?);
            }
        }
        Ok(said)
    }
}

/// The bundled playbook of this name, or what the file says.
fn of(name: &str) -> Result<Playbook, Fail> {
    let bundled = BUNDLED.iter().find(|(bundled, _)| *bundled == name);
    let text = match bundled {
        Some((_, text)) => (*text).to_owned(),
        None => fs::read_to_string(name).map_err(|error| {
            let known: Vec<&str> = BUNDLED.iter().map(|(name, _)| *name).collect();
            Fail::refused(format!("--playbook {name}: {error}; allowed is a file, or one of {}", known.join(", ")))
        })?,
    };
    read(&name, &text)
}

fn line(value: &impl Serialize) -> Said {
    serde_json::to_string(value).map(|text| text + "\n").map_err(|error| Fail::refused(error.to_string()))
}
