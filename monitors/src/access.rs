//! Where a monitor asks and as whom: the settings that most kinds have in common.

use base64::{Engine, engine::general_purpose::STANDARD};
use control::{
    clock::Clock,
    driver::{Fault, Field, FieldKind, Secret},
    monitor::Missing,
};
use domain::{Refusal, Timestamp};
use outbound::{
    Limits, Lost, Outbound, Reply, Request, address,
    settings::{Read, wrong},
};
use reqwest::Method;
use sha2::{Digest, Sha256};
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

/// Histograms of many arms are long; no answer is longer.
const LARGEST: usize = 8 << 20;

pub const TOKEN: Field = Field {
    name: "token",
    title: "Token",
    help: "Sent as a bearer token; leave empty where none is asked for",
    kind: FieldKind::Secret,
    required: false,
};
pub const USER: Field = Field {
    name: "user",
    title: "User name",
    help: "For basic authentication, together with the password",
    kind: FieldKind::Text,
    required: false,
};
pub const PASSWORD: Field = Field {
    name: "password",
    title: "Password",
    help: "For basic authentication",
    kind: FieldKind::Secret,
    required: false,
};
pub const ALLOW_HOSTS: Field = Field {
    name: "allow_hosts",
    title: "Allowed hosts",
    help: "Hosts that may be asked although their address is private or without TLS, one a line",
    kind: FieldKind::Argv,
    required: false,
};
pub const LIMIT: Field = Field {
    name: "limit_seconds",
    title: "Time limit in seconds",
    help: "For one question with its answer: 1 to 60, 5 when left empty",
    kind: FieldKind::Number,
    required: false,
};

/// As whom.
#[derive(Debug, Clone, Default)]
enum Login {
    #[default]
    Nobody,
    Bearer(Secret),
    Basic {
        /// `user:password` in base64.
        encoded: Secret,
        password: Secret,
    },
}

/// A way to ask, with the login that belongs to it.
#[derive(Debug, Clone)]
pub struct Access {
    outbound: Outbound,
    login: Login,
    clock: Arc<dyn Clock>,
}

/// A reply with the time it took.
#[derive(Debug)]
pub struct Timed<T> {
    pub what: T,
    pub at: Timestamp,
    pub took_ms: u64,
}

impl Access {
    pub fn read(read: Read<'_>, clock: Arc<dyn Clock>) -> Result<Self, Refusal> {
        let total = Duration::from_secs(read.whole("limit_seconds", 1..=60, 5)?);
        let limits = Limits { connect: Limits::default().connect.min(total), total, reply: LARGEST };
        let outbound = Outbound::new(&read.list("allow_hosts").unwrap_or_default(), limits)?;
        let login = match (read.secret("token"), read.text("user"), read.secret("password")) {
            (None, None, None) => Login::Nobody,
            (Some(token), None, None) => Login::Bearer(token.clone()),
            (None, Some(user), Some(_)) if user.contains(':') => {
                return Err(wrong("user", "a colon in the name", "a name without a colon"));
            }
            (None, Some(user), Some(password)) => {
                let encoded = STANDARD.encode(format!("{user}:{}", password.reveal().trim()));
                Login::Basic { encoded: Secret::new(encoded), password: password.clone() }
            }
            (Some(_), ..) => return Err(wrong("token", "a token beside a user name or password", "one of the two")),
            (None, Some(_), None) => return Err(wrong("password", "nothing", "the password of the user")),
            (None, None, Some(_)) => return Err(wrong("user", "nothing", "the name that the password belongs to")),
        };
        Ok(Self { outbound, login, clock })
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Tells logins apart without showing them: what one may see another may not.
    pub fn identity(&self) -> [u8; 32] {
        Sha256::digest(match &self.login {
            Login::Nobody => String::new(),
            Login::Bearer(token) => format!("bearer {}", token.reveal()),
            Login::Basic { encoded, .. } => format!("basic {}", encoded.reveal()),
        })
        .into()
    }

    /// Asks once for what stands at an address that the setting `field` led to.
    pub async fn get(&self, field: &'static str, url: &str, accept: &str) -> Timed<Result<Reply, Missing>> {
        let request = address(field, url).map(|url| Request::new(Method::GET, url)).and_then(|request| {
            request.header("accept", accept).map_err(|fault| Refusal::invalid(field, fault.said, "an address"))
        });
        match request {
            Ok(request) => self.ask(request).await,
            Err(refusal) => Timed { what: Err(Missing::failed(refusal.detail)), at: self.now(), took_ms: 0 },
        }
    }

    /// Asks once. A status that is no success is no answer.
    pub async fn ask(&self, request: Request) -> Timed<Result<Reply, Missing>> {
        self.timed(
            request,
            |lost| Missing::failed(lost.said),
            |reply| {
                if reply.good() {
                    return Ok(reply);
                }
                let help = match reply.status {
                    401 | 403 => " The login that is set does not open it.",
                    300..=399 => " It is a redirect, which is not followed: set the address it leads to.",
                    _ => "",
                };
                Err(Missing::failed(format!("{}.{help}", reply.said().trim_end_matches('.'))))
            },
        )
        .await
    }

    /// Asks once, whatever the status.
    pub async fn probe(&self, request: Request) -> Timed<Result<Reply, Lost>> {
        self.timed(request, |lost| lost, Ok).await
    }

    async fn timed<E>(
        &self,
        request: Request,
        lost: impl Fn(Lost) -> E,
        judge: impl Fn(Reply) -> Result<Reply, E>,
    ) -> Timed<Result<Reply, E>> {
        let (at, started) = (self.clock.now(), Instant::now());
        let what = match self.signed(request) {
            Ok(request) => self.outbound.ask(request).await.map_err(lost).and_then(judge),
            Err(fault) => {
                let stage = outbound::Stage::NotAsked;
                Err(lost(Lost { stage, certainty: fault.certainty, said: fault.said }))
            }
        };
        Timed { what, at, took_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX) }
    }

    fn signed(&self, request: Request) -> Result<Request, Fault> {
        match &self.login {
            Login::Nobody => Ok(request),
            Login::Bearer(token) => request.secret_header("authorization", "Bearer ", token),
            Login::Basic { encoded, password } => {
                Ok(request.secret_header("authorization", "Basic ", encoded)?.hiding(password))
            }
        }
    }
}
