//! ln Γ and ln B, which the interval of the rate ratio needs and the standard library does not offer.

/// ln Γ(x) for x > 0, by Stirling's series after stepping up to where it converges.
pub(super) fn ln_gamma(x: f64) -> f64 {
    const FROM: f64 = 12.0;
    /// B₂ₖ / (2k (2k − 1)), ascending k.
    const SERIES: [f64; 7] =
        [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1_260.0, -1.0 / 1_680.0, 1.0 / 1_188.0, -691.0 / 360_360.0, 1.0 / 156.0];
    let (mut z, mut product) = (x, 1.0);
    while z < FROM {
        product *= z;
        z += 1.0;
    }
    let inverse = 1.0 / z;
    let tail = inverse * SERIES.iter().rev().fold(0.0, |sum, term| sum * inverse * inverse + term);
    (z - 0.5) * z.ln() - z + 0.5 * std::f64::consts::TAU.ln() + tail - product.ln()
}

/// ln B(a, b).
pub(super) fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}
