//! Whatever numbers and texts come, there is a picture: well-formed, inside its frame, and of few points.

use chart::{Chart, Format, Ink, Kind, Line, MOST, Marker, Point, Side, Threshold, Unit, draw, places};
use proptest::prelude::*;

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => 0.0..1.0f64,
        2 => 0.0..1e6f64,
        1 => proptest::num::f64::ANY,
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(0.0),
    ]
}

fn time() -> impl Strategy<Value = i64> {
    prop_oneof![6 => 1_763_000_000..1_763_090_000i64, 1 => Just(0), 1 => any::<i64>()]
}

fn point() -> impl Strategy<Value = Point> {
    let band = proptest::option::of((number(), number()));
    (time(), proptest::option::of(number()), band).prop_map(|(at, value, band)| Point { at, value, band })
}

fn line() -> impl Strategy<Value = Line> {
    let points = proptest::collection::vec(point(), 0..700);
    (any::<String>(), any::<bool>(), points).prop_map(|(label, dashed, points)| Line {
        label,
        ink: if dashed { Ink::Baseline } else { Ink::Canary },
        dashed,
        points,
    })
}

prop_compose! {
    fn any_chart()(
        title in any::<String>(),
        unit in prop_oneof![Just(Unit::Share), Just(Unit::Milliseconds), Just(Unit::PerSecond)],
        lines in proptest::collection::vec(line(), 0..7),
        threshold in proptest::option::of((number(), any::<String>(), any::<bool>())),
        markers in proptest::collection::vec((time(), any::<String>(), 0..3u8), 0..12),
    ) -> Chart {
        let side = |above| if above { Side::Above } else { Side::Below };
        let kind = |n| match n { 0 => Kind::Step, 1 => Kind::Verdict, _ => Kind::Rollback };
        Chart {
            title,
            unit,
            lines,
            threshold: threshold.map(|(value, label, above)| Threshold { value, label, side: side(above) }),
            markers: markers.into_iter().map(|(at, label, n)| Marker { at, label, kind: kind(n) }).collect(),
        }
    }
}

/// Every place that a path of a class goes to.
fn walked(path: &str) -> Vec<(f64, f64)> {
    let mut found = Vec::new();
    let (mut x, mut y) = (0.0, 0.0);
    for part in path.split_inclusive(['M', 'l', 'h', 'z']).collect::<Vec<_>>().windows(2) {
        let (verb, rest) = (part[0].chars().last(), part[1].trim_end_matches(['M', 'l', 'h', 'z']));
        let spaced = rest.replace('-', " -");
        let numbers: Vec<f64> = spaced.split_whitespace().map(|number| number.parse().expect("a number")).collect();
        match (verb, numbers.as_slice()) {
            (Some('M'), [to_x, to_y]) => (x, y) = (*to_x, *to_y),
            (Some('l'), [by_x, by_y]) => (x, y) = (x + by_x, y + by_y),
            (Some('h'), [0.0]) | (Some('z'), []) => {}
            other => panic!("no such step: {other:?} in {path}"),
        }
        found.push((x, y));
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn there_is_always_a_sound_picture(chart in any_chart()) {
        for (format, wide) in [(Format::Wide, 760.0), (Format::Phone, 360.0)] {
            let text = draw(&chart, format);
            prop_assert!(text.starts_with("<svg ") && text.ends_with("</svg>"));
            prop_assert!(!text.contains("NaN") || chart_says(&chart, "NaN"));
            // as many tags as are closed, and none that texts brought
            let open = text.matches("<text ").count();
            prop_assert_eq!(open, text.matches("</text>").count());
            let paths = text.matches("<path ").count();
            prop_assert_eq!(text.matches('<').count(), 2 + 2 + 2 + 2 * open + paths, "{}", text);
            prop_assert_eq!(text.matches('>').count(), text.matches('<').count());
            for path in text.split(" d=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                for (x, y) in walked(path) {
                    prop_assert!((-0.5..=wide + 0.5).contains(&x) && (-0.5..=240.5).contains(&y), "{},{} {}", x, y, path);
                }
            }
            for class in ["canary", "canary dashed", "base", "base dashed"] {
                let begin = format!("<path class=\"{class}\" vector-effect=\"non-scaling-stroke\" d=\"");
                for path in text.split(begin.as_str()).skip(1).filter_map(|rest| rest.split('"').next()) {
                    prop_assert!(path.matches(['M', 'l']).count() <= MOST * chart.lines.len());
                }
            }
            let times = chart.lines.iter().flat_map(|line| line.points.iter().map(|point| point.at));
            prop_assert!(places(&chart, format, times).iter().all(|place| (0..=1_000).contains(place)));
        }
    }
}

fn chart_says(chart: &Chart, word: &str) -> bool {
    let labels = chart.lines.iter().map(|line| &line.label).chain(chart.markers.iter().map(|marker| &marker.label));
    let labels = labels.chain(chart.threshold.iter().map(|threshold| &threshold.label));
    labels.chain([&chart.title]).any(|text| text.contains(word))
}
