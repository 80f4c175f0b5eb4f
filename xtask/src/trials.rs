//! `bench` and `campaign`: the measurements and long trials of the `trials` room, on the release server.

use crate::postgres::{Postgres, VARIABLE};
use crate::shell::{self, Outcome, step};
use crate::{build, paths, tools};

pub fn start(kind: &str, arguments: &[String]) -> Outcome {
    if kind == "campaign" && arguments.is_empty() {
        return Err("which campaign? `cargo xtask campaign all --short` runs the short form of each".into());
    }
    let needs_postgres = arguments.iter().any(|word| word == "all" || word.starts_with("--postgres"));
    if needs_postgres {
        tools::ensure(&[tools::Tool::Postgres])?;
    }
    build::release()?;
    let database = if needs_postgres { Some(Postgres::start()?) } else { None };
    let mut cargo = shell::cargo(["run", "--release", "--quiet", "--locked", "--package", "trials", "--", kind]);
    cargo.args(arguments).env("PILOTHOUSE_BIN", paths::server());
    if let Some(database) = &database {
        cargo.env(VARIABLE, &database.url);
    }
    step(format!("{kind} {}", arguments.join(" ")), || shell::run(&mut cargo))
}
