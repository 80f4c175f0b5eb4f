//! Alerts that a monitoring system sends.

use domain::{Refusal, Timestamp, playbook::AlertLevel};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One alert as it was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    pub name: String,
    /// False: it is over.
    pub fires: bool,
    /// None when its label is missing or a word that nobody set a meaning for.
    pub level: Option<AlertLevel>,
    /// None when the label is missing: then it matches no product.
    pub product: Option<String>,
    pub env: Option<String>,
    pub summary: Option<String>,
    pub labels: BTreeMap<String, String>,
    pub since: Timestamp,
    /// When it ended.
    pub until: Option<Timestamp>,
    /// The same for the same alert, however often it is delivered.
    pub fingerprint: String,
}

impl Alert {
    /// Fires, is critical, and belongs to this environment.
    pub fn is_critical_in(&self, product: &str, env: &str) -> bool {
        self.fires
            && self.level == Some(AlertLevel::Critical)
            && self.product.as_deref() == Some(product)
            && self.env.as_deref() == Some(env)
    }
}

/// One delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub alerts: Vec<Alert>,
    /// So many more fired that were not sent along.
    pub left_out: u64,
}

/// Takes in what a monitoring system sends.
pub trait Inbox: Send + Sync + std::fmt::Debug {
    /// Whether the header `Authorization` shows who sends; compared in constant time.
    fn admits(&self, authorization: Option<&str>) -> bool;
    /// Refused with the field that is not as agreed.
    fn read(&self, body: &[u8]) -> Result<Delivery, Refusal>;
}
