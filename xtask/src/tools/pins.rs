//! Which version of each tool this project builds with. What another file already fixes is read from there.

use std::fs;

use crate::paths;
use crate::shell::Outcome;

/// The newest Trunk that the pinned compiler builds.
pub const TRUNK: &str = "0.21.14";
pub const CARGO_DENY: &str = "0.20.2";
/// The oldest Node that the browser journeys run on.
pub const NODE_MAJOR: u32 = 20;

/// The tool must match the library in `Cargo.lock` to the digit.
pub fn wasm_bindgen() -> Outcome<String> {
    let lock = read("Cargo.lock")?;
    version_in_lock(&lock, "wasm-bindgen")
        .ok_or_else(|| "Cargo.lock names no wasm-bindgen: run `cargo metadata` once".into())
}

/// Trunk takes a wasm-opt only when it is the version that `Trunk.toml` asks for.
pub fn binaryen() -> Outcome<String> {
    let config = read("Trunk.toml")?;
    binaryen_in_config(&config).ok_or_else(|| "Trunk.toml names no `wasm_opt = \"version_…\"`".into())
}

fn read(name: &str) -> Outcome<String> {
    fs::read_to_string(paths::root().join(name)).map_err(|error| format!("cannot read {name}: {error}"))
}

fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?;
    Some(version.trim_end_matches('"').to_owned())
}

fn binaryen_in_config(config: &str) -> Option<String> {
    let line = config.lines().find_map(|line| line.strip_prefix("wasm_opt"))?;
    let (_, version) = line.split_once("version_")?;
    Some(version.trim_end_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_where_they_are_fixed() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in_lock(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in_lock(lock, "trunk"), None);
        assert_eq!(binaryen_in_config("[tools]\nwasm_opt = \"version_132\"\n").as_deref(), Some("132"));
    }

    #[test]
    fn this_checkout_fixes_both() -> Outcome {
        wasm_bindgen()?;
        binaryen().map(|_| ())
    }
}
