//! Free text from people, bounded and trimmed, with errors that name the field.

use crate::Refusal;

/// The text without surrounding blanks; refused when longer than `most` characters or holding control characters.
pub fn bounded(field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
    let text = text.trim();
    let length = text.chars().count();
    if length > most {
        return Err(Refusal::invalid(field, format!("{length} characters"), format!("at most {most} characters")));
    }
    if let Some(c) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Refusal::invalid(
            field,
            format!("control character U+{:04X}", u32::from(c)),
            "printable text".to_owned(),
        ));
    }
    Ok(text.to_owned())
}

/// Like [`bounded`], but something must be there.
pub fn required(field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
    let text = bounded(field, text, most)?;
    if text.is_empty() {
        return Err(Refusal::invalid(field, "nothing", format!("1 to {most} characters")));
    }
    Ok(text)
}
