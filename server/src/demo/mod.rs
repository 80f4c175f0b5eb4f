//! The demonstration: made-up people, products and releases in a folder of its own, a way in as each of them, and the end
//! of it all.

mod live;
mod past;
mod people;
mod place;
mod story;
mod wipe;

pub use live::play;
pub use past::seed;
pub use place::{clear, settled};
pub use wipe::Wiping;

use control::{Control, vault::LinkPurpose};
use domain::access::Actor;
use std::fmt::Write as _;

/// A fresh link for everybody who still can sign in, for whoever started it; those printed before stop working.
pub async fn begin(control: &Control, base_url: &str) -> anyhow::Result<String> {
    let figures = people::figures(control);
    let mut said = String::from(
        "This is a demonstration: people, products and releases are made up, and so are the dates of their last ninety \
         days. What happens from now on has real times.\nSign in as one of them; each link opens once, within a week:\n",
    );
    let world = control.world();
    let wide = figures.iter().map(|figure| figure.title.chars().count()).max().unwrap_or(0);
    for figure in figures {
        let id = people::id(&figure.role);
        if world.person(id).is_some_and(|person| person.is_active()) {
            let secret = control.issue_link(Actor::System, id, LinkPurpose::SignIn).await?;
            let _ = writeln!(said, "  {:wide$}  {base_url}/sign-in/{secret}", figure.title);
        }
    }
    Ok(said)
}

#[cfg(test)]
mod tests;
