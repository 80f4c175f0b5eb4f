//! How a rollout, a step and a share of traffic look: icon, word and colour.

use crate::{components::Markup, icons::Icon};
use domain::{
    Timestamp,
    playbook::Percent,
    rollout::{Action, Opinion, Rollout, State, StepState, is_stuck},
};

/// Icon, class of the colour, word.
pub(crate) type Face = (Icon, &'static str, &'static str);

pub(crate) fn face(state: State) -> Face {
    match state {
        State::Pending => (Icon::CIRCLE_DASHED, "planned", "Pending"),
        State::Running => (Icon::LOADER, "running", "Running"),
        State::Paused => (Icon::HAND, "waits", "Paused"),
        State::Judging => (Icon::LOADER, "running", "Judging"),
        State::Validating => (Icon::LOADER, "running", "Validating"),
        State::Live => (Icon::CIRCLE_CHECK, "passed", "Live"),
        State::Superseded => (Icon::FILE_CLOCK, "planned", "Superseded"),
        State::RollingBack => (Icon::UNDO_2, "rolled-back", "Rolling back"),
        State::RolledBack => (Icon::UNDO_2, "rolled-back", "Rolled back"),
        State::Failed => (Icon::OCTAGON_X, "failed", "Failed"),
        State::Parked => (Icon::HAND, "waits", "Parked"),
    }
}

pub(super) fn face_of_step(state: StepState) -> Face {
    match state {
        StepState::Planned => (Icon::CIRCLE_DASHED, "planned", "planned"),
        StepState::Intended | StepState::Running => (Icon::LOADER, "running", "at work"),
        StepState::Done => (Icon::CIRCLE_CHECK, "passed", "done"),
        StepState::Failed => (Icon::OCTAGON_X, "failed", "failed"),
        StepState::Unknown => (Icon::HAND, "waits", "nobody knows"),
        StepState::Skipped => (Icon::CIRCLE_SLASH, "planned", "skipped"),
    }
}

pub(crate) fn badge(markup: Markup, (icon, class, word): Face) -> Markup {
    let markup = markup.html("<span class=\"badge ").html(class).html("\">").icon(icon);
    markup.html("<span>").html(word).html("</span></span>")
}

/// Nothing goes on until somebody acts: first among those that are under way.
pub(crate) fn waits(rollout: &Rollout, now: Timestamp) -> bool {
    // Before its time is over a watch that is not decided yet is none of anybody's business.
    let over = watch_ends(rollout).is_none_or(|end| end <= now);
    let held = over && rollout.judged.as_ref().is_some_and(|judged| judged.opinion == Opinion::Hold);
    !rollout.is_over() && (rollout.parked.is_some() || rollout.paused.is_some() || held || is_stuck(rollout, now))
}

/// Steps that are behind it, and all of them; on the way back those of the way back.
pub(crate) fn progress(rollout: &Rollout) -> (usize, usize) {
    let counted = || rollout.steps.iter().filter(|step| rollout.turned.is_none() || step.back);
    let behind = counted().filter(|step| matches!(step.state, StepState::Done | StepState::Skipped));
    (behind.count(), counted().count())
}

/// When the watch that is on ends, where it ends by the clock.
pub(crate) fn watch_ends(rollout: &Rollout) -> Option<Timestamp> {
    let (_, step) = rollout.current()?;
    let Action::Watch { seconds: Some(seconds) } = step.planned.action else { return None };
    Some(step.started_at? + chrono::TimeDelta::seconds(seconds.into()))
}

/// Desired and actual share, as words and as a bar: filled to what is, with a line at what should be.
pub(crate) fn weight(markup: Markup, rollout: &Rollout) -> Markup {
    let (desired, actual) = (rollout.desired(), rollout.actual);
    let bar = actual.unwrap_or(desired);
    let place = |share: Percent| share.amount();
    let markup = markup
        .html("<div class=\"weight\"><p>Traffic to <code>")
        .text(&rollout.version)
        .html("</code>: <b>")
        .text(desired)
        .html("</b> desired, ");
    let markup = match actual {
        Some(actual) => markup.html("<b>").text(actual).html("</b> actual"),
        None => markup.html("not read back yet"),
    };
    markup
        .html("</p><svg class=\"share\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">")
        .html("<rect class=\"all\" width=\"100\" height=\"8\"/><rect class=\"has\" height=\"8\" width=\"")
        .text(place(bar))
        .html("\"/><line class=\"wants\" y1=\"0\" y2=\"8\" x1=\"")
        .text(place(desired))
        .html("\" x2=\"")
        .text(place(desired))
        .html("\"/></svg></div>")
}

/// A length of time as people say it.
pub(super) fn length(seconds: i64) -> String {
    let seconds = seconds.max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 if seconds % 60 == 0 => format!("{} min", seconds / 60),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ if seconds % 3_600 < 60 => format!("{} h", seconds / 3_600),
        _ => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn lengths_of_time_read_well() {
        let told: Vec<String> = [0, 59, 60, 95, 3_600, 5_000].into_iter().map(length).collect();
        assert_eq!(told, ["0 s", "59 s", "1 min", "1 min 35 s", "1 h", "1 h 23 min"]);
    }
}
