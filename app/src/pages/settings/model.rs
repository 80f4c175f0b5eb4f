//! What the settings of a product show.

use super::alarms::May;
use crate::asking::asking;
use control::{
    driver::{DriverKind, Field},
    monitor::MonitorKind,
};
use domain::{
    Refusal,
    access::Permission,
    automation::Stopped,
    environment::{Environment, EnvironmentId},
    person::Reach,
    slug::ProductSlug,
};

#[derive(Debug, Clone)]
pub struct Settings {
    pub product: ProductSlug,
    pub name: String,
    pub administers: bool,
    pub may_promote: bool,
    pub alarms: May,
    /// In the order of the playbook.
    pub places: Vec<Place>,
    pub stopped: Option<(Stopped, String)>,
    /// By a switch that stands above this product.
    pub stopped_everywhere: bool,
}

#[derive(Debug, Clone)]
pub struct Place {
    pub id: EnvironmentId,
    pub purpose: String,
    pub environment: Environment,
    /// The driver whose form is shown: the one asked for, or the one that is set.
    pub form: Option<(DriverKind, &'static [Field])>,
    /// The monitor whose form is shown, where one was asked for.
    pub monitor: Option<(MonitorKind, &'static [Field])>,
}

impl Settings {
    /// `env`, `driver` and `monitor` as the address names them: the forms of these are shown there.
    pub fn of(product: &str, env: &str, driver: &str, monitor: &str) -> Result<Self, Refusal> {
        let asking = asking()?;
        let slug: ProductSlug = product.parse().map_err(|_| Refusal::not_found(format!("product “{product}”")))?;
        let (product, by) = asking.seen(&slug)?;
        if !by.may(Permission::Administer) {
            by.require(Permission::Promote, "see the settings of a product")?;
        }
        let world = asking.control.world();
        let playbook = world.playbook_of(&product).ok_or_else(|| Refusal::not_found("playbook of this product"))?;
        let (workshop, observatory) = (&asking.control.machines().workshop, &asking.control.machines().observatory);
        let places = playbook.environments.iter().map(|one| {
            let id = EnvironmentId { product: slug.clone(), env: one.name.clone() };
            let environment = world.environment(&id).cloned().unwrap_or_else(|| Environment::new(id.clone()));
            let set = environment.connection.as_ref().and_then(|connection| DriverKind::named(&connection.driver));
            let asked = DriverKind::named(driver).filter(|_| one.name.as_str() == env);
            let form = asked.or(set).filter(|_| by.may(Permission::Administer));
            let monitor = MonitorKind::named(monitor).filter(|_| one.name.as_str() == env);
            let monitor = monitor.filter(|_| by.may(Permission::Administer));
            Place {
                monitor: monitor.map(|kind| (kind, observatory.fields(kind))),
                form: form.map(|kind| (kind, workshop.fields(kind))),
                purpose: one.purpose.clone(),
                environment,
                id,
            }
        });
        let own = world.stopped_at(&Reach::Product(slug.clone()));
        Ok(Self {
            name: product.name.clone(),
            administers: by.may(Permission::Administer),
            may_promote: by.may(Permission::Promote),
            alarms: May { clear: by.may(Permission::Author), silence: by.may(Permission::Promote) },
            places: places.collect(),
            stopped: own.map(|stopped| (stopped.clone(), super::switch::who(&asking, stopped))),
            stopped_everywhere: world.stopped_at(&Reach::Everywhere).is_some(),
            product: slug,
        })
    }
}
