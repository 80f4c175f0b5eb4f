//! `budget`: what a first visit downloads (code and style, compressed, without fonts) must stay small.

use std::fs;
use std::path::Path;

use crate::paths;
use crate::shell::Outcome;

const BUDGET: u64 = 280 * 1024;

pub fn check() -> Outcome {
    let mut files = Vec::new();
    collect(&paths::dist(), &mut files)?;
    if !files.iter().any(|(name, _)| name.ends_with(".wasm.br")) {
        return Err("there are no compressed browser files: run `cargo xtask build` first".into());
    }
    files.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    for (name, size) in &files {
        println!("{size:>9}  {name}");
    }
    let total = files.iter().map(|(_, size)| size).sum();
    println!("{total:>9}  together, of {BUDGET} allowed ({:.1} of {} KB)", kilobytes(total), BUDGET / 1024);
    verdict(total)
}

fn verdict(total: u64) -> Outcome {
    if total <= BUDGET {
        return Ok(());
    }
    Err(format!("the first load is {:.1} KB over its budget of {} KB", kilobytes(total - BUDGET), BUDGET / 1024))
}

fn collect(folder: &Path, files: &mut Vec<(String, u64)>) -> Outcome {
    let unreadable = |error| format!("cannot read {}: {error}; run `cargo xtask build` first", folder.display());
    for entry in fs::read_dir(folder).map_err(unreadable)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            collect(&entry.path(), files)?;
        } else if [".wasm", ".js", ".css"].iter().any(|ending| name.ends_with(ending)) {
            // What does not become smaller is sent as it is.
            let compressed = format!("{name}.br");
            let sent = if folder.join(&compressed).is_file() { compressed } else { name };
            let facts = fs::metadata(folder.join(&sent)).map_err(unreadable)?;
            files.push((sent, facts.len()));
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "sizes shown to one decimal")]
fn kilobytes(bytes: u64) -> f64 {
    bytes as f64 / 1024.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_too_many_is_too_many() {
        assert!(verdict(BUDGET).is_ok());
        assert!(verdict(BUDGET + 1).is_err());
    }
}
