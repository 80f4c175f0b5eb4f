//! What should run, kept in a file, so that a fleet that starts anew brings it back by itself.

use crate::{
    folder::{Folder, write_whole},
    moment::fresh_id,
    protocol::{Order, Spec},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct State {
    /// Of this folder, for ever: what runs for it is known by that.
    pub(crate) id: Uuid,
    #[serde(default)]
    pub(crate) services: BTreeMap<String, Desired>,
}

/// One service as it should be.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Desired {
    pub(crate) last_order: u64,
    pub(crate) spec: Spec,
    #[serde(default)]
    pub(crate) arms: Vec<DesiredArm>,
    /// The order at work. It is taken up again from its beginning when the fleet ended in between.
    #[serde(default)]
    pub(crate) running: Option<Order>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DesiredArm {
    pub(crate) version: String,
    pub(crate) instances: u32,
    pub(crate) weight: u32,
    /// As it was started: later settings are for later versions.
    pub(crate) spec: Spec,
}

#[derive(Debug, Clone)]
pub(crate) struct Store {
    path: PathBuf,
    state: Arc<Mutex<State>>,
}

impl Store {
    pub(crate) fn open(folder: &Folder) -> io::Result<Self> {
        let path = folder.state_file();
        let state = match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|why| {
                let said = format!("{} cannot be read: {why}. Move it away to begin with nothing.", path.display());
                io::Error::new(io::ErrorKind::InvalidData, said)
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let state = State { id: fresh_id().map_err(io::Error::other)?, services: BTreeMap::new() };
                write_whole(&path, &serde_json::to_vec_pretty(&state)?)?;
                state
            }
            Err(error) => return Err(error),
        };
        Ok(Self { path, state: Arc::new(Mutex::new(state)) })
    }

    pub(crate) fn id(&self) -> Uuid {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).id
    }

    pub(crate) fn services(&self) -> BTreeMap<String, Desired> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).services.clone()
    }

    pub(crate) fn service(&self, name: &str) -> Option<Desired> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).services.get(name).cloned()
    }

    /// Changes what should be and writes it down. Where that fails, nothing is changed, unless it must be `anyway`: the
    /// way back to safety does not wait for a disk.
    pub(crate) async fn change(
        &self,
        anyway: bool,
        change: impl FnOnce(&mut BTreeMap<String, Desired>) + Send + 'static,
    ) -> io::Result<()> {
        let store = self.clone();
        let written = tokio::task::spawn_blocking(move || {
            let mut state = store.state.lock().unwrap_or_else(PoisonError::into_inner);
            let mut next = state.clone();
            change(&mut next.services);
            let written = serde_json::to_vec_pretty(&next)
                .map_err(io::Error::other)
                .and_then(|bytes| write_whole(&store.path, &bytes));
            match written {
                Err(error) if anyway => {
                    tracing::error!(%error, "what should run could not be written down; it is done all the same");
                    *state = next;
                    Ok(())
                }
                Err(error) => Err(error),
                Ok(()) => {
                    *state = next;
                    Ok(())
                }
            }
        });
        written.await.map_err(io::Error::other)?
    }
}
