//! The API server of a cluster, as far as both drivers need it: objects with versions, patches, and schemas.

use crate::published::{Description, closed, compiled, first_error, partial};
use crate::service::Answer;
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

pub const TOKEN: &str = "eyJTheTokenOfTheServiceAccount";

pub fn kubeconfig(server: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: here\ncontexts:\n- name: here\n  context:\n    cluster: here\n    user: pilothouse\n\
         clusters:\n- name: here\n  cluster:\n    server: {server}\nusers:\n- name: pilothouse\n  user:\n    token: {TOKEN}\n"
    )
}

/// The schemas of Kubernetes' own objects, as k8s-openapi takes them from the published description.
pub fn schemas() -> Map<String, Value> {
    let mut generator = SchemaSettings::openapi3().into_generator();
    generator.subschema_for::<Deployment>();
    generator.subschema_for::<ReplicaSet>();
    generator.take_definitions(true)
}

/// An object that changes by patches, as an API server keeps it.
#[derive(Debug)]
pub struct Object {
    pub value: Value,
    /// The name of its schema.
    schema: &'static str,
    schemas: Map<String, Value>,
}

impl Object {
    pub fn new(value: Value, schema: &'static str, schemas: Map<String, Value>) -> Self {
        let object = Self { value, schema, schemas };
        assert_eq!(object.fits(&object.value, closed), Ok(()), "the fake's own object");
        object
    }

    /// What an API server does with a patch: who comes with an old version conflicts, what is not in the schema is refused, and a
    /// changed spec is a new generation. Nothing is kept of a rehearsal.
    pub fn patch(&mut self, patch: &Value, strategic: bool, rehearsal: bool) -> Result<(), Answer> {
        let expected = &patch["metadata"]["resourceVersion"];
        if !expected.is_null() && *expected != self.value["metadata"]["resourceVersion"] {
            return Err(refusal(
                409,
                "Conflict",
                "the object has been modified; please apply your changes to the latest version",
            ));
        }
        self.fits(&without_nulls(patch), partial)
            .map_err(|why| refusal(400, "BadRequest", &format!("strict decoding error: {why}")))?;
        let mut changed = self.value.clone();
        merge(&mut changed, patch, strategic);
        self.fits(&changed, closed).map_err(|why| refusal(422, "Invalid", &why))?;
        if rehearsal {
            return Ok(());
        }
        if changed["spec"] != self.value["spec"] {
            changed["metadata"]["generation"] =
                json!(changed["metadata"]["generation"].as_i64().unwrap_or_default() + 1);
        }
        self.value = changed;
        self.touch();
        Ok(())
    }

    /// A change by a controller, or by somebody else.
    pub fn change(&mut self, patch: &Value) {
        merge(&mut self.value, patch, true);
        self.touch();
    }

    fn touch(&mut self) {
        let version: u64 =
            self.value["metadata"]["resourceVersion"].as_str().and_then(|n| n.parse().ok()).unwrap_or_default();
        self.value["metadata"]["resourceVersion"] = json!((version + 1).to_string());
    }

    fn fits(&self, value: &Value, how: fn(Value) -> Value) -> Result<(), String> {
        let whole = || {
            let components = json!({ "schemas": self.schemas });
            how(json!({ "$ref": format!("#/components/schemas/{}", self.schema), "components": components }))
        };
        // Told apart by what becomes of a schema that nothing is said of.
        let name = format!("{} {}", self.schema, how(json!({ "properties": {}, "required": [] })));
        first_error(&compiled(&name, whole), value)
    }
}

/// What a patch takes away is no value that a schema could hold.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name.clone(), without_nulls(value))).collect())
        }
        other => other.clone(),
    }
}

/// An answer in the form in which an API server refuses.
pub fn refusal(code: u16, reason: &str, message: &str) -> Answer {
    let status = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message, "reason": reason, "code": code,
    });
    Answer::new(code, status)
}

/// JSON merge patch; strategic, lists of named things are merged by their names.
fn merge(target: &mut Value, patch: &Value, strategic: bool) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (name, value) in patch {
                if value.is_null() {
                    target.remove(name);
                } else {
                    merge(target.entry(name.clone()).or_insert(Value::Null), value, strategic);
                }
            }
        }
        (Value::Array(target), Value::Array(patch))
            if strategic && patch.iter().all(|item| item["name"].is_string()) =>
        {
            for item in patch {
                match target.iter_mut().find(|there| there["name"] == item["name"]) {
                    Some(there) => merge(there, item, strategic),
                    None => target.push(item.clone()),
                }
            }
        }
        (target, Value::Object(_)) => {
            *target = json!({});
            merge(target, patch, strategic);
        }
        (target, patch) => *target = patch.clone(),
    }
}

pub fn description(text: &str) -> Description {
    Description::read(text).with_schemas(schemas())
}

#[test]
fn a_patch_with_a_field_that_no_schema_knows_is_refused() {
    let template = json!({ "spec": { "containers": [{ "name": "app", "image": "a:1" }] } });
    let value = json!({
        "metadata": { "name": "shop", "resourceVersion": "1", "generation": 1 },
        "spec": { "selector": {}, "template": template },
    });
    let mut object = Object::new(value, "io.k8s.api.apps.v1.Deployment", schemas());
    let containers = |container: Value| json!({ "spec": { "template": { "spec": { "containers": [container] } } } });
    for (patch, code) in [
        (containers(json!({ "name": "app", "imagee": "a:2" })), 400),
        (containers(json!({ "name": "app", "image": 2 })), 400),
        (json!({ "metadata": { "resourceVersion": "0" } }), 409),
        (json!({ "spec": { "selector": null } }), 422),
    ] {
        assert_eq!(object.patch(&patch, true, false).expect_err("refused").status, code);
    }
    object.patch(&containers(json!({ "name": "app", "image": "a:2" })), true, false).expect("taken");
    let kept = (&object.value["metadata"]["resourceVersion"], &object.value["metadata"]["generation"]);
    assert_eq!(kept, (&json!("2"), &json!(2)));
}
