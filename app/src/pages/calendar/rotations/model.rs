//! What the page of rotations shows, and where it comes from.

use crate::failure::Failure;
use chrono::NaiveDate;
use domain::Timestamp;
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotationsView {
    pub product: String,
    pub name: String,
    pub today: NaiveDate,
    pub zone: String,
    pub may_set: bool,
    pub duties: Vec<DutyView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyView {
    pub role: String,
    pub title: String,
    /// Who takes turns, in order, by id.
    pub members: Vec<String>,
    /// “every week on Monday at 09:00 (Europe/London)”; none as long as nobody said.
    pub words: Option<String>,
    pub every_weeks: u16,
    pub weekday: String,
    pub at: String,
    pub zone: Option<String>,
    pub now: Option<TurnLine>,
    pub next: Vec<TurnLine>,
    /// Id and name of everybody who holds the role.
    pub people: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnLine {
    pub holder: String,
    pub instead_of: Option<String>,
    /// In the zone of the rotation.
    pub local: String,
    pub starts: Timestamp,
    pub ends: Timestamp,
}

#[server(prefix = "/see", endpoint = "rotations", input = GetUrl)]
pub async fn see_rotations(product: String) -> Result<RotationsView, Failure> {
    crate::failure::answer(on_server::rotations(&product))
}

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::{DutyView, RotationsView, TurnLine};
    use crate::{
        asking::{Asking, asking},
        pages::calendar::words,
    };
    use control::{Sight, calendar::Duty};
    use domain::{
        Refusal,
        calendar::{Period, Rotation, Turn, ZoneName},
        person::Reach,
        slug::{ProductSlug, RoleId},
        window,
    };

    const AHEAD_DAYS: i64 = 70;
    const MOST_PEOPLE: usize = 100;

    pub fn rotations(product: &str) -> Result<RotationsView, Refusal> {
        let asking = asking()?;
        let slug: ProductSlug = product.parse().map_err(|_| Refusal::not_found(format!("product “{product}”")))?;
        let (product, by) = asking.seen(&slug)?;
        let sight = Sight::of(&asking.control, asking.actor);
        let period = Period::new(sight.now, sight.now + chrono::Duration::days(AHEAD_DAYS))?;
        let playbook = sight.world.playbook_of(&product);
        let zone = playbook.map_or_else(|| "UTC".to_owned(), |p| p.calendar.zone.as_str().to_owned());
        let reach = Reach::Product(slug.clone());
        Ok(RotationsView {
            product: slug.to_string(),
            name: product.name.clone(),
            today: sight.now.date_naive(),
            zone,
            may_set: window::may_set(&reach, &by, "").is_ok(),
            duties: sight.duties(&slug, &period).into_iter().map(|duty| view(&asking, &sight, &reach, duty)).collect(),
        })
    }

    fn view(asking: &Asking, sight: &Sight, reach: &Reach, duty: Duty) -> DutyView {
        let draft = duty.rotation.as_ref().map(Rotation::draft);
        let zone = draft.map_or_else(ZoneName::utc, |draft| draft.zone.clone());
        let line = |turn: &Turn| {
            let wall = |at| zone.wall(at).map(|(local, _)| local).unwrap_or_default();
            TurnLine {
                holder: asking.control.name(turn.holder),
                instead_of: turn.instead_of.map(|id| asking.control.name(id)),
                local: words::stretch(wall(turn.starts), wall(turn.ends)),
                starts: turn.starts,
                ends: turn.ends,
            }
        };
        DutyView {
            role: duty.role.to_string(),
            title: duty.title,
            members: draft.map(|d| d.members.iter().map(ToString::to_string).collect()).unwrap_or_default(),
            words: draft.map(|d| {
                let often =
                    if d.every_weeks == 1 { "every week".to_owned() } else { format!("every {} weeks", d.every_weeks) };
                format!("{often} on {} at {} ({})", d.weekday, d.at, d.zone)
            }),
            every_weeks: draft.map_or(1, |d| d.every_weeks),
            weekday: draft.map_or(chrono::Weekday::Mon, |d| d.weekday).to_string(),
            at: draft.map_or_else(|| "09:00".to_owned(), |d| d.at.to_string()),
            zone: draft.map(|d| d.zone.to_string()),
            now: duty.now.as_ref().map(line),
            next: duty.turns.iter().filter(|turn| turn.starts > sight.now).take(6).map(line).collect(),
            people: people(asking, sight, reach, &duty.role),
        }
    }

    /// Everybody who holds the role here, by name.
    fn people(asking: &Asking, sight: &Sight, reach: &Reach, role: &RoleId) -> Vec<(String, String)> {
        let holds = |id| {
            let here = |r: &Reach| r == &Reach::Everywhere || r == reach;
            sight.world.grants(id, sight.now).any(|grant| &grant.role == role && here(&grant.reach))
        };
        let active = sight.world.people().filter(|p| p.is_active() && holds(p.id)).take(MOST_PEOPLE);
        let mut found: Vec<_> = active.map(|p| (p.id.to_string(), asking.control.name(p.id))).collect();
        found.sort_by(|a, b| a.1.cmp(&b.1));
        found
    }
}
