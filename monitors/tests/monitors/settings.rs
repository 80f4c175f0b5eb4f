//! Settings that cannot work are refused by field, with what is allowed, before anything is asked.

use crate::given::{SECRET, connection, instruments, place, refused};
use control::{
    driver::{FieldKind, Secret},
    monitor::{MonitorKind, Observatory},
};
use serde_json::{Value, json};

fn with(base: &Value, field: &str, value: Value) -> Value {
    let mut settings = base.clone();
    settings[field] = value;
    settings
}

#[test]
fn a_wrong_field_of_prometheus_is_named() {
    let good = json!({"url": "https://prometheus.example", "requests": "sum by (version) (increase(r[{{window}}]))"});
    assert!(instruments().monitor(&place(), &connection(MonitorKind::Prometheus, good.clone())).is_ok());
    for (field, value, words) in [
        ("url", json!("prometheus.example"), "allowed is an address"),
        ("url", json!("https://prometheus.example/?x=1"), "? or #"),
        ("requests", json!("sum by (version) (increase(r[1m]))"), "no {{window}} in it"),
        ("requests", json!("sum(increase(r[{{window}}]))"), "nothing that tells the two versions apart"),
        ("requests", json!("sum by (version) (increase(r{x=\"{{sevrice}}\"}[{{window}}]))"), "the unknown place"),
        ("errors", json!("sum(increase(e[{{window}}]))"), "nothing that tells the two versions apart"),
        ("latency_unit", json!("minutes"), "allowed is s or ms"),
        ("services", json!(["web", "api"]), "nothing that tells web and api apart"),
        ("arm_label", json!("a label"), "letters, digits and _"),
        ("stable_value", json!("{{arm}}"), "the unknown place"),
        ("limit_seconds", json!(600), "1 to 60"),
        ("user", json!("somebody"), "a token beside a user name"),
        ("gauges", json!({"CPU": "avg by (version) (x)"}), "the id of a signal"),
        ("gauges", json!({"errors": "avg by (version) (x)"}), "another name"),
        ("gauges", json!({"cpu": "avg(x)"}), "cpu: "),
    ] {
        let refusal = refused(MonitorKind::Prometheus, with(&good, field, value.clone()));
        let named = refusal.field.clone().unwrap_or_default();
        let blamed = if field == "services" {
            "requests"
        } else if field == "user" {
            "token"
        } else {
            field
        };
        assert_eq!(named, blamed, "{refusal}");
        assert!(refusal.detail.contains(words), "{field} {value}: {}", refusal.detail);
        assert!(refusal.who_can_help.is_some());
        assert!(!format!("{refusal:?}").contains(SECRET));
    }
    let none = refused(MonitorKind::Prometheus, json!({"url": "https://prometheus.example"}));
    assert!(none.detail.contains("at least one of requests, latency and gauges"), "{}", none.detail);
    let errors = json!({"url": "https://p.example", "errors": "sum by (version) (increase(e[{{window}}]))"});
    assert_eq!(refused(MonitorKind::Prometheus, errors).field.as_deref(), Some("requests"));
}

#[test]
fn a_wrong_field_of_the_others_is_named() {
    let scrape = json!({"pages": ["http://shop-{{arm}}.internal/metrics"], "requests": "r_total"});
    let read = json!({"url": "https://stats.example/{{arm}}", "requests": "/requests"});
    let health = json!({"url": "https://shop.example/health"});
    for (kind, base) in [(MonitorKind::Scrape, &scrape), (MonitorKind::Json, &read), (MonitorKind::Health, &health)] {
        instruments().monitor(&place(), &connection(kind, base.clone())).expect("a monitor");
    }
    for (kind, base, field, value, words) in [
        (
            MonitorKind::Scrape,
            &scrape,
            "pages",
            json!(["http://shop.internal/metrics"]),
            "tells the two versions apart",
        ),
        (MonitorKind::Scrape, &scrape, "pages", json!(["shop-{{arm}}/metrics"]), "an address"),
        (MonitorKind::Scrape, &scrape, "pages", json!(vec!["http://{{arm}}/metrics"; 51]), "at most 50"),
        (MonitorKind::Scrape, &scrape, "requests", json!("rate(r_total[1m])"), "a metric such as"),
        (MonitorKind::Json, &read, "url", json!("https://stats.example/"), "tells the two versions apart"),
        (MonitorKind::Json, &read, "requests", json!("requests"), "begins with a slash"),
        (MonitorKind::Json, &read, "time", json!("$.time"), "begins with a slash"),
        (MonitorKind::Health, &health, "status", json!("ok"), "a status such as 200"),
        (MonitorKind::Health, &health, "status", json!("299-200"), "a status such as 200"),
        (MonitorKind::Health, &health, "every_seconds", json!(1), "5 to 300"),
        (MonitorKind::Health, &health, "services", json!(["web", "api"]), "{{service}} in it"),
    ] {
        let refusal = refused(kind, with(base, field, value.clone()));
        assert!(refusal.detail.contains(words), "{kind} {field} {value}: {}", refusal.detail);
    }
}

#[test]
fn every_kind_describes_its_fields_once_each_and_secrets_as_secrets() {
    for kind in MonitorKind::ALL {
        let fields = instruments().fields(kind);
        assert_eq!(MonitorKind::named(kind.name()), Some(kind));
        for (at, field) in fields.iter().enumerate() {
            assert!(!field.title.is_empty() && !field.help.is_empty(), "{kind} {}", field.name);
            assert!(fields[..at].iter().all(|other| other.name != field.name), "{kind} {} twice", field.name);
            assert_eq!(
                field.kind == FieldKind::Secret,
                matches!(field.name, "token" | "password"),
                "{kind} {}",
                field.name
            );
        }
    }
    let mut alerts = connection(MonitorKind::Alertmanager, json!({}));
    assert!(instruments().monitor(&place(), &alerts).is_err(), "it asks nothing");
    assert!(instruments().inbox(&alerts).is_ok());
    alerts.secrets.insert("token".to_owned(), Secret::new("short"));
    assert_eq!(instruments().inbox(&alerts).expect_err("refused").field.as_deref(), Some("token"));
}
