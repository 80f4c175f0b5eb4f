//! Who keeps a playbook, since when, and when it is looked at again; and what the team believes.

use super::{
    names::PartId,
    read::{choice, record},
    span::Period,
};
use chrono::NaiveDate;

choice! {
    /// When a playbook is looked at again.
    pub enum ReviewRule {
        /// After each major release.
        AfterEveryMajor = "after_every_major",
        /// On one date.
        On(NaiveDate) = "on",
        /// Again and again.
        Every(Period) = "every",
    }
}

record! {
    /// The head of a playbook.
    pub struct Head {
        /// The version of the procedure, as its team counts it.
        pub version: String,
        /// When that version was written.
        pub date: NaiveDate,
        /// Who keeps it up to date.
        pub owner: String,
        /// When the owner is reminded to review it.
        pub review: Option<ReviewRule>,
    }
}

record! {
    /// Something the team holds to.
    pub struct Principle {
        pub id: PartId,
        pub text: String,
    }
}
