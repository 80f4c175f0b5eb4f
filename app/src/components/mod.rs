//! Small parts that pages are made of.

#[cfg(not(target_arch = "wasm32"))]
mod answered;
mod badge;
mod digest;
mod empty;
#[cfg(not(target_arch = "wasm32"))]
pub mod figure;
mod markup;
mod notice;
mod refusal;
#[cfg(not(target_arch = "wasm32"))]
mod refusal_page;
mod rows;
mod when;

#[cfg(not(target_arch = "wasm32"))]
pub use answered::answered;
pub use badge::{Badge, Standing, Tone};
pub use digest::DigestText;
pub use empty::Empty;
pub use markup::Markup;
pub use notice::NoticeBox;
pub use refusal::RefusalText;
#[cfg(not(target_arch = "wasm32"))]
pub use refusal_page::RefusalPage;
pub use rows::Rows;
pub use when::{When, relative};
