//! Prometheus and what speaks its HTTP API: one query for each metric, for all arms and services where it groups.

pub mod answer;
mod chart;
mod native;
pub(crate) mod pick;
pub(crate) mod settings;

pub use settings::FIELDS;

use crate::{
    access::{Access, Timed},
    arms::{Named, Names},
    flights::{Flights, Key},
};
use answer::{Series, Track};
use async_trait::async_trait;
use control::{
    clock::Clock,
    driver::Finding,
    monitor::{Asked, Buckets, Chart, Connection, Look, Measured, Missing, Monitor, Part, Question, Stretch},
};
use domain::{Refusal, Timestamp, environment::EnvironmentId};
use futures::{StreamExt, stream};
use outbound::{Request, place, template::Template};
use pick::Wanted;
use reqwest::Method;
use settings::Queries;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, sync::Arc};
use url::Url;

/// So many queries of one environment are under way at once.
const AT_ONCE: usize = 4;

/// An answer as all get it who asked the same.
#[derive(Debug)]
pub struct Answer<T> {
    pub asked: Asked,
    pub result: Result<T, Missing>,
}

/// What is under way or was just answered, for all environments of one Prometheus.
#[derive(Debug, Default)]
pub struct Answers {
    vectors: Flights<Answer<Vec<Series>>>,
    matrices: Flights<Answer<Vec<Track>>>,
}

/// Asks for one environment.
#[derive(Debug)]
pub struct Prometheus {
    base: Url,
    access: Access,
    names: Names,
    queries: Queries,
    answers: Arc<Answers>,
}

/// The answers for one metric, by service and arm where it was asked for each.
type Found = BTreeMap<For, Arc<Answer<Vec<Series>>>>;

/// The service and the arm that a query is about; none where it is about all of them.
type For = (Option<String>, Option<String>);

impl Prometheus {
    pub fn new(
        place: &EnvironmentId,
        connection: &Connection,
        clock: Arc<dyn Clock>,
        answers: Arc<Answers>,
    ) -> Result<Self, Refusal> {
        let settings::Set { base, access, names, queries } = settings::read(place, connection, clock)?;
        Ok(Self { base, access, names, queries, answers })
    }

    fn templates(&self) -> impl Iterator<Item = (&str, &Template)> {
        let counted = [
            ("requests", &self.queries.requests),
            ("errors", &self.queries.errors),
            ("latency", &self.queries.latency),
        ];
        let counted = counted.into_iter().filter_map(|(name, template)| Some((name, template.as_ref()?)));
        counted.chain(self.queries.gauges.iter().map(|(name, template)| (name.as_str(), template)))
    }

    /// The queries that a template makes: one, or one for each service and arm that it has a place for.
    fn filled(&self, template: &Template, arms: &[Named], window: u32) -> Vec<(For, String)> {
        let each =
            |asked: bool, names: Vec<String>| if asked { names.into_iter().map(Some).collect() } else { vec![None] };
        let services = each(template.has("service"), self.names.services.clone());
        let arms = each(template.has("arm"), arms.iter().map(|named| named.name.clone()).collect());
        let mut all = Vec::new();
        for service in &services {
            for arm in &arms {
                let mut values = self.names.values(service.as_deref(), arm.as_deref(), window);
                for value in values.values_mut() {
                    *value = escaped(value);
                }
                // Every place that a template may have has a value here.
                if let Ok(query) = template.fill(&values) {
                    all.push(((service.clone(), arm.clone()), query));
                }
            }
        }
        all
    }

    /// Everything that is set, asked for one window.
    async fn found(&self, arms: &[Named], question: &Question) -> BTreeMap<&str, (&Template, Found)> {
        let (mut asking, mut found) = (Vec::new(), BTreeMap::new());
        for (name, template) in self.templates() {
            found.insert(name, (template, Found::new()));
            for (key, query) in self.filled(template, arms, question.window.seconds()) {
                asking.push(async move { (name, key, self.vector(name, query, question.end).await) });
            }
        }
        let answers: Vec<_> = stream::iter(asking).buffered(AT_ONCE).collect().await;
        for (name, key, answer) in answers {
            found.entry(name).and_modify(|(_, answers)| drop(answers.insert(key, answer)));
        }
        found
    }

    async fn vector(&self, metric: &str, query: String, time: Timestamp) -> Arc<Answer<Vec<Series>>> {
        let time = seconds(time);
        let parts = [("query", query.as_str()), ("time", &time)];
        let ask = || self.ask(metric, "api/v1/query", &query, &parts, answer::vector);
        self.answers.vectors.share(self.key("api/v1/query", &parts), ask).await
    }

    async fn ask<T>(
        &self,
        metric: &str,
        path: &str,
        query: &str,
        parts: &[(&str, &str)],
        read: impl Fn(&[u8]) -> Result<T, String>,
    ) -> Answer<T> {
        let url = self.base.join(path).unwrap_or_else(|_| self.base.clone());
        let host = place(&url);
        let Timed { what, at, took_ms } = self.access.ask(Request::new(Method::POST, url).form(parts)).await;
        let (answered, result) = match what {
            Ok(reply) => {
                let wrong = |why: String| Missing::failed(reply.cover(&format!("{host}: {why}.")));
                (reply.quote(), read(&reply.body).map_err(wrong))
            }
            Err(missing) => (missing.why.clone(), Err(missing)),
        };
        let good = result.is_ok();
        Answer {
            asked: Asked { metric: metric.to_owned(), query: query.to_owned(), answered, good, at, took_ms },
            result,
        }
    }

