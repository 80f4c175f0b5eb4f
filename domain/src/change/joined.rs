//! Which merge brought which commit onto the main line.

use super::Commit;
use std::collections::HashMap;

/// The places of commits in a list that goes from new to old.
pub(super) struct Places<'a>(HashMap<&'a str, usize>);

impl<'a> Places<'a> {
    /// Of a commit that stands there twice, the first counts.
    pub(super) fn of(commits: &'a [Commit]) -> Self {
        let mut places = HashMap::with_capacity(commits.len());
        for (at, commit) in commits.iter().enumerate() {
            places.entry(commit.sha.as_str()).or_insert(at);
        }
        Self(places)
    }

    pub(super) fn at(&self, sha: &str) -> Option<usize> {
        self.0.get(sha).copied()
    }
}

/// For each commit the merge on the main line that brought it; none for those that stand on the line themselves.
///
/// A line is followed through first parents. Where a list has gaps, because the clone is shallow or only one folder is
/// looked at, what is left over begins a line of its own.
pub(super) fn brought_by(commits: &[Commit], places: &Places<'_>) -> Vec<Option<usize>> {
    let mut by = vec![None; commits.len()];
    let mut seen = vec![false; commits.len()];
    let mut line = Vec::new();
    let mut waiting = Vec::new();
    for head in 0..commits.len() {
        let mut next = Some(head);
        line.clear();
        while let Some(at) = next.filter(|at| !seen[*at]) {
            seen[at] = true;
            line.push(at);
            next = commits[at].parents.first().and_then(|sha| places.at(sha.as_str()));
        }
        // From the oldest: what an earlier merge brought is not brought again.
        for &merge in line.iter().rev() {
            let joined = commits[merge].parents.iter().skip(1);
            waiting.extend(joined.filter_map(|sha| places.at(sha.as_str())));
            while let Some(at) = waiting.pop() {
                if !seen[at] {
                    seen[at] = true;
                    by[at] = Some(merge);
                    waiting.extend(commits[at].parents.iter().filter_map(|sha| places.at(sha.as_str())));
                }
            }
        }
    }
    by
}
