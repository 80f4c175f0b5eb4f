//! Charts that tests draw on the server's side and in WebAssembly, both against the same files.

use chart::{Chart, Format, Ink, Kind, Line, Marker, Point, Side, Threshold, Unit, draw};

/// Noon of a day in November.
pub const NOON: i64 = 1_763_726_400;
pub const FORMATS: [(Format, &str); 2] = [(Format::Wide, "wide"), (Format::Phone, "phone")];

pub fn all() -> Vec<(&'static str, Chart)> {
    vec![
        ("errors", errors()),
        ("latency", latency()),
        ("throughput", throughput()),
        ("long", long(5_000)),
        ("empty", chart("No window has been judged yet.", Unit::Share, vec![])),
        ("one", one()),
        ("equal", equal()),
        ("hostile", hostile()),
    ]
}

/// What is timed: three hundred points on each of two lines, one with a band.
pub fn timed() -> Chart {
    long(300)
}

/// The hash of so many charts with numbers of all kinds, one after the other.
pub fn many(count: u32) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for n in 0..count {
        for (format, _) in FORMATS {
            for byte in draw(&wild(u64::from(n) + 1), format).bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
            }
        }
    }
    hash
}

fn chart(title: &str, unit: Unit, lines: Vec<Line>) -> Chart {
    Chart { title: title.to_owned(), unit, lines, threshold: None, markers: Vec::new() }
}

fn line(label: &str, ink: Ink, points: impl IntoIterator<Item = Point>) -> Line {
    Line { label: label.to_owned(), ink, dashed: ink == Ink::Baseline, points: points.into_iter().collect() }
}

fn marker(minute: i64, kind: Kind, label: &str) -> Marker {
    Marker { at: NOON + minute * 60, label: label.to_owned(), kind }
}

/// A number from 0 up to 1 that looks like chance.
fn noise(n: i64, seed: i64) -> f64 {
    let mixed = (n * 7_919 + seed * 104_729) % 10_007;
    f64::from(i32::try_from(mixed).unwrap_or(0)) / 10_007.0
}

fn errors() -> Chart {
    let minutes = 0..42_i64;
    let rate = |n: i64, start: f64, seed| start + noise(n, seed) * 0.004 + if n > 34 { 0.018 } else { 0.0 };
    let canary = minutes.clone().map(|n| {
        let rate = rate(n, 0.002, 1);
        let wide = if n < 15 { 0.006 } else { 0.003 };
        Point { at: NOON + n * 60, value: Some(rate), band: Some(((rate - wide).max(0.0), rate + wide)) }
    });
    let stable = minutes.map(|n| Point::new(NOON + n * 60, Some(0.002 + noise(n, 2) * 0.001)));
    Chart {
        threshold: Some(Threshold { value: 0.02, label: "rolls back above 2 %".to_owned(), side: Side::Above }),
        markers: vec![
            marker(0, Kind::Step, "5 %"),
            marker(14, Kind::Step, "25 %"),
            marker(29, Kind::Step, "50 %"),
            marker(40, Kind::Rollback, "rolled back"),
        ],
        ..chart(
            "Canary fails 2.2 % of requests, stable 0.2 %. Rolled back at 12:40 UTC.",
            Unit::Share,
            vec![line("stable 0.2 %", Ink::Baseline, stable), line("canary 2.2 %", Ink::Canary, canary)],
        )
    }
}

fn latency() -> Chart {
    let at = |n: i64, base: f64, seed| Point::new(NOON + n * 15, Some(base + noise(n, seed) * 40.0));
    let canary = (0..100).map(|n| at(n, 302.0, 3));
    let stable = (0..100).map(|n| at(n, 300.0, 4));
    Chart {
        markers: vec![marker(0, Kind::Step, "25 %"), marker(10, Kind::Verdict, "promoted")],
        ..chart(
            "Canary and stable are equally fast.",
            Unit::Milliseconds,
            vec![line("stable 312 ms", Ink::Baseline, stable), line("canary 318 ms", Ink::Canary, canary)],
        )
    }
}

