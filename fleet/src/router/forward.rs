//! One request on its way to an instance, and the answer back.

use super::{
    Hub,
    answer::{AnswerBody, Relay, plain},
    backend::{Backend, Home, Running, Standing},
    counts::Counters,
    headers,
    table::{Lane, Table},
};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, Version, header::SET_COOKIE};
use http_body_util::{Either, Empty};
use hyper::{
    body::{Body as _, Incoming},
    client::conn::http1::{self, SendRequest},
    upgrade::{OnUpgrade, on},
};
use hyper_util::rt::TokioIo;
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{net::TcpStream, time::timeout};

pub(super) type UpstreamBody = Either<Incoming, Empty<Bytes>>;

const CONNECTS_WITHIN: Duration = Duration::from_secs(2);
/// Whoever needs longer for the head of an answer does not answer.
const ANSWERS_WITHIN: Duration = Duration::from_mins(2);
/// A request that must not be sent twice takes a used connection only while it is warm: a server that closes it at the
/// same moment would leave us not knowing.
const WARM: Duration = Duration::from_secs(1);
/// Instances that start again are waited for, for so long, rather than sending the customer away.
const HELD: Duration = Duration::from_secs(2);
const LOOKED_EVERY: Duration = Duration::from_millis(20);
const ANY_AGE: Duration = Duration::from_hours(1);

/// Counts a request once, also when the customer leaves before it is answered.
struct Tally {
    counters: Arc<Counters>,
    started: Instant,
    counted: bool,
}

impl Tally {
    fn count(&mut self, lane: &Lane, failed: bool) {
        self.counted = true;
        let after = self.started.elapsed();
        // The version that should have answered could not: that is its failure, whoever stood in for it.
        if !Arc::ptr_eq(&self.counters, &lane.counters) {
            self.counters.answered(after, true);
        }
        lane.counters.answered(after, failed);
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        if !self.counted {
            self.counters.abandoned(self.started.elapsed());
        }
    }
}

/// An instance has the request and answered it.
struct Reached<'a> {
    lane: &'a Lane,
    running: Running,
    answer: Response<Incoming>,
    home: Home,
    sender: SendRequest<UpstreamBody>,
}

enum Missed<'a> {
    /// Nobody was there; nobody has seen the request.
    Nobody(Box<Request<UpstreamBody>>),
    /// An instance had it and did not answer.
    Broken(&'a Lane, StatusCode, String),
    CustomerLeft,
}

pub(super) async fn forward(hub: Arc<Hub>, peer: SocketAddr, mut request: Request<Incoming>) -> Response<AnswerBody> {
    if request.method() == Method::CONNECT {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "This is no proxy for other places.");
    }
    let (mut table, sticky) = hub.now();
    let point = sticky.point(request.headers(), peer.ip(), &hub.circle);
    let upgrade = headers::strip(request.headers_mut());
    headers::prepare(&mut request, peer);
    let customer = upgrade.is_some().then(|| on(&mut request));
    if let Some(to) = upgrade {
        headers::upgrades(request.headers_mut(), to);
    }
    let mut request = request.map(Either::Left);
    let started = Instant::now();
    loop {
        let Some(lane) = table.at(point.at) else {
            return plain(StatusCode::SERVICE_UNAVAILABLE, "No version serves this place yet.");
        };
        let mut tally = Tally { counters: lane.counters.clone(), started, counted: false };
        match reach(&hub, &table, lane, request).await {
            Ok(reached) => {
                tally.count(reached.lane, reached.answer.status().is_server_error());
                let mut answer = relay(&hub, reached, customer);
                if let Some(cookie) = point.cookie {
                    answer.headers_mut().append(SET_COOKIE, cookie);
                }
                return answer;
            }
            Err(Missed::Nobody(back)) => {
                // While this one was looking, others may have come.
                let (mut newer, _) = hub.now();
                let expected = table.lanes.iter().any(|lane| !lane.backends.is_empty());
                if Arc::ptr_eq(&newer, &table) && expected && started.elapsed() < HELD {
                    tokio::time::sleep(LOOKED_EVERY).await;
                    newer = hub.now().0;
                } else if Arc::ptr_eq(&newer, &table) {
                    tally.count(lane, true);
                    let said = format!("No instance of {} is there to answer. Try again soon.", lane.version);
                    return plain(StatusCode::SERVICE_UNAVAILABLE, &said);
                }
                tally.counted = true;
                (request, table) = (*back, newer);
            }
            Err(Missed::Broken(lane, status, said)) => {
                tally.count(lane, true);
                return plain(status, &said);
            }
            Err(Missed::CustomerLeft) => return plain(StatusCode::BAD_REQUEST, "The request broke off."),
        }
    }
}

