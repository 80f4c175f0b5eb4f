//! `judge replay`: what the judge would have said to a recorded rollout.

use super::said::{Fail, Said};
use clap::{Args, Subcommand};
use domain::judge::{Alpha, replay};
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
    /// The chance that a harmless canary is rolled back: above 0, at most 0.5
    #[arg(long, default_value = "0.02", value_parser = alpha)]
    alpha: Alpha,
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
        let Self::Replay(Replay { file, alpha, path }) = self;
        let place = file.display();
        let text = fs::read_to_string(&file).map_err(|error| Fail::refused(format!("{place}: {error}")))?;
        let replay = replay::run(&text, alpha).map_err(|error| Fail::refused(format!("{place}, {error}")))?;
        let mut said = line(&replay.summary)?;
        if path {
            for minute in &replay.path {
                said.push_str(&line(minute)?);
            }
        }
        Ok(said)
    }
}

fn line(value: &impl Serialize) -> Said {
    serde_json::to_string(value).map(|text| text + "\n").map_err(|error| Fail::refused(error.to_string()))
}
