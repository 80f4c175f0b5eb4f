//! The record itself, without a server: audited, saved, restored.

use super::{
    checkpoint::Checkpoint,
    said::{Fail, Said},
};
use crate::{boot, clock::SystemClock, config::Settings};
use control::{audit::audit, clock::Clock as _};
use std::{fs, path::Path};
use store::{BackupError, Contents, Location};

/// Records longer than this show how far the work has come.
const LONG: u64 = 50_000;

pub(super) async fn verify_audit(settings: &Settings, checkpoint: Option<&Path>) -> Said {
    let checkpoint = checkpoint.map(|file| Checkpoint::read(file, settings)).transpose()?;
    let location = boot::location(settings);
    // Opening would make it.
    if let Location::Sqlite(file) = &location
        && !file.is_file()
    {
        return Err(Fail::refused(format!("there is no record at {}; --data names its folder", file.display())));
    }
    let journal = store::open(&location).await.map_err(|error| Fail::refused(format!("{location}: {error}")))?;
    let mut next = LONG;
    let progress = |done, of| {
        if done >= next && done < of {
            eprintln!("{done} of {of} events are sound");
            next = done + LONG;
        }
    };
    let trusted = checkpoint.as_ref().map(Checkpoint::head);
    let found = audit(journal.as_ref(), trusted, progress).await;
    let found = found.map_err(|error| Fail::refused(format!("{location}: {error}")))?;
    if let Some(fault) = found.fault {
        let sound = format!("the {} events before it are sound", found.events);
        return Err(Fail::refused(format!("{fault}; {sound}. Compare with a backup that was taken before.")));
    }
    let mut said = format!("The record is sound: {} events, the last with hash {}.\n", found.events, found.head.hash);
    if let Some(checkpoint) = checkpoint {
        said.push_str(&checkpoint.holds());
    }
    Ok(said)
}

pub(super) async fn backup(settings: &Settings, file: &Path) -> Said {
    let contents = store::backup(&boot::location(settings), file, SystemClock::default().now()).await.map_err(fail)?;
    let said = describe(file, &contents);
    match &contents.fault {
        None => Ok(said),
        Some(fault) => Err(Fail::refused(format!(
            "{fault}. {} was written all the same, to be looked at; it cannot be restored",
            file.display()
        ))),
    }
}

pub(super) fn verify_backup(file: &Path) -> Said {
    Ok(describe(file, &store::verify_backup(file).map_err(fail)?))
}

pub(super) async fn restore(settings: &Settings, file: &Path) -> Said {
    let location = boot::location(settings);
    let folder = matches!(location, Location::Sqlite(_)).then_some(settings.data.as_path());
    let new = folder.filter(|folder| !folder.exists());
    if let Some(folder) = new {
        // A file that is no backup leaves nothing behind, not even the folder.
        store::verify_backup(file).map_err(fail)?;
        let made = fs::create_dir_all(folder);
        made.map_err(|error| Fail::refused(format!("the folder {} cannot be made: {error}", folder.display())))?;
    }
    let contents = store::restore(file, &location).await.map_err(fail)?;
    let key =
        "Backups hold no secret key: sealed answers and earlier checkpoints belong to the key that was used then.";
    Ok(format!("Restored into {location}. {}{key}\n", describe(file, &contents)))
}

fn describe(file: &Path, contents: &Contents) -> String {
    let Contents { taken_at, head, events, accounts, links, tokens, .. } = contents;
    format!(
        "{} holds {events} events, {accounts} accounts, {links} used links and {tokens} tokens, taken at {}; the last \
         event's hash is {}.\n",
        file.display(),
        control::journal::stamp(*taken_at),
        head.hash
    )
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn fail(error: BackupError) -> Fail {
    Fail::refused(error.to_string())
}
