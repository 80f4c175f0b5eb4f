//! How far an observed latency distribution may be from the true one, at every look at once (Howard and Ramdas).
//! For the bands that charts draw around p50, p95 and p99; no decision rests on them.

/// Half-width, in probability, of a band around the whole distribution after `requests`; `None` below one request.
pub fn dkw_band(requests: f64, alpha: f64) -> Option<f64> {
    let width = 0.85 * (((std::f64::consts::E * requests).ln().ln() + 0.8 * (1612.0 / alpha).ln()) / requests).sqrt();
    (requests >= 1.0 && width.is_finite()).then_some(width)
}

/// Half-width, in probability, of a band around the quantile `part` (0.95 for p95) after `requests`; narrower, for one quantile only.
pub fn quantile_band(part: f64, requests: f64, alpha: f64) -> Option<f64> {
    let log_term = (1.4 * (2.1 * requests).ln().ln() + (10.0 / alpha).ln()) / requests;
    let width = 1.5 * (part * (1.0 - part) * log_term).sqrt() + 0.8 * log_term;
    (requests >= 1.0 && width.is_finite()).then_some(width)
}
