//! Answers what is asked at the socket.

use crate::{
    folder::plain_name,
    metrics,
    protocol::{Answer, Outcome, Question},
    serve::Fleet,
    service::{Service, check_order, check_spec, try_out},
};
use std::{io, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
};

/// No question is longer.
const LONGEST: u64 = 1024 * 1024;
const MOST_LINES: usize = 10_000;

/// Takes whoever comes, for ever.
pub(crate) async fn accept(fleet: &Arc<Fleet>, listener: &UnixListener) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let (fleet, stop) = (fleet.clone(), fleet.yard.stop.clone());
                let tasks = fleet.yard.tasks.clone();
                tasks.spawn(async move {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        ended = converse(&fleet, stream) => {
                            if let Err(error) = ended {
                                tracing::debug!(%error, "whoever asked has gone");
                            }
                        }
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "nobody could be let in at the socket");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn converse(fleet: &Arc<Fleet>, stream: UnixStream) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    loop {
        line.clear();
        if (&mut reader).take(LONGEST).read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let stops = matches!(serde_json::from_slice(&line), Ok(Question::Stop));
        let answer = match serde_json::from_slice(&line) {
            Ok(question) => answer(fleet, question).await,
            Err(why) => Answer::Declined {
                said: format!("the fleet {} does not understand the question: {why}", fleet.hello.version),
            },
        };
        let mut bytes = serde_json::to_vec(&answer)?;
        bytes.push(b'\n');
        writer.write_all(&bytes).await?;
        if stops {
            fleet.yard.stop.cancel();
        }
    }
}

async fn answer(fleet: &Arc<Fleet>, question: Question) -> Answer {
    match question {
        Question::Hello => Answer::Hello(fleet.hello.clone()),
        Question::Apply { order } => match check_order(&order) {
            Ok(()) => fleet.service_or_new(&order.service).apply(*order).await,
            Err(said) => Answer::Declined { said },
        },
        Question::Outcome { key } => Answer::Outcome(outcome(fleet, key)),
        Question::Observe { service } => Answer::Observed {
            arms: fleet.service(&service).map(|service| service.observe()).unwrap_or_default(),
            last_order: fleet.yard.store.service(&service).map_or(0, |desired| desired.last_order),
        },
        Question::Counts { service } => {
            Answer::Counts { versions: fleet.service(&service).map(|service| service.counts()).unwrap_or_default() }
        }
        Question::Metrics => Answer::Text { text: metrics::text(&fleet.services()) },
        Question::Log { service, version, lines } => log(fleet.service(&service), version, lines).await,
        Question::Try { service, spec, version } => match check_spec(&spec) {
            Ok(()) if plain_name(&service) => Answer::Tried {
                findings: try_out(&fleet.yard, &fleet.services(), &service, &spec, version.as_deref()).await,
            },
            Ok(()) => Answer::Declined { said: format!("“{service}” is no name of a service") },
            Err(said) => Answer::Declined { said },
        },
        Question::Remove { service, order } => remove(fleet, &service, order).await,
        Question::Stop => Answer::Well,
    }
}

/// What was taken in and is not in the ledger yet, is as good as running.
fn outcome(fleet: &Fleet, key: uuid::Uuid) -> Outcome {
    match fleet.yard.ledger.outcome(key) {
        Outcome::NeverSeen => {
            let taken = fleet.yard.store.services().into_values().filter_map(|desired| desired.running);
            match taken.into_iter().find(|order| order.key == key) {
                Some(_) => Outcome::Running { said: "taken in".to_owned() },
                None => Outcome::NeverSeen,
            }
        }
        known => known,
    }
}

async fn log(service: Option<Arc<Service>>, version: Option<String>, lines: usize) -> Answer {
    if version.as_ref().is_some_and(|version| !plain_name(version)) {
        return Answer::Declined { said: "that is no version".to_owned() };
    }
    let Some(service) = service else { return Answer::Lines { lines: Vec::new() } };
    match service.log(version, lines.min(MOST_LINES)).await {
        Ok(lines) => Answer::Lines { lines },
        Err(error) => Answer::NotNow { said: format!("the log cannot be read: {error}") },
    }
}

async fn remove(fleet: &Arc<Fleet>, name: &str, order: u64) -> Answer {
    let Some(service) = fleet.service(name) else { return Answer::Well };
    if let Some(last) = fleet.yard.store.service(name).map(|desired| desired.last_order).filter(|last| order < *last) {
        return Answer::Declined { said: format!("order {order} came after order {last} of {name} and is too late") };
    }
    let gone = name.to_owned();
    let written = fleet.yard.store.change(false, move |services| {
        services.remove(&gone);
    });
    if let Err(error) = written.await {
        return Answer::NotNow { said: format!("it cannot be written down, so it is not done: {error}") };
    }
    fleet.forget(name);
    service.abandon().await;
    Answer::Well
}
