//! Start, serve, drain, end.

use super::{Parts, assemble, journal, listen};
use crate::{
    clock::SystemClock,
    config::Settings,
    demo::{self, Wiping},
    web::{self, Web},
};
use anyhow::{Context as _, bail};
use control::{clock::Clock as _, tasks::Tasks};
use std::{process::ExitCode, sync::Arc, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
};
use tokio_util::sync::CancellationToken;

/// Requests still running this long after the signal are cut off.
const DRAIN: Duration = Duration::from_secs(8);
/// Background tasks get this long after that.
const STOP: Duration = Duration::from_millis(1_500);

/// Runs until a signal or a failing background task; the exit code says which.
pub async fn serve(settings: Settings) -> anyhow::Result<ExitCode> {
    let mut signals = Signals::new()?;
    // Kept open from one house to the next: whoever comes in between waits a moment and is let in.
    let listener = TcpListener::bind(settings.listen)
        .await
        .and_then(TcpListener::into_std)
        .with_context(|| format!("cannot listen on {}; is something else there?", settings.listen))?;
    if let Some((point, action)) = settings.crash_at.clone() {
        tracing::warn!(point = point.name(), action, "this process will end by itself");
        control::rollout::arm(point, action);
    }
    let mut begun = None;
    loop {
        demo::clear(&settings).await;
        let settled = demo::settled(&settings);
        if settings.demo && !settled.demo && begun.is_none() {
            println!("The data folder holds a record of its own; it is served, without a demonstration.");
        }
        let listener = TcpListener::from_std(listener.try_clone()?)?;
        match house(settled, listener, &mut signals, begun.as_deref()).await? {
            Left::Told(code) => return Ok(code),
            Left::Wiped(place) => begun = Some(place),
        }
        println!("The demonstration was wiped; an empty record begins.");
    }
}

/// Why a house was left.
enum Left {
    /// By a signal.
    Told(ExitCode),
    /// It was a demonstration that somebody wiped; the address where what follows begins.
    Wiped(String),
}

/// One record, until a signal or its end. `begun` is where somebody sets it up already.
async fn house(
    settings: Settings,
    listener: TcpListener,
    signals: &mut Signals,
    begun: Option<&str>,
) -> anyhow::Result<Left> {
    let bound = listener.local_addr()?;
    let (tasks, drain) = (Tasks::default(), CancellationToken::new());
    let clock = Arc::new(SystemClock::beginning_at(settings.now));
    let (journal, database) = journal::open(&settings).await?;
    if settings.demo {
        tokio::select! {
            seeded = demo::seed(journal.clone(), clock.now()) => seeded?,
            () = signals.next() => return Ok(Left::Told(ExitCode::SUCCESS)),
        }
    }
    let parts =
        Parts { settings, journal, database, clock, tasks: tasks.clone(), drain: drain.clone(), bound, machines: None };
    let web = tokio::select! {
        web = assemble(parts) => web?,
        () = signals.next() => return Ok(Left::Told(ExitCode::SUCCESS)),
    };
    announce(&web, begun).await?;
    if web.settings.demo {
        tasks.spawn("demonstration", demo::play(web.control.clone(), tasks.stop_signal()));
    }

    let mut server = std::pin::pin!(listen::serve(listener, web::router(&web), drain.clone()));
    tokio::select! {
        () = &mut server => bail!("the web server ended by itself"),
        why = tasks.first_failure() => bail!("stopping: {why}"),
        () = signals.next() => {}
        () = wiped(&web) => {}
    }
    let wiped = web.wiping.as_ref().and_then(Wiping::place).map(str::to_owned);

    tracing::info!("draining: no new connections, running requests finish");
    drain.cancel();
    let ended = tokio::select! {
        ended = tokio::time::timeout(DRAIN, server) => ended,
        () = signals.next() => {
            tracing::warn!("second signal: stopping at once");
            std::process::exit(130);
        }
    };
    if ended.is_err() {
        tracing::warn!("some requests did not finish in time and were cut off");
    }
    if tokio::time::timeout(STOP, tasks.stop()).await.is_err() {
        tracing::warn!("some background tasks did not stop in time");
    }
    Ok(wiped.map_or(Left::Told(ExitCode::SUCCESS), Left::Wiped))
}

/// Never, where nothing is made up.
async fn wiped(web: &Web) {
    match &web.wiping {
        Some(wiping) => wiping.asked().await,
        None => std::future::pending().await,
    }
}

/// What whoever starts it needs to know, on standard output.
async fn announce(web: &Web, begun: Option<&str>) -> anyhow::Result<()> {
    if web.settings.demo {
        print!("{}", demo::begin(&web.control, &web.base_url()).await?);
    }
    println!("Pilothouse listens on {}", web.base_url());
    // A fresh link would put an end to the one that whoever wiped the demonstration has followed.
    if let Some(place) = begun {
        println!("Whoever wiped it goes on here: {}{place}", web.base_url());
    } else if web.settings.admin_token.is_none()
        && let Some(secret) = web.control.set_up_link().await?
    {
        println!("Nobody has an account yet. Set up the first one here, once: {}/set-up/{secret}", web.base_url());
    }
    Ok(())
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for the next signal to stop.
    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
