//! Which series of a page are meant: `http_requests_total{status="5*"}`.

use super::text::{Line, quoted};
use domain::Refusal;
use outbound::settings::wrong;
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    pub name: String,
    matches: Vec<Match>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Match {
    label: String,
    value: String,
    /// `5*`: what begins like this.
    begins: bool,
    /// `!=`
    not: bool,
}

impl Selector {
    pub fn parse(field: &str, text: &str) -> Result<Self, Refusal> {
        let allowed = "a metric such as http_requests_total{status=\"5*\"}; = and != with a text, which may end in *";
        Self::read(text.trim()).ok_or_else(|| wrong(field, format!("“{text}”"), allowed))
    }

    pub fn takes(&self, line: &Line, suffix: &str) -> bool {
        line.name.strip_suffix(suffix).is_some_and(|name| name == self.name) && self.fits(&line.labels)
    }

    fn fits(&self, labels: &BTreeMap<String, String>) -> bool {
        self.matches.iter().all(|one| {
            // A label that is not there is empty, as in PromQL.
            let found = labels.get(&one.label).map(String::as_str).unwrap_or_default();
            let same = if one.begins { found.starts_with(&one.value) } else { found == one.value };
            same != one.not
        })
    }

    fn read(text: &str) -> Option<Self> {
        let (name, mut rest) = match text.split_once('{') {
            Some((name, rest)) => (name, rest.trim()),
            None => (text, "}"),
        };
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':');
        if name.is_empty() || !name.chars().all(word) {
            return None;
        }
        let mut matches = Vec::new();
        loop {
            rest = rest.trim_start_matches([' ', ',']);
            if let Some(after) = rest.strip_prefix('}') {
                return after.is_empty().then(|| Self { name: name.to_owned(), matches });
            }
            let (label, after) = rest.split_once('=')?;
            let (label, not) = label.strip_suffix('!').map_or((label, false), |label| (label, true));
            let (value, after) = quoted(after.trim_start())?;
            let label = label.trim();
            if label.is_empty() || !label.chars().all(word) {
                return None;
            }
            let (value, begins) =
                value.strip_suffix('*').map_or((value.clone(), false), |begin| (begin.to_owned(), true));
            matches.push(Match { label: label.to_owned(), value, begins, not });
            rest = after;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, status: &str) -> Line {
        let labels = BTreeMap::from([("status".to_owned(), status.to_owned())]);
        Line { name: name.to_owned(), labels, value: 1.0, at: None }
    }

    #[test]
    fn labels_choose() {
        let select = |text| Selector::parse("errors", text).expect("a selector");
        assert!(select("a{status=\"5*\"}").takes(&line("a", "503"), ""));
        assert!(!select("a{status=\"5*\"}").takes(&line("a", "200"), ""));
        assert!(select("a{status!=\"5*\", kind=\"\"}").takes(&line("a", "200"), ""));
        assert!(select("a").takes(&line("a_bucket", "200"), "_bucket"));
        assert!(!select("a").takes(&line("ab", "200"), ""));
    }

    #[test]
    fn what_is_no_selector_is_refused_by_field() {
        for wrong in ["", "a{", "a{x}", "a{x=1}", "a{x=~\"5..\"}", "a{x=\"1\"} b", "sum(a)", "{x=\"1\"}"] {
            let refusal = Selector::parse("errors", wrong).expect_err(wrong);
            assert_eq!(refusal.field.as_deref(), Some("errors"));
        }
    }
}
