//! Installing one tool, from package registries only.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Tool, find, pins, system};
use crate::paths;
use crate::shell::{self, Outcome};

/// The command that a person would type to get the tool.
pub fn remedy(tool: Tool) -> String {
    match tool {
        Tool::RustParts => "rustup component add clippy rustfmt".into(),
        Tool::WasmTarget => "rustup target add wasm32-unknown-unknown".into(),
        Tool::Node | Tool::Npm => format!("install Node.js {} or newer with npm: https://nodejs.org", pins::NODE_MAJOR),
        Tool::Chromium => system::remedy("chromium"),
        Tool::Postgres => system::remedy("postgresql"),
        Tool::Haproxy => system::remedy("haproxy"),
        Tool::Prometheus => system::remedy("prometheus"),
        Tool::Alertmanager => system::remedy("prometheus-alertmanager"),
        Tool::Trunk | Tool::WasmBindgen | Tool::Binaryen | Tool::CargoDeny => "cargo xtask setup".into(),
    }
}

pub fn install(tool: Tool) -> Outcome {
    match tool {
        Tool::RustParts => shell::run(shell::command("rustup").args(["component", "add", "clippy", "rustfmt"])),
        Tool::WasmTarget => shell::run(shell::command("rustup").args(["target", "add", "wasm32-unknown-unknown"])),
        Tool::Node | Tool::Npm => Err(remedy(tool)),
        Tool::Chromium => system::install("chromium"),
        Tool::Postgres => system::install("postgresql"),
        Tool::Haproxy => system::install("haproxy"),
        Tool::Prometheus => system::install("prometheus"),
        Tool::Alertmanager => system::install("prometheus-alertmanager"),
        Tool::Trunk => {
            let choices = ["--locked", "--no-default-features", "--features", "rustls"];
            compile("trunk", "trunk", pins::TRUNK, &choices)
        }
        // Without `--locked`: the lock file of this release names a version that is not there.
        Tool::WasmBindgen => {
            compile("wasm-bindgen-cli", "wasm-bindgen", &pins::wasm_bindgen()?, &["--bin", "wasm-bindgen"])
        }
        Tool::CargoDeny => compile("cargo-deny", "cargo-deny", pins::CARGO_DENY, &["--locked"]),
        Tool::Binaryen => binaryen(),
    }
}

fn compile(package: &str, program: &str, version: &str, choices: &[&str]) -> Outcome {
    shell::note("this compiles for some minutes, once per machine");
    let folder = find::folder(program, version)?;
    let scratch = paths::tools()?.join(format!("{program}-{version}.building"));
    let mut cargo = Command::new("cargo");
    // Outside the checkout, so that its compiler flags do not reach the tool.
    cargo.current_dir(std::env::temp_dir());
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        cargo.env_remove(variable);
    }
    cargo
        .args(["install", package, "--version", version, "--force"])
        .args(choices)
        .args([OsStr::new("--root"), folder.as_os_str()])
        .env("CARGO_TARGET_DIR", &scratch)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    shell::run(&mut cargo)?;
    remove(&scratch)
}

/// Binaryen as its makers publish it: distributions ship versions that break the page without a word.
fn binaryen() -> Outcome {
    let version = pins::binaryen()?;
    let folder = find::folder("wasm-opt", &version)?;
    fs::create_dir_all(&folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--no-save", "--loglevel", "error", "--prefix"])
        .arg(&folder)
        .arg(format!("binaryen@{version}.0.0"))
        .current_dir(&folder);
    shell::run(&mut npm)
}

fn remove(folder: &Path) -> Outcome {
    fs::remove_dir_all(folder).map_err(|error| format!("cannot remove {}: {error}", folder.display()))
}
