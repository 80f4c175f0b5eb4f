//! A ledger, and what can be read in it: what was done twice, and what was tried again without asking.

use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{File, OpenOptions},
    io::{BufRead as _, BufReader, Seek as _, SeekFrom, Write as _},
    path::Path,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It was told to do it.
    Called,
    /// It was asked what became of it.
    Asked,
    /// It did it.
    Did,
}

/// One line. Of what is asked, the key alone is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub what: What,
    pub key: String,
    #[serde(default)]
    pub product: String,
    #[serde(default)]
    pub effect: Effect,
}

/// What a step is meant to bring about. In one rollout no step is like another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Effect {
    pub action: String,
    pub version: String,
    #[serde(default)]
    pub share: String,
    /// Where the other side is told.
    #[serde(default)]
    pub rollout: String,
}

impl Line {
    pub fn asked(key: &str) -> Self {
        Self { what: What::Asked, key: key.to_owned(), product: String::new(), effect: Effect::default() }
    }
}

/// The lines of the keys that were ever used for `product`.
pub fn of(all: &[Line], product: &str) -> Vec<Line> {
    let keys: BTreeSet<&str> = all.iter().filter(|l| l.product == product).map(|l| l.key.as_str()).collect();
    all.iter().filter(|line| keys.contains(line.key.as_str())).cloned().collect()
}

/// Whether it was done under this key.
pub fn did(lines: &[Line], key: &str) -> bool {
    lines.iter().any(|line| line.what == What::Did && line.key == key)
}

/// Each effect with how often it happened, under whatever key.
pub fn effects(lines: &[Line]) -> BTreeMap<Effect, u64> {
    let mut all = BTreeMap::new();
    for line in lines.iter().filter(|line| line.what == What::Did) {
        *all.entry(line.effect.clone()).or_default() += 1;
    }
    all
}

/// Effects that happened more than once, each time counted but the first.
pub fn doubled(lines: &[Line]) -> u64 {
    effects(lines).values().map(|times| times - 1).sum()
}

/// Calls for an effect that had been called for before, with no question about it in between.
pub fn blind(lines: &[Line]) -> u64 {
    let mut open: BTreeMap<&Effect, BTreeSet<&str>> = BTreeMap::new();
    let mut blind = 0;
    for line in lines {
        match line.what {
            What::Called => {
                let keys = open.entry(&line.effect).or_default();
                blind += u64::from(!keys.is_empty());
                keys.insert(&line.key);
            }
            What::Asked => {
                for keys in open.values_mut() {
                    keys.remove(line.key.as_str());
                }
            }
            What::Did => {}
        }
    }
    blind
}

/// A ledger in a file that several processes write.
#[derive(Debug)]
pub struct Shelf {
    file: File,
}

impl Shelf {
    /// Nobody else has it until this value is gone.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        let file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        file.lock()?;
        Ok(Self { file })
    }

    pub fn lines(&mut self) -> std::io::Result<Vec<Line>> {
        self.file.seek(SeekFrom::Start(0))?;
        BufReader::new(&self.file).lines().map(|line| Ok(serde_json::from_str(&line?)?)).collect()
    }

    pub fn add(&mut self, line: &Line) -> std::io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.file.write_all(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(what: What, key: &str, action: &str) -> Line {
        let effect = Effect { action: action.to_owned(), version: "1.0.0".to_owned(), ..Effect::default() };
        Line { what, key: key.to_owned(), product: "p".to_owned(), effect }
    }

    #[test]
    fn once_is_once_and_asking_makes_a_second_call_a_seeing_one() {
        use What::{Called, Did};
        let lines =
            [line(Called, "a", "deploy"), Line::asked("a"), line(Called, "a", "deploy"), line(Did, "a", "deploy")];
        assert_eq!((doubled(&lines), blind(&lines)), (0, 0));
    }

    #[test]
    fn what_happened_twice_is_found_under_one_key_and_under_two() {
        use What::{Called, Did};
        for second in ["a", "b"] {
            let lines = [line(Did, "a", "deploy"), line(Did, second, "deploy"), line(Did, "c", "promote")];
            assert_eq!(doubled(&lines), 1, "{second}");
            let lines = [line(Called, "a", "deploy"), line(Called, second, "deploy"), line(Called, "c", "promote")];
            assert_eq!(blind(&lines), 1, "{second}");
        }
        let other = [line(Called, "a", "deploy"), Line::asked("b"), line(Called, "a", "deploy")];
        assert_eq!(blind(&other), 1, "asked about something else");
    }
}
