//! [`written!`]: a value with a written form of its own, such as `30 min` or `< 1.5 %`.

use super::{
    Fault, Read,
    reader::{Reader, Value, shown},
    schema::Definitions,
};
use crate::{
    release::Version,
    slug::{EnvName, PlaybookName, RoleId, TypeId},
};
use std::str::FromStr;

/// Why a text is not the value it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{found}” cannot be read: write {allowed}")]
pub struct Unreadable {
    pub found: String,
    pub allowed: &'static str,
}

impl Unreadable {
    pub(in crate::playbook) fn new(found: &str, allowed: &'static str) -> Self {
        Self { found: found.chars().take(60).collect(), allowed }
    }
}

/// Lets a type with `FromStr` and `Display` be read, stored and described by its written form.
macro_rules! written {
    ($name:ident, $allowed:expr, $pattern:literal) => {
        impl TryFrom<String> for $name {
            type Error = $crate::playbook::read::Unreadable;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
        impl $crate::playbook::read::Read for $name {
            fn read(
                value: &$crate::playbook::read::Value<'_>,
                reader: &mut $crate::playbook::read::Reader,
            ) -> Option<Self> {
                reader.written(value, $allowed)
            }
            fn schema(definitions: &mut $crate::playbook::read::Definitions) -> serde_json::Value {
                definitions.written(stringify!($name), $allowed, $pattern)
            }
        }
    };
}
pub(in crate::playbook) use written;

const NAME: &str = "1 to 40 of a–z, 0–9, “-” and “_”, beginning with a letter or digit";

impl Reader {
    pub(in crate::playbook) fn written<T: FromStr>(&mut self, value: &Value<'_>, allowed: &str) -> Option<T> {
        let read = self.text(value, allowed)?.parse().ok();
        if read.is_none() {
            let fault =
                Fault::new(self.line(value), self.key(""), "cannot be read").found(shown(value)).allowed(allowed);
            self.note(fault);
        }
        read
    }
}

/// The names from other rooms of the house.
macro_rules! foreign {
    ($($name:ident $allowed:expr, $pattern:literal;)*) => {$(
        impl Read for $name {
            fn read(value: &Value<'_>, reader: &mut Reader) -> Option<Self> {
                reader.written(value, $allowed)
            }
            fn schema(definitions: &mut Definitions) -> serde_json::Value {
                definitions.written(stringify!($name), $allowed, $pattern)
            }
        }
    )*};
}
foreign! {
    EnvName NAME, "^[a-z0-9][a-z0-9_-]{0,39}$";
    RoleId NAME, "^[a-z0-9][a-z0-9_-]{0,39}$";
    PlaybookName NAME, "^[a-z0-9][a-z0-9_-]{0,39}$";
    TypeId NAME, "^[a-z0-9][a-z0-9_-]{0,39}$";
    Version "a version by SemVer 2.0.0 such as 1.4.2", "^v?[0-9]+\\.[0-9]+\\.[0-9]+";
}
