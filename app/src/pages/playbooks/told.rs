//! Parts of a playbook that read better than key by key: gates by environment, checklists by moment, strategies,
//! commands and messages to copy.

use super::paper::{Paper, identity, label, words};
use crate::icons::Icon;
use serde_json::{Map, Value};

/// The entries of a section.
pub fn entries<'a>(playbook: &'a Map<String, Value>, section: &str) -> &'a [Value] {
    playbook.get(section).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text<'a>(entry: &'a Value, key: &str) -> &'a str {
    entry.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Each environment with what stands before it.
pub fn gates(paper: &mut Paper, playbook: &Map<String, Value>) {
    let gates = entries(playbook, "gate");
    let mut seen: Vec<&str> = Vec::new();
    for environment in entries(playbook, "environment").iter().filter_map(identity) {
        let before: Vec<&Value> = gates
            .iter()
            .filter(|gate| gate["environments"].as_array().is_some_and(|all| all.iter().any(|e| e == environment)))
            .collect();
        paper.open(&format!("gates-{environment}")).html("Before ").link("environment", environment).close();
        if before.is_empty() {
            paper.html("<p class=\"meta\">Nothing stands before it.</p>");
            continue;
        }
        paper.html("<div class=\"table-frame\" tabindex=\"0\" role=\"region\" aria-label=\"Gates before ");
        paper.text(environment).html("\"><table><thead><tr><th scope=\"col\">Gate</th><th scope=\"col\">Asks for</th>");
        paper.html("<th scope=\"col\">Waits for</th><th scope=\"col\">Only</th></tr></thead><tbody>");
        for gate in before {
            let id = identity(gate).unwrap_or_default();
            // It stands before several environments, and at one address.
            let first = !seen.contains(&id);
            seen.push(id);
            paper.html("<tr");
            if first {
                paper.html(" id=\"gate-").text(id).html("\"");
            }
            paper.html("><td><a href=\"#gate-").text(id).html("\">").text(text(gate, "title")).html("</a></td><td>");
            needs(paper, &gate["needs"]);
            paper.html("</td><td>").link("role", text(gate, "owner")).html("</td><td>");
            for key in ["types", "when"] {
                paper.value("gate", key, &gate[key]);
                paper.html(" ");
            }
            paper.html("</td></tr>");
        }
        paper.html("</tbody></table></div>");
    }
}

fn needs(paper: &mut Paper, needs: &Value) {
    match needs {
        Value::Object(one) => {
            for (word, what) in one {
                paper.text(label(word)).html(": ");
                paper.value("gate", word, what);
            }
        }
        other => drop(paper.text(label(other.as_str().unwrap_or_default()))),
    }
}

/// Lists in the order of a release's life, each item with what it takes.
pub fn checklists(paper: &mut Paper, playbook: &Map<String, Value>) {
    for list in entries(playbook, "checklist") {
        let id = identity(list).unwrap_or_default();
        paper.begin(&format!("checklist-{id}"), list);
        paper.html("<p class=\"meta\">").text(label(text(list, "moment")));
        if !list["due"].is_null() {
            paper.html(" · due ");
            paper.value("checklist", "due", &list["due"]);
        }
        paper.html(" · ticked by ").link("role", text(list, "role")).html("</p>");
        paper.but("checklist", list, &["moment", "due", "role", "item"]);
        let items = list["item"].as_array().map(Vec::as_slice).unwrap_or_default();
        paper.html("<ul class=\"ticks\">");
        for item in items {
            paper.html("<li id=\"checklist-").text(id).html("-").text(identity(item).unwrap_or_default()).html("\">");
            paper.icon(Icon::CIRCLE_DASHED).html("<div><p>").text(text(item, "text")).html("</p>");
            paper.but("checklist", item, &["text"]);
            paper.html("</div></li>");
        }
        paper.html("</ul></article>");
    }
}

/// How traffic moves, in one line.
pub fn strategies(paper: &mut Paper, playbook: &Map<String, Value>) {
    for strategy in entries(playbook, "strategy") {
        paper.begin(&format!("strategy-{}", identity(strategy).unwrap_or_default()), strategy);
        let phases = strategy["phase"].as_array().map(Vec::as_slice).unwrap_or_default();
        if !phases.is_empty() {
            let told = phases.iter().map(|phase| match phase["hold"].as_str() {
                Some(hold) => format!("{} for {hold}", text(phase, "weight")),
                None => text(phase, "weight").to_owned(),
            });
            paper.html("<p class=\"phases\">").text(told.collect::<Vec<_>>().join(" → ")).html("</p>");
        }
        paper.but("strategy", strategy, &["phase"]);
        paper.html("</article>");
    }
}

/// Commands as they are typed.
pub fn commands(paper: &mut Paper, playbook: &Map<String, Value>) {
    for command in entries(playbook, "command") {
        paper.begin(&format!("command-{}", identity(command).unwrap_or_default()), command);
        for argv in [&command["argv"], &command["or"]] {
            let words: Vec<&str> = argv.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            if !words.is_empty() {
                to_copy(paper, "command", text(command, "title"), &words.join(" "));
            }
        }
        paper.but("command", command, &["argv", "or"]);
        paper.html("</article>");
    }
}

/// Messages with their places to fill in.
pub fn messages(paper: &mut Paper, playbook: &Map<String, Value>) {
    for message in entries(playbook, "message") {
        paper.begin(&format!("message-{}", identity(message).unwrap_or_default()), message);
        let subject = text(message, "subject");
        let body = text(message, "body").trim_end();
        let whole = if subject.is_empty() { body.to_owned() } else { format!("{subject}\n\n{body}") };
        to_copy(paper, "message", text(message, "title"), &whole);
        paper.but("message", message, &["subject", "body"]);
        paper.html("</article>");
    }
}

fn to_copy(paper: &mut Paper, what: &'static str, title: &str, whole: &str) {
    paper.html("<div class=\"to-copy\"><pre tabindex=\"0\">").text(whole).html("</pre>");
    paper.html("<button type=\"button\" class=\"copy live-only\" aria-label=\"Copy the ").html(what).html(" “");
    paper.text(words(title)).html("”\" data-copy=\"").text(whole).html("\">").icon(Icon::COPY).html("</button></div>");
}
