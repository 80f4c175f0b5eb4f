//! Files of past deliveries: what is read, what is refused and in which words; nothing makes it panic.

use domain::dora::import::{Entry, Fact, Fault, Import, read_csv, read_ndjson};
use proptest::prelude::*;

const NDJSON: &str = r#"{"type":"change","product":"shop","id":"c1","committed_at":"2026-03-02T10:00:00Z","merged_at":"2026-03-02T11:00:00+01:00"}

{"type":"deployment","product":"shop","env":"production","id":"d1","version":"1.2.3","started_at":"2026-03-03T11:00:00Z","finished_at":"2026-03-03T12:00:00Z","outcome":"success","kind":"hotfix","changes":["c1","c2"],"remediates":"d0"}
{"type":"incident","product":"shop","env":"production","id":"i1","severity":"sev1","started_at":"2026-03-03T12:30:00Z","resolved_at":null,"deployment":"d1"}
"#;

const CSV: &str = "type,product,env,id,version,committed_at,merged_at,started_at,finished_at,outcome,kind,changes,remediates,severity,resolved_at,deployment\r
change,shop,,c1,,2026-03-02T10:00:00Z,2026-03-02T11:00:00+01:00,,,,,,,,,\r
\r
deployment,shop,production,d1,1.2.3,,,2026-03-03T11:00:00Z,2026-03-03T12:00:00Z,success,hotfix,c1; c2,d0,,,\r
incident,shop,production,\"i1\",,,,2026-03-03T12:30:00Z,,,,,,sev1,,d1\r
";

fn entries(lines: impl Iterator<Item = Result<Entry, Fault>>) -> Vec<Entry> {
    lines.map(|line| line.unwrap_or_else(|fault| panic!("{fault}"))).collect()
}

#[test]
fn the_same_facts_are_read_from_both_forms() {
    let (json, csv) = (entries(read_ndjson(NDJSON)), entries(read_csv(CSV)));
    let facts = |entries: &[Entry]| entries.iter().map(|e| (e.product.clone(), e.fact.clone())).collect::<Vec<_>>();
    assert_eq!(facts(&json), facts(&csv));
    assert_eq!(json.iter().map(|e| e.line).collect::<Vec<_>>(), [1, 3, 4]);
    assert_eq!(csv.iter().map(|e| e.line).collect::<Vec<_>>(), [2, 4, 5]);
    let Fact::Deployment(deployment) = &json[1].fact else { panic!("a deployment") };
    assert_eq!((deployment.changes.join(" "), deployment.remediates.as_deref()), ("c1 c2".to_owned(), Some("d0")));
    let Fact::Change(change) = &json[0].fact else { panic!("a change") };
    assert_eq!(change.merged_at.map(|at| at.to_rfc3339()).as_deref(), Some("2026-03-02T10:00:00+00:00"));
    let Fact::Incident(incident) = &json[2].fact else { panic!("an incident") };
    assert_eq!((incident.resolved_at, incident.severity.as_str()), (None, "sev1"));
}

fn fault(mut lines: impl Iterator<Item = Result<Entry, Fault>>) -> Fault {
    lines.find_map(Result::err).expect("a fault")
}

