//! [`choice!`]: one of several shapes: a bare word, or a table with one key.

use super::{
    Fault,
    reader::{Reader, Value, quoted},
};

/// Declares a choice. `Backup = "backup"` is written `needs = "backup"`; `Notice(Span) = "notice"` is written
/// `needs = { notice = "48 h" }` or `needs.notice = "48 h"`.
macro_rules! choice {
    (
        $(#[doc = $about:literal])*
        pub enum $name:ident {
            $( $(#[doc = $doc:literal])* $variant:ident $(($payload:ty))? = $word:literal $(=> $noun:ident)? ),* $(,)?
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $( $(#[doc = $doc])* #[serde(rename = $word)] $variant $(($payload))?, )*
        }

        impl $crate::playbook::read::Read for $name {
            fn read(
                value: &$crate::playbook::read::Value<'_>,
                reader: &mut $crate::playbook::read::Reader,
            ) -> Option<Self> {
                let known = [$(($word, $crate::playbook::read::choice!(@holds $($payload)?))),*];
                let chosen = reader.choose(value, &known)?;
                $(
                    if chosen.word == $word {
                        return $crate::playbook::read::choice!(@make $variant, chosen, reader, [$($payload)?] [$($noun)?]);
                    }
                )*
                None
            }

            fn schema(definitions: &mut $crate::playbook::read::Definitions) -> serde_json::Value {
                definitions.choice(stringify!($name), &[$($about),*], |definitions| vec![
                    $((
                        $word,
                        concat!($($doc),*).to_owned(),
                        $crate::playbook::read::choice!(@schema definitions, $($payload)?),
                    )),*
                ])
            }
        }
    };
    (@holds) => { false };
    (@holds $payload:ty) => { true };
    (@make $variant:ident, $chosen:ident, $reader:ident, [] []) => { Some(Self::$variant) };
    (@make $variant:ident, $chosen:ident, $reader:ident, [$payload:ty] [$($noun:ident)?]) => {{
        let inner = $chosen.payload?;
        let line = $reader.line(inner);
        $reader.inside($chosen.word, line, |reader| {
            let known = true $(&& reader.refer($crate::playbook::read::Noun::$noun, inner))?;
            <$payload as $crate::playbook::read::Read>::read(inner, reader).filter(|_| known)
        }).map(Self::$variant)
    }};
    (@schema $definitions:ident,) => { None };
    (@schema $definitions:ident, $payload:ty) => {
        Some(<$payload as $crate::playbook::read::Read>::schema($definitions))
    };
}
pub(in crate::playbook) use choice;

/// The shape that was chosen, and what it holds.
#[derive(Debug)]
pub(in crate::playbook) struct Chosen<'v, 'i> {
    pub(in crate::playbook) word: &'static str,
    pub(in crate::playbook) payload: Option<&'v Value<'i>>,
}

impl Reader {
    /// Finds which of `known` (word, whether it holds something) is written.
    pub(in crate::playbook) fn choose<'v, 'i>(
        &mut self,
        value: &'v Value<'i>,
        known: &[(&'static str, bool)],
    ) -> Option<Chosen<'v, 'i>> {
        let (word, at, payload) = if let Some(word) = value.get_ref().as_str() {
            (word, value, None)
        } else {
            let mut entries = value.get_ref().as_table().into_iter().flatten();
            let (Some((key, inner)), None) = (entries.next(), entries.next()) else {
                self.refuse(value, "is no single choice", &spelled(known));
                return None;
            };
            (key.get_ref().as_ref(), value, Some(inner))
        };
        match known.iter().find(|(known, _)| *known == word) {
            Some((word, holds)) if *holds == payload.is_some() => Some(Chosen { word, payload }),
            Some((word, true)) => {
                self.refuse(at, "says too little", &format!("a table: {{ {word} = … }}"));
                None
            }
            Some((word, false)) => {
                self.refuse(at, "says too much", &format!("the word alone: “{word}”"));
                None
            }
            None => {
                let inner: String = word.chars().take(60).filter(|c| payload.is_some() && !c.is_control()).collect();
                let fault = Fault::new(self.line(at), self.key(&inner), "is no choice known here")
                    .found(quoted(word))
                    .allowed(spelled(known));
                self.note_near(fault, word, known.iter().map(|(word, _)| *word));
                None
            }
        }
    }
}

fn spelled(known: &[(&'static str, bool)]) -> String {
    let each = known.iter().map(|(word, holds)| if *holds { format!("{{ {word} = … }}") } else { (*word).to_owned() });
    each.collect::<Vec<_>>().join(", ")
}
