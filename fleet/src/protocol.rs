//! What is said over the fleet's socket: one JSON object a line, a question and its answer in turn.
//!
//! A fleet may be older than whoever speaks to it, and the other way round: fields that one side does not know are passed
//! over, what may be missing has a default, and a question that the fleet does not know is declined with its version.

use crate::router::{Counts, Sticky};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, net::SocketAddr};
use uuid::Uuid;

/// Rises when the meaning of something said changes; new fields do not change it.
pub const PROTOCOL: u32 = 1;

/// How the instances of a service are run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    pub product: String,
    pub env: String,
    /// Where customers come in.
    pub listen: SocketAddr,
    /// A program and its arguments, with `{{version}}`, `{{port}}`, `{{instance}}`, `{{product}}` and `{{env}}`.
    pub run: Vec<String>,
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// The path that answers 2xx when an instance is well.
    pub health: String,
    pub instances: u32,
    #[serde(default)]
    pub sticky: Sticky,
    /// So long an instance may finish what it has, and so long it may take to end afterwards.
    #[serde(default = "ten")]
    pub grace_seconds: u64,
    /// So long an instance may take until it is well for the first time.
    #[serde(default = "thirty")]
    pub start_seconds: u64,
}

fn ten() -> u64 {
    10
}

fn thirty() -> u64 {
    30
}

/// What is to be done to a service. Shares are in thousandths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    /// The version's instances stand beside the others, well, without traffic.
    Deploy,
    /// So large a share of the instances runs the version, and has as large a share of the traffic.
    Replace { share: u32 },
    /// So large a share of the traffic goes to the version.
    Weight { share: u32 },
    /// All traffic goes to the version; the other's instances stay.
    Promote,
    /// All instances end but the version's.
    Retire,
    /// All traffic goes to the version, which is started if it has ended; then all others end.
    RollBack,
}

/// One action on one service, with a key under which it happens once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub key: Uuid,
    /// Rises with each order for a service; a smaller one after a greater is declined.
    pub order: u64,
    pub service: String,
    pub action: Action,
    pub version: String,
    #[serde(default)]
    pub other: Option<String>,
    pub spec: Spec,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Question {
    Hello,
    Apply {
        order: Box<Order>,
    },
    /// What became of the order with this key.
    Outcome {
        key: Uuid,
    },
    Observe {
        service: String,
    },
    Counts {
        service: String,
    },
    /// All counts in Prometheus' text format.
    Metrics,
    /// The last lines of a version's instances, or of all.
    Log {
        service: String,
        version: Option<String>,
        lines: usize,
    },
    /// Whether the service could be run like this: nothing of what runs is touched.
    Try {
        service: String,
        spec: Spec,
        version: Option<String>,
    },
    /// Ends the service with all that runs for it.
    Remove {
        service: String,
        order: u64,
    },
    /// Ends the fleet with all that it runs; what should run is kept, and comes back with the next one.
    Stop,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    Hello(Hello),
    Outcome(Outcome),
    Observed {
        arms: Vec<ArmSeen>,
        /// The greatest order taken so far: smaller ones are declined.
        #[serde(default)]
        last_order: u64,
    },
    Counts {
        versions: BTreeMap<String, Counts>,
    },
    Text {
        text: String,
    },
    Lines {
        lines: Vec<String>,
    },
    Tried {
        findings: Vec<Tried>,
    },
    Well,
    /// Nothing happened, and nothing would at a second try.
    Declined {
        said: String,
    },
    /// Nothing happened; a second try may succeed.
    NotNow {
        said: String,
    },
    /// Something that a newer fleet says.
    #[serde(other)]
    Unknown,
}

/// Who answers at the socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Drawn anew at each start, and written beside the socket.
    pub nonce: Uuid,
    pub pid: u32,
    pub version: String,
    pub protocol: u32,
    pub started: String,
}

/// What became of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Outcome {
    Done { share: Option<u32>, said: String },
    Running { said: String },
    Failed { said: String },
    NeverSeen,
}

/// One version of a service as it runs now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArmSeen {
    pub version: String,
    /// In thousandths of a percent.
    pub share: u32,
    pub instances: u32,
    pub healthy: u32,
    /// What is wrong with an instance, if anything.
    #[serde(default)]
    pub said: Option<String>,
}

/// One thing that was looked at before anything runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    pub what: String,
    pub good: bool,
    pub said: String,
}

impl Action {
    pub fn name(self) -> &'static str {
        match self {
            Self::Deploy => "deploy",
            Self::Replace { .. } => "replace",
            Self::Weight { .. } => "weight",
            Self::Promote => "promote",
            Self::Retire => "retire",
            Self::RollBack => "roll_back",
        }
    }
}
