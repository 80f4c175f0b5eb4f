//! Reads what `/metrics` pages hold: the text format of Prometheus and OpenMetrics. Anything else is refused as a whole,
//! so that half a page is never taken for all of it.

use crate::number::parse;
use std::collections::BTreeMap;

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub name: String,
    pub labels: BTreeMap<String, String>,
    pub value: f64,
    /// Seconds since 1970, where the page says it.
    pub at: Option<f64>,
}

/// The lines whose names are wanted.
pub fn read(page: &str, wanted: impl Fn(&str) -> bool) -> Result<Vec<Line>, String> {
    let open_metrics = page.trim_end().ends_with("# EOF");
    let mut lines = Vec::new();
    for (number, text) in page.lines().enumerate() {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let line = line(text, open_metrics).ok_or_else(|| {
            let shown: String = text.chars().take(60).collect();
            format!("line {} is no metric: {shown}", number + 1)
        })?;
        if wanted(&line.name) {
            lines.push(line);
        }
    }
    if lines.is_empty() && !page.contains("# ") && !page.contains(' ') {
        return Err("it is no page of metrics".to_owned());
    }
    Ok(lines)
}

fn line(text: &str, open_metrics: bool) -> Option<Line> {
    let end = text.find(|c: char| c == '{' || c.is_whitespace())?;
    let (name, rest) = text.split_at(end);
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':');
    if name.is_empty() || !name.chars().all(good) {
        return None;
    }
    let (labels, rest) = match rest.strip_prefix('{') {
        Some(rest) => labels(rest)?,
        None => (BTreeMap::new(), rest),
    };
    // What stands behind # is an example of one request.
    let rest = rest.split('#').next()?;
    let mut words = rest.split_whitespace();
    let value = parse(words.next()?)?;
    let at = match words.next() {
        Some(word) => Some(parse(word)? / if open_metrics { 1.0 } else { 1_000.0 }),
        None => None,
    };
    words.next().is_none().then(|| Line { name: name.to_owned(), labels, value, at })
}

/// `a="b",c="d"}` and what follows it.
fn labels(mut rest: &str) -> Option<(BTreeMap<String, String>, &str)> {
    let mut labels = BTreeMap::new();
    loop {
        rest = rest.trim_start_matches([' ', ',']);
        if let Some(after) = rest.strip_prefix('}') {
            return Some((labels, after));
        }
        let (name, after) = rest.split_once('=')?;
        let (value, after) = quoted(after.trim_start())?;
        labels.insert(name.trim().to_owned(), value);
        rest = after;
    }
}

/// A text between quotation marks, and what follows it.
pub fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut value = String::new();
    let mut letters = inner.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, &inner[at + 1..])),
            '\\' => value.push(match letters.next()?.1 {
                'n' => '\n',
                other => other,
            }),
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_are_read() {
        let page = "# HELP a what\n# TYPE a counter\na{status=\"200\",path=\"/x \\\"y\\\" {z}\"} 12 1790000000000\nb 5e-05\nc{le=\"+Inf\",} NaN\n";
        let lines = read(page, |_| true).expect("lines");
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0].labels["path"], "/x \"y\" {z}");
        assert_eq!((lines[0].value, lines[0].at), (12.0, Some(1_790_000_000.0)));
        assert!((lines[1].value - 0.00005).abs() < 1e-12);
        assert!(lines[2].value.is_nan());
        let open = "# TYPE a counter\na_total{x=\"1\"} 12 1790000000.5 # {trace=\"7\"} 0.3\n# EOF\n";
        assert_eq!(read(open, |_| true).expect("lines")[0].at, Some(1_790_000_000.5));
        assert_eq!(read(page, |name| name == "b").expect("lines").len(), 1);
    }

    #[test]
    fn what_is_no_page_of_metrics_is_refused() {
        for wrong in [
            "<!doctype html>\n<p>Log in</p>",
            "{\"a\": 1}",
            "a{x=\"1\" 12",
            "a{x=1} 12",
            "a",
            "a b",
            "a 1 2 3",
            "é 1",
            "nothing",
        ] {
            assert!(read(wrong, |_| true).is_err(), "{wrong}");
        }
    }
}
