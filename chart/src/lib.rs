//! Charts of a canary against its baseline, as SVG text: the same bytes from server and browser, no colours of their own.
//!
//! plotters places what is drawn, `svg` writes it with classes in place of colours, so that `style/` decides how it looks.

mod draw;
mod frame;
mod ink;
mod labels;
mod model;
mod scale;
mod spark;
mod svg;
mod text;
mod thin;
mod unit;

pub use draw::draw;
pub use frame::places;
pub use ink::Ink;
pub use model::{Chart, Format, Kind, Line, Marker, Point, Side, Threshold};
pub use spark::spark;
pub use thin::{MOST, thinned};
pub use unit::Unit;
