//! Writes entries into a text, leaving alone what is a person's.

use super::{
    Written,
    blocks::{Block, BlockKind, Group, groups, text, words},
    lines::{marker, newline},
    written::Was,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A heading that the machine writes below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Its name, for ever.
    pub key: String,
    /// The words of the heading.
    pub title: String,
    /// Its items are steps.
    pub numbered: bool,
    /// It stands there even with nothing below it.
    pub always: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Item,
    Paragraph,
}

/// Something that the machine writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is about, for ever: the name of a commit.
    pub id: String,
    /// Below which heading; above all of them when none.
    pub slot: Option<String>,
    pub form: Form,
    /// Markdown, written as one line.
    pub text: String,
    /// Words by which it is known in a text that the machine does not remember: `#12`.
    pub marks: Vec<String>,
}

/// The text with `entries` written into it below headings of `level`, and what to remember of it.
pub fn merge(old: &str, level: usize, slots: &[Slot], before: &Written, entries: &[Entry]) -> (String, Written) {
    let mut seen = HashSet::new();
    let entries: Vec<&Entry> = entries
        .iter()
        .filter(|entry| !words(&entry.text).is_empty() && seen.insert(entry.id.as_str()))
        .filter(|entry| entry.slot.as_ref().is_none_or(|slot| slots.iter().any(|known| &known.key == slot)))
        .collect();
    let mut page = Page::new(old, level, slots, before);
    page.remove_or_change(&entries);
    page.add(&entries);
    page.tidy();
    let written = page.remembered(&entries);
    (text(&page.groups), written)
}

type Place = (usize, usize);

struct Page<'a> {
    groups: Vec<Group>,
    level: usize,
    newline: &'static str,
    slots: &'a [Slot],
    before: &'a Written,
    /// Where the machine's words stand as it wrote them.
    own: BTreeMap<&'a str, Place>,
    /// Entries that stand there in a person's words, or that a person took out.
    taken: BTreeSet<String>,
    headings: BTreeSet<String>,
}

impl<'a> Page<'a> {
    fn new(old: &str, level: usize, slots: &'a [Slot], before: &'a Written) -> Self {
        let groups = groups(old, level);
        let mut page = Self {
            groups,
            level,
            newline: newline(old),
            slots,
            before,
            own: BTreeMap::new(),
            taken: BTreeSet::new(),
            headings: before.headings.clone(),
        };
        page.find();
        page
    }

    /// Looks for everything that was written; below its own heading first.
    fn find(&mut self) {
        let mut there: HashMap<String, Vec<Place>> = HashMap::new();
        for (g, group) in self.groups.iter().enumerate().rev() {
            for (b, block) in group.blocks.iter().enumerate().rev().filter(|(_, block)| !block.is_blank()) {
                there.entry(block.words()).or_default().push((g, b));
            }
        }
        for (id, was) in &self.before.entries {
            let found = there.get_mut(&words(&was.text)).filter(|_| !was.taken).and_then(|places| {
                let titled = |place: &Place| self.titled(was.slot.as_deref()) == Some(place.0);
                let at = places.iter().rposition(titled).or(places.len().checked_sub(1))?;
                Some(places.remove(at))
            });
            match found {
                Some(place) => drop(self.own.insert(id, place)),
                None => drop(self.taken.insert(id.clone())),
            }
        }
    }

    /// The group that has the heading of this slot.
    fn titled(&self, slot: Option<&str>) -> Option<usize> {
        let Some(key) = slot else { return Some(0) };
        let slot = self.slots.iter().find(|slot| slot.key == key)?;
        let same = |group: &Group| group.title().is_some_and(|title| title.eq_ignore_ascii_case(&slot.title));
        self.groups.iter().position(same)
    }

    /// The group where entries of this slot go: the one with its heading, or the one that a person made of it.
    fn home(&self, slot: Option<&str>) -> Option<usize> {
        self.titled(slot).or_else(|| {
            let mine = self
                .own
                .iter()
                .filter(|(id, _)| self.before.entries.get(**id).is_some_and(|was| was.slot.as_deref() == slot));
            let mut count: BTreeMap<usize, usize> = BTreeMap::new();
            for (_, (group, _)) in mine {
                *count.entry(*group).or_default() += 1;
            }
            let others: Vec<Option<usize>> = self.slots.iter().map(|slot| self.titled(Some(&slot.key))).collect();
            count.retain(|group, _| *group > 0 && !others.contains(&Some(*group)));
            count.into_iter().max_by_key(|(_, entries)| *entries).map(|(group, _)| group)
        })
    }

