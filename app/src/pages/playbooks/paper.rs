//! A playbook as people read it: every key that is set, in words, and each part at an address of its own.
//!
//! It is written from the playbook's stored form, so that nothing the format holds can be missing from the page. What
//! reads better in another way than key by key is told by `told.rs`.

use crate::components::Markup;
use serde_json::{Map, Value};
use std::{collections::BTreeMap, fmt::Display, mem::take};

/// The page under way.
#[derive(Debug, Default)]
pub struct Paper {
    out: Markup,
    /// Clauses stand below a heading of their section, one level further down.
    pub deep: bool,
    /// What each part is called, by its address.
    titles: BTreeMap<String, String>,
}

/// Keys that stand in a heading, not below it.
const HEADINGS: [&str; 2] = ["id", "title"];
/// What is read first.
const FIRST: [&str; 10] =
    ["purpose", "about", "when", "means", "symptom", "duty", "text", "best_for", "advantages", "disadvantages"];

impl Paper {
    /// For a playbook in its stored form.
    pub fn of(playbook: &Map<String, Value>) -> Self {
        let mut titles = BTreeMap::new();
        for (section, value) in playbook {
            for entry in value.as_array().into_iter().flatten() {
                if let Some(id) = identity(entry) {
                    let title = entry.get("title").and_then(Value::as_str).map_or_else(|| words(id), str::to_owned);
                    titles.insert(format!("{section}-{id}"), title);
                }
            }
        }
        Self { out: Markup::new(), deep: false, titles }
    }

    pub fn into_markup(self) -> Markup {
        self.out
    }

    pub fn html(&mut self, html: &'static str) -> &mut Self {
        self.out = take(&mut self.out).html(html);
        self
    }

    pub fn text(&mut self, text: impl Display) -> &mut Self {
        self.out = take(&mut self.out).text(text);
        self
    }

    pub fn icon(&mut self, icon: crate::icons::Icon) -> &mut Self {
        self.out = take(&mut self.out).icon(icon);
        self
    }

    /// What is called `id` in `section`: a link to it, where it stands on this page.
    pub fn link(&mut self, section: &str, id: &str) -> &mut Self {
        let address = format!("{section}-{id}");
        match self.titles.get(&address).cloned() {
            Some(title) => self.html("<a href=\"#").text(&address).html("\">").text(title).html("</a>"),
            None => self.text(words(id)),
        }
    }

    /// All entries of a section, each a clause of its own; `section` begins their addresses.
    pub fn clauses(&mut self, section: &str, entries: &[Value]) {
        for (n, entry) in entries.iter().enumerate() {
            let address = match identity(entry) {
                Some(id) => format!("{section}-{id}"),
                None => format!("{section}-{}", n + 1),
            };
            self.begin(&address, entry);
            self.rest(section, entry);
            self.html("</article>");
        }
    }

    /// Opens a clause with its heading, which is also the link to it.
    pub fn begin(&mut self, address: &str, entry: &Value) {
        let heading = ["title", "name", "path", "level", "channel", "role", "step", "id", "severity"]
            .into_iter()
            .find_map(|key| Some((key, entry.get(key)?.as_str()?)));
        self.html("<article class=\"clause\" id=\"")
            .text(address)
            .html("\">")
            .open("")
            .html("<a href=\"#")
            .text(address);
        self.html("\">");
        match heading {
            Some(("title" | "path", title)) => self.text(title),
            Some(("name", name)) => self.html("<code>").text(name).html("</code>"),
            Some((_, id)) => self.text(words(id)),
            None => self.text(address.rsplit('-').next().unwrap_or(address)),
        };
        self.html("</a>");
        if let (Some(id), true) = (entry.get("id").and_then(Value::as_str), entry.get("title").is_some()) {
            self.html(" <code>").text(id).html("</code>");
        }
        self.close();
    }

    /// Begins the heading of a clause, at the address given if there is one.
    pub fn open(&mut self, address: &str) -> &mut Self {
        self.html(if self.deep { "<h4" } else { "<h3" });
        if !address.is_empty() {
            self.html(" id=\"").text(address).html("\"");
        }
        self.html(">")
    }

    pub fn close(&mut self) -> &mut Self {
        self.html(if self.deep { "</h4>" } else { "</h3>" })
    }

    /// All keys of an entry that do not stand in its heading.
    pub fn rest(&mut self, section: &str, entry: &Value) {
        self.but(section, entry, &[]);
    }

    /// The same without those told in another way.
    pub fn but(&mut self, section: &str, entry: &Value, told: &[&str]) {
        let Some(entry) = entry.as_object() else { return };
        let heading =
            |key: &str| HEADINGS.contains(&key) || (key == "name" && section == "environment") || told.contains(&key);
        let place = |key: &String| FIRST.iter().position(|first| first == key).unwrap_or(FIRST.len());
        let mut keys: Vec<&String> = entry.keys().filter(|key| !heading(key) && !nothing(&entry[*key])).collect();
        keys.sort_by_key(|key| place(key));
        if keys.is_empty() {
            return;
        }
        self.html("<dl class=\"says\">");
        for key in keys {
            self.html("<div><dt>").text(label(key)).html("</dt><dd>");
            self.value(section, key, &entry[key]);
            self.html("</dd></div>");
        }
        self.html("</dl>");
    }

