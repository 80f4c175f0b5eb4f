//! The threshold that a chart shows: the strictest of those beyond which the playbook rolls back.

use chart::{Side, Threshold, Unit};
use control::rollout::Seen;
use domain::{
    judge::rules::Row,
    playbook::{self, Bound, Measure, Playbook, Purpose, Signal},
};

/// Of the signals that `shows` says belong to the chart.
pub(super) fn threshold(
    playbook: &Playbook,
    seen: &Seen,
    unit: Unit,
    shows: impl Fn(&Signal) -> bool,
) -> Option<Threshold> {
    // The rules that the last window was held against; before there was one, none is known to hold here.
    let rows = &seen.windows.last()?.kept.ruling.as_ref()?.rows;
    let limits = playbook.thresholds.iter().filter(|threshold| threshold.purpose == Purpose::RollBack);
    let limits = limits.filter_map(|threshold| {
        let row = rows.iter().find(|row| row.rule == threshold.id)?;
        let signal = playbook.signals.iter().find(|signal| signal.id == threshold.signal).filter(|s| shows(s))?;
        let (side, value) = (side(threshold.limit.side), value(threshold.limit.bound, signal, row)?);
        Some(match signal.measures {
            Measure::SuccessShare => (other(side), 1.0 - value),
            _ => (side, value),
        })
    });
    let (side, value) = limits.reduce(|one, two| if stricter(one, two) { one } else { two })?;
    let word = if side == Side::Above { "above" } else { "below" };
    Some(Threshold { value, label: format!("rolls back {word} {}", unit.say(value)), side })
}

/// Those above before those below; the lowest of the first, the highest of the second.
fn stricter((side, value): (Side, f64), (other_side, other): (Side, f64)) -> bool {
    match (side, other_side) {
        (Side::Above, Side::Above) => value <= other,
        (Side::Below, Side::Below) => value >= other,
        (side, _) => side == Side::Above,
    }
}

fn value(bound: Bound, signal: &Signal, row: &Row) -> Option<f64> {
    match bound {
        Bound::Share(share) => Some(share.fraction()),
        Bound::Milliseconds(ms) => Some(f64::from(ms)),
        Bound::Lasting(span) if signal.measures == Measure::Latency => Some(f64::from(span.seconds()) * 1_000.0),
        // What follows from stable is as it was with the last window.
        _ => row.bound,
    }
}

const fn side(side: playbook::Side) -> Side {
    match side {
        playbook::Side::Above | playbook::Side::AtLeast => Side::Above,
        playbook::Side::Below | playbook::Side::AtMost => Side::Below,
    }
}

const fn other(side: Side) -> Side {
    match side {
        Side::Above => Side::Below,
        Side::Below => Side::Above,
    }
}
