//! Random calendars: what the engine says is what every single minute says.

use crate::brute_force::{DAYS, MINUTES, Wall, at, mark, origin};
use crate::random_rules::{Dice, Made, rule};
use crate::written::voyage;
use domain::calendar::{Calendar, Kind, Period, Rule, RuleDraft, State, Stretch, Voyage};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const ZONES: [&str; 6] = [
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "America/Santiago",
    "Pacific/Auckland",
];
/// Random calendars for each zone; unoptimised minutes are long.
const SETS: u64 = if cfg!(debug_assertions) { 10 } else { 40 };

/// One random calendar with every judged minute decided.
struct World {
    calendar: Calendar,
    voyage: Voyage,
    open: Vec<bool>,
    closed: Vec<bool>,
}

fn made(dice: &mut Dice, zone: &str, walls: &BTreeMap<&str, Wall>) -> Vec<Made> {
    let kinds = [Kind::Freeze, Kind::Blackout, Kind::Maintenance, Kind::CompanyEvent, Kind::Holiday];
    let (trains, openings, windows) = (dice.between(0, 2), dice.between(0, 3) / 2, dice.between(0, 4));
    let mut wanted = vec![Kind::Train; usize::try_from(trains).expect("few")];
    wanted.extend(vec![Kind::Opening; usize::try_from(openings).expect("few")]);
    wanted.extend((0..windows).map(|_| dice.pick(&kinds)));
    let mut made = Vec::new();
    for (id, kind) in wanted.into_iter().enumerate() {
        let zone = if dice.one_in(4) { dice.pick(&ZONES) } else { zone };
        made.push(rule(dice, id, kind, zone, &walls[zone]));
    }
    made
}

fn world(seed: u64, zone: &str, walls: &BTreeMap<&str, Wall>) -> Option<World> {
    let mut dice = Dice(seed);
    let mut asked = voyage(if dice.one_in(3) { "hotfix" } else { "minor" });
    let ready = dice.one_in(2).then(|| origin() + dice.between(0, 200 * 1440));
    asked.ready_at = ready.map(at);
    let (mut train, mut opening) = (None, None);
    let mut closed = vec![false; MINUTES];
    let mut rules = Vec::new();
    for Made { mut draft, happenings } in made(&mut dice, zone, walls) {
        let concerned = match dice.between(1, 5) {
            1 => {
                draft.types.insert("minor".parse().expect("type"));
                asked.kind.as_str() == "minor"
            }
            2 => {
                draft.except_types.insert("hotfix".parse().expect("type"));
                asked.kind.as_str() == "minor"
            }
            3 => {
                draft.envs.insert("staging".parse().expect("env"));
                false
            }
            _ => true,
        };
        let kind = draft.kind;
        let shown_only = kind.is_window() && dice.one_in(8);
        draft.closes = shown_only.then_some(false);
        // A repetition that never happens is refused: another test's business.
        let rule = draft.check().expect("a sound rule");
        if Calendar::new([rule.clone()]).is_err() {
            continue;
        }
        rules.push(rule);
        if !concerned {
            continue;
        }
        let judged = ready.filter(|_| kind == Kind::Train && has_cut_off(&rules));
        let empty = || vec![false; MINUTES];
        let (grid, with_lead) = match kind {
            Kind::Train => (train.get_or_insert_with(empty), false),
            Kind::Opening => (opening.get_or_insert_with(empty), false),
            _ if shown_only => continue,
            _ => (&mut closed, true),
        };
        for (lead, start, end) in happenings.into_iter().filter(|(lead, ..)| judged.is_none_or(|r| r <= *lead)) {
            mark(grid, if with_lead { lead } else { start }, end);
        }
    }
    let mut quiet_until = i64::MIN;
    if dice.one_in(3) {
        let mut draft = RuleDraft::new("notice".parse().expect("id"), Kind::Notice, "Notice");
        draft.hours = Some(u16::try_from(dice.between(1, 100)).expect("hours"));
        let told = origin() + dice.between(-4000, 300 * 1440);
        asked.told_at = Some(at(told));
        quiet_until = told + i64::from(draft.hours.expect("hours")) * 60;
        rules.push(draft.check().expect("notice"));
    }
    let fits = |grid: &Option<Vec<bool>>, m: usize| grid.as_ref().is_none_or(|g| g[m]);
    let open = |m: usize| {
        let late_enough = origin() + i64::try_from(m).expect("minute") >= quiet_until;
        !closed[m] && late_enough && fits(&train, m) && fits(&opening, m)
    };
    let open = (0..MINUTES).map(open).collect();
    Some(World { calendar: Calendar::new(rules).ok()?, voyage: asked, open, closed })
}

fn has_cut_off(rules: &[Rule]) -> bool {
    rules.last().is_some_and(|rule| rule.cut_off().is_some())
}

static WALLS: LazyLock<BTreeMap<&str, Wall>> =
    LazyLock::new(|| ZONES.iter().map(|z| (*z, Wall::new(z.parse().expect("zone")))).collect());

/// Random calendars of mostly one zone, each put to all questions.
fn in_zone(zone: &str, first_seed: u64) {
    let mut lively = 0;
    for seed in first_seed..first_seed + SETS {
        let world = world(seed, zone, &WALLS).expect("a sound calendar");
        let rules = world.calendar.rules().collect::<Vec<_>>();
        let name = format!("{zone}, seed {seed}: {rules:#?} {:?}", world.voyage);
        open_stretches_are_those_of_every_single_minute(&world, &name);
        the_next_opening_is_the_first_open_minute(&world, &name);
        nothing_is_open_inside_a_closing_window(&world, &name);
        openings_follow_each_other_and_begin_where_the_gate_opens(&world, &name);
        lively += u64::from(world.open.contains(&true) && world.open.contains(&false));
    }
    assert!(2 * lively > SETS, "only {lively} of {SETS} calendars open and close");
}

