//! Running other programs: a clean environment, clear failures, and the time each step took.

use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, path::PathBuf};

use crate::paths;

/// What went wrong, said for the person who typed the command.
pub type Outcome<T = ()> = Result<T, String>;

/// A command that starts in the checkout with an environment no outer cargo has coloured.
///
/// `cargo run` hands its own package variables on, and some build scripts rebuild when they see them change.
/// Compiler flags from the environment would replace those of `.cargo/config.toml`, which both sides need.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(paths::root());
    for (key, _) in env::vars_os() {
        if is_inherited_from_cargo(&key) || overrides_flags(&key) {
            command.env_remove(key);
        }
    }
    command
}

/// Cargo, as [`command`].
pub fn cargo<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(arguments: I) -> Command {
    let mut cargo = command("cargo");
    cargo.args(arguments);
    cargo
}

/// Says once which variables are not passed on, so that nobody wonders.
pub fn say_what_is_ignored() {
    for (key, _) in env::vars_os().filter(|(key, _)| overrides_flags(key)) {
        note(format!("{} is ignored: it would replace the flags in .cargo/config.toml", key.display()));
    }
}

fn is_inherited_from_cargo(key: &OsStr) -> bool {
    let key = key.to_string_lossy();
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"].iter().any(|prefix| key.starts_with(prefix))
}

fn overrides_flags(key: &OsStr) -> bool {
    let key = key.to_string_lossy();
    matches!(key.as_ref(), "RUSTFLAGS" | "CARGO_ENCODED_RUSTFLAGS" | "CARGO_BUILD_RUSTFLAGS" | "CARGO_BUILD_TARGET")
        || (key.starts_with("CARGO_TARGET_") && key.ends_with("_RUSTFLAGS"))
}

/// Runs a command with this terminal's output; anything but success is a failure that shows the command.
pub fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` ended with {status}", shown(command))) }
}

/// Runs a command quietly and returns what it printed.
pub fn output(command: &mut Command) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| cannot_start(command, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(format!("`{}` ended with {}\n{complaint}", shown(command), output.status))
}

/// Announces a piece of work, does it, and says how long it took.
pub fn step<T>(name: impl Display, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    eprintln!("==> {name}");
    let start = Instant::now();
    let outcome = work();
    let verdict = if outcome.is_ok() { "done" } else { "FAILED" };
    eprintln!("    {verdict}: {name} ({})", seconds(start.elapsed()));
    outcome
}

pub fn note(text: impl Display) {
    eprintln!("    {text}");
}

pub fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole >= 60 { format!("{} min {:02} s", whole / 60, whole % 60) } else { format!("{:.1} s", time.as_secs_f64()) }
}

/// `PATH` with these folders first.
pub fn path_with(first: &[PathBuf]) -> Outcome<OsString> {
    let rest = env::var_os("PATH").unwrap_or_default();
    env::join_paths(first.iter().cloned().chain(env::split_paths(&rest)))
        .map_err(|error| format!("a folder of the tools cannot stand on PATH: {error}"))
}

/// The first program of this name on `PATH`.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    format!("cannot start `{}`: {error}", command.get_program().display())
}
