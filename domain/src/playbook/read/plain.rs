//! Text, numbers, yes and no, dates, lists, and what may be left out.

use super::{
    Read,
    reader::{Reader, Value},
    schema::Definitions,
};
use chrono::NaiveDate;
use serde_json::json;
use toml::de::DeValue;

/// More than any text in a playbook needs.
const LONGEST: usize = 8000;

impl Read for String {
    fn read(value: &Value<'_>, reader: &mut Reader) -> Option<Self> {
        let allowed = "1 to 8000 printable characters";
        let text = reader.text(value, allowed)?;
        let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
        if text.trim().is_empty() || text.chars().count() > LONGEST || text.chars().any(odd) {
            reader.refuse(value, "is no usable text", allowed);
            return None;
        }
        Some(text.to_owned())
    }

    fn schema(_: &mut Definitions) -> serde_json::Value {
        json!({ "type": "string", "minLength": 1, "maxLength": LONGEST })
    }
}

impl Read for bool {
    fn read(value: &Value<'_>, reader: &mut Reader) -> Option<Self> {
        let read = value.get_ref().as_bool();
        if read.is_none() {
            reader.refuse(value, "is neither yes nor no", "true, false");
        }
        read
    }

    fn absent() -> Option<Self> {
        Some(false)
    }

    fn schema(_: &mut Definitions) -> serde_json::Value {
        json!({ "type": "boolean" })
    }
}

/// Counts start at one: what is wanted zero times is left out.
macro_rules! count {
    ($($type:ident)*) => {$(
        impl Read for $type {
            fn read(value: &Value<'_>, reader: &mut Reader) -> Option<Self> {
                let number = value.get_ref().as_integer();
                let read = number.and_then(|n| $type::from_str_radix(n.as_str(), n.radix()).ok()).filter(|n| *n > 0);
                if read.is_none() {
                    reader.refuse(value, "is no such count", &format!("a whole number from 1 to {}", $type::MAX));
                }
                read
            }

            fn schema(_: &mut Definitions) -> serde_json::Value {
                json!({ "type": "integer", "minimum": 1, "maximum": $type::MAX })
            }
        }
    )*};
}
count!(u8 u16);

impl Read for NaiveDate {
    fn read(value: &Value<'_>, reader: &mut Reader) -> Option<Self> {
        let read = match value.get_ref() {
            DeValue::Datetime(when) if when.time.is_none() && when.offset.is_none() => when
                .date
                .and_then(|date| Self::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))),
            _ => None,
        };
        if read.is_none() {
            reader.refuse(value, "is no date", "a date without quotes: 2026-01-31");
        }
        read
    }

    fn schema(_: &mut Definitions) -> serde_json::Value {
        json!({ "type": "string", "format": "date" })
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: &Value<'_>, reader: &mut Reader) -> Option<Self> {
        T::read(value, reader).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        T::schema(definitions)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: &Value<'_>, reader: &mut Reader) -> Option<Self> {
        let Some(list) = value.get_ref().as_array() else {
            reader.refuse(value, "is no list", "a list: [ … ]");
            return None;
        };
        // Every entry is read, so that the faults of all are known; one that fails makes the list fail.
        let read: Vec<Option<T>> =
            list.iter().enumerate().map(|(index, one)| reader.at(index, one, |r| T::read(one, r))).collect();
        read.into_iter().collect()
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        json!({ "type": "array", "items": T::schema(definitions) })
    }
}
