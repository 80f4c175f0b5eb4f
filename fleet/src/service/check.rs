//! Whether an order or a specification makes sense, and whether a service could be run like that.

use super::{Service, Yard};
use crate::{
    folder::plain_name,
    protocol::{Order, Spec, Tried},
    router::WHOLE,
    supervisor::{Blueprint, Instance, check_template, program},
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::net::TcpListener;

/// More instances than that on one machine are a slip of the finger.
const MOST_INSTANCES: u32 = 64;
const LONGEST: u64 = 3600;

pub(crate) fn check_order(order: &Order) -> Result<(), String> {
    use crate::protocol::Action;
    for name in [Some(&order.service), Some(&order.version), order.other.as_ref()].into_iter().flatten() {
        if !plain_name(name) {
            return Err(format!("“{name}” is no name of a service or version: letters, digits and “._+-@”"));
        }
    }
    if let Action::Replace { share } | Action::Weight { share } = order.action
        && share > WHOLE
    {
        return Err(format!("share: found {share}; allowed is 0 to {WHOLE}"));
    }
    check_spec(&order.spec)
}

pub(crate) fn check_spec(spec: &Spec) -> Result<(), String> {
    if spec.run.first().is_none_or(String::is_empty) {
        return Err("run: no program is given".to_owned());
    }
    if !(1..=MOST_INSTANCES).contains(&spec.instances) {
        return Err(format!("instances: found {}; allowed is 1 to {MOST_INSTANCES}", spec.instances));
    }
    if !spec.health.starts_with('/') || spec.health.parse::<http::Uri>().is_err() {
        return Err(format!("health: found “{}”; allowed is a path such as /health", spec.health));
    }
    if spec.grace_seconds > LONGEST || spec.start_seconds > LONGEST {
        return Err(format!("grace and start: at most {LONGEST} seconds"));
    }
    for name in spec.environment.keys() {
        if name.is_empty() || name.contains(['=', '\0']) {
            return Err(format!("environment: “{name}” is no name of a variable"));
        }
    }
    spec.run.iter().chain(spec.environment.values()).try_for_each(|text| check_template(text))
}

/// Tries everything that can be tried beside what runs.
pub(crate) async fn try_out(
    yard: &Arc<Yard>,
    services: &BTreeMap<String, Arc<Service>>,
    service: &str,
    spec: &Spec,
    version: Option<&str>,
) -> Vec<Tried> {
    let mut found = vec![there_is_a_program(spec), the_address_is_free(services, service, spec).await];
    found.push(match version {
        Some(version) if plain_name(version) => an_instance_becomes_well(yard, service, spec, version).await,
        _ => Tried {
            what: "A trial instance".to_owned(),
            good: true,
            said: "Not tried: no version is known to run here yet. The first deployment will show.".to_owned(),
        },
    });
    found
}

fn there_is_a_program(spec: &Spec) -> Tried {
    let name = spec.run.first().map_or("", String::as_str);
    let (good, said) = if name.contains("{{") {
        (true, format!("“{name}” depends on the version; it is looked for when one is deployed."))
    } else if let Some(path) = program(name) {
        (true, format!("{} is there.", path.display()))
    } else {
        (false, format!("There is no “{name}” on this machine. Give the whole path, or install it."))
    };
    Tried { what: "The program".to_owned(), good, said }
}

async fn the_address_is_free(services: &BTreeMap<String, Arc<Service>>, service: &str, spec: &Spec) -> Tried {
    let owner = services.iter().find(|(_, one)| one.listens_at(spec.listen)).map(|(name, _)| name.as_str());
    let (good, said) = match owner {
        Some(name) if name == service => (true, format!("{} is this service's own already.", spec.listen)),
        Some(name) => (false, format!("{} belongs to {name}. Choose another port.", spec.listen)),
        None => match TcpListener::bind(spec.listen).await {
            Ok(_) => (true, format!("{} is free.", spec.listen)),
            Err(error) => (false, format!("{} cannot be listened on: {error}. Choose another one.", spec.listen)),
        },
    };
    Tried { what: "The address".to_owned(), good, said }
}

async fn an_instance_becomes_well(yard: &Arc<Yard>, service: &str, spec: &Spec, version: &str) -> Tried {
    let blueprint = Arc::new(Blueprint {
        version: version.to_owned(),
        spec: Spec { grace_seconds: spec.grace_seconds.min(5), ..spec.clone() },
        marker: yard.marker(),
        logs: yard.folder.logs_of(service).join("trial"),
    });
    let instance = Instance::start(blueprint, 0, &yard.tasks);
    let limit = Duration::from_secs(spec.start_seconds.min(20));
    let well = tokio::time::timeout(limit, instance.healthy()).await;
    instance.end();
    let (good, said) = match well {
        Ok(Ok(())) => {
            (true, format!("An instance of {version} was started, answered at {} and was ended.", spec.health))
        }
        Ok(Err(why)) => (false, format!("An instance of {version} did not become well: {why}. Its log says more.")),
        Err(_) => (false, format!("An instance of {version} was not well within {} s.", limit.as_secs())),
    };
    Tried { what: "A trial instance".to_owned(), good, said }
}
