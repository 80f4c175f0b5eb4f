//! What the page for a new rule shows: what there is to choose from, and what a rule under trial would change.

use super::RuleWords;
use crate::failure::Failure;
use domain::{Refusal, Timestamp};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRule {
    /// With what nobody said filled in.
    pub words: RuleWords,
    /// `*` and slugs, with their names.
    pub products: Vec<(String, String)>,
    pub envs: Vec<(String, String)>,
    pub types: Vec<(String, String)>,
    pub tried: Option<Tried>,
    /// What is wrong with the rule under trial.
    pub refusal: Option<Refusal>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    pub product: String,
    pub kind: String,
    pub openings: Vec<OpeningLine>,
    pub conflicts: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningLine {
    pub local: String,
    pub zone: String,
    pub utc: Timestamp,
    pub lasts: String,
    /// The clocks of the zone stand differently from the line before.
    pub clocks_changed: bool,
    /// Without the rule it would not begin then.
    pub new: bool,
}

#[server(prefix = "/see", endpoint = "new_rule", input = GetUrl)]
pub async fn see_new_rule(
    #[server(flatten)] rule: RuleWords,
    #[server(default)] try_it: String,
) -> Result<NewRule, Failure> {
    crate::failure::answer(on_server::new_rule(rule, !try_it.is_empty()))
}

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::{NewRule, OpeningLine, RuleWords, Tried};
    use crate::{
        asking::{Asking, asking},
        pages::calendar::functions::settable,
    };
    use chrono::Days;
    use control::Sight;
    use domain::{
        Refusal,
        calendar::{Opening, Voyage, about_rule},
        person::Reach,
        slug::{EnvName, ProductSlug, TypeId},
        window,
    };
    use std::collections::BTreeMap;

    const MOST_PRODUCTS: usize = 200;
    const OPENINGS: usize = 10;

    pub fn new_rule(mut words: RuleWords, try_it: bool) -> Result<NewRule, Refusal> {
        let asking = asking()?;
        let sight = Sight::of(&asking.control, asking.actor);
        if !words.product.is_empty() {
            settable(&asking, &words.product, "set rules of the calendar")?;
        }
        let products = choices(&asking, &sight);
        if products.is_empty() {
            let why = "Your roles do not include the permission to set rules of the calendar.";
            return Err(Refusal::forbidden(why, "A release captain, or an administrator,"));
        }
        let (envs, types) = names(&sight, &products);
        suggest(&mut words, &sight, &products, &types);
        let (mut tried, mut refusal) = (None, None);
        if try_it {
            match attempt(&asking, &sight, &words) {
                Ok(outcome) => tried = Some(outcome),
                Err(no) => refusal = Some(no),
            }
        }
        Ok(NewRule { words, products, envs, types, tried, refusal })
    }

    /// Where this person may set rules.
    fn choices(asking: &Asking, sight: &Sight) -> Vec<(String, String)> {
        let may = |reach: &Reach| match reach {
            Reach::Everywhere => window::may_set(reach, &asking.control.authority(asking.actor, None), "").is_ok(),
            Reach::Product(slug) => window::may_set(reach, &sight.rights(slug), "").is_ok(),
        };
        let products = sight.products().filter(|p| may(&Reach::Product(p.slug.clone()))).take(MOST_PRODUCTS);
        let mut found: Vec<_> = products.map(|p| (p.slug.to_string(), p.name.clone())).collect();
        if may(&Reach::Everywhere) {
            found.push(("*".to_owned(), "Every product".to_owned()));
        }
        found
    }

    type Named = Vec<(String, String)>;

    /// Environments and release types of these products' playbooks.
    fn names(sight: &Sight, products: &[(String, String)]) -> (Named, Named) {
        let (mut envs, mut types) = (Vec::<(String, String)>::new(), BTreeMap::new());
        for (slug, _) in products {
            let product = slug.parse::<ProductSlug>().ok().and_then(|slug| sight.world.product(&slug));
            let Some(playbook) = product.and_then(|p| sight.world.playbook_of(p)) else { continue };
            for env in &playbook.environments {
                if !envs.iter().any(|(known, _)| known == env.name.as_str()) {
                    envs.push((env.name.to_string(), env.name.to_string()));
                }
            }
            types.extend(playbook.types.iter().map(|t| (t.id.to_string(), t.title.clone())));
        }
        (envs, types.into_iter().collect())
    }

    /// Fills in what nobody said: the first product, its zone, tomorrow from nine to five.
    fn suggest(words: &mut RuleWords, sight: &Sight, products: &Named, types: &Named) {
        let fill = |place: &mut String, usual: String| {
            if place.is_empty() {
                *place = usual;
            }
        };
        fill(&mut words.product, products.first().map(|(slug, _)| slug.clone()).unwrap_or_default());
        fill(&mut words.kind, "freeze".to_owned());
        let product = words.product.parse::<ProductSlug>().ok().and_then(|slug| sight.world.product(&slug));
        let playbook = product.and_then(|p| sight.world.playbook_of(p));
        fill(&mut words.zone, playbook.map_or_else(|| "UTC".to_owned(), |p| p.calendar.zone.as_str().to_owned()));
        let tomorrow = sight.now.date_naive().checked_add_days(Days::new(1)).unwrap_or_default();
        fill(&mut words.from, format!("{tomorrow}T09:00"));
        fill(&mut words.to, format!("{tomorrow}T17:00"));
        let first = types.iter().find(|(id, _)| !words.except_types.contains(id));
        fill(&mut words.for_type, first.map(|(id, _)| id.clone()).unwrap_or_default());
    }

    fn attempt(asking: &Asking, sight: &Sight, words: &RuleWords) -> Result<Tried, Refusal> {
        settable(asking, &words.product, "set rules of the calendar")?;
        let rule = words.rule(asking.control.fresh_rule_id())?;
        // What holds everywhere is tried on the first product.
        let product = match words.product.as_str() {
            "*" => sight.products().next().cloned(),
            slug => slug.parse::<ProductSlug>().ok().and_then(|slug| sight.world.product(&slug)).cloned(),
        };
        let product = product.ok_or_else(|| Refusal::not_found("product to try the rule on"))?;
        let kind: TypeId = words
            .for_type
            .parse()
            .map_err(|_| Refusal::invalid("for_type", format!("“{}”", words.for_type), "a type of the list"))?;
        let env = rule.scope().envs().iter().next().cloned().unwrap_or_else(EnvName::production);
        let (id, voyage) = (rule.id().clone(), Voyage::new(kind, env));
        let tried = sight.world.calendar_of(&product.slug).simulate(rule, &voyage, sight.now, OPENINGS);
        let tried = tried.map_err(|all| {
            let first = all.into_iter().next().unwrap_or_else(|| Refusal::invalid("rrule", "nothing", "a rule"));
            about_rule(first, &id)
        })?;
        let now: Vec<_> = tried.openings_now.iter().map(|o| (o.starts, o.ends)).collect();
        let line = |opening: Opening| OpeningLine {
            new: !now.contains(&(opening.starts, opening.ends)),
            local: opening.local_starts.format("%a %-d %b %Y, %H:%M").to_string(),
            zone: opening.zone.to_string(),
            utc: opening.starts,
            lasts: opening.ends.map_or_else(|| "and stays open".to_owned(), |ends| lasts(ends - opening.starts)),
            clocks_changed: opening.clocks_changed,
        };
        Ok(Tried {
            product: product.name.clone(),
            kind: voyage.kind.to_string(),
            openings: tried.openings.into_iter().map(line).collect(),
            conflicts: tried.conflicts.into_iter().take(OPENINGS).map(|conflict| conflict.sentence).collect(),
        })
    }

    /// “for 2 h”, “for 3 days”.
    fn lasts(span: chrono::Duration) -> String {
        match (span.num_days(), span.num_hours(), span.num_minutes()) {
            (days @ 2.., ..) => format!("for {days} days"),
            (_, hours, minutes) if minutes % 60 == 0 => format!("for {hours} h"),
            (_, hours, minutes) => format!("for {hours} h {} min", minutes % 60),
        }
    }
}
