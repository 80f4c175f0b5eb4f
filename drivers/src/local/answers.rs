//! Between the words of the port and those of the fleet.

use control::driver::{Arm, ArmCounts, Asked, Done, Fault, Finding, Progress};
use domain::{playbook::Percent, rollout};
use fleet::{
    Silence, WHOLE,
    protocol::{Action, Answer, ArmSeen, Outcome, Tried},
};

/// What the fleet is to do for an action, where it is the fleet's work.
pub(super) fn wants(action: rollout::Action) -> Option<Action> {
    Some(match action {
        rollout::Action::Deploy => Action::Deploy,
        rollout::Action::Replace { share } => Action::Replace { share: share.amount().thousandths() },
        rollout::Action::Weight { share } => Action::Weight { share: share.amount().thousandths() },
        rollout::Action::Promote => Action::Promote,
        rollout::Action::Retire => Action::Retire,
        rollout::Action::RollBack => Action::RollBack,
        rollout::Action::Verify | rollout::Action::Watch { .. } => return None,
    })
}

pub(super) fn progress(action: rollout::Action, answer: Answer) -> Result<Progress, Fault> {
    match answer {
        Answer::Outcome(Outcome::Done { share, said }) => Ok(Progress::Done(done(action, share, said))),
        Answer::Outcome(Outcome::Running { said }) => Ok(Progress::Running { said, url: None }),
        // It undid what it had begun, and would fail in the same way again.
        Answer::Outcome(Outcome::Failed { said }) | Answer::Declined { said } => Err(Fault::declined(said)),
        Answer::NotNow { said } => Err(Fault::not_done(said)),
        other => Err(unexpected(&other)),
    }
}

pub(super) fn asked(action: rollout::Action, answer: Answer) -> Asked {
    match answer {
        Answer::Outcome(Outcome::Done { share, said }) => Asked::Done(done(action, share, said)),
        Answer::Outcome(Outcome::Running { said }) => Asked::Running { said, url: None },
        Answer::Outcome(Outcome::Failed { said }) => Asked::Failed(said),
        Answer::Outcome(Outcome::NeverSeen) => Asked::NeverSeen,
        other => Asked::CannotSay(unexpected(&other).said),
    }
}

pub(super) fn fault(silence: &Silence) -> Fault {
    match silence {
        Silence::NotThere(..) | Silence::Stranger(_) => Fault::not_done(silence.to_string()),
        Silence::Lost(_) => Fault::unknown(silence.to_string()),
    }
}

/// A fleet of another version may say what we do not know; what it did then, nobody can say.
pub(super) fn unexpected(answer: &Answer) -> Fault {
    match answer {
        Answer::Declined { said } => Fault::declined(said.clone()),
        Answer::NotNow { said } => Fault::not_done(said.clone()),
        _ => Fault::unknown("the fleet gave an answer that does not belong to the question"),
    }
}

pub(super) fn arm(seen: &ArmSeen) -> Arm {
    Arm {
        version: seen.version.parse().ok(),
        share: percent(seen.share),
        instances: seen.instances,
        healthy: seen.healthy,
    }
}

/// From thousandths of a percent.
pub(super) fn percent(share: u32) -> Percent {
    let share = share.min(WHOLE);
    format!("{}.{:03} %", share / 1000, share % 1000).parse().unwrap_or_else(|_| Percent::nothing())
}

pub(super) fn finding(tried: Tried) -> Finding {
    Finding { what: tried.what, good: tried.good, said: tried.said }
}

pub(super) fn good(what: &str, said: &str) -> Finding {
    Finding { what: what.to_owned(), good: true, said: said.to_owned() }
}

pub(super) fn bad(what: &str, said: &str) -> Finding {
    Finding { good: false, ..good(what, said) }
}

/// On the way back, the fleet tells the share of the version gone back to, and the port wants that of the one left.
fn done(action: rollout::Action, share: Option<u32>, said: String) -> Done {
    let back = action == rollout::Action::RollBack;
    let share = share.map(|share| if back { WHOLE.saturating_sub(share) } else { share });
    Done { share: share.map(percent), said, url: None }
}

/// What the router counted for a version, as judges read it.
#[expect(clippy::cast_precision_loss, reason = "bounds are a few seconds in microseconds")]
pub(super) fn counts(version: &str, counts: fleet::Counts) -> Option<ArmCounts> {
    Some(ArmCounts {
        version: version.parse().ok()?,
        requests: counts.requests,
        errors: counts.errors,
        bounds: counts.bounds.iter().map(|micros| *micros as f64 / 1_000.0).collect(),
        buckets: counts.buckets,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_come_back_as_they_went() {
        for thousandths in [0, 1, 5_000, 33_333, 99_999, WHOLE] {
            assert_eq!(percent(thousandths).amount().thousandths(), thousandths);
        }
    }
}
