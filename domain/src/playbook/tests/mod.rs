//! The bundled playbooks load, hold every fact of their sources, and nonsense does not load.

mod broken;
mod bundled;
mod calendar_rules;
mod differing;
mod facts;
mod faults;
mod published_schema;
mod values;

use super::{Playbook, parse};

/// The playbooks that ship with the product: name and text.
const BUNDLED: [(&str, &str); 5] = [
    ("orca", include_str!("../../../../playbooks/orca.toml")),
    ("mesh-os", include_str!("../../../../playbooks/mesh-os.toml")),
    ("octoacme", include_str!("../../../../playbooks/octoacme.toml")),
    ("sarvanom", include_str!("../../../../playbooks/sarvanom.toml")),
    ("agentmesh", include_str!("../../../../playbooks/agentmesh.toml")),
];

fn text(name: &str) -> &'static str {
    BUNDLED.iter().find(|(known, _)| *known == name).expect("bundled").1
}

fn bundled(name: &str) -> Playbook {
    parse(text(name)).unwrap_or_else(|faults| {
        let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
        panic!("{name}:\n{}", all.join("\n"))
    })
}
