//! Where a request comes from: the peer, or what trusted proxies say about the peer before them.

use crate::config::Networks;
use http::HeaderMap;
use std::net::IpAddr;

/// The client's address. `X-Forwarded-For` is read from the right as long as each hop is trusted.
pub fn client(peer: IpAddr, headers: &HeaderMap, trusted: &Networks) -> IpAddr {
    let mut client = peer.to_canonical();
    let texts: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).collect();
    for hop in texts.iter().rev().flat_map(|text| text.rsplit(',')) {
        if !trusted.hold(client) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(before) => client = before.to_canonical(),
            Err(_) => break,
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(peer: &str, forwarded: &[&str], trusted: &str) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        client(peer.parse().unwrap(), &headers, &trusted.parse().unwrap()).to_string()
    }

    #[test]
    fn only_trusted_hops_are_believed() {
        assert_eq!(of("203.0.113.9", &["198.51.100.1"], ""), "203.0.113.9");
        assert_eq!(of("10.0.0.1", &["198.51.100.1"], "10.0.0.0/8"), "198.51.100.1");
        assert_eq!(of("10.0.0.1", &["6.6.6.6, 198.51.100.1, 10.0.0.2"], "10.0.0.0/8"), "198.51.100.1");
        assert_eq!(of("10.0.0.1", &["6.6.6.6", "198.51.100.1"], "10.0.0.0/8"), "198.51.100.1");
        assert_eq!(of("10.0.0.1", &["nonsense"], "10.0.0.0/8"), "10.0.0.1");
        assert_eq!(of("::ffff:10.0.0.1", &["198.51.100.1"], "10.0.0.0/8"), "198.51.100.1");
    }
}
