//! A long history is sorted out in well under a second.

use super::commit;
use domain::change::{Commit, Rules, changes, suggest};
use std::time::{Duration, Instant};

/// A history as real ones are: squashes, merges with what they bring, reverts, bots, and people in a hurry.
fn long(commits: usize) -> Vec<Commit> {
    let mut all: Vec<Commit> = Vec::with_capacity(commits);
    let mut line = "root".to_owned();
    let mut at = 0;
    while all.len() < commits {
        at += 1;
        let name = format!("c{at}");
        let message = match at % 20 {
            0 => format!("build(deps): bump crate-{} from 1.{at}.0 to 1.{}.0 (#{at})\n\nBumps it.", at % 90, at + 1),
            1 => format!("Revert \"feat: thing\" (#{at})\n\nThis reverts commit SHA({line})."),
            2 | 3 => "fix stuff".to_owned(),
            4..=9 => {
                format!("fix(part-{}): mend {at} (#{at})\n\nLonger words about it.\n\nCloses #{}", at % 30, at / 2)
            }
            10 => format!("feat(api)!: drop {at} (#{at})\n\nBREAKING CHANGE: {at} is gone\nRefs: ABC-{at}"),
            11..=14 => {
                let branch = format!("b{at}");
                all.push(commit(&branch, &[&line], &format!("feat(part-{}): add {at}\n\nWhy it is there.", at % 30)));
                let merge = format!("Merge pull request #{at} from acme/{branch}\n\nfeat: add {at}");
                all.push(commit(&name, &[&line, &branch], &merge));
                line = name;
                continue;
            }
            _ => format!("chore: tidy {at}"),
        };
        all.push(commit(&name, &[&line], &message));
        line = name;
    }
    all.reverse();
    all
}

/// `cargo test -p domain --release --test change speed -- --nocapture` says how long it takes.
#[test]
fn sixteen_thousand_commits() {
    let history = long(16_000);
    let began = Instant::now();
    let found = changes(&history, &Rules::default());
    let suggestion = suggest(&found, &Rules::default(), None);
    let took = began.elapsed();
    println!("{} commits in {took:?}: {}", history.len(), suggestion.reason);
    assert_eq!(found.commits(), history.len());
    let most = if cfg!(debug_assertions) { Duration::from_secs(20) } else { Duration::from_millis(500) };
    assert!(took < most, "{took:?}");
}
