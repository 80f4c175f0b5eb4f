//! What can be set for the monitor `scrape`.

use super::selector::Selector;
use crate::{
    access::{ALLOW_HOSTS, Access, LIMIT, PASSWORD, TOKEN, USER},
    arms::{ARM_LABEL, CANARY_VALUE, Names, PLACES, SERVICE_LABEL, SERVICES, STABLE_VALUE},
    prometheus::settings::{LATENCY_UNIT, signal, unit},
};
use control::{
    clock::Clock,
    driver::{Field, FieldKind},
    monitor::Connection,
};
use domain::{Refusal, environment::EnvironmentId};
use outbound::{
    address,
    settings::{self, wrong},
    template::Template,
};
use std::sync::Arc;

/// No environment asks more pages.
const MOST_PAGES: usize = 50;

pub const FIELDS: &[Field] = &[
    Field {
        name: "pages",
        title: "Pages of metrics",
        help: "One a line, e.g. http://shop-{{arm}}.internal:8080/metrics; every instance of an arm must be listed",
        kind: FieldKind::Argv,
        required: true,
    },
    Field {
        name: "requests",
        title: "Requests",
        help: "The counter of all requests, e.g. http_requests_total",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "errors",
        title: "Errors",
        help: "Those that failed, e.g. http_requests_total{status=\"5*\"}",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "latency",
        title: "Latency",
        help: "The histogram without _bucket, e.g. http_request_duration_seconds",
        kind: FieldKind::Text,
        required: false,
    },
    LATENCY_UNIT,
    Field {
        name: "gauges",
        title: "Other signals",
        help: "By the playbook's names, e.g. cpu=process_cpu_share; of several series the mean is taken",
        kind: FieldKind::Pairs,
        required: false,
    },
    ARM_LABEL,
    STABLE_VALUE,
    CANARY_VALUE,
    SERVICES,
    SERVICE_LABEL,
    TOKEN,
    USER,
    PASSWORD,
    ALLOW_HOSTS,
    LIMIT,
];

#[derive(Debug)]
pub(super) struct Metrics {
    pub requests: Option<Selector>,
    pub errors: Option<Selector>,
    pub latency: Option<Selector>,
    pub gauges: Vec<(String, Selector)>,
    /// Milliseconds in one unit of the latency.
    pub unit: f64,
}

pub(super) struct Set {
    pub pages: Vec<Template>,
    pub access: Access,
    pub names: Names,
    pub metrics: Metrics,
}

pub(super) fn read(place: &EnvironmentId, connection: &Connection, clock: Arc<dyn Clock>) -> Result<Set, Refusal> {
    let read = settings::read(connection, FIELDS)?;
    let names = Names::read(place, read)?;
    let labelled = read.text("arm_label").is_some();
    let pages = read.list("pages").unwrap_or_default();
    if pages.len() > MOST_PAGES {
        return Err(wrong("pages", format!("{} pages", pages.len()), format!("at most {MOST_PAGES}")));
    }
    let pages = pages.iter().map(|text| page(&names, labelled, text)).collect::<Result<_, _>>()?;
    let select = |field: &'static str| read.text(field).map(|text| Selector::parse(field, text)).transpose();
    let gauges = read.pairs("gauges").into_iter().map(|(name, text)| {
        signal(&name)?;
        Ok((name, Selector::parse("gauges", &text)?))
    });
    let metrics = Metrics {
        requests: select("requests")?,
        errors: select("errors")?,
        latency: select("latency")?,
        gauges: gauges.collect::<Result<_, Refusal>>()?,
        unit: unit(read),
    };
    if metrics.errors.is_some() && metrics.requests.is_none() {
        return Err(wrong("requests", "nothing beside errors", "a counter: errors are a part of the requests"));
    }
    if metrics.requests.is_none() && metrics.latency.is_none() && metrics.gauges.is_empty() {
        return Err(wrong("requests", "no metric at all", "at least one of requests, latency and gauges"));
    }
    Ok(Set { pages, access: Access::read(read, clock)?, names, metrics })
}

/// An address with places, tried with words that stand for any. Without a place for the arm its series must say it.
fn page(names: &Names, labelled: bool, text: &str) -> Result<Template, Refusal> {
    let template = Template::parse("pages", text, &PLACES)?;
    names.told_apart("pages", &template, |label| labelled || Some(label) == names.service_label.as_deref())?;
    let values = names.values(Some("service"), Some("arm"), 60);
    let tried = template.fill_address(&values).map_err(|fault| wrong("pages", format!("“{text}”"), fault.said))?;
    address("pages", &tried)?;
    Ok(template)
}
