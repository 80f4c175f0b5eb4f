//! From TOML text to a playbook that cannot hold nonsense, and the schema of that text.

use super::{
    Fault, Playbook,
    read::{Definitions, Read as _, Reader, syntax_faults},
};
use serde_json::{Value, json};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// The longest text that is read; the bundled playbooks have a tenth of it.
const LONGEST: usize = 300_000;

/// Reads a playbook; all faults are returned together, in the order of their lines.
pub fn parse(toml: &str) -> Result<Playbook, Vec<Fault>> {
    if toml.len() > LONGEST {
        let fault = Fault::new(1, "playbook", "is too long")
            .found(format!("{} bytes", toml.len()))
            .allowed(format!("at most {LONGEST} bytes"));
        return Err(vec![fault]);
    }
    let (root, errors) = DeTable::parse_recoverable(toml);
    let (syntax, doubtful) = syntax_faults(toml, &errors);
    let mut reader = Reader::new(toml, root.get_ref(), syntax, doubtful);
    let whole = Spanned::new(0..toml.len(), DeValue::Table(root.into_inner()));
    let playbook = Playbook::read(&whole, &mut reader);
    let faults = reader.into_faults();
    match playbook {
        Some(playbook) if faults.is_empty() => Ok(playbook),
        _ => Err(faults),
    }
}

/// The JSON schema of a playbook, for editors.
pub fn schema() -> Value {
    let mut definitions = Definitions::default();
    let root = Playbook::schema(&mut definitions);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Playbook",
        "$ref": root["$ref"],
        "$defs": definitions.into_parts(),
    })
}
