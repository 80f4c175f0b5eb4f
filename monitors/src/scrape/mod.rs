//! Reads `/metrics` of the arms directly and counts what was added between two looks: for teams without Prometheus.

mod selector;
mod settings;
mod since;
pub mod text;

pub use settings::FIELDS;

use crate::{
    access::{Access, Timed},
    arms::{Named, Names},
    instruments::findings,
    number::{fresh, instant, parse, sound},
    prometheus::{nothing, pick::classic, who},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use control::{
    clock::Clock,
    driver::Finding,
    monitor::{Asked, Buckets, Connection, Look, Measured, Missing, Monitor, Part, Question},
};
use domain::{Refusal, Timestamp, environment::EnvironmentId};
use futures::{StreamExt, stream};
use outbound::template::Template;
use selector::Selector;
use settings::Metrics;
use since::{Gain, Labels, Page, STARTED};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

/// So many pages are under way at once.
const AT_ONCE: usize = 8;

/// Watches one environment, and remembers its last look.
#[derive(Debug)]
pub struct Scrape {
    pages: Vec<Template>,
    access: Access,
    names: Names,
    metrics: Metrics,
    last: Mutex<Last>,
}

#[derive(Debug, Default)]
struct Last {
    /// By address.
    pages: BTreeMap<String, Page>,
    /// Whoever asks the same again gets the same: a window is counted once.
    look: Option<(Question, Look)>,
}

/// A page as it is now, and as it was.
type Now = BTreeMap<String, Result<(Page, Timestamp), Missing>>;

impl Scrape {
    pub fn new(place: &EnvironmentId, connection: &Connection, clock: Arc<dyn Clock>) -> Result<Self, Refusal> {
        let settings::Set { pages, access, names, metrics } = settings::read(place, connection, clock)?;
        Ok(Self { pages, access, names, metrics, last: Mutex::default() })
    }

    /// The addresses where one service of one arm counts.
    fn addresses(&self, service: &str, named: &Named, window: u32) -> Vec<String> {
        let values = self.names.values(Some(service), Some(&named.name), window);
        self.pages.iter().filter_map(|page| page.fill_address(&values).ok()).collect()
    }

    async fn fetch(&self, page: String, question: &Question) -> (Asked, String, Result<(Page, Timestamp), Missing>) {
        let Timed { what, at, took_ms } = self.access.get("pages", &page, "text/plain;version=0.0.4").await;
        let mut answered = String::new();
        let read = what.and_then(|reply| {
            answered = reply.quote();
            let wrong = |why: String| Missing::failed(reply.cover(&format!("{page}: {why}.")));
            let text = std::str::from_utf8(&reply.body).map_err(|_| wrong("it is no text".to_owned()))?;
            let lines = text::read(text, |name| self.wants(name)).map_err(wrong)?;
            for line in &lines {
                let what = format!("{} on {page}", line.name);
                if let Some(seconds) = line.at {
                    let taken =
                        instant(seconds).ok_or_else(|| Missing::failed(format!("{what} has no sound time.")))?;
                    fresh(&what, taken, question)?;
                }
            }
            Ok((Page::new(question.end, &lines)?, at))
        });
        if let Err(missing) = &read {
            answered.clone_from(&missing.why);
        }
        let asked = Asked { metric: "page".to_owned(), query: page.clone(), answered, good: read.is_ok(), at, took_ms };
        (asked, page, read)
    }

    fn wants(&self, name: &str) -> bool {
        let Metrics { requests, errors, latency, gauges, .. } = &self.metrics;
        let plain = requests.iter().chain(errors).chain(gauges.iter().map(|(_, selector)| selector));
        name == STARTED
            || plain.into_iter().any(|selector| selector.name == name)
            || latency.iter().any(|selector| name.strip_suffix("_bucket") == Some(&selector.name))
    }

    /// All pages of the question, each asked once.
    async fn now(&self, arms: &[Named], question: &Question) -> (Vec<Asked>, Now) {
        let window = question.window.seconds();
        let mut all = BTreeSet::new();
        for service in &self.names.services {
            all.extend(arms.iter().flat_map(|named| self.addresses(service, named, window)));
        }
        let answers: Vec<_> =
            stream::iter(all.into_iter().map(|page| self.fetch(page, question))).buffered(AT_ONCE).collect().await;
        let mut asked = Vec::new();
        let now = answers.into_iter().map(|(one, page, read)| {
            asked.push(one);
            (page, read)
        });
        let now = now.collect();
        (asked, now)
    }

    fn part(
        &self,
        service: &str,
        named: &Named,
        question: &Question,
        now: &Now,
        before: &BTreeMap<String, Page>,
    ) -> Part {
        let who = who(service, named);
        let pages = self.addresses(service, named, question.window.seconds());
        let mine = |labels: &Labels| {
            let has = |label: &str, value: &str| labels.get(label).is_some_and(|found| found == value);
            let by_arm = self.pages.iter().all(|page| page.has("arm"));
            let by_service = self.pages.iter().all(|page| page.has("service"));
            (by_arm || has(&self.names.arm_label, &named.name))
                && (by_service || self.names.service_label.as_deref().is_none_or(|label| has(label, service)))
        };
        let gained = |selector: &Selector, suffix: &str| -> Result<(Vec<Gain>, Timestamp), Missing> {
            let (mut all, mut at) = (Vec::new(), question.end);
            for page in &pages {
                let (new, taken) = read(now, page)?;
                let old = before.get(page).ok_or_else(|| first(page))?;
                apart(old.end, question)?;
                at = at.min(*taken);
                all.extend(new.gained(old, selector, suffix, mine)?);
            }
            Ok((all, at))
        };
        let known = |selector: &Selector, suffix: &str| {
            let lines = gained(selector, suffix)?;
            if lines.0.is_empty() {
                return Err(Missing::absent(format!("No page has a series of {}{suffix} for {who}.", selector.name)));
            }
            Ok(lines)
        };
        let sum = |lines: Vec<Gain>| lines.into_iter().map(|(_, count)| count).sum::<f64>();
        let requests =
            self.metrics.requests.as_ref().map(|selector| known(selector, "").map(|(lines, at)| (sum(lines), at)));
        // No series of errors beside one of requests: none has failed yet.
        let errors = self.metrics.errors.as_ref().map(|selector| match &requests {
            Some(Err(missing)) => Err(missing.clone()),
            _ => gained(selector, "").map(|(lines, at)| (sum(lines), at)),
        });
        let latency = self.metrics.latency.as_ref().map(|selector| {
            let (lines, at) = known(selector, "_bucket")?;
            Ok((self.buckets(&who, lines)?, at))
        });
        let gauge = |selector: &Selector| -> Result<(f64, Timestamp), Missing> {
            let (mut values, mut at) = (Vec::new(), question.end);
            for page in &pages {
                let (new, taken) = read(now, page)?;
                at = at.min(*taken);
                values.extend(new.values(selector, mine));
            }
            if values.is_empty() {
                return Err(Missing::absent(format!("No page has a series of {} for {who}.", selector.name)));
            }
            let count = f64::from(u32::try_from(values.len()).unwrap_or(u32::MAX));
            Ok((sound(&selector.name, values.iter().sum::<f64>() / count)?, at))
        };
        Part {
            service: service.to_owned(),
            arm: named.arm,
            requests: requests.map_or_else(|| Measured::not_asked("requests"), Measured::from),
            errors: errors.map_or_else(|| Measured::not_asked("errors"), Measured::from),
            latency: latency.map_or_else(|| Measured::not_asked("latency"), Measured::from),
            gauges: self.metrics.gauges.iter().map(|(name, selector)| (name.clone(), gauge(selector).into())).collect(),
        }
    }

    /// All instances of an arm in one histogram.
    fn buckets(&self, who: &str, lines: Vec<Gain>) -> Result<Buckets, Missing> {
        let what = format!("The histogram for {who}");
        let mut sums: Vec<(f64, f64)> = Vec::new();
        for (labels, count) in lines {
            let bound = labels.get("le").and_then(|text| parse(text)).filter(|bound| !bound.is_nan());
            let bound = bound.ok_or_else(|| Missing::failed(format!("{what} has a series without a sound le.")))?;
            match sums.iter_mut().find(|(known, _)| known.total_cmp(&bound).is_eq()) {
                Some((_, sum)) => *sum += count,
                None => sums.push((bound, count)),
            }
        }
        classic(&what, sums, self.metrics.unit)
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Monitor for Scrape {
    async fn look(&self, question: &Question) -> Look {
        if let Some((_, look)) = self.last().look.as_ref().filter(|(asked, _)| asked == question) {
            return look.clone();
        }
        let mut look = Look::new(question.end);
        let arms = match self.names.arms(&question.arms) {
            Ok(arms) => arms,
            Err(missing) => {
                look.parts = nothing(&self.names.services, question, &missing);
                return look;
            }
        };
        let (asked, now) = self.now(&arms, question).await;
        look.asked = asked;
        let mut last = self.last();
        // Somebody else may have counted this window meanwhile.
        if let Some((_, look)) = last.look.as_ref().filter(|(asked, _)| asked == question) {
            return look.clone();
        }
        for service in &self.names.services {
            look.parts.extend(arms.iter().map(|named| self.part(service, named, question, &now, &last.pages)));
        }
        last.pages = now.into_iter().filter_map(|(page, read)| Some((page, read.ok()?.0))).collect();
        last.look = Some((question.clone(), look.clone()));
        look
    }

    /// Looks once, and leaves what is remembered as it is: what there is shows, what is added does not.
    async fn test(&self, question: &Question) -> Vec<Finding> {
        let arms = match self.names.arms(&question.arms) {
            Ok(arms) => arms,
            Err(missing) => {
                return vec![Finding { what: "names of the arms".to_owned(), good: false, said: missing.why }];
            }
        };
        let (asked, now) = self.now(&arms, question).await;
        let mut found: Vec<Finding> = asked
            .into_iter()
            .map(|one| {
                let said = if one.good { format!("It answers metrics ({} ms).", one.took_ms) } else { one.answered };
                Finding { what: one.query, good: one.good, said }
            })
            .collect();
        // Against themselves: whether each series is there, without saying how many came.
        let same = now.iter().filter_map(|(page, read)| {
            let mut page_before = read.as_ref().ok()?.0.clone();
            page_before.end = question.end - TimeDelta::seconds(question.window.seconds().into());
            Some((page.clone(), page_before))
        });
        let same = same.collect();
        let mut look = Look::new(question.end);
        for service in &self.names.services {
            look.parts.extend(arms.iter().map(|named| self.part(service, named, question, &now, &same)));
        }
        found.extend(findings(&look));
        found
    }
}

fn read<'a>(now: &'a Now, page: &str) -> Result<&'a (Page, Timestamp), Missing> {
    match now.get(page) {
        Some(Ok(read)) => Ok(read),
        Some(Err(missing)) => Err(missing.clone()),
        None => Err(Missing::failed(format!("{page} was not asked."))),
    }
}

fn first(page: &str) -> Missing {
    Missing::absent(format!("This is the first look at {page}; what was added shows with the next."))
}

/// Counts belong to a window: two looks must lie about one window apart.
fn apart(before: Timestamp, question: &Question) -> Result<(), Missing> {
    let window = TimeDelta::seconds(question.window.seconds().into());
    let gap = question.end - before;
    if gap < window / 2 || gap > window * 3 / 2 {
        let why = format!(
            "The last look was {} s ago, which is not one window of {} s; counting begins anew.",
            gap.num_seconds(),
            question.window.seconds()
        );
        return Err(Missing::absent(why));
    }
    Ok(())
}
