//! The index: which words stand in which text, and how much each weighs there.

use super::{likeness::likeness, words::words};
use std::collections::BTreeMap;

/// Words of a question beyond these are not looked at.
const MOST_WORDS: usize = 12;

/// A part of a text, and how much a word counts for that stands in it.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    pub text: &'a str,
    pub weight: f32,
}

/// A text that answers a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<K> {
    pub key: K,
    /// Means something beside the others of the same answer only.
    pub score: f32,
}

#[derive(Debug, Clone)]
struct Text<K> {
    key: K,
    words: Vec<usize>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Word {
    letters: Box<[char]>,
    /// Where it stands, and what it weighs there.
    pub(super) stands: Vec<(usize, f32)>,
}

/// Texts by key.
#[derive(Debug, Clone)]
pub struct Index<K> {
    /// Places of texts that were taken out are filled again, as are those of words.
    texts: Vec<Option<Text<K>>>,
    places: BTreeMap<K, usize>,
    free: Vec<usize>,
    pub(super) words: Vec<Word>,
    known: BTreeMap<Box<[char]>, usize>,
    unused: Vec<usize>,
}

impl<K> Default for Index<K> {
    fn default() -> Self {
        Self {
            texts: Vec::new(),
            places: BTreeMap::new(),
            free: Vec::new(),
            words: Vec::new(),
            known: BTreeMap::new(),
            unused: Vec::new(),
        }
    }
}

impl<K: Ord + Clone> Index<K> {
    /// A new text, or another one under the same key.
    pub fn put(&mut self, key: K, fields: &[Field<'_>]) {
        self.remove(&key);
        let place = self.free.pop().unwrap_or_else(|| {
            self.texts.push(None);
            self.texts.len() - 1
        });
        let mut weights: BTreeMap<Vec<char>, f32> = BTreeMap::new();
        for Field { text, weight } in fields {
            let mut often: BTreeMap<Vec<char>, f32> = BTreeMap::new();
            words(text).for_each(|word| *often.entry(word).or_default() += 1.0);
            for (word, often) in often {
                // However often a word stands there, it counts for less than two.
                *weights.entry(word).or_default() += weight * 2.0 * often / (often + 1.0);
            }
        }
        let mut held = Vec::with_capacity(weights.len());
        for (letters, weight) in weights {
            let word = self.word(letters.into_boxed_slice());
            self.words[word].stands.push((place, weight));
            held.push(word);
        }
        self.texts[place] = Some(Text { key: key.clone(), words: held });
        self.places.insert(key, place);
    }

    pub fn remove(&mut self, key: &K) {
        let Some(place) = self.places.remove(key) else { return };
        let held = self.texts[place].take().map(|text| text.words).unwrap_or_default();
        for word in held {
            let known = &mut self.words[word];
            known.stands.retain(|(text, _)| *text != place);
            if known.stands.is_empty() {
                let letters = std::mem::take(&mut known.letters);
                self.known.remove(&letters);
                self.unused.push(word);
            }
        }
        self.free.push(place);
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The texts that hold the most words of the question, of those that fit; the best first.
    pub fn find(&self, question: &str, fits: impl Fn(&K) -> bool) -> Vec<Found<K>> {
        let mut asked: Vec<Vec<char>> = Vec::new();
        for word in words(question) {
            if asked.len() < MOST_WORDS && !asked.contains(&word) {
                asked.push(word);
            }
        }
        // For each text how many words of the question it holds, and what they amount to.
        let mut sums = vec![(0_usize, 0.0_f32); self.texts.len()];
        let mut best = vec![0.0_f32; self.texts.len()];
        for word in &asked {
            let mut touched = Vec::new();
            for known in self.words.iter().filter(|known| !known.stands.is_empty()) {
                let Some(likeness) = likeness(word, &known.letters) else { continue };
                let rarity = self.rarity(known.stands.len());
                for (text, weight) in &known.stands {
                    if best[*text] == 0.0 {
                        touched.push(*text);
                    }
                    best[*text] = best[*text].max(likeness * rarity * weight);
                }
            }
            for text in touched {
                let (held, sum) = &mut sums[text];
                *held += 1;
                *sum += std::mem::take(&mut best[text]);
            }
        }
        let mut found: Vec<(usize, Found<K>)> = Vec::new();
        for (text, (held, score)) in self.texts.iter().zip(sums) {
            if let Some(text) = text.as_ref().filter(|text| held > 0 && fits(&text.key)) {
                found.push((held, Found { key: text.key.clone(), score }));
            }
        }
        let most = found.iter().map(|(held, _)| *held).max().unwrap_or_default();
        found.retain(|(held, _)| *held == most);
        let mut found: Vec<Found<K>> = found.into_iter().map(|(_, found)| found).collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.key.cmp(&b.key)));
        found
    }

    fn word(&mut self, letters: Box<[char]>) -> usize {
        if let Some(known) = self.known.get(&letters) {
            return *known;
        }
        let word = self.unused.pop().unwrap_or_else(|| {
            self.words.push(Word::default());
            self.words.len() - 1
        });
        self.words[word].letters.clone_from(&letters);
        self.known.insert(letters, word);
        word
    }

    /// A word that stands in few texts says more than one that stands in all.
    fn rarity(&self, stands_in: usize) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "a ratio of counts, for ranking")]
        let ratio = self.places.len() as f32 / stands_in.max(1) as f32;
        ratio.ln_1p()
    }
}
