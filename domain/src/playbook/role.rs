//! The people of a playbook: roles, their rotations, whom to call and how fast they answer.

use super::{
    moment::WeeklyTime,
    names::{ChannelId, PartId},
    read::{choice, record, words},
    span::{Period, Span},
};
use crate::{access::Permission, slug::RoleId};

words! {
    /// How the next holder of a role is found.
    pub enum Choosing {
        Volunteer = "volunteer",
        Assigned = "assigned",
    }
}

record! {
    /// A role that goes round.
    pub struct Rotation {
        pub every: Period,
        /// Ways to find the next; the team uses either.
        pub by: Vec<Choosing>,
        pub hand_over: Option<WeeklyTime>,
    }
}

record! {
    /// A role.
    pub struct Role {
        pub id: RoleId,
        pub title: String,
        /// In a sentence: what it answers for.
        pub duty: String,
        pub permissions: Vec<Permission>,
        /// What its holder does.
        pub duties: Vec<String>,
        /// Whom its holder brings together.
        pub coordinates: Vec<RoleId> => Role,
        pub rotation: Option<Rotation>,
    }
}

choice! {
    /// How fast someone answers.
    pub enum Response {
        Immediate = "immediate",
        /// At the latest after this.
        Within(Span) = "within",
    }
}

record! {
    /// Whom to call.
    pub struct Contact {
        pub id: PartId,
        pub role: RoleId => Role,
        pub responds: Option<Response>,
        /// How they are addressed.
        pub handle: Option<String>,
        /// The tool that reaches them.
        pub by: Option<String>,
        /// What they are called for; anything when left out.
        pub about: Option<String>,
    }
}

words! {
    /// What a channel is.
    pub enum ChannelKind {
        Slack = "slack",
        Email = "email",
        Pager = "pager",
        Webhook = "webhook",
        StatusPage = "status_page",
        Blog = "blog",
        Social = "social",
        Website = "website",
        Issues = "issues",
    }
}

record! {
    /// Where messages go.
    pub struct Channel {
        pub id: ChannelId,
        pub title: String,
        pub kind: ChannelKind,
        /// Its name or address there.
        pub address: Option<String>,
        /// Only those who asked for it.
        pub opt_in: bool,
        /// How many places it stands for, such as networks.
        pub places: Option<u8>,
    }
}

record! {
    /// Where to ask.
    pub struct Help {
        pub channel: ChannelId => Channel,
        pub about: String,
    }
}
