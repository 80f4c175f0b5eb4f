//! What a first visit downloads: code and style as they are sent, compressed, without fonts.

use crate::report::Table;
use anyhow::Context as _;
use std::{
    fs,
    path::{Path, PathBuf},
};

const DIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../dist");
const BUDGET: u64 = 280 * 1024;

pub fn measure() -> anyhow::Result<Table> {
    let mut files = Vec::new();
    collect(Path::new(DIST), &mut files).context("there are no browser files: run `cargo xtask build` first")?;
    files.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let mut table = Table::new("first-load");
    let of = |ending: &str| files.iter().filter(|(kind, _)| kind == ending).map(|(_, size)| size).sum::<u64>();
    let shown = |size: u64| format!("{} KB", tenths(size));
    for ending in ["wasm", "js", "css"] {
        table.row(format!("{ending}, compressed with brotli"), shown(of(ending)));
    }
    let total = files.iter().map(|(_, size)| size).sum();
    table.claim("together", shown(total), "≤ 280 KB", total <= BUDGET);
    Ok(table)
}

/// The kind and size of each file as it is sent: compressed wherever that makes it smaller.
fn collect(folder: &Path, files: &mut Vec<(String, u64)>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
            continue;
        }
        let Some(ending) = path.extension().and_then(|e| e.to_str()).filter(|e| ["wasm", "js", "css"].contains(e))
        else {
            continue;
        };
        let compressed = PathBuf::from(format!("{}.br", path.display()));
        let sent = if compressed.is_file() { &compressed } else { &path };
        files.push((ending.to_owned(), fs::metadata(sent)?.len()));
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "sizes shown to one decimal")]
fn tenths(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1024.0)
}
