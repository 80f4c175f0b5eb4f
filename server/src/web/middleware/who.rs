//! Who asks: a token first, then the cookie of a session.

use crate::{
    auth::Cookies,
    web::{Web, address, credential::Credential, rest::Problem},
};
use app::session::ClientAddress;
use axum::extract::{ConnectInfo, Request};
use domain::{Class, Refusal};
use http::{HeaderMap, header};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Puts the [`domain::access::Actor`], its [`Credential`] and the [`ClientAddress`] into the request.
pub(super) async fn known(web: &Web, request: &mut Request) -> Result<(), Problem> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| info.0.ip());
    let address = address::client(peer, request.headers(), &web.settings.trusted_proxies);
    request.extensions_mut().insert(ClientAddress(address.to_string()));
    let Some(credential) = credential(web, request.headers())? else { return Ok(()) };
    if let Some(actor) = credential.actor(web).await? {
        request.extensions_mut().insert(actor);
        request.extensions_mut().insert(credential);
    }
    Ok(())
}

/// A token that was meant as one but cannot be is refused rather than passed over.
fn credential(web: &Web, headers: &HeaderMap) -> Result<Option<Credential>, Refusal> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let text = value.to_str().unwrap_or_default();
        let token = text.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let token = token.map(|(_, token)| token.trim()).filter(|token| !token.is_empty());
        let wrong = || Refusal::new(Class::Unauthenticated, "The Authorization header is not “Bearer <token>”.");
        return token.map(|t| Some(Credential::Bearer(t.to_owned()))).ok_or_else(wrong);
    }
    let cookies = Cookies::of(headers);
    Ok(cookies.get(&web.session_cookie().name).map(|secret| Credential::Session(secret.to_owned())))
}
