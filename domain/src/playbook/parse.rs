//! From TOML text to a playbook that cannot hold nonsense.

use super::Playbook;
use crate::{
    access::Permission,
    slug::{EnvName, RoleId},
};
use std::{collections::BTreeSet, fmt};

/// What is wrong with a playbook text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub line: Option<usize>,
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

/// Reads a playbook; all faults that can be found together are returned together.
pub fn parse(toml: &str) -> Result<Playbook, Vec<Fault>> {
    let playbook: Playbook = toml::from_str(toml).map_err(|error| {
        let line = error.span().map(|span| toml[..span.start.min(toml.len())].lines().count().max(1));
        vec![Fault { line, what: error.message().to_owned() }]
    })?;
    let faults = contradictions(&playbook);
    if faults.is_empty() { Ok(playbook) } else { Err(faults) }
}

fn contradictions(playbook: &Playbook) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut say = |what: String| faults.push(Fault { line: None, what });
    if !playbook.has_environment(&EnvName::production()) {
        say("no environment is named “production”; every playbook has one".to_owned());
    }
    let mut roles: BTreeSet<&RoleId> = BTreeSet::new();
    for role in &playbook.roles {
        if !roles.insert(&role.id) {
            say(format!("the role “{}” stands twice", role.id));
        }
        if role.permissions.contains(&Permission::Administer) {
            say(format!("the role “{}” asks for “administer”, which only the built-in administrator has", role.id));
        }
    }
    let mut types = BTreeSet::new();
    for kind in &playbook.types {
        if !types.insert(&kind.id) {
            say(format!("the type “{}” stands twice", kind.id));
        }
        for requirement in &kind.approvals {
            let Some(role) = playbook.roles.iter().find(|r| r.id == requirement.role) else {
                let known: Vec<_> = roles.iter().map(|r| r.as_str()).collect();
                say(format!(
                    "the type “{}” wants approval by “{}”, which is no role here; roles are {}",
                    kind.id,
                    requirement.role,
                    known.join(", ")
                ));
                continue;
            };
            if !role.permissions.contains(&Permission::Approve) {
                say(format!(
                    "the type “{}” wants approval by “{}”, whose permissions lack “approve”",
                    kind.id, role.id
                ));
            }
            if requirement.count == 0 {
                say(format!("the type “{}” wants 0 approvals by “{}”; leave the line out instead", kind.id, role.id));
            }
        }
    }
    if playbook.types.is_empty() {
        say("no [[type]] is given; at least one release type is needed".to_owned());
    }
    faults
}
