//! [`words!`]: one of a few fixed words.

/// Declares a closed list of words, each with what it means.
macro_rules! words {
    (
        $(#[doc = $about:literal])*
        pub enum $name:ident {
            $( $(#[doc = $doc:literal])* $variant:ident = $word:literal ),* $(,)?
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $( $(#[doc = $doc])* #[serde(rename = $word)] $variant, )*
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// As it stands in a playbook.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// `full_cycle` → `full cycle`, for sentences.
            pub fn words(self) -> String {
                self.name().replace('_', " ")
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl $crate::playbook::read::Read for $name {
            fn read(
                value: &$crate::playbook::read::Value<'_>,
                reader: &mut $crate::playbook::read::Reader,
            ) -> Option<Self> {
                let at = reader.word(value, &[$($word),*])?;
                Self::ALL.get(at).copied()
            }

            fn schema(definitions: &mut $crate::playbook::read::Definitions) -> serde_json::Value {
                definitions.words(stringify!($name), &[$($about),*], &[$($word),*])
            }
        }
    };
}
pub(in crate::playbook) use words;

use super::{
    Read,
    reader::{Reader, Value},
    schema::Definitions,
};
use crate::{access::Permission, judge::Metric, release::Bump};

impl Reader {
    /// The position of the word among `known`.
    pub(in crate::playbook) fn word(&mut self, value: &Value<'_>, known: &[&'static str]) -> Option<usize> {
        let text = self.text(value, &known.join(", "))?;
        let at = known.iter().position(|word| *word == text);
        if at.is_none() {
            self.stray(value, text, "is no word known here", known);
        }
        at
    }
}

impl Read for Bump {
    fn read(value: &Value<'_>, reader: &mut Reader) -> Option<Self> {
        let at = reader.word(value, &Self::ALL.map(Self::name))?;
        Self::ALL.get(at).copied()
    }

    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        definitions.words("Bump", &["Which part of the version number is raised."], &Self::ALL.map(Self::name))
    }
}

impl Read for Metric {
    fn read(value: &Value<'_>, reader: &mut Reader) -> Option<Self> {
        let at = reader.word(value, &Self::ALL.map(Self::name))?;
        Self::ALL.get(at).copied()
    }

    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        definitions.words("Compared", &["What the sequential judge compares."], &Self::ALL.map(Self::name))
    }
}

/// All permissions but the administrator's own.
fn grantable() -> Vec<Permission> {
    Permission::ALL.into_iter().filter(|p| *p != Permission::Administer).collect()
}

impl Read for Permission {
    fn read(value: &Value<'_>, reader: &mut Reader) -> Option<Self> {
        let names: Vec<_> = grantable().into_iter().map(Self::name).collect();
        if value.get_ref().as_str() == Some(Self::Administer.name()) {
            reader.refuse(value, "asks for “administer”, which only the built-in administrator has", &names.join(", "));
            return None;
        }
        let at = reader.word(value, &names)?;
        grantable().get(at).copied()
    }

    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        let names: Vec<_> = grantable().into_iter().map(Self::name).collect();
        definitions.words("Permission", &["What a role may do."], &names)
    }
}