    fn remove_or_change(&mut self, entries: &[&Entry]) {
        let fresh: HashMap<&str, &&Entry> = entries.iter().map(|entry| (entry.id.as_str(), entry)).collect();
        for (id, place) in self.own.clone() {
            let was = self.before.entries[id].slot.as_deref();
            let Some(entry) = fresh.get(id) else {
                self.erase(place);
                self.own.remove(id);
                continue;
            };
            if entry.slot.as_deref() != was && self.home(was) == Some(place.0) {
                self.erase(place);
                self.own.remove(id);
                continue;
            }
            let block = &mut self.groups[place.0].blocks[place.1];
            if block.words() != words(&entry.text) {
                let kept = if block.kind == BlockKind::Item { marker(&block.raw) } else { 0 };
                let end = block.raw.trim_end_matches(['\r', '\n']).len();
                block.raw = format!("{}{}{}", &block.raw[..kept], words(&entry.text), &block.raw[end..]);
            }
        }
    }

    fn erase(&mut self, (group, block): Place) {
        let blocks = &mut self.groups[group].blocks;
        blocks[block].raw.clear();
        // Of the empty lines around it one run is enough.
        let before = blocks[..block].iter().rfind(|block| !block.raw.is_empty()).is_some_and(Block::is_blank);
        let after = blocks[block..].iter_mut().find(|block| !block.raw.is_empty());
        if let Some(after) = after.filter(|after| before && after.is_blank()) {
            after.raw.clear();
        }
    }

    fn add(&mut self, entries: &[&Entry]) {
        let mut claimed: HashSet<Place> = self.own.values().copied().collect();
        let mut ready = Vec::new();
        for entry in entries {
            if self.own.contains_key(entry.id.as_str()) || self.taken.contains(&entry.id) {
                continue;
            }
            match self.known(entry, &claimed) {
                Some(place) => {
                    claimed.insert(place);
                    self.taken.insert(entry.id.clone());
                }
                None => ready.push(*entry),
            }
        }
        for slot in self.slots.iter().filter(|slot| slot.always) {
            if !self.headings.contains(&slot.key) && self.home(Some(&slot.key)).is_none() {
                self.open(slot);
            }
        }
        for entry in ready {
            let slot = self.slots.iter().find(|slot| Some(&slot.key) == entry.slot.as_ref());
            let group = match (self.home(entry.slot.as_deref()), slot) {
                (Some(group), _) => group,
                (None, Some(slot)) => self.open(slot),
                (None, None) => 0,
            };
            self.insert(group, entry, slot.is_some_and(|slot| slot.numbered));
        }
    }

    /// A person's words that say this already.
    fn known(&self, entry: &Entry, claimed: &HashSet<Place>) -> Option<Place> {
        let said = words(&entry.text);
        let marked = |text: &str| entry.marks.iter().any(|mark| holds(text, mark));
        let blocks = self.groups.iter().enumerate();
        let mut blocks =
            blocks.flat_map(|(g, group)| group.blocks.iter().enumerate().map(move |(b, block)| ((g, b), block)));
        let forgotten = self.before.is_empty();
        let found = blocks.find(|(place, block)| {
            let free = !block.is_blank() && !block.raw.is_empty() && !claimed.contains(place);
            free && (block.words() == said || (forgotten && block.kind == BlockKind::Item && marked(&block.raw)))
        });
        found.map(|(place, _)| place)
    }

    /// Writes a heading where the order of slots has it.
    fn open(&mut self, slot: &Slot) -> usize {
        let order = |key: &str| self.slots.iter().position(|slot| slot.key == key);
        let mine = order(&slot.key);
        let later = self.slots.iter().filter(|other| order(&other.key) > mine);
        let at = later.filter_map(|other| self.titled(Some(&other.key))).min().unwrap_or(self.groups.len());
        self.close(at - 1);
        let heading = format!("{} {}{}", "#".repeat(self.level), slot.title, self.newline);
        let blank = Block { kind: BlockKind::Blank, raw: self.newline.to_owned() };
        self.groups.insert(at, Group { heading: Some(heading), blocks: vec![blank] });
        for (group, _) in self.own.values_mut() {
            *group += usize::from(*group >= at);
        }
        self.headings.insert(slot.key.clone());
        at
    }

    /// An empty line at the end of a group, unless there is one or nothing stands before it.
    fn close(&mut self, group: usize) {
        let nothing = group == 0 && self.groups[0].blocks.iter().all(|block| block.raw.is_empty());
        let last = self.groups[group].blocks.iter().rev().find(|block| !block.raw.is_empty());
        if nothing || last.is_some_and(Block::is_blank) {
            return;
        }
        let at = self.groups[group].blocks.len();
        self.blank(group, at);
    }

