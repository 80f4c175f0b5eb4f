//! The words of a text, as they are kept and as they are asked for.

/// Longer ones are cut: nobody types them.
const LONGEST: usize = 40;

/// Runs of letters and digits, in lower case.
pub(super) fn words(text: &str) -> impl Iterator<Item = Vec<char>> + '_ {
    let runs = text.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty());
    runs.map(|run| run.chars().flat_map(char::to_lowercase).take(LONGEST).collect())
}
