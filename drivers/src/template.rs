//! What a task fills into the templates of settings.

pub use outbound::template::{Template, Values};

use control::driver::Task;
use domain::environment::EnvironmentId;

/// What every task can fill in.
pub const VARIABLES: [&str; 7] = ["version", "other", "percentage", "env", "product", "key", "artifact"];

/// What a task fills in. What is not there before a first deployment is an empty text; an artifact must be there.
pub fn values(task: &Task) -> Values {
    let mut values = of_place(&task.place);
    values.insert("version", task.version.to_string());
    values.insert("other", task.other.as_ref().map(ToString::to_string).unwrap_or_default());
    values.insert("key", task.key.to_string());
    if let Some(share) = task.action.share() {
        values.insert("percentage", share.amount().to_string());
    }
    if let Some(artifact) = task.artifacts.first() {
        values.insert("artifact", format!("{}@{}", artifact.name, artifact.digest));
    }
    values
}

/// What is known without a task.
pub fn of_place(place: &EnvironmentId) -> Values {
    Values::from([("env", place.env.to_string()), ("product", place.product.to_string())])
}
