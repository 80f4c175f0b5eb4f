//! The charts in WebAssembly: built as the browser side is, held against the same files as the server's, and timed.

use std::path::PathBuf;

use crate::shell::{self, Outcome, step};
use crate::tools::{self, Tool};
use crate::{bundle, paths};

const WASM: &str = "wasm32-unknown-unknown";
/// As Trunk builds the browser side.
const PROFILE: &str = "wasm-release";
const EXAMPLE: &str = "in_wasm";
const NEEDED: &[Tool] = &[Tool::Node, Tool::WasmTarget, Tool::WasmBindgen];

/// The same bytes on both sides.
pub fn check() -> Outcome {
    let module = build()?;
    step("charts in WebAssembly", || {
        shell::run(shell::command("node").arg(script()).arg(module).arg(paths::root().join("chart/tests/golden")))
    })
}

/// What one takes there, as JSON.
pub fn time() -> Outcome<String> {
    let module = build()?;
    step("time charts in WebAssembly", || shell::output(shell::command("node").arg(script()).arg(module).arg("--time")))
}

fn script() -> PathBuf {
    paths::root().join("xtask/scripts/charts.mjs")
}

/// The module that node loads.
fn build() -> Outcome<PathBuf> {
    tools::ensure(NEEDED)?;
    let folder = paths::target().join("xtask/charts");
    step("build the charts for WebAssembly", || {
        bundle::fetch()?;
        let words = ["build", "--locked", "--package", "chart", "--example", EXAMPLE, "--target", WASM];
        shell::run(shell::cargo(words).args(["--profile", PROFILE]))?;
        let built = paths::target().join(WASM).join(PROFILE).join("examples").join(format!("{EXAMPLE}.wasm"));
        let mut bindgen = shell::command(tools::find(Tool::WasmBindgen)?);
        shell::run(bindgen.args(["--target", "nodejs", "--out-dir"]).arg(&folder).arg(built))
    })?;
    Ok(folder.join(format!("{EXAMPLE}.js")))
}
