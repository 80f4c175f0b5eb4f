//! The fleet's folder: who may look into it, what lies where, and that only one fleet lives in it.

use std::{
    fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// Unix sockets cannot have longer paths.
const SOCKET_PATH: usize = 107;

#[derive(Debug, Clone)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// The folder as it is, for whoever only looks for a fleet in it.
    pub(crate) fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Makes it if need be; nobody else on this machine may look into it.
    pub(crate) fn make(path: &Path) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        let path = path.canonicalize()?;
        std::fs::set_permissions(&path, Permissions::from_mode(0o700))?;
        let folder = Self(path);
        let length = folder.socket().as_os_str().len();
        if length > SOCKET_PATH {
            let said = format!(
                "the path of the socket, {}, is {length} characters long; a Unix socket allows {SOCKET_PATH}: choose a \
                 folder with a shorter path",
                folder.socket().display()
            );
            return Err(io::Error::new(io::ErrorKind::InvalidFilename, said));
        }
        Ok(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.0.join("fleet.sock")
    }

    pub(crate) fn nonce_file(&self) -> PathBuf {
        self.0.join("fleet.nonce")
    }

    pub(crate) fn state_file(&self) -> PathBuf {
        self.0.join("state.json")
    }

    pub(crate) fn ledger_file(&self) -> PathBuf {
        self.0.join("ledger.jsonl")
    }

    pub(crate) fn own_log(&self) -> PathBuf {
        self.0.join("fleet.log")
    }

    pub(crate) fn logs_of(&self, service: &str) -> PathBuf {
        self.0.join("logs").join(service)
    }

    /// Held for as long as the file is open; nobody else gets it meanwhile, and the system frees it when we end.
    pub(crate) fn lock(&self) -> io::Result<File> {
        let file =
            OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(self.0.join("fleet.lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                let said = format!("another fleet lives in {} already", self.0.display());
                Err(io::Error::new(io::ErrorKind::AddrInUse, said))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    pub(crate) fn write_nonce(&self, nonce: Uuid) -> io::Result<()> {
        write_whole(&self.nonce_file(), nonce.to_string().as_bytes())
    }

    pub(crate) fn read_nonce(&self) -> io::Result<Uuid> {
        let text = std::fs::read_to_string(self.nonce_file())?;
        text.trim().parse().map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the nonce file holds no nonce"))
    }
}

/// Whoever reads the file finds the old text or the new one, also after a loss of power.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// A name that is safe as a folder's: nothing that leads elsewhere.
pub(crate) fn plain_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._+-@".contains(c);
    !name.is_empty() && name.len() <= 120 && !name.starts_with('.') && name.chars().all(allowed)
}
