//! The search at the size it is made for, ten thousand notes and five thousand known issues, against walking through the
//! same texts.

use super::Bench;
use crate::report::{Table, median};
use domain::search::{Field, Index};
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

const NOTES: usize = 10_000;
const ISSUES: usize = 5_000;
/// About as many different words as technical prose of that size has.
const VOCABULARY: usize = 30_000;
const QUESTIONS: usize = 300;
const BUDGET: Duration = Duration::from_millis(20);

pub fn measure(asked: &Bench) -> Table {
    println!("search: {} texts, {QUESTIONS} questions, {} rounds", NOTES + ISSUES, asked.rounds);
    let mut dice = Dice(7);
    let texts: Vec<[String; 2]> = (0..NOTES + ISSUES)
        .map(|key| {
            let title = format!("{} {}", text(&mut dice, 5), spelt(VOCABULARY + key));
            [title, text(&mut dice, if key < NOTES { 120 } else { 60 })]
        })
        .collect();
    let began = Instant::now();
    let mut index = Index::default();
    for (key, [title, body]) in texts.iter().enumerate() {
        index.put(key, &[Field { text: title, weight: 4.0 }, Field { text: body, weight: 1.0 }]);
    }
    let made = began.elapsed();
    let (mut took, mut walks, mut near) = (Vec::new(), Vec::new(), 0_usize);
    for _ in 0..asked.rounds.max(1) {
        for _ in 0..QUESTIONS {
            let wanted = dice.roll(texts.len());
            let [title, _] = &texts[wanted];
            let (first, own) =
                (title.split(' ').next().unwrap_or_default(), title.split(' ').next_back().unwrap_or_default());
            let question = format!("{first} {}", with_a_slip(&mut dice, own));
            let began = Instant::now();
            let found = black_box(index.find(&question, |_| true));
            took.push(began.elapsed());
            near += usize::from(found.iter().take(10).any(|found| found.key == wanted));
        }
        let began = Instant::now();
        black_box(texts.iter().filter(|both| both.iter().any(|text| text.contains("nowhere at all"))).count());
        walks.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    took.sort();
    let at = |thousandths: usize| took[(took.len() * thousandths / 1_000).min(took.len() - 1)];
    let ms = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1_000.0);
    let mut table = Table::new("search");
    table.row("texts, made into the index within", format!("{}, {}", texts.len(), ms(made)));
    table.row(
        "walking through the texts once, for one word as it stands",
        format!("{:.1} ms", median(&walks).unwrap_or(f64::NAN)),
    );
    table.row(
        "a question of two words, one of them with a slip: median, worst",
        format!("{}, {}", ms(at(500)), ms(at(999))),
    );
    table.claim("the same: p99", ms(at(990)), "≤ 20 ms", at(990) <= BUDGET);
    let all = asked.rounds.max(1) * QUESTIONS;
    table.claim("what was meant is among the ten best", format!("{near} of {all}"), "≥ 99 %", near * 100 >= all * 99);
    table
}

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
