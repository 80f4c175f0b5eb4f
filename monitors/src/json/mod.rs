//! Any JSON API: an address, and where in its answer each value stands.

mod settings;

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
use outbound::template::{Template, Values};
use serde_json::Value;
use settings::Paths;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

const AT_ONCE: usize = 4;
/// A histogram with more bounds is none.
const MOST_BOUNDS: usize = 400;

/// Asks for one environment.
#[derive(Debug)]
pub struct Json {
    url: Template,
    access: Access,
    names: Names,
    paths: Paths,
}

type Answers = BTreeMap<String, Result<(Value, Timestamp), Missing>>;

impl Json {
    pub fn new(place: &EnvironmentId, connection: &Connection, clock: Arc<dyn Clock>) -> Result<Self, Refusal> {
        let settings::Set { url, access, names, paths } = settings::read(place, connection, clock)?;
        Ok(Self { url, access, names, paths })
    }

    fn values(&self, service: &str, named: &Named, question: &Question) -> Values {
        let seconds = question.window.seconds();
        let mut values = self.names.values(Some(service), Some(&named.name), seconds);
        let from = question.end - TimeDelta::seconds(seconds.into());
        values.insert("from", from.timestamp().to_string());
        values.insert("to", question.end.timestamp().to_string());
        values
    }

    async fn fetch(&self, url: String) -> (Asked, String, Result<(Value, Timestamp), Missing>) {
        let Timed { what, at, took_ms } = self.access.get("url", &url, "application/json").await;
        let mut answered = String::new();
        let read = what.and_then(|reply| {
            answered = reply.quote();
            let value = serde_json::from_slice(&reply.body)
                .map_err(|why| Missing::failed(reply.cover(&format!("The answer is no JSON ({why})."))))?;
            Ok((value, at))
        });
        if let (Err(missing), true) = (&read, answered.is_empty()) {
            answered.clone_from(&missing.why);
        }
        let asked =
            Asked { metric: "answer".to_owned(), query: url.clone(), answered, good: read.is_ok(), at, took_ms };
        (asked, url, read)
    }

    fn part(&self, service: &str, named: &Named, question: &Question, answers: &Answers) -> Part {
        let values = self.values(service, named, question);
        let who = who(service, named);
        let whole = || -> Result<(&Value, Timestamp), Missing> {
            let url = self.url.fill_address(&values).map_err(|fault| Missing::failed(fault.said))?;
            match answers.get(&url) {
                Some(Ok((value, at))) => Ok((value, self.taken(value, &values, *at, question)?)),
                Some(Err(missing)) => Err(missing.clone()),
                None => Err(Missing::failed("It was not asked.")),
            }
        };
        let found = |path: &Template| -> Result<(&Value, Timestamp, String), Missing> {
            let (value, at) = whole()?;
            let path = pointer(path, &values)?;
            let found = value.pointer(&path).filter(|found| !found.is_null());
            let found = found.ok_or_else(|| Missing::absent(format!("There is nothing at {path} for {who}.")))?;
            Ok((found, at, format!("{path} for {who}")))
        };
        let number = |path: &Template| -> Result<(f64, Timestamp), Missing> {
            let (value, at, what) = found(path)?;
            let number =
                of(value).ok_or_else(|| Missing::failed(format!("{what} is {}, not a number.", kind(value))))?;
            Ok((sound(&what, number)?, at))
        };
        let buckets = |path: &Template| -> Result<(Buckets, Timestamp), Missing> {
            let (value, at, what) = found(path)?;
            Ok((histogram(&what, value)?, at))
        };
        let counted = |path: &Option<Template>, name| {
            path.as_ref().map_or_else(|| Measured::not_asked(name), |path| number(path).into())
        };
        Part {
            service: service.to_owned(),
            arm: named.arm,
            requests: counted(&self.paths.requests, "requests"),
            errors: counted(&self.paths.errors, "errors"),
            latency: self
                .paths
                .latency
                .as_ref()
                .map_or_else(|| Measured::not_asked("latency"), |path| buckets(path).into()),
            gauges: self.paths.gauges.iter().map(|(name, path)| (name.clone(), number(path).into())).collect(),
        }
    }

    /// When the answer was taken: as it says, or when it came.
    fn taken(
        &self,
        value: &Value,
        values: &Values,
        came: Timestamp,
        question: &Question,
    ) -> Result<Timestamp, Missing> {
        let Some(path) = &self.paths.time else { return Ok(came) };
        let path = pointer(path, values)?;
        let at = value.pointer(&path).and_then(|time| match time {
            Value::Number(seconds) => instant(seconds.as_f64()?),
            Value::String(text) => text.parse().ok(),
            _ => None,
        });
        let at = at.ok_or_else(|| {
            Missing::failed(format!("There is no time at {path}: neither seconds since 1970 nor RFC 3339."))
        })?;
        fresh("The answer", at, question)
    }
}

#[async_trait]
impl Monitor for Json {
    async fn look(&self, question: &Question) -> Look {
        let mut look = Look::new(question.end);
        let arms = match self.names.arms(&question.arms) {
            Ok(arms) => arms,
            Err(missing) => {
                look.parts = nothing(&self.names.services, question, &missing);
                return look;
            }
        };
        let services = &self.names.services;
        let all =
            services.iter().flat_map(|service| arms.iter().map(move |named| self.values(service, named, question)));
        let urls: BTreeSet<String> = all.filter_map(|values| self.url.fill_address(&values).ok()).collect();
        let answers: Vec<_> =
            stream::iter(urls.into_iter().map(|url| self.fetch(url))).buffered(AT_ONCE).collect().await;
        let mut known = Answers::new();
        for (asked, url, read) in answers {
            look.asked.push(asked);
            known.insert(url, read);
        }
        for service in services {
            look.parts.extend(arms.iter().map(|named| self.part(service, named, question, &known)));
        }
        look
    }

    async fn test(&self, question: &Question) -> Vec<Finding> {
        let look = self.look(question).await;
        let mut found: Vec<Finding> = look
            .asked
            .iter()
            .map(|one| Finding { what: "address".to_owned(), good: one.good, said: one.answered.clone() })
            .collect();
        found.extend(findings(&look));
        found
    }
}

/// A JSON pointer; what is filled in stays one step of it.
fn pointer(path: &Template, values: &Values) -> Result<String, Missing> {
    let values = values.iter().map(|(name, value)| (*name, value.replace('~', "~0").replace('/', "~1"))).collect();
    path.fill(&values).map_err(|fault| Missing::failed(fault.said))
}

/// A number, also where the API writes it as a text.
fn of(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => parse(text),
        _ => None,
    }
}

/// `[[10, 240], [20, 400], ["+Inf", 420]]`: upper bounds in milliseconds, cumulative counts.
fn histogram(what: &str, value: &Value) -> Result<Buckets, Missing> {
    let shape =
        || Missing::failed(format!("{what} is no list of [bound, cumulative count], the last one [\"+Inf\", count]."));
    let rows = value.as_array().filter(|rows| rows.len() <= MOST_BOUNDS).ok_or_else(shape)?;
    let mut cumulative = Vec::with_capacity(rows.len());
    for row in rows {
        let Some([bound, count]) = row.as_array().map(Vec::as_slice) else { return Err(shape()) };
        let bound = of(bound).filter(|bound| !bound.is_nan()).ok_or_else(shape)?;
        cumulative.push((bound, sound(what, of(count).ok_or_else(shape)?)?));
    }
    classic(what, cumulative, 1.0)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "yes or no",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
