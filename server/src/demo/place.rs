//! Where a demonstration lives: in a folder of its own within the data folder, beside the record that follows it.

use crate::{boot, config::Settings};
use fleet::protocol::Question;
use std::{path::Path, time::Duration};
use store::Location;

const FOLDER: &str = "demo";
/// Its presence says that the folder is to be cleared.
pub(super) const WIPED: &str = "wiped";
/// The fleet may still be writing its last lines.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(100);

/// The settings of the house to be opened: the demonstration's own folder, or no demonstration where the data folder holds
/// a record already, of real people or begun after a demonstration was wiped.
pub fn settled(given: &Settings) -> Settings {
    if !given.demo {
        return given.clone();
    }
    let own = Settings { demo: false, ..given.clone() };
    match boot::location(&own) {
        Location::Sqlite(file) if !file.exists() => Settings { data: given.data.join(FOLDER), ..given.clone() },
        _ => own,
    }
}

/// Takes away a demonstration that somebody has wiped: what still runs of it, then its folder.
pub async fn clear(given: &Settings) {
    let folder = given.data.join(FOLDER);
    if folder.join(WIPED).exists() {
        remove(&folder).await;
    }
}

async fn remove(folder: &Path) {
    // Nobody answers where it never ran.
    if let Err(silence) = fleet::Client::new(&folder.join("fleet")).ask(&Question::Stop).await {
        tracing::debug!(%silence, "no fleet of the demonstration runs");
    }
    for _ in 0..TRIES {
        match std::fs::remove_dir_all(folder) {
            Ok(()) => return tracing::info!(folder = %folder.display(), "the demonstration is gone"),
            Err(_) if !folder.exists() => return,
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
    tracing::error!(folder = %folder.display(), "the wiped demonstration cannot be removed; remove it by hand");
}
