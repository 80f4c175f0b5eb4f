//! Messages: to whom, when, through which channel, in which words; and what each audience needs to know.

use super::{
    moment::{Due, Moment},
    names::{ChannelId, MessageId, PartId},
    read::{Reader, Value, record, words},
    template::Template,
};
use crate::slug::{RoleId, TypeId};

words! {
    /// Who is told.
    pub enum Audience {
        Team = "team",
        Everyone = "everyone",
        Engineering = "engineering",
        Product = "product",
        Support = "support",
        Leadership = "leadership",
        Stakeholders = "stakeholders",
        Security = "security",
        Users = "users",
        Customers = "customers",
        Public = "public",
    }
}

record! {
    /// A message that can be copied, filled in, and sent.
    pub struct Message {
        pub id: MessageId,
        pub title: String,
        pub moment: Moment,
        pub due: Option<Due>,
        pub audience: Vec<Audience>,
        pub channels: Vec<ChannelId> => Channel,
        /// Only for these types; all when empty.
        pub types: Vec<TypeId> => Type,
        /// Who sends it.
        pub sender: RoleId => Role,
        pub subject: Option<Template>,
        pub body: Template,
        /// The message that goes before it.
        pub follows: Option<MessageId> => Message,
    }
    check Message::sound;
}

impl Message {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        if self.channels.is_empty() {
            reader.contradiction(value, "channels", "is empty; a message goes somewhere");
        }
        if self.follows.as_ref() == Some(&self.id) {
            reader.contradiction(value, "follows", "is the message itself");
        }
    }
}

words! {
    /// When an audience is told, seen from the release.
    pub enum BriefingPhase {
        Before = "before",
        During = "during",
        After = "after",
        Always = "always",
    }
}

record! {
    /// What an audience is told.
    pub struct Briefing {
        pub id: PartId,
        pub audience: Audience,
        pub phase: BriefingPhase,
        pub covers: Vec<String>,
        /// Only for these types; all when empty.
        pub types: Vec<TypeId> => Type,
    }
}
