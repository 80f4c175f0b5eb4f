//! The other side of the driver `command`: a program that keeps a ledger in a file and does each key once.

use super::{
    book::{self, Effect, Line, Shelf, What},
    cue::{Cue, Door, Go, Moment, ask},
};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

/// As the driver agrees with its programs.
const NEVER_SEEN: u8 = 3;
const NOTHING_LIKE_IT: u8 = 64;

#[derive(Debug)]
pub struct Command {
    book: PathBuf,
    door: Door,
    pub cue: Arc<Cue>,
}

impl Command {
    pub async fn open(data: &Path) -> anyhow::Result<Self> {
        let cue = Arc::new(Cue::default());
        Ok(Self { book: data.join("commands.jsonl"), door: Door::open(cue.clone()).await?, cue })
    }

    pub fn connection(&self) -> anyhow::Result<Value> {
        let mut settings = json!({ "status": self.argv("status")?, "folder": "/" });
        for action in ["deploy", "replace", "weight", "promote", "retire", "roll_back"] {
            settings[action] = self.argv("act")?;
        }
        Ok(json!({ "driver": "command", "settings": settings, "force": true }))
    }

    /// The program with its arguments.
    pub fn argv(&self, verb: &str) -> anyhow::Result<Value> {
        let program = std::env::current_exe()?;
        let (program, book) = (program.to_string_lossy(), self.book.to_string_lossy());
        Ok(json!([program, "ledger", verb, "--book", book, "--cue", self.door.address.to_string()]))
    }

    pub fn lines(&self) -> anyhow::Result<Vec<Line>> {
        Ok(Shelf::open(&self.book)?.lines()?)
    }
}

/// The program.
#[derive(Debug, Args)]
pub struct Ledger {
    verb: Verb,
    #[arg(long)]
    book: PathBuf,
    #[arg(long)]
    cue: SocketAddr,
    /// What it does, where one action runs several programs.
    #[arg(long)]
    does: Option<String>,
    #[arg(long, env = "PILOTHOUSE_KEY", default_value = "")]
    key: String,
    #[arg(long, env = "PILOTHOUSE_ACTION", default_value = "")]
    action: String,
    #[arg(long, env = "PILOTHOUSE_PRODUCT", default_value = "")]
    product: String,
    #[arg(long, env = "PILOTHOUSE_VERSION", default_value = "")]
    version: String,
    #[arg(long, env = "PILOTHOUSE_PERCENTAGE", default_value = "")]
    share: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Verb {
    Act,
    Status,
}

pub async fn run(asked: Ledger) -> anyhow::Result<ExitCode> {
    let Ledger { verb, book, cue, does, key, action, product, version, share } = asked;
    if key.is_empty() {
        return Ok(NOTHING_LIKE_IT.into());
    }
    if verb == Verb::Status {
        let mut shelf = Shelf::open(&book)?;
        shelf.add(&Line::asked(&key))?;
        let did = book::did(&shelf.lines()?, &key);
        return Ok(if did { ExitCode::SUCCESS } else { NEVER_SEEN.into() });
    }
    let action = does.unwrap_or(action);
    let effect = Effect { action: action.clone(), version, share, ..Effect::default() };
    let line = |what| Line { what, key: key.clone(), product: product.clone(), effect: effect.clone() };
    Shelf::open(&book)?.add(&line(What::Called))?;
    if ask(cue, &product, &action, Moment::Arrived).await == Go::Lost {
        return Ok(ExitCode::FAILURE);
    }
    {
        let mut shelf = Shelf::open(&book)?;
        let did = line(What::Did);
        if !shelf.lines()?.contains(&did) {
            shelf.add(&did)?;
        }
    }
    ask(cue, &product, &action, Moment::Done).await;
    Ok(ExitCode::SUCCESS)
}