    fn key(&self, path: &str, parts: &[(&str, &str)]) -> Key {
        let mut hash = Sha256::new();
        hash.update(self.access.identity());
        for part in [self.base.as_str(), path].into_iter().chain(parts.iter().flat_map(|(name, value)| [*name, *value]))
        {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }

    /// The answer that speaks of this service and arm, and by which labels they are found in it.
    fn within<'a>(
        &'a self,
        found: &'a Found,
        template: &Template,
        service: &'a str,
        named: &'a Named,
        who: &'a str,
    ) -> Option<(&'a Answer<Vec<Series>>, Wanted<'a>)> {
        let (by_service, by_arm) = (template.has("service"), template.has("arm"));
        let key = (by_service.then(|| service.to_owned()), by_arm.then(|| named.name.clone()));
        let label = self.names.service_label.as_deref().filter(|_| !by_service);
        let wanted = Wanted {
            service: label.map(|label| (label, service)),
            arm: (!by_arm).then(|| Wanted::arm(&self.names.arm_label, named)),
            who,
        };
        Some((found.get(&key)?, wanted))
    }

    fn number(
        &self,
        found: Option<&(&Template, Found)>,
        what: &str,
        service: &str,
        named: &Named,
        question: &Question,
    ) -> Measured<f64> {
        let who = who(service, named);
        let Some((template, found)) = found else { return Measured::not_asked(what) };
        let Some((answer, wanted)) = self.within(found, template, service, named, &who) else {
            return Measured::not_asked(what);
        };
        let series = answer.result.as_ref().map_err(Missing::clone);
        series.and_then(|series| pick::number(series, wanted, question)).into()
    }

    fn latency(
        &self,
        found: Option<&(&Template, Found)>,
        service: &str,
        named: &Named,
        question: &Question,
    ) -> Measured<Buckets> {
        let who = who(service, named);
        let Some((template, found)) = found else { return Measured::not_asked("latency") };
        let Some((answer, wanted)) = self.within(found, template, service, named, &who) else {
            return Measured::not_asked("latency");
        };
        let series = answer.result.as_ref().map_err(Missing::clone);
        series.and_then(|series| pick::histogram(series, wanted, question, self.queries.unit)).into()
    }
}

#[async_trait]
impl Monitor for Prometheus {
    async fn look(&self, question: &Question) -> Look {
        let mut look = Look::new(question.end);
        let arms = match self.names.arms(&question.arms) {
            Ok(arms) => arms,
            Err(missing) => {
                look.parts = nothing(&self.names.services, question, &missing);
                return look;
            }
        };
        let found = self.found(&arms, question).await;
        for service in &self.names.services {
            for named in &arms {
                let number = |what: &str| self.number(found.get(what), what, service, named, question);
                look.parts.push(Part {
                    service: service.clone(),
                    arm: named.arm,
                    requests: number("requests"),
                    errors: number("errors"),
                    latency: self.latency(found.get("latency"), service, named, question),
                    gauges: self.queries.gauges.iter().map(|(name, _)| (name.clone(), number(name))).collect(),
                });
            }
        }
        // The words of whoever asked first may name another metric.
        let asked = |(name, (_, found)): (&&str, &(&Template, Found))| {
            found
                .values()
                .map(|answer| Asked { metric: (*name).to_owned(), ..answer.asked.clone() })
                .collect::<Vec<_>>()
        };
        look.asked = found.iter().flat_map(asked).collect();
        look
    }

    async fn chart(&self, stretch: &Stretch) -> Result<Chart, Missing> {
        self.draw(stretch).await
    }

    async fn test(&self, question: &Question) -> Vec<Finding> {
        let reached = self.vector("reach", "vector(1)".to_owned(), self.access.now()).await;
        let said = match &reached.result {
            Ok(_) => format!("{} answers queries ({} ms).", place(&self.base), reached.asked.took_ms),
            Err(missing) => missing.why.clone(),
        };
        let mut findings = vec![Finding { what: "address".to_owned(), good: reached.result.is_ok(), said }];
        if reached.result.is_ok() {
            findings.extend(crate::instruments::findings(&self.look(question).await));
        }
        findings
    }
}

/// Every part of every arm, missing for the same reason.
pub(crate) fn nothing(services: &[String], question: &Question, missing: &Missing) -> Vec<Part> {
    let part = |service: &String, arm| Part {
        service: service.clone(),
        arm,
        requests: Measured::Missing(missing.clone()),
        errors: Measured::Missing(missing.clone()),
        latency: Measured::Missing(missing.clone()),
        gauges: BTreeMap::new(),
    };
    services.iter().flat_map(|service| question.arms.iter().map(move |asking| part(service, asking.arm))).collect()
}

pub(crate) fn who(service: &str, named: &Named) -> String {
    format!("{} ({}) of {service}", named.arm, named.name)
}

/// An instant as Prometheus reads it.
fn seconds(at: Timestamp) -> String {
    format!("{}.{:03}", at.timestamp(), at.timestamp_subsec_millis())
}

/// For a place between quotation marks.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
