//! What the settings of a product show.

use crate::asking::asking;
use control::driver::{DriverKind, Field};
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
}

impl Settings {
    /// `env` and `driver` as the address names them: the form of that driver is shown there.
    pub fn of(product: &str, env: &str, driver: &str) -> Result<Self, Refusal> {
        let asking = asking()?;
        let slug: ProductSlug = product.parse().map_err(|_| Refusal::not_found(format!("product “{product}”")))?;
        let (product, by) = asking.seen(&slug)?;
        if !by.may(Permission::Administer) {
            by.require(Permission::Promote, "see the settings of a product")?;
        }
        let world = asking.control.world();
        let playbook = world.playbook_of(&product).ok_or_else(|| Refusal::not_found("playbook of this product"))?;
        let workshop = &asking.control.machines().workshop;
        let places = playbook.environments.iter().map(|one| {
            let id = EnvironmentId { product: slug.clone(), env: one.name.clone() };
            let environment = world.environment(&id).cloned().unwrap_or_else(|| Environment::new(id.clone()));
            let set = environment.connection.as_ref().and_then(|connection| DriverKind::named(&connection.driver));
            let asked = DriverKind::named(driver).filter(|_| one.name.as_str() == env);
            let form = asked.or(set).filter(|_| by.may(Permission::Administer));
            Place {
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
            places: places.collect(),
            stopped: own.map(|stopped| (stopped.clone(), super::switch::who(&asking, stopped))),
            stopped_everywhere: world.stopped_at(&Reach::Everywhere).is_some(),
            product: slug,
        })
    }
}
