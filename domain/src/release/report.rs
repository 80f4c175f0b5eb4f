//! What CI, a scanner or a person says about a release; the newest of each name counts, and gates look at these.

use crate::{
    Refusal, Timestamp,
    access::Permission,
    person::PersonId,
    playbook::{Gravity, MigrationStep, PartId, Percent, Score},
    text,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a check of CI stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    Passed,
    Failed,
    Running,
}

/// One migration that comes with the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Migration {
    pub name: String,
    pub step: MigrationStep,
    /// What it belongs to: a contract names the change whose expand it completes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
    #[serde(default)]
    pub applied: bool,
}

/// One statement about a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case", deny_unknown_fields)]
pub enum Report {
    /// A check of CI.
    Check {
        name: String,
        state: CheckState,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        commit: Option<String>,
    },
    /// How many reviewers approved the change.
    Reviews {
        approved: u8,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    },
    /// Whether the branch holds everything its target does.
    Branch { up_to_date: bool },
    /// How many commits there are and which do not follow the convention.
    Commits {
        total: u32,
        #[serde(default)]
        nonconforming: Vec<String>,
    },
    /// The change ticket.
    Ticket { id: String, url: String },
    /// Findings of a scan by gravity.
    Scan {
        tool: String,
        findings: BTreeMap<Gravity, u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    },
    /// An artifact was signed, by whom the signature says.
    Signature {
        artifact: String,
        signer: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    },
    /// Whether the benchmarks are met.
    Benchmarks {
        met: bool,
        note: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    },
    /// A backup was taken.
    Backup { note: String },
    /// How to get back, and whether it was tried.
    RollbackPlan { plan: String, tested: bool },
    /// All migrations that come with it; an empty list says that there are none.
    Migrations { steps: Vec<Migration> },
    /// Every flag that it needs is set up.
    FlagsConfigured { note: String },
    /// How much of the error budget is left.
    SloBudget { left: Percent },
    /// A vulnerability that it mends, and since when it is known.
    Vulnerability { id: String, score: Score, known_at: Timestamp },
    /// A piece of evidence that the playbook asks for.
    Evidence {
        id: PartId,
        note: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    },
}

/// A report with who made it, when, and of which artifacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    pub report: Report,
    pub by: Option<PersonId>,
    pub at: Timestamp,
    /// The hash of the artifacts when it was made; none when there were none yet.
    pub artifacts: Option<String>,
}

impl Report {
    /// What a later report takes the place of: the same kind, of the same name.
    pub fn key(&self) -> (&'static str, &str) {
        match self {
            Self::Check { name, .. } => ("check", name),
            Self::Reviews { .. } => ("reviews", ""),
            Self::Branch { .. } => ("branch", ""),
            Self::Commits { .. } => ("commits", ""),
            Self::Ticket { .. } => ("ticket", ""),
            Self::Scan { tool, .. } => ("scan", tool),
            Self::Signature { artifact, .. } => ("signature", artifact),
            Self::Benchmarks { .. } => ("benchmarks", ""),
            Self::Backup { .. } => ("backup", ""),
            Self::RollbackPlan { .. } => ("rollback_plan", ""),
            Self::Migrations { .. } => ("migrations", ""),
            Self::FlagsConfigured { .. } => ("flags_configured", ""),
            Self::SloBudget { .. } => ("slo_budget", ""),
            Self::Vulnerability { id, .. } => ("vulnerability", id),
            Self::Evidence { id, .. } => ("evidence", id.as_str()),
        }
    }

    /// As people read it: “check unit”.
    pub fn words(&self) -> String {
        let (kind, name) = self.key();
        let mut words = String::with_capacity(kind.len() + 1 + name.len());
        words.extend(kind.chars().map(|c| if c == '_' { ' ' } else { c }));
        if !name.is_empty() {
            words.push(' ');
            words.push_str(name);
        }
        words
    }

    /// Whether it speaks of what was built, and is void when other artifacts take their place.
    pub fn is_of_artifacts(&self) -> bool {
        matches!(self, Self::Check { .. } | Self::Scan { .. } | Self::Signature { .. } | Self::Benchmarks { .. })
    }

