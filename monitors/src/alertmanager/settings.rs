//! What can be set for the monitor `alertmanager`.

use control::{
    driver::{Field, FieldKind, Secret},
    monitor::Connection,
};
use domain::{Refusal, playbook::AlertLevel};
use outbound::settings::{self, wrong};

/// Shorter tokens can be guessed.
const SHORTEST: usize = 16;

pub const FIELDS: &[Field] = &[
    Field {
        name: "token",
        title: "Token",
        help: "Alertmanager sends it as a bearer token (http_config.authorization.credentials); at least 16 characters",
        kind: FieldKind::Secret,
        required: true,
    },
    Field {
        name: "product_label",
        title: "Label of the product",
        help: "product when left empty; its value is the product's short name",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "env_label",
        title: "Label of the environment",
        help: "env when left empty; its value is the environment's name",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "severity_label",
        title: "Label of the severity",
        help: "severity when left empty",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "critical",
        title: "Words for critical",
        help: "Values of that label, one a line; critical when left empty",
        kind: FieldKind::Argv,
        required: false,
    },
    Field {
        name: "warning",
        title: "Words for warning",
        help: "warning when left empty",
        kind: FieldKind::Argv,
        required: false,
    },
    Field {
        name: "info",
        title: "Words for information",
        help: "info when left empty",
        kind: FieldKind::Argv,
        required: false,
    },
];

/// Which labels say what.
#[derive(Debug)]
pub(super) struct Labels {
    pub product: String,
    pub env: String,
    pub severity: String,
    levels: Vec<(AlertLevel, Vec<String>)>,
}

impl Labels {
    pub fn level(&self, word: &str) -> Option<AlertLevel> {
        let has = |words: &[String]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
        self.levels.iter().find(|(_, words)| has(words)).map(|(level, _)| *level)
    }
}

pub(super) fn read(connection: &Connection) -> Result<(Secret, Labels), Refusal> {
    let read = settings::read(connection, FIELDS)?;
    let token = read.secret("token").cloned().unwrap_or_else(|| Secret::new(""));
    if token.reveal().trim().len() < SHORTEST {
        return Err(wrong("token", "a shorter one", format!("at least {SHORTEST} characters")));
    }
    let text = |field, otherwise: &str| read.text(field).unwrap_or(otherwise).to_owned();
    let words = |level: AlertLevel| {
        let words = read.list(level.name()).unwrap_or_else(|| vec![level.name().to_owned()]);
        (level, words.iter().map(|word| word.trim().to_owned()).collect::<Vec<_>>())
    };
    let levels: Vec<_> = [AlertLevel::Critical, AlertLevel::Warning, AlertLevel::Info].into_iter().map(words).collect();
    let all: Vec<&String> = levels.iter().flat_map(|(_, words)| words).collect();
    if let Some(twice) = all.iter().enumerate().find(|(at, word)| all[..*at].contains(word)) {
        return Err(wrong("critical", format!("“{}” twice", twice.1), "each word for one severity"));
    }
    let labels = Labels {
        product: text("product_label", "product"),
        env: text("env_label", "env"),
        severity: text("severity_label", "severity"),
        levels,
    };
    Ok((token, labels))
}
