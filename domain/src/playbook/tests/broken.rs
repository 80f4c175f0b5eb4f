//! Two hundred broken playbooks, made from the five: never a panic, and every fault says where.

use super::{BUNDLED, parse};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// SplitMix64: small, and the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.roll() % most.max(1) as u64).expect("small")
    }
}

/// A name, and what happens to a line.
type Way = (&'static str, fn(&str) -> String);

/// The ways to break a text; each works on one line.
const WAYS: [Way; 12] = [
    ("key misspelt", |line| line.replacen(|c: char| c.is_ascii_lowercase(), "", 1)),
    ("line deleted", |_| String::new()),
    ("line doubled", |line| format!("{line}\n{line}")),
    ("value is a number", |line| value(line, "-7")),
    ("value is a list", |line| value(line, "[1, true, {}]")),
    ("value is a table", |line| value(line, "{ strange = 1 }")),
    ("value is nonsense", |line| value(line, "\"¿qué?\"")),
    ("value is empty", |line| value(line, "\"\"")),
    ("value is a date", |line| value(line, "2026-02-30")),
    ("quote lost", |line| line.replacen('"', "", 1)),
    ("bracket lost", |line| line.replacen([']', '}'], "", 1)),
    ("stray letters", |line| format!("§$ {line}")),
];

fn value(line: &str, new: &str) -> String {
    line.split_once('=').map_or_else(|| format!("{line}{new}"), |(key, _)| format!("{key}= {new}"))
}

#[test]
fn two_hundred_broken_playbooks_panic_nowhere_and_every_fault_has_line_and_key() {
    let mut dice = Dice(2026);
    let mut broken = 0;
    let mut by_way: BTreeMap<&str, usize> = BTreeMap::new();
    while broken < 200 {
        let (name, text) = BUNDLED[dice.below(BUNDLED.len())];
        let (way, break_line) = WAYS[dice.below(WAYS.len())];
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for _ in 0..=dice.below(3) {
            let at = dice.below(lines.len());
            lines[at] = break_line(&lines[at]);
        }
        if dice.below(10) == 0 {
            lines.truncate(dice.below(lines.len()));
        }
        let text = lines.join("\n");
        // What is still sound, such as a changed comment, is not counted.
        let Err(faults) = parse(&text) else { continue };
        broken += 1;
        *by_way.entry(way).or_default() += 1;
        assert!(!faults.is_empty(), "{name}, {way}: refused without a fault");
        for fault in &faults {
            let sound = (1..=text.lines().count().max(1) + 1).contains(&fault.line) && !fault.key.trim().is_empty();
            assert!(sound, "{name}, {way}: {fault:?}");
            assert!(!fault.what.is_empty() && !fault.to_string().contains('\n'), "{name}, {way}: {fault:?}");
        }
    }
    assert_eq!(by_way.len(), WAYS.len(), "every way broke something: {by_way:?}");
}

/// Each simple `key = value` line of the five, with one letter of the key lost: the fault stands on that very line, and
/// the right key is offered.
#[test]
fn a_misspelt_key_is_found_on_its_line_and_the_right_one_offered() {
    let mut tried = 0;
    for (name, text) in BUNDLED {
        let lines: Vec<&str> = text.lines().collect();
        for at in (0..lines.len()).step_by(13) {
            let Some((key, rest)) = lines[at].split_once(" = ") else { continue };
            if key.len() < 5 || !key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') || !lines[at].ends_with('"') {
                continue;
            }
            let wrong = format!("{}{}", &key[..2], &key[3..]);
            let changed = format!("{wrong} = {rest}");
            let mut all: Vec<&str> = lines.clone();
            all[at] = &changed;
            let faults = parse(&all.join("\n")).expect_err("misspelt");
            let found = faults.iter().find(|f| f.line == at + 1 && f.did_you_mean.as_deref() == Some(key));
            assert!(found.is_some(), "{name} line {}: {changed}: {faults:#?}", at + 1);
            tried += 1;
        }
    }
    assert!(tried > 40, "only {tried} keys were tried");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_read_or_refused_with_line_and_key(text in "(?s).{0,300}") {
        if let Err(faults) = parse(&text) {
            prop_assert!(faults.iter().all(|f| f.line > 0 && !f.key.is_empty()));
        }
    }

    #[test]
    fn any_cut_is_refused_with_line_and_key(which in 0usize..5, cut in 0.0f64..1.0) {
        let text = BUNDLED[which].1;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a short text")]
        let mut at = (cut * text.len() as f64) as usize;
        while !text.is_char_boundary(at) { at += 1; }
        if let Err(faults) = parse(&text[..at]) {
            prop_assert!(faults.iter().all(|f| f.line > 0 && !f.key.is_empty()), "{faults:?}");
        }
    }
}
