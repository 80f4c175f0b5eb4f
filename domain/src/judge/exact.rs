//! Stores numbers of the judge's state as decimal text, so that what is read back is bit for bit what was written.
//!
//! JSON readers may round the last digit of a number, and JSON has no −∞, which a mixture that has not begun needs.
//! Rust prints the shortest text that reads back exactly; a string keeps it through any JSON store.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

/// Writes one number as text.
#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde calls")
)]
pub fn serialize<S: Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(value)
}

/// Reads one number back; NaN and anything that is not a number are refused.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    read(&String::deserialize(from)?)
}

fn read<E: Error>(text: &str) -> Result<f64, E> {
    match text.parse::<f64>() {
        Ok(value) if !value.is_nan() => Ok(value),
        _ => Err(E::custom(format_args!("expected a number as text, found {text:?}"))),
    }
}

/// The same for a row of numbers, of any or of a fixed length.
pub mod list {
    use serde::de::Error;
    use serde::ser::SerializeSeq;
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes a row of numbers as texts.
    pub fn serialize<T: AsRef<[f64]>, S: Serializer>(values: &T, to: S) -> Result<S::Ok, S::Error> {
        let values = values.as_ref();
        let mut row = to.serialize_seq(Some(values.len()))?;
        for value in values {
            row.serialize_element(&format_args!("{value}"))?;
        }
        row.end()
    }

    /// Reads a row of numbers back and refuses a wrong length.
    pub fn deserialize<'de, T: TryFrom<Vec<f64>>, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        let texts = Vec::<String>::deserialize(from)?;
        let values = texts.iter().map(|text| super::read(text)).collect::<Result<Vec<_>, _>>()?;
        T::try_from(values).map_err(|_| D::Error::custom("a row of numbers has the wrong length"))
    }
}
