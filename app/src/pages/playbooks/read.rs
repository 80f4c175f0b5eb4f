//! What the pages of a playbook are made of. Nothing of it travels to the browser as data.

use super::chapters::{Chapters, chapters};
use crate::{asking::asking, components::Standing};
use control::Sight;
use domain::{
    Refusal, Timestamp,
    access::Permission,
    playbook::{Consequence, Edition, Published, Revision, consequence},
    slug::PlaybookName,
};
use std::sync::Arc;

/// A revision in the list of them.
#[derive(Debug, Clone)]
pub struct EditionLine {
    pub revision: u32,
    /// None: it came with the product.
    pub by: Option<String>,
    pub at: Timestamp,
}

/// A product that follows the playbook.
#[derive(Debug, Clone)]
pub struct Follower {
    pub slug: String,
    pub name: String,
    pub revision: u32,
}

/// An open release that follows it.
#[derive(Debug, Clone)]
pub struct OpenRelease {
    pub standing: Standing,
    pub may_move: bool,
    /// What moving it to the newest revision would mean.
    pub told: Consequence,
}

#[derive(Debug, Clone)]
pub struct PlaybookView {
    pub name: String,
    pub title: String,
    pub summary: String,
    pub shown: EditionLine,
    pub newest: u32,
    pub chapters: Chapters,
    pub administers: bool,
    pub followers: Vec<Follower>,
    pub open: Vec<OpenRelease>,
}

pub fn published(sight: &Sight, name: &str) -> Result<(PlaybookName, Arc<Published>), Refusal> {
    let nothing = || Refusal::not_found(format!("playbook “{}”", name.chars().take(60).collect::<String>()));
    let name: PlaybookName = name.parse().map_err(|_| nothing())?;
    let published = sight.world.playbook(&name).cloned().ok_or_else(nothing)?;
    Ok((name, published))
}

/// The revision asked for in an address; the newest when none is.
pub fn edition<'a>(published: &'a Published, revision: &str) -> Result<&'a Edition, Refusal> {
    let nothing = || Refusal::not_found(format!("revision “{}”", revision.chars().take(20).collect::<String>()));
    let found = match revision {
        "" => published.newest(),
        text => published.edition(Revision(text.parse().map_err(|_| nothing())?)),
    };
    found.ok_or_else(nothing)
}

pub fn line(sight: &control::Control, edition: &Edition) -> EditionLine {
    EditionLine { revision: edition.revision.0, by: edition.by.map(|by| sight.name(by)), at: edition.at }
}

pub fn playbook(name: &str, revision: &str) -> Result<PlaybookView, Refusal> {
    let asking = asking()?;
    let sight = Sight::of(&asking.control, asking.actor);
    let (name, published) = published(&sight, name)?;
    let shown = edition(&published, revision)?;
    let newest = published.newest().unwrap_or(shown);
    let followers = sight.products().filter(|product| product.playbook == name).map(|product| Follower {
        slug: product.slug.to_string(),
        name: product.name.clone(),
        revision: product.playbook_revision.0,
    });
    let open = sight.world.open_on(&name).filter(|release| sight.sees(&release.id.product)).filter_map(|release| {
        let now = published.at(release.contents.playbook_revision)?;
        Some(OpenRelease {
            standing: Standing::of(release, sight.world.release_state(release)),
            may_move: sight.rights(&release.id.product).may(Permission::Author),
            told: consequence(release, now, &newest.playbook),
        })
    });
    Ok(PlaybookView {
        followers: followers.collect(),
        open: open.collect(),
        title: shown.playbook.title.clone(),
        summary: shown.playbook.summary.clone(),
        shown: line(&asking.control, shown),
        newest: newest.revision.0,
        chapters: chapters(&shown.playbook),
        administers: asking.administers("publish playbooks").is_ok(),
        name: name.to_string(),
    })
}
