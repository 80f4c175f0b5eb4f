//! The runs of a workflow, and what they say of a task.

use control::driver::{Asked, Done};
use domain::rollout::Action;
use serde::Deserialize;
use uuid::Uuid;

/// One run, as GitHub lists it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Run {
    pub id: u64,
    /// What `run-name` made.
    #[serde(default)]
    pub display_title: String,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub status: Option<String>,
    #[serde(default)]
    pub conclusion: Option<String>,
    pub html_url: String,
}

/// A page of them.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    pub total_count: usize,
    pub workflow_runs: Vec<Run>,
}

/// What GitHub answers to a dispatch when it names the run at once.
#[derive(Debug, Deserialize)]
pub(super) struct Started {
    pub html_url: String,
}

impl Run {
    pub(super) fn carries(&self, key: Uuid) -> bool {
        let key = key.to_string();
        self.display_title.contains(&key) || self.name.as_ref().is_some_and(|name| name.contains(&key))
    }

    fn asked(&self, action: Action) -> Asked {
        let url = Some(self.html_url.clone());
        let running = |said: &str| Asked::Running { said: said.to_owned(), url: url.clone() };
        match (self.status.as_deref().unwrap_or_default(), self.conclusion.as_deref()) {
            ("completed", Some("success")) => {
                // What the workflow did with the traffic GitHub cannot read back; that it succeeded is all it says.
                Asked::Done(Done { share: None, said: format!("The run for {} succeeded.", action.kind()), url })
            }
            ("completed", conclusion) => {
                let how = match conclusion.unwrap_or("no conclusion") {
                    "failure" => "failed".to_owned(),
                    "cancelled" => "was cancelled".to_owned(),
                    "timed_out" => "ran out of time".to_owned(),
                    "startup_failure" => "could not start".to_owned(),
                    "skipped" => "was skipped: no job of it ran".to_owned(),
                    other => format!("ended with “{other}”"),
                };
                Asked::Failed(format!("The run {how}. What it had begun stands in its log: {}", self.html_url))
            }
            ("queued" | "pending" | "requested", _) => running("The run waits for a runner."),
            ("waiting", _) => running("The run waits for an approval or a timer of its environment on GitHub."),
            ("in_progress", _) => running("The run is at work."),
            (other, _) => running(&format!("The run is “{other}”.")),
        }
    }
}

/// What the runs with a task's key say of it; none without any.
pub(super) fn outcome(runs: &[Run], action: Action) -> Option<Asked> {
    match runs {
        [] => None,
        [one] => Some(one.asked(action)),
        several => {
            let links = several.iter().map(|run| run.html_url.as_str()).collect::<Vec<_>>().join(" and ");
            Some(Asked::CannotSay(format!(
                "{} runs carry the key of this one task: {links}. Compare what they did and decide.",
                several.len()
            )))
        }
    }
}
