//! `bench` and `campaign`: the measurements and long trials of the `trials` room, on the release server; short ones on the
//! server that tests use.

use std::fs;
use std::path::PathBuf;

use crate::postgres::{Postgres, VARIABLE};
use crate::shell::{self, Outcome, step};
use crate::{build, charts, paths, tools};

/// The campaign on a server that ends by itself.
const CRASHING: &str = "crash-points";
/// The measurement that needs no server.
const DRAWING: &str = "chart";

pub fn start(kind: &str, arguments: &[String]) -> Outcome {
    if kind == "campaign" && arguments.is_empty() {
        return Err("which campaign? `cargo xtask campaign all --short` runs the short form of each".into());
    }
    let asks_for = |name: &str| arguments.iter().any(|word| word == name);
    let needs_postgres = asks_for("all") || arguments.iter().any(|word| word.starts_with("--postgres"));
    if needs_postgres {
        tools::ensure(&[tools::Tool::Postgres])?;
    }
    let crashing =
        if kind == "campaign" && (asks_for("all") || asks_for(CRASHING)) { Some(failpoints()?) } else { None };
    let short = kind == "campaign" && asks_for("--short");
    let all_benches = kind == "bench" && arguments.first().is_none_or(|word| word == "all" || word.starts_with("--"));
    let drawing = kind == "bench" && asks_for(DRAWING);
    let drawn = if drawing || all_benches { Some(charts::time()?) } else { None };
    if short {
        build::for_tests()?;
    } else if !asks_for(CRASHING) && !drawing {
        build::release()?;
    }
    let database = if needs_postgres { Some(Postgres::start()?) } else { None };
    let mut trials = if short {
        let mut trials = shell::command(paths::debug("trials"));
        trials.arg(kind).env("PILOTHOUSE_BIN", paths::debug("pilothouse"));
        trials
    } else {
        let words = ["run", "--release", "--quiet", "--locked", "--package", "trials", "--", kind];
        let mut cargo = shell::cargo(words);
        cargo.env("PILOTHOUSE_BIN", paths::server());
        cargo
    };
    trials.args(arguments);
    if let Some(binary) = &crashing {
        trials.env("PILOTHOUSE_FAILPOINTS_BIN", binary);
    }
    if let Some(drawn) = &drawn {
        trials.env("PILOTHOUSE_CHARTS_TOOK", drawn);
    }
    if let Some(database) = &database {
        trials.env(VARIABLE, &database.url);
    }
    step(format!("{kind} {}", arguments.join(" ")), || shell::run(&mut trials))
}

/// A server that ends at the point it is told to. It lies by itself: what else is built stays what it is.
fn failpoints() -> Outcome<PathBuf> {
    step("build the server with failpoints", || {
        let cannot = |error: std::io::Error| format!("the server with failpoints cannot be put in its place: {error}");
        let (folder, built) = (paths::target().join("trials"), paths::debug("pilothouse"));
        let (binary, ordinary) = (folder.join("pilothouse-failpoints"), folder.join("pilothouse-ordinary"));
        fs::create_dir_all(&folder).map_err(cannot)?;
        let was_there = built.is_file();
        if was_there {
            fs::rename(&built, &ordinary).map_err(cannot)?;
        }
        // An example, so that features are those of tests and little is compiled anew.
        let words = ["build", "--locked", "--workspace", "--bin", "pilothouse", "--example", "overhead"];
        let done = shell::run(shell::cargo(words).args(["--features", "server/failpoints"]));
        if done.is_ok() {
            fs::rename(&built, &binary).map_err(cannot)?;
        }
        if was_there {
            fs::rename(&ordinary, &built).map_err(cannot)?;
        }
        done.map(|()| binary)
    })
}
