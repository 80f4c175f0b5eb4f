//! Watching a version after it went out.

use super::{names::CommandId, read::record, span::Span};

record! {
    /// How long people watch, and what they look at.
    pub struct Watch {
        pub lasting: Span as "for",
        /// How often health is asked for.
        pub poll: Option<Span>,
        pub look_at: Vec<String>,
        /// Commands that show it.
        pub commands: Vec<CommandId> => Command,
    }
}

record! {
    /// An address of the service that is watched.
    pub struct Endpoint {
        /// Beginning with a slash.
        pub path: String,
        /// What it tells.
        pub tells: String,
    }
    check Endpoint::rooted;
}

impl Endpoint {
    fn rooted(&self, value: &super::read::Value<'_>, reader: &mut super::read::Reader) {
        if !self.path.starts_with('/') {
            reader.contradiction(value, "path", "does not begin with a slash");
        }
    }
}

record! {
    /// A page of figures kept elsewhere.
    pub struct Dashboard {
        pub id: super::names::PartId,
        pub tool: String,
        pub shows: String,
    }
}
