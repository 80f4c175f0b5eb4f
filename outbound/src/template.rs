//! Texts with places to fill in, such as `deploy.sh --to {{version}}`, checked when they are set.

use crate::settings::wrong;
use control::driver::Fault;
use domain::Refusal;
use std::collections::BTreeMap;

/// What the places are filled with; a name without a value is one that there is nothing for this time.
pub type Values = BTreeMap<&'static str, String>;

/// A text whose places are all known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Place(&'static str),
}

impl Template {
    /// Refused with the field's name when a place is unknown or a brace is left open.
    pub fn parse(field: &str, text: &str, known: &[&'static str]) -> Result<Self, Refusal> {
        let places = || known.iter().map(|name| format!("{{{{{name}}}}}")).collect::<Vec<_>>().join(" ");
        let stray = |part: &str| {
            Err(wrong(
                field,
                format!("“}}}}” without “{{{{” before it in “{}”", short(part)),
                format!("places {}", places()),
            ))
        };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            if before.contains("}}") {
                return stray(text);
            }
            let Some((name, after)) = after.split_once("}}") else {
                return Err(wrong(
                    field,
                    format!("“{{{{{}” that is never closed", short(after)),
                    format!("places {}", places()),
                ));
            };
            let Some(name) = known.iter().find(|known| **known == name.trim()) else {
                return Err(wrong(
                    field,
                    format!("the unknown place “{{{{{}}}}}”", short(name)),
                    format!("places {}", places()),
                ));
            };
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Place(name));
            rest = after;
        }
        if rest.contains("}}") {
            return stray(text);
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self(parts))
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Place(place) if *place == name))
    }

    /// Declined when there is no value for a place.
    pub fn fill(&self, values: &Values) -> Result<String, Fault> {
        self.filled(values, str::to_owned)
    }

    /// For a place in an address: nothing that is filled in can change what the address leads to.
    pub fn fill_address(&self, values: &Values) -> Result<String, Fault> {
        self.filled(values, encoded)
    }

    fn filled(&self, values: &Values, write: impl Fn(&str) -> String) -> Result<String, Fault> {
        self.0
            .iter()
            .map(|part| match part {
                Part::Text(text) => Ok(text.clone()),
                Part::Place(name) => values
                    .get(name)
                    .map(|value| write(value))
                    .ok_or_else(|| Fault::declined(format!("The setting wants {{{{{name}}}}}, and there is none."))),
            })
            .collect()
    }
}

fn encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VARIABLES: [&str; 3] = ["version", "env", "artifact"];

    fn parse(text: &str) -> Result<Template, Refusal> {
        Template::parse("deploy", text, &VARIABLES)
    }

    #[test]
    fn places_are_filled_and_nothing_else_is_touched() {
        let values = Values::from([("version", "1.4.2".to_owned()), ("env", "a/b?c=d e".to_owned())]);
        let filled = |text: &str| parse(text).expect("a template").fill(&values).expect("filled");
        assert_eq!(filled("--to={{version}}, {{ version }} {x} $HOME"), "--to=1.4.2, 1.4.2 {x} $HOME");
        let address = parse("https://x/{{env}}").expect("a template").fill_address(&values).expect("filled");
        assert_eq!(address, "https://x/a%2Fb%3Fc%3Dd%20e");
        let fault = parse("{{artifact}}").expect("a template").fill(&values).expect_err("none there");
        assert!(fault.said.contains("{{artifact}}"), "{}", fault.said);
    }

    #[test]
    fn unknown_places_and_open_braces_are_refused_by_field() {
        for (text, words) in [
            ("{{verison}}", "the unknown place “{{verison}}”"),
            ("a {{version", "“{{version” that is never closed"),
            ("version}}", "“}}” without “{{” before it"),
            ("{{version}} }} {{env}}", "“}}” without “{{” before it"),
            ("{{}}", "the unknown place “{{}}”"),
            ("{{{{version}}}}", "the unknown place"),
        ] {
            let refusal = parse(text).expect_err(text);
            assert_eq!(refusal.field.as_deref(), Some("deploy"));
            assert!(refusal.detail.contains(words), "{text}: {}", refusal.detail);
        }
    }
}
