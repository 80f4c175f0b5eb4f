//! What a test of the connection tries, in the order in which it matters.

use super::{Haproxy, seen::Seen, socket::Lost};
use crate::command::program_finding;
use control::driver::Finding;
use domain::text;

pub(super) async fn of(driver: &Haproxy) -> Vec<Finding> {
    let mut findings = vec![answers(driver).await];
    if findings.iter().all(|finding| finding.good) {
        findings.push(level(driver).await);
        match driver.look().await {
            Ok(seen) => findings.extend(backend(driver, &seen)),
            Err(fault) => findings.push(finding("backend", false, fault.said)),
        }
    }
    let programs = [("deploy", &driver.set.deploy), ("retire", &driver.set.retire)];
    let programs: Vec<_> = programs.iter().filter_map(|(name, argv)| Some((*name, argv.as_ref()?))).collect();
    if !programs.is_empty() {
        findings.push(driver.set.runner.folder_finding());
    }
    findings.extend(programs.iter().map(|(name, argv)| program_finding(&driver.set.runner, name, argv)));
    findings
}

async fn answers(driver: &Haproxy) -> Finding {
    let (good, said) = match driver.set.socket.say("show info").await {
        Ok(reply) => match reply.lines().find_map(|line| line.strip_prefix("Version: ")) {
            Some(version) => (true, format!("HAProxy {version} answers.")),
            None => (false, "It answers, but not as HAProxy's Runtime API does.".to_owned()),
        },
        Err(Lost::NotSent(why) | Lost::Reply(why)) => (false, format!("{why}.")),
    };
    finding("socket", good, said)
}

async fn level(driver: &Haproxy) -> Finding {
    let reply = driver.set.socket.say("show cli level").await.unwrap_or_default();
    match reply.trim() {
        "admin" => finding("level", true, "admin.".to_owned()),
        other => finding(
            "level",
            false,
            format!("“{other}”, and weights need admin: set “level admin” on the stats socket."),
        ),
    }
}

fn backend(driver: &Haproxy, seen: &Seen) -> Vec<Finding> {
    let servers = &driver.set.servers;
    let mut findings =
        vec![finding("backend", true, format!("{} is there: {}.", driver.set.backend, driver.words(seen)))];
    for server in seen.servers.iter().filter(|server| servers.contains(&server.name)) {
        let (good, said) = match (server.checked, server.up || !server.ready()) {
            (false, _) => {
                (false, "HAProxy does not check it: add “check” to its line in the configuration.".to_owned())
            }
            (true, true) => (true, format!("{}.", server.status)),
            // The one that stands by may well be empty.
            (true, false) => (server.weight == 0, format!("{}: its health check fails.", server.status)),
        };
        findings.push(finding(&format!("server {}", server.name), good, said));
    }
    let others: Vec<&str> = seen
        .servers
        .iter()
        .filter(|it| !servers.contains(&it.name) && it.effective() > 0)
        .map(|it| it.name.as_str())
        .collect();
    if !others.is_empty() {
        let said = format!("{} have traffic too: only {} take turns.", text::list(&others), text::list(servers));
        findings.push(finding("other servers", false, said));
    }
    findings
}

fn finding(what: &str, good: bool, said: String) -> Finding {
    Finding { what: what.to_owned(), good, said }
}
