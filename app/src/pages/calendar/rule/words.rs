//! A rule as its form says it: what was typed, and what rule that makes.

use serde::{Deserialize, Serialize};

/// All as typed; `envs` and `except_types` are what is ticked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleWords {
    pub product: String,
    pub kind: String,
    pub title: String,
    pub reason: String,
    pub zone: String,
    pub from: String,
    pub to: String,
    /// An RRULE of the list, `other` for the one typed, or nothing for once.
    pub repeats: String,
    pub rrule: String,
    pub envs: Vec<String>,
    pub except_types: Vec<String>,
    pub cut_off_days: String,
    pub cut_off_at: String,
    pub days_before: String,
    /// Anything: it is only shown.
    pub shown_only: String,
    /// The release type that openings are told for.
    pub for_type: String,
}

/// How often, in the words of the form.
pub const REPEATS: [(&str, &str); 9] = [
    ("", "Once"),
    ("FREQ=DAILY", "Every day"),
    ("FREQ=WEEKLY", "Every week"),
    ("FREQ=WEEKLY;INTERVAL=2", "Every 2 weeks"),
    ("FREQ=WEEKLY;INTERVAL=4", "Every 4 weeks"),
    ("FREQ=WEEKLY;INTERVAL=6", "Every 6 weeks"),
    ("FREQ=MONTHLY", "Every month on that day"),
    ("FREQ=YEARLY", "Every year"),
    ("other", "As the RRULE below says"),
];

