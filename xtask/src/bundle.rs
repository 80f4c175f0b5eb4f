//! The browser side: Trunk builds it, styles become one file, every file is compressed once, and a copy stands beside the
//! binary.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{self, Outcome, step};
use crate::{paths, stamp, tools};

/// What the browser files are made of.
pub const SOURCES: &[&str] = &[
    "app",
    "domain",
    "style",
    "public",
    "playbooks",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    ".cargo/config.toml",
];

/// Builds the browser files for release, unless they are already what the sources make.
pub fn release() -> Outcome {
    if is_fresh() {
        shell::note("browser files are up to date");
        return beside_the_binary();
    }
    step("fetch dependencies", fetch)?;
    step("build the browser side", || shell::run(trunk()?.args(["build", "--release"])))?;
    step("compress the browser files", compress)?;
    remember()?;
    beside_the_binary()
}

/// Trunk on its own tools. It runs cargo offline, so everything must have been fetched before.
pub fn trunk() -> Outcome<std::process::Command> {
    let path = tools::path_for_trunk()?;
    let mut trunk = shell::command(tools::find(tools::Tool::Trunk)?);
    trunk.env("PATH", path).env_remove("NO_COLOR");
    Ok(trunk)
}

pub fn fetch() -> Outcome {
    shell::run(&mut shell::cargo(["fetch", "--locked"])).map_err(|error| {
        format!("{error}\n(if Cargo.lock is behind Cargo.toml, `cargo metadata` brings it up to date)")
    })
}

fn compress() -> Outcome {
    for script in ["one_style.mjs", "precompress.mjs"] {
        let script = paths::root().join("xtask/scripts").join(script);
        shell::run(shell::command("node").arg(script).arg(paths::dist()))?;
    }
    Ok(())
}

fn is_fresh() -> bool {
    let made = fs::read_to_string(stamp_file()).unwrap_or_default();
    paths::dist().join("index.html").is_file() && made == current()
}

fn remember() -> Outcome {
    write(&stamp_file(), &current())
}

/// Sources and results together: whoever runs Trunk by hand makes other results, and then this builds anew.
fn current() -> String {
    let sources: Vec<PathBuf> = SOURCES.iter().map(|name| paths::root().join(name)).collect();
    format!("{:016x} {:016x}", stamp::of(&sources), stamp::of(&[paths::dist()]))
}

fn stamp_file() -> PathBuf {
    paths::target().join("xtask/browser-files")
}

/// The copy that travels with the binary.
fn beside_the_binary() -> Outcome {
    let copy = paths::target().join("release/dist");
    if copy.exists() {
        fs::remove_dir_all(&copy).map_err(|error| format!("cannot replace {}: {error}", copy.display()))?;
    }
    copy_folder(&paths::dist(), &copy).map_err(|error| format!("cannot copy to {}: {error}", copy.display()))
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)?.flatten() {
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn write(file: &Path, text: &str) -> Outcome {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, text))
        .map_err(|error| format!("cannot write {}: {error}", file.display()))
}
