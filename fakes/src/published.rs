//! A vendor's published description of its interface, against which every request and every answer of a fake is held.

use axum::http::{HeaderMap, Method, StatusCode, Uri};
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// An OpenAPI document, read from `descriptions`.
#[derive(Debug)]
pub struct Description {
    document: Value,
}

/// A request that fits: which operation it calls, with what.
#[derive(Debug, Clone)]
pub struct Call {
    /// The path as the description writes it, such as `/apps/{name}`.
    pub template: String,
    pub method: Method,
    pub path: BTreeMap<String, String>,
    pub query: BTreeMap<String, String>,
    pub content_type: String,
    /// Null where none was sent.
    pub body: Value,
}

impl Description {
    pub fn read(text: &str) -> Self {
        Self { document: serde_json::from_str(text).expect("the description is JSON") }
    }

    /// With schemas that are published elsewhere.
    #[must_use]
    pub fn with_schemas(mut self, schemas: Map<String, Value>) -> Self {
        self.document["components"]["schemas"].as_object_mut().expect("schemas").extend(schemas);
        self
    }

    /// The schemas that the document itself holds.
    pub fn schemas(&self) -> Map<String, Value> {
        self.document["components"]["schemas"].as_object().cloned().unwrap_or_default()
    }

    /// What is called, or why the vendor would not know the request.
    pub fn call(&self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<Call, String> {
        let asked = format!("{method} {}", uri.path());
        let (template, path, operation) =
            self.operation(method, uri.path()).ok_or_else(|| format!("{asked}: no such operation is described"))?;
        let query: BTreeMap<String, String> =
            url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        self.parameters(operation, "path", &path).map_err(|why| format!("{asked}: {why}"))?;
        self.parameters(operation, "query", &query).map_err(|why| format!("{asked}: {why}"))?;
        let body = self.body(operation, headers, body).map_err(|why| format!("{asked}: {why}"))?;
        let (template, method, content_type) = (template.to_owned(), method.clone(), kind_of(headers).to_owned());
        Ok(Call { template, method, path, query, content_type, body })
    }

    /// Whether the fake's own answer is one that the vendor describes.
    pub fn answer(&self, call: &Call, status: StatusCode, body: &Value) -> Result<(), String> {
        if !status.is_success() {
            return Ok(());
        }
        let said = format!("{} {}: answer {status}", call.method, call.template);
        let operation = &self.document["paths"][&call.template][call.method.as_str().to_ascii_lowercase()];
        let described =
            operation["responses"].get(status.as_str()).ok_or_else(|| format!("{said} is not described"))?;
        match described["content"].get("application/json") {
            None => body.is_null().then_some(()).ok_or_else(|| format!("{said} has a body that is not described")),
            Some(content) => self.holds(&content["schema"], body).map_err(|why| format!("{said}: {why}")),
        }
    }

    /// Whether a value fits a schema of the document.
    pub fn holds(&self, schema: &Value, value: &Value) -> Result<(), String> {
        let whole = || {
            let mut whole = json!({ "allOf": [schema], "components": self.document["components"] });
            every_object(&mut whole, &nullable);
            whole
        };
        first_error(&compiled(&format!("{} {schema}", self.document["info"]["title"]), whole), value)
    }

    fn operation(&self, method: &Method, path: &str) -> Option<(&str, BTreeMap<String, String>, &Value)> {
        let method = method.as_str().to_ascii_lowercase();
        self.document["paths"].as_object()?.iter().find_map(|(template, operations)| {
            let operation = operations.get(&method)?;
            let many = |name: &str| {
                operation["parameters"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .any(|parameter| parameter["name"] == name && parameter["x-multi-segment"] == true)
            };
            Some((template.as_str(), matched(template, path, many)?, operation))
        })
    }

    fn parameters(&self, operation: &Value, place: &str, given: &BTreeMap<String, String>) -> Result<(), String> {
        let described: BTreeMap<&str, &Value> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|parameter| match parameter["$ref"].as_str() {
                Some(pointer) => self.document.pointer(pointer.trim_start_matches('#')).expect("a described parameter"),
                None => parameter,
            })
            .filter(|parameter| parameter["in"] == place)
            .map(|parameter| (parameter["name"].as_str().expect("a name"), parameter))
            .collect();
        for (name, parameter) in &described {
            match given.get(*name) {
                None if parameter["required"] == true => return Err(format!("{place} parameter {name} is missing")),
                None => {}
                Some(text) => self
                    .holds(&parameter["schema"], &typed(&parameter["schema"], text))
                    .map_err(|why| format!("{place} parameter {name}: {why}"))?,
            }
        }
        match given.keys().find(|name| !described.contains_key(name.as_str())) {
            Some(unknown) => Err(format!("{place} parameter {unknown} is not described")),
            None => Ok(()),
        }
    }

    fn body(&self, operation: &Value, headers: &HeaderMap, body: &[u8]) -> Result<Value, String> {
        let Some(described) = operation.get("requestBody") else {
            return body.is_empty().then_some(Value::Null).ok_or_else(|| "a body is not described".into());
        };
        if body.is_empty() {
            let wanted = described["required"] == true;
            return if wanted { Err("the body is missing".into()) } else { Ok(Value::Null) };
        }
        let kind = kind_of(headers);
        let content = described["content"].get(kind).ok_or_else(|| format!("content type {kind} is not described"))?;
        let value: Value = serde_json::from_slice(body).map_err(|error| format!("the body is no JSON: {error}"))?;
        self.holds(&closed(content["schema"].clone()), &value).map_err(|why| format!("the body: {why}"))?;
        Ok(value)
    }
}

/// Making a validator of a large schema takes longer than a test: each is made once, by its name.
pub fn compiled(name: &str, schema: impl FnOnce() -> Value) -> Arc<Validator> {
    static COMPILED: Mutex<BTreeMap<String, Arc<Validator>>> = Mutex::new(BTreeMap::new());
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    let make = || Arc::new(jsonschema::validator_for(&schema()).expect("a valid schema"));
    Arc::clone(compiled.entry(name.to_owned()).or_insert_with(make))
}

/// What OpenAPI calls nullable.
fn nullable(object: &mut Map<String, Value>) {
    if object.remove("nullable") == Some(Value::Bool(true)) {
        let plain = Value::Object(std::mem::take(object));
        object.insert("anyOf".into(), json!([plain, { "type": "null" }]));
    }
}

/// The schema, with every property that it does not name refused: a misspelt field must not pass.
pub fn closed(mut schema: Value) -> Value {
    let close = |object: &mut Map<String, Value>| {
        if object.get("properties").is_some_and(Value::is_object) && !object.contains_key("additionalProperties") {
            object.insert("additionalProperties".into(), Value::Bool(false));
        }
    };
    every_object(&mut schema, &close);
    schema
}

/// The schema for a part of what it describes: nothing need be there, but nothing else may.
pub fn partial(schema: Value) -> Value {
    let mut schema = closed(schema);
    every_object(&mut schema, &|object: &mut Map<String, Value>| {
        if object.get("required").is_some_and(Value::is_array) {
            object.remove("required");
        }
    });
    schema
}

/// The first thing that does not fit, with its place.
pub fn first_error(validator: &Validator, value: &Value) -> Result<(), String> {
    match validator.iter_errors(value).next() {
        None => Ok(()),
        Some(error) => Err(format!("{error} at “{}”", error.instance_path())),
    }
}

fn kind_of(headers: &HeaderMap) -> &str {
    let kind = headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim()
}

fn every_object(value: &mut Value, change: &impl Fn(&mut Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            object.values_mut().for_each(|inner| every_object(inner, change));
            change(object);
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| every_object(inner, change)),
        _ => {}
    }
}

