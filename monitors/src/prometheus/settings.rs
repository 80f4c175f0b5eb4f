//! What can be set for the monitor `prometheus`.

use crate::{
    access::{ALLOW_HOSTS, Access, LIMIT, PASSWORD, TOKEN, USER},
    arms::{ARM_LABEL, CANARY_VALUE, Names, PLACES, SERVICE_LABEL, SERVICES, STABLE_VALUE},
};
use control::{
    clock::Clock,
    driver::{Field, FieldKind},
    monitor::Connection,
};
use domain::{Refusal, environment::EnvironmentId};
use outbound::{
    address,
    settings::{self, Read, wrong},
    template::Template,
};
use std::sync::Arc;
use url::Url;

pub const FIELDS: &[Field] = &[
    Field {
        name: "url",
        title: "Address",
        help: "Of Prometheus, or of what speaks its HTTP API, e.g. https://prometheus.example",
        kind: FieldKind::Text,
        required: true,
    },
    Field {
        name: "requests",
        title: "Requests",
        help: "How many came in the window, e.g. sum by (version) (increase(http_requests_total{service=\"{{service}}\"}[{{window}}]))",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "errors",
        title: "Errors",
        help: "How many of them failed; add “or 0 * (requests)”, so that none is 0 rather than nothing",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "latency",
        title: "Latency",
        help: "The histogram of the window, e.g. sum by (version, le) (increase(http_request_duration_seconds_bucket[{{window}}])); \
               native histograms without le",
        kind: FieldKind::Text,
        required: false,
    },
    LATENCY_UNIT,
    Field {
        name: "gauges",
        title: "Other signals",
        help: "By the playbook's names, e.g. cpu=avg by (version) (cpu_share); shares from 0 to 1, times in ms",
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

/// What is asked for under which name.
#[derive(Debug)]
pub(super) struct Queries {
    pub requests: Option<Template>,
    pub errors: Option<Template>,
    pub latency: Option<Template>,
    pub gauges: Vec<(String, Template)>,
    /// Milliseconds in one unit of the latency.
    pub unit: f64,
}

pub(super) struct Set {
    pub base: Url,
    pub access: Access,
    pub names: Names,
    pub queries: Queries,
}

pub(super) fn read(place: &EnvironmentId, connection: &Connection, clock: Arc<dyn Clock>) -> Result<Set, Refusal> {
    let read = settings::read(connection, FIELDS)?;
    let mut base = address("url", read.needed("url")?)?;
    if base.query().is_some() || base.fragment().is_some() {
        return Err(wrong(
            "url",
            "an address with ? or # in it",
            "the address alone, such as https://prometheus.example",
        ));
    }
    let folder = format!("{}/", base.path().trim_end_matches('/'));
    base.set_path(&folder);
    let names = Names::read(place, read)?;
    let counted = |field: &'static str| {
        let template = query(&names, field, field, read.text(field))?;
        match &template {
            Some(template) if !template.has("window") => {
                Err(wrong(field, "no {{window}} in it", "a query over the window, such as increase(…[{{window}}])"))
            }
            _ => Ok(template),
        }
    };
    let (requests, errors, latency) = (counted("requests")?, counted("errors")?, counted("latency")?);
    if errors.is_some() && requests.is_none() {
        return Err(wrong("requests", "nothing beside errors", "a query: errors are a part of the requests"));
    }
    let gauges =
        read.pairs("gauges").into_iter().map(|(name, text)| gauge(&names, name, &text)).collect::<Result<_, _>>()?;
    let queries = Queries { requests, errors, latency, gauges, unit: unit(read) };
    if queries.requests.is_none() && queries.latency.is_none() && queries.gauges.is_empty() {
        return Err(wrong("requests", "no query at all", "at least one of requests, latency and gauges"));
    }
    Ok(Set { base, access: Access::read(read, clock)?, names, queries })
}

pub(crate) const LATENCY_UNIT: Field = Field {
    name: "latency_unit",
    title: "Unit of the latency",
    help: "s (when left empty) or ms",
    kind: FieldKind::Choice(&["s", "ms"]),
    required: false,
};

/// Milliseconds in one unit of the latency.
pub(crate) fn unit(read: Read<'_>) -> f64 {
    if read.text("latency_unit") == Some("ms") { 1.0 } else { 1_000.0 }
}

/// The name of a signal of the playbook.
pub(crate) fn signal(name: &str) -> Result<(), Refusal> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if name.is_empty() || name.len() > 60 || !name.chars().all(good) {
        return Err(wrong(
            "gauges",
            format!("the name “{name}”"),
            "the id of a signal of the playbook, such as cpu or p95",
        ));
    }
    if matches!(name, "requests" | "errors" | "latency" | "health") {
        return Err(wrong("gauges", format!("the name “{name}”"), "another name: this one has a field of its own"));
    }
    Ok(())
}

fn gauge(names: &Names, name: String, text: &str) -> Result<(String, Template), Refusal> {
    signal(&name)?;
    let template = query(names, "gauges", &name, Some(text))?;
    template.map(|template| (name, template)).ok_or_else(|| wrong("gauges", "a name without a query", "name=query"))
}

fn query(names: &Names, field: &str, name: &str, text: Option<&str>) -> Result<Option<Template>, Refusal> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let template = Template::parse(field, text, &PLACES)?;
    let word = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    names.told_apart(field, &template, |label| text.split(word).any(|word| word == label)).map_err(|mut refusal| {
        if field != name {
            refusal.detail = format!("{name}: {}", refusal.detail);
        }
        refusal
    })?;
    Ok(Some(template))
}
