//! `check`: everything that must hold before a change is good, each step timed, all of them run.

mod layers;
pub mod tidy;

use crate::bundle;
use crate::shell::{self, Outcome, step};
use crate::tools;

const WASM: &str = "wasm32-unknown-unknown";

type Step = (&'static str, fn() -> Outcome);

/// Quick ones first.
const STEPS: &[Step] = &[
    ("format", format),
    ("tidy", tidy::check),
    ("lock", bundle::fetch),
    ("layers", layers::check),
    ("deny", deny),
    ("wasm", wasm),
    ("clippy-wasm", clippy_wasm),
    ("clippy", clippy),
    ("docs", documentation),
];

pub fn check(chosen: &[String]) -> Outcome {
    if let Some(unknown) = chosen.iter().find(|name| STEPS.iter().all(|(step, _)| step != name)) {
        let known: Vec<_> = STEPS.iter().map(|(name, _)| *name).collect();
        return Err(format!("`{unknown}` is no step; there are {}", known.join(", ")));
    }
    tools::ensure(tools::FOR_CHECK)?;
    let mut failed = Vec::new();
    for (name, work) in STEPS {
        if (chosen.is_empty() || chosen.iter().any(|step| step == name))
            && let Err(reason) = step(name, work)
        {
            eprintln!("{reason}");
            failed.push(*name);
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

fn format() -> Outcome {
    shell::run(&mut shell::cargo(["fmt", "--all", "--check"]))
}

fn clippy() -> Outcome {
    shell::run(&mut shell::cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn clippy_wasm() -> Outcome {
    shell::run(for_wasm("clippy").args(["--", "-D", "warnings"]))
}

/// The browser side builds, with what it is allowed to know only.
fn wasm() -> Outcome {
    shell::run(&mut for_wasm("check"))
}

fn for_wasm(verb: &str) -> std::process::Command {
    let mut cargo = shell::cargo([verb, "--target", WASM]);
    cargo.args(["app", "chart", "domain"].map(|room| format!("--package={room}")));
    cargo
}

fn documentation() -> Outcome {
    let mut cargo = shell::cargo(["doc", "--workspace", "--no-deps", "--quiet"]);
    shell::run(cargo.env("RUSTDOCFLAGS", "--cfg erase_components -D warnings"))
}

fn deny() -> Outcome {
    let mut deny = shell::command(tools::find(tools::Tool::CargoDeny)?);
    shell::run(deny.args(["--log-level", "error", "check", "bans", "licenses", "sources"]))
}
