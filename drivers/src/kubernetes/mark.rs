//! What Pilothouse writes onto an object, so that it can be asked afterwards which task was carried out last.

use control::driver::{Fault, Task};
use domain::release::Version;
use kube::api::DynamicObject;
use serde_json::{Value, json};
use uuid::Uuid;

const KEY: &str = "pilothouse.dev/key";
const ORDER: &str = "pilothouse.dev/order";
const VERSION: &str = "pilothouse.dev/version";
const IMAGE: &str = "pilothouse.dev/image";

/// The last task's mark.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    pub key: Option<Uuid>,
    pub order: u64,
    version: Option<Version>,
    image: Option<String>,
}

impl Mark {
    pub(crate) fn on(object: &DynamicObject) -> Self {
        let text = |name: &str| object.metadata.annotations.as_ref().and_then(|all| all.get(name)).map(String::as_str);
        Self {
            key: text(KEY).and_then(|key| key.parse().ok()),
            order: text(ORDER).and_then(|order| order.parse().ok()).unwrap_or_default(),
            version: text(VERSION).and_then(|version| version.parse().ok()),
            image: text(IMAGE).map(str::to_owned),
        }
    }

    /// The annotations that a task leaves.
    pub(crate) fn of(task: &Task, image: &str) -> Value {
        json!({
            KEY: task.key.to_string(),
            ORDER: task.order.to_string(),
            VERSION: task.version.to_string(),
            IMAGE: image,
        })
    }

    pub(crate) fn is_of(&self, task: &Task) -> bool {
        self.key == Some(task.key)
    }

    /// Declines a task that was overtaken.
    pub(crate) fn admits(&self, task: &Task) -> Result<(), Fault> {
        if self.key.is_some() && self.order > task.order {
            return Err(Fault::declined(format!(
                "A later task ({}) has been carried out there already; this one ({}) comes too late.",
                self.order, task.order
            )));
        }
        Ok(())
    }

    /// The version that was written down with just this image.
    pub(crate) fn version_of(&self, image: &str) -> Option<Version> {
        self.version.clone().filter(|_| self.image.as_deref() == Some(image))
    }
}
