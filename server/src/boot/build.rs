//! The house put together: record, control room, web.

use super::playbooks;
use crate::{
    auth::{Keys, MachineSecrets},
    config::Settings,
    demo::Wiping,
    web::{self, DatabaseKind, Metrics, Web},
};
use anyhow::Context as _;
use control::{
    Announcement, Control, Opening,
    clock::Clock,
    journal::Journal,
    people::Secrets as _,
    rollout::{Engine, Judges, Machines, WINDOW},
    tasks::Tasks,
};
use domain::environment::Environment;
use drivers::{Home, Tools};
use monitors::Instruments;
use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio_util::sync::CancellationToken;

/// How often a replica looks for what others recorded.
const FOLLOW: Duration = Duration::from_millis(500);

/// How often it is seen to that the fleet runs.
const KEEP_UP: Duration = Duration::from_secs(5);

/// What differs between a process and a test.
#[derive(Debug)]
pub struct Parts {
    pub settings: Settings,
    pub journal: Arc<dyn Journal>,
    pub database: DatabaseKind,
    pub clock: Arc<dyn Clock>,
    pub tasks: Tasks,
    /// Cancelled when streams shall end and no new work begins.
    pub drain: CancellationToken,
    pub bound: SocketAddr,
    /// Through which rollouts reach the outside; none: the real ones.
    pub machines: Option<Machines>,
}

/// Opens the record, publishes what is bundled, makes what configuration asks for.
pub async fn assemble(parts: Parts) -> anyhow::Result<Web> {
    let Parts { settings, journal, database, clock, tasks, drain, bound, machines } = parts;
    let keys = keys(&settings)?;
    let follow = (database == DatabaseKind::Postgresql).then_some(FOLLOW);
    let (machines, home) = match machines {
        Some(machines) => (machines, None),
        None => real(&settings, &keys, clock.clone()).map(|(machines, home)| (machines, Some(home)))?,
    };
    let secrets = Arc::new(MachineSecrets::default());
    let opening = Opening { journal, clock, secrets: secrets.clone(), machines, tasks: tasks.clone(), follow };
    let progress = |done, of| {
        if of > 20_000 {
            tracing::info!("reading the record: {done} of {of} events");
        }
    };
    let control = Control::open(opening, progress).await.context("the record cannot be read")?;
    playbooks::publish(&control).await?;
    // With a file of its own there is one process; with a shared database the lease decides.
    let holder = format!("{bound} {}", secrets.fresh_id());
    let engine = Engine::new(control.clone(), holder, database == DatabaseKind::Sqlite);
    if let Some(home) = home {
        tasks.spawn("fleet", keep_up(control.clone(), home, tasks.stop_signal()));
    }
    tasks.spawn("judges", Judges::new(control.clone()).run(tasks.stop_signal()));
    tasks.spawn("rollouts", engine.run(tasks.stop_signal()));
    if let Some(token) = &settings.admin_token {
        control.seed_administrator(token.reveal()).await?;
    }
    let heard = control.listen();
    let wiping = Wiping::of(&settings);
    let web = Web::new(web::Parts { control, settings, keys, database, stop: drain, bound, wiping });
    tasks.spawn("counts", count(heard, web.metrics.clone(), tasks.stop_signal()));
    Ok(web)
}

/// Keeps the counters of what happened. Under a flood of events some may go uncounted.
async fn count(mut heard: Receiver<Announcement>, metrics: Metrics, stop: CancellationToken) {
    loop {
        tokio::select! {
            event = heard.recv() => match event {
                Ok(event) => metrics.happened(&event),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            },
            () = stop.cancelled() => return,
        }
    }
}

/// The key given, or the one kept in the data folder.
pub(super) fn keys(settings: &Settings) -> anyhow::Result<Keys> {
    if let Some(key) = &settings.secret_key {
        return Keys::from_hex(key.reveal()).context("secret_key: 64 hexadecimal digits are needed");
    }
    std::fs::create_dir_all(&settings.data)
        .with_context(|| format!("the data folder {} cannot be made", settings.data.display()))?;
    let file = settings.data.join("secret.key");
    Keys::kept_in(&file).with_context(|| format!("the secret key {} cannot be used", file.display()))
}

/// The machines of this installation: its fleet, and whatever its environments are connected to.
fn real(settings: &Settings, keys: &Keys, clock: Arc<dyn Clock>) -> anyhow::Result<(Machines, Arc<Home>)> {
    let home = Arc::new(Home { exe: own_program()?, folder: settings.data.join("fleet") });
    let memory = settings.data.join("drivers");
    let observatory = Arc::new(Instruments::new(clock.clone()));
    let tools = Arc::new(Tools { home: home.clone(), clock, memory, accepted: Arc::default() });
    // A demonstration is watched by somebody who waits.
    let window = if settings.demo { 2 } else { WINDOW };
    let safe = Arc::new(keys.clone());
    let machines =
        Machines { workshop: tools.clone(), prober: tools, safe, observatory, speed: settings.demo_speed, window };
    Ok((machines, home))
}

/// Where this program is; when it was upgraded in place meanwhile, the new one.
fn own_program() -> anyhow::Result<PathBuf> {
    let exe = std::env::current_exe().context("where this program is cannot be told")?;
    let renewed = exe.to_str().and_then(|text| text.strip_suffix(" (deleted)")).map(PathBuf::from);
    Ok(renewed.unwrap_or(exe))
}

/// Traffic waits for the fleet: when its process has ended, it is started again without waiting for a task.
async fn keep_up(control: Control, home: Arc<Home>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let local = |environment: &Environment| environment.connection.as_ref().is_some_and(|c| c.driver == "local");
        if control.world().environments().any(local)
            && let Err(error) = home.fleet().await
        {
            tracing::error!(%error, "the fleet of this machine does not run and cannot be started");
        }
        tokio::select! { () = tokio::time::sleep(KEEP_UP) => {}, () = stop.cancelled() => {} }
    }
}
