//! Ten thousand past deployments go in by the command line; a script that knows nothing of this program follows every
//! figure to the events behind it and comes to the same numbers.

#[expect(dead_code, reason = "each test program needs its part")]
mod process;

use process::{ADMIN, Running, run};
use serde_json::{Value, json};
use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Stdio},
};

const DEPLOYMENTS: u64 = 10_000;
const PRODUCTS: [&str; 3] = ["desk", "shop", "till"];

/// Repeatable chance (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides.max(1)
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.below(sides) == 0
    }
}

/// Milliseconds since the beginning of 2024.
fn at(millis: i64) -> String {
    let start = chrono::DateTime::from_timestamp_millis(1_704_067_200_000).expect("2024");
    (start + chrono::TimeDelta::milliseconds(millis)).to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).expect("small")
}

/// Two years with everything in them that a definition speaks of.
fn history() -> String {
    let (mut dice, mut lines) = (Chance(7), String::new());
    let mut put = |fact: Value| writeln!(lines, "{fact}").expect("written");
    let hour = 3_600_000;
    for n in 0..DEPLOYMENTS {
        let product = PRODUCTS[usize::try_from(n % 3).expect("small")];
        let env = if dice.one_in(12) { "staging" } else { "production" };
        let ended = signed(n) * 730 * 24 * hour / signed(DEPLOYMENTS) + signed(dice.below(5 * 3_600_000));
        let mut changes = Vec::new();
        for c in 0..dice.below(4) {
            let id = format!("c{n}-{c}");
            // Some came before, some are known by name alone, some were committed after they ran.
            if dice.one_in(15) && n > 30 {
                changes.push(format!("c{}-0", n - 3 * dice.below(8)));
            }
            changes.push(id.clone());
            if dice.one_in(20) {
                continue;
            }
            let early = if dice.one_in(30) { -hour } else { signed(dice.below(20 * 24 * 3_600_000)) };
            let mut change =
                json!({ "type": "change", "product": product, "id": id, "committed_at": at(ended - early) });
            if !dice.one_in(10) {
                change["merged_at"] = at(ended - early / 3).into();
            }
            put(change);
        }
        let kind = ["regular", "regular", "regular", "regular", "hotfix", "rollback"]
            [usize::try_from(dice.below(6)).expect("small")];
        let began = if dice.one_in(50) { ended + hour } else { ended - signed(dice.below(7_200_000)) };
        let outcome = if dice.one_in(25) { "failed" } else { "success" };
        let mut deployment = json!({ "type": "deployment", "product": product, "env": env, "id": format!("d{n}"),
            "version": format!("{}.{}.0", n / 100, n % 100), "started_at": at(began), "finished_at": at(ended),
            "outcome": outcome, "kind": kind, "changes": changes });
        if kind != "regular" && n > 60 && !dice.one_in(5) {
            deployment["remediates"] = format!("d{}", n - 3 * (1 + dice.below(15))).into();
        }
        put(deployment);
        if dice.one_in(9) {
            let started = ended + signed(dice.below(3 * 24 * 3_600_000));
            let mut incident = json!({ "type": "incident", "product": product, "env": env, "id": format!("i{n}"),
                "severity": "sev2", "started_at": at(started) });
            if !dice.one_in(12) {
                incident["resolved_at"] = at(started + signed(dice.below(40 * 3_600_000)) - hour / 2).into();
            }
            if dice.one_in(2) {
                incident["deployment"] = format!("d{n}").into();
            }
            put(incident);
        }
    }
    lines
}

/// What the script says; it must find no difference.
fn recomputed(server: &Running, query: &str, facts: &Path) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/recompute.py");
    let mut python = Command::new("python3");
    python.arg("-B").arg(script).args([server.url().as_str(), query, "--facts"]).arg(facts);
    python.env("PILOTHOUSE_TOKEN", ADMIN).stdin(Stdio::null());
    let done = python.output().expect("python3 is there");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{query}: {said}{}", String::from_utf8_lossy(&done.stderr));
    said
}

