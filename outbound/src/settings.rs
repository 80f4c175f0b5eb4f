//! Reads what was set for a connection against the fields it has: what is unknown, missing or of another type is refused by name.

use control::driver::{Connection, Field, FieldKind, Secret, Settings};
use domain::{Refusal, playbook::nearest, text};
use serde_json::Value;
use std::{collections::BTreeMap, fmt, ops::RangeInclusive};

/// The settings of one connection, each of the type that its field says. What was left empty is not set.
#[derive(Debug, Clone, Copy)]
pub struct Read<'a> {
    settings: &'a Settings,
    secrets: &'a BTreeMap<String, Secret>,
}

/// Refused with the first field that is wrong, in the order of the form; unknown ones first.
pub fn read<'a, K>(connection: &'a Connection<K>, fields: &[Field]) -> Result<Read<'a>, Refusal> {
    known(connection.settings.keys(), fields, false)?;
    known(connection.secrets.keys(), fields, true)?;
    let read = Read { settings: &connection.settings, secrets: &connection.secrets };
    for field in fields {
        let there = if field.kind == FieldKind::Secret {
            read.secret(field.name).is_some()
        } else {
            if let Some(value) = read.value(field.name) {
                fits(field, value)?;
            }
            read.value(field.name).is_some()
        };
        if field.required && !there {
            return Err(wrong(field.name, "nothing", field.help));
        }
    }
    Ok(read)
}

/// A refusal that names the field, and who can help.
pub fn wrong(field: &str, found: impl Into<String>, allowed: impl fmt::Display) -> Refusal {
    let allowed = allowed.to_string();
    let mut refusal = Refusal::invalid(field, found, allowed.trim_end_matches('.'));
    refusal.who_can_help = Some("Whoever set up this connection".to_owned());
    refusal
}

impl<'a> Read<'a> {
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.value(name)?.as_str().map(str::trim)
    }

    /// A text that the form requires: [`read`] has seen it.
    pub fn needed(&self, name: &str) -> Result<&'a str, Refusal> {
        self.text(name).ok_or_else(|| wrong(name, "nothing", "a text"))
    }

    pub fn whole(&self, name: &str, range: RangeInclusive<u64>, otherwise: u64) -> Result<u64, Refusal> {
        match self.value(name) {
            None => Ok(otherwise),
            Some(value) => value.as_u64().filter(|number| range.contains(number)).ok_or_else(|| {
                wrong(name, format!("{value}"), format!("a whole number from {} to {}", range.start(), range.end()))
            }),
        }
    }

    pub fn list(&self, name: &str) -> Option<Vec<String>> {
        let texts = self.value(name)?.as_array()?.iter().filter_map(Value::as_str);
        Some(texts.map(str::to_owned).collect())
    }

    pub fn pairs(&self, name: &str) -> Vec<(String, String)> {
        let pairs = self.value(name).and_then(Value::as_object).into_iter().flatten();
        pairs.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
    }

    pub fn switch(&self, name: &str) -> bool {
        self.value(name).and_then(Value::as_bool).unwrap_or(false)
    }

    pub fn secret(&self, name: &str) -> Option<&'a Secret> {
        self.secrets.get(name).filter(|secret| !secret.reveal().trim().is_empty())
    }

    fn value(self, name: &str) -> Option<&'a Value> {
        self.settings.get(name).filter(|value| match value {
            Value::Null => false,
            Value::String(text) => !text.trim().is_empty(),
            Value::Array(items) => !items.is_empty(),
            Value::Object(pairs) => !pairs.is_empty(),
            _ => true,
        })
    }
}

fn known<'k>(names: impl Iterator<Item = &'k String>, fields: &[Field], secret: bool) -> Result<(), Refusal> {
    for name in names {
        match fields.iter().find(|field| field.name == name) {
            Some(field) if (field.kind == FieldKind::Secret) == secret => {}
            Some(_) if secret => return Err(wrong(name, "a secret", "a setting that is no secret")),
            // The value is not repeated: it is a secret in the wrong place.
            Some(_) => return Err(wrong(name, "a plain setting", "a secret, which is kept apart and shown nowhere")),
            None => {
                let fields: Vec<&str> = fields
                    .iter()
                    .filter(|field| (field.kind == FieldKind::Secret) == secret)
                    .map(|field| field.name)
                    .collect();
                let what = if secret {
                    "a secret that this kind does not have"
                } else {
                    "a setting that this kind does not have"
                };
                let mut allowed = if fields.is_empty() { "none".to_owned() } else { text::list(&fields) };
                if let Some(near) = nearest(name, fields.iter().copied()) {
                    allowed = format!("{allowed}; did you mean “{near}”?");
                }
                return Err(wrong(name, what, allowed));
            }
        }
    }
    Ok(())
}

