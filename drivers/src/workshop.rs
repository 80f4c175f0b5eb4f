//! One place that makes every kind of driver.

use async_trait::async_trait;
use control::driver::{Connection, Done, Driver, DriverKind, Fault, Field, Prober, Task, Workshop};
use domain::{
    Refusal,
    environment::{self, EnvironmentId},
};
use std::sync::Arc;

#[derive(Debug, Default)]
pub struct Tools {}

impl Workshop for Tools {
    fn driver(&self, _place: &EnvironmentId, connection: &Connection) -> Result<Arc<dyn Driver>, Refusal> {
        Err(Refusal::invalid("driver", format!("“{}”", connection.kind), "none yet"))
    }

    fn fields(&self, _kind: DriverKind) -> &'static [Field] {
        &[]
    }
}

#[async_trait]
impl Prober for Tools {
    async fn verify(&self, _task: &Task, _connection: &environment::Connection) -> Result<Done, Fault> {
        Err(Fault::declined("nothing can be checked yet"))
    }
}
