//! Random rules from a seed: each as a draft for the calendar and as a plan for brute force.

use crate::brute_force::{Lasts, Plan, Step, Wall, at, happenings, origin};
use chrono::{Duration, Weekday};
use domain::calendar::{CutOff, Kind, RuleDraft};

/// SplitMix64: the same numbers for the same seed, everywhere.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.roll() % u64::try_from(high - low + 1).expect("range")).expect("number")
    }

    pub fn one_in(&mut self, n: i64) -> bool {
        self.between(1, n) == 1
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.between(0, i64::try_from(from.len()).expect("length") - 1)).expect("index")].clone()
    }
}

pub const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// A rule and what brute force makes of it.
pub struct Made {
    pub draft: RuleDraft,
    /// Lead, start and end in UTC minutes.
    pub happenings: Vec<(i64, i64, i64)>,
}

fn code(nth: i8, day: Weekday) -> String {
    let name = &day.to_string().to_uppercase()[..2];
    if nth == 0 { name.to_owned() } else { format!("{nth}{name}") }
}

pub fn plan(dice: &mut Dice) -> Plan {
    let anchor = at(origin()).date_naive() + Duration::days(dice.between(-50, 60));
    let step = dice.pick(&[
        Step::Once,
        Step::Day,
        Step::Day,
        Step::Week,
        Step::Week,
        Step::Week,
        Step::Month,
        Step::Month,
        Step::Year,
    ]);
    let mut plan = Plan {
        anchor,
        every: dice.between(1, 3),
        step,
        weekdays: Vec::new(),
        month_days: Vec::new(),
        months: Vec::new(),
        count: dice.one_in(6).then(|| usize::try_from(dice.between(1, 40)).expect("count")),
        until: None,
        except: Vec::new(),
    };
    if plan.count.is_none() && dice.one_in(6) {
        plan.until = Some(anchor + Duration::days(dice.between(0, 300)));
    }
    if dice.one_in(3) {
        // Every night, so that it meets both clock changes.
        return Plan { every: 1, step: Step::Day, count: None, until: None, ..plan };
    }
    let nth_limit = if step == Step::Month || step == Step::Year { 3 } else { 0 };
    if dice.one_in(2) && step != Step::Once {
        for _ in 0..dice.between(1, 3) {
            let nth = i8::try_from(dice.between(-nth_limit, nth_limit)).expect("small");
            plan.weekdays.push((nth, dice.pick(&WEEK)));
        }
    }
    if matches!(step, Step::Month | Step::Year | Step::Day) && dice.one_in(3) {
        for _ in 0..dice.between(1, 8) {
            let day = i8::try_from(dice.between(1, 31)).expect("small");
            plan.month_days.push(if dice.one_in(3) { -day } else { day });
        }
    }
    if step != Step::Once && dice.one_in(5) {
        plan.months = (1..=12).filter(|_| dice.one_in(2)).collect();
    }
    if step != Step::Once && dice.one_in(3) {
        plan.except = plan.dates(anchor + Duration::days(400)).into_iter().filter(|_| dice.one_in(5)).collect();
    }
    plan
}

/// The same plan as an RRULE.
pub fn rrule(plan: &Plan) -> Option<String> {
    let frequency = match plan.step {
        Step::Once => return None,
        Step::Day => "DAILY",
        Step::Week => "WEEKLY",
        Step::Month => "MONTHLY",
        Step::Year => "YEARLY",
    };
    let mut text = format!("FREQ={frequency};INTERVAL={}", plan.every);
    let list = |items: Vec<String>| items.join(",");
    for (key, value) in [
        ("BYDAY", list(plan.weekdays.iter().map(|(nth, day)| code(*nth, *day)).collect())),
        ("BYMONTHDAY", list(plan.month_days.iter().map(ToString::to_string).collect())),
        ("BYMONTH", list(plan.months.iter().map(ToString::to_string).collect())),
        ("COUNT", plan.count.map(|c| c.to_string()).unwrap_or_default()),
        ("UNTIL", plan.until.map(|u| u.format("%Y%m%d").to_string()).unwrap_or_default()),
    ] {
        if !value.is_empty() {
            text = format!("{text};{key}={value}");
        }
    }
    Some(text)
}

/// The hours in which clocks change come up often.
fn minute_of_day(dice: &mut Dice) -> i64 {
    match dice.between(1, 3) {
        1 => dice.between(0, 1439),
        2 => dice.between(0, 8) * 30,
        _ => dice.between(60, 179),
    }
}

fn clock(minute: i64) -> domain::calendar::ClockTime {
    format!("{:02}:{:02}", minute / 60, minute % 60).parse().expect("clock time")
}

pub fn rule(dice: &mut Dice, id: usize, kind: Kind, zone: &str, wall: &Wall) -> Made {
    let plan = plan(dice);
    let start = minute_of_day(dice);
    // What comes every night and lasts for days would leave nothing open to look at.
    let nightly = plan.step == Step::Day && plan.weekdays.is_empty() && plan.month_days.is_empty();
    let lasts = match if nightly { dice.pick(&[1, 4]) } else { dice.between(1, 4) } {
        1 => Lasts::Minutes(dice.between(1, 300)),
        2 => Lasts::Minutes(dice.between(1, 4 * 1440)),
        3 => Lasts::Until { days: dice.between(1, 3), minute_of_day: minute_of_day(dice) },
        _ if start == 1439 => Lasts::Until { days: 1, minute_of_day: start },
        _ => Lasts::Until { days: 0, minute_of_day: dice.between(start + 1, (start + 240).min(1439)) },
    };
    let mut draft = RuleDraft::new(format!("rule-{id}").parse().expect("id"), kind, "A rule");
    (draft.starts, draft.at, draft.zone) = (Some(plan.anchor), Some(clock(start)), Some(zone.parse().expect("zone")));
    match lasts {
        Lasts::Minutes(n) => draft.lasts = Some(format!("{n}m")),
        Lasts::Until { days, minute_of_day } => {
            draft.ends_at = Some(clock(minute_of_day));
            draft.ends_after_days = Some(u16::try_from(days).expect("days"));
        }
    }
    draft.rrule = rrule(&plan).map(|text| text.parse().expect(&text));
    draft.except_dates = plan.except.iter().copied().collect();
    let lead = match kind {
        Kind::Train if dice.one_in(2) => Some((dice.between(1, 4), minute_of_day(dice))),
        Kind::Holiday => Some((dice.between(1, 4), 0)),
        _ => None,
    };
    if let Some((days, minute)) = lead {
        let days = u16::try_from(days).expect("days");
        match kind {
            Kind::Train => draft.cut_off = Some(CutOff { days_before: days, at: clock(minute) }),
            _ => draft.days_before = Some(days),
        }
    }
    let happenings = happenings(wall, &plan, start, lasts, lead);
    Made { draft, happenings }
}
