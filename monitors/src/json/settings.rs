//! What can be set for the monitor `json`.

use crate::{
    access::{ALLOW_HOSTS, Access, LIMIT, PASSWORD, TOKEN, USER},
    arms::{CANARY_VALUE, Names, SERVICES, STABLE_VALUE},
    prometheus::settings::signal,
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

const PLACES: [&str; 7] = ["service", "arm", "env", "product", "window", "from", "to"];

pub const FIELDS: &[Field] = &[
    Field {
        name: "url",
        title: "Address",
        help: "Answers JSON about one window, e.g. https://stats.example/{{service}}?version={{arm}}&from={{from}}&to={{to}}",
        kind: FieldKind::Text,
        required: true,
    },
    Field {
        name: "requests",
        title: "Requests",
        help: "Where they stand in the answer, as a JSON pointer: /arms/{{arm}}/requests. All of the window, not since the start",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "errors",
        title: "Errors",
        help: "Where the failed ones stand, e.g. /arms/{{arm}}/errors",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "latency",
        title: "Latency",
        help: "Where a list of [bound in ms, cumulative count] stands, the last one [\"+Inf\", count]",
        kind: FieldKind::Text,
        required: false,
    },
    Field {
        name: "gauges",
        title: "Other signals",
        help: "By the playbook's names, e.g. cpu=/arms/{{arm}}/cpu; shares from 0 to 1, times in ms",
        kind: FieldKind::Pairs,
        required: false,
    },
    Field {
        name: "time",
        title: "Time of the answer",
        help: "Where it stands: seconds since 1970 or RFC 3339. Without it an old answer cannot be told from a new one",
        kind: FieldKind::Text,
        required: false,
    },
    STABLE_VALUE,
    CANARY_VALUE,
    SERVICES,
    TOKEN,
    USER,
    PASSWORD,
    ALLOW_HOSTS,
    LIMIT,
];

/// Where each value stands.
#[derive(Debug)]
pub(super) struct Paths {
    pub requests: Option<Template>,
    pub errors: Option<Template>,
    pub latency: Option<Template>,
    pub gauges: Vec<(String, Template)>,
    pub time: Option<Template>,
}

pub(super) struct Set {
    pub url: Template,
    pub access: Access,
    pub names: Names,
    pub paths: Paths,
}

pub(super) fn read(place: &EnvironmentId, connection: &Connection, clock: Arc<dyn Clock>) -> Result<Set, Refusal> {
    let read = settings::read(connection, FIELDS)?;
    let names = Names::read(place, read)?;
    let text = read.needed("url")?;
    let url = Template::parse("url", text, &PLACES)?;
    let mut any = names.values(Some("service"), Some("arm"), 60);
    any.extend([("from", "1".to_owned()), ("to", "2".to_owned())]);
    let tried = url.fill_address(&any).map_err(|fault| wrong("url", format!("“{text}”"), fault.said))?;
    address("url", &tried)?;
    let at = |field: &'static str, text: &str| {
        let path = pointer(field, text)?;
        names.told_apart(field, &path, |_| false).or_else(|refusal| {
            // What the address tells apart, the path need not.
            let several = names.services.len() > 1;
            let told = (url.has("arm") || path.has("arm")) && (!several || url.has("service") || path.has("service"));
            if told { Ok(()) } else { Err(refusal) }
        })?;
        Ok::<_, Refusal>(path)
    };
    let path = |field: &'static str| read.text(field).map(|text| at(field, text)).transpose();
    let gauges = read.pairs("gauges").into_iter().map(|(name, text)| {
        signal(&name)?;
        Ok((name, at("gauges", &text)?))
    });
    let paths = Paths {
        requests: path("requests")?,
        errors: path("errors")?,
        latency: path("latency")?,
        gauges: gauges.collect::<Result<_, Refusal>>()?,
        time: read.text("time").map(|text| pointer("time", text)).transpose()?,
    };
    if paths.errors.is_some() && paths.requests.is_none() {
        return Err(wrong("requests", "nothing beside errors", "a path: errors are a part of the requests"));
    }
    if paths.requests.is_none() && paths.latency.is_none() && paths.gauges.is_empty() {
        return Err(wrong("requests", "no path at all", "at least one of requests, latency and gauges"));
    }
    Ok(Set { url, access: Access::read(read, clock)?, names, paths })
}

fn pointer(field: &str, text: &str) -> Result<Template, Refusal> {
    if !text.starts_with('/') {
        return Err(wrong(field, format!("“{text}”"), "a JSON pointer, which begins with a slash: /data/requests"));
    }
    Template::parse(field, text, &PLACES)
}