    /// An empty line before the block at `at`, after ending the line before it.
    fn blank(&mut self, group: usize, at: usize) {
        let newline = self.newline;
        let Group { heading, blocks } = &mut self.groups[group];
        let before = blocks[..at].iter_mut().rev().map(|block| &mut block.raw).find(|raw| !raw.is_empty());
        if let Some(line) = before.or(heading.as_mut())
            && !line.ends_with('\n')
        {
            line.push_str(newline);
        }
        blocks.insert(at, Block { kind: BlockKind::Blank, raw: newline.to_owned() });
        self.shifted(group, at, 1);
    }

    fn shifted(&mut self, group: usize, from: usize, by: usize) {
        for (g, b) in self.own.values_mut() {
            if *g == group && *b >= from {
                *b += by;
            }
        }
    }

    fn insert(&mut self, group: usize, entry: &Entry, numbered: bool) {
        let blocks = &self.groups[group].blocks;
        let heading = |block: &Block| group > 0 && block.kind == BlockKind::Heading;
        let end = blocks.iter().position(heading).unwrap_or(blocks.len());
        let is_item = |block: &&Block| block.kind == BlockKind::Item && !block.raw.is_empty();
        let items = blocks[..end].iter().filter(is_item).count();
        let last_item = blocks[..end].iter().rposition(|block| is_item(&block)).filter(|_| entry.form == Form::Item);
        let filled = |block: &Block| !block.is_blank() && !block.raw.is_empty();
        let after = last_item.or_else(|| blocks[..end].iter().rposition(filled));
        let mut at = after.map_or(0, |after| after + 1);
        let sign = match last_item.map(|at| blocks[at].raw.as_str()) {
            _ if numbered => format!("{}. ", items + 1),
            Some(above) if above.starts_with(['*', '+']) => above[..2].to_owned(),
            _ => "- ".to_owned(),
        };
        if last_item.is_none() && (after.is_some() || self.groups[group].heading.is_some()) {
            // Below a heading or a paragraph: one empty line between.
            match self.groups[group].blocks.get(at) {
                Some(block) if block.is_blank() => at += 1,
                _ => {
                    self.blank(group, at);
                    at += 1;
                }
            }
        }
        let newline = self.newline;
        if let Some(above) = self.groups[group].blocks[..at].iter_mut().rev().find(|block| !block.raw.is_empty())
            && !above.raw.ends_with('\n')
        {
            above.raw.push_str(newline);
        }
        let said = words(&entry.text);
        let (kind, raw) = match entry.form {
            Form::Item => (BlockKind::Item, format!("{sign}{said}{newline}")),
            Form::Paragraph => (BlockKind::Paragraph, format!("{said}{newline}")),
        };
        self.groups[group].blocks.insert(at, Block { kind, raw });
        self.shifted(group, at, 1);
        let below = self.groups[group].blocks[at + 1..].iter().find(|block| !block.raw.is_empty());
        let needs = below.is_some_and(|block| match entry.form {
            Form::Item => matches!(block.kind, BlockKind::Paragraph),
            Form::Paragraph => !block.is_blank(),
        });
        if needs {
            self.blank(group, at + 1);
        } else if below.is_none() && group + 1 < self.groups.len() {
            self.close(group);
        }
    }

    /// Takes away headings that the machine wrote and that nothing stands below any more.
    fn tidy(&mut self) {
        for slot in self.slots.iter().filter(|slot| !slot.always) {
            let Some(at) = self.titled(Some(&slot.key)).filter(|_| self.headings.contains(&slot.key)) else { continue };
            if self.groups[at].blocks.iter().all(|block| block.is_blank() || block.raw.is_empty()) {
                self.groups.remove(at);
                self.headings.remove(&slot.key);
                for (group, _) in self.own.values_mut() {
                    *group -= usize::from(*group > at);
                }
            }
        }
    }

    fn remembered(&self, entries: &[&Entry]) -> Written {
        let theirs = self.before.entries.iter().filter(|(id, _)| self.taken.contains(*id));
        let mut all: BTreeMap<String, Was> =
            theirs.map(|(id, was)| (id.clone(), Was { taken: true, ..was.clone() })).collect();
        for entry in entries {
            let taken = self.taken.contains(&entry.id);
            let now = Was { slot: entry.slot.clone(), text: words(&entry.text), taken };
            all.insert(entry.id.clone(), now);
        }
        Written { entries: all, headings: self.headings.clone() }
    }
}

/// Whether the mark stands there as a word of its own: `#1` is not in `#12`.
fn holds(text: &str, mark: &str) -> bool {
    text.match_indices(mark).any(|(at, _)| {
        let goes_on = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !goes_on(text[..at].chars().next_back()) && !goes_on(text[at + mark.len()..].chars().next())
    })
}
