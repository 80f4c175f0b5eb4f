//! What can be set for the monitor `health`.

use crate::{
    access::{ALLOW_HOSTS, Access, LIMIT, PASSWORD, TOKEN, USER},
    arms::{CANARY_VALUE, Names, PLACES, SERVICES, STABLE_VALUE},
};
use control::{
    clock::Clock,
    driver::{Field, FieldKind},
    monitor::Connection,
};
use domain::{Refusal, environment::EnvironmentId};
use outbound::{
    address,
    settings::{self, wrong},
    template::Template,
};
use std::{fmt, ops::RangeInclusive, sync::Arc, time::Duration};

pub const FIELDS: &[Field] = &[
    Field {
        name: "url",
        title: "Address",
        help: "Asked by GET, e.g. https://shop.example/health or http://shop-{{arm}}.internal:8080/health",
        kind: FieldKind::Text,
        required: true,
    },
    Field {
        name: "status",
        title: "Good status",
        help: "e.g. 200 or 200-204; 200-299 when left empty",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "body",
        title: "Text in a good answer",
        help: "e.g. ok; any answer will do when left empty",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "every_seconds",
        title: "How often, in seconds",
        help: "5 to 300, 30 when left empty",
        kind: FieldKind::Number,
        required: false,
    },
    STABLE_VALUE,
    CANARY_VALUE,
    SERVICES,
    TOKEN,
    USER,
    PASSWORD,
    ALLOW_HOSTS,
    LIMIT,
];

/// What a good answer is like.
#[derive(Debug)]
pub(super) struct Expected {
    statuses: RangeInclusive<u16>,
    pub body: Option<String>,
}

impl Expected {
    pub fn status(&self, status: u16) -> bool {
        self.statuses.contains(&status)
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.statuses.start(), self.statuses.end());
        if from == to { write!(f, "{from}") } else { write!(f, "{from} to {to}") }
    }
}

pub(super) struct Set {
    pub url: Template,
    pub expected: Expected,
    pub every: Duration,
    pub access: Access,
    pub names: Names,
}

pub(super) fn read(place: &EnvironmentId, connection: &Connection, clock: Arc<dyn Clock>) -> Result<Set, Refusal> {
    let read = settings::read(connection, FIELDS)?;
    let names = Names::read(place, read)?;
    let text = read.needed("url")?;
    let url = Template::parse("url", text, &PLACES)?;
    let tried = url.fill_address(&names.values(Some("service"), Some("arm"), 60));
    address("url", &tried.map_err(|fault| wrong("url", format!("“{text}”"), fault.said))?)?;
    if names.services.len() > 1 && !url.has("service") {
        return Err(wrong("url", "one address for several services", "an address with {{service}} in it"));
    }
    let statuses = statuses(read.text("status").unwrap_or("200-299"))?;
    let expected = Expected { statuses, body: read.text("body").map(str::to_owned) };
    let every = Duration::from_secs(read.whole("every_seconds", 5..=300, 30)?);
    Ok(Set { url, expected, every, access: Access::read(read, clock)?, names })
}

fn statuses(text: &str) -> Result<RangeInclusive<u16>, Refusal> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let status = |text: &str| text.trim().parse::<u16>().ok().filter(|status| (100..=599).contains(status));
    match (status(from), status(to)) {
        (Some(from), Some(to)) if from <= to => Ok(from..=to),
        _ => Err(wrong("status", format!("“{text}”"), "a status such as 200, or from one to another: 200-204")),
    }
}
