//! What can be set for the local fleet, and how it is read.

use control::driver::{Field, FieldKind, Settings};
use domain::{Refusal, environment::EnvironmentId};
use fleet::{Sticky, protocol::Spec};
use serde_json::Value;
use std::{collections::BTreeMap, net::SocketAddr};

/// The fields of the form, in its order.
pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "listen",
        title: "Address",
        help: "Where customers, or the TLS in front of them, reach the service: 127.0.0.1:8080",
        kind: FieldKind::Text,
        required: true,
    },
    Field {
        name: "run",
        title: "Program",
        help: "The program and its arguments, one a line, without a shell. {{version}}, {{port}}, {{instance}}, {{product}} and {{env}} are filled in: /srv/shop/{{version}}/shop, --listen, 127.0.0.1:{{port}}",
        kind: FieldKind::Argv,
        required: true,
    },
    Field {
        name: "environment",
        title: "Environment",
        help: "Variables of the program; the same names are filled in. LOG_LEVEL=info. Not for secrets: these values can be read by whoever reads the settings",
        kind: FieldKind::Pairs,
        required: false,
    },
    Field {
        name: "health",
        title: "Health check",
        help: "The path that answers 2xx when an instance is well: /health",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "instances",
        title: "Instances",
        help: "How many of each version run beside each other, 1 to 64. Without it: 1",
        kind: FieldKind::Number,
        required: false,
    },
    Field {
        name: "sticky",
        title: "Customers stay with a version",
        help: "“none”: each request for itself. “header:NAME”: by the value of a header. “cookie”: by a cookie of the router. “address”: by where the connection comes from",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "grace_seconds",
        title: "Grace",
        help: "So long an instance may finish what it has, and as long again it may take to end, 0 to 3600. Without it: 10",
        kind: FieldKind::Number,
        required: false,
    },
    Field {
        name: "start_seconds",
        title: "Start",
        help: "So long an instance may take until it is well, 1 to 3600. Without it: 30",
        kind: FieldKind::Number,
        required: false,
    },
];

/// The settings as the fleet wants them, or the field that is wrong.
pub(super) fn read(place: &EnvironmentId, settings: &Settings) -> Result<Spec, Refusal> {
    for name in settings.keys() {
        if !FIELDS.iter().any(|field| field.name == name) {
            let known: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
            return Err(wrong(name, "a field that the local fleet does not have", &known.join(", ")));
        }
    }
    let listen = "an address with a port such as 127.0.0.1:8080 or [::]:8080";
    let listen: SocketAddr = text(settings, "listen", listen)?
        .ok_or_else(|| wrong("listen", "nothing", listen))
        .and_then(|found| found.parse().map_err(|_| wrong("listen", &quoted(&found), listen)))
        .and_then(
            |found: SocketAddr| if found.port() == 0 { Err(wrong("listen", "port 0", listen)) } else { Ok(found) },
        )?;
    Ok(Spec {
        product: place.product.to_string(),
        env: place.env.to_string(),
        listen,
        run: run(settings)?,
        environment: environment(settings)?,
        health: health(settings)?,
        instances: u32::try_from(number(settings, "instances", 1, 1, 64)?).unwrap_or(1),
        sticky: sticky(settings)?,
        grace_seconds: number(settings, "grace_seconds", 10, 0, 3600)?,
        start_seconds: number(settings, "start_seconds", 30, 1, 3600)?,
    })
}

fn run(settings: &Settings) -> Result<Vec<String>, Refusal> {
    let allowed = "a program and its arguments, each a text";
    let run = match settings.get("run") {
        None | Some(Value::Null) => return Err(wrong("run", "nothing", allowed)),
        Some(Value::Array(words)) => {
            let words: Option<Vec<String>> = words.iter().map(|word| word.as_str().map(str::to_owned)).collect();
            words.ok_or_else(|| wrong("run", "something that is no text", allowed))?
        }
        Some(other) => return Err(wrong("run", &other.to_string(), allowed)),
    };
    if run.first().is_none_or(|program| program.trim().is_empty()) {
        return Err(wrong("run", "no program", allowed));
    }
    run.iter().try_for_each(|word| filled("run", word))?;
    Ok(run)
}

