//! `build`: the release binary and the browser files it serves.

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

fn server() -> Outcome {
    step("build the server", || {
        shell::run(&mut shell::cargo(["build", "--release", "--locked", "--package", "server", "--package", "demo"]))
    })
}
