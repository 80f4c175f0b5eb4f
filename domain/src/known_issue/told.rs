//! A known issue as plain text, to be pasted into a ticket or a message.

use super::{KnownIssue, State};
use std::fmt::Write as _;

/// All that helps somebody who has it, one thing a paragraph.
pub fn told(issue: &KnownIssue) -> String {
    let details = &issue.details;
    let mut text = format!("Known issue: {}\n", details.title);
    let _ = write!(text, "{} {}, severity {}, affects ", issue.product, issue.state().name(), details.severity);
    text.push_str(match details.affected.to_string().as_str() {
        "all" => "all versions",
        range => range,
    });
    if issue.state() == State::Fixed {
        let fixes: Vec<String> = issue.fixes.keys().map(ToString::to_string).collect();
        let _ = write!(text, ", fixed in {}", fixes.join(", "));
    }
    let _ = write!(text, "\n\n{}\n", details.description);
    if let Some(workaround) = &details.workaround {
        let _ = write!(text, "\nWorkaround: {workaround}\n");
    }
    if let Some(closed) = &issue.closed {
        let _ = write!(text, "\nClosed: {}\n", closed.reason);
    }
    if let Some(tracking) = &details.tracking {
        let _ = write!(text, "\n{tracking}\n");
    }
    text
}
