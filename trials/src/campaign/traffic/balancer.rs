//! A real HAProxy with two servers that take turns, asked over its socket what it does.

use super::{free, slot};
use crate::place::Place;
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
    process::{Child, Command},
};

/// What runs behind it before Pilothouse comes.
pub const FIRST: &str = "0.0.1";
const SLOTS: [&str; 2] = ["blue", "green"];
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub struct Balancer {
    pub front: SocketAddr,
    folder: PathBuf,
    shop: PathBuf,
    faults: PathBuf,
    servers: [SocketAddr; 2],
    /// Ends with us.
    _process: Child,
}

impl Balancer {
    pub async fn start(place: &Place, shop: &Path, faults: &Path) -> anyhow::Result<Self> {
        let folder = place.folder().join("haproxy");
        std::fs::create_dir_all(&folder)?;
        let (front, servers) = (free()?, [free()?, free()?]);
        let config = format!(
            "global\n  stats socket {socket} mode 600 level admin\n\
             defaults\n  mode http\n  timeout connect 2s\n  timeout client 30s\n  timeout server 30s\n  retries 0\n\
             frontend shop\n  bind {front}\n  default_backend shop\n\
             backend shop\n  balance roundrobin\n  option httpchk GET /health\n  \
             server blue {} weight 100 check inter 100ms\n  server green {} weight 0 check inter 100ms\n",
            servers[0],
            servers[1],
            socket = folder.join("admin.sock").display(),
        );
        let file = folder.join("haproxy.cfg");
        std::fs::write(&file, config)?;
        let mut haproxy = Command::new("haproxy");
        haproxy.env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        haproxy.arg("-db").arg("-f").arg(&file).kill_on_drop(true);
        haproxy.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = haproxy.spawn().context("there is no HAProxy: `cargo xtask setup` installs it")?;
        let faults = faults.to_owned();
        let balancer = Self { front, folder, shop: shop.to_owned(), faults, servers, _process: process };
        let first = slot::Slot {
            shop: shop.to_owned(),
            file: balancer.folder.join("blue.pid"),
            listen: servers[0],
            faults: balancer.faults.clone(),
            version: Some(FIRST.to_owned()),
        };
        slot::fill(&first)?;
        let began = Instant::now();
        while !balancer.say("show stat -1 4 -1").await.is_ok_and(|rows| is_up(&rows, "blue")) {
            ensure!(began.elapsed() < PATIENCE, "HAProxy does not find its server up");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(balancer)
    }

    pub fn servers(&self) -> [SocketAddr; 2] {
        self.servers
    }

    /// How an environment is connected with it.
    pub fn settings(&self) -> Value {
        let program = |version: Option<&str>| -> anyhow::Result<Vec<String>> {
            let script = self.folder.join("slot.sh");
            std::fs::write(&script, self.script()?)?;
            let mut words = vec!["/bin/sh".to_owned(), script.display().to_string(), "{{slot}}".to_owned()];
            words.extend(version.map(str::to_owned));
            Ok(words)
        };
        json!({
            "socket": self.folder.join("admin.sock").display().to_string(),
            "backend": "shop",
            "servers": SLOTS,
            "deploy": program(Some("{{version}}")).unwrap_or_default(),
            "retire": program(None).unwrap_or_default(),
            "drain_seconds": 5,
        })
    }

    /// `slot.sh SLOT [VERSION]`
    fn script(&self) -> anyhow::Result<String> {
        let own = std::env::current_exe()?;
        let [blue, green] = self.servers;
        Ok(format!(
            "case $1 in blue) at={blue};; green) at={green};; *) exit 64;; esac\n\
             exec {own} slot --shop {shop} --file {folder}/$1.pid --faults {faults} --listen $at ${{2:+--version $2}}\n",
            own = own.display(),
            shop = self.shop.display(),
            faults = self.faults.display(),
            folder = self.folder.display(),
        ))
    }

    /// The share that HAProxy's own weights give a version, in percent.
    pub async fn share_of(&self, version: &str) -> anyhow::Result<f64> {
        let reply = self.say("show servers state shop").await?;
        let rows: Vec<Vec<&str>> = reply.lines().skip(2).map(|line| line.split(' ').collect()).collect();
        let (mut of_version, mut all) = (0.0, 0.0);
        for (slot, server) in SLOTS.iter().zip(self.servers) {
            let row = rows.iter().find(|row| row.get(3) == Some(slot)).context("HAProxy does not know a server")?;
            // Administratively down (6) means none of the traffic, whatever the weight (7) says.
            let (admin, weight): (u32, f64) = (row[6].parse()?, row[7].parse()?);
            let weight = if admin & 1 == 0 { weight } else { 0.0 };
            all += weight;
            if weight > 0.0 && answers(server).await? == version {
                of_version += weight;
            }
        }
        Ok(of_version * 100.0 / all)
    }

    async fn say(&self, command: &str) -> anyhow::Result<String> {
        let mut socket = UnixStream::connect(self.folder.join("admin.sock")).await?;
        socket.write_all(format!("{command}\n").as_bytes()).await?;
        let mut reply = String::new();
        socket.read_to_string(&mut reply).await?;
        Ok(reply)
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        for name in SLOTS {
            // What cannot be ended goes with the machine.
            let _ = slot::empty(&self.folder.join(format!("{name}.pid")));
        }
    }
}

/// In HAProxy's table of servers; a check that is not settled yet says `UP 1/3`.
fn is_up(rows: &str, server: &str) -> bool {
    let row = rows.lines().find(|line| line.starts_with(&format!("shop,{server},")));
    row.is_some_and(|row| row.split(',').nth(17) == Some("UP"))
}

/// The version behind an address, past HAProxy.
async fn answers(server: SocketAddr) -> anyhow::Result<String> {
    let mut wire = crate::wire::Wire::connect(server).await?;
    let mut body = Vec::new();
    wire.exchange(b"GET /health HTTP/1.1\r\nhost: shop\r\n\r\n", Some(&mut body)).await?;
    Ok(String::from_utf8_lossy(&body).trim().to_owned())
}
