//! Who stays with the same version: each customer has a point on a circle that the versions share by weight.

use http::{HeaderMap, HeaderValue, header::COOKIE};
use serde::{Deserialize, Serialize};
use std::{
    net::IpAddr,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

/// The cookie that holds a customer's point.
pub const COOKIE_NAME: &str = "pilothouse_arm";

/// By what a customer is known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Sticky {
    /// Each request for itself.
    #[default]
    Nothing,
    /// By the value of this header; requests without it are each for themselves.
    Header { name: String },
    /// By a cookie that the router sets.
    Cookie,
    /// By the address that the connection comes from.
    Address,
}

/// Hands out points that cover the circle evenly, however few or many are taken and whoever takes every second one: each
/// is the golden ratio further than the last.
#[derive(Debug, Default)]
pub(crate) struct Circle(AtomicU64);

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// Where on the circle a request falls, and the cookie to set, if any.
#[derive(Debug)]
pub(super) struct Point {
    pub(super) at: u64,
    pub(super) cookie: Option<HeaderValue>,
}

impl Circle {
    pub(super) fn next(&self) -> u64 {
        self.0.fetch_add(GOLDEN, Relaxed)
    }
}

impl Sticky {
    pub(super) fn point(&self, headers: &HeaderMap, peer: IpAddr, circle: &Circle) -> Point {
        let known = match self {
            Self::Nothing => None,
            Self::Header { name } => headers.get(name).map(|value| hash(value.as_bytes())),
            Self::Address => Some(match peer {
                IpAddr::V4(four) => hash(&four.octets()),
                IpAddr::V6(six) => hash(&six.octets()),
            }),
            Self::Cookie => return by_cookie(headers, circle),
        };
        Point { at: known.unwrap_or_else(|| circle.next()), cookie: None }
    }
}

fn by_cookie(headers: &HeaderMap, circle: &Circle) -> Point {
    let known = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE_NAME)
        .and_then(|(_, value)| u64::from_str_radix(value, 16).ok());
    if let Some(at) = known {
        return Point { at, cookie: None };
    }
    let at = circle.next();
    let cookie = HeaderValue::from_str(&format!("{COOKIE_NAME}={at:016x}; Path=/; HttpOnly; SameSite=Lax")).ok();
    Point { at, cookie }
}

/// The same for ever, whatever the compiler: FNV-1a, its bits well mixed afterwards.
fn hash(bytes: &[u8]) -> u64 {
    let start = 0xCBF2_9CE4_8422_2325_u64;
    let mut sum = bytes.iter().fold(start, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3));
    sum = (sum ^ (sum >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    sum = (sum ^ (sum >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    sum ^ (sum >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn a_cookie_is_set_once_and_read_back() {
        let (circle, mut headers) = (Circle::default(), HeaderMap::new());
        circle.next();
        let first = Sticky::Cookie.point(&headers, HERE, &circle);
        let set = first.cookie.expect("a new customer gets a cookie");
        let pair = set.to_str().expect("text").split(';').next().expect("a pair").to_owned();
        headers.insert(COOKIE, format!("other=1; {pair}").parse().expect("a header"));
        let again = Sticky::Cookie.point(&headers, HERE, &circle);
        assert_eq!((again.at, again.cookie), (first.at, None));
    }

    #[test]
    fn hashes_of_neighbours_are_spread_over_the_circle() {
        let low = (0..10_000).filter(|n| hash(format!("customer-{n}").as_bytes()) < u64::MAX / 4).count();
        assert!((2_400..2_600).contains(&low), "{low} of 10000 in the first quarter");
    }
}
