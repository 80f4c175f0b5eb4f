//! All products of one environment as a single lane: what is asked most, the view of everything, needs one column then
//! instead of one for each product. It holds numbers only; the events behind a figure are looked up in their own lanes.

use super::{
    instant::place,
    lane::{Lane, Running, Spell},
    series::{Sampling, Series},
};

const SPELLS: [Spell; Spell::COUNT] = [
    Spell::ChangeLead,
    Spell::MergeLead,
    Spell::Recovery,
    Spell::Rollout,
    Spell::Release,
    Spell::ApprovalWait,
    Spell::Hotfix,
    Spell::Detection,
    Spell::Decision,
    Spell::Execution,
    Spell::Verification,
    Spell::WayBack,
];

pub(super) fn whole(lanes: &[&Lane]) -> Lane {
    let order = merged(lanes, |lane| &lane.finished);
    let mut whole = Lane { finished: order.iter().map(|(at, ..)| *at).collect(), ..Lane::default() };
    let running = |of: fn(&Lane) -> &Running| {
        let mut running = Running::default();
        for (_, lane, place) in &order {
            running.push(place_count(of(lanes[*lane as usize]), *place));
        }
        running
    };
    whole.rework = running(|lane| &lane.rework);
    whole.failed = running(|lane| &lane.failed);
    whole.shipped = running(|lane| &lane.shipped);
    whole.taken_back = running(|lane| &lane.taken_back);
    whole.issues = running(|lane| &lane.issues);
    for spell in SPELLS {
        let mut sampling = Sampling::default();
        for (_, lane, place) in &order {
            sampling.copy(lanes[*lane as usize].series(spell), *place);
        }
        whole.series[spell as usize] = sampling.done();
    }
    whole.unsuccessful.finished =
        merged(lanes, |lane| &lane.unsuccessful.finished).iter().map(|(at, ..)| *at).collect();
    incidents(lanes, &mut whole);
    whole
}

fn incidents(lanes: &[&Lane], whole: &mut Lane) {
    let order = merged(lanes, |lane| &lane.incidents.started);
    let mut restore = Sampling::default();
    let (mut sum, mut samples) = (0_i64, 0_u32);
    for (at, lane, place) in order {
        let series = &lanes[lane as usize].incidents.restore;
        restore.copy(series, place);
        for sample in series.part(place, place + 1).samples {
            (sum, samples) = (sum.saturating_add(*sample), samples + 1);
        }
        whole.incidents.started.push(at);
        whole.incidents.sums.push((sum, samples));
    }
    whole.incidents.restore = restore.done();
}

/// All entries of a column of each lane in order of time: when, in which lane, at which place.
fn merged<'a>(lanes: &[&'a Lane], column: fn(&'a Lane) -> &'a Vec<i64>) -> Vec<(i64, u32, u32)> {
    let entries = lanes.iter().enumerate().flat_map(|(lane, columns)| {
        column(columns).iter().enumerate().map(move |(here, at)| (*at, place(lane), place(here)))
    });
    let mut all: Vec<(i64, u32, u32)> = entries.collect();
    all.sort_unstable();
    all
}

fn place_count(running: &Running, place: u32) -> u32 {
    u32::try_from(running.count((place, place + 1))).unwrap_or(u32::MAX)
}

impl Sampling {
    /// What another series has at a place, without what it is about.
    fn copy(&mut self, series: &Series, place: u32) {
        self.next_place();
        for sample in series.part(place, place + 1).samples {
            self.sample(*sample);
        }
        for (reason, _) in series.left_out_at(place) {
            self.leave_out(reason, 0);
        }
    }
}