/// What stands for each name of the template, where the path is one of its kind.
fn matched(template: &str, path: &str, many: impl Fn(&str) -> bool) -> Option<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut parts = path.split('/').peekable();
    for wanted in template.split('/') {
        let mut part = parts.next()?.to_owned();
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            None if wanted == part => {}
            None => return None,
            Some(name) => {
                if many(name) {
                    for more in parts.by_ref() {
                        part = format!("{part}/{more}");
                    }
                }
                found.insert(name.to_owned(), percent_decoded(&part));
            }
        }
    }
    parts.next().is_none().then_some(found)
}

fn percent_decoded(part: &str) -> String {
    let kept = part.replace('+', "%2B");
    url::form_urlencoded::parse(kept.as_bytes()).next().map(|(text, _)| text.into_owned()).unwrap_or_default()
}

fn typed(schema: &Value, text: &str) -> Value {
    match schema["type"].as_str() {
        Some("integer" | "number" | "boolean") => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
        _ => json!(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn github(method: &Method, uri: &str, kind: &'static str, body: &str) -> Result<Call, String> {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", axum::http::HeaderValue::from_static(kind));
        let description = Description::read(include_str!("../descriptions/github.json"));
        description.call(method, &uri.parse().expect("a URI"), &headers, body.as_bytes())
    }

    #[test]
    fn what_fits_is_read() {
        let start = "/repos/acme/shop/actions/workflows/deploy.yml/dispatches";
        let call =
            github(&Method::POST, start, "application/json", r#"{"ref":"main","inputs":{"a":"b"}}"#).expect("it fits");
        assert_eq!((call.path["workflow_id"].as_str(), &call.body["ref"]), ("deploy.yml", &json!("main")));
        let file = "/repos/acme/shop/contents/.github/workflows/a%20b.yml?ref=main";
        assert_eq!(github(&Method::GET, file, "", "").expect("it fits").path["path"], ".github/workflows/a b.yml");
    }

    #[test]
    fn what_does_not_fit_is_noticed() {
        let start = "/repos/acme/shop/actions/workflows/deploy.yml/dispatches";
        let runs = "/repos/acme/shop/actions/workflows/deploy.yml/runs";
        for (method, uri, kind, body, words) in [
            (Method::GET, start.to_owned(), "", "", "no such operation"),
            (Method::POST, format!("{start}/more"), "", "", "no such operation"),
            (Method::POST, start.to_owned(), "application/json", "", "the body is missing"),
            (Method::POST, start.to_owned(), "text/plain", "{}", "content type text/plain"),
            (Method::POST, start.to_owned(), "application/json", "{}", "\"ref\" is a required property"),
            (Method::POST, start.to_owned(), "application/json", r#"{"ref":1}"#, "is not of type \"string\""),
            (
                Method::POST,
                start.to_owned(),
                "application/json",
                r#"{"ref":"main","input":{}}"#,
                "('input' was unexpected)",
            ),
            (Method::GET, format!("{runs}?per_page=many"), "", "", "query parameter per_page"),
            (Method::GET, format!("{runs}?status=red"), "", "", "query parameter status"),
            (Method::GET, format!("{runs}?key=1"), "", "", "query parameter key is not described"),
            (Method::GET, runs.to_owned(), "application/json", "{}", "a body is not described"),
        ] {
            let why = github(&method, &uri, kind, body).expect_err(words);
            assert!(why.contains(words), "{why}");
        }
    }

    #[test]
    fn answers_are_held_too() {
        let description = Description::read(include_str!("../descriptions/github.json"));
        let call = github(&Method::GET, "/repos/acme/shop/actions/workflows/deploy.yml", "", "").expect("it fits");
        let good = json!({ "id": 1, "name": "a", "path": "b", "state": "active", "html_url": "c" });
        assert_eq!(description.answer(&call, StatusCode::OK, &good), Ok(()));
        assert!(description.answer(&call, StatusCode::CREATED, &good).is_err());
        assert!(description.answer(&call, StatusCode::OK, &json!({ "id": 1 })).is_err());
    }
}
