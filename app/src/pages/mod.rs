//! One folder or file per page; the server functions of a page stand beside it.

pub mod overview;
pub mod release;
pub mod sign_in;
