//! A commit message read by the Conventional Commits 1.0, and why one cannot be.

use git_conventional::{Commit as Parsed, ErrorKind};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt};

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// In lower case: `feat`.
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    pub description: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// What it breaks, in its author's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breaking: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub footers: Vec<Footer>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footer {
    pub token: String,
    pub value: String,
}

/// Why a message does not follow the convention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Offence {
    NoMessage,
    NoType,
    NoScope,
    NoDescription,
    /// The body begins right below the first line.
    NoEmptyLine,
    Footer,
}

impl Offence {
    /// The parser only says that it could not read the line.
    fn of_first_line(line: &str) -> Self {
        let Some((head, said)) = line.split_once(':') else { return Self::NoType };
        let kind = head.split(['(', '!']).next().unwrap_or_default();
        if kind.is_empty() || kind.contains(char::is_whitespace) {
            Self::NoType
        } else if said.trim().is_empty() {
            Self::NoDescription
        } else if head.contains('(') {
            Self::NoScope
        } else {
            Self::NoType
        }
    }
}

impl fmt::Display for Offence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoMessage => "there is no message",
            Self::NoType => "the first line does not begin with “type: ”",
            Self::NoScope => "the scope is no name in parentheses: “type(scope): ”",
            Self::NoDescription => "nothing is said after the colon",
            Self::NoEmptyLine => "an empty line is missing after the first one",
            Self::Footer => "a footer has no value",
        })
    }
}

impl Message {
    /// Reads a message that was [`tidied`].
    pub(super) fn read(text: &str) -> Result<Self, Offence> {
        if text.is_empty() {
            return Err(Offence::NoMessage);
        }
        let parsed = Parsed::parse(text).map_err(|error| match error.kind() {
            ErrorKind::InvalidBody => Offence::NoEmptyLine,
            ErrorKind::InvalidFooter | ErrorKind::InvalidFormat => Offence::Footer,
            _ => Offence::of_first_line(text.lines().next().unwrap_or_default()),
        })?;
        let description = parsed.description().trim().to_owned();
        // The parser looks for it further down as well.
        if !text.lines().next().is_some_and(|line| line.trim_end().ends_with(&description)) {
            return Err(Offence::NoDescription);
        }
        let said: Vec<&str> = parsed
            .footers()
            .iter()
            .filter(|footer| matches!(footer.token().as_str(), "BREAKING CHANGE" | "BREAKING-CHANGE"))
            .map(|footer| footer.value().trim())
            .collect();
        let breaking = match (parsed.breaking(), said.is_empty()) {
            (false, _) => None,
            (true, true) => Some(description.clone()),
            (true, false) => Some(said.join("\n")),
        };
        Ok(Self {
            kind: parsed.type_().as_str().to_lowercase(),
            scope: parsed.scope().map(|scope| scope.as_str().trim().to_owned()),
            description,
            body: parsed.body().map(|body| body.trim().to_owned()).filter(|body| !body.is_empty()),
            breaking,
            footers: parsed.footers().iter().map(Footer::of).collect(),
        })
    }
}

impl Footer {
    fn of(footer: &git_conventional::Footer<'_>) -> Self {
        let mark = if footer.separator() == git_conventional::FooterSeparator::Ref { "#" } else { "" };
        Self { token: footer.token().to_string(), value: format!("{mark}{}", footer.value().trim()) }
    }

    /// Whether it goes by this name, in whatever case.
    pub fn is(&self, token: &str) -> bool {
        self.token.eq_ignore_ascii_case(token)
    }
}

/// The message without what only editors and systems put there: line ends of other systems, control characters, blank
/// edges.
pub(super) fn tidied(message: &str) -> Cow<'_, str> {
    let message = message.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    if !message.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
        return Cow::Borrowed(message);
    }
    let lines = message.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(lines.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect())
}
