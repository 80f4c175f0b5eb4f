//! Repetitions give the dates that RFC 5545 gives, and say what they are.

use crate::brute_force::Step;
use crate::random_rules::{Dice, plan, rrule};
use chrono::{Duration, NaiveDate};
use domain::calendar::Rrule;

fn day(text: &str) -> NaiveDate {
    text.parse().expect(text)
}

fn dates(rule: &str, anchor: &str, n: usize) -> Vec<String> {
    let rule: Rrule = rule.parse().expect(rule);
    let anchor = day(anchor);
    let last = rule.last_date(anchor).expect("it happens");
    rule.dates(anchor, anchor, last).take(n).map(|d| d.to_string()).collect()
}

#[test]
fn examples_of_the_rfc() {
    // Every other week on Tuesday and Thursday, weeks beginning on Monday and on Sunday (RFC 5545, 3.3.10 and 3.8.5.3).
    assert_eq!(
        dates("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05", 9),
        ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"]
    );
    assert_eq!(
        dates("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05", 9),
        ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"]
    );
    assert_eq!(dates("FREQ=MONTHLY;COUNT=3;BYDAY=1FR", "1997-09-05", 9), ["1997-09-05", "1997-10-03", "1997-11-07"]);
    assert_eq!(dates("FREQ=MONTHLY;BYDAY=-2MO;COUNT=3", "1997-09-22", 9), ["1997-09-22", "1997-10-20", "1997-11-17"]);
    assert_eq!(dates("FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28", 3), ["1997-09-28", "1997-10-29", "1997-11-28"]);
    assert_eq!(dates("FREQ=YEARLY;BYDAY=20MO", "1997-05-19", 3), ["1997-05-19", "1998-05-18", "1999-05-17"]);
    assert_eq!(
        dates("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1997-09-02", 3),
        ["1998-02-13", "1998-03-13", "1998-11-13"]
    );
    assert_eq!(
        dates("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11-05", 3),
        ["1996-11-05", "2000-11-07", "2004-11-02"]
    );
    assert_eq!(dates("FREQ=YEARLY", "2024-02-29", 2), ["2024-02-29", "2028-02-29"]);
    assert_eq!(dates("FREQ=MONTHLY", "2027-01-31", 3), ["2027-01-31", "2027-03-31", "2027-05-31"]);
    assert_eq!(dates("FREQ=DAILY;UNTIL=20270103", "2027-01-01", 9), ["2027-01-01", "2027-01-02", "2027-01-03"]);
}

#[test]
fn random_repetitions_match_date_by_date_trial_from_any_date_on() {
    let mut dice = Dice(42);
    for _ in 0..300 {
        let mut plan = plan(&mut dice);
        if plan.step == Step::Once {
            continue;
        }
        plan.except.clear();
        let text = rrule(&plan).expect("a repetition");
        let rule: Rrule = text.parse().expect(&text);
        assert_eq!(rule.to_string().parse::<Rrule>().expect("its own text"), rule);
        let end = plan.anchor + Duration::days(1200);
        let expected = plan.dates(end);
        let last = rule.last_date(plan.anchor).unwrap_or(plan.anchor);
        let found: Vec<_> = rule.dates(plan.anchor, plan.anchor, end.min(last)).collect();
        if found.is_empty() && expected.is_empty() {
            continue;
        }
        assert_eq!(found, expected, "{text} from {}", plan.anchor);
        let from = plan.anchor + Duration::days(dice.between(0, 900));
        let rest: Vec<_> = rule.dates(plan.anchor, from, end.min(last)).collect();
        assert_eq!(rest, expected.into_iter().filter(|d| *d >= from).collect::<Vec<_>>(), "{text} from {from}");
    }
}

#[test]
fn words_for_people() {
    let words = |text: &str| text.parse::<Rrule>().expect(text).words();
    assert_eq!(words("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"), "every 2 weeks on Tuesday");
    assert_eq!(
        words("FREQ=MONTHLY;BYDAY=-1SU,1MO;COUNT=3"),
        "every month on the 1st Monday and the last Sunday, 3 times"
    );
    assert_eq!(words("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25,26"), "every year on the 25th and the 26th in December");
}
