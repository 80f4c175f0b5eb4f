//! What can be set for the driver `haproxy`.

use super::socket::Socket;
use crate::{
    command::{Argv, Runner, runner},
    settings::{self, wrong},
    template::{Template, VARIABLES},
};
use control::driver::{Connection, Field, FieldKind};
use domain::Refusal;
use std::time::Duration;

pub const FIELDS: &[Field] = &[
    Field {
        name: "socket",
        title: "Runtime API",
        help: "The stats socket, level admin: /run/haproxy/admin.sock, or host:port",
        kind: FieldKind::Text,
        required: true,
    },
    Field {
        name: "backend",
        title: "Backend",
        help: "The backend whose servers share the traffic, e.g. shop",
        kind: FieldKind::Text,
        required: true,
    },
    Field {
        name: "servers",
        title: "Servers",
        help: "The two servers of the backend that take turns, one a line, e.g. blue and green",
        kind: FieldKind::Argv,
        required: true,
    },
    Field {
        name: "address",
        title: "Address of a version",
        help: "host:port where a version answers, e.g. shop-{{slot}}.internal:8080; empty: as in HAProxy's configuration",
        kind: FieldKind::Text,
        required: false,
    },
    argv(
        "deploy",
        "Deploy",
        "A program that stands {{version}} up in {{slot}}, and its arguments, one a line. No shell",
    ),
    argv("retire", "Retire", "A program that ends {{other}} in {{slot}} once it has no traffic"),
    Field {
        name: "drain_seconds",
        title: "Drain time in seconds",
        help: "Before what stands in a server ends, its requests under way are waited for: 0 to 3600, 30 when left empty",
        kind: FieldKind::Number,
        required: false,
    },
    Field {
        name: "folder",
        title: "Folder",
        help: "Where programs run: an absolute path, e.g. /srv/deploy",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "environment",
        title: "Environment variables",
        help: "NAME=value for programs, one a line",
        kind: FieldKind::Pairs,
        required: false,
    },
    Field {
        name: "secret_environment",
        title: "Secret environment variables",
        help: "NAME=value for programs, one a line; covered where a program prints them",
        kind: FieldKind::Secret,
        required: false,
    },
    Field {
        name: "limit_seconds",
        title: "Time limit in seconds",
        help: "After so long a program and all it started are ended: 1 to 86400, 600 when left empty",
        kind: FieldKind::Number,
        required: false,
    },
];

const fn argv(name: &'static str, title: &'static str, help: &'static str) -> Field {
    Field { name, title, help, kind: FieldKind::Argv, required: false }
}

/// What was set.
#[derive(Debug)]
pub(super) struct Set {
    pub socket: Socket,
    pub backend: String,
    pub servers: [String; 2],
    pub address: Option<Template>,
    pub deploy: Option<Argv>,
    pub retire: Option<Argv>,
    pub drain: Duration,
    pub runner: Runner,
}

pub(super) fn read(connection: &Connection) -> Result<Set, Refusal> {
    let read = settings::read(connection, FIELDS)?;
    let socket = Socket::parse("socket", read.needed("socket")?)?;
    let backend = named("backend", read.needed("backend")?)?;
    let servers = match read.list("servers").as_deref() {
        Some([a, b]) if a != b => [named("servers", a.trim())?, named("servers", b.trim())?],
        other => {
            let found = format!("{} names", other.map_or(0, <[String]>::len));
            return Err(wrong("servers", found, "two different servers of the backend, such as blue and green"));
        }
    };
    let places: Vec<&'static str> =
        VARIABLES.into_iter().filter(|name| *name != "percentage").chain(std::iter::once("slot")).collect();
    let argv = |name: &str| read.list(name).map(|list| Argv::parse(name, &list, &places)).transpose();
    let (deploy, retire) = (argv("deploy")?, argv("retire")?);
    let address = match read.text("address") {
        None => None,
        Some(text) => Some(Template::parse("address", text, &["version", "env", "product", "slot"])?),
    };
    if deploy.is_none() && address.is_none() {
        return Err(wrong(
            "deploy",
            "neither a program nor an address",
            "a program that stands a version up, or in “address” where a version answers, or both",
        ));
    }
    let drain = Duration::from_secs(read.whole("drain_seconds", 0..=3_600, 30)?);
    let runner = runner(read)?;
    Ok(Set { socket, backend, servers, address, deploy, retire, drain, runner })
}

/// A name as HAProxy allows it: nothing that ends a command or begins another.
fn named(field: &str, text: &str) -> Result<String, Refusal> {
    let good = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:".contains(c));
    if good { Ok(text.to_owned()) } else { Err(wrong(field, format!("“{text}”"), "letters, digits and - _ . :")) }
}
