//! One folder or file per page; the server functions of a page stand beside it.

pub mod admin;
pub mod audit;
pub mod me;
pub mod overview;
pub mod release;
pub mod releases;
pub mod set_up;
pub mod sign_in;
pub mod welcome;