    /// Where to read more.
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Check { url, .. }
            | Self::Reviews { url, .. }
            | Self::Scan { url, .. }
            | Self::Signature { url, .. }
            | Self::Benchmarks { url, .. }
            | Self::Evidence { url, .. } => url.as_deref(),
            Self::Ticket { url, .. } => Some(url),
            _ => None,
        }
    }

    /// Who may say so: what machines report needs authorship, what people vouch for needs their tick.
    pub fn needs(&self) -> Permission {
        match self {
            Self::Ticket { .. } | Self::Backup { .. } | Self::RollbackPlan { .. } | Self::Evidence { .. } => {
                Permission::Tick
            }
            _ => Permission::Author,
        }
    }

    /// The report with its texts trimmed; refused when something is missing, too long or no address.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        match &mut self {
            Self::Check { name, url, commit, .. } => {
                *name = text::required("name", name, 100)?;
                *url = address(url.take())?;
                *commit = commit.take().map(|c| text::bounded("commit", &c, 64)).transpose()?;
            }
            Self::Reviews { url, .. } => *url = address(url.take())?,
            Self::Commits { nonconforming, .. } => {
                if nonconforming.len() > 500 {
                    let found = format!("{} of them", nonconforming.len());
                    return Err(Refusal::invalid("nonconforming", found, "at most 500"));
                }
                for line in nonconforming {
                    *line = text::required("nonconforming", line, 300)?;
                }
            }
            Self::Ticket { id, url } => {
                *id = text::required("id", id, 100)?;
                *url =
                    address(Some(std::mem::take(url)))?.ok_or_else(|| Refusal::invalid("url", "nothing", ADDRESS))?;
            }
            Self::Scan { tool, url, .. } => {
                *tool = text::required("tool", tool, 100)?;
                *url = address(url.take())?;
            }
            Self::Signature { artifact, signer, url } => {
                *artifact = text::required("artifact", artifact, 200)?;
                *signer = text::required("signer", signer, 300)?;
                *url = address(url.take())?;
            }
            Self::Benchmarks { note, url, .. } => {
                *note = text::bounded("note", note, 2000)?;
                *url = address(url.take())?;
            }
            Self::Backup { note } => *note = text::required("note", note, 2000)?,
            Self::FlagsConfigured { note } => *note = text::bounded("note", note, 2000)?,
            Self::RollbackPlan { plan, .. } => *plan = text::required("plan", plan, 10_000)?,
            Self::Migrations { steps } => {
                if steps.len() > 200 {
                    return Err(Refusal::invalid("steps", format!("{} of them", steps.len()), "at most 200"));
                }
                for step in steps {
                    step.name = text::required("name", &step.name, 200)?;
                    let change = step.change.take().map(|c| text::bounded("change", &c, 200)).transpose()?;
                    step.change = change.filter(|c| !c.is_empty());
                }
            }
            Self::Vulnerability { id, .. } => *id = text::required("id", id, 100)?,
            Self::Evidence { note, url, .. } => {
                *note = text::bounded("note", note, 2000)?;
                *url = address(url.take())?;
                if note.is_empty() && url.is_none() {
                    return Err(Refusal::invalid("note", "nothing", "a note or an address"));
                }
            }
            Self::Branch { .. } | Self::SloBudget { .. } => {}
        }
        Ok(self)
    }
}

const ADDRESS: &str = "an address that begins with https:// or http://";

/// An address that is safe to show as a link; nothing when empty.
pub(crate) fn address(url: Option<String>) -> Result<Option<String>, Refusal> {
    let Some(url) = url.map(|u| text::bounded("url", &u, 2000)).transpose()?.filter(|u| !u.is_empty()) else {
        return Ok(None);
    };
    let sound = ["https://", "http://"].iter().any(|s| url.strip_prefix(s).is_some_and(|rest| !rest.is_empty()));
    if sound && !url.contains(char::is_whitespace) {
        Ok(Some(url))
    } else {
        Err(Refusal::invalid("url", format!("“{}”", url.chars().take(80).collect::<String>()), ADDRESS))
    }
}
