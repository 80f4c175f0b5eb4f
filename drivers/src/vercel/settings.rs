//! What is set for a Vercel project.

use super::api::Source;
use crate::{
    outbound::address,
    settings::{self, wrong},
    template::Template,
};
use control::driver::{Connection, Field, FieldKind, Secret};
use domain::Refusal;
use std::time::Duration;
use url::Url;

/// The fields of the form, in its order.
pub const FIELDS: &[Field] = &[
    Field {
        name: "project",
        title: "Project",
        help: "The id or the name of the project, such as prj_1a2b3c or shop.",
        kind: FieldKind::Text,
        required: true,
    },
    Field {
        name: "team",
        title: "Team",
        help: "The id (team_…) or the slug of the team that owns the project. Empty: a personal account.",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "repository",
        title: "Repository",
        help: "Owner and name of the project's repository on GitHub, such as acme/shop.",
        kind: FieldKind::Text,
        required: true,
    },
    Field {
        name: "ref",
        title: "Tag of a version",
        help: "What is built for a version. Empty: v{{version}}.",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "token",
        title: "Token",
        help: "An access token that may deploy the project, limited to its team.",
        kind: FieldKind::Secret,
        required: true,
    },
    Field {
        name: "listed_within_seconds",
        title: "Listed within",
        help: "So many seconds Vercel may take until a new deployment is in its list, from 1 to 300. Empty: 10.",
        kind: FieldKind::Number,
        required: false,
    },
    Field {
        name: "api",
        title: "Address of the API",
        help: "Empty: https://api.vercel.com.",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "allow_hosts",
        title: "Hosts allowed",
        help: "Hosts of a private network that may be asked, one a line. Empty: public addresses over TLS only.",
        kind: FieldKind::Argv,
        required: false,
    },
];

const PLACES: [&str; 3] = ["version", "env", "product"];

pub(super) struct Set {
    pub api: Url,
    pub project: String,
    pub team: Option<String>,
    pub source: Source,
    pub reference: Template,
    pub token: Secret,
    pub listed_within: Duration,
    pub allow_hosts: Vec<String>,
}

pub(super) fn read(connection: &Connection) -> Result<Set, Refusal> {
    let read = settings::read(connection, FIELDS)?;
    let name = |field: &str, text: &str| {
        if plain(text) {
            Ok(text.to_owned())
        } else {
            Err(wrong(field, format!("“{text}”"), "an id or a name, without “/”"))
        }
    };
    let repository = read.needed("repository")?;
    let (owner, repo) = repository
        .split_once('/')
        .filter(|(owner, repo)| plain(owner) && plain(repo))
        .ok_or_else(|| wrong("repository", format!("“{repository}”"), "owner and name, such as acme/shop"))?;
    let reference = read.text("ref").unwrap_or("v{{version}}");
    if !reference.contains("version") {
        return Err(wrong("ref", format!("“{reference}”"), "a tag with {{version}} in it, such as v{{version}}"));
    }
    let token = read.secret("token").ok_or_else(|| wrong("token", "nothing", "a token"))?;
    Ok(Set {
        api: address("api", read.text("api").unwrap_or("https://api.vercel.com"))?,
        project: name("project", read.needed("project")?)?,
        team: read.text("team").map(|team| name("team", team)).transpose()?,
        source: Source { owner: owner.to_owned(), name: repo.to_owned() },
        reference: Template::parse("ref", reference, &PLACES)?,
        token: token.clone(),
        listed_within: Duration::from_secs(read.whole("listed_within_seconds", 1..=300, 10)?),
        allow_hosts: read.list("allow_hosts").unwrap_or_default(),
    })
}

/// A single part of a path, and no way out of its folder.
fn plain(part: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !part.is_empty() && part.chars().all(letter) && part.chars().any(|c| c != '.')
}
