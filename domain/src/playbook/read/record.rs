//! [`record!`]: a noun with named fields.

/// Declares a table of a playbook. Each field has its documentation (which becomes the schema's), optionally a key other
/// than its name (`as "key"`), a default (`= value`) and the noun that its text must name (`=> Role`). A `check` runs on
/// the finished record.
macro_rules! record {
    (
        $(#[doc = $about:literal])*
        pub struct $name:ident {
            $(
                $(#[doc = $doc:literal])*
                $(#[serde($($serde:tt)*)])?
                pub $field:ident : $type:ty $(as $key:literal)? $(= $default:expr)? $(=> $noun:ident)?
            ),* $(,)?
        }
        $(check $check:path;)?
    ) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $(
                $(#[doc = $doc])*
                $(#[serde($($serde)*)])?
                $(#[serde(rename = $key)])?
                pub $field: $type,
            )*
        }

        impl $crate::playbook::read::Read for $name {
            fn read(
                value: &$crate::playbook::read::Value<'_>,
                reader: &mut $crate::playbook::read::Reader,
            ) -> Option<Self> {
                let table = reader.table(value, &[$($crate::playbook::read::record!(@key $field $($key)?)),*])?;
                $(
                    let $field: Option<$type> = reader.field(
                        (value, table),
                        $crate::playbook::read::record!(@key $field $($key)?),
                        $crate::playbook::read::record!(@default $($default)?),
                        $crate::playbook::read::record!(@noun $($noun)?),
                    );
                )*
                let record = Self { $($field: $field?),* };
                $($check(&record, value, reader);)?
                Some(record)
            }

            fn schema(definitions: &mut $crate::playbook::read::Definitions) -> serde_json::Value {
                definitions.record(stringify!($name), &[$($about),*], |definitions| vec![
                    $((
                        $crate::playbook::read::record!(@key $field $($key)?),
                        $crate::playbook::read::described(&[$($doc),*], <$type as $crate::playbook::read::Read>::schema(definitions)),
                        $crate::playbook::read::record!(@required $type $(, $default)?),
                    )),*
                ])
            }
        }
    };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
    (@default) => { None };
    (@default $default:expr) => { Some($default) };
    (@noun) => { None };
    (@noun $noun:ident) => { Some($crate::playbook::read::Noun::$noun) };
    (@required $type:ty) => { <$type as $crate::playbook::read::Read>::absent().is_none() };
    (@required $type:ty, $default:expr) => { false };
}
pub(in crate::playbook) use record;
