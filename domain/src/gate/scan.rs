//! Findings of a scan, counted by gravity out of a SARIF file.

use crate::playbook::Gravity;
use serde_json::Value;
use std::collections::BTreeMap;

/// Why a file is not SARIF.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{field}”: found {found}; allowed is {allowed}")]
pub struct SarifFault {
    pub field: String,
    pub found: String,
    pub allowed: &'static str,
}

/// How many findings of each gravity a SARIF 2.1 file holds, suppressed ones left out, with the tool's name. A run that
/// says of itself that it failed is refused.
///
/// A rule's `security-severity` decides (9 and more is critical, 7 high, 4 medium); otherwise the level does:
/// an error counts as high, a warning as medium, a note as low.
pub fn findings_of_sarif(file: &Value) -> Result<(String, BTreeMap<Gravity, u32>), SarifFault> {
    let fault = |field: &str, found: &Value, allowed| SarifFault {
        field: field.to_owned(),
        found: match found {
            Value::Null => "nothing".to_owned(),
            Value::Array(items) => format!("a list of {}", items.len()),
            Value::Object(_) => "an object".to_owned(),
            plain => plain.to_string().chars().take(60).collect(),
        },
        allowed,
    };
    let runs = file.get("runs").and_then(Value::as_array).filter(|runs| !runs.is_empty());
    let Some(runs) = runs else {
        return Err(fault("runs", file.get("runs").unwrap_or(&Value::Null), "a list of at least one run"));
    };
    let (mut tools, mut counted) = (Vec::new(), BTreeMap::new());
    for (n, run) in runs.iter().enumerate() {
        let tool = &run["tool"];
        let Some(name) = tool["driver"]["name"].as_str() else {
            return Err(fault(&format!("runs[{n}].tool.driver.name"), &tool["driver"]["name"], "the name of the tool"));
        };
        tools.push(name.to_owned());
        let invocations = run["invocations"].as_array().into_iter().flatten();
        if let Some((i, _)) = invocations.enumerate().find(|(_, i)| i["executionSuccessful"] == Value::Bool(false)) {
            let field = format!("runs[{n}].invocations[{i}].executionSuccessful");
            return Err(fault(&field, &Value::Bool(false), "true: a scan that failed says nothing"));
        }
        let Some(results) = run["results"].as_array() else {
            // Without results the run did not take place; an empty list says that nothing was found.
            return Err(fault(&format!("runs[{n}].results"), &run["results"], "a list of results, empty if none"));
        };
        for result in results.iter().filter(|result| counts(result)) {
            let count: &mut u32 = counted.entry(gravity(result, tool)).or_default();
            *count = count.saturating_add(1);
        }
    }
    tools.dedup();
    Ok((tools.join(", "), counted))
}

/// Neither accepted as it is, nor gone since the run before, nor something else than a finding.
fn counts(result: &Value) -> bool {
    let suppressions = result["suppressions"].as_array().map(Vec::as_slice).unwrap_or_default();
    // One that is under review or was rejected suppresses nothing.
    let accepted = |s: &Value| !matches!(s["status"].as_str(), Some("underReview" | "rejected"));
    let suppressed = !suppressions.is_empty() && suppressions.iter().all(accepted);
    let absent = result["baselineState"].as_str() == Some("absent");
    !suppressed && !absent && result["kind"].as_str().unwrap_or("fail") == "fail"
}

fn gravity(result: &Value, tool: &Value) -> Gravity {
    let rule = rule_of(result, tool);
    let score = |of: &Value| -> Option<f64> {
        let severity = &of["properties"]["security-severity"];
        let score = severity.as_f64().or_else(|| severity.as_str()?.trim().parse().ok())?;
        (0.0..=10.0).contains(&score).then_some(score)
    };
    if let Some(score) = score(result).or_else(|| rule.and_then(score)) {
        return match score {
            s if s >= 9.0 => Gravity::Critical,
            s if s >= 7.0 => Gravity::High,
            s if s >= 4.0 => Gravity::Medium,
            _ => Gravity::Low,
        };
    }
    let level = result["level"].as_str().or_else(|| rule?["defaultConfiguration"]["level"].as_str());
    match level {
        Some("error") => Gravity::High,
        Some("note" | "none") => Gravity::Low,
        _ => Gravity::Medium,
    }
}

/// The rule that a result breaks: of the tool itself, or of the extension that it names.
fn rule_of<'a>(result: &Value, tool: &'a Value) -> Option<&'a Value> {
    let number = |value: &Value| value.as_u64().and_then(|n| usize::try_from(n).ok());
    let reference = &result["rule"];
    let extensions = || tool["extensions"].as_array().into_iter().flatten();
    let named = number(&reference["toolComponent"]["index"]).and_then(|n| extensions().nth(n));
    let index = number(&result["ruleIndex"]).or_else(|| number(&reference["index"]));
    let component = named.unwrap_or(&tool["driver"]);
    if let Some(rule) = index.and_then(|n| component["rules"].as_array()?.get(n)) {
        return Some(rule);
    }
    let id = result["ruleId"].as_str().or_else(|| reference["id"].as_str())?;
    let all = [component, &tool["driver"]].into_iter().chain(extensions());
    all.flat_map(|of| of["rules"].as_array().into_iter().flatten()).find(|rule| rule["id"].as_str() == Some(id))
}
