//! Settings as they are written into a form, and as drivers and monitors read them.

use control::driver::{Field, FieldKind, Secret, Settings};
use domain::Refusal;
use serde_json::{Map, Number, Value};
use std::collections::BTreeMap;

/// What stands in the form for a value.
pub(super) fn written(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(yes)) => if *yes { "yes" } else { "" }.to_owned(),
        Some(Value::Array(words)) => {
            words.iter().map(|word| word.as_str().unwrap_or_default()).collect::<Vec<_>>().join("\n")
        }
        Some(Value::Object(pairs)) => {
            let line = |(name, value): (&String, &Value)| format!("{name}={}", value.as_str().unwrap_or_default());
            pairs.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        Some(number) => number.to_string(),
    }
}

/// The secrets that were typed; those that were not stay as they are.
pub(super) fn secrets(fields: &[Field], typed: BTreeMap<String, String>) -> BTreeMap<String, Secret> {
    let secret = |name: &str| fields.iter().any(|field| field.name == name && field.kind == FieldKind::Secret);
    let typed = typed.into_iter().filter(|(name, text)| secret(name) && !text.is_empty());
    typed.map(|(name, text)| (name, Secret::new(text))).collect()
}

/// What the form says, for the fields that there are and no others; what is left empty is left out.
pub(super) fn settings(fields: &[Field], said: &BTreeMap<String, String>) -> Result<Settings, Refusal> {
    let mut settings = Map::new();
    for field in fields {
        let text = said.get(field.name).map(|text| text.replace("\r\n", "\n")).unwrap_or_default();
        if let Some(value) = value(field, text.trim())? {
            settings.insert(field.name.to_owned(), value);
        }
    }
    Ok(settings)
}

fn value(field: &Field, text: &str) -> Result<Option<Value>, Refusal> {
    let wrong = |found: &str, allowed: &str| Refusal::invalid(field.name, format!("“{found}”"), allowed);
    if let FieldKind::Switch = field.kind {
        return Ok(Some(Value::Bool(text == "yes")));
    }
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(match field.kind {
        FieldKind::Secret => return Ok(None),
        FieldKind::Number => {
            let whole = text.parse::<i64>().ok().map(Number::from);
            let number = whole.or_else(|| text.parse().ok().and_then(Number::from_f64));
            Value::Number(number.ok_or_else(|| wrong(text, "a number"))?)
        }
        FieldKind::Argv => lines(text).map(Value::from).collect(),
        FieldKind::Pairs => {
            let pair = |line: &str| {
                let (name, value) = line.split_once('=').ok_or_else(|| wrong(line, "NAME=value, one a line"))?;
                Ok((name.trim().to_owned(), Value::from(value)))
            };
            Value::Object(lines(text).map(pair).collect::<Result<_, Refusal>>()?)
        }
        FieldKind::Choice(words) if !words.contains(&text) => {
            return Err(wrong(text, &format!("one of {}", words.join(", "))));
        }
        FieldKind::Text | FieldKind::Choice(_) | FieldKind::Switch => Value::from(text),
    }))
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim_end).filter(|line| !line.is_empty())
}

/// Programs with their arguments: one word a line, an empty line between programs.
pub(super) fn programs(text: &str) -> Vec<Vec<String>> {
    let mut programs: Vec<Vec<String>> = vec![Vec::new()];
    for line in text.lines().map(str::trim) {
        match (line.is_empty(), programs.last_mut()) {
            (false, Some(program)) => program.push(line.to_owned()),
            _ => programs.push(Vec::new()),
        }
    }
    programs.retain(|program| !program.is_empty());
    programs
}

pub(super) fn programs_written(programs: &[Vec<String>]) -> String {
    programs.iter().map(|program| program.join("\n")).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::{programs, programs_written, settings, written};
    use control::driver::{Field, FieldKind};
    use std::collections::BTreeMap;

    fn field(name: &'static str, kind: FieldKind) -> Field {
        Field { name, title: "", help: "", kind, required: false }
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        let fields = [
            field("url", FieldKind::Text),
            field("instances", FieldKind::Number),
            field("token", FieldKind::Secret),
            field("deploy", FieldKind::Argv),
            field("environment", FieldKind::Pairs),
            field("sticky", FieldKind::Switch),
            field("by", FieldKind::Choice(&["header", "cookie"])),
            field("empty", FieldKind::Text),
        ];
        let said: BTreeMap<String, String> = [
            ("url", "https://example.org"),
            ("instances", "4"),
            ("token", "a secret"),
            ("deploy", "./deploy\r\n--version\r\n{version}"),
            ("environment", "A=1\nB=x=y"),
            ("sticky", "yes"),
            ("by", "cookie"),
            ("empty", " "),
            ("unknown", "x"),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into();
        let read = settings(&fields, &said).unwrap();
        let names: Vec<&str> = read.keys().map(String::as_str).collect();
        assert_eq!(names, ["by", "deploy", "environment", "instances", "sticky", "url"], "no secret, nothing unknown");
        for (name, text) in
            [("instances", "4"), ("deploy", "./deploy\n--version\n{version}"), ("environment", "A=1\nB=x=y")]
        {
            assert_eq!(written(read.get(name)), text);
        }
        for (name, text) in [("instances", "many"), ("environment", "no sign"), ("by", "moon")] {
            let said = [(name.to_owned(), text.to_owned())].into();
            assert_eq!(settings(&fields, &said).unwrap_err().field.as_deref(), Some(name));
        }
    }

    #[test]
    fn programs_are_told_apart_by_an_empty_line() {
        let told = "./smoke\n--fast\n\n\ncurl\nhttps://example.org\n";
        let read = programs(told);
        assert_eq!(read, [vec!["./smoke", "--fast"], vec!["curl", "https://example.org"]]);
        assert_eq!(programs(&programs_written(&read)), read);
        assert!(programs(" \n").is_empty());
    }
}
