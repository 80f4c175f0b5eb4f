//! The life of an instance: started, asked whether it is well, started again with growing pauses, ended gently.

use super::{
    health,
    instance::{Blueprint, Status},
    log::Log,
    process::Process,
};
use crate::router::{Backend, Standing};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How often it is asked until it is well for the first time, and afterwards.
const ASKED_AT_FIRST: Duration = Duration::from_millis(50);
const ASKED_EVERY: Duration = Duration::from_secs(1);
/// So often in a row it may say no before it gets no traffic.
const DOUBTS: u32 = 2;
/// So many ends in a row, and it is called a crash loop.
const CRASH_LOOP: u32 = 3;
/// Whoever was well for so long begins anew.
const STEADY: Duration = Duration::from_secs(10);
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How one process came to its end.
enum End {
    Asked,
    /// It ended or had to be ended.
    Trouble {
        said: String,
        was_well_for: Duration,
        hopeless: bool,
    },
}

pub(super) async fn live(
    blueprint: Arc<Blueprint>,
    number: u32,
    backend: Arc<Backend>,
    says: watch::Sender<Status>,
    stop: CancellationToken,
    tasks: TaskTracker,
) {
    let log = Log::open(&blueprint.logs, number, &tasks);
    let mut troubles: u32 = 0;
    while !stop.is_cancelled() {
        let end = once(&blueprint, number, &backend, &says, &stop, &log, &tasks).await;
        let End::Trouble { said, was_well_for, hopeless } = end else { break };
        backend.stands(Standing::Away);
        troubles = if was_well_for >= STEADY { 1 } else { troubles.saturating_add(1) };
        let pause = FIRST_PAUSE.saturating_mul(1 << (troubles - 1).min(16)).min(LONGEST_PAUSE);
        log.say(format!("[fleet] {said}; started again in {} ms", pause.as_millis())).await;
        says.send_replace(if hopeless {
            Status::Failing(said)
        } else if troubles >= CRASH_LOOP {
            Status::Failing(format!("crash loop: {said}, {troubles} times in a row"))
        } else {
            Status::Restarting(said)
        });
        tokio::select! {
            () = stop.cancelled() => {}
            () = sleep(pause) => {}
        }
    }
    says.send_replace(Status::Ended);
}

async fn once(
    blueprint: &Blueprint,
    number: u32,
    backend: &Arc<Backend>,
    says: &watch::Sender<Status>,
    stop: &CancellationToken,
    log: &Log,
    tasks: &TaskTracker,
) -> End {
    let mut process = match Process::start(blueprint, number, log, tasks) {
        Ok(process) => process,
        Err(error) => {
            let program = blueprint.spec.run.first().map_or("", String::as_str);
            let said = format!("“{program}” cannot be started: {error}");
            return End::Trouble { said, was_well_for: Duration::ZERO, hopeless: true };
        }
    };
    backend.moves_to(process.address);
    let grace = Duration::from_secs(blueprint.spec.grace_seconds);
    let mut well_since = None;
    let address = process.address;
    tokio::select! {
        ended = process.ended() => {
            let said = ended.map_or_else(|error| error.to_string(), |status| format!("it ended with {status}"));
            let was_well_for = well_since.map_or(Duration::ZERO, |since: Instant| since.elapsed());
            return End::Trouble { said, was_well_for, hopeless: false };
        }
        said = look_after(blueprint, address, backend, says, &mut well_since) => {
            log.say(format!("[fleet] {said}")).await;
            process.end(grace).await;
            return End::Trouble { said, was_well_for: Duration::ZERO, hopeless: true };
        }
        () = stop.cancelled() => {}
    }
    // Finishing what it has comes first; should it end by itself meanwhile, that is its end.
    tokio::select! {
        _ = timeout(grace, backend.drained()) => process.end(grace).await,
        _ = process.ended() => {}
    }
    End::Asked
}

/// Asks again and again; returns only when it does not become well in time.
async fn look_after(
    blueprint: &Blueprint,
    address: std::net::SocketAddr,
    backend: &Backend,
    says: &watch::Sender<Status>,
    well_since: &mut Option<Instant>,
) -> String {
    let (began, mut noes) = (Instant::now(), 0);
    loop {
        match health::ask(address, &blueprint.spec.health).await {
            Ok(()) => {
                noes = 0;
                well_since.get_or_insert_with(Instant::now);
                backend.stands(Standing::Ready);
                if *says.borrow() != Status::Healthy {
                    says.send_replace(Status::Healthy);
                }
            }
            Err(said) if well_since.is_some() => {
                noes += 1;
                if noes >= DOUBTS {
                    backend.stands(Standing::Doubtful);
                    says.send_replace(Status::Unwell(said));
                }
            }
            Err(said) if began.elapsed() >= Duration::from_secs(blueprint.spec.start_seconds) => {
                return format!("it was not well within {} s: {said}", blueprint.spec.start_seconds);
            }
            Err(_) => {}
        }
        sleep(if well_since.is_some() { ASKED_EVERY } else { ASKED_AT_FIRST }).await;
    }
}
