//! What a form of a connection asks for, and what its trial came to, in words.

use crate::{forms::Notice, session::noticed};
use control::{driver::Finding, rollout::Tried};
use domain::{Class, Refusal};
use std::fmt::Write as _;

/// So many findings are told, and so much of each: the answer travels in a cookie.
const MOST_TOLD: usize = 16;
const LONGEST: usize = 160;

/// The button that was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Test,
    Save,
    /// Whatever the test says.
    Anyway,
}

impl Act {
    pub fn read(text: &str) -> Result<Self, Refusal> {
        match text {
            "test" => Ok(Self::Test),
            "save" => Ok(Self::Save),
            "anyway" => Ok(Self::Anyway),
            _ => Err(Refusal::invalid("act", format!("“{text}”"), "test, save or anyway")),
        }
    }
}

pub(super) fn tested(tried: &Tried) -> Notice {
    let good = tried.is_good();
    told(if good { "The test found everything well" } else { "The test found something wrong" }, &tried.findings)
}

/// What was found, if all of it is good.
pub(super) fn good(tried: Tried) -> Result<Vec<Finding>, Refusal> {
    if tried.is_good() {
        return Ok(tried.findings);
    }
    let bad = tried.findings.iter().filter(|finding| !finding.good);
    let bad = bad.take(MOST_TOLD).fold(String::new(), |mut text, finding| {
        let _ = write!(text, "\n{}: {}", finding.what, short(&finding.said));
        text
    });
    Err(Refusal::new(Class::Invalid, format!("Nothing was kept: the test found something wrong.{bad}")))
}

/// One line for each finding; its sign says whether it is good. Where there are too many, bad ones come first.
pub(super) fn told(title: &str, findings: &[Finding]) -> Notice {
    let mut told: Vec<&Finding> = findings.iter().collect();
    if told.len() > MOST_TOLD {
        told.sort_by_key(|finding| finding.good);
    }
    let left_out = told.split_off(told.len().min(MOST_TOLD));
    let sign = |good: bool| if good { '+' } else { '-' };
    let mut text = told.iter().fold(String::new(), |mut text, finding| {
        let _ = writeln!(text, "{}{}: {}", sign(finding.good), finding.what, short(&finding.said));
        text
    });
    if !left_out.is_empty() {
        let good = left_out.iter().all(|finding| finding.good);
        let _ = writeln!(text, "{}And {} more", sign(good), left_out.len());
    }
    noticed(Notice { title: title.to_owned(), text, secret: None, keeps: true })
}

fn short(said: &str) -> String {
    let said = said.replace('\n', " ");
    if said.chars().count() <= LONGEST {
        return said;
    }
    said.chars().take(LONGEST - 1).chain(['…']).collect()
}
