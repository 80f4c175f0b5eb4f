//! JSON in, with faults that name the field.

use domain::{Class, Refusal};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Reads `T`; what does not fit is said by field, what was found and what is allowed.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| fault(&error.path().to_string(), &error.into_inner()))?;
    reader.end().map_err(|error| fault(".", &error))?;
    Ok(value)
}

/// Reads the query of an address; every value in it is text.
pub fn read_query<T: DeserializeOwned>(query: Option<&str>) -> Result<T, Refusal> {
    let pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let object: Map<String, Value> = pairs.map(|(k, v)| (k.into_owned(), Value::from(v.into_owned()))).collect();
    serde_path_to_error::deserialize(Value::Object(object))
        .map_err(|error| fault(&error.path().to_string(), &error.into_inner()))
}

fn fault(path: &str, error: &serde_json::Error) -> Refusal {
    let whole = error.to_string();
    let said = whole.split(" at line ").next().unwrap_or(&whole);
    if !error.is_data() {
        return Refusal {
            allowed: Some("one JSON object".to_owned()),
            ..Refusal::new(Class::Invalid, format!("The body is not JSON: {whole}."))
        }
        .on("body");
    }
    let here = if path == "." { "" } else { path };
    let inside = |name: &str| if here.is_empty() { name.to_owned() } else { format!("{here}.{name}") };
    if let Some(name) = quoted(said, "unknown field `") {
        let known = said.split_once("expected ").map_or("no fields", |(_, k)| k).replace('`', "“");
        let field = if here.ends_with(name) { here.to_owned() } else { inside(name) };
        return Refusal::invalid(field, "an unknown field", tidy(&known));
    }
    if let Some(name) = quoted(said, "missing field `") {
        return Refusal::invalid(inside(name), "nothing", "a value: this field is required");
    }
    let field = if here.is_empty() { "body" } else { here };
    if let Some((found, allowed)) = said.split_once(", expected ") {
        let found = found.trim_start_matches("invalid type: ").trim_start_matches("invalid value: ");
        let found = found.trim_start_matches("unknown variant ");
        return Refusal::invalid(field, tidy(found), tidy(allowed));
    }
    Refusal { field: Some(field.to_owned()), ..Refusal::new(Class::Invalid, format!("“{field}”: {said}.")) }
}

fn quoted<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    text.strip_prefix(before)?.split('`').next()
}

fn tidy(text: &str) -> String {
    text.replace(['`', '“'], "").chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its reading is tested")]
    struct Inner {
        digest: domain::slug::ProductSlug,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its reading is tested")]
    struct Outer {
        title: String,
        #[serde(default)]
        items: Vec<Inner>,
    }

    fn refused(text: &str) -> Refusal {
        read::<Outer>(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn faults_name_the_field() {
        let missing = refused("{}");
        assert_eq!(missing.field.as_deref(), Some("title"));
        let unknown = refused(r#"{"title":"a","tilte":"b"}"#);
        assert_eq!(unknown.field.as_deref(), Some("tilte"));
        assert!(unknown.allowed.unwrap().contains("title"));
        let wrong = refused(r#"{"title":5}"#);
        assert_eq!((wrong.field.as_deref(), wrong.allowed.as_deref()), (Some("title"), Some("a string")));
        let deep = refused(r#"{"title":"a","items":[{"digest":"NO"}]}"#);
        assert_eq!(deep.field.as_deref(), Some("items[0].digest"));
        let deep = refused(r#"{"title":"a","items":[{"digets":"no"}]}"#);
        assert_eq!(deep.field.as_deref(), Some("items[0].digets"));
        for text in ["", "{", "[]", "nonsense", r#"{"title":"a"} x"#] {
            let refusal = refused(text);
            assert_eq!(refusal.class, Class::Invalid, "{text}");
            assert_eq!(refusal.field.as_deref(), Some("body"), "{text}");
        }
    }
}
