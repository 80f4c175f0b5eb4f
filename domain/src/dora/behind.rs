//! The very events behind a figure, newest first: recomputed from these rows, it is the same number.

use super::{
    book::Book,
    facts::Kind,
    figure::{FigureName, Unit},
    instant::{real, seconds, timestamp},
    lane::{Causes, Lane, Places},
    measure::{Sight, samples},
    report::Query,
    series::Reason,
};
use crate::{Timestamp, slug::ProductSlug};
use serde::{Deserialize, Serialize};
use std::collections::BinaryHeap;

/// One page of rows, and how many there are in all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Behind {
    pub figure: FigureName,
    pub unit: Unit,
    pub total: u64,
    pub rows: Vec<Row>,
}

/// What one event contributes. A time is the median of the values, a rate their mean, a frequency their sum divided by
/// the days of the period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub product: ProductSlug,
    pub subject: Subject,
    /// Of the deployment or incident.
    pub id: String,
    /// When a deployment ended or an incident began.
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// The change, where the figure is about changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// In the figure's unit; nothing for what was left out.
    pub value: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<Reason>,
    /// Incidents that name the deployment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub incidents: Vec<String>,
    /// Hotfixes and rollbacks of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repairs: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Deployment,
    /// A rollout that did not succeed.
    UnsuccessfulDeployment,
    Incident,
}

impl Book {
    /// What stands behind one figure of the query's window; for one bucket, ask with its stretch as window.
    pub fn behind(&self, query: &Query, figure: FigureName, offset: u64, limit: usize) -> Behind {
        let lanes: Vec<(&ProductSlug, &Lane)> = self.lanes(query).collect();
        let sight = Sight::new(lanes.iter().map(|(_, lane)| *lane).collect(), query);
        let mut tracks: BinaryHeap<Track<'_>> = lanes
            .iter()
            .enumerate()
            .flat_map(|(at, (product, lane))| tracks(figure, product, lane, &sight, at))
            .collect();
        let total = tracks.iter().map(|track| track.size(figure, track.from, track.place + 1)).sum();
        let mut behind = Behind { figure, unit: figure.unit(), total, rows: Vec::new() };
        let (mut skip, mut rows) = (offset, Vec::new());
        while let Some(mut track) = tracks.pop().filter(|_| behind.rows.len() < limit) {
            let here = track.size(figure, track.place, track.place + 1);
            if skip >= here {
                skip -= here;
            } else {
                track.rows(figure, query.rework_counts, &mut rows);
                let wanted = rows.drain(..).skip(usize::try_from(std::mem::take(&mut skip)).unwrap_or(usize::MAX));
                let told: Vec<Row> = wanted.take(limit - behind.rows.len()).map(|row| row.told(&track)).collect();
                behind.rows.extend(told);
            }
            if track.earlier() {
                tracks.push(track);
            }
        }
        behind
    }
}

/// A row before its texts are copied.
struct Draft {
    value: Option<f64>,
    about: Option<u32>,
    left_out: Option<Reason>,
}

/// One column of one product, walked from its newest place to its oldest.
struct Track<'a> {
    at: i64,
    place: u32,
    from: u32,
    /// From this place on deployments are too young for their issues to be known.
    young: u32,
    subject: Subject,
    product: &'a ProductSlug,
    lane: &'a Lane,
}

fn tracks<'a>(
    figure: FigureName,
    product: &'a ProductSlug,
    lane: &'a Lane,
    sight: &Sight<'_>,
    at: usize,
) -> Vec<Track<'a>> {
    let (places, young) = sight.places(at);
    let begin = |subject, (from, to): (u32, u32)| {
        let mut track = Track { at: 0, place: to, from, young, subject, product, lane };
        track.earlier().then_some(track)
    };
    let columns = match figure {
        FigureName::TimeToRestore => [Some((Subject::Incident, places.incidents)), None],
        FigureName::DeploymentFrequency
        | FigureName::ChangeFailRate
        | FigureName::DeploymentReworkRate
        | FigureName::RolloutFailureRate
        | FigureName::RollbackRate => [
            Some((Subject::Deployment, places.deployments)),
            Some((Subject::UnsuccessfulDeployment, places.unsuccessful)),
        ],
        _ => [Some((Subject::Deployment, places.deployments)), None],
    };
    columns.into_iter().flatten().filter_map(|(subject, stretch)| begin(subject, stretch)).collect()
}

