//! Who may send, and what bodies of any kind become.

use super::*;
use control::{driver::Settings, monitor::MonitorKind};
use domain::playbook::AlertLevel;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn inbox(settings: &Value) -> Result<AlertInbox, Refusal> {
    let settings: Settings = settings.as_object().cloned().expect("an object");
    let secrets = BTreeMap::from([("token".to_owned(), Secret::new("a-token-of-the-team"))]);
    AlertInbox::new(&Connection { kind: MonitorKind::Alertmanager, settings, secrets })
}

fn body(alerts: &Value) -> Vec<u8> {
    json!({
        "version": "4", "groupKey": "{}:{}", "truncatedAlerts": 2, "status": "firing", "receiver": "pilothouse",
        "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://alertmanager.example", "alerts": alerts
    })
    .to_string()
    .into_bytes()
}

fn firing(labels: &Value) -> Value {
    json!({
        "status": "firing", "labels": labels, "annotations": {"summary": "Too many errors"},
        "startsAt": "2026-03-01T10:00:00.5Z", "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.example", "fingerprint": "c0ffee"
    })
}

#[test]
fn only_the_token_opens() {
    let inbox = inbox(&json!({})).expect("an inbox");
    assert!(inbox.admits(Some("Bearer a-token-of-the-team")));
    assert!(inbox.admits(Some("bearer a-token-of-the-team")));
    for wrong in
        ["Bearer a-token-of-the-tean", "Bearer ", "Bearer", "Basic a-token-of-the-team", "a-token-of-the-team", ""]
    {
        assert!(!inbox.admits(Some(wrong)), "{wrong}");
    }
    assert!(!inbox.admits(None));
    assert!(!format!("{inbox:?}").contains("a-token"));
}

#[test]
fn a_critical_alert_is_one_of_its_product_and_environment_alone() {
    let inbox = inbox(&json!({})).expect("an inbox");
    let labels = json!({"alertname": "Errors", "severity": "critical", "product": "shop", "env": "production"});
    let delivery = inbox.read(&body(&json!([firing(&labels)]))).expect("read");
    assert_eq!(delivery.left_out, 2);
    let alert = &delivery.alerts[0];
    assert_eq!((alert.name.as_str(), alert.level, alert.until), ("Errors", Some(AlertLevel::Critical), None));
    assert!(alert.is_critical_in("shop", "production"));
    assert!(!alert.is_critical_in("shop", "staging"));
    assert!(!alert.is_critical_in("blog", "production"));
    for other in [
        json!({"severity": "warning", "product": "shop", "env": "production"}),
        json!({"severity": "sev0", "product": "shop", "env": "production"}),
        json!({"severity": "critical", "env": "production"}),
        json!({"severity": "critical", "product": "shop"}),
        json!({"severity": "critical", "product": "shop", "env": ""}),
        json!({}),
    ] {
        let delivery = inbox.read(&body(&json!([firing(&other)]))).expect("read");
        assert!(!delivery.alerts[0].is_critical_in("shop", "production"), "{other}");
    }
}

#[test]
fn an_alert_that_is_over_does_not_fire() {
    let mut row = firing(&json!({"severity": "critical", "product": "shop", "env": "production"}));
    row["status"] = json!("resolved");
    row["endsAt"] = json!("2026-03-01T10:05:00Z");
    let delivery = inbox(&json!({})).expect("an inbox").read(&body(&json!([row]))).expect("read");
    assert!(!delivery.alerts[0].is_critical_in("shop", "production"));
    assert!(delivery.alerts[0].until.is_some());
}

#[test]
fn labels_and_words_can_be_set() {
    let settings = json!({"product_label": "team", "env_label": "stage", "severity_label": "priority", "critical": ["P1", "page"]});
    let inbox = inbox(&settings).expect("an inbox");
    let labels = json!({"priority": "p1", "team": "shop", "stage": "production"});
    let delivery = inbox.read(&body(&json!([firing(&labels)]))).expect("read");
    assert!(delivery.alerts[0].is_critical_in("shop", "production"));
}

#[test]
fn any_other_body_is_refused_with_the_reason() {
    let inbox = inbox(&json!({})).expect("an inbox");
    for (wrong, field) in [
        (b"".to_vec(), "body"),
        (b"[]".to_vec(), "body"),
        (b"\xff\xfe".to_vec(), "body"),
        (json!({"version": "3", "alerts": []}).to_string().into_bytes(), "version"),
        (json!({"version": 4, "alerts": []}).to_string().into_bytes(), "body"),
        (json!({"version": "4"}).to_string().into_bytes(), "body"),
        (body(&json!([{"status": "burning", "startsAt": "2026-03-01T10:00:00Z"}])), "body"),
        (body(&json!([{"status": "firing", "startsAt": "yesterday"}])), "body"),
        (vec![b' '; LARGEST + 1], "body"),
    ] {
        let refusal = inbox.read(&wrong).expect_err("refused");
        assert_eq!(refusal.field.as_deref(), Some(field), "{refusal}");
    }
}

#[test]
fn a_short_token_and_a_word_with_two_meanings_are_refused() {
    let secrets = BTreeMap::from([("token".to_owned(), Secret::new("short"))]);
    let connection = Connection { kind: MonitorKind::Alertmanager, settings: Settings::new(), secrets };
    assert_eq!(AlertInbox::new(&connection).expect_err("refused").field.as_deref(), Some("token"));
    let twice = inbox(&json!({"critical": ["warning"]})).expect_err("refused");
    assert_eq!(twice.field.as_deref(), Some("critical"));
}
