//! What somebody asks of the figures, as it stands in an address, and what it means for them.

use crate::{Control, sight::Sight};
use chrono::NaiveDate;
use domain::{
    Refusal, Timestamp,
    access::Actor,
    calendar::{Stretch, ZoneName},
    dora::{FigureName, Lookback, Query, Width},
    slug::{EnvName, ProductSlug},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// As it stands in an address; what is empty is the usual.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    /// One or several with commas between; all that one sees when empty.
    pub product: String,
    pub env: String,
    /// `90d`, `2026-Q1`, `ytd`, or `custom` with `from` and `to`.
    pub period: String,
    pub from: String,
    pub to: String,
    pub zone: String,
    pub bucket: String,
    /// `no`: hotfixes and rollbacks do not count in the frequency.
    pub rework: String,
}

/// A view that was understood, and may be seen.
#[derive(Debug, Clone)]
pub struct Asked {
    pub query: Query,
    /// Those chosen, or all that one sees.
    pub products: BTreeSet<ProductSlug>,
    pub zone: ZoneName,
    pub width: Width,
    pub words: Words,
}

impl Words {
    pub fn pairs(&self) -> [(&'static str, &str); 8] {
        [
            ("product", &self.product),
            ("env", &self.env),
            ("period", &self.period),
            ("from", &self.from),
            ("to", &self.to),
            ("zone", &self.zone),
            ("bucket", &self.bucket),
            ("rework", &self.rework),
        ]
    }
}

impl Control {
    /// What `words` ask for, as far as this actor may see it.
    pub fn asked_of_deliveries(&self, actor: Actor, words: Words) -> Result<Asked, Refusal> {
        let sight = Sight::of(self, actor);
        let products = products(&sight, &words.product)?;
        let env = match words.env.as_str() {
            "" => EnvName::production(),
            text => text.parse().map_err(|_| {
                let found = format!("“{}”", text.chars().take(60).collect::<String>());
                Refusal::invalid("env", found, "the name of an environment such as “production”")
            })?,
        };
        let zone = if words.zone.is_empty() { ZoneName::utc() } else { words.zone.trim().parse::<ZoneName>()? };
        let width = width(&words.bucket)?;
        let now = self.now();
        let (window, before) = period(&words, now, &zone)?;
        let mut query = Query::new(env, window, now).of(products.iter().cloned());
        query.before = before;
        query.rework_counts = match words.rework.as_str() {
            "" | "yes" => true,
            "no" => false,
            other => {
                let found = format!("“{}”", other.chars().take(60).collect::<String>());
                return Err(Refusal::invalid("rework", found, "“yes” or “no”"));
            }
        };
        let query = query.cut(width.cut(window, &zone)?);
        Ok(Asked { query, products, zone, width, words })
    }
}

/// A figure by its name in addresses.
pub fn figure_named(name: &str) -> Result<FigureName, Refusal> {
    FigureName::named(name).ok_or_else(|| {
        let short: String = name.chars().take(60).collect();
        Refusal::not_found(format!("figure “{short}”"))
    })
}

fn products(sight: &Sight, words: &str) -> Result<BTreeSet<ProductSlug>, Refusal> {
    if words.trim().is_empty() || words.trim() == "*" {
        return Ok(sight.products().map(|product| product.slug.clone()).collect());
    }
    let seen = |text: &str| {
        let short: String = text.chars().take(60).collect();
        let unknown = || Refusal::not_found(format!("product “{short}”"));
        let slug: ProductSlug = text.parse().map_err(|_| unknown())?;
        if sight.world.product(&slug).is_some() && sight.sees(&slug) { Ok(slug) } else { Err(unknown()) }
    };
    words.split(',').map(str::trim).filter(|text| !text.is_empty()).map(seen).collect()
}

fn width(words: &str) -> Result<Width, Refusal> {
    match words {
        "day" => Ok(Width::Day),
        "" | "week" => Ok(Width::Week),
        "month" => Ok(Width::Month),
        other => {
            let found = format!("“{}”", other.chars().take(60).collect::<String>());
            Err(Refusal::invalid("bucket", found, "“day”, “week” or “month”"))
        }
    }
}

const CUSTOM: &str = "custom";
/// The last that is shown where nobody says otherwise.
const USUAL: Lookback = Lookback::Days(90);

/// The stretch and the one it is compared with. `from` and `to` alone are a custom period.
fn period(words: &Words, now: Timestamp, zone: &ZoneName) -> Result<(Stretch, Stretch), Refusal> {
    let custom =
        words.period == CUSTOM || (words.period.is_empty() && (!words.from.is_empty() || !words.to.is_empty()));
    if !custom {
        let lookback = if words.period.is_empty() { USUAL } else { words.period.parse()? };
        return lookback.stretches(now, zone);
    }
    let starts = moment("from", &words.from, zone)?;
    let ends = moment("to", &words.to, zone)?;
    if ends <= starts {
        return Err(Refusal::invalid("to", format!("“{}”", words.to.trim()), "a time after “from”"));
    }
    let before = starts.checked_sub_signed(ends - starts).unwrap_or(starts);
    Ok((Stretch { starts, ends }, Stretch { starts: before, ends: starts }))
}

/// An instant, or a date, which means its midnight in the zone.
fn moment(field: &'static str, text: &str, zone: &ZoneName) -> Result<Timestamp, Refusal> {
    let text = text.trim();
    let sound = |at: &Timestamp| (1970..=9_998).contains(&chrono::Datelike::year(at));
    if let Ok(date) = text.parse::<NaiveDate>() {
        let at = zone.instant(date.and_time(chrono::NaiveTime::MIN))?;
        if sound(&at) {
            return Ok(at);
        }
    }
    let found: String = text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.parse::<Timestamp>().ok().filter(sound).ok_or_else(|| {
        let found = if found.is_empty() { "nothing".to_owned() } else { format!("“{found}”") };
        Refusal::invalid(field, found, "a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z")
    })
}
