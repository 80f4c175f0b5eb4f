//! What can be set for the driver `webhook`.

use super::signature::SigningKey;
use crate::{
    command::ACTIONS,
    outbound::{Limits, Outbound, address},
    settings::{self, Read, wrong},
    template::{Template, VARIABLES, Values},
};
use control::driver::{Connection, Fault, Field, FieldKind, Secret};
use domain::{Refusal, environment::EnvironmentId, rollout::ActionKind, text};
use std::{collections::BTreeSet, time::Duration};
use url::Url;

pub const FIELDS: &[Field] = &[
    Field {
        name: "url",
        title: "Address for tasks",
        help: "Each task is sent there as a POST, e.g. https://deploy.example/pilothouse",
        kind: FieldKind::Text,
        required: true,
    },
    Field {
        name: "signing_secret",
        title: "Signing secret",
        help: "whsec_ and the base64 of 24 to 64 random bytes; both sides know it",
        kind: FieldKind::Secret,
        required: true,
    },
    Field {
        name: "status_url",
        title: "Address for the status",
        help: "Says what became of a task, e.g. https://deploy.example/pilothouse/{{key}}; answers 404 to a key never seen",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "observe_url",
        title: "Address for what runs",
        help: "Answers JSON with “arms”, e.g. https://deploy.example/pilothouse/runs/{{env}}",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "actions",
        title: "Actions",
        help: "What the other side can do, one a line: deploy, replace, weight, promote, retire, roll_back. Empty: all",
        kind: FieldKind::Argv,
        required: false,
    },
    Field {
        name: "allow_hosts",
        title: "Allowed hosts",
        help: "Hosts that may be asked although their address is private or without TLS, one a line",
        kind: FieldKind::Argv,
        required: false,
    },
    Field {
        name: "limit_seconds",
        title: "Time limit in seconds",
        help: "For one request with its reply: 1 to 300, 30 when left empty",
        kind: FieldKind::Number,
        required: false,
    },
];

/// Where what is sent and asked.
#[derive(Debug)]
pub(super) struct Addresses {
    pub tasks: Url,
    pub status: Option<Template>,
    pub observe: Option<Template>,
    pub actions: BTreeSet<ActionKind>,
}

pub(super) fn read(
    place: &EnvironmentId,
    connection: &Connection,
) -> Result<(Addresses, SigningKey, Outbound), Refusal> {
    let read = settings::read(connection, FIELDS)?;
    let tasks = address("url", read.needed("url")?)?;
    let status = template(read, place, "status_url", &VARIABLES)?;
    if let Some(template) = &status
        && !template.has("key")
    {
        return Err(wrong("status_url", "no {{key}} in it", "an address with {{key}}, which tells tasks apart"));
    }
    let observe = template(read, place, "observe_url", &["env", "product"])?;
    let actions = match read.list("actions") {
        None => BTreeSet::from(ACTIONS),
        Some(words) => words.iter().map(|word| action(word.trim())).collect::<Result<_, _>>()?,
    };
    let secret = read.secret("signing_secret").cloned().unwrap_or_else(|| Secret::new(""));
    let key = SigningKey::read(&secret)?;
    let total = Duration::from_secs(read.whole("limit_seconds", 1..=300, 30)?);
    let limits = Limits { total, connect: Limits::default().connect.min(total), ..Limits::default() };
    let outbound = Outbound::new(&read.list("allow_hosts").unwrap_or_default(), limits)?;
    Ok((Addresses { tasks, status, observe, actions }, key, outbound))
}

/// The address of a task. What was filled in stays within its place.
pub(super) fn filled(template: &Template, values: &Values) -> Result<Url, Fault> {
    let text = template.fill_address(values)?;
    address("address", &text).map_err(|refusal| Fault::declined(refusal.detail))
}

/// An address with places, tried with words that stand for any.
fn template(
    read: Read<'_>,
    place: &EnvironmentId,
    field: &str,
    places: &[&'static str],
) -> Result<Option<Template>, Refusal> {
    let Some(text) = read.text(field) else { return Ok(None) };
    let template = Template::parse(field, text, places)?;
    let mut values = crate::template::of_place(place);
    for name in places {
        values.entry(name).or_insert_with(|| "1".to_owned());
    }
    let tried = template.fill_address(&values).map_err(|fault| wrong(field, format!("“{text}”"), fault.said))?;
    address(field, &tried)?;
    Ok(Some(template))
}

fn action(word: &str) -> Result<ActionKind, Refusal> {
    ACTIONS
        .into_iter()
        .find(|kind| kind.name() == word)
        .ok_or_else(|| wrong("actions", format!("“{word}”"), text::list(&ACTIONS.map(ActionKind::name))))
}
