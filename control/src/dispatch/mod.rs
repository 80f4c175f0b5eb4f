//! The one way in for change: an order is decided on the newest state, under the write lock, and recorded or refused.

mod calendar;
mod decide;
mod order;
mod playbooks;
mod rollouts;
mod writer;

pub use order::{Answerer, AnswererOf, Command, Idempotency, Once, Order, Outcome, Receipt, StartRollout, Told};
pub(crate) use writer::{Job, News, Writer};
