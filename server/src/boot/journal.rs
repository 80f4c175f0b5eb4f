//! Which record the settings mean.

use crate::{config::Settings, web::DatabaseKind};
use anyhow::Context as _;
use control::journal::Journal;
use std::sync::Arc;
use store::Location;

/// The SQLite file within the data folder.
const FILE: &str = "pilothouse.db";

pub fn location(settings: &Settings) -> Location {
    match &settings.database_url {
        Some(url) => Location::Postgres(url.reveal().to_owned()),
        None => Location::Sqlite(settings.data.join(FILE)),
    }
}

pub async fn open(settings: &Settings) -> anyhow::Result<(Arc<dyn Journal>, DatabaseKind)> {
    let location = location(settings);
    let kind = match &location {
        Location::Sqlite(_) => DatabaseKind::Sqlite,
        Location::Postgres(_) => DatabaseKind::Postgresql,
    };
    if kind == DatabaseKind::Sqlite {
        std::fs::create_dir_all(&settings.data)
            .with_context(|| format!("the data folder {} cannot be made", settings.data.display()))?;
    }
    let journal = store::open(&location).await.with_context(|| format!("{location} cannot be opened"))?;
    Ok((journal, kind))
}
