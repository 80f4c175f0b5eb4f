//! A fingerprint of files by name, size and time: enough to see that nothing has changed since.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// The fingerprint of these files and of everything in these folders; what does not exist counts as absent.
pub fn of<'a>(places: impl IntoIterator<Item = &'a PathBuf>) -> u64 {
    let mut files = Vec::new();
    for place in places {
        collect(place, &mut files);
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        if let Ok(facts) = file.metadata() {
            (&file, facts.len(), facts.modified().ok()).hash(&mut hasher);
        }
    }
    hasher.finish()
}

fn collect(place: &Path, files: &mut Vec<PathBuf>) {
    match fs::read_dir(place) {
        Ok(entries) => entries.flatten().for_each(|entry| collect(&entry.path(), files)),
        Err(_) => files.push(place.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_or_new_file_changes_the_fingerprint() -> std::io::Result<()> {
        let folder = std::env::temp_dir().join(format!("xtask-stamp-{}", std::process::id()));
        fs::create_dir_all(folder.join("inner"))?;
        let places = [folder.clone()];
        let empty = of(&places);
        fs::write(folder.join("inner/a"), "1")?;
        let one = of(&places);
        assert_eq!(one, of(&places));
        fs::write(folder.join("inner/a"), "22")?;
        let grown = of(&places);
        fs::remove_dir_all(&folder)?;
        assert!(empty != one && one != grown && grown != of(&places));
        Ok(())
    }
}
