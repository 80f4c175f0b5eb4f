//! Which driver moves versions and traffic in an environment, with what settings; secrets stand elsewhere, sealed.

use crate::rollout::Abilities;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    pub driver: String,
    #[serde(default)]
    pub settings: Map<String, Value>,
    /// The names of the secrets that were set.
    #[serde(default)]
    pub secrets: Vec<String>,
    /// What the driver can do with these settings.
    pub abilities: Abilities,
    /// How many instances run there, where the driver knows.
    #[serde(default)]
    pub instances: Option<u32>,
    /// Programs that show that what runs is well, each with its arguments.
    #[serde(default)]
    pub smoke: Vec<Vec<String>>,
    /// An address that answers with 2xx when what runs is well.
    #[serde(default)]
    pub health: Option<String>,
}
