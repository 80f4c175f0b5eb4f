//! The read model of everything: rebuilt from the record at start, kept current by every event, cheap to copy.
//!
//! A `World` is a value: readers keep the one they took while writers make the next.

mod apply;
mod calendars;
mod known_issues;
mod past;
mod rollouts;
mod scene;
mod snapshot;
mod view;

pub use past::Reported;
pub(crate) use rollouts::no_driver;
pub use rollouts::{Choice, Prospect};
pub use scene::Today;
pub use snapshot::{FINGERPRINT, Snapshot};
pub use view::Entry;

use calendars::Calendars;
use domain::{
    Timestamp,
    automation::Stopped,
    dora::import::{ImportId, Past},
    environment::{Environment, EnvironmentId},
    gate::Awaited,
    journal::{Seq, Stream},
    known_issue::{KnownIssue, KnownIssueId},
    person::{Person, PersonId, Reach},
    playbook::{GateId, Published},
    product::Product,
    release::ReleaseId,
    rollout::{Rollout, RolloutId},
    slug::{EnvName, PlaybookName, ProductSlug, RoleId},
    window::Windows,
};
use imbl::{HashMap, OrdMap, OrdSet};
use std::sync::Arc;

#[derive(Debug, Clone, Default)]
pub struct World {
    /// The last event that is in it.
    pub seq: Seq,
    products: OrdMap<ProductSlug, Arc<Product>>,
    releases: OrdMap<ReleaseId, Arc<Entry>>,
    people: OrdMap<PersonId, Arc<Person>>,
    playbooks: OrdMap<PlaybookName, Arc<Published>>,
    environments: OrdMap<EnvironmentId, Arc<Environment>>,
    /// What is set in the calendar beside the playbooks.
    windows: OrdMap<Reach, Arc<Windows>>,
    calendars: Calendars,
    rollouts: OrdMap<RolloutId, Arc<Rollout>>,
    /// By product and the place of their start in the record.
    rollouts_of: OrdMap<(ProductSlug, Seq), RolloutId>,
    under_way: OrdSet<RolloutId>,
    /// Where automation is stopped, and why.
    stopped: OrdMap<Reach, Arc<Stopped>>,
    /// By the product that has it.
    known_issues: OrdMap<(ProductSlug, KnownIssueId), Arc<KnownIssue>>,
    /// Deployments that were reported, by product and place in the record.
    reported: OrdMap<(ProductSlug, Seq), Arc<Reported>>,
    /// Imports of past deliveries by their place in the record.
    imports: OrdMap<Seq, Arc<Past>>,
    import_places: HashMap<ImportId, Seq>,
    versions: HashMap<Stream, u64>,
    /// Releases by their last change.
    by_change: OrdMap<Seq, Arc<Entry>>,
    /// Unfilled places by role, the longest waiting first.
    waiting: OrdMap<RoleId, OrdMap<(Timestamp, ReleaseId), Arc<Entry>>>,
    /// Gates that wait for somebody's answer, by role, the longest waiting first.
    signing: OrdMap<RoleId, OrdSet<(Timestamp, ReleaseId, GateId, EnvName)>>,
    /// Both by release.
    awaited: HashMap<ReleaseId, (Timestamp, Vec<Awaited>)>,
    /// Who named whom as a stand-in.
    absent: HashMap<PersonId, OrdSet<PersonId>>,
}
