//! Looking for one tool: first where this project installs it, then what the machine has.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Tool, pins};
use crate::paths;
use crate::shell::{self, Outcome};

/// Where the tool is, or why what is there will not do.
pub fn find(tool: Tool) -> Outcome<PathBuf> {
    match tool {
        Tool::RustParts => rust_parts(),
        Tool::WasmTarget => wasm_target(),
        Tool::Node => node(),
        Tool::Npm => shell::on_path("npm").ok_or_else(|| "not on PATH".into()),
        Tool::Trunk => pinned("trunk", pins::TRUNK, "bin/trunk"),
        Tool::WasmBindgen => pinned("wasm-bindgen", &pins::wasm_bindgen()?, "bin/wasm-bindgen"),
        Tool::Binaryen => pinned("wasm-opt", &pins::binaryen()?, "node_modules/.bin/wasm-opt"),
        Tool::CargoDeny => pinned("cargo-deny", pins::CARGO_DENY, "bin/cargo-deny"),
        Tool::Chromium => chromium(),
        Tool::Postgres => postgres_folder().map(|folder| folder.join("postgres")),
        Tool::Haproxy => haproxy(),
        Tool::Prometheus => on_path("prometheus"),
        // As Debian calls it.
        Tool::Alertmanager => on_path("prometheus-alertmanager"),
    }
}

/// The folder that a pinned tool is installed into.
pub fn folder(program: &str, version: &str) -> Outcome<PathBuf> {
    Ok(paths::tools()?.join(format!("{program}-{version}")))
}

/// What the tool says its version is.
pub fn version(tool: Tool, path: &Path) -> String {
    let said = match tool {
        Tool::RustParts => shell::output(shell::command("cargo").args(["clippy", "--version"])),
        Tool::WasmTarget => shell::output(shell::command("rustc").arg("--version")),
        Tool::Haproxy => shell::output(Command::new(path).arg("-v")),
        _ => shell::output(Command::new(path).arg("--version")),
    };
    said.map_or_else(|_| "version unknown".into(), |text| text.lines().next().unwrap_or_default().trim().to_owned())
}

fn pinned(program: &str, version: &str, within: &str) -> Outcome<PathBuf> {
    let own = folder(program, version)?.join(within);
    if own.is_file() {
        return Ok(own);
    }
    let Some(other) = shell::on_path(program) else {
        return Err(format!("{version} is not there yet"));
    };
    let said = shell::output(Command::new(&other).arg("--version")).unwrap_or_default();
    if said.split_whitespace().any(|word| word == version) {
        Ok(other)
    } else {
        Err(format!("{version} is needed, the machine has \"{}\"", said.trim()))
    }
}

fn rust_parts() -> Outcome<PathBuf> {
    for part in ["clippy", "fmt"] {
        shell::output(shell::command("cargo").args([part, "--version"]))
            .map_err(|_| format!("cargo {part} does not run"))?;
    }
    shell::on_path("cargo").ok_or_else(|| "cargo is not on PATH".into())
}

fn wasm_target() -> Outcome<PathBuf> {
    let arguments = ["--print", "target-libdir", "--target", "wasm32-unknown-unknown"];
    let folder = PathBuf::from(shell::output(shell::command("rustc").args(arguments))?.trim());
    if folder.is_dir() { Ok(folder) } else { Err("the compiler has no wasm32-unknown-unknown library".into()) }
}

fn node() -> Outcome<PathBuf> {
    let node = shell::on_path("node").ok_or("not on PATH")?;
    let version = shell::output(Command::new(&node).arg("--version"))?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_some_and(|major| major >= pins::NODE_MAJOR) {
        Ok(node)
    } else {
        Err(format!("{} or newer is needed, the machine has {}", pins::NODE_MAJOR, version.trim()))
    }
}

fn chromium() -> Outcome<PathBuf> {
    if let Some(chosen) = env::var_os("PILOTHOUSE_CHROMIUM") {
        let chosen = PathBuf::from(chosen);
        let complaint = format!("PILOTHOUSE_CHROMIUM names {}, which is no file", chosen.display());
        return if chosen.is_file() { Ok(chosen) } else { Err(complaint) };
    }
    let names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
    names.iter().find_map(|name| shell::on_path(name)).ok_or_else(|| "not on PATH".into())
}

fn on_path(program: &str) -> Outcome<PathBuf> {
    shell::on_path(program).ok_or_else(|| "not on PATH".into())
}

/// Debian puts it where only root's PATH leads.
fn haproxy() -> Outcome<PathBuf> {
    let usual = PathBuf::from("/usr/sbin/haproxy");
    let there = || usual.is_file().then_some(usual);
    shell::on_path("haproxy").or_else(there).ok_or_else(|| "neither on PATH nor in /usr/sbin".into())
}

/// The folder with the programs of a PostgreSQL server, the newest when there are several.
pub fn postgres_folder() -> Outcome<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut installed: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    installed.sort_by_key(|folder| std::cmp::Reverse(major_of(folder)));
    let complete = |folder: &PathBuf| ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file());
    env::split_paths(&path).chain(installed).find(complete).ok_or_else(|| "no folder holds initdb and postgres".into())
}

fn major_of(bin: &Path) -> u32 {
    let name = bin.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    name.and_then(|name| name.parse().ok()).unwrap_or(0)
}
