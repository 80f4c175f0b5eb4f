//! The environment of the process, read here and nowhere else.

use std::collections::BTreeMap;

/// Every variable that begins with `PILOTHOUSE_`. Others of that prefix than ours (container platforms make some) are
/// passed over.
pub fn of_process() -> BTreeMap<String, String> {
    std::env::vars().filter(|(name, _)| name.starts_with("PILOTHOUSE_")).collect()
}

/// Where client verbs go and as whom: `PILOTHOUSE_URL`, `PILOTHOUSE_TOKEN`.
pub fn client_environment() -> (Option<String>, Option<String>) {
    let mut all = of_process();
    (all.remove("PILOTHOUSE_URL"), all.remove("PILOTHOUSE_TOKEN"))
}
