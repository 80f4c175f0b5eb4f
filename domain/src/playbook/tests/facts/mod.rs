//! Every fact of the five sources, each with where the parsed model holds it.

mod agentmesh;
mod lookup;
mod mesh_os;
mod mesh_os_followup;
mod octoacme;
mod octoacme_incidents;
mod orca;
mod orca_words;
mod sarvanom;
mod sarvanom_operation;

use super::{bundled, parse};
use crate::playbook::Playbook;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What the source says, and whether the model says so too.
type Fact = (&'static str, fn(&Playbook) -> bool);

/// A look-up that finds nothing panics; that is a fact not found.
fn holds(check: fn(&Playbook) -> bool, playbook: &Playbook) -> bool {
    catch_unwind(AssertUnwindSafe(|| check(playbook))).unwrap_or(false)
}

const SAYS_NOTHING: &str = r#"
    name = "empty"
    title = "Empty"
    summary = "Says nothing."
    [[environment]]
    name = "production"
    purpose = "Customers."
    [[type]]
    id = "any"
    title = "Any"
    when = "Always."
    bump = "minor"
"#;

fn tables() -> [(&'static str, Vec<Fact>); 5] {
    [
        ("orca", [orca::FACTS, orca_words::FACTS].concat()),
        ("mesh-os", [mesh_os::FACTS, mesh_os_followup::FACTS].concat()),
        ("octoacme", [octoacme::FACTS, octoacme_incidents::FACTS].concat()),
        ("sarvanom", [sarvanom::FACTS, sarvanom_operation::FACTS].concat()),
        ("agentmesh", agentmesh::FACTS.to_vec()),
    ]
}

#[test]
fn every_fact_of_the_sources_is_in_the_parsed_model() {
    let mut missing = Vec::new();
    for (name, facts) in tables() {
        let playbook = bundled(name);
        let lost =
            facts.iter().filter(|(_, check)| !holds(*check, &playbook)).map(|(fact, _)| format!("{name}: {fact}"));
        missing.extend(lost);
        println!("{name}: {} facts", facts.len());
    }
    assert!(missing.is_empty(), "{} facts are not in the model:\n{}", missing.len(), missing.join("\n"));
}

#[test]
fn no_fact_holds_in_a_playbook_that_says_nothing() {
    let empty = parse(SAYS_NOTHING).expect("loads");
    for (name, facts) in tables() {
        for (fact, check) in facts {
            assert!(!holds(check, &empty), "{name}: the check of “{fact}” finds it anywhere");
        }
    }
}

#[test]
fn no_fact_stands_twice() {
    for (name, facts) in tables() {
        let mut texts: Vec<_> = facts.iter().map(|(fact, _)| fact).collect();
        texts.sort_unstable();
        let before = texts.len();
        texts.dedup();
        assert_eq!(before, texts.len(), "{name}");
    }
}
