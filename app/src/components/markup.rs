//! HTML written straight into text, for parts that come in numbers and never change by themselves: rows, badges, instants.
//! Costs next to nothing on the server, and nothing to take over in the browser.

use super::Standing;
use crate::icons::Icon;
use chrono::{Datelike as _, Timelike as _};
use domain::Timestamp;
use leptos::tachys::html::InertElement;
use std::fmt::{Display, Write as _};

/// HTML under way. What is not written in this program is escaped; there is no way around that.
#[derive(Debug, Clone, Default)]
pub struct Markup(String);

impl Markup {
    #[must_use]
    pub fn new() -> Self {
        Self(String::with_capacity(512))
    }

    /// For a whole page.
    #[must_use]
    pub fn with_room_for(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// HTML that stands in this program.
    #[must_use]
    pub fn html(mut self, html: &'static str) -> Self {
        self.0.push_str(html);
        self
    }

    /// Anything else: as content, or inside of a quoted attribute.
    #[must_use]
    pub fn text(mut self, text: impl Display) -> Self {
        let _ = write!(Escaping(&mut self.0), "{text}");
        self
    }

    /// More of the same kind.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.push_str(&other.0);
        self
    }

    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        icon.write(&mut self.0);
        self
    }

    #[must_use]
    pub fn badge(self, standing: Standing) -> Self {
        self.html("<span class=\"badge ")
            .html(standing.tone().class())
            .html("\">")
            .icon(standing.icon())
            .html("<span>")
            .html(standing.word())
            .html("</span></span>")
    }

    /// An instant in UTC; the browser side makes it relative.
    #[must_use]
    pub fn time(mut self, at: Timestamp) -> Self {
        let text = &mut self.0;
        let (Ok(year @ 0..=9_999), month, day) = (u32::try_from(at.year()), at.month(), at.day()) else {
            let (machine, people) = (at.format("%Y-%m-%dT%H:%M:%S%.3fZ"), at.format("%-d %b %Y, %H:%M UTC"));
            let _ = write!(text, "<time datetime=\"{machine}\">{people}</time>");
            return self;
        };
        let (hour, minute) = (at.hour(), at.minute());
        text.push_str("<time datetime=\"");
        number(text, year, 4);
        let parts = [('-', month), ('-', day), ('T', hour), (':', minute), (':', at.second())];
        for (sign, part) in parts {
            text.push(sign);
            number(text, part, 2);
        }
        text.push('.');
        number(text, at.timestamp_subsec_millis() % 1_000, 3);
        text.push_str("Z\">");
        number(text, day, 1);
        text.push(' ');
        text.push_str(MONTHS[month as usize % 13]);
        text.push(' ');
        number(text, year, 4);
        text.push_str(", ");
        number(text, hour, 2);
        text.push(':');
        number(text, minute, 2);
        text.push_str(" UTC</time>");
        self
    }

    /// A digest, short to compare by eye, with the whole of it behind a click and a button that copies it.
    #[must_use]
    pub fn digest(self, digest: &str) -> Self {
        let (kind, hex) = digest.split_once(':').map_or(("", digest), |(kind, hex)| (kind, hex));
        let colon = if kind.is_empty() { "" } else { ":" };
        let short = hex.get(..12).unwrap_or(hex);
        self.html("<span class=\"digest\"><details><summary><code>")
            .text(kind)
            .html(colon)
            .text(short)
            .html("</code><span class=\"sr\"> whole digest</span></summary><code class=\"whole\">")
            .text(digest)
            .html("</code></details>")
            .html("<button type=\"button\" class=\"copy live-only\" aria-label=\"Copy digest ")
            .text(short)
            .html("\" data-copy=\"")
            .text(digest)
            .html("\">")
            .icon(Icon::COPY)
            .html("</button></span>")
    }

    /// HTML that is finished: of other markup, or rendered from a view.
    #[cfg(not(target_arch = "wasm32"))]
    #[must_use]
    pub(crate) fn made(mut self, html: &str) -> Self {
        self.0.push_str(html);
        self
    }

    /// One after the other.
    #[must_use]
    pub fn each<T>(self, things: impl IntoIterator<Item = T>, write: impl FnMut(Self, T) -> Self) -> Self {
        things.into_iter().fold(self, write)
    }

    /// For the page; there must be exactly one outermost element.
    pub fn view(self) -> InertElement {
        InertElement::new(self.0)
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

const MONTHS: [&str; 13] = ["", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// At least so many digits, with zeros before: much quicker than what `write!` does for every possible width.
fn number(text: &mut String, mut number: u32, digits: usize) {
    let (mut buffer, mut at) = ([b'0'; 10], 10);
    while number > 0 {
        at -= 1;
        buffer[at] = b"0123456789"[(number % 10) as usize];
        number /= 10;
    }
    let from = at.min(10_usize.saturating_sub(digits));
    text.push_str(str::from_utf8(&buffer[from..]).unwrap_or_default());
}

/// Writes what cannot be taken for a tag, an entity or the end of an attribute.
struct Escaping<'a>(&'a mut String);

impl std::fmt::Write for Escaping<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.bytes().position(|b| matches!(b, b'&' | b'<' | b'>' | b'"' | b'\'')) {
            let (before, after) = rest.split_at(at);
            self.0.push_str(before);
            self.0.push_str(match after.as_bytes()[0] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            });
            rest = &after[1..];
        }
        self.0.push_str(rest);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Markup;
    use domain::Timestamp;

    #[test]
    fn instants_are_written_as_by_the_formats_of_chrono() {
        for seconds in [0, 951_782_400, 1_763_725_698, -1, -62_135_596_800, 253_402_300_799, 999_999_999_999] {
            let at = Timestamp::from_timestamp(seconds, 7_000_000).unwrap();
            let (machine, people) = (at.format("%Y-%m-%dT%H:%M:%S%.3fZ"), at.format("%-d %b %Y, %H:%M UTC"));
            let expected = format!("<time datetime=\"{machine}\">{people}</time>");
            assert_eq!(Markup::new().time(at).into_string(), expected);
        }
    }

    #[test]
    fn whatever_people_write_stays_text() {
        let written = Markup::new().html("<b title=\"").text("\"><script>'&é").html("\">");
        assert_eq!(written.into_string(), "<b title=\"&quot;&gt;&lt;script&gt;&#39;&amp;é\">");
    }

    #[test]
    fn a_digest_is_shown_short_and_kept_whole() {
        let written = Markup::new().digest(&format!("sha256:{}", "ab".repeat(32))).into_string();
        assert!(written.contains("<code>sha256:abababababab</code>"), "{written}");
        assert!(written.contains(&format!("data-copy=\"sha256:{}\"", "ab".repeat(32))), "{written}");
    }
}
