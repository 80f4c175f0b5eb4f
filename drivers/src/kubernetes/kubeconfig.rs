//! A kubeconfig that came from a form: it may lead to a cluster, and to nothing else.
//!
//! The format can name programs to start and files to read. Here those would be programs and files of the machine that Pilothouse
//! runs on, so both are refused, and everything must stand in the text itself.

use crate::{outbound::address, settings::wrong, veil::Veil};
use control::driver::Secret;
use domain::Refusal;
use kube::config::Kubeconfig;
use url::{Host, Url};

const FIELD: &str = "kubeconfig";
/// The lines whose values nobody may see.
const SECRETS: [&str; 4] = ["token", "password", "client-key-data", "client-certificate-data"];

/// Refused by what is wrong with it, without repeating any of it that may be secret.
pub(super) fn read(text: &Secret, allow_hosts: &[String]) -> Result<Kubeconfig, Refusal> {
    // What the reader says of a mistake may quote the line it is in.
    let Ok(file) = Kubeconfig::from_yaml(text.reveal()) else {
        return Err(wrong(FIELD, "a text that is no kubeconfig", "a kubeconfig in YAML"));
    };
    let current = file.current_context.as_deref().unwrap_or_default();
    let context = file
        .contexts
        .iter()
        .find(|context| context.name == current)
        .and_then(|context| context.context.as_ref())
        .ok_or_else(|| {
            wrong(
                FIELD,
                "no context for its current-context",
                "a kubeconfig whose current-context is one of its contexts",
            )
        })?;
    let cluster = file
        .clusters
        .iter()
        .find(|cluster| cluster.name == context.cluster)
        .and_then(|cluster| cluster.cluster.as_ref())
        .ok_or_else(|| {
            wrong(FIELD, "a context without its cluster", "a kubeconfig that holds the cluster of its context")
        })?;
    for cluster in file.clusters.iter().filter_map(|cluster| cluster.cluster.as_ref()) {
        refuse(cluster.certificate_authority.is_some(), "certificate-authority", "certificate-authority-data")?;
        refuse(cluster.proxy_url.is_some(), "proxy-url", "a cluster that is reached directly")?;
        refuse(
            cluster.insecure_skip_tls_verify == Some(true),
            "insecure-skip-tls-verify",
            "certificate-authority-data",
        )?;
    }
    for user in file.auth_infos.iter().filter_map(|user| user.auth_info.as_ref()) {
        refuse(user.exec.is_some(), "exec", "a token of a service account: no program is started")?;
        refuse(user.auth_provider.is_some(), "auth-provider", "a token of a service account")?;
        refuse(user.token_file.is_some(), "tokenFile", "token")?;
        refuse(user.client_certificate.is_some(), "client-certificate", "client-certificate-data")?;
        refuse(user.client_key.is_some(), "client-key", "client-key-data")?;
    }
    server(cluster.server.as_deref().unwrap_or_default(), allow_hosts)?;
    Ok(file)
}

/// What is secret in the text: the values of some of its lines.
pub(super) fn veil(text: &Secret) -> Veil {
    let values = text.reveal().lines().filter_map(|line| {
        let (name, value) = line.trim().trim_start_matches("- ").split_once(':')?;
        SECRETS.contains(&name.trim()).then(|| Secret::new(value.trim().trim_matches(['"', '\''])))
    });
    let values: Vec<Secret> = values.collect();
    Veil::over(&values)
}

/// Clusters mostly stand in private networks: those are let through, but never without TLS unless listed, and never to the
/// link-local addresses at which clouds keep credentials.
fn server(text: &str, allow_hosts: &[String]) -> Result<(), Refusal> {
    let url: Url = address(FIELD, text)?;
    let listed = url.host_str().is_some_and(|host| allow_hosts.iter().any(|allowed| allowed.trim() == host));
    if url.scheme() != "https" && !listed {
        return Err(wrong(FIELD, "a server without TLS", "https, or a host that is in the setting allow_hosts"));
    }
    let link_local = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_link_local(),
        Some(Host::Ipv6(ip)) => {
            ip.segments()[0] & 0xffc0 == 0xfe80 || ip.to_ipv4_mapped().is_some_and(|ip| ip.is_link_local())
        }
        _ => false,
    };
    if link_local {
        return Err(wrong(FIELD, "a link-local server", "the address of a cluster"));
    }
    Ok(())
}

fn refuse(there: bool, what: &str, instead: &str) -> Result<(), Refusal> {
    if there { Err(wrong(FIELD, format!("“{what}”"), instead)) } else { Ok(()) }
}
