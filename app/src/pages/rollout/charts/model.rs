//! What the charts of a rollout are made of.

use super::limits::threshold;
use crate::{
    asking::Asking,
    components::figure::{Pictured, name},
};
use chart::{Chart, Ink, Kind, Line, Marker, Point, Unit};
use control::{
    monitor::Totals,
    rollout::{ArmSeen, Seen, SeenWindow},
};
use domain::{
    Refusal,
    journal::Stream,
    judge::rules::Row,
    playbook::{Measure, Playbook, Signal},
    rollout::{Opinion, Rollout},
};
use std::{collections::BTreeSet, sync::Arc};

/// Of what the playbook measures of machines, so many are shown.
const MOST_GAUGES: usize = 4;
/// Who was not told of a window by then listens to another replica than the one that judges.
const LATE: u32 = 5;

#[derive(Debug, Clone)]
pub struct Charts {
    pub(super) rollout: Rollout,
    pub(super) seen: Seen,
    pub(super) part: Part,
    playbook: Option<Arc<Playbook>>,
}

/// Which latency is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Part {
    P50,
    #[default]
    P95,
    P99,
}

pub(super) const PARTS: [Part; 3] = [Part::P50, Part::P95, Part::P99];

impl Part {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::P50 => "p50",
            Self::P95 => "p95",
            Self::P99 => "p99",
        }
    }

    const fn share(self) -> f64 {
        match self {
            Self::P50 => 0.5,
            Self::P95 => 0.95,
            Self::P99 => 0.99,
        }
    }

    /// As an address says it; anything else is the usual one.
    pub fn named(name: &str) -> Self {
        PARTS.into_iter().find(|part| part.name() == name).unwrap_or_default()
    }
}

impl Charts {
    pub(crate) async fn of(
        asking: &Asking,
        rollout: &Rollout,
        playbook: Option<&Playbook>,
        part: Part,
    ) -> Result<Self, Refusal> {
        let seen = asking.control.seen(rollout.id).await?;
        Ok(Self { rollout: rollout.clone(), seen, part, playbook: playbook.cloned().map(Arc::new) })
    }

    pub(super) fn playbook(&self) -> Option<&Playbook> {
        self.playbook.as_deref()
    }

    /// The limits of the playbook as they stood so many windows ago; none before the first.
    pub(super) fn rows(&self, back: usize) -> Option<&[Row]> {
        let kept = &self.seen.windows.iter().nth_back(back)?.kept;
        Some(kept.ruling.as_ref().map_or(&[], |ruling| ruling.rows.as_slice()))
    }

    /// After how many seconds it is read anew where nobody told that there is more to see; none once it is over.
    pub(crate) fn seconds(&self) -> Option<u32> {
        let last = self.seen.windows.last().filter(|_| !self.rollout.is_over())?;
        Some(last.kept.seconds.saturating_add(LATE).min(20))
    }

    /// Whose looks show more of it; none once it is over.
    pub(crate) fn judged(&self) -> Option<String> {
        (!self.rollout.is_over()).then(|| Stream::Environment(self.rollout.place.clone()).to_string())
    }

    pub(super) fn failures(&self) -> Pictured {
        let lines = self.lines(Unit::Share, |totals, _| totals.failed(), Totals::failed_between);
        let shows = |signal: &Signal| matches!(signal.measures, Measure::ErrorShare | Measure::SuccessShare);
        let note = "The band is where the canary’s rate lies, 95 times in 100.";
        pictured("errors", "Error rate", note, self.chart("Error rate", Unit::Share, lines, shows))
    }

    pub(super) fn latency(&self) -> Pictured {
        let part = self.part;
        let lines = self.lines(Unit::Milliseconds, |totals, _| totals.within(part.share()), |_| None);
        // A signal that names no part is the 95th of a hundred.
        let named = |signal: &Signal| {
            let id = signal.id.as_str();
            PARTS.into_iter().find(|part| part.name() == id).unwrap_or_default()
        };
        let shows = |signal: &Signal| signal.measures == Measure::Latency && named(signal) == part;
        let (title, note) = match part {
            Part::P50 => ("Latency, p50", "Half of the requests were answered within this time."),
            Part::P95 => ("Latency, p95", "95 of 100 requests were answered within this time."),
            Part::P99 => ("Latency, p99", "99 of 100 requests were answered within this time."),
        };
        let chart = self.chart(title, Unit::Milliseconds, lines, shows);
        pictured("latency", title, note, chart)
    }

