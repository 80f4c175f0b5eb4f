//! What of a message's head belongs to one connection only, and what the instance is told about the customer.

use http::{
    HeaderMap, HeaderName, HeaderValue, Request, Uri, Version,
    header::{
        CONNECTION, EXPECT, HOST, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
    },
    uri::PathAndQuery,
};
use std::net::SocketAddr;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");

/// Takes away what concerns one connection, and what `Connection` names; answers what the two sides want to change to.
pub(super) fn strip(headers: &mut HeaderMap) -> Option<HeaderValue> {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    let upgrade = named.contains(&UPGRADE).then(|| headers.get(UPGRADE).cloned()).flatten();
    for name in named {
        headers.remove(name);
    }
    for name in
        [CONNECTION, UPGRADE, KEEP_ALIVE, PROXY_CONNECTION, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER]
    {
        headers.remove(name);
    }
    headers.remove(TRANSFER_ENCODING);
    upgrade
}

/// Puts back that the connection changes its protocol.
pub(super) fn upgrades(headers: &mut HeaderMap, to: HeaderValue) {
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, to);
}

/// Makes a customer's request one of ours: path only, named host, whom it comes from. What `Expect` asked for, this side
/// has answered already.
pub(super) fn prepare<B>(request: &mut Request<B>, peer: SocketAddr) {
    let authority = request.uri().authority().map(|a| a.as_str().to_owned());
    let path = request.uri().path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from(path);
    *request.version_mut() = Version::HTTP_11;
    let headers = request.headers_mut();
    headers.remove(EXPECT);
    // In the absolute form, the authority counts and `Host` does not.
    if let Some(host) = authority.and_then(|a| HeaderValue::from_str(&a).ok()) {
        headers.insert(HOST, host);
    }
    let host = headers.entry(HOST).or_insert(HeaderValue::from_static("localhost")).clone();
    let before: Vec<&str> = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok()).collect();
    let peer = peer.ip().to_string();
    let chain = if before.is_empty() { peer } else { format!("{}, {peer}", before.join(", ")) };
    if let Ok(chain) = HeaderValue::from_str(&chain) {
        headers.insert(FORWARDED_FOR, chain);
    }
    headers.entry(FORWARDED_HOST).or_insert(host);
    headers.entry(FORWARDED_PROTO).or_insert(HeaderValue::from_static("http"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_connection_names_stays_on_this_side() {
        let mut headers = HeaderMap::new();
        headers.insert(CONNECTION, HeaderValue::from_static("close, X-Hop"));
        headers.insert("x-hop", HeaderValue::from_static("1"));
        headers.insert("keep-alive", HeaderValue::from_static("timeout=5"));
        headers.insert("x-end", HeaderValue::from_static("2"));
        assert_eq!(strip(&mut headers), None);
        assert_eq!(headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["x-end"]);
    }

    #[test]
    fn an_instance_learns_whom_a_request_comes_from() {
        let mut request = Request::get("http://shop.example/cart?n=1")
            .header("x-forwarded-for", "203.0.113.7")
            .header(HOST, "wrong.example")
            .body(())
            .expect("a request");
        prepare(&mut request, ([127, 0, 0, 1], 5000).into());
        assert_eq!(request.uri(), "/cart?n=1");
        assert_eq!(request.headers()["x-forwarded-for"], "203.0.113.7, 127.0.0.1");
        assert_eq!(request.headers()[HOST], "shop.example");
        assert_eq!(request.headers()["x-forwarded-host"], "shop.example");
    }

    #[test]
    fn a_change_of_protocol_is_kept() {
        let mut headers = HeaderMap::new();
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        let to = strip(&mut headers).expect("it asks for a change");
        assert!(headers.is_empty());
        upgrades(&mut headers, to);
        assert_eq!(headers[UPGRADE], "websocket");
    }
}
