//! Forms that work with scripts and without: a plain POST to a server function, improved where scripts run.
//!
//! In a part of a page that lives in the browser the answer comes without leaving the page. Everywhere else, and without
//! scripts, the server sends the browser back and hands the refusal and what was typed to the next page as a [`Flash`].
//! Either way errors stand next to their field.

mod fields;
mod flash;
mod form;
#[cfg(not(target_arch = "wasm32"))]
mod small;
mod state;
#[cfg(target_arch = "wasm32")]
mod submit;

pub use fields::{Against, CheckBoxes, Choice, Hidden, Submit, TextArea, TextField};
pub use flash::{Flash, Notice};
pub use form::Form;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use small::small_form;
pub use state::{Accepted, FormState, LastForm, Phase};
