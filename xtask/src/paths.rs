//! Where things are: the checkout, what is built in it, and the tools kept outside of it.

use std::env;
use std::path::{Path, PathBuf};

use crate::shell::Outcome;

/// The checkout.
pub fn root() -> &'static Path {
    let room = Path::new(env!("CARGO_MANIFEST_DIR"));
    room.parent().unwrap_or(room)
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The browser files Trunk makes.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The release binary.
pub fn server() -> PathBuf {
    target().join("release/pilothouse")
}

/// A program as tests use it.
pub fn debug(name: &str) -> PathBuf {
    target().join("debug").join(name)
}

/// The tools this project installs for itself, shared by every checkout of this person.
pub fn tools() -> Outcome<PathBuf> {
    if let Some(folder) = set("PILOTHOUSE_TOOLS") {
        return Ok(root().join(folder));
    }
    if let Some(cache) = set("XDG_CACHE_HOME") {
        return Ok(Path::new(&cache).join("pilothouse/tools"));
    }
    match set("HOME") {
        Some(home) => Ok(Path::new(&home).join(".cache/pilothouse/tools")),
        None => Err("neither HOME nor XDG_CACHE_HOME is set; name a folder for the tools in PILOTHOUSE_TOOLS".into()),
    }
}

fn set(name: &str) -> Option<std::ffi::OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}
