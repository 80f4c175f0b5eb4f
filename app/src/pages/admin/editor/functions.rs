//! Publishing what was written.

use crate::failure::Failure;
use leptos::prelude::*;

/// Publishes `text` on top of the revision `after`; `checked` is the hash of the text whose preview was shown.
#[server(prefix = "/do", endpoint = "publish_playbook")]
pub async fn publish_playbook(
    name: String,
    text: String,
    #[server(default)] after: String,
    #[server(default)] checked: String,
) -> Result<(), Failure> {
    crate::failure::answer(on_server::publish(&name, &text, &after, &checked).await)
}

mod on_server {
    use crate::{asking::asking, forms::Notice, session::noticed};
    use control::Command;
    use domain::{
        Refusal,
        digest::sha256_hex,
        journal::Fact,
        playbook::{self, Revision},
        slug::PlaybookName,
    };

    pub async fn publish(name: &str, text: &str, after: &str, checked: &str) -> Result<(), Refusal> {
        let asking = asking()?;
        asking.administers("publish playbooks")?;
        let name: PlaybookName =
            name.parse().map_err(|_| Refusal::invalid("name", format!("“{name}”"), "a playbook’s name"))?;
        // A browser ends lines in its own way.
        let text = text.replace("\r\n", "\n");
        if let Err(faults) = playbook::parse_as(&name, &text) {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            return Err(Refusal {
                detail: format!("It cannot be published as it is. The first fault: {first}"),
                ..Refusal::invalid("text", format!("{} faults", faults.len()), "a playbook without faults")
            });
        }
        if checked != sha256_hex(text.as_bytes()) {
            let detail = "The text has changed since it was checked. Look at what it means now, then publish.";
            return Err(Refusal::conflict(detail, "the text that was checked", "another text").on("checked"));
        }
        let after = after.parse().map(Revision).map_err(|_| {
            Refusal::invalid("after", format!("“{after}”"), "the number of the revision it was written on top of")
        })?;
        let receipt = asking.order(Command::RevisePlaybook { name: name.clone(), text, after }).await?;
        let revision = receipt.envelopes.iter().find_map(|envelope| match &envelope.fact {
            Fact::Playbook(playbook::Event::Published { revision, .. }) => Some(*revision),
            _ => None,
        });
        if let Some(revision) = revision {
            noticed(Notice {
                title: format!("Revision {revision} is published"),
                text: "Open releases stay where they are until somebody moves them.".to_owned(),
                secret: None,
                keeps: false,
            });
        }
        leptos_axum::redirect(&format!("/playbooks/{name}#open-releases"));
        Ok(())
    }
}