#[test]
fn a_wrong_line_says_which_field_what_stood_there_and_what_is_allowed() {
    let change = |rest: &str| format!(r#"{{"type":"change","product":"shop","id":"c1"{rest}}}"#);
    let cases = [
        ("nonsense".to_owned(), "line", "nonsense", "one JSON object"),
        ("[]".to_owned(), "line", "[]", "one JSON object"),
        (r#"{"product":"shop"}"#.to_owned(), "type", "nothing", "“change”, “deployment” or “incident”"),
        (r#"{"type":"deploy"}"#.to_owned(), "type", "“deploy”", "“change”, “deployment” or “incident”"),
        (change(""), "committed_at", "nothing", "a time such as"),
        (change(r#","committed_at":"yesterday""#), "committed_at", "“yesterday”", "a time such as"),
        (change(r#","committed_at":17"#), "committed_at", "17", "a time such as"),
        (change(r#","committed_at":"1969-12-31T23:59:59Z""#), "committed_at", "“1969-12-31T23:59:59Z”", "1970 to 9999"),
        (
            change(r#","committed_at":"2026-03-02T10:00:00Z","author":"x""#),
            "author",
            "“x”",
            "type, product, id, committed_at, merged_at",
        ),
        (change(r#","committed_at":"2026-03-02T10:00:00Z","id":"c2""#), "id", "the field twice", "each once"),
        (r#"{"type":"change","product":"Shop","id":"c1"}"#.to_owned(), "product", "“Shop”", "a–z"),
        (r#"{"type":"change","product":"shop","id":"c 1"}"#.to_owned(), "id", "“c 1”", "without spaces"),
    ];
    for (line, field, found, allowed) in cases {
        let fault = fault(read_ndjson(&format!("\n{line}\n")));
        assert_eq!((fault.line, fault.field.as_str(), fault.found.as_str()), (2, field, found), "{line}");
        assert!(fault.allowed.contains(allowed), "{line}: {fault}");
    }
    let deployment = NDJSON.lines().nth(2).expect("a line");
    for (from, to, field) in [
        (r#""success""#, r#""ok""#, "outcome"),
        (r#""hotfix""#, r#""fix""#, "kind"),
        (r#"["c1","c2"]"#, r#""c1""#, "changes"),
        (r#"["c1","c2"]"#, "[1]", "changes"),
        (r#""production""#, r#""Prod""#, "env"),
    ] {
        assert_eq!(fault(read_ndjson(&deployment.replace(from, to))).field, field, "{to}");
    }
}

#[test]
fn tables_are_held_to_their_header() {
    let no = fault(read_csv("type,product,id,colour\nchange,shop,c1,red\n"));
    assert_eq!((no.line, no.field.as_str(), no.found.as_str()), (1, "header", "“colour”"));
    assert_eq!(fault(read_csv("")).field, "header");
    assert_eq!(fault(read_csv("type,type\n")).found, "“type”");
    let text = "type,product,id,committed_at\nchange,shop,c1,2026-03-02T10:00:00Z\nchange,shop\nchange,shop,c3,2026-03-02T10:00:00Z\n";
    let lines: Vec<_> = read_csv(text).collect();
    assert_eq!(lines.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(fault(read_csv(text)).found, "2 cells");
    let open =
        "type,product,id,committed_at\nchange,shop,\"c1,2026-03-02T10:00:00Z\nchange,shop,c2,2026-03-02T10:00:00Z\n";
    assert_eq!(fault(read_csv(open)).found, "a quote that does not end");
    assert_eq!(read_csv(open).count(), 1, "nothing after it");
    let quoted = "type,product,id,committed_at\n\"change\",\"shop\",\"c\"\"1\",\"2026-03-02T10:00:00Z\"";
    assert_eq!(entries(read_csv(quoted))[0].fact.id(), "c\"1");
    let breaks = "type,product,id,committed_at\nchange,shop,\"a\nb\",x\nchange,shop,c2,x\n";
    assert_eq!(read_csv(breaks).filter_map(Result::err).map(|no| no.line).collect::<Vec<_>>(), [2, 4]);
}

#[test]
fn the_same_id_twice_in_a_file_is_refused() {
    let twice = format!("{NDJSON}{NDJSON}");
    let import = Import::of(read_ndjson(&twice));
    assert_eq!((import.accepted, import.rejected.len()), (3, 3));
    assert!(import.rejected[0].allowed.contains("line 1 already"), "{}", import.rejected[0]);
    let history = &import.histories[&"shop".parse().expect("a name")];
    assert_eq!((history.changes.len(), history.deployments.len(), history.incidents.len()), (1, 1, 1));
}

proptest! {
    #[test]
    fn nothing_panics(text in "\\PC{0,200}", broken in "(?s)[\\x00-\\x7f]{0,200}") {
        for text in [&text, &broken] {
            let _ = Import::of(read_ndjson(text));
            let _ = Import::of(read_csv(text));
            let table = format!("type,product,id,committed_at\n{text}");
            let _ = Import::of(read_csv(&table));
        }
    }

    #[test]
    fn lines_with_parts_cut_out_or_doubled_never_panic(from in 0usize..700, to in 0usize..700, twice: bool) {
        for whole in [NDJSON, CSV] {
            let (from, to) = (from.min(to).min(whole.len()), from.max(to).min(whole.len()));
            let (Some(before), Some(part), Some(after)) = (whole.get(..from), whole.get(from..to), whole.get(to..)) else { continue };
            let text = if twice { format!("{before}{part}{part}{after}") } else { format!("{before}{after}") };
            let json = Import::of(read_ndjson(&text));
            let csv = Import::of(read_csv(&text));
            prop_assert!(json.accepted <= 6 && csv.accepted <= 6);
        }
    }
}
