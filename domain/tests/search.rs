//! The index with many texts: what was meant is among the best, though a letter is wrong. How long the full size takes is
//! measured by `cargo xtask bench search`.

use domain::search::{Field, Index};

const TEXTS: usize = 1_000;
/// About as many different words as technical prose of that size has.
const VOCABULARY: usize = 8_000;

/// The same numbers every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % sides
    }

    /// A few words are everywhere and most are rare, as in texts of people.
    fn word(&mut self) -> usize {
        let one = self.roll(VOCABULARY) + 1;
        self.roll(one)
    }
}

fn spelt(word: usize) -> String {
    const SOUNDS: [&str; 20] = [
        "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "qui", "ro", "su", "ta", "ve", "wi",
        "xo", "zu",
    ];
    let (mut rest, mut text) = (word + 8_000, String::new());
    while rest > 0 {
        text.push_str(SOUNDS[rest % SOUNDS.len()]);
        rest /= SOUNDS.len();
    }
    text
}

fn text(dice: &mut Dice, words: usize) -> String {
    (0..words).map(|_| spelt(dice.word())).collect::<Vec<_>>().join(" ")
}

/// Titles are told apart by their last word.
fn filled(dice: &mut Dice) -> (Index<usize>, Vec<String>) {
    let (mut index, mut titles) = (Index::default(), Vec::new());
    for key in 0..TEXTS {
        let title = format!("{} {}", text(dice, 5), spelt(VOCABULARY + key));
        let body = text(dice, 60);
        index.put(key, &[Field { text: &title, weight: 4.0 }, Field { text: &body, weight: 1.0 }]);
        titles.push(title);
    }
    (index, titles)
}

fn with_a_slip(dice: &mut Dice, word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = dice.roll(letters.len());
    match dice.roll(3) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, 'y'),
        _ => letters[at] = 'y',
    }
    letters.into_iter().collect()
}

#[test]
fn each_of_many_texts_is_found_though_a_letter_is_wrong() {
    let mut dice = Dice(7);
    let (index, titles) = filled(&mut dice);
    for _ in 0..100 {
        let wanted = dice.roll(titles.len());
        let words: Vec<&str> = titles[wanted].split(' ').collect();
        let own = words.last().copied().unwrap_or_default();
        let question = format!("{} {}", words[0], with_a_slip(&mut dice, own));
        let found = index.find(&question, |_| true);
        let place = found.iter().position(|found| found.key == wanted);
        assert!(place.is_some_and(|place| place < 10), "“{question}” of “{}”: {place:?}", titles[wanted]);
    }
}
