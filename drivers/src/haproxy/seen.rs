//! A backend as HAProxy shows it: `show servers state` and `show stat`.

use super::memory::Memory;
use crate::share::percent;
use domain::playbook::Percent;
use serde::Deserialize;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
};

/// Bits of `srv_admin_state`.
const MAINTENANCE: u32 = 0x01 | 0x02 | 0x04 | 0x20 | 0x40;
const DRAIN: u32 = 0x08 | 0x10;
/// Bit of `srv_check_state`: a health check is configured.
const CHECKED: u32 = 0x02;
/// `srv_op_state`: starting, running.
const UP: [u32; 2] = [1, 2];

/// The servers of a backend, and what was remembered in HAProxy.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub servers: Vec<Server>,
    pub memory: Option<Memory>,
}

#[derive(Debug, Clone)]
pub(super) struct Server {
    pub name: String,
    pub address: Option<SocketAddr>,
    pub weight: u32,
    pub admin: Admin,
    /// Not found down by its check, or not checked at all.
    pub up: bool,
    pub checked: bool,
    /// No check failed lately: as healthy as HAProxy counts.
    pub steady: bool,
    /// Requests that are under way.
    pub sessions: u64,
    /// As `show stat` words it.
    pub status: String,
}

/// What people have made of a server, whatever its health.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admin {
    Ready,
    /// Nothing new comes to it; its health is checked.
    Drain,
    Maintenance,
}

impl Server {
    pub(super) fn ready(&self) -> bool {
        self.admin == Admin::Ready
    }

    /// What it weighs for new requests as things are.
    pub(super) fn effective(&self) -> u32 {
        if self.ready() && self.up { self.weight } else { 0 }
    }
}

impl Seen {
    /// From the answers to [`question`] and [`more`]; an error holds what HAProxy said instead.
    pub(super) fn read(reply: &str, more: &str) -> Result<Self, String> {
        let stats = more.lines().find(|line| line.starts_with("[[")).map(statistics).unwrap_or_default();
        let memory = reply.lines().find_map(|line| {
            let text = line.strip_prefix("proc.")?.split_once("value=<")?.1.strip_suffix('>')?;
            text.parse().ok()
        });
        let servers = rows(reply)?.iter().filter_map(|row| server(row, &stats)).collect();
        Ok(Self { servers, memory })
    }

    pub(super) fn named(&self, name: &str) -> Option<&Server> {
        self.servers.iter().find(|server| server.name == name)
    }

    /// A server's share of new requests, of all in the backend.
    pub(super) fn share(&self, name: &str) -> Percent {
        let total: u32 = self.servers.iter().map(Server::effective).sum();
        let part = self.named(name).map_or(0, Server::effective);
        if total == 0 {
            return Percent::nothing();
        }
        percent(f64::from(part) * 100.0 / f64::from(total)).unwrap_or_else(Percent::nothing)
    }
}

/// Changes nothing.
pub(super) fn question(backend: &str, variable: &str) -> String {
    format!("show servers state {backend}; get var {variable}")
}

/// By the backend's number, which the first answer holds: a frontend may have the same name.
pub(super) fn more(reply: &str) -> Result<String, String> {
    let rows = rows(reply)?;
    let number = rows.first().and_then(|row| row.get("be_id")).ok_or("no server in it")?;
    Ok(format!("show stat {number} 4 -1 json"))
}

/// The table in an answer, each row by the names in its head.
fn rows(reply: &str) -> Result<Vec<BTreeMap<&str, &str>>, String> {
    let Some(header) = reply.lines().find_map(|line| line.strip_prefix("# be_id")) else {
        let said = reply.lines().find(|line| !line.trim().is_empty()).unwrap_or("nothing");
        return Err(said.chars().take(200).collect());
    };
    let names: Vec<&str> = std::iter::once("be_id").chain(header.split_whitespace()).collect();
    let rows = reply.lines().skip_while(|line| !line.starts_with("# be_id")).skip(1);
    let rows = rows.take_while(|line| !line.trim().is_empty());
    Ok(rows.map(|line| names.iter().copied().zip(line.split(' ')).collect()).collect())
}

fn server(row: &BTreeMap<&str, &str>, stats: &BTreeMap<String, BTreeMap<String, Value>>) -> Option<Server> {
    let number = |name: &str| row.get(name).and_then(|text| text.parse::<u32>().ok());
    let name = (*row.get("srv_name")?).to_owned();
    let admin = number("srv_admin_state")?;
    let checked = number("srv_check_state").unwrap_or(0) & CHECKED != 0;
    let up = UP.contains(&number("srv_op_state")?);
    let stat = stats.get(&name);
    let of_stat = |field: &str| stat.and_then(|fields| fields.get(field)).and_then(Value::as_u64);
    let full = of_stat("check_rise").zip(of_stat("check_fall")).map(|(rise, fall)| rise + fall - 1);
    let port = row.get("srv_port").and_then(|text| text.parse::<u16>().ok());
    let health = number("srv_check_health").map(u64::from);
    Some(Server {
        address: row.get("srv_addr").and_then(|text| text.parse::<IpAddr>().ok()).zip(port).map(SocketAddr::from),
        weight: number("srv_uweight")?,
        admin: match admin {
            bits if bits & MAINTENANCE != 0 => Admin::Maintenance,
            bits if bits & DRAIN != 0 => Admin::Drain,
            _ => Admin::Ready,
        },
        up,
        checked,
        steady: up && (!checked || (full.is_some() && health >= full)),
        sessions: of_stat("scur").unwrap_or(0),
        status: stat.and_then(|it| it.get("status")).and_then(Value::as_str).unwrap_or("unknown").to_owned(),
        name,
    })
}

#[derive(Deserialize)]
struct Cell {
    field: Name,
    value: Held,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

#[derive(Deserialize)]
struct Held {
    value: Value,
}

/// The fields of each server by its name.
fn statistics(line: &str) -> BTreeMap<String, BTreeMap<String, Value>> {
    let rows: Vec<Vec<Cell>> = serde_json::from_str(line).unwrap_or_default();
    rows.into_iter()
        .filter_map(|row| {
            let fields: BTreeMap<String, Value> = row.into_iter().map(|it| (it.field.name, it.value.value)).collect();
            Some((fields.get("svname")?.as_str()?.to_owned(), fields))
        })
        .collect()
}
