//! What people see: rates, interval, odds, requests, and what is still needed.

use super::*;
use crate::judge::replay::run;

#[test]
fn a_failing_canary_in_words() {
    let replay = run(TRACES[1].1, Alpha::DEFAULT).expect("a sound trace");
    let facts = &replay.facts;
    assert_eq!(facts.leading, Metric::Errors);
    assert_eq!(facts.odds_one_in, Some(66));
    assert!(facts.needed.is_none(), "it is decided");
    let ratio = facts.errors.ratio.expect("a ratio");
    assert!(ratio.low > 0.9 && ratio.high.is_none_or(|high| high > ratio.low));
    let text = facts.to_string();
    assert!(text.starts_with("Canary is failing "), "{text}");
    assert!(text.contains("odds that this is chance: below 1 in 66."), "{text}");
    assert!(text.contains("Error rate against stable: at least 0.9 times"), "{text}");
}

#[test]
fn a_healthy_canary_in_words() {
    let replay = run(TRACES[0].1, Alpha::DEFAULT).expect("a sound trace");
    let facts = &replay.facts;
    assert_eq!(facts.odds_one_in, None);
    let ratio = facts.errors.ratio.expect("a ratio");
    assert!(ratio.low < 1.0 && ratio.high.expect("an upper end") > 1.0);
    let text = facts.to_string();
    assert!(text.contains("nothing speaks against the canary so far"), "{text}");
    assert!(!text.contains("router"), "{text}");
}

#[test]
fn other_faults_in_words() {
    let mut slow = judge();
    let mut lost = judge();
    for _ in 0..10 {
        slow.observe(&minute(arm(950.0, 2.0, 1.0), arm(50.0, 0.0, 3.0)));
        lost.observe(&minute(arm(950.0, 2.0, 1.0), arm(10.0, 0.0, 1.0)));
    }
    let text = slow.facts().to_string();
    assert!(text.contains("of canary requests take longer than") && text.contains(" ms, stable "), "{text}");
    let text = lost.facts().to_string();
    assert!(text.starts_with("Canary shows 1.0 % of all requests, configured are 5.0 %"), "{text}");
    assert!(text.contains("router's fault"), "{text}");
    assert_eq!(judge().facts().to_string(), "Nothing has been measured yet.");
}

/// "About 940 canary requests rule out +0.5 pp on a 0.1 % baseline."
#[test]
fn the_planning_figure() {
    let history = History::new(WindowLength::MINUTE, vec![arm(10_000.0, 10.0, 1.0); 60]);
    let settings = Settings { muted: Some(Metric::Latency), ..Settings::default() };
    let judge = Judge::new(settings, &history, share(0.05));
    let needed = judge.facts().needed.expect("an estimate");
    assert_eq!((needed.outcome, needed.minutes), (Outcome::Promote, None));
    assert!((900..980).contains(&needed.canary_requests), "{needed:?}");
}

/// The estimate comes down as requests come in, and they decide about when it says so.
#[test]
fn what_is_needed_is_what_it_takes() {
    let healthy = minute(arm(950.0, 1.9, 1.0), arm(50.0, 0.1, 1.0));
    let mut judge = judge();
    judge.observe(&healthy);
    let needed = judge.facts().needed.expect("an estimate");
    let minutes = needed.minutes.expect("traffic");
    let taken = (1..200).find(|_| judge.observe(&healthy).decision == Decision::Promote).expect("a promotion");
    assert!((f64::from(taken) - minutes).abs() <= 3.0, "{taken} against {minutes}");

    let failing = minute(arm(950.0, 1.9, 1.0), arm(50.0, 0.5, 1.0));
    let mut judge = self::judge();
    let suspected = (0..200).map(|_| judge.observe(&failing)).find(|verdict| verdict.log_e > 1.0);
    suspected.expect("suspicion");
    let needed = judge.facts().needed.expect("an estimate");
    assert_eq!(needed.outcome, Outcome::RollBack);
    let taken = (1..400).find(|_| matches!(judge.observe(&failing).decision, Decision::RollBack { .. }));
    let (taken, minutes) = (f64::from(taken.expect("a rollback")), needed.minutes.expect("traffic"));
    assert!(taken > 0.4 * minutes && taken < 2.5 * minutes, "{taken} against {minutes}");
}
