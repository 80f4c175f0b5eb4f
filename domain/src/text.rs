//! Free text from people, bounded and trimmed, with errors that name the field; and lists as sentences have them.

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

/// “a, b and c”.
pub fn list<S: AsRef<str>>(words: &[S]) -> String {
    match words {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", most.join(", "), last.as_ref())
        }
    }
}

/// “a, b or c”.
pub fn either<S: AsRef<str>>(words: &[S]) -> String {
    match words {
        [most @ .., last] if !most.is_empty() => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} or {}", most.join(", "), last.as_ref())
        }
        _ => list(words),
    }
}
