//! NDJSON: one object a line.

use super::{Entry, Fault, field::Cell, fields::Fields};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Value;
use std::{borrow::Cow, fmt};

/// Every line that is not blank, in order.
pub fn read_ndjson(text: &str) -> impl Iterator<Item = Result<Entry, Fault>> + '_ {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()).map(|(line, number)| read(line, number))
}

fn read(line: &str, number: u64) -> Result<Entry, Fault> {
    let object: Object<'_> = serde_json::from_str(line)
        .map_err(|_| Fault::new(number, "line", line, "one JSON object such as {\"type\":\"change\", …}"))?;
    let cells = object.0.iter().filter(|(_, value)| !value.is_null());
    let cells = cells.map(|(name, value)| (name.as_ref(), Cell::Json(value.clone()))).collect();
    Fields::new(number, cells).entry()
}

/// The members as they stand, so that a name given twice is seen.
struct Object<'a>(Vec<(Cow<'a, str>, Value)>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Vec<(Cow<'de, str>, Value)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(12);
                while let Some(Name(name)) = map.next_key()? {
                    members.push((name, map.next_value()?));
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Members).map(Object)
    }
}

/// A name that is borrowed where nothing in it is escaped.
#[derive(Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);
