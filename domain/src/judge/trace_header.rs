//! The header of a trace: which column holds what.

use super::histogram::Bounds;
use super::invalid::Invalid;
use super::trace_error::TraceError;

/// The last bucket: everything above the last bound.
const LAST_BUCKET: &str = "le_inf";
const COLUMNS: &str = "minute, arm, share, requests, errors, le_<bound>ms in ascending order, le_inf";

/// Places of the columns in a row.
#[derive(Debug)]
pub(super) struct Columns {
    pub names: Vec<String>,
    pub minute: usize,
    pub arm: usize,
    pub share: usize,
    pub requests: usize,
    pub errors: usize,
    pub buckets: Vec<usize>,
    pub bounds: Bounds,
}

impl Columns {
    /// Reads the first line; columns may stand in any order, buckets must ascend.
    pub fn parse(header: &str) -> Result<Self, TraceError> {
        let names: Vec<String> = header.split(',').map(|name| name.trim().to_owned()).collect();
        let (mut buckets, mut bounds) = (Vec::new(), Vec::new());
        for (place, name) in names.iter().enumerate() {
            if names.iter().take(place).any(|earlier| earlier == name) {
                return Err(TraceError::new(1, name, name, "each column once"));
            }
            if let Some(bound) = bound(name) {
                bounds.push(bound);
                buckets.push(place);
            } else if !["minute", "arm", "share", "requests", "errors", LAST_BUCKET].contains(&name.as_str()) {
                return Err(TraceError::new(1, "header", name, COLUMNS));
            }
        }
        let find = |wanted: &str| {
            let place = names.iter().position(|name| name == wanted);
            place.ok_or_else(|| TraceError::new(1, wanted, "no such column", COLUMNS))
        };
        let (minute, arm, share) = (find("minute")?, find("arm")?, find("share")?);
        let (requests, errors) = (find("requests")?, find("errors")?);
        buckets.push(find(LAST_BUCKET)?);
        let at_header = |invalid: Invalid| TraceError::at(1, invalid);
        let bounds = Bounds::new(bounds).map_err(at_header)?;
        Ok(Self { names, minute, arm, share, requests, errors, buckets, bounds })
    }

    /// The name of a column.
    pub fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or("row", String::as_str)
    }
}

/// The bound of a bucket column such as `le_250ms`, in milliseconds.
fn bound(name: &str) -> Option<f64> {
    name.strip_prefix("le_")?.strip_suffix("ms")?.parse().ok()
}
