//! `build`: the release binary and the browser files it serves; and the same unoptimised, as tests use it.

use std::time::Instant;

use crate::shell::{self, Outcome, step};
use crate::{bundle, paths, tools};

pub fn release() -> Outcome {
    let start = Instant::now();
    tools::ensure(tools::FOR_BUILD)?;
    bundle::release()?;
    server()?;
    shell::note(format!("{} is ready after {}", paths::server().display(), shell::seconds(start.elapsed())));
    Ok(())
}

/// What tests and short trials use: the browser files as they are sent, and every program as `cargo test` has built most of
/// it already. Named one by one, packages would get other features and be compiled once more.
pub fn for_tests() -> Outcome {
    tools::ensure(tools::FOR_BUILD)?;
    bundle::release()?;
    step("build the programs for tests", || {
        shell::run(&mut shell::cargo(["build", "--locked", "--workspace", "--all-targets"]))
    })
}

fn server() -> Outcome {
    step("build the server", || {
        shell::run(&mut shell::cargo(["build", "--release", "--locked", "--package", "server", "--package", "demo"]))
    })
}
