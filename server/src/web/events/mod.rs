//! The live stream: facts as they are recorded, to those who may see them.

mod seats;
mod sight;
mod stream;

pub use seats::Seats;
pub use sight::Sight;
pub use stream::events;
