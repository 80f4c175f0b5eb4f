//! Which addresses may be asked: public ones, and the hosts that somebody listed.

use domain::Refusal;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};
use url::{Host, Url};

/// The hosts that may be asked although their address is private, or without TLS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed(BTreeSet<String>);

impl Allowed {
    /// From the setting `allow_hosts`: names or addresses, without scheme and port.
    pub fn new(hosts: &[String]) -> Result<Self, Refusal> {
        let allowed = "a host name such as deploy.example or an address such as 10.0.0.7, without scheme and port";
        let read = |text: &String| {
            let bare = text.trim();
            let bracketed = bare.parse::<Ipv6Addr>().map_or_else(|_| bare.to_owned(), |ip| format!("[{ip}]"));
            Host::parse(&bracketed)
                .map(|host| host.to_string())
                .map_err(|_| Refusal::invalid("allow_hosts", format!("“{text}”"), allowed))
        };
        hosts.iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// What can be said of an address before its name is looked up.
    pub(super) fn check(&self, url: &Url) -> Result<(), NotAllowed> {
        let Some(host) = url.host() else {
            return Err(NotAllowed("it names no host".to_owned()));
        };
        if self.lists(&host.to_string()) {
            return Ok(());
        }
        if url.scheme() != "https" {
            return Err(NotAllowed(format!(
                "without TLS (https) only hosts in the setting allow_hosts are asked, and {host} is not one of them"
            )));
        }
        match host {
            Host::Ipv4(ip) => public(IpAddr::V4(ip)),
            Host::Ipv6(ip) => public(IpAddr::V6(ip)),
            Host::Domain(_) => Ok(()),
        }
    }

    fn lists(&self, host: &str) -> bool {
        self.0.contains(host)
    }

    fn keep(&self, host: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, NotAllowed> {
        if !self.lists(host) {
            // One private address among public ones is a trick or a mistake: none of them is asked.
            for address in &found {
                public(address.ip())?;
            }
        }
        Ok(found)
    }
}

/// An address that is never asked.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct NotAllowed(String);

/// A name without an address.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unresolved(String);

/// Looks names up once for each connection, which is then made to what was checked here.
#[derive(Debug)]
pub(super) struct Guard(pub(super) Arc<Allowed>);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = Arc::clone(&self.0);
        Box::pin(async move {
            let host = name.as_str();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host, 0))
                .await
                .map_err(|why| Unresolved(format!("{host} has no address ({why})")))?
                .collect();
            if found.is_empty() {
                return Err(Unresolved(format!("{host} has no address")).into());
            }
            let kept: Addrs = Box::new(allowed.keep(host, found)?.into_iter());
            Ok(kept)
        })
    }
}

fn public(ip: IpAddr) -> Result<(), NotAllowed> {
    let kind = match ip {
        IpAddr::V4(ip) => special_v4(ip),
        IpAddr::V6(ip) => special_v6(ip),
    };
    match kind {
        None => Ok(()),
        Some(kind) => Err(NotAllowed(format!(
            "{ip} is {kind}, and such addresses are asked only when their host is in the setting allow_hosts"
        ))),
    }
}

/// What is special about an address that does not belong to the public Internet.
fn special_v4(ip: Ipv4Addr) -> Option<&'static str> {
    let [a, b, c, _] = ip.octets();
    if ip.is_loopback() {
        Some("this machine")
    } else if ip.is_link_local() {
        Some("link-local, where clouds keep metadata")
    } else if ip.is_private() || (a == 100 && (64..128).contains(&b)) {
        Some("private")
    } else if a == 0 || a >= 224 || ip.is_documentation() || (a, b, c) == (192, 0, 0) || (a == 198 && b & 0xfe == 18) {
        Some("reserved")
    } else {
        None
    }
}

fn special_v6(ip: Ipv6Addr) -> Option<&'static str> {
    let s = ip.segments();
    if ip.is_loopback() {
        Some("this machine")
    } else if let Some(inner) = inner_v4(ip) {
        special_v4(inner)
    } else if s[0] & 0xffc0 == 0xfe80 {
        Some("link-local")
    } else if s[0] & 0xfe00 == 0xfc00 || s[0] & 0xffc0 == 0xfec0 {
        Some("private")
    } else if s[0] & 0xe000 != 0x2000 || (s[0] == 0x2001 && (s[1] == 0xdb8 || s[1] < 0x200)) {
        Some("reserved")
    } else {
        None
    }
}

/// The older address that some kinds of newer ones lead to.
fn inner_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = ip.segments();
    let from = |high: u16, low: u16| Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match s {
        // Mapped, what is left of “compatible”, translated (NAT64), and 6to4.
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            from(high, low)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().expect("a URL")
    }

    #[test]
    fn nothing_but_public_addresses_unless_listed() {
        let none = Allowed::default();
        for inside in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://10.1.2.3/",
            "https://172.16.0.1/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest/meta-data",
            "https://100.100.100.200/",
            "https://0.0.0.0/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://198.18.0.1/",
            "https://192.0.0.192/",
            "https://[::1]/",
            "https://[::]/",
            "https://[fe80::1]/",
            "https://[fd00:ec2::254]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:169.254.169.254]/",
            "https://[64:ff9b::a00:1]/",
            "https://[2002:7f00:1::]/",
            "https://[2001:db8::1]/",
            "https://[ff02::1]/",
        ] {
            assert!(none.check(&url(inside)).is_err(), "{inside} must not be asked");
        }
        for outside in ["https://93.184.216.34/", "https://[2606:2800:220:1::1]/", "https://deploy.example/"] {
            assert_eq!(none.check(&url(outside)), Ok(()), "{outside}");
        }
        assert!(none.check(&url("http://deploy.example/")).is_err(), "no TLS");
    }

    #[test]
    fn a_listed_host_may_be_private_and_without_tls() {
        let listed = ["Deploy.Internal", "10.1.2.3", "::1"].map(str::to_owned);
        let allowed = Allowed::new(&listed).expect("hosts");
        for there in ["http://deploy.internal:8080/x", "http://10.1.2.3/", "http://[::1]:1/"] {
            assert_eq!(allowed.check(&url(there)), Ok(()), "{there}");
        }
        assert!(allowed.check(&url("http://10.1.2.4/")).is_err());
        let private: Vec<SocketAddr> = vec!["10.0.0.1:0".parse().expect("an address")];
        assert!(allowed.keep("deploy.internal", private.clone()).is_ok());
        assert!(allowed.keep("other.internal", private).is_err());
    }

    #[test]
    fn an_entry_with_scheme_or_port_is_refused_by_name() {
        for wrong in ["https://deploy.example", "deploy.example:443", ""] {
            let refusal = Allowed::new(&[wrong.to_owned()]).expect_err("refused");
            assert_eq!(refusal.field.as_deref(), Some("allow_hosts"));
            assert_eq!(refusal.found, Some(format!("“{wrong}”")));
        }
    }
}
