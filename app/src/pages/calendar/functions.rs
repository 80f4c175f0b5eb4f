//! Server functions that change the calendar.

use super::rule::RuleWords;
use crate::{
    failure::Failure,
    forms::{Accepted, Notice},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A rotation as its form says it; empty places are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RotationWords {
    #[serde(default)]
    pub members: Vec<String>,
    #[serde(default)]
    pub starts: String,
    #[serde(default)]
    pub every_weeks: String,
    #[serde(default)]
    pub weekday: String,
    #[serde(default)]
    pub at: String,
    #[serde(default)]
    pub zone: String,
}

#[server(prefix = "/do", endpoint = "save_window")]
pub async fn save_window(#[server(flatten)] rule: RuleWords) -> Result<Notice, Failure> {
    crate::failure::answer(on_server::save(&rule).await)
}

#[server(prefix = "/do", endpoint = "remove_window")]
pub async fn remove_window(rule: String, #[server(default)] reason: String) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::remove(&rule, reason).await)
}

#[server(prefix = "/do", endpoint = "set_rotation")]
pub async fn set_rotation(
    product: String,
    role: String,
    #[server(flatten)] rotation: RotationWords,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::set_rotation(&product, &role, &rotation).await)
}

#[server(prefix = "/do", endpoint = "override_turn")]
pub async fn override_turn(
    product: String,
    role: String,
    from: String,
    to: String,
    holder: String,
    #[server(default)] reason: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::override_turn(&product, &role, (&from, &to), &holder, reason).await)
}

#[server(prefix = "/do", endpoint = "open_feed")]
pub async fn open_feed() -> Result<Notice, Failure> {
    crate::failure::answer(on_server::open_feed().await)
}

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::{RotationWords, RuleWords};
    use crate::{
        asking::{Asking, asking},
        forms::{Accepted, Notice},
        session::noticed,
    };
    use chrono::NaiveDate;
    use control::Command;
    use domain::{
        Class, Refusal,
        access::Authority,
        calendar::{ClockTime, Override, RotationDraft, ZoneName},
        person::{PersonId, Reach},
        slug::{ProductSlug, RotationId, RuleId},
        window,
    };

    /// The place where something is to be set, if the asker may.
    pub fn settable(asking: &Asking, product: &str, to: &str) -> Result<Reach, Refusal> {
        let unknown = |_| Refusal::invalid("product", format!("“{product}”"), "a product of the list, or “*”");
        let reach = Reach::try_from(product.to_owned()).map_err(unknown)?;
        let by: Authority = match &reach {
            Reach::Everywhere => asking.control.authority(asking.actor, None),
            Reach::Product(slug) => asking.seen(slug)?.1,
        };
        window::may_set(&reach, &by, to)?;
        Ok(reach)
    }

    pub async fn save(words: &RuleWords) -> Result<Notice, Refusal> {
        let asking = asking()?;
        let reach = settable(&asking, &words.product, "set rules of the calendar")?;
        let rule = words.rule(asking.control.fresh_rule_id())?;
        let starts = rule.schedule().map(domain::calendar::Schedule::starts);
        let (kind, title) = (rule.kind(), rule.title().to_owned());
        let when = rule.schedule().map_or_else(String::new, domain::calendar::Schedule::words);
        let command = window::Command::SaveRule { rule: Box::new(rule), reason: words.reason.clone() };
        asking.order(Command::Calendar(reach.clone(), command)).await?;
        let from = starts.map_or_else(String::new, |date| format!("&from={date}"));
        let product = if let Reach::Product(slug) = &reach { format!("&product={slug}") } else { String::new() };
        leptos_axum::redirect(&format!("/calendar?view=month{from}{product}"));
        Ok(noticed(Notice {
            title: format!("Saved: {kind} “{title}”"),
            text: format!("It counts from now on: {when}."),
            secret: None,
            keeps: false,
        }))
    }

    pub async fn remove(rule: &str, reason: String) -> Result<Accepted, Refusal> {
        let asking = asking()?;
        let unknown = || Refusal::not_found("rule of the calendar with this id");
        let rule: RuleId = rule.parse().map_err(|_| unknown())?;
        let reach = asking.control.world().set_for(&rule).cloned().ok_or_else(unknown)?;
        settable(&asking, &reach.to_string(), "remove rules of the calendar")
            .map_err(|no| if no.class == Class::NotFound { unknown() } else { no })?;
        let command = window::Command::RemoveRule { rule, reason };
        let receipt = asking.order(Command::Calendar(reach, command)).await?;
        Ok(Accepted { seq: receipt.seq })
    }

    fn duty(product: &str, role: &str) -> Result<(Asking, Reach, RotationId), Refusal> {
        let asking = asking()?;
        let product: ProductSlug = product.parse().map_err(|_| Refusal::not_found(format!("product “{product}”")))?;
        let reach = settable(&asking, product.as_str(), "say whose turn it is")?;
        let rotation = role.parse().map_err(|_| Refusal::not_found(format!("role “{role}”")))?;
        Ok((asking, reach, rotation))
    }

    pub async fn set_rotation(product: &str, role: &str, words: &RotationWords) -> Result<Accepted, Refusal> {
        let (asking, reach, id) = duty(product, role)?;
        let named = words.members.iter().filter(|text| !text.is_empty());
        let every_weeks = words.every_weeks.trim();
        // Who stands in from now on keeps doing so.
        let now = asking.control.now().date_naive();
        let set = asking.control.world().windows(&reach).and_then(|w| w.rotations.get(&id)).cloned();
        let overrides = set.map(|rotation| rotation.draft().overrides.clone()).unwrap_or_default();
        let draft = RotationDraft {
            id,
            members: named.map(|text| person("members", text)).collect::<Result<_, _>>()?,
            starts: day("starts", &words.starts)?,
            every_weeks: every_weeks
                .parse()
                .map_err(|_| Refusal::invalid("every_weeks", format!("“{every_weeks}”"), "1 to 52"))?,
            weekday: words
                .weekday
                .parse()
                .map_err(|_| Refusal::invalid("weekday", format!("“{}”", words.weekday), "Monday to Sunday"))?,
            at: words.at.trim().parse::<ClockTime>().map_err(|no| no.on("at"))?,
            zone: words.zone.trim().parse::<ZoneName>()?,
            overrides: overrides.into_iter().filter(|turn| turn.to >= now).collect(),
        };
        let command = window::Command::SetRotation { rotation: draft.try_into()? };
        let receipt = asking.order(Command::Calendar(reach, command)).await?;
        Ok(Accepted { seq: receipt.seq })
    }

    pub async fn override_turn(
        product: &str,
        role: &str,
        (from, to): (&str, &str),
        holder: &str,
        reason: String,
    ) -> Result<Accepted, Refusal> {
        let (asking, reach, rotation) = duty(product, role)?;
        let turn = Override { from: day("from", from)?, to: day("to", to)?, holder: person("holder", holder)? };
        let command = window::Command::OverrideTurn { rotation, turn, reason };
        let receipt = asking.order(Command::Calendar(reach, command)).await.map_err(|no| {
            // The form has no field of that name; it is the dates that do not fit.
            if no.field.as_deref() == Some("overrides") { no.on("from") } else { no }
        })?;
        Ok(Accepted { seq: receipt.seq })
    }

    pub async fn open_feed() -> Result<Notice, Refusal> {
        let asking = asking()?;
        let issued = asking.control.open_feed(asking.actor, asking.person).await?;
        Ok(noticed(Notice {
            title: "Your iCal address".to_owned(),
            text: "Subscribe to it in your calendar program. It is shown only now; revoke it on this page.".to_owned(),
            secret: Some(format!("/calendar/feed/{}.ics", issued.secret)),
            keeps: false,
        }))
    }

    fn day(field: &'static str, text: &str) -> Result<NaiveDate, Refusal> {
        let text = text.trim();
        text.parse().map_err(|_| Refusal::invalid(field, format!("“{text}”"), "a day such as 2027-01-04"))
    }

    fn person(field: &'static str, text: &str) -> Result<PersonId, Refusal> {
        text.parse().map_err(|_| Refusal::invalid(field, format!("“{text}”"), "a person of the list"))
    }
}

#[cfg(not(target_arch = "wasm32"))]
pub(super) use on_server::settable;
