//! From commits to changes: reverts cancel what they revert, merges and picked commits count once, nothing is lost.

use super::{
    Cancelled, Change, Changes, Commit, Message, Nonconforming, Offence, Origin, Rules, dependency,
    joined::{Places, brought_by},
    message::tidied,
    reference,
    revert::{Revert, Target, picked_from},
};
use std::borrow::Cow;

/// What the commits amount to. They come newest first, no parent before its child, as `git log --topo-order` lists them.
pub fn changes(commits: &[Commit], rules: &Rules) -> Changes {
    let places = Places::of(commits);
    let read: Vec<Read<'_>> = commits.iter().map(Read::of).collect();
    let brought = brought_by(commits, &places);
    let mut fates = vec![Fate::Counts; commits.len()];
    let shown = Shown { commits, read: &read, brought: &brought, places: &places };
    shown.repeated(&mut fates);
    shown.cancelled(&mut fates);
    shown.merges(&mut fates);

    let numbers: Vec<Option<u64>> = (0..commits.len()).map(|at| shown.number(at)).collect();

    let mut found = Changes::default();
    for (at, (commit, read)) in commits.iter().zip(read).enumerate() {
        match fates[at] {
            Fate::ListedTwice => {}
            Fate::Picked => found.repeated.push(commit.sha.clone()),
            Fate::Joins => found.merges.push(commit.sha.clone()),
            Fate::Cancelled(by) => found.cancelled.push(Cancelled {
                id: commit.sha.clone(),
                subject: read.subject().to_owned(),
                by: by.map(|by| commits[by].sha.clone()),
            }),
            Fate::Counts => {
                let origin = origin(commit, &read, numbers[at], rules);
                match read.message {
                    Ok(mut message) => {
                        let said = reference::pull_request(&message.description).0.len();
                        message.description.truncate(said);
                        found.items.push(Change { origin, message });
                    }
                    Err(why) => {
                        let subject = read.subject().to_owned();
                        found.nonconforming.push(Nonconforming { origin, subject, why });
                    }
                }
            }
        }
    }
    found
}

/// A commit's message, read once.
struct Read<'a> {
    text: Cow<'a, str>,
    message: Result<Message, Offence>,
    pull_request: Option<u64>,
    revert: Revert,
    is_merge: bool,
}

impl<'a> Read<'a> {
    fn of(commit: &'a Commit) -> Self {
        let text = tidied(&commit.message);
        let mut message = Message::read(&text);
        let is_merge = commit.parents.len() > 1;
        let subject = text.lines().next().unwrap_or_default();
        let mut pull_request = reference::pull_request(subject).1;
        if is_merge {
            let (number, below) = reference::merged(&text);
            pull_request = number.or(pull_request);
            message = message.or_else(|why| Message::read(below).map_err(|_| why));
        }
        let revert = Revert::read(&text, message.as_ref().ok());
        Self { text, message, pull_request, revert, is_merge }
    }

    fn subject(&self) -> &str {
        self.text.lines().next().unwrap_or_default()
    }
}

/// What becomes of a commit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Counts,
    /// By which revert; none for the revert itself.
    Cancelled(Option<usize>),
    Joins,
    Picked,
    ListedTwice,
}

struct Shown<'a> {
    commits: &'a [Commit],
    read: &'a [Read<'a>],
    brought: &'a [Option<usize>],
    places: &'a Places<'a>,
}

impl Shown<'_> {
    /// The pull request that a commit came by: its own, or that of the merge which brought it.
    fn number(&self, at: usize) -> Option<u64> {
        self.read[at].pull_request.or_else(|| self.read[self.brought[at]?].pull_request)
    }

    fn repeated(&self, fates: &mut [Fate]) {
        for (at, commit) in self.commits.iter().enumerate() {
            let first = self.places.at(commit.sha.as_str());
            if first != Some(at) {
                fates[at] = Fate::ListedTwice;
            } else if picked_from(&self.read[at].text).and_then(|sha| self.places.at(sha)).is_some_and(|from| from > at)
            {
                fates[at] = Fate::Picked;
            }
        }
    }

    /// From new to old, so that a revert which was itself reverted takes nothing back.
    fn cancelled(&self, fates: &mut [Fate]) {
        let lookup = Lookup::new(self.commits, self.read, self.brought);
        for at in 0..self.commits.len() {
            let revert = &self.read[at].revert;
            if fates[at] != Fate::Counts || (revert.targets.is_empty() && revert.quoted.is_none()) {
                continue;
            }
            let (mut all, mut any) = (true, false);
            for target in &revert.targets {
                let mut here = false;
                for older in lookup.find(target).filter(|older| *older > at) {
                    here = true;
                    if fates[older] == Fate::Counts {
                        fates[older] = Fate::Cancelled(Some(at));
                    }
                }
                all &= here;
                any |= here;
            }
            if let (false, Some(subject)) = (any, &revert.quoted) {
                let mut same = lookup.said(subject).filter(|older| *older > at && fates[*older] == Fate::Counts);
                // Of several that say the same nobody knows which is meant.
                let found = same.next().filter(|_| same.next().is_none());
                all = found.is_some();
                if let Some(older) = found {
                    fates[older] = Fate::Cancelled(Some(at));
                }
            }
            // What takes back something that people have already is a change to them.
            if revert.only && all {
                fates[at] = Fate::Cancelled(None);
            }
        }
    }

    /// A merge counts by its own words only where the commits that it brought say nothing.
    fn merges(&self, fates: &mut [Fate]) {
        let mut said = vec![(false, false); self.commits.len()];
        for (at, read) in self.read.iter().enumerate() {
            let counts = fates[at] == Fate::Counts && !read.is_merge;
            if let (true, Ok(message), Some(merge)) = (counts, &read.message, self.brought[at]) {
                said[merge].0 = true;
                said[merge].1 |= message.breaking.is_some();
            }
        }
        // Whether the outer merge speaks for what is inside of it.
        let speaks = |at: usize| {
            let (conforming, breaking) = said[at];
            self.read[at].message.as_ref().is_ok_and(|own| !conforming || (own.breaking.is_some() && !breaking))
        };
        for (at, fate) in fates.iter_mut().enumerate() {
            if *fate != Fate::Counts || !self.read[at].is_merge {
                continue;
            }
            let counts = match self.brought[at] {
                None => speaks(at),
                Some(outer) => self.read[at].message.is_ok() && !said[outer].0 && !speaks(outer),
            };
            if !counts {
                *fate = Fate::Joins;
            }
        }
    }
}