impl RuleWords {
    /// From the fields of an address or a form, by name.
    pub fn of(fields: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut words = Self::default();
        for (name, value) in fields {
            let place = match name.as_str() {
                "product" => &mut words.product,
                "kind" => &mut words.kind,
                "title" => &mut words.title,
                "reason" => &mut words.reason,
                "zone" => &mut words.zone,
                "from" => &mut words.from,
                "to" => &mut words.to,
                "repeats" => &mut words.repeats,
                "rrule" => &mut words.rrule,
                "cut_off_days" => &mut words.cut_off_days,
                "cut_off_at" => &mut words.cut_off_at,
                "days_before" => &mut words.days_before,
                "shown_only[]" => &mut words.shown_only,
                "for_type" => &mut words.for_type,
                "envs[]" => {
                    words.envs.push(value);
                    continue;
                }
                "except_types[]" => {
                    words.except_types.push(value);
                    continue;
                }
                _ => continue,
            };
            *place = value;
        }
        words
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::RuleWords;
    use domain::{
        Refusal,
        calendar::{ClockTime, CutOff, Kind, Rrule, Rule, RuleDraft, ZoneName, local_time},
        slug::RuleId,
    };
    use std::{collections::BTreeSet, str::FromStr};

    impl RuleWords {
        /// The rule, or what is wrong with it first; named as the form names its fields.
        pub fn rule(&self, id: RuleId) -> Result<Rule, Refusal> {
            let kind = Kind::ALL.into_iter().find(|kind| kind.words() == self.kind);
            let kind =
                kind.ok_or_else(|| Refusal::invalid("kind", format!("“{}”", self.kind), "a kind of the list"))?;
            let zone: ZoneName = self.zone.trim().parse()?;
            zone.resolve()?;
            let mut draft = RuleDraft::new(id, kind, &self.title);
            draft.rrule = self.repetition()?;
            draft.envs = ticked("envs", &self.envs)?;
            draft.except_types = ticked("except_types", &self.except_types)?;
            draft.closes = (kind.is_window() && !self.shown_only.is_empty()).then_some(false);
            draft.days_before = number("days_before", &self.days_before)?.filter(|days| *days > 0);
            draft.cut_off = self.cut_off()?;
            let time = |field, text: &str| match text.trim() {
                "" => Err(Refusal::invalid(field, "nothing", "a date and a time")),
                text => local_time(field, text, &zone),
            };
            draft = draft.between(time("from", &self.from)?, time("to", &self.to)?)?;
            draft.zone = Some(zone);
            draft.check().map_err(|all| {
                let first = all.into_iter().next().unwrap_or_else(|| Refusal::invalid("title", "nothing", "a rule"));
                match first.field.as_deref() {
                    Some("cut_off") => first.on("cut_off_days"),
                    Some("closes") => first.on("shown_only"),
                    Some("ends_at" | "ends_after_days" | "lasts") => first.on("to"),
                    Some("starts" | "at") => first.on("from"),
                    _ => first,
                }
            })
        }

        fn repetition(&self) -> Result<Option<Rrule>, Refusal> {
            let text = match self.repeats.as_str() {
                "" if !self.rrule.trim().is_empty() => {
                    let allowed = "nothing here, or “As the RRULE below says” above";
                    return Err(Refusal::invalid("rrule", format!("“{}”", self.rrule.trim()), allowed));
                }
                "" => return Ok(None),
                "other" => self.rrule.trim(),
                listed => listed,
            };
            text.parse().map(Some).map_err(|no: Refusal| no.on("rrule"))
        }

        fn cut_off(&self) -> Result<Option<CutOff>, Refusal> {
            let days = number("cut_off_days", &self.cut_off_days)?;
            match (days, self.cut_off_at.trim()) {
                (None, "") => Ok(None),
                (Some(_), "") => Err(Refusal::invalid("cut_off_at", "nothing", "a local time such as “18:00”")),
                (days, at) => {
                    let at = at.parse::<ClockTime>().map_err(|no| no.on("cut_off_at"))?;
                    Ok(Some(CutOff { days_before: days.unwrap_or(0), at }))
                }
            }
        }
    }

    fn number(field: &'static str, text: &str) -> Result<Option<u16>, Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| Refusal::invalid(field, format!("“{text}”"), "a number of days, 0 to 60"))
    }

    fn ticked<T: FromStr + Ord>(field: &'static str, texts: &[String]) -> Result<BTreeSet<T>, Refusal> {
        let read = |text: &String| {
            text.parse().map_err(|_| Refusal::invalid(field, format!("“{text}”"), "a name of the list"))
        };
        texts.iter().map(read).collect()
    }

    #[cfg(test)]
    mod tests {
        use super::RuleWords;
        use domain::calendar::{Kind, RuleDraft};

        fn words(change: impl FnOnce(&mut RuleWords)) -> Result<RuleDraft, (String, String)> {
            let mut words = RuleWords {
                product: "shop".to_owned(),
                kind: "freeze".to_owned(),
                title: "Audit week".to_owned(),
                reason: "Audit.".to_owned(),
                zone: "Europe/London".to_owned(),
                from: "2027-03-22T09:00".to_owned(),
                to: "2027-03-26T18:00".to_owned(),
                ..RuleWords::default()
            };
            change(&mut words);
            let rule = words.rule("w-1".parse().expect("an id"));
            rule.map(RuleDraft::from).map_err(|no| (no.field.unwrap_or_default(), no.allowed.unwrap_or_default()))
        }

        #[test]
        fn what_is_typed_makes_a_rule() {
            let freeze = words(|_| {}).expect("a freeze");
            assert_eq!((freeze.kind, freeze.ends_after_days, freeze.closes), (Kind::Freeze, Some(4), None));
            let train = words(|w| {
                (w.kind, w.to, w.repeats) =
                    ("train".into(), "2027-03-22T11:00".into(), "FREQ=WEEKLY;INTERVAL=2".into());
                (w.cut_off_days, w.cut_off_at) = ("1".into(), "18:00".into());
            });
            assert_eq!(train.expect("a train").cut_off.map(|c| c.days_before), Some(1));
            let shown = words(|w| (w.kind, w.shown_only) = ("company event".into(), "yes".into())).expect("an event");
            assert_eq!(shown.closes, Some(false));
            let holiday = words(|w| (w.kind, w.days_before) = ("holiday".into(), "2".into())).expect("a holiday");
            assert_eq!(holiday.days_before, Some(2));
        }

        #[test]
        fn what_is_wrong_is_said_at_the_field_of_the_form() {
            let field = |change: fn(&mut RuleWords)| words(change).expect_err("refused").0;
            assert_eq!(field(|w| w.kind = "siesta".into()), "kind");
            assert_eq!(field(|w| w.zone = "Europe/Lundon".into()), "zone");
            assert_eq!(field(|w| w.from = String::new()), "from");
            assert_eq!(field(|w| w.to = "2027-03-01T09:00".into()), "to");
            assert_eq!(field(|w| w.title = " ".into()), "title");
            assert_eq!(field(|w| w.rrule = "FREQ=DAILY".into()), "rrule");
            assert_eq!(field(|w| (w.repeats, w.rrule) = ("other".into(), "FREQ=NEVER".into())), "rrule");
            assert_eq!(field(|w| w.days_before = "2".into()), "days_before", "a freeze has none");
            assert_eq!(field(|w| (w.cut_off_days, w.cut_off_at) = ("1".into(), "18:00".into())), "cut_off_days");
            assert_eq!(field(|w| (w.kind, w.cut_off_days) = ("train".into(), "1".into())), "cut_off_at");
            assert_eq!(field(|w| w.except_types = vec!["Not A Slug".into()]), "except_types");
        }
    }
}
