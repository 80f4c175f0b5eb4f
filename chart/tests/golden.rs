//! What the server draws, held against files; `examples/in_wasm.rs` is held against the same ones.

mod cases;

use chart::draw;
use std::{fs, path::Path};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");
/// Of the charts of [`cases::many`].
const MANY: &str = "many.txt";

/// Writes what was drawn beside the build, to be looked at and copied, when it differs.
fn held_against(name: &str, drawn: &str, differing: &mut Vec<String>) {
    if fs::read_to_string(Path::new(GOLDEN).join(name)).ok().as_deref() != Some(drawn) {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&place, drawn).expect("a file beside the build");
        differing.push(place.display().to_string());
    }
}

#[test]
fn charts_are_those_of_the_files() {
    let mut differing = Vec::new();
    for (name, chart) in cases::all() {
        for (format, end) in cases::FORMATS {
            held_against(&format!("{name}-{end}.svg"), &draw(&chart, format), &mut differing);
        }
    }
    held_against(MANY, &format!("{:016x}\n", cases::many(200)), &mut differing);
    assert!(differing.is_empty(), "look at these, and copy them to {GOLDEN} if they are right: {differing:#?}");
}

#[test]
fn three_hundred_points_are_small() {
    let text = draw(&cases::timed(), chart::Format::Wide);
    assert!(text.len() < 20_000, "{} bytes", text.len());
}
