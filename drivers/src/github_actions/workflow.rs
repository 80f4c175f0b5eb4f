//! What a workflow must have so that its runs can be started and found again.

use control::driver::Finding;
use serde::Deserialize;

/// The inputs that every dispatch sends. GitHub declines one that the workflow does not declare.
pub(super) const INPUTS: [&str; 6] = ["action", "version", "other", "percentage", "environment", "key"];

#[derive(Debug, Deserialize)]
pub(super) struct Workflow {
    pub state: String,
    pub html_url: String,
}

impl Workflow {
    pub(super) fn finding(&self) -> Finding {
        let good = self.state == "active";
        let said = if good {
            format!("It is active: {}. Whether the token may start it shows with the first run only.", self.html_url)
        } else {
            format!(
                "It is “{}”. Somebody who may change the repository's workflows switches it on: {}",
                self.state, self.html_url
            )
        };
        Finding { what: "The workflow".to_owned(), good, said }
    }
}

/// Whether the text of a workflow does what the driver relies on.
pub(super) fn findings(text: &str) -> Vec<Finding> {
    let named =
        text.lines().map(str::trim_start).any(|line| line.starts_with("run-name:") && line.contains("inputs.key"));
    let missing: Vec<&str> = INPUTS.into_iter().filter(|input| !declares(text, input)).collect();
    vec![
        Finding {
            what: "The name of its runs".to_owned(),
            good: named,
            said: if named {
                "It carries the key, so that a run is found again.".to_owned()
            } else {
                "A line such as “run-name: Pilothouse ${{ inputs.action }} ${{ inputs.version }} ${{ inputs.key }}” is missing at the \
                 top of the workflow: without the key in their names no run is found again."
                    .to_owned()
            },
        },
        Finding {
            what: "Its inputs".to_owned(),
            good: missing.is_empty(),
            said: if missing.is_empty() {
                "All that are sent are declared under workflow_dispatch.".to_owned()
            } else {
                format!(
                    "Not declared under workflow_dispatch: {}. GitHub declines what is not declared.",
                    missing.join(", ")
                )
            },
        },
    ]
}

fn declares(text: &str, input: &str) -> bool {
    let key = format!("{input}:");
    text.lines().map(str::trim_start).any(|line| line.starts_with(&key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workflow_of_the_page_has_all_that_is_needed() {
        let page = include_str!("../../../docs/drivers/github-actions.md");
        let start = page.find("```yaml").expect("an example") + "```yaml".len();
        let example = &page[start..start + page[start..].find("```").expect("its end")];
        assert!(findings(example).iter().all(|finding| finding.good), "{:?}", findings(example));
    }

    #[test]
    fn what_is_missing_is_named() {
        let text = "run-name: Deploy ${{ inputs.version }}\non:\n  workflow_dispatch:\n    inputs:\n      version:\n      key:\n";
        let [named, inputs] = findings(text).try_into().expect("two findings");
        assert!(!named.good && !inputs.good);
        assert!(inputs.said.contains("action, other, percentage, environment"), "{}", inputs.said);
    }
}
