//! `test`: the Rust tests with a real PostgreSQL beside SQLite, charts in WebAssembly, then the journeys in a real browser.

use std::path::Path;

use crate::postgres::{Postgres, VARIABLE};
use crate::shell::{self, Outcome, step};
use crate::{build, charts, paths, tools};
use tools::Tool;

pub fn test(arguments: &[String]) -> Outcome {
    let (flags, filters): (Vec<_>, Vec<_>) = arguments.iter().cloned().partition(|word| word.starts_with("--"));
    let browser = !flags.iter().any(|flag| flag == "--no-browser");
    let rust = !flags.iter().any(|flag| flag == "--only-browser");
    if let Some(flag) = flags.iter().find(|flag| !["--no-browser", "--only-browser"].contains(&flag.as_str())) {
        return Err(format!("`{flag}` is not known here; there are --no-browser and --only-browser"));
    }
    tools::ensure(&[Tool::Postgres, Tool::Haproxy, Tool::Prometheus, Tool::Alertmanager])?;
    let folder = paths::root().join("end2end");
    let browser = browser && has_journeys(&folder);
    if browser {
        tools::ensure(&[Tool::Chromium])?;
        tools::ensure(tools::FOR_BUILD)?;
    }
    let database = Postgres::start()?;
    if rust {
        step("Rust tests", || rust_tests(&database.url, &filters))?;
        if filters.is_empty() || filters.iter().any(|filter| filter.contains("chart")) {
            charts::check()?;
        }
    }
    if browser {
        journeys(&folder, &database.url, &filters)?;
    }
    Ok(())
}

fn has_journeys(folder: &Path) -> bool {
    let there = folder.join("package.json").is_file();
    if !there {
        shell::note("end2end/ has no package.json: there are no browser journeys yet");
    }
    there
}

fn rust_tests(database: &str, filters: &[String]) -> Outcome {
    let mut cargo = shell::cargo(["test", "--workspace", "--no-fail-fast", "--"]);
    shell::run(cargo.args(filters).env(VARIABLE, database))
}

fn journeys(folder: &Path, database: &str, filters: &[String]) -> Outcome {
    build::for_tests()?;
    step("packages of the browser journeys", || packages(folder))?;
    step("browser journeys", || {
        let mut node = shell::command("node");
        node.current_dir(folder).args(["--test", "--test-concurrency=1", "--test-reporter=spec"]);
        node.args(filters.iter().map(|filter| format!("--test-name-pattern={filter}")));
        node.env("PILOTHOUSE_BIN", paths::debug("pilothouse"));
        node.env("PILOTHOUSE_CHROMIUM", tools::find(Tool::Chromium)?);
        shell::run(node.env(VARIABLE, database))
    })
}

fn packages(folder: &Path) -> Outcome {
    let (lock, installed) = (folder.join("package-lock.json"), folder.join("node_modules/.package-lock.json"));
    let when = |file: &Path| file.metadata().and_then(|facts| facts.modified()).ok();
    if lock.is_file() && when(&installed) > when(&lock) && when(&installed) > when(&folder.join("package.json")) {
        shell::note("up to date");
        return Ok(());
    }
    let verb = if lock.is_file() { "ci" } else { "install" };
    let mut npm = shell::command("npm");
    npm.current_dir(folder).args([verb, "--no-audit", "--no-fund"]);
    shell::run(npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
}