#[test]
fn every_figure_is_the_same_when_somebody_else_works_it_out() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Running::start(data.path());
    for product in PRODUCTS {
        let body = json!({ "slug": product, "name": product, "playbook": "orca" });
        server.must("POST", "/products", &body, 201);
    }
    let file = data.path().join("past.ndjson");
    fs::write(&file, history()).expect("written");
    let cli = |words: &[&str]| run(words, &[("PILOTHOUSE_URL", &server.url()), ("PILOTHOUSE_TOKEN", ADMIN)]);
    let path = file.to_str().expect("a path");
    let dry = cli(&["import", path, "--dry-run"]).fine();
    assert!(dry.starts_with("Would be taken: ") && dry.contains("  shop: 333"), "{dry}");
    let done = cli(&["import", path]).fine();
    assert!(done.starts_with("Taken: ") && done.contains("\nImport "), "{done}");
    for (query, least) in [
        ("from=2024-04-01T00:00:00Z&to=2024-07-01T00:00:00Z&bucket=month", 1_000),
        ("product=shop&from=2025-01-01T00:00:00Z&to=2025-04-01T00:00:00Z&bucket=month&zone=Europe/London", 300),
        ("product=till,desk&from=2024-01-01T00:00:00Z&to=2026-01-01T00:00:00Z&bucket=month&rework=yes", 5_000),
        ("env=staging&from=2024-01-01T00:00:00Z&to=2024-12-31T00:00:00Z&bucket=month", 300),
        ("product=shop&from=2023-01-01T00:00:00Z&to=2023-02-01T00:00:00Z", 0),
    ] {
        let said = recomputed(&server, query, &file);
        let n = said.split(" over ").nth(1).and_then(|rest| rest.split(' ').next()).and_then(|n| n.parse::<u64>().ok());
        assert!(n.is_some_and(|n| n >= least) && said.contains(" 0 differences"), "{query}: {said}");
    }
    // Taken back, nothing of it is left.
    let listed = cli(&["import", "--list"]).fine();
    let id = listed.split("  ").next().expect("an id").to_owned();
    cli(&["import", "--undo", &id, "--reason", "It was a test."]).fine();
    let report = server.must("GET", "/dora?from=2024-04-01&to=2024-07-01", &Value::Null, 200);
    assert_eq!(report["figures"]["deployment_frequency"]["n"], 0);
    assert!(cli(&["import", "--list"]).fine().contains(", undone"));
}

#[test]
fn what_is_wrong_with_a_file_is_said_line_by_line() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Running::start(data.path());
    server.must("POST", "/products", &json!({ "slug": "shop", "name": "Shop", "playbook": "orca" }), 201);
    let file = data.path().join("past.csv");
    let table = "type,product,id,committed_at\nchange,shop,c1,2025-03-03T10:30:00Z\nchange,shop,c1,2025-03-03T10:30:00Z\n\
                 change,shop,c3,soon\n";
    fs::write(&file, table).expect("written");
    let cli = |words: &[&str]| run(words, &[("PILOTHOUSE_URL", &server.url()), ("PILOTHOUSE_TOKEN", ADMIN)]);
    let path = file.to_str().expect("a path");
    let said = cli(&["import", path]).failed(1);
    for words in ["Nothing was taken: 2 lines are wrong", "line 3, “id”: ", "line 4, “committed_at”: found “soon”"]
    {
        assert!(said.contains(words), "“{words}” is not in {said}");
    }
    let said = cli(&["import", path, "--partial"]).fine();
    assert!(said.starts_with("Taken: 1 lines\n") && said.contains("Left out: 2 lines"), "{said}");
    cli(&["import"]).failed(64);
    cli(&["import", "no-such-file.csv"]).failed(64);
    cli(&["import", "--undo", "x"]).failed(64);
    cli(&["import", "--undo", "x", "--reason", "y"]).refused(1);
}
