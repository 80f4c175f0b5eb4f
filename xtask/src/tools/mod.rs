//! What the project needs beyond a compiler, and how to be sure it is there.

mod doctor;
mod find;
mod install;
mod pins;
mod system;

use std::fs::{self, File};
use std::path::PathBuf;

pub use doctor::doctor;
pub use find::{find, postgres_folder};
pub use system::is_root;

use crate::paths;
use crate::shell::{self, Outcome, step};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    RustParts,
    WasmTarget,
    Node,
    Npm,
    Trunk,
    WasmBindgen,
    Binaryen,
    CargoDeny,
    Chromium,
    Postgres,
    Haproxy,
    Prometheus,
    Alertmanager,
}

/// What turns the browser side into files.
pub const FOR_BUILD: &[Tool] =
    &[Tool::Node, Tool::Npm, Tool::WasmTarget, Tool::Binaryen, Tool::Trunk, Tool::WasmBindgen];
pub const FOR_CHECK: &[Tool] = &[Tool::RustParts, Tool::WasmTarget, Tool::CargoDeny];
/// Quick ones first, so that a machine that cannot have one of them says so before the long ones.
pub const ALL: &[Tool] = &[
    Tool::Node,
    Tool::Npm,
    Tool::RustParts,
    Tool::WasmTarget,
    Tool::Postgres,
    Tool::Haproxy,
    Tool::Prometheus,
    Tool::Alertmanager,
    Tool::Chromium,
    Tool::Binaryen,
    Tool::Trunk,
    Tool::WasmBindgen,
    Tool::CargoDeny,
];

impl Tool {
    pub fn name(self) -> &'static str {
        match self {
            Self::RustParts => "clippy, rustfmt",
            Self::WasmTarget => "wasm32 target",
            Self::Node => "node",
            Self::Npm => "npm",
            Self::Trunk => "trunk",
            Self::WasmBindgen => "wasm-bindgen",
            Self::Binaryen => "wasm-opt",
            Self::CargoDeny => "cargo-deny",
            Self::Chromium => "chromium",
            Self::Postgres => "postgresql",
            Self::Haproxy => "haproxy",
            Self::Prometheus => "prometheus",
            Self::Alertmanager => "alertmanager",
        }
    }
}

/// Installs those of the tools that are missing; says nothing about the others.
pub fn ensure(tools: &[Tool]) -> Outcome {
    if tools.iter().all(|tool| find(*tool).is_ok()) {
        return Ok(());
    }
    let folder = paths::tools()?;
    fs::create_dir_all(&folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    // Two runs at once install each tool once: the second waits here and then finds it.
    let lock = File::create(folder.join(".lock")).and_then(|file| file.lock().map(|()| file));
    let _lock = lock.map_err(|error| format!("cannot lock {}: {error}", folder.display()))?;
    for tool in tools {
        if let Err(missing) = find(*tool) {
            step(format!("install {} ({missing})", tool.name()), || install::install(*tool))?;
            find(*tool).map_err(|still| format!("{} was installed, but {still}", tool.name()))?;
        }
    }
    Ok(())
}

/// `PATH` on which Trunk finds exactly the tools of this project.
pub fn path_for_trunk() -> Outcome<std::ffi::OsString> {
    let mut folders = Vec::<PathBuf>::new();
    for tool in [Tool::Trunk, Tool::WasmBindgen, Tool::Binaryen] {
        let program = find(tool).map_err(|missing| format!("{}: {missing}", tool.name()))?;
        folders.extend(program.parent().map(PathBuf::from));
    }
    shell::path_with(&folders)
}
