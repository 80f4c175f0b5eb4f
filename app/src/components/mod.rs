//! Small parts that pages are made of.

mod badge;
mod digest;
mod empty;
mod notice;
mod refusal;
mod when;

pub use badge::{Badge, Standing, Tone};
pub use digest::DigestText;
pub use empty::Empty;
pub use notice::NoticeBox;
pub use refusal::{RefusalPage, RefusalText};
pub use when::When;
