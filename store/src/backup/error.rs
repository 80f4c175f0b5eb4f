//! Why a backup could not be made, trusted or restored.

use control::journal::JournalError;
use std::{io, path::Path};

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("{file} exists already; a backup never overwrites a file")]
    Exists { file: String },
    #[error("{target} holds a record already; a backup is restored into an empty place only")]
    NotEmpty { target: String },
    #[error("{file}: {why}")]
    File { file: String, why: String },
    #[error("{file}, line {line}: {why}")]
    Line { file: String, line: u64, why: String },
    #[error("the work was stopped: {0}")]
    Stopped(String),
}

impl BackupError {
    pub(super) fn file(file: &Path, why: impl Into<String>) -> Self {
        Self::File { file: file.display().to_string(), why: why.into() }
    }

    pub(super) fn io(file: &Path, doing: &str) -> impl FnOnce(io::Error) -> Self {
        let file = file.display().to_string();
        move |error| Self::File { file, why: format!("it cannot be {doing}: {error}") }
    }

    #[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
    pub(super) fn stopped(error: tokio::task::JoinError) -> Self {
        Self::Stopped(error.to_string())
    }
}
