//! Checklists, each bound to a moment.

use super::{
    condition::Condition,
    evidence::{Proof, Verified},
    moment::{Due, Moment},
    names::{ChecklistId, CommandId, MessageId, PartId},
    read::{Reader, Value, record},
    span::Span,
};
use crate::slug::{EnvName, RoleId, TypeId};

record! {
    /// One thing to do or to see.
    pub struct Item {
        pub id: PartId,
        pub text: String,
        /// Items of one group stand together.
        pub group: Option<String>,
        /// What it consists of, each on its own.
        pub parts: Vec<String>,
        /// Who ticks it; the list's role when left out.
        pub role: Option<RoleId> => Role,
        /// Only when this is so; otherwise it can be marked "not applicable", with a reason.
        pub when: Option<Condition>,
        /// The system ticks it by itself and says how.
        pub verified_by: Option<Verified>,
        /// What must be attached.
        pub proof: Option<Proof>,
        /// How much time it may take.
        pub budget: Option<Span>,
        /// When it is due, where that differs from the list.
        pub due: Option<Due>,
        /// The command that does it.
        pub command: Option<CommandId> => Command,
        /// The message that it is about.
        pub message: Option<MessageId> => Message,
        /// Which tool is used.
        pub tool: Option<String>,
    }
    check Item::sound;
}

impl Item {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        if self.verified_by == Some(Verified::MessageSent) && self.message.is_none() {
            reader.contradiction(value, "message", "is missing: which message must have been sent?");
        }
    }
}

record! {
    /// A list bound to a moment of each release.
    pub struct Checklist {
        pub id: ChecklistId,
        pub title: String,
        pub moment: Moment,
        pub due: Option<Due>,
        /// Who works through it.
        pub role: RoleId => Role,
        /// Where it is about one environment.
        pub environment: Option<EnvName> => Environment,
        /// Only for these types; all when empty.
        pub types: Vec<TypeId> => Type,
        pub items: Vec<Item> as "item",
    }
    check Checklist::sound;
}

impl Checklist {
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id.as_str() == id)
    }

    /// The groups in the order in which they come.
    pub fn groups(&self) -> Vec<&str> {
        let mut groups = Vec::new();
        for group in self.items.iter().filter_map(|item| item.group.as_deref()) {
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
        groups
    }

    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        if self.items.is_empty() {
            reader.contradiction(value, "item", "is empty; a checklist has at least one item");
        }
    }
}
