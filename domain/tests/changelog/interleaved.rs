//! Hundreds of times a person edits and the machine writes, in any order: no word of the person is lost.

use chrono::NaiveDate;
use domain::{
    changelog::{Style, Target, regenerate, release},
    outline::{Entry, Form, Written},
};
use proptest::prelude::*;
use std::collections::BTreeSet;

#[derive(Debug, Clone)]
enum Act {
    /// The machine writes these changes; the second number says which of its words it uses.
    Write(Vec<(u8, u8)>),
    /// A person adds words at the end of a line,
    Extend(usize),
    /// writes a line of their own (of some form) before a line,
    Insert(usize, usize),
    /// replaces a line by words of their own,
    Replace(usize),
    /// takes a line out,
    Remove(usize),
    /// or writes with another editor.
    OtherLineEnds,
    Release,
}

fn act() -> impl Strategy<Value = Act> {
    let changes = proptest::collection::vec((0..12u8, 0..3u8), 0..10);
    prop_oneof![
        4 => changes.prop_map(Act::Write),
        2 => any::<usize>().prop_map(Act::Extend),
        2 => (any::<usize>(), 0..FORMS.len()).prop_map(|(at, form)| Act::Insert(at, form)),
        2 => any::<usize>().prop_map(Act::Replace),
        1 => any::<usize>().prop_map(Act::Remove),
        1 => Just(Act::OtherLineEnds),
        1 => Just(Act::Release),
    ]
}

const FORMS: [&str; 14] = [
    "- W",
    "* W",
    "W",
    "  W",
    "  - W",
    "\n  W",
    "### W",
    "#### W",
    "## W",
    "1. W",
    "```\nW\n```",
    "<!--\nW\n-->",
    "\nW\n",
    "[W]: https://example.org/W",
];

fn entries(changes: &[(u8, u8)]) -> Vec<Entry> {
    let slots = ["added", "changed", "fixed", "security"];
    let entry = |(n, variant): &(u8, u8)| Entry {
        id: format!("c{n}"),
        // The last of its wordings stands elsewhere.
        slot: Some(slots[usize::from((n + variant / 2) % 4)].to_owned()),
        form: Form::Item,
        // Two say the same.
        text: format!("Change {} in wording {variant} (#{n})", n.min(&10)),
        marks: vec![format!("#{n}")],
    };
    changes.iter().map(entry).collect()
}

struct Desk {
    text: String,
    memory: Written,
    /// Words that a person wrote and has not taken out.
    words: BTreeSet<String>,
    next: usize,
    minor: u64,
}

impl Desk {
    fn word(&mut self) -> String {
        self.next += 1;
        let word = format!("wörd{}x", self.next);
        self.words.insert(word.clone());
        word
    }

    fn edit(&mut self, at: usize, change: impl FnOnce(&mut Vec<String>, usize)) {
        let mut lines: Vec<String> = self.text.split_inclusive('\n').map(str::to_owned).collect();
        if lines.is_empty() {
            lines.push("\n".to_owned());
        }
        let at = at % lines.len();
        change(&mut lines, at);
        self.text = lines.concat();
        self.words.retain(|word| self.text.contains(word.as_str()));
    }

    fn act(&mut self, act: &Act) -> Result<(), TestCaseError> {
        match act {
            Act::Write(changes) => {
                let entries = entries(changes);
                let style = Style::default();
                let written = regenerate(&self.text, &style, &Target::Unreleased, &self.memory, &entries);
                // Nothing is written where a code block is open.
                let Ok((text, memory)) = written else { return Ok(()) };
                let again = regenerate(&text, &style, &Target::Unreleased, &memory, &entries).expect("closed");
                prop_assert_eq!(&again.0, &text, "written twice");
                prop_assert_eq!(&again.1, &memory, "remembered twice");
                self.text = text;
                self.memory = memory;
            }
            Act::Extend(at) => {
                let word = self.word();
                self.edit(*at, |lines, at| {
                    let line = lines[at].trim_end_matches(['\r', '\n']).to_owned();
                    lines[at] = format!("{line} {word}\n");
                });
            }
            Act::Insert(at, form) => {
                let word = self.word();
                let text = format!("{}\n", FORMS[*form].replace('W', &word));
                self.edit(*at, |lines, at| lines.insert(at, text));
            }
            Act::Replace(at) => {
                let word = self.word();
                self.edit(*at, |lines, at| lines[at] = format!("- {word}\n"));
            }
            Act::Remove(at) => self.edit(*at, |lines, at| drop(lines.remove(at))),
            Act::OtherLineEnds => {
                let plain = self.text.replace("\r\n", "\n");
                self.text = if self.text == plain { plain.replace('\n', "\r\n") } else { plain };
            }
            Act::Release => {
                self.minor += 1;
                let version = format!("1.{}.0", self.minor).parse().expect("a version");
                let day: NaiveDate = "2026-11-21".parse().expect("a day");
                if let Ok(text) = release(&self.text, &Style::default(), &version, day, None) {
                    self.text = text;
                    self.memory = Written::default();
                }
            }
        }
        for word in &self.words {
            prop_assert!(self.text.contains(word.as_str()), "{word} was lost by {act:?}:\n{}", self.text);
        }
        Ok(())
    }
}

fn desk() -> Desk {
    let memory = Written::default();
    Desk { text: String::new(), memory, words: BTreeSet::new(), next: 0, minor: 0 }
}

proptest! {
    #[test]
    fn no_word_of_a_person_is_lost(acts in proptest::collection::vec(act(), 1..60)) {
        let mut desk = desk();
        desk.act(&Act::Write(vec![(1, 0), (2, 0), (3, 0), (10, 0), (11, 0)]))?;
        for act in &acts {
            desk.act(act)?;
        }
    }

    #[test]
    fn what_a_person_took_out_does_not_come_back(at in any::<usize>(), later in proptest::collection::vec(act(), 0..10)) {
        let mut desk = desk();
        let all: Vec<(u8, u8)> = (0..10).map(|n| (n, 0)).collect();
        desk.act(&Act::Write(all.clone()))?;
        let mut gone = String::new();
        let items: Vec<usize> =
            desk.text.lines().enumerate().filter(|(_, line)| line.starts_with("- Change")).map(|(n, _)| n).collect();
        let at = items[at % items.len()];
        desk.edit(at, |lines, at| gone = lines.remove(at).trim().to_owned());
        for act in later.iter().filter(|act| !matches!(act, Act::Release)) {
            desk.act(act)?;
        }
        desk.act(&Act::Write(all))?;
        prop_assert!(!desk.text.contains(&gone), "{gone} came back:\n{}", desk.text);
    }
}
