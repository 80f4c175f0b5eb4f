//! Leadership's figures, held against a table worked out by hand, against slow and obvious arithmetic, and against time.

mod behind;
mod golden;
mod import;
mod periods;
mod random;
mod reference;
mod speed;
