//! What is set for a workflow.

use crate::{
    outbound::address,
    settings::{self, wrong},
};
use control::driver::{Connection, Field, FieldKind, Secret};
use domain::{Refusal, rollout::ActionKind};
use std::time::Duration;
use url::Url;

/// The fields of the form, in its order.
pub const FIELDS: &[Field] = &[
    Field {
        name: "repository",
        title: "Repository",
        help: "Owner and name of the repository that holds the workflow, such as acme/shop.",
        kind: FieldKind::Text,
        required: true,
    },
    Field {
        name: "workflow",
        title: "Workflow",
        help: "The file in .github/workflows, such as deploy.yml.",
        kind: FieldKind::Text,
        required: true,
    },
    Field {
        name: "ref",
        title: "Branch or tag",
        help: "Where the workflow is taken from. Empty: main.",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "actions",
        title: "Actions",
        help: "What the workflow can do, one a line: deploy, replace, weight, promote, retire, roll_back. Empty: deploy, promote and roll_back.",
        kind: FieldKind::Argv,
        required: false,
    },
    Field {
        name: "token",
        title: "Token",
        help: "A fine-grained token for this repository: Actions read and write, Contents read.",
        kind: FieldKind::Secret,
        required: true,
    },
    Field {
        name: "api",
        title: "Address of the API",
        help: "Only for GitHub Enterprise Server, such as https://github.example/api/v3. Empty: https://api.github.com.",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "listed_within_seconds",
        title: "Listed within",
        help: "So many seconds GitHub may take until a new run is in its list, from 1 to 300. Empty: 20.",
        kind: FieldKind::Number,
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

const USUAL: [ActionKind; 3] = [ActionKind::Deploy, ActionKind::Promote, ActionKind::RollBack];
const POSSIBLE: [ActionKind; 6] = [
    ActionKind::Deploy,
    ActionKind::Replace,
    ActionKind::Weight,
    ActionKind::Promote,
    ActionKind::Retire,
    ActionKind::RollBack,
];

pub(super) struct Set {
    pub api: Url,
    pub owner: String,
    pub name: String,
    pub workflow: String,
    pub reference: String,
    pub token: Secret,
    pub actions: Vec<ActionKind>,
    pub listed_within: Duration,
    pub allow_hosts: Vec<String>,
}

pub(super) fn read(connection: &Connection) -> Result<Set, Refusal> {
    let read = settings::read(connection, FIELDS)?;
    let repository = read.needed("repository")?;
    let (owner, name) = repository
        .split_once('/')
        .filter(|(owner, name)| plain(owner) && plain(name))
        .ok_or_else(|| wrong("repository", format!("“{repository}”"), "owner and name, such as acme/shop"))?;
    let workflow = read.needed("workflow")?;
    if !plain(workflow) {
        return Err(wrong("workflow", format!("“{workflow}”"), "the file's name without a folder, such as deploy.yml"));
    }
    let token = read.secret("token").ok_or_else(|| wrong("token", "nothing", "a token"))?;
    Ok(Set {
        api: address("api", read.text("api").unwrap_or("https://api.github.com"))?,
        owner: owner.to_owned(),
        name: name.to_owned(),
        workflow: workflow.to_owned(),
        reference: read.text("ref").unwrap_or("main").to_owned(),
        token: token.clone(),
        actions: actions(&read.list("actions").unwrap_or_default())?,
        listed_within: Duration::from_secs(read.whole("listed_within_seconds", 1..=300, 20)?),
        allow_hosts: read.list("allow_hosts").unwrap_or_default(),
    })
}

fn actions(names: &[String]) -> Result<Vec<ActionKind>, Refusal> {
    if names.is_empty() {
        return Ok(USUAL.to_vec());
    }
    let names = names.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
    names
        .map(|name| {
            POSSIBLE
                .into_iter()
                .find(|kind| kind.name() == name)
                .ok_or_else(|| wrong("actions", format!("“{name}”"), POSSIBLE.map(ActionKind::name).join(", ")))
        })
        .collect()
}

/// A single part of a path, and no way out of its folder.
fn plain(part: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !part.is_empty() && part.chars().all(letter) && part.chars().any(|c| c != '.')
}
