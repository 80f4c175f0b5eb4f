//! What one reader may see of the record.

use crate::web::Web;
use control::World;
use domain::{
    Timestamp,
    access::{Actor, Permission},
    journal::Stream,
};

/// The reader's rights at one moment.
pub struct Sight {
    world: World,
    reader: Actor,
    now: Timestamp,
    administers: bool,
}

impl Sight {
    pub fn of(web: &Web, reader: Actor) -> Self {
        let (world, now) = (web.control.world(), web.control.now());
        let administers = world.authority(reader, None, now).may(Permission::Administer);
        Self { world, reader, now, administers }
    }

    /// Streams of products that the reader sees; people and playbooks for administrators.
    pub fn sees(&self, stream: &Stream) -> bool {
        match stream.product() {
            Some(product) => self.world.authority(self.reader, Some(product), self.now).may(Permission::View),
            None => self.administers,
        }
    }
}