impl Track<'_> {
    /// To the place before; false when there is none.
    fn earlier(&mut self) -> bool {
        if self.place <= self.from {
            return false;
        }
        self.place -= 1;
        let column = match self.subject {
            Subject::Deployment => &self.lane.finished,
            Subject::UnsuccessfulDeployment => &self.lane.unsuccessful.finished,
            Subject::Incident => &self.lane.incidents.started,
        };
        self.at = column.get(self.place as usize).copied().unwrap_or_default();
        true
    }

    /// How many rows the places from one to another give.
    fn size(&self, figure: FigureName, from: u32, to: u32) -> u64 {
        match figure {
            FigureName::RollbackRate | FigureName::PostReleaseIssues if self.subject == Subject::Deployment => {
                self.lane.shipped.count((from, to))
            }
            _ if figure.unit() == Unit::Seconds => {
                let series = samples(figure, self.lane, &Places::default()).0;
                series.size(from, to) + series.left_out(from, to).map(|(_, n)| n).sum::<u64>()
            }
            _ => u64::from(to.saturating_sub(from)),
        }
    }

    fn rows(&self, figure: FigureName, rework_counts: bool, rows: &mut Vec<Draft>) {
        let (lane, place) = (self.lane, self.place);
        let mut row = |value: Option<f64>, left_out| rows.push(Draft { value, about: None, left_out });
        let yes = |yes: bool| Some(if yes { 1.0 } else { 0.0 });
        if self.subject == Subject::UnsuccessfulDeployment {
            let counts = figure == FigureName::RolloutFailureRate;
            return row(counts.then_some(1.0), (!counts).then_some(Reason::Unsuccessful));
        }
        match figure {
            FigureName::DeploymentFrequency if !rework_counts && lane.rework.has(place) => {
                row(None, Some(Reason::Rework));
            }
            FigureName::DeploymentFrequency => row(Some(1.0), None),
            FigureName::ChangeFailRate => row(yes(lane.failed.has(place)), None),
            FigureName::DeploymentReworkRate => row(yes(lane.rework.has(place)), None),
            FigureName::RolloutFailureRate => row(yes(false), None),
            FigureName::RollbackRate if lane.shipped.has(place) => row(yes(lane.taken_back.has(place)), None),
            FigureName::PostReleaseIssues if lane.shipped.has(place) && place >= self.young => {
                row(None, Some(Reason::Young));
            }
            FigureName::PostReleaseIssues if lane.shipped.has(place) => {
                row(Some(real(lane.issues.count((place, place + 1)))), None);
            }
            FigureName::RollbackRate | FigureName::PostReleaseIssues => {}
            _ => self.spells(figure, rows),
        }
    }

    fn spells(&self, figure: FigureName, rows: &mut Vec<Draft>) {
        let series = samples(figure, self.lane, &Places::default()).0;
        let taken = series.at(self.place).map(|(sample, about)| (Some(seconds(sample)), about, None));
        let left_out = series.left_out_at(self.place).map(|(reason, about)| (None, about, Some(reason)));
        let about_change = matches!(figure, FigureName::ChangeLeadTime | FigureName::MergeLeadTime);
        rows.extend(taken.chain(left_out).map(|(value, about, left_out)| Draft {
            value,
            about: about_change.then_some(about),
            left_out,
        }));
    }
}

impl Draft {
    fn told(self, track: &Track<'_>) -> Row {
        let (lane, place) = (track.lane, track.place);
        let text = |text: &str| Some(text.to_owned());
        let (id, version, kind, severity) = match track.subject {
            Subject::Deployment => {
                (lane.ids.get(place), text(lane.versions.get(place)), lane.kinds.get(place as usize).copied(), None)
            }
            Subject::UnsuccessfulDeployment => {
                let all = &lane.unsuccessful;
                (all.ids.get(place), text(all.versions.get(place)), all.kinds.get(place as usize).copied(), None)
            }
            Subject::Incident => {
                (lane.incidents.ids.get(place), None, None, text(lane.incidents.severities.get(place)))
            }
        };
        let causes = |incident| match track.subject {
            Subject::Deployment => lane.causes.of(place, incident),
            _ => Vec::new(),
        };
        Row {
            product: track.product.clone(),
            subject: track.subject,
            id: id.to_owned(),
            at: timestamp(track.at),
            version,
            kind,
            change: self.about.map(|about| lane.changes.get(about).to_owned()),
            severity,
            value: self.value,
            left_out: self.left_out,
            incidents: causes(true),
            repairs: causes(false),
        }
    }
}

impl Causes {
    fn of(&self, place: u32, incident: bool) -> Vec<String> {
        let from = self.places.partition_point(|p| *p < place);
        let to = self.places.partition_point(|p| *p <= place);
        let wanted = (from..to).filter(|at| self.incident.get(*at) == Some(&incident));
        wanted.map(|at| self.ids.get(super::instant::place(at)).to_owned()).collect()
    }
}

/// The newest first; what ended at the same instant in the order of products and ids, backwards, so that pages are
/// stable.
impl Ord for Track<'_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |track: &Self| (track.at, track.subject, track.place);
        key(self).cmp(&key(other)).then_with(|| self.product.cmp(other.product))
    }
}

impl PartialOrd for Track<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Track<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Track<'_> {}