    /// What stands under a key.
    pub fn value(&mut self, section: &str, key: &str, value: &Value) {
        match value {
            Value::Null => {}
            Value::Bool(yes) => drop(self.text(if *yes { "yes" } else { "no" })),
            Value::Number(number) => drop(self.text(number)),
            Value::String(text) => self.word(key, text),
            Value::Array(all) if all.iter().all(Value::is_string) => self.list(key, all),
            Value::Array(all) => {
                self.html("<ul class=\"entries\">");
                for entry in all {
                    self.html("<li>");
                    self.entry(section, key, entry);
                    self.html("</li>");
                }
                self.html("</ul>");
            }
            Value::Object(_) => self.entry(section, key, value),
        }
    }

    fn word(&mut self, key: &str, text: &str) {
        if let Some(section) = refers_to(key) {
            self.link(section, text);
        } else if text.contains('\n') || text.contains("{{") {
            self.html("<pre tabindex=\"0\">").text(text.trim_end()).html("</pre>");
        } else {
            self.text(if is_word(text) { words(text) } else { text.to_owned() });
        }
    }

    fn list(&mut self, key: &str, all: &[Value]) {
        let texts: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
        if texts.iter().any(|text| text.len() > 32) {
            self.html("<ul class=\"entries\">");
            for text in texts {
                self.html("<li>");
                self.word(key, text);
                self.html("</li>");
            }
            self.html("</ul>");
            return;
        }
        for (n, text) in texts.into_iter().enumerate() {
            self.html(if n > 0 { ", " } else { "" });
            match refers_to(key) {
                Some(section) => drop(self.link(section, text)),
                None if is_word(text) && key != "checks" => drop(self.text(words(text))),
                None => drop(self.text(text)),
            }
        }
    }

    /// A small table in one line: its name first, then what else it says.
    fn entry(&mut self, section: &str, key: &str, entry: &Value) {
        let Some(table) = entry.as_object() else { return self.value(section, key, entry) };
        let name = ["text", "title", "asks", "role", "what", "name", "step"]
            .into_iter()
            .find(|name| table.get(*name).is_some_and(Value::is_string));
        if let Some(name) = name {
            self.html("<b>");
            self.word(name, table[name].as_str().unwrap_or_default());
            self.html("</b>");
        }
        let rest = table.iter().filter(|(key, value)| Some(key.as_str()) != name && *key != "id" && !nothing(value));
        for (n, (key, value)) in rest.enumerate() {
            self.html(if n > 0 || name.is_some() { " · " } else { "" });
            if value == &Value::Bool(true) {
                self.text(label(key).to_lowercase());
            } else {
                self.html("<span class=\"key\">").text(label(key).to_lowercase()).html("</span> ");
                self.value(section, key, value);
            }
        }
    }
}

/// What names an entry within its section.
pub fn identity(entry: &Value) -> Option<&str> {
    ["id", "name"].into_iter().find_map(|key| entry.get(key)?.as_str())
}

/// What says nothing is not shown.
pub fn nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.values().all(nothing),
        _ => false,
    }
}

/// A word of the format, such as `roll_back`, rather than somebody's sentence.
fn is_word(text: &str) -> bool {
    text.contains('_') && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

/// `full_cycle` → `full cycle`.
pub fn words(id: &str) -> String {
    id.replace('_', " ")
}

/// The key as a label.
pub fn label(key: &str) -> String {
    let known = match key {
        "for" => "Lasting",
        "do" | "does" => "What to do",
        "or" => "Or by",
        "argv" => "Command",
        "then" => "Afterwards",
        "verified_by" => "Ticked by the system",
        "may_skip_cadence" => "Need not wait for a train",
        "switchable_to" => "Can be switched to",
        "asks" => "To be answered",
        "item" => "Items",
        "cut_off" => "Cut-offs",
        "dora" => "Figure of DevOps research",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let mut letters = words(key).chars().collect::<Vec<char>>();
    if let Some(first) = letters.first_mut() {
        *first = first.to_ascii_uppercase();
    }
    letters.into_iter().collect()
}

/// The section whose names stand under a key.
fn refers_to(key: &str) -> Option<&'static str> {
    Some(match key {
        "role" | "roles" | "owner" | "sender" | "escalate" | "coordinates" => "role",
        "environment" | "environments" | "author_may_approve_in" => "environment",
        "types" | "any_day" => "type",
        "strategy" | "strategies" => "strategy",
        "checklist" => "checklist",
        "message" | "communication" | "follows" => "message",
        "signal" => "signal",
        "channel" | "channels" | "to" | "notifies" => "channel",
        "command" | "commands" => "command",
        "metric" | "metrics" => "metric",
        "severity" => "severity",
        _ => return None,
    })
}