/// Finds commits by what reverts call them.
struct Lookup<'a> {
    names: Vec<(&'a str, usize)>,
    numbers: Vec<(u64, usize)>,
    brought: Vec<(usize, usize)>,
    subjects: Vec<(&'a str, usize)>,
}

impl<'a> Lookup<'a> {
    fn new(commits: &'a [Commit], read: &'a [Read<'_>], brought: &[Option<usize>]) -> Self {
        let mut names: Vec<_> = commits.iter().enumerate().map(|(at, commit)| (commit.sha.as_str(), at)).collect();
        let mut numbers: Vec<_> =
            read.iter().enumerate().filter_map(|(at, read)| Some((read.pull_request?, at))).collect();
        let mut brought: Vec<_> = brought.iter().enumerate().filter_map(|(at, merge)| Some(((*merge)?, at))).collect();
        names.sort_unstable();
        numbers.sort_unstable();
        let mut subjects: Vec<_> = read.iter().enumerate().map(|(at, read)| (read.subject(), at)).collect();
        brought.sort_unstable();
        subjects.sort_unstable();
        Self { names, numbers, brought, subjects }
    }

    /// With a merge go the commits that it brought.
    fn find<'s>(&'s self, target: &'s Target) -> impl Iterator<Item = usize> + 's {
        let (named, numbered) = match target {
            Target::Commit(sha) => {
                let from = self.names.partition_point(|(name, _)| *name < sha.as_str());
                (self.names[from..].first().filter(|(name, _)| name.starts_with(sha)).map(|(_, at)| *at), None)
            }
            Target::PullRequest(number) => (None, Some(*number)),
        };
        let numbered = numbered.into_iter().flat_map(|number| equal(&self.numbers, number));
        named.into_iter().chain(numbered).flat_map(|at| std::iter::once(at).chain(equal(&self.brought, at)))
    }

    /// The commits with this first line.
    fn said(&self, subject: &str) -> impl Iterator<Item = usize> {
        let from = self.subjects.partition_point(|(one, _)| *one < subject);
        self.subjects[from..].iter().take_while(move |(one, _)| *one == subject).map(|(_, at)| *at)
    }
}

fn equal<K: Ord + Copy>(sorted: &[(K, usize)], key: K) -> impl Iterator<Item = usize> + '_ {
    let from = sorted.partition_point(|(one, _)| *one < key);
    sorted[from..].iter().take_while(move |(one, _)| *one == key).map(|(_, at)| *at)
}

fn origin(commit: &Commit, read: &Read<'_>, pull_request: Option<u64>, rules: &Rules) -> Origin {
    let message = read.message.as_ref().ok();
    let subject = read.subject();
    let description = message.map_or(subject, |message| &message.description);
    let below = read.text.split_once('\n').map_or("", |(_, below)| below);
    let of_dependencies = message.is_some_and(|message| {
        message.kind == "deps" || message.scope.as_deref().is_some_and(|scope| scope.starts_with("deps"))
    });
    let co_authors = message.into_iter().flat_map(|message| &message.footers);
    let co_authors = co_authors.filter(|footer| footer.is("Co-authored-by"));
    Origin {
        id: commit.sha.clone(),
        author: commit.author.clone(),
        // “Name <address>”: the address is nobody's business here.
        co_authors: co_authors
            .map(|footer| footer.value.split('<').next().unwrap_or_default().trim().to_owned())
            .filter(|name| !name.is_empty() && *name != commit.author)
            .collect(),
        committed_at: commit.committed_at,
        pull_request,
        issues: reference::issues(&read.text, message, pull_request),
        dependencies: dependency::raised(reference::pull_request(description).0, below, of_dependencies),
        migrations: commit.files.iter().filter(|path| rules.is_migration(path)).cloned().collect(),
    }
}