    pub(super) fn throughput(&self) -> Pictured {
        let rate = |totals: &Totals, of: Arm<'_>| {
            (of.share > 0.0).then(|| totals.requests / f64::from(of.window.kept.seconds.max(1)) / of.share)
        };
        let lines = self.lines(Unit::PerSecond, rate, |_| None);
        let shows = |signal: &Signal| signal.measures == Measure::Throughput;
        let note = "Requests in a second, as if each version had all the traffic, so that they compare.";
        let chart = self.chart("Throughput", Unit::PerSecond, lines, shows);
        pictured("throughput", "Throughput", note, chart)
    }

    /// What the playbook measures of machines, where somebody measures it.
    pub(super) fn gauges(&self) -> Vec<Pictured> {
        let arms = self.seen.windows.iter().flat_map(|window| [&window.kept.stable, &window.kept.canary]);
        let names: BTreeSet<&str> = arms.flatten().flat_map(|arm| arm.gauges.keys().map(String::as_str)).collect();
        let signals = self.playbook.iter().flat_map(|playbook| &playbook.signals);
        let signals = signals.filter(|s| s.measures == Measure::Utilisation && names.contains(s.id.as_str()));
        signals.take(MOST_GAUGES).map(|signal| self.gauge(signal)).collect()
    }

    fn gauge(&self, signal: &Signal) -> Pictured {
        let value = |arm: Option<&ArmSeen>| arm?.gauges.get(signal.id.as_str()).copied();
        let stable = self.line(Ink::Baseline, Unit::Share, |window| (value(window.kept.stable.as_ref()), None));
        let canary = self.line(Ink::Canary, Unit::Share, |window| (value(window.kept.canary.as_ref()), None));
        let chart = self.chart(&signal.title, Unit::Share, vec![stable, canary], |other| other.id == signal.id);
        pictured(&format!("gauge-{}", signal.id), &signal.title, "Of what there is.", chart)
    }

    fn chart(&self, what: &str, unit: Unit, lines: Vec<Line>, shows: impl Fn(&Signal) -> bool) -> Chart {
        let ends: Vec<&str> = lines.iter().rev().map(|line| line.label.as_str()).collect();
        let said = self.seen.windows.last().map_or("", |window| window.kept.said.as_str());
        let playbook = self.playbook.as_deref();
        Chart {
            title: format!("{what}: {}. {said}", ends.join(", ")),
            unit,
            threshold: playbook.and_then(|playbook| threshold(playbook, &self.seen, unit, shows)),
            markers: self.markers(),
            lines,
        }
    }

    /// Stable first, so that the canary is drawn above it.
    fn lines(
        &self,
        unit: Unit,
        value: impl Fn(&Totals, Arm<'_>) -> Option<f64>,
        band: impl Fn(&Totals) -> Option<(f64, f64)>,
    ) -> Vec<Line> {
        let stable = self.line(Ink::Baseline, unit, |window| {
            let of = Arm { window, share: 1.0 - window.kept.share };
            (window.stable().and_then(|totals| value(totals, of)), None)
        });
        let canary = self.line(Ink::Canary, unit, |window| {
            let of = Arm { window, share: window.kept.share };
            (window.canary().and_then(|totals| value(totals, of)), window.canary().and_then(&band))
        });
        vec![stable, canary]
    }

    /// A window without a number breaks the line, and so does one that nobody looked at.
    fn line(&self, ink: Ink, unit: Unit, told: impl Fn(&SeenWindow) -> (Option<f64>, Option<(f64, f64)>)) -> Line {
        let mut points: Vec<Point> = Vec::new();
        let mut before: Option<i64> = None;
        for window in &self.seen.windows {
            let (at, long) = (window.at.timestamp(), i64::from(window.kept.seconds));
            if let Some(before) = before.filter(|before| at - before > long + long / 2 + 1) {
                points.push(Point::new(before + long, None));
            }
            let (value, band) = told(window);
            points.push(Point { at, value, band });
            before = Some(at);
        }
        let word = name(ink);
        let last = points.iter().rev().find_map(|point| point.value);
        let label = last.map_or_else(|| format!("{word}: no data"), |value| format!("{word} {}", unit.say(value)));
        Line { label, ink, dashed: ink == Ink::Baseline, points }
    }

    /// Shares as they were reached, what the judges came to, and the way back.
    fn markers(&self) -> Vec<Marker> {
        let rollout = &self.rollout;
        let reached = rollout.steps.iter().filter(|step| !step.back).filter_map(|step| {
            let (share, at) = (step.planned.action.share()?, step.finished_at?);
            Some(Marker { at: at.timestamp(), label: share.to_string(), kind: Kind::Step })
        });
        let mut markers: Vec<Marker> = reached.collect();
        let mut last = None;
        for window in &self.seen.windows {
            let label = match window.kept.opinion.filter(|opinion| last != Some(*opinion)) {
                Some(Opinion::Promote) => Some("good"),
                Some(Opinion::RollBack) => Some("bad"),
                Some(Opinion::Hold) | None => None,
            };
            last = window.kept.opinion;
            let marker =
                |label: &str| Marker { at: window.at.timestamp(), label: label.to_owned(), kind: Kind::Verdict };
            markers.extend(label.map(marker));
        }
        let turned = rollout.turned.as_ref().map(|turn| turn.at.timestamp());
        markers.extend(turned.map(|at| Marker { at, label: "rolled back".to_owned(), kind: Kind::Rollback }));
        markers
    }
}

/// One version in one window, and its share of traffic.
#[derive(Clone, Copy)]
struct Arm<'a> {
    window: &'a SeenWindow,
    share: f64,
}

fn pictured(id: &str, title: &str, note: &str, chart: Chart) -> Pictured {
    Pictured { id: id.to_owned(), title: title.to_owned(), note: note.to_owned(), chart }
}
