//! The form that chooses a view: plain GET, so that its address is the view.

use super::{
    model::{Seen, Told},
    words::plural,
};
use crate::components::Markup;
use control::dora::Words;
use domain::{
    Timestamp,
    dora::{EDITIONS, Width},
};
use std::fmt::Write as _;

pub fn form(markup: Markup, told: &Told) -> Markup {
    let words = &told.words;
    let period = |value: &'static str, text: &'static str| (value.to_owned(), text.to_owned());
    let mut periods =
        vec![period("90d", "Last 90 days"), period("30d", "Last 30 days"), period("365d", "Last 365 days")];
    periods.push(period("ytd", "This year so far"));
    periods.extend(told.quarters.iter().map(|q| (q.clone(), q.replace('-', " "))));
    periods.push(period("custom", "From … to …"));
    let custom = words.period.is_empty() && !(words.from.is_empty() && words.to.is_empty());
    let chosen = match words.period.as_str() {
        "" if custom => "custom",
        "" => "90d",
        other => other,
    };
    if !periods.iter().any(|(value, _)| value == chosen) {
        periods.push((chosen.to_owned(), chosen.to_owned()));
    }
    let mut products = vec![(String::new(), "All that I see".to_owned())];
    products.extend(told.products.iter().cloned());
    if !products.iter().any(|(value, _)| *value == words.product) {
        products.push((words.product.clone(), words.product.clone()));
    }
    let env = if words.env.is_empty() { "production" } else { &words.env };
    let mut envs: Vec<(String, String)> = told.envs.iter().map(|env| (env.clone(), env.clone())).collect();
    if !envs.iter().any(|(value, _)| value == env) {
        envs.push((env.to_owned(), env.to_owned()));
    }
    let buckets = [("day", "Days"), ("week", "Weeks"), ("month", "Months")].map(|(v, t)| (v.to_owned(), t.to_owned()));
    let bucket = if words.bucket.is_empty() { "week" } else { &words.bucket };
    let rework = [("yes", "Count"), ("no", "Left out")].map(|(v, t)| (v.to_owned(), t.to_owned()));
    let years: Vec<_> = EDITIONS.iter().rev().map(|e| (e.year.to_string(), e.year.to_string())).collect();
    let zone = if words.zone.is_empty() { "UTC" } else { &words.zone };
    let markup = markup.html("<form class=\"filters\" method=\"get\" action=\"/dora\" aria-label=\"Choose a view\">");
    let markup = select(markup, "Product", "product", &products, &words.product);
    let markup = select(markup, "Environment", "env", &envs, env);
    let markup = select(markup, "Period", "period", &periods, chosen);
    let markup = input(markup, "From", "from", "date", &words.from);
    let markup = input(markup, "To, not included", "to", "date", &words.to);
    let markup = select(markup, "Cut into", "bucket", &buckets, bucket);
    let markup = input(markup, "Time zone", "zone", "text", zone);
    let markup = select(markup, "Hotfixes and rollbacks in the frequency", "rework", &rework, &words.rework);
    let markup = select(markup, "Compare with report", "year", &years, &told.edition.year.to_string());
    markup.html("<button type=\"submit\" class=\"button primary\">Show</button></form>")
}

fn select(
    markup: Markup,
    label: &'static str,
    name: &'static str,
    options: &[(String, String)],
    chosen: &str,
) -> Markup {
    let markup = markup.html("<label><span>").html(label).html("</span> <select name=\"").html(name).html("\">");
    markup
        .each(options, |markup, (value, text)| {
            let markup = markup.html("<option value=\"").text(value);
            let markup = markup.html(if value == chosen { "\" selected>" } else { "\">" });
            markup.text(text).html("</option>")
        })
        .html("</select></label>")
}

fn input(markup: Markup, label: &'static str, name: &'static str, kind: &'static str, value: &str) -> Markup {
    // What is no date would not be shown in a field for dates.
    let date = value.len() == 10 && value.parse::<chrono::NaiveDate>().is_ok();
    let kind = if kind == "date" && !value.is_empty() && !date { "text" } else { kind };
    let markup = markup.html("<label><span>").html(label).html("</span> <input type=\"").html(kind);
    markup.html("\" name=\"").html(name).html("\" value=\"").text(value).html("\"/></label>")
}

/// What is shown, in a sentence, and as files.
pub fn summary(markup: Markup, seen: &Seen) -> Markup {
    let asked = &seen.asked;
    let (window, before) = (seen.report.window, seen.report.before);
    let width = match asked.width {
        Width::Day => "days",
        Width::Week => "ISO weeks",
        Width::Month => "months",
    };
    let markup = markup
        .html("<p class=\"lead\">")
        .text(plural(asked.products.len() as u64, "product", "products"))
        .html(", ")
        .text(&seen.report.env)
        .html(", from ")
        .time(window.starts)
        .html(" to ")
        .time(window.ends)
        .html(", compared with ")
        .time(before.starts)
        .html(" to ")
        .time(before.ends)
        .html(". Cut into ")
        .html(width)
        .html(" in ")
        .text(&asked.zone)
        .html(". Definitions of version ")
        .text(seen.report.definition)
        .html(".</p><p class=\"actions\">");
    let markup =
        markup.html("<a class=\"button small\" href=\"").text(fixed(seen)).html("\">Link with fixed dates</a>");
    let export = |format: &str| format!("/api/v1/dora?{}&format={format}", address(&asked.words));
    let markup =
        markup.html(" <a class=\"button small\" rel=\"external\" href=\"").text(export("csv")).html("\">CSV</a>");
    let markup =
        markup.html(" <a class=\"button small\" rel=\"external\" href=\"").text(export("json")).html("\">JSON</a>");
    markup.html("</p>")
}

/// The same view whenever it is opened.
fn fixed(seen: &Seen) -> String {
    let window = seen.report.window;
    let words = Words {
        period: "custom".to_owned(),
        from: stamp(window.starts),
        to: stamp(window.ends),
        ..seen.asked.words.clone()
    };
    format!("/dora?{}", address(&words))
}

pub fn stamp(at: Timestamp) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// A view as the query of an address.
pub fn address(words: &Words) -> String {
    let mut query = String::new();
    for (name, value) in words.pairs() {
        if value.is_empty() {
            continue;
        }
        if !query.is_empty() {
            query.push('&');
        }
        let _ = write!(query, "{name}={}", encoded(value));
    }
    query
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' | b':' | b',' => {
                out.push(char::from(byte));
            }
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
        out
    })
}
