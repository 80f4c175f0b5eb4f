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

/// A name, and what happens to the lines of a text.
type Way = (&'static str, fn(&mut Vec<String>, &mut Dice));

/// The ways to break a text.
const WAYS: [Way; 18] = [
    ("a line deleted", |lines, dice| at_random(lines, dice, |line| line.contains('='), |_, _| String::new())),
    ("a line doubled", |lines, dice| at_random(lines, dice, written, |line, _| format!("{line}\n{line}"))),
    ("a key misspelt", |lines, dice| {
        let letter = |c: char| c.is_ascii_lowercase();
        at_random(lines, dice, keyed, |line, _| line.replacen(letter, "", 1));
    }),
    ("a number instead", |lines, dice| at_random(lines, dice, keyed, |line, _| value(line, "-7"))),
    ("a list instead", |lines, dice| at_random(lines, dice, keyed, |line, _| value(line, "[1, true, {}]"))),
    ("a table instead", |lines, dice| at_random(lines, dice, keyed, |line, _| value(line, "{ strange = 1 }"))),
    ("nonsense instead", |lines, dice| at_random(lines, dice, keyed, |line, _| value(line, "\"¿qué?\""))),
    ("nothing instead", |lines, dice| at_random(lines, dice, keyed, |line, _| value(line, "\"\""))),
    ("a date instead", |lines, dice| at_random(lines, dice, keyed, |line, _| value(line, "2026-02-30"))),
    ("a quote lost", |lines, dice| at_random(lines, dice, |l| l.contains('"'), |line, _| line.replacen('"', "", 1))),
    ("a bracket lost", |lines, dice| {
        at_random(lines, dice, |l| l.contains([']', '}']), |line, _| line.replacen([']', '}'], "", 1));
    }),
    ("stray letters", |lines, dice| at_random(lines, dice, |_| true, |line, _| format!("§$ {line}"))),
    ("an unknown reference", |lines, dice| {
        const KEYS: [&str; 9] =
            ["role", "owner", "sender", "signal", "environments", "strategy", "channels", "to", "message"];
        let refers = |line: &str| KEYS.iter().any(|key| line.starts_with(&format!("{key} = ")) && line.contains('"'));
        at_random(lines, dice, refers, |line, _| quoted(line, "nobody-knows-it"));
    }),
    ("an id twice", |lines, dice| {
        let ids: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].starts_with("id = ")).collect();
        let one = dice.below(ids.len() - 1);
        lines[ids[one + 1]] = lines[ids[one]].clone();
    }),
    ("out of range", |lines, dice| {
        let number = |line: &str| keyed(line) && line.contains(|c: char| c.is_ascii_digit());
        at_random(lines, dice, number, |line, _| line.replacen(|c: char| c.is_ascii_digit(), "987654321", 1));
    }),
    ("the end missing", |lines, dice| {
        let at = 1 + dice.below(lines.len() - 1);
        lines.truncate(at);
        let last = &mut lines[at - 1];
        let mut cut = dice.below(last.len());
        while !last.is_char_boundary(cut) {
            cut -= 1;
        }
        last.truncate(cut);
    }),
    ("a wrong word", |lines, dice| {
        const KEYS: [&str; 12] = [
            "kind", "moment", "bump", "process", "trigger", "rollback", "purpose", "effect", "seen_by", "measures",
            "time", "occasion",
        ];
        let word = |line: &str| KEYS.iter().any(|key| line.starts_with(&format!("{key} = \"")));
        at_random(lines, dice, word, |line, _| quoted(line, "sideways"));
    }),
    ("sections swapped", |lines, dice| {
        let heads: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].starts_with("[[")).collect();
        lines.swap(heads[dice.below(heads.len())], heads[dice.below(heads.len())]);
    }),
];

/// Changes one of the lines that are `fit`.
fn at_random(lines: &mut [String], dice: &mut Dice, fit: fn(&str) -> bool, change: impl Fn(&str, &mut Dice) -> String) {
    let fit: Vec<usize> = (0..lines.len()).filter(|at| fit(&lines[*at])).collect();
    let at = fit[dice.below(fit.len())];
    lines[at] = change(&lines[at], dice);
}

fn written(line: &str) -> bool {
    line.contains('=') || line.starts_with('[')
}

fn keyed(line: &str) -> bool {
    line.starts_with(|c: char| c.is_ascii_lowercase()) && line.contains(" = ")
}

fn value(line: &str, new: &str) -> String {
    line.split_once('=').map_or_else(|| format!("{line}{new}"), |(key, _)| format!("{key}= {new}"))
}

/// With another text between the first quotes.
fn quoted(line: &str, new: &str) -> String {
    let mut parts = line.splitn(3, '"');
    let (before, after) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
    format!("{before}\"{new}\"{after}")
}

#[test]
fn two_hundred_broken_playbooks_panic_nowhere_and_every_fault_has_line_and_key() {
    let mut dice = Dice(2026);
    let mut broken: BTreeMap<&str, usize> = BTreeMap::new();
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    let mut tries = 0;
    // Each way in its turn, on each of the five, until two hundred are broken.
    while broken.values().sum::<usize>() < 200 {
        let (name, text) = BUNDLED[tries % BUNDLED.len()];
        let (way, break_it) = WAYS[tries % WAYS.len()];
        tries += 1;
        assert!(tries < 2_000, "too many stay sound: {broken:?}");
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for _ in 0..=dice.below(2) {
            break_it(&mut lines, &mut dice);
        }
        let text = lines.join("\n");
        // What is still sound, such as a changed comment, is not counted.
        let Err(faults) = parse(&text) else { continue };
        *broken.entry(way).or_default() += 1;
        *by_name.entry(name).or_default() += 1;
        assert!(!faults.is_empty(), "{name}, {way}: refused without a fault");
        for fault in &faults {
            let sound = (1..=text.lines().count().max(1) + 1).contains(&fault.line) && !fault.key.trim().is_empty();
            assert!(sound, "{name}, {way}: {fault:?}");
            assert!(!fault.what.is_empty() && !fault.to_string().contains('\n'), "{name}, {way}: {fault:?}");
        }
    }
    assert_eq!(broken.len(), WAYS.len(), "every way broke something: {broken:?}");
    assert!(broken.values().all(|count| *count >= 4), "each way often enough: {broken:?}");
    assert_eq!(by_name.len(), BUNDLED.len(), "each of the five was broken: {by_name:?}");
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
