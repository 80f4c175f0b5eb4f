//! `dev`: Trunk rebuilds the browser side on change, and the server is rebuilt and started anew beside it.

use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::shell::{self, Outcome, step};
use crate::{bundle, paths, run, stamp, tools};

/// What the server is made of; the browser files count because it reads their names at start.
const SOURCES: &[&str] = &[
    "domain",
    "control",
    "store",
    "app",
    "server",
    "demo",
    "playbooks",
    "Cargo.toml",
    "Cargo.lock",
    "dist/index.html",
];

const LOOK_EVERY: Duration = Duration::from_millis(500);
const DRAIN_LIMIT: Duration = Duration::from_secs(12);

pub fn dev(arguments: &[String]) -> Outcome {
    let words = run::serve_arguments(arguments)?;
    run::refuse_port_in_use(&words)?;
    tools::ensure(tools::FOR_BUILD)?;
    step("fetch dependencies", bundle::fetch)?;
    let mut trunk = bundle::trunk()?;
    trunk.arg("watch");
    for source in bundle::SOURCES.iter().map(|name| paths::root().join(name)).filter(|place| place.exists()) {
        trunk.arg("--watch").arg(source);
    }
    let mut trunk = trunk.spawn().map_err(|error| format!("cannot start trunk: {error}"))?;
    let mut server = None;
    let outcome = serve(&words, &mut trunk, &mut server);
    let _ = trunk.kill();
    server.map_or(Ok(()), stop).and(outcome)
}

/// Goes on until something fails that no change of a file can mend.
fn serve(words: &[String], trunk: &mut Child, server: &mut Option<Child>) -> Outcome {
    let sources: Vec<PathBuf> = SOURCES.iter().map(|name| paths::root().join(name)).collect();
    let mut built = None;
    loop {
        let seen = stamp::of(&sources);
        if built != Some(seen) {
            built = Some(seen);
            if step("build the server", build).is_ok() {
                if let Some(old) = server.take() {
                    stop(old)?;
                }
                *server = Some(start(words)?);
                run::announce(words);
            } else {
                shell::note("waiting for a change");
            }
        }
        if let Some(status) = trunk.try_wait().map_err(|error| error.to_string())? {
            return Err(format!("trunk ended with {status}"));
        }
        if let Some(status) = server.as_mut().and_then(|child| child.try_wait().ok().flatten()) {
            shell::note(format!("the server ended with {status}; waiting for a change"));
            *server = None;
        }
        sleep(LOOK_EVERY);
    }
}

fn build() -> Outcome {
    shell::run(&mut shell::cargo(["build", "--package", "server", "--package", "demo"]))
}

fn start(words: &[String]) -> Outcome<Child> {
    let program = paths::target().join("debug/pilothouse");
    shell::command(&program).args(words).spawn().map_err(|error| format!("cannot start {}: {error}", program.display()))
}

/// Asks the server to finish what it does; one that does not listen is ended.
fn stop(mut server: Child) -> Outcome {
    shell::run(Command::new("kill").args(["-TERM", &server.id().to_string()]))?;
    let asked = Instant::now();
    while asked.elapsed() < DRAIN_LIMIT {
        if server.try_wait().map_err(|error| error.to_string())?.is_some() {
            return Ok(());
        }
        sleep(Duration::from_millis(50));
    }
    server.kill().and_then(|()| server.wait()).map(|_| ()).map_err(|error| error.to_string())
}
