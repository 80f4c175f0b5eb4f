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

/// How many findings of each gravity a SARIF 2.1 file holds, suppressed ones left out, with the tool's name.
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
        let driver = &run["tool"]["driver"];
        let Some(tool) = driver["name"].as_str() else {
            return Err(fault(&format!("runs[{n}].tool.driver.name"), &driver["name"], "the name of the tool"));
        };
        tools.push(tool.to_owned());
        let Some(results) = run["results"].as_array() else {
            // Without results the run did not take place; an empty list says that nothing was found.
            return Err(fault(&format!("runs[{n}].results"), &run["results"], "a list of results, empty if none"));
        };
        let shown = results.iter().filter(|result| {
            !result["suppressions"].as_array().is_some_and(|s| !s.is_empty())
                && result["kind"].as_str().unwrap_or("fail") == "fail"
        });
        for result in shown {
            *counted.entry(gravity(result, driver)).or_insert(0) += 1;
        }
    }
    tools.dedup();
    Ok((tools.join(", "), counted))
}

fn gravity(result: &Value, driver: &Value) -> Gravity {
    let rule = rule_of(result, driver);
    let score = |of: &Value| -> Option<f64> {
        let severity = &of["properties"]["security-severity"];
        severity.as_f64().or_else(|| severity.as_str()?.parse().ok())
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

fn rule_of<'a>(result: &Value, driver: &'a Value) -> Option<&'a Value> {
    let rules = driver["rules"].as_array()?;
    let index = result["ruleIndex"].as_u64().and_then(|n| usize::try_from(n).ok());
    index.and_then(|n| rules.get(n)).or_else(|| {
        let id = result["ruleId"].as_str()?;
        rules.iter().find(|rule| rule["id"].as_str() == Some(id))
    })
}
