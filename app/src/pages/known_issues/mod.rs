//! Known issues: what is broken, what helps meanwhile, and since when it is mended. A list for each product, a page for
//! each issue, those of a release on its page, and the search over all that one sees.

mod functions;
mod history;
mod keeping;
mod list;
mod of_release;
mod one;
mod rows;
mod search;

pub use functions::{
    CloseKnownIssue, EditKnownIssue, FixKnownIssue, ReopenKnownIssue, ReportKnownIssue, close_known_issue,
    edit_known_issue, fix_known_issue, reopen_known_issue, report_known_issue,
};
pub use list::KnownIssuesPage;
pub(crate) use of_release::{OfRelease, OfReleaseSection};
pub use one::KnownIssuePage;
pub use search::SearchPage;

/// Those that hold texts which may be long.
pub const FORMS: [&str; 2] = [REPORT, EDIT];

/// The form of a new one.
const REPORT: &str = "/do/report_known_issue";
/// The form in which one is said otherwise.
const EDIT: &str = "/do/edit_known_issue";
