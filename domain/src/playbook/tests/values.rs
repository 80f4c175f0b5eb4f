//! The written forms go in and out unchanged, and what is not one of them stays out.

use crate::playbook::*;
use std::{fmt::Display, str::FromStr};

fn round<T: FromStr + Display>(sound: &[&str], wrong: &[&str]) {
    for text in sound {
        let read = text.parse::<T>().unwrap_or_else(|_| panic!("“{text}” should be read"));
        assert_eq!(read.to_string(), *text);
    }
    for text in wrong {
        assert!(text.parse::<T>().is_err(), "“{text}” should be refused");
    }
}

#[test]
fn written_forms_are_read_and_written_alike() {
    round::<Span>(
        &["30 s", "30 min", "2 h", "1 day", "4 weeks"],
        &["", "30", "0 min", "-1 h", "2 hours", "1 month", "99999999 h", "2  h"],
    );
    round::<Period>(&["1 day", "2 weeks", "1 month", "1 quarter"], &["2 h", "1 quart", "0 weeks", "9999 weeks"]);
    round::<Percent>(&["0 %", "5 %", "99.95 %", "100 %"], &["5", "5%", "100.1 %", "-1 %", ". %", "1. %", "0.0001 %"]);
    round::<Score>(&["0.0", "7.5", "10.0"], &["10.1", "7.55", "x"]);
    round::<TimeOfDay>(&["00:00", "23:59", "end of day"], &["24:00", "7:00", "noon"]);
    round::<YearDay>(&["02-29", "12-25"], &["02-30", "13-01", "1-1"]);
    round::<Zone>(
        &["UTC", "Europe/London", "America/Argentina/Buenos_Aires"],
        &["", "London", "Europe/", "../etc", "Europe/Lon don"],
    );
    let limits = [
        "< 1.5 %",
        "<= 0",
        "> 700 ms",
        ">= 99.95 %",
        "> 2 x baseline",
        "< 0.1 pp over baseline",
        "< 10 % over baseline",
        "< 10 min",
        "< 1000.25",
    ];
    round::<Limit>(&limits, &["1.5 %", "< ", "<1 %", "< 101 %", "= 5 %", "< 1.5 ms", "< 2 x"]);
}

#[test]
fn a_signal_takes_only_bounds_of_its_own_unit() {
    let bound = |text: &str| text.parse::<Limit>().expect("limit").bound;
    assert!(Measure::ErrorShare.takes(bound("< 0.1 pp over baseline")) && !Measure::ErrorShare.takes(bound("< 5 ms")));
    assert!(Measure::Latency.takes(bound("< 2 x baseline")) && !Measure::Latency.takes(bound("< 5 %")));
    assert!(Measure::Count.takes(bound("< 2")) && !Measure::Count.takes(bound("< 2 min")));
    assert!(Measure::Lasting.takes(bound("< 10 min")) && !Measure::Lasting.takes(bound("< 2")));
}

#[test]
fn a_template_knows_its_places_and_fills_them() {
    let template = Template::try_from("v{{version}}: {{headline}}, v{{version}}".to_owned()).expect("template");
    assert_eq!(template.variables(), [Variable::Version, Variable::Headline, Variable::Version]);
    let filled = template.filled(|v| (v == Variable::Version).then(|| "1.2.3".to_owned()));
    assert_eq!(filled, "v1.2.3: {{headline}}, v1.2.3");
    assert!(Template::try_from("{{versoin}}".to_owned()).is_err());
    assert!(Template::try_from("{{version".to_owned()).is_err());
}

#[test]
fn a_fact_of_arithmetic_is_exact() {
    let share: Percent = "99.95 %".parse().expect("share");
    assert_eq!(share.amount().thousandths(), 99_950);
    let span: Span = "2 h".parse().expect("span");
    assert_eq!((span.seconds(), span.delta().num_minutes()), (7_200, 120));
}
