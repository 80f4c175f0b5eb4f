//! Settings from every source, and what is said when they are wrong.

use super::{Flags, Sources};
use std::{collections::BTreeMap, fs};

fn sources(flags: &[(&'static str, &str)], environment: &[(&str, &str)]) -> Sources {
    let values = flags.iter().map(|(k, v)| (*k, (*v).to_owned())).collect();
    let environment: BTreeMap<_, _> = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Sources { flags: Flags { values, file: None }, environment }
}

#[test]
fn a_flag_beats_the_environment_beats_the_file_beats_the_default() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.toml");
    fs::write(
        &file,
        "listen = \"127.0.0.1:1\"\nlog = \"warn\"\ndata = \"from-file\"\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n",
    )
    .unwrap();
    let mut sources =
        sources(&[("listen", "127.0.0.1:3")], &[("PILOTHOUSE_LISTEN", "127.0.0.1:2"), ("PILOTHOUSE_LOG", "debug")]);
    sources.flags.file = Some(file);
    let settings = sources.settle().unwrap();
    assert_eq!(settings.listen.port(), 3);
    assert_eq!(settings.log, "debug");
    assert_eq!(settings.data.to_str(), Some("from-file"));
    assert!(settings.trusted_proxies.hold("10.9.8.7".parse().unwrap()));
    assert!(settings.trusted_proxies.hold("::1".parse().unwrap()));
    assert!(!settings.trusted_proxies.hold("11.0.0.1".parse().unwrap()));
    assert_eq!(settings.demo_speed, 1);
}

#[test]
fn all_faults_are_told_at_once_with_field_value_and_what_is_allowed() {
    let faults = sources(
        &[("listen", "nowhere"), ("log_format", "xml")],
        &[("PILOTHOUSE_ADMIN_TOKEN", "short"), ("PILOTHOUSE_PUBLIC_URL", "ftp://x"), ("PILOTHOUSE_DEMO_SPEED", "0")],
    )
    .settle()
    .unwrap_err();
    let text: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(faults.len(), 5, "{text:?}");
    assert!(text[0].starts_with("listen: found “nowhere” (--listen); allowed is an address"), "{}", text[0]);
    assert!(text.iter().any(|t| t.contains("admin_token: found a value of 5 characters (PILOTHOUSE_ADMIN_TOKEN)")));
    assert!(text.iter().all(|t| !t.contains("short")), "a secret shows in {text:?}");
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_known_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.toml");
    fs::write(&file, "lisen = \"127.0.0.1:1\"\n").unwrap();
    let mut sources = sources(&[], &[]);
    sources.flags.file = Some(file);
    let faults = sources.settle().unwrap_err();
    assert!(faults[0].to_string().contains("did you mean “listen”?"), "{}", faults[0]);
}

#[test]
fn a_demonstration_listens_on_loopback_only() {
    let faults = sources(&[("demo", "true"), ("listen", "0.0.0.0:80")], &[]).settle().unwrap_err();
    assert_eq!(faults[0].field, "listen");
}

#[test]
#[cfg(not(feature = "test-clock"))]
fn the_clock_cannot_be_set_in_this_build() {
    let faults = sources(&[], &[("PILOTHOUSE_NOW", "2026-01-01T00:00:00Z")]).settle().unwrap_err();
    assert_eq!(faults[0].field, "PILOTHOUSE_NOW");
}

#[test]
#[cfg(feature = "test-clock")]
fn the_clock_is_set_in_this_build_by_a_sound_time_only() {
    let now = |text| sources(&[], &[("PILOTHOUSE_NOW", text)]).settle();
    let begin = now("2026-01-01T00:00:00+01:00").unwrap().now.unwrap();
    assert_eq!(begin.to_rfc3339(), "2025-12-31T23:00:00+00:00");
    assert_eq!(now("yesterday").unwrap_err()[0].field, "PILOTHOUSE_NOW");
}

#[test]
#[cfg(not(feature = "failpoints"))]
fn this_build_does_not_end_by_itself() {
    let faults = sources(&[], &[("PILOTHOUSE_CRASH_AT", "after_intent:deploy")]).settle().unwrap_err();
    assert_eq!(faults[0].field, "PILOTHOUSE_CRASH_AT");
}

#[test]
#[cfg(feature = "failpoints")]
fn this_build_ends_where_it_is_told_to() {
    let at = |text| sources(&[], &[("PILOTHOUSE_CRASH_AT", text)]).settle();
    let (point, action) = at("after_intent:roll_back").unwrap().crash_at.unwrap();
    assert_eq!((point.name(), action.as_str()), ("after_intent", "roll_back"));
    assert!(at("before_intent:*").is_ok());
    for wrong in ["", "after_intent", "after_intent:", "never:deploy", "after_intent:watch", "after_intent:jump"] {
        let faults = at(wrong).unwrap_err();
        assert_eq!(faults[0].field, "PILOTHOUSE_CRASH_AT", "{wrong}");
        assert!(faults[0].allowed.contains("reply_unrecorded"), "{}", faults[0]);
    }
}

#[test]
fn described_settings_hide_secrets_and_read_back() {
    let secret = "a-secret-of-enough-characters";
    let settings = sources(&[("admin_token", secret)], &[]).settle().unwrap();
    let text = settings.describe();
    assert!(!text.contains(secret) && text.contains("admin_token = \"(hidden)\""), "{text}");
    text.parse::<toml::Table>().unwrap();
}
