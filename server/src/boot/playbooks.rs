//! The bundled playbooks, in the binary, published at start when they are new or have changed; one that people revised
//! here is theirs from then on.

use control::{Command, Control, Order};
use domain::{Refusal, access::Actor, slug::PlaybookName};

/// Name and text of each.
pub const BUNDLED: [(&str, &str); 5] = [
    ("orca", include_str!("../../../playbooks/orca.toml")),
    ("mesh-os", include_str!("../../../playbooks/mesh-os.toml")),
    ("octoacme", include_str!("../../../playbooks/octoacme.toml")),
    ("sarvanom", include_str!("../../../playbooks/sarvanom.toml")),
    ("agentmesh", include_str!("../../../playbooks/agentmesh.toml")),
];

pub(crate) async fn publish(control: &Control) -> Result<(), Refusal> {
    for (name, text) in BUNDLED {
        let name: PlaybookName = name.parse().map_err(|_| Refusal::not_found(format!("name in “{name}”")))?;
        let world = control.world();
        if world.playbook(&name).is_some_and(|published| !published.wants_shipped(text)) {
            continue;
        }
        let order = Order::new(Actor::System, Command::PublishPlaybook(name.clone(), text.to_owned()));
        let receipt = control.order(order).await?;
        if !receipt.envelopes.is_empty() {
            tracing::info!(playbook = %name, "published the bundled playbook");
        }
    }
    Ok(())
}
