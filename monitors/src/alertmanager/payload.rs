//! What the body of a delivery says: Alertmanager's webhook payload, version 4.

use super::{LARGEST, settings::Labels};
use control::monitor::{Alert, Delivery};
use domain::{Refusal, Timestamp};
use serde::Deserialize;
use std::collections::BTreeMap;

/// No delivery holds more.
const MOST_ALERTS: usize = 1_000;
/// So much of a text is kept.
const LONGEST: usize = 500;

/// Looked at first: of another version the rest may be anything.
#[derive(Deserialize)]
struct Version {
    version: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    #[serde(default)]
    truncated_alerts: u64,
    alerts: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    status: Status,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
    starts_at: Timestamp,
    ends_at: Option<Timestamp>,
    #[serde(default)]
    fingerprint: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Firing,
    Resolved,
}

pub(super) fn read(body: &[u8], labels: &Labels) -> Result<Delivery, Refusal> {
    if body.len() > LARGEST {
        return Err(Refusal::invalid("body", format!("{} bytes", body.len()), format!("at most {LARGEST}")));
    }
    let shape = |why: serde_json::Error| {
        Refusal::invalid("body", why.to_string(), "what Alertmanager's webhook_configs sends, version 4")
    };
    let Version { version } = serde_json::from_slice(body).map_err(shape)?;
    if version != "4" {
        let found: String = version.chars().take(20).collect();
        return Err(Refusal::invalid("version", format!("“{found}”"), "“4”"));
    }
    let payload: Payload = serde_json::from_slice(body).map_err(shape)?;
    if payload.alerts.len() > MOST_ALERTS {
        return Err(Refusal::invalid(
            "alerts",
            format!("{} alerts", payload.alerts.len()),
            format!("at most {MOST_ALERTS}"),
        ));
    }
    let alerts = payload.alerts.iter().map(|row| alert(row, labels)).collect();
    Ok(Delivery { alerts, left_out: payload.truncated_alerts })
}

fn alert(row: &Row, labels: &Labels) -> Alert {
    let label = |name: &str| row.labels.get(name).filter(|value| !value.is_empty()).map(|value| cut(value));
    let summary = ["summary", "description", "message"].iter().find_map(|name| row.annotations.get(*name));
    let fires = row.status == Status::Firing;
    Alert {
        name: label("alertname").unwrap_or_else(|| "an alert without a name".to_owned()),
        fires,
        level: row.labels.get(&labels.severity).and_then(|word| labels.level(word)),
        product: label(&labels.product),
        env: label(&labels.env),
        summary: summary.map(|text| cut(text)),
        labels: row.labels.iter().map(|(name, value)| (cut(name), cut(value))).collect(),
        since: row.starts_at,
        // Of one that fires it is a guess, or the year 1.
        until: row.ends_at.filter(|_| !fires),
        fingerprint: cut(&row.fingerprint),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}
