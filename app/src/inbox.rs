//! How many releases wait for the reader: asked by the top bar of every open page when something changes.

use crate::failure::Failure;
use leptos::{prelude::*, server_fn::codec::GetUrl};

#[server(prefix = "/see", endpoint = "inbox", input = GetUrl)]
pub async fn see_inbox() -> Result<usize, Failure> {
    crate::failure::answer(on_server::count())
}

mod on_server {
    use crate::asking::asking;
    use control::Sight;
    use domain::Refusal;

    pub fn count() -> Result<usize, Refusal> {
        let asking = asking()?;
        Ok(Sight::of(&asking.control, asking.actor).waiting().len())
    }
}
