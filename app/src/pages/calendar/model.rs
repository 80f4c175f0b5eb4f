//! What the calendar page shows, and where it comes from.

use crate::failure::Failure;
use chrono::NaiveDate;
use domain::{
    Timestamp,
    calendar::{Kind, Part},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarView {
    pub product: String,
    /// Slug and name of the first products that this person sees.
    pub products: Vec<(String, String)>,
    /// The zone in which days begin here.
    pub zone: String,
    pub from: NaiveDate,
    pub today: NaiveDate,
    pub days: Vec<Day>,
    pub conflicts: Vec<ConflictLine>,
    pub rules: Vec<RuleLine>,
    /// May set rules for a product, or everywhere.
    pub may_set: bool,
    /// May set rules for the chosen product.
    pub may_set_here: bool,
    /// The duties of the chosen product, with who is on.
    pub duties: Vec<DutyLine>,
    /// Who looks, and the feeds they made.
    pub person: String,
    pub feeds: Vec<FeedLine>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    pub date: NaiveDate,
    pub entries: Vec<Entry>,
}

/// One thing on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub kind: Kind,
    pub part: Part,
    pub title: String,
    pub concerns: String,
    /// In the zone of its rule, and in UTC where that differs.
    pub local: String,
    pub zone: String,
    pub utc: Option<String>,
    pub closes: bool,
    /// The clocks jump over its local start; it was moved.
    pub moved: bool,
    pub conflict: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictLine {
    pub sentence: String,
    pub concerns: String,
    pub at: Timestamp,
}

/// A rule that people set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleLine {
    pub id: String,
    pub product: String,
    pub kind: Kind,
    pub title: String,
    pub when: String,
    pub reason: String,
    pub by: String,
    pub at: Timestamp,
    pub over: bool,
    pub may_remove: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyLine {
    pub title: String,
    pub holder: Option<String>,
    pub until: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedLine {
    pub id: String,
    pub made: Timestamp,
}

#[server(prefix = "/see", endpoint = "calendar", input = GetUrl)]
pub async fn see_calendar(
    #[server(default)] view: String,
    #[server(default)] from: String,
    #[server(default)] product: String,
) -> Result<CalendarView, Failure> {
    crate::failure::answer(on_server::calendar(&view, &from, &product))
}

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::{CalendarView, ConflictLine, Day, DutyLine, Entry, FeedLine, RuleLine};
    use crate::{
        asking::{Asking, asking},
        pages::calendar::{dates::View, words},
    };
    use chrono::{Datelike as _, Days, NaiveDate, NaiveTime};
    use control::{
        Sight,
        calendar::{Concerned, Happening, Schedule, Source},
    };
    use domain::{
        Refusal, Timestamp,
        access::TokenScope,
        calendar::{Calendar, Part, Period, ZoneName},
        person::Reach,
        slug::ProductSlug,
        window,
    };
    use std::collections::BTreeSet;

    const MOST_PRODUCTS: usize = 100;
    const MOST_CONFLICTS: usize = 30;

    pub fn calendar(view: &str, from: &str, product: &str) -> Result<CalendarView, Refusal> {
        let asking = asking()?;
        let chosen = match product {
            "" => None,
            slug => {
                let slug: ProductSlug = slug.parse().map_err(|_| Refusal::not_found(format!("product “{slug}”")))?;
                asking.seen(&slug)?;
                Some(slug)
            }
        };
        let sight = Sight::of(&asking.control, asking.actor);
        let zone = zone(&sight, chosen.as_ref());
        let today = zone.wall(sight.now)?.0.date();
        let asked = from.parse::<NaiveDate>().ok().filter(|date| (1970..2200).contains(&date.year()));
        let (view, from) = (View::named(view), asked.unwrap_or(today));
        let (first, days) = view.days(from);
        let dates: Vec<NaiveDate> = first.iter_days().take(usize::try_from(days).unwrap_or(42)).collect();
        let last = first.checked_add_days(Days::new(days)).unwrap_or(first);
        let period = Period::new(midnight(first, &zone)?, midnight(last, &zone)?)?;
        let schedule = sight.schedule(chosen.as_ref(), &period);
        let products = sight.products().take(MOST_PRODUCTS).map(|p| (p.slug.to_string(), p.name.clone())).collect();
        Ok(CalendarView {
            product: product.to_owned(),
            products,
            zone: zone.to_string(),
            from,
            today,
            days: told_by_day(&schedule, &dates, &zone)?,
            conflicts: schedule
                .contradictions
                .iter()
                .take(MOST_CONFLICTS)
                .map(|c| ConflictLine {
                    sentence: c.conflict.sentence.clone(),
                    concerns: named(&c.products),
                    at: c.conflict.starts,
                })
                .collect(),
            rules: rules(&asking, &sight, chosen.as_ref()),
            may_set: may_set(&sight, &asking, &Reach::Everywhere)
                || sight.products().any(|p| may_set(&sight, &asking, &Reach::Product(p.slug.clone()))),
            may_set_here: chosen.as_ref().is_some_and(|slug| may_set(&sight, &asking, &Reach::Product(slug.clone()))),
            duties: chosen.as_ref().map(|slug| duties(&asking, &sight, slug)).unwrap_or_default(),
            person: asking.person.to_string(),
            feeds: feeds(&asking),
        })
    }

    /// Days begin as the playbook of the chosen product says, else in UTC.
    fn zone(sight: &Sight, product: Option<&ProductSlug>) -> ZoneName {
        let product = product.and_then(|slug| sight.world.product(slug));
        let playbook = product.and_then(|p| sight.world.playbook_of(p));
        let named = playbook.and_then(|p| p.calendar.zone.as_str().parse::<ZoneName>().ok());
        named.filter(|zone| zone.resolve().is_ok()).unwrap_or_else(ZoneName::utc)
    }

    /// Where a day begins: the first instant whose wall shows it.
    fn midnight(date: NaiveDate, zone: &ZoneName) -> Result<Timestamp, Refusal> {
        let utc = date.and_time(NaiveTime::MIN).and_utc();
        let ahead = zone.wall(utc)?.1;
        let guess = utc - chrono::Duration::minutes(i64::from(ahead));
        // Once more, in case the clocks change in between.
        let ahead = zone.wall(guess)?.1;
        Ok(utc - chrono::Duration::minutes(i64::from(ahead)))
    }

    fn told_by_day(schedule: &Schedule, dates: &[NaiveDate], zone: &ZoneName) -> Result<Vec<Day>, Refusal> {
        let in_conflict: BTreeSet<_> = schedule
            .contradictions
            .iter()
            .flat_map(|c| c.conflict.rules.iter().map(move |r| (r, c.conflict.starts, c.conflict.ends)))
            .collect();
        let mut days: Vec<Day> = dates.iter().map(|date| Day { date: *date, entries: Vec::new() }).collect();
        for happening in &schedule.happenings {
            let o = &happening.occurrence;
            let starts = zone.wall(o.starts)?.0.date();
            let ends = zone.wall(o.ends - chrono::Duration::seconds(1))?.0.date();
            let conflict = o.part == Part::Itself
                && in_conflict.iter().any(|(rule, from, to)| **rule == o.rule && *from < o.ends && o.starts < *to);
            for day in days.iter_mut().filter(|day| (starts..=ends).contains(&day.date)) {
                day.entries.push(entry(happening, conflict));
            }
        }
        Ok(days)
    }

    fn entry(happening: &Happening, conflict: bool) -> Entry {
        let Happening { source, products, occurrence: o } = happening;
        let utc = (o.starts.naive_utc(), o.ends.naive_utc());
        let differs = utc != (o.local_starts, o.local_ends);
        Entry {
            kind: o.kind,
            part: o.part,
            title: match o.part {
                Part::Itself | Part::CodeFreeze => o.title.clone(),
                Part::DaysBefore => format!("Before {}", o.title),
            },
            concerns: match source {
                Source::Everywhere => "everywhere".to_owned(),
                Source::Product(product) => product.to_string(),
                Source::Playbook(_) => named(products),
            },
            local: words::stretch(o.local_starts, o.local_ends),
            zone: o.zone.to_string(),
            utc: differs.then(|| words::stretch(utc.0, utc.1)),
            closes: o.closes,
            moved: o.moved,
            conflict,
        }
    }

    fn named(products: &Concerned) -> String {
        let names: Vec<&str> = products.named.iter().take(3).map(ProductSlug::as_str).collect();
        match products.count.saturating_sub(names.len()) {
            0 => names.join(", "),
            more => format!("{} and {more} more", names.join(", ")),
        }
    }

    fn may_set(sight: &Sight, asking: &Asking, reach: &Reach) -> bool {
        match reach {
            Reach::Everywhere => window::may_set(reach, &asking.control.authority(asking.actor, None), "").is_ok(),
            Reach::Product(slug) => window::may_set(reach, &sight.rights(slug), "").is_ok(),
        }
    }

    fn rules(asking: &Asking, sight: &Sight, chosen: Option<&ProductSlug>) -> Vec<RuleLine> {
        let of_products = sight.products().filter(|p| chosen.is_none_or(|slug| slug == &p.slug));
        let reaches = of_products.map(|p| Reach::Product(p.slug.clone())).chain([Reach::Everywhere]);
        let ahead = Period::new(sight.now, sight.now + chrono::Duration::days(5 * 365)).ok();
        let mut lines = Vec::new();
        for reach in reaches {
            let Some(windows) = sight.world.windows(&reach) else { continue };
            let may_remove = may_set(sight, asking, &reach);
            for saved in windows.rules.values() {
                let calendar = Calendar::new([saved.rule.clone()]).unwrap_or_default();
                let dated = saved.rule.schedule().is_some();
                lines.push(RuleLine {
                    id: saved.rule.id().to_string(),
                    product: if reach == Reach::Everywhere { "everywhere".to_owned() } else { reach.to_string() },
                    kind: saved.rule.kind(),
                    title: saved.rule.title().to_owned(),
                    when: saved.rule.schedule().map_or_else(String::new, domain::calendar::Schedule::words),
                    reason: saved.reason.clone(),
                    by: saved.by.person().map_or_else(|| "Pilothouse".to_owned(), |id| asking.control.name(id)),
                    at: saved.at,
                    over: dated && ahead.is_some_and(|ahead| calendar.occurrences(&ahead).is_empty()),
                    may_remove,
                });
            }
        }
        lines.sort_by(|a, b| (a.over, &a.title).cmp(&(b.over, &b.title)));
        lines
    }

    fn duties(asking: &Asking, sight: &Sight, product: &ProductSlug) -> Vec<DutyLine> {
        let Ok(period) = Period::new(sight.now, sight.now + chrono::Duration::days(1)) else { return Vec::new() };
        let line = |duty: control::calendar::Duty| DutyLine {
            title: duty.title,
            holder: duty.now.map(|turn| asking.control.name(turn.holder)),
            until: duty.now.map(|turn| turn.ends),
        };
        sight.duties(product, &period).into_iter().map(line).collect()
    }

    fn feeds(asking: &Asking) -> Vec<FeedLine> {
        let (world, now) = (asking.control.world(), asking.control.now());
        let tokens = world.person(asking.person).map(|p| p.tokens.clone()).unwrap_or_default();
        let open = tokens.iter().filter(|(_, t)| t.scopes.contains(&TokenScope::CalendarFeed) && t.is_valid(now));
        open.map(|(id, token)| FeedLine { id: id.to_string(), made: token.issued_at }).collect()
    }

    #[cfg(test)]
    mod tests {
        use super::midnight;
        use domain::calendar::{ZoneName, local_time};

        #[test]
        fn days_begin_with_the_zone_on_both_sides_of_a_change_of_the_clocks() {
            for (zone, date, begins) in [
                ("UTC", "2026-11-20", "2026-11-20T00:00:00+00:00"),
                ("Europe/London", "2026-03-29", "2026-03-29T00:00:00+00:00"),
                ("Europe/London", "2026-03-30", "2026-03-29T23:00:00+00:00"),
                ("Europe/London", "2026-10-26", "2026-10-26T00:00:00+00:00"),
                ("America/New_York", "2026-11-02", "2026-11-02T05:00:00+00:00"),
                ("Pacific/Auckland", "2026-09-28", "2026-09-27T11:00:00+00:00"),
            ] {
                let name: ZoneName = zone.parse().expect(zone);
                let date = local_time("from", date, &name).expect(date).date();
                assert_eq!(midnight(date, &name).expect(zone).to_rfc3339(), begins, "{zone} {date}");
            }
        }
    }
}
