//! What is kept and shown of a release: attachments, audit sources, documents, tools, the status page.

use super::{
    names::{ChannelId, PartId},
    read::{record, words},
};

record! {
    /// What is kept of each release.
    pub struct ReleaseRecord {
        pub attachments: Vec<Attachment> as "attachment",
        /// Where its audit trail comes from.
        pub audit: Vec<String>,
    }
}

record! {
    /// Something kept with a release.
    pub struct Attachment {
        pub id: PartId,
        pub title: String,
    }
}

words! {
    /// How often a document is written.
    pub enum DocumentOccasion {
        EveryRelease = "every_release",
        EveryFeature = "every_feature",
        ApiChange = "api_change",
        BreakingChange = "breaking_change",
        Incident = "incident",
        EveryVersion = "every_version",
        AfterRetrospective = "after_retrospective",
    }
}

record! {
    /// A document that releases bring with them.
    pub struct Document {
        pub id: PartId,
        pub title: String,
        pub occasion: DocumentOccasion,
    }
}

record! {
    /// A tool the team uses.
    pub struct Tool {
        pub id: PartId,
        pub title: String,
        pub about: String,
    }
}

record! {
    /// The page that says how the service does.
    pub struct StatusPage {
        /// Anyone may read it.
        pub public: bool,
        /// The machine keeps it up to date.
        pub automated: bool,
        pub notifies: Vec<ChannelId> => Channel,
    }
}