/// Tries instances until one has the request: those of the chosen version first, then those of others, at last those
/// that say that they are not well.
async fn reach<'a>(
    hub: &Arc<Hub>,
    table: &'a Table,
    chosen: &'a Lane,
    mut request: Request<UpstreamBody>,
) -> Result<Reached<'a>, Missed<'a>> {
    let idempotent = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS | Method::PUT | Method::DELETE | Method::TRACE
    );
    let replayable = idempotent && request.body().is_end_stream();
    let mut may_reuse = true;
    let mut tried: Vec<Arc<Backend>> = Vec::new();
    for standing in [Standing::Ready, Standing::Doubtful] {
        for lane in std::iter::once(chosen).chain(table.others(chosen)) {
            while let Some((backend, running)) = lane.choose(standing, &tried) {
                let used = if may_reuse { backend.used(if replayable { ANY_AGE } else { WARM }) } else { None };
                let reused = used.is_some();
                let connected = match used {
                    Some(used) => Some(used),
                    None => connect(hub, &backend).await,
                };
                let Some((home, mut sender)) = connected else {
                    tried.push(backend);
                    continue;
                };
                let copy = (reused && replayable).then(|| again(&request));
                let Ok(sent) = timeout(ANSWERS_WITHIN, sender.try_send_request(request)).await else {
                    let said = format!("{} did not answer within {} s.", lane.version, ANSWERS_WITHIN.as_secs());
                    return Err(Missed::Broken(lane, StatusCode::GATEWAY_TIMEOUT, said));
                };
                match sent {
                    Ok(answer) => return Ok(Reached { lane, running, answer, home, sender }),
                    Err(mut failure) => match (failure.take_message(), copy) {
                        // Not a byte of it was sent.
                        (Some(back), _) => {
                            request = back;
                            if !reused {
                                tried.push(backend);
                            }
                        }
                        // The connection was closed as we used it: once more, on a new one.
                        (None, Some(copy)) => (request, may_reuse) = (copy, false),
                        (None, None) if failure.error().is_user() => return Err(Missed::CustomerLeft),
                        (None, None) => {
                            let said = format!("{} closed the connection instead of answering.", lane.version);
                            return Err(Missed::Broken(lane, StatusCode::BAD_GATEWAY, said));
                        }
                    },
                }
            }
        }
    }
    Err(Missed::Nobody(Box::new(request)))
}

/// The same request without a body.
fn again(request: &Request<UpstreamBody>) -> Request<UpstreamBody> {
    let mut copy = Request::new(Either::Right(Empty::new()));
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    copy
}

async fn connect(hub: &Arc<Hub>, backend: &Arc<Backend>) -> Option<(Home, SendRequest<UpstreamBody>)> {
    let (home, address) = backend.home();
    let stream = timeout(CONNECTS_WITHIN, TcpStream::connect(address)).await.ok()?.ok()?;
    stream.set_nodelay(true).ok()?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    hub.back.spawn(async move {
        // Its failure reaches whoever waits for an answer on it.
        let _ = connection.with_upgrades().await;
    });
    Some((home, sender))
}

fn relay(hub: &Arc<Hub>, reached: Reached<'_>, customer: Option<OnUpgrade>) -> Response<AnswerBody> {
    let Reached { lane, running, mut answer, home, sender } = reached;
    let changed_to = headers::strip(answer.headers_mut());
    *answer.version_mut() = Version::HTTP_11;
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS
        && let (Some(customer), Some(to)) = (customer, changed_to)
    {
        headers::upgrades(answer.headers_mut(), to);
        let instance = on(&mut answer);
        hub.front.spawn(tunnel(customer, instance, running));
        return answer.map(|_| AnswerBody::nothing());
    }
    let counters = lane.counters.clone();
    answer.map(|body| AnswerBody::Relayed(Relay::new(body, home, sender, running, counters)))
}

/// Carries bytes both ways until one side ends; the instance counts as busy for so long.
async fn tunnel(customer: OnUpgrade, instance: OnUpgrade, running: Running) {
    if let (Ok(customer), Ok(instance)) = (customer.await, instance.await) {
        let (mut customer, mut instance) = (TokioIo::new(customer), TokioIo::new(instance));
        // A side that breaks off ends the tunnel as well as one that says so.
        let _ = tokio::io::copy_bidirectional(&mut customer, &mut instance).await;
    }
    drop(running);
}