#[test]
fn every_minute_in_london() {
    in_zone("Europe/London", 0);
}

#[test]
fn every_minute_in_new_york() {
    in_zone("America/New_York", 1000);
}

#[test]
fn every_minute_on_lord_howe_where_clocks_change_by_half_an_hour() {
    in_zone("Australia/Lord_Howe", 2000);
}

#[test]
fn every_minute_in_berlin() {
    in_zone("Europe/Berlin", 3000);
}

#[test]
fn every_minute_in_santiago_where_a_midnight_is_missing() {
    in_zone("America/Santiago", 4000);
}

#[test]
fn every_minute_in_auckland() {
    in_zone("Pacific/Auckland", 5000);
}

fn minute(m: usize) -> i64 {
    origin() + i64::try_from(m).expect("minute")
}

fn open_stretches_are_those_of_every_single_minute(world: &World, name: &str) {
    let period = Period::new(at(origin()), at(origin() + DAYS * 1440)).expect("period");
    let mut expected: Vec<Stretch> = Vec::new();
    for m in (0..MINUTES).filter(|m| world.open[*m]) {
        match expected.last_mut() {
            Some(last) if last.ends == at(minute(m)) => last.ends = at(minute(m) + 1),
            _ => expected.push(Stretch { starts: at(minute(m)), ends: at(minute(m) + 1) }),
        }
    }
    assert_eq!(world.calendar.open_during(&world.voyage, &period), expected, "{name}");
}

fn the_next_opening_is_the_first_open_minute(world: &World, name: &str) {
    let mut dice = Dice(7);
    let mut next: Vec<Option<usize>> = vec![None; MINUTES];
    for m in (0..MINUTES).rev() {
        next[m] = if world.open[m] { Some(m) } else { next.get(m + 1).copied().flatten() };
    }
    let changes = (1..MINUTES).filter(|m| world.open[*m] != world.open[m - 1]).flat_map(|m| [m - 1, m]);
    let mut asked: Vec<usize> = changes.collect();
    let most = 60;
    asked = (0..most.min(asked.len())).map(|_| dice.pick(&asked)).collect();
    asked.extend((0..30).map(|_| usize::try_from(dice.between(0, DAYS * 1440 - 1)).expect("minute")));
    for m in asked {
        let from = at(minute(m));
        let found = world.calendar.next_opening(&world.voyage, from);
        match next[m] {
            Some(n) => assert_eq!(found, Some(at(minute(n))), "from {from}: {name}"),
            None => assert!(found.is_none_or(|f| f >= at(origin() + DAYS * 1440)), "from {from}: {found:?} {name}"),
        }
        match world.calendar.state_at(&world.voyage, from) {
            State::Open => assert!(world.open[m], "at {from}: {name}"),
            State::Closed { by, until } => {
                assert!(!world.open[m] && !by.is_empty(), "at {from}: {name}");
                assert_eq!(until, found, "at {from}: {name}");
                // Alone, none of the reasons lets go after all of them together.
                assert!(by.iter().all(|c| until.is_none() || c.until <= until), "at {from}: {by:?} {until:?} {name}");
            }
        }
        // Between two minutes the answer is the same, or the instant itself.
        let later = from + chrono::Duration::seconds(30);
        let expected = if world.open[m] { Some(later) } else { found };
        assert_eq!(world.calendar.next_opening(&world.voyage, later), expected, "from {later}: {name}");
    }
}

fn nothing_is_open_inside_a_closing_window(world: &World, name: &str) {
    assert!((0..MINUTES).all(|m| !(world.open[m] && world.closed[m])));
    let period = Period::new(at(origin()), at(origin() + DAYS * 1440)).expect("period");
    let open = world.calendar.open_during(&world.voyage, &period);
    let concerns =
        |id| world.calendar.rule(id).is_some_and(|r| r.scope().covers(&world.voyage.kind, &world.voyage.env));
    let occurrences = world.calendar.occurrences(&period);
    for closing in occurrences.iter().filter(|o| o.closes && concerns(&o.rule)).take(200) {
        let stretch = Stretch { starts: closing.starts, ends: closing.ends };
        assert!(!open.iter().any(|o| o.overlaps(&stretch)), "{closing:?}: {name}");
        for inside in [closing.starts, closing.ends - chrono::Duration::seconds(1)] {
            assert!(!world.calendar.state_at(&world.voyage, inside).is_open(), "{inside}: {name}");
            assert!(world.calendar.frozen_at(&world.voyage, inside).is_some(), "{inside}: {name}");
        }
    }
}

fn openings_follow_each_other_and_begin_where_the_gate_opens(world: &World, name: &str) {
    let from = at(origin());
    let openings = world.calendar.openings(&world.voyage, from, 10);
    assert_eq!(openings.first().map(|o| o.starts), world.calendar.next_opening(&world.voyage, from), "{name}");
    for pair in openings.windows(2) {
        let ends = pair[0].ends.expect("an end before the next start");
        assert!(ends < pair[1].starts, "{name}");
        assert_eq!(world.calendar.next_opening(&world.voyage, ends), Some(pair[1].starts), "{name}");
    }
}
