//! How well a word of a text answers a word that was asked for.

/// The word itself, the begin of it, the word with one slip, the begin of it with one slip.
const SAME: f32 = 1.0;
const BEGUN: f32 = 0.8;
const SLIPPED: f32 = 0.5;
const BEGUN_AND_SLIPPED: f32 = 0.25;
/// In shorter words one other letter makes another word.
const SHORTEST_SLIPPED: usize = 4;
const SHORTEST_BEGUN_AND_SLIPPED: usize = 5;

/// None when they have nothing to do with each other. A slip is one letter too many, too few, another one, or two that
/// changed places; numbers have none.
pub(super) fn likeness(asked: &[char], word: &[char]) -> Option<f32> {
    let alike = asked.iter().zip(word).take_while(|(a, b)| a == b).count();
    if alike == asked.len() {
        return Some(if word.len() == alike { SAME } else { BEGUN });
    }
    if asked.len() < SHORTEST_SLIPPED || word.len() + 1 < asked.len() || asked.iter().any(char::is_ascii_digit) {
        return None;
    }
    let (asked_rest, word_rest) = (&asked[alike..], &word[alike..]);
    let swapped = match (asked_rest, word_rest) {
        ([a, b, asked @ ..], [c, d, word @ ..]) if a == d && b == c => Some((asked, word)),
        _ => None,
    };
    let slips = [
        word_rest.get(1..).map(|word| (&asked_rest[1..], word)),
        word_rest.get(1..).map(|word| (asked_rest, word)),
        Some((&asked_rest[1..], word_rest)),
        swapped,
    ];
    let begun = asked.len() >= SHORTEST_BEGUN_AND_SLIPPED;
    let answers = slips.into_iter().flatten().filter_map(|(asked, word)| match word.strip_prefix(asked) {
        Some([]) => Some(SLIPPED),
        Some(_) if begun => Some(BEGUN_AND_SLIPPED),
        _ => None,
    });
    answers.reduce(f32::max)
}
