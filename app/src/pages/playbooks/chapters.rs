//! The chapters of a playbook's page: which sections of the text stand in which, and the list of them.

use super::{
    paper::{Paper, label, nothing},
    told,
};
use crate::components::Markup;
use domain::playbook::Playbook;
use serde_json::{Map, Value};

/// Address, title, and the sections in it as they are called in the text.
type Chapter = (&'static str, &'static str, &'static [&'static str]);

const CHAPTERS: [Chapter; 15] = [
    ("head", "Owner and principles", &["head", "principle"]),
    ("environments", "Environments", &["environment"]),
    ("types", "Release types and approvals", &["type", "approval"]),
    ("gates", "Gates", &["gate", "evidence"]),
    ("checklists", "Checklists", &["checklist"]),
    ("strategies", "Strategies", &["strategy"]),
    (
        "watched",
        "Thresholds and triggers",
        &["threshold", "trigger", "signal", "judging", "watch", "endpoint", "dashboard", "slo", "alert_route"],
    ),
    ("calendar", "Calendar", &["calendar"]),
    ("roles", "Roles, contacts, channels", &["role", "contact", "channel", "help"]),
    ("clocks", "Clocks, severities, decisions", &["clock", "vulnerability", "severity", "decision"]),
    ("messages", "Messages", &["message", "briefing", "status_page"]),
    (
        "source",
        "Versions, branches, commits",
        &["versioning", "branch", "commits", "migrations", "pull_request", "changelog"],
    ),
    ("written", "Notes, retrospectives, documents", &["notes", "retrospective", "review", "document", "record"]),
    ("metrics", "Metric targets", &["metric"]),
    (
        "operation",
        "Procedures, commands, troubleshooting",
        &["procedure", "troubleshooting", "command", "pipeline", "test_suite", "flags", "kill_switch", "tool"],
    ),
];

/// Everything that a playbook says.
#[derive(Debug, Clone)]
pub struct Chapters {
    /// Addresses and titles.
    pub contents: Vec<(&'static str, &'static str)>,
    /// One `<div>`.
    pub body: Markup,
}

pub fn chapters(playbook: &Playbook) -> Chapters {
    let Ok(Value::Object(playbook)) = serde_json::to_value(playbook) else {
        return Chapters { contents: Vec::new(), body: Markup::new().html("<div></div>") };
    };
    let said = |section: &&str| playbook.get(*section).is_some_and(|value| !nothing(value));
    let mut contents = Vec::new();
    let mut paper = Paper::of(&playbook);
    paper.html("<div class=\"chapters\">");
    for (address, title, sections) in CHAPTERS {
        let sections: Vec<&str> = sections.iter().copied().filter(said).collect();
        if sections.is_empty() {
            continue;
        }
        contents.push((address, title));
        paper.html("<details class=\"card chapter\" open id=\"").html(address).html("\"><summary><h2>").html(title);
        paper.html("</h2></summary>");
        paper.deep = sections.len() > 1;
        for section in sections {
            if paper.deep {
                paper.html("<h3 id=\"section-").text(section).html("\">").text(plural(section)).html("</h3>");
            }
            tell(&mut paper, section, &playbook);
        }
        paper.html("</details>");
    }
    paper.html("</div>");
    Chapters { contents, body: paper.into_markup() }
}

fn tell(paper: &mut Paper, section: &str, playbook: &Map<String, Value>) {
    match (section, &playbook[section]) {
        ("gate", _) => told::gates(paper, playbook),
        ("checklist", _) => told::checklists(paper, playbook),
        ("strategy", _) => told::strategies(paper, playbook),
        ("command", _) => told::commands(paper, playbook),
        ("message", _) => told::messages(paper, playbook),
        (_, Value::Array(entries)) => paper.clauses(section, entries),
        (_, Value::Object(table)) => single(paper, section, table),
        _ => {}
    }
}

/// A section that stands once: its lists become clauses of their own.
fn single(paper: &mut Paper, section: &str, table: &Map<String, Value>) {
    let is_list = |value: &Value| value.as_array().is_some_and(|all| all.iter().any(Value::is_object));
    let lists: Vec<&str> = table.iter().filter(|(_, value)| is_list(value)).map(|(key, _)| key.as_str()).collect();
    // Its own title is no heading here.
    let own = Value::Object(
        table
            .iter()
            .map(|(key, value)| (if key == "title" { "heading" } else { key }.to_owned(), value.clone()))
            .collect(),
    );
    paper.but(section, &own, &lists);
    for key in lists {
        paper.open("").text(plural(key)).close();
        let deep = std::mem::replace(&mut paper.deep, true);
        paper.clauses(&format!("{section}-{key}"), told::entries(table, key));
        paper.deep = deep;
    }
}