fn environment(settings: &Settings) -> Result<BTreeMap<String, String>, Refusal> {
    let allowed = "names with values, such as LOG_LEVEL=info";
    let pairs = match settings.get("environment") {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(Value::Object(pairs)) => pairs,
        Some(other) => return Err(wrong("environment", &other.to_string(), allowed)),
    };
    let pair = |(name, value): (&String, &Value)| {
        if name.is_empty() || name.contains(['=', '\0']) {
            return Err(wrong("environment", &quoted(name), allowed));
        }
        let value = value.as_str().ok_or_else(|| wrong("environment", &format!("{name}={value}"), allowed))?;
        filled("environment", value)?;
        Ok((name.clone(), value.to_owned()))
    };
    pairs.iter().map(pair).collect()
}

fn health(settings: &Settings) -> Result<String, Refusal> {
    let allowed = "a path that begins with “/”, such as /health";
    let path = text(settings, "health", allowed)?.unwrap_or_else(|| "/health".to_owned());
    if !path.starts_with('/') || path.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(wrong("health", &quoted(&path), allowed));
    }
    Ok(path)
}

fn sticky(settings: &Settings) -> Result<Sticky, Refusal> {
    let allowed = "none, header:NAME, cookie or address";
    let found = text(settings, "sticky", allowed)?.unwrap_or_default();
    match found.as_str() {
        "" | "none" => Ok(Sticky::Nothing),
        "cookie" => Ok(Sticky::Cookie),
        "address" => Ok(Sticky::Address),
        other => {
            let token = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
            let name = other.strip_prefix("header:").filter(|name| !name.is_empty() && name.chars().all(token));
            let name = name.ok_or_else(|| wrong("sticky", &quoted(other), allowed))?;
            Ok(Sticky::Header { name: name.to_ascii_lowercase() })
        }
    }
}

fn text(settings: &Settings, field: &str, allowed: &str) -> Result<Option<String>, Refusal> {
    match settings.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim().to_owned())),
        Some(other) => Err(wrong(field, &other.to_string(), allowed)),
    }
}

fn number(settings: &Settings, field: &str, otherwise: u64, least: u64, most: u64) -> Result<u64, Refusal> {
    let allowed = format!("a whole number from {least} to {most}");
    match settings.get(field) {
        None | Some(Value::Null) => Ok(otherwise),
        Some(found) => found
            .as_u64()
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| wrong(field, &found.to_string(), &allowed)),
    }
}

fn filled(field: &str, template: &str) -> Result<(), Refusal> {
    let allowed = "{{version}}, {{port}}, {{instance}}, {{product}} and {{env}}";
    fleet::check_template(template).map_err(|found| wrong(field, &found, allowed))
}

fn quoted(found: &str) -> String {
    format!("“{found}”")
}

fn wrong(field: &str, found: &str, allowed: &str) -> Refusal {
    Refusal::invalid(format!("settings.{field}"), found, allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(value: Value) -> Result<Spec, Refusal> {
        let place = EnvironmentId {
            product: "shop".parse().expect("a product"),
            env: "production".parse().expect("an environment"),
        };
        let Value::Object(settings) = value else { panic!("no settings: {value}") };
        read(&place, &settings)
    }

    #[test]
    fn an_address_and_a_program_are_enough() {
        let spec = of(json!({"listen": "127.0.0.1:8080", "run": ["shop", "--port={{port}}"]})).expect("good settings");
        assert_eq!((spec.instances, spec.health.as_str(), spec.grace_seconds), (1, "/health", 10));
        assert_eq!(spec.sticky, Sticky::Nothing);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let good = json!({"listen": "127.0.0.1:8080", "run": ["shop"], "sticky": "header:X-Customer"});
        assert_eq!(of(good.clone()).expect("good").sticky, Sticky::Header { name: "x-customer".into() });
        for (field, value) in [
            ("listen", json!("8080")),
            ("listen", json!("127.0.0.1:0")),
            ("run", json!([])),
            ("run", json!("shop --port 1")),
            ("run", json!(["shop", "{{prot}}"])),
            ("environment", json!({"A=B": "c"})),
            ("environment", json!({"A": 1})),
            ("health", json!("health")),
            ("instances", json!(0)),
            ("instances", json!(2.5)),
            ("sticky", json!("header:")),
            ("grace_seconds", json!(-1)),
            ("colour", json!("blue")),
        ] {
            let mut settings = good.clone();
            settings[field] = value.clone();
            let refusal = of(settings).expect_err("wrong settings");
            assert_eq!(refusal.field.as_deref(), Some(format!("settings.{field}").as_str()), "{value}: {refusal}");
        }
    }
}
