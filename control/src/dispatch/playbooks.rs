//! Publishing playbooks: a new revision, a revision of what somebody looked at, a copy under another name.

use super::{Order, decide::Decided};
use crate::world::World;
use domain::{
    Refusal, Timestamp,
    access::Permission,
    journal::{Fact, Stream},
    playbook::{self, Published, Revision},
    slug::PlaybookName,
};

pub(super) fn publish(
    world: &World,
    order: &Order,
    name: PlaybookName,
    text: &str,
    after: Option<Revision>,
    now: Timestamp,
) -> Result<Decided, Refusal> {
    world.authority(order.actor, None, now).require(Permission::Administer, "publish playbooks")?;
    let published = world.playbook(&name).map(|p| Published::clone(p)).unwrap_or_default();
    if let Some(after) = after {
        let newest = published.newest().ok_or_else(|| Refusal::not_found(format!("playbook “{name}”")))?;
        if newest.revision != after {
            let detail = format!(
                "Somebody has published revision {} of “{name}” since you began with revision {after}; what you wrote \
                 is kept. Look at what they changed, then publish on top of it.",
                newest.revision
            );
            return Err(Refusal::conflict(detail, after.to_string(), newest.revision.to_string()).on("after"));
        }
    }
    playbook::parse_as(&name, text).map_err(|faults| {
        let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Refusal::invalid("text", all.join("; "), "a playbook without faults")
    })?;
    let facts = published.publish(text).into_iter().map(Fact::Playbook).collect();
    Ok(Decided { stream: Stream::Playbook(name), facts })
}

pub(super) fn copy(
    world: &World,
    order: &Order,
    from: &PlaybookName,
    to: PlaybookName,
    now: Timestamp,
) -> Result<Decided, Refusal> {
    world.authority(order.actor, None, now).require(Permission::Administer, "copy playbooks")?;
    let newest = world.playbook(from).and_then(|published| published.newest());
    let newest = newest.ok_or_else(|| Refusal::not_found(format!("playbook “{from}”")))?;
    if world.playbook(&to).is_some() {
        let detail = format!("There is a playbook “{to}” already.");
        return Err(Refusal::conflict(detail, "a name not in use", to.to_string()).on("name"));
    }
    let text = playbook::renamed(&newest.text, &to);
    publish(world, order, to, &text, None, now)
}