/// What a section is called when it holds several.
fn plural(section: &str) -> String {
    let once = [
        "head",
        "approval",
        "watch",
        "judging",
        "calendar",
        "help",
        "status_page",
        "versioning",
        "commits",
        "migrations",
        "record",
        "pull_request",
        "changelog",
        "notes",
        "troubleshooting",
        "flags",
        "evidence",
        "maintenance",
        "week",
    ];
    let label = label(section);
    match section {
        _ if once.contains(&section) => label,
        "record" => "What is kept of a release".to_owned(),
        "test_suite" => "Tests".to_owned(),
        "slo" => "Service level objectives".to_owned(),
        "vulnerability" | "severity" => format!("{}ies", &label[..label.len() - 1]),
        "branch" | "kill_switch" => format!("{label}es"),
        _ if label.ends_with('s') => label,
        _ => format!("{label}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{CHAPTERS, chapters};
    use domain::playbook::parse;
    use serde_json::Value;
    use std::collections::BTreeSet;

    const BUNDLED: [&str; 5] = [
        include_str!("../../../../playbooks/orca.toml"),
        include_str!("../../../../playbooks/mesh-os.toml"),
        include_str!("../../../../playbooks/octoacme.toml"),
        include_str!("../../../../playbooks/sarvanom.toml"),
        include_str!("../../../../playbooks/agentmesh.toml"),
    ];

    #[test]
    fn every_section_of_the_format_stands_in_one_chapter() {
        let playbook = parse(BUNDLED[0]).expect("sound");
        let Ok(Value::Object(known)) = serde_json::to_value(&playbook) else { panic!("a table") };
        let known: BTreeSet<&str> = known.keys().map(String::as_str).collect();
        let told: Vec<&str> = CHAPTERS.iter().flat_map(|(_, _, sections)| sections.iter().copied()).collect();
        let once: BTreeSet<&str> = told.iter().copied().chain(["name", "title", "summary"]).collect();
        assert_eq!(once.len(), told.len() + 3, "each stands once");
        assert_eq!(once, known);
    }

    /// Every text of a value, at any depth.
    fn texts(value: &Value, all: &mut Vec<String>) {
        match value {
            Value::String(text) => all.push(text.clone()),
            Value::Array(list) => list.iter().for_each(|one| texts(one, all)),
            Value::Object(table) => table.iter().filter(|(key, _)| *key != "id").for_each(|(_, one)| texts(one, all)),
            _ => {}
        }
    }

    #[test]
    fn everything_that_a_playbook_says_stands_on_its_page() {
        for text in BUNDLED {
            let playbook = parse(text).expect("sound");
            let page = chapters(&playbook).body.into_string();
            let page = page.replace("&#39;", "'").replace("&quot;", "\"").replace("&gt;", ">").replace("&lt;", "<");
            let page = page.replace("&amp;", "&").to_lowercase();
            let mut said = Vec::new();
            texts(&serde_json::to_value(&playbook).expect("JSON"), &mut said);
            for text in said {
                // Names are shown as what they name, and commands in one line.
                let plain = text.trim_end().to_lowercase();
                let found = page.contains(&plain)
                    || page.contains(&plain.replace('_', " "))
                    || page.contains(&format!("-{plain}\""))
                    || [playbook.name.as_str(), &playbook.title, &playbook.summary].contains(&text.as_str());
                assert!(found, "“{text}” of {} is not on its page", playbook.name);
            }
        }
    }

    #[test]
    fn every_address_stands_once_and_every_link_leads_to_one() {
        for text in BUNDLED {
            let page = chapters(&parse(text).expect("sound")).body.into_string();
            let after = |mark: &str| -> Vec<String> {
                page.split(mark).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
            };
            let ids = after(" id=\"");
            let once: BTreeSet<&String> = ids.iter().collect();
            let twice: Vec<_> = once.iter().filter(|id| ids.iter().filter(|other| other == *id).count() > 1).collect();
            assert!(twice.is_empty(), "{twice:?}");
            let lost: Vec<String> = after("<a href=\"#").into_iter().filter(|to| !ids.contains(to)).collect();
            assert!(lost.is_empty(), "{lost:?}");
        }
    }
}
