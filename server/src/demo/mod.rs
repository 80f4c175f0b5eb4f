//! The demonstration: made-up people, products and releases in an empty data folder, and a way in as each of them.

mod live;
mod people;
mod story;

pub use live::play;

use anyhow::{Context as _, ensure};
use control::{Control, vault::LinkPurpose};
use domain::{access::Actor, slug::RoleId};
use people::Figure;
use std::fmt::Write as _;

/// Seeds the record where it is empty; says, for whoever started it, how to sign in as whom.
pub async fn begin(control: &Control, base_url: &str) -> anyhow::Result<String> {
    let figures = people::figures(control);
    // Added last, so its presence says that everything is there.
    let seeded = control.world().person(people::id(&RoleId::administrator())).is_some();
    if !seeded {
        let world = control.world();
        ensure!(
            !world.anybody() && world.products().next().is_none(),
            "--demo fills an empty data folder only, and this one holds a record that is no finished demonstration; \
             name another folder with --data"
        );
        seed(control, &figures).await.context("the demonstration cannot be recorded")?;
    }
    links(control, base_url, &figures).await
}

async fn seed(control: &Control, figures: &[Figure]) -> anyhow::Result<()> {
    let (last, first) = figures.split_last().context("nobody plays in it")?;
    for figure in first {
        people::add(control, figure).await?;
    }
    story::tell(control).await?;
    people::add(control, last).await
}

/// A fresh link for everybody who still can sign in; those printed before stop working.
async fn links(control: &Control, base_url: &str, figures: &[Figure]) -> anyhow::Result<String> {
    let mut said = String::from(
        "This is a demonstration: people, products and releases are made up. The record keeps real times only, so their \
         history begins at the moment it was seeded.\nSign in as one of them; each link opens once, within a week:\n",
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