fn fits(field: &Field, value: &Value) -> Result<(), Refusal> {
    let (good, allowed) = match field.kind {
        FieldKind::Text => (value.is_string(), "a text".to_owned()),
        FieldKind::Number => (value.is_number(), "a number".to_owned()),
        FieldKind::Argv => {
            (value.as_array().is_some_and(|items| items.iter().all(Value::is_string)), "a list of texts".to_owned())
        }
        FieldKind::Pairs => {
            (value.as_object().is_some_and(|pairs| pairs.values().all(Value::is_string)), "names with texts".to_owned())
        }
        FieldKind::Switch => (value.is_boolean(), "true or false".to_owned()),
        FieldKind::Choice(words) => (value.as_str().is_some_and(|word| words.contains(&word)), text::either(words)),
        FieldKind::Secret => (true, String::new()),
    };
    if good { Ok(()) } else { Err(wrong(field.name, kind_of(value), allowed)) }
}

fn kind_of(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => format!("“{}”", text.chars().take(60).collect::<String>()),
        Value::Array(_) => "a list of something else than texts".to_owned(),
        Value::Object(_) => "names with something else than texts".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use control::driver::DriverKind;
    use serde_json::json;

    const FIELDS: &[Field] = &[
        field("url", FieldKind::Text, true),
        field("limit_seconds", FieldKind::Number, false),
        field("allow_hosts", FieldKind::Argv, false),
        field("environment", FieldKind::Pairs, false),
        field("mode", FieldKind::Choice(&["slow", "fast"]), false),
        field("signing_secret", FieldKind::Secret, true),
    ];

    const fn field(name: &'static str, kind: FieldKind, required: bool) -> Field {
        Field { name, title: "", help: "something", kind, required }
    }

    fn connection(settings: Value, secrets: &[(&str, &str)]) -> Connection {
        let Value::Object(settings) = settings else { panic!("an object") };
        let secrets = secrets.iter().map(|(name, text)| ((*name).to_owned(), Secret::new(*text))).collect();
        Connection { kind: DriverKind::Webhook, settings, secrets }
    }

    fn refused(settings: Value, secrets: &[(&str, &str)]) -> Refusal {
        read(&connection(settings, secrets), FIELDS).expect_err("refused")
    }

    #[test]
    fn all_that_fits_is_read() {
        let settings = json!({ "url": " https://x ", "limit_seconds": 7, "allow_hosts": ["a"], "environment": {"A": "b"}, "mode": "" });
        let connection = connection(settings, &[("signing_secret", "s3cret")]);
        let read = read(&connection, FIELDS).expect("read");
        assert_eq!(read.text("url"), Some("https://x"));
        assert_eq!(read.whole("limit_seconds", 1..=10, 5), Ok(7));
        assert!(read.whole("limit_seconds", 1..=5, 5).is_err());
        assert_eq!(read.list("allow_hosts"), Some(vec!["a".to_owned()]));
        assert_eq!(read.pairs("environment"), vec![("A".to_owned(), "b".to_owned())]);
        assert_eq!(read.text("mode"), None);
        assert_eq!(read.secret("signing_secret").map(Secret::reveal), Some("s3cret"));
    }

    #[test]
    fn what_is_wrong_is_refused_by_name() {
        let secret = [("signing_secret", "s3cret")];
        for (settings, field, words) in [
            (json!({}), "url", "found nothing"),
            (json!({ "url": " " }), "url", "found nothing"),
            (json!({ "url": 7 }), "url", "found 7; allowed is a text"),
            (json!({ "url": "x", "limit_secconds": 7 }), "limit_secconds", "did you mean “limit_seconds”?"),
            (
                json!({ "url": "x", "zebra": 7 }),
                "zebra",
                "allowed is url, limit_seconds, allow_hosts, environment and mode",
            ),
            (json!({ "url": "x", "allow_hosts": "a" }), "allow_hosts", "found “a”; allowed is a list of texts"),
            (json!({ "url": "x", "allow_hosts": [1] }), "allow_hosts", "a list of something else than texts"),
            (json!({ "url": "x", "environment": {"A": 1} }), "environment", "allowed is names with texts"),
            (json!({ "url": "x", "mode": "medium" }), "mode", "allowed is slow or fast"),
        ] {
            let refusal = refused(settings, &secret);
            assert_eq!(refusal.field.as_deref(), Some(field));
            assert!(refusal.detail.contains(words), "{}", refusal.detail);
            assert!(refusal.who_can_help.is_some());
        }
    }

    #[test]
    fn a_secret_is_a_secret_and_never_repeated() {
        let missing = refused(json!({ "url": "x" }), &[]);
        assert_eq!(missing.field.as_deref(), Some("signing_secret"));
        let open = refused(json!({ "url": "x", "signing_secret": "s3cret" }), &[]);
        assert_eq!(open.field.as_deref(), Some("signing_secret"));
        assert!(!format!("{open:?}").contains("s3cret"));
        let unknown = refused(json!({ "url": "x" }), &[("signing_secret", "s3cret"), ("token", "t0ken")]);
        assert_eq!(unknown.field.as_deref(), Some("token"));
        assert!(!format!("{unknown:?}").contains("t0ken"));
    }
}
