//! Small parts that pages are made of.

mod badge;
mod digest;
mod empty;
mod markup;
mod notice;
mod refusal;
mod rows;
mod when;

pub use badge::{Badge, Standing, Tone};
pub use digest::DigestText;
pub use empty::Empty;
pub use markup::Markup;
pub use notice::NoticeBox;
pub use refusal::{RefusalPage, RefusalText};
pub use rows::Rows;
pub use when::{When, relative};