fn throughput() -> Chart {
    let gap = |n: i64| (20..26).contains(&n) || (40..60).contains(&n) && n != 50;
    let value = |n: i64| (!gap(n)).then(|| 1_240.0 + noise(n, 5) * 300.0);
    let canary = (0..80).map(|n| Point::new(NOON + n * 60, value(n)));
    Chart {
        threshold: Some(Threshold { value: 900.0, label: "holds below 900/s".to_owned(), side: Side::Below }),
        ..chart("1400 requests a second.", Unit::PerSecond, vec![line("canary 1400/s", Ink::Canary, canary)])
    }
}

fn long(count: i64) -> Chart {
    let value = |n: i64, seed| if n % 401 == 400 { None } else { Some(noise(n, seed) * 0.01) };
    let canary = (0..count).map(|n| Point {
        at: NOON + n * 60,
        value: value(n, 6),
        band: value(n, 6).map(|rate| (rate * 0.5, rate * 1.5)),
    });
    let stable = (0..count).map(|n| Point::new(NOON + n * 60, value(n, 7)));
    Chart {
        threshold: Some(Threshold { value: 0.02, label: "rolls back above 2 %".to_owned(), side: Side::Above }),
        markers: vec![marker(0, Kind::Step, "100 %")],
        ..chart(
            "Nothing is wrong.",
            Unit::Share,
            vec![line("stable", Ink::Baseline, stable), line("canary", Ink::Canary, canary)],
        )
    }
}

fn one() -> Chart {
    let point = |value| [Point { at: NOON, value: Some(value), band: Some((0.0, 0.4)) }];
    let lines = vec![line("stable 10 %", Ink::Baseline, point(0.1)), line("canary 11 %", Ink::Canary, point(0.11))];
    Chart { markers: vec![marker(0, Kind::Step, "5 %")], ..chart("One window.", Unit::Share, lines) }
}

fn equal() -> Chart {
    let none = || (0..10).map(|n| Point::new(NOON + n * 60, Some(0.0)));
    let lines = vec![line("stable 0 %", Ink::Baseline, none()), line("canary 0 %", Ink::Canary, none())];
    chart("Neither fails.", Unit::Share, lines)
}

fn hostile() -> Chart {
    let values = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e300, f64::MIN_POSITIVE, 0.3, -0.0, 0.7];
    let canary = (0_i64..).zip(values).map(|(n, value)| Point {
        at: NOON + n * 60,
        value: Some(value),
        band: Some((f64::NAN, value)),
    });
    let label = "<script>alert(1)</script> & \"a name that goes on and on\"\u{0}";
    Chart {
        threshold: Some(Threshold { value: f64::NAN, label: label.to_owned(), side: Side::Above }),
        markers: (0..20).map(|n| marker(n, Kind::Verdict, label)).collect(),
        ..chart(label, Unit::Share, vec![line(label, Ink::Canary, canary)])
    }
}

/// Anything that follows from a number.
fn wild(seed: u64) -> Chart {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move |below: u32| -> u32 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u32::try_from(state % u64::from(below.max(1))).unwrap_or(0)
    };
    let unit = [Unit::Share, Unit::Milliseconds, Unit::PerSecond][next(3) as usize];
    let scale = [0.000_1, 0.03, 1.0, 700.0, 3e6][next(5) as usize];
    let mut value = move || match next(12) {
        0 => None,
        1 => Some(f64::NAN),
        2 => Some(0.0),
        _ => Some(f64::from(next(1_000_000)) / 1_000_003.0 * scale),
    };
    let steps = i64::try_from(seed % 97 + 1).unwrap_or(1);
    let mut points = |seed: i64| -> Vec<Point> {
        let count = seed * 53 % 700;
        let point = |n: i64| {
            let at = NOON + seed * 1_009 + n * steps;
            Point { at, value: value(), band: value().zip(value()) }
        };
        (0..count).map(point).collect()
    };
    let seed = i64::try_from(seed).unwrap_or(1);
    let lines = vec![line("stable", Ink::Baseline, points(seed)), line("canary", Ink::Canary, points(seed + 3))];
    let side = if seed % 2 == 0 { Side::Above } else { Side::Below };
    let threshold = Threshold { value: scale * 0.7, label: "threshold".to_owned(), side };
    Chart {
        threshold: (seed % 3 > 0).then_some(threshold),
        markers: vec![marker(seed % 50, Kind::Verdict, "held"), marker(seed % 31, Kind::Rollback, "rolled back")],
        ..chart("wild", unit, lines)
    }
}
