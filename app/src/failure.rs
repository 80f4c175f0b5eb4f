//! How a refusal travels from the server to the page, and the one table from refusals to HTTP status codes.

use domain::{Class, Refusal};

#[cfg(not(target_arch = "wasm32"))]
pub use on_server::{Failure, answer};

/// The HTTP status that tells a program what the words tell a person; pages and REST use this one table.
pub const fn status(class: Class) -> u16 {
    match class {
        Class::Unauthenticated => 401,
        Class::Forbidden => 403,
        Class::NotFound => 404,
        Class::Invalid => 422,
        Class::Conflict => 409,
        Class::Blocked => 423,
        Class::Throttled => 429,
        Class::Unavailable => 503,
    }
}

/// Nobody answered at all.
pub fn unreachable() -> Refusal {
    Refusal {
        who_can_help: Some("A working connection".to_owned()),
        ..Refusal::new(Class::Unavailable, "Pilothouse cannot be reached; nothing was changed.")
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::{status, unreachable};
    use domain::{Class, Refusal};
    use leptos::{
        prelude::use_context,
        server_fn::{
            codec::JsonEncoding,
            error::{FromServerFnError, ServerFnErrorErr},
        },
    };
    use serde::{Deserialize, Serialize};

    /// What every server function answers instead of its value: a refusal, written as JSON.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
    #[serde(transparent)]
    #[error(transparent)]
    pub struct Failure(pub Refusal);

    impl From<Refusal> for Failure {
        fn from(refusal: Refusal) -> Self {
            Self(refusal)
        }
    }

    impl FromServerFnError for Failure {
        type Encoder = JsonEncoding;

        fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
            let refusal = match error {
                ServerFnErrorErr::Args(why) | ServerFnErrorErr::MissingArg(why) => Refusal {
                    allowed: Some("what the form on the page sends".to_owned()),
                    ..Refusal::new(Class::Invalid, format!("This request cannot be understood: {why}."))
                },
                ServerFnErrorErr::Request(_) => unreachable(),
                // A proxy's error page, or a page older than the server: the words of the cause help nobody.
                ServerFnErrorErr::Deserialization(_) => Refusal {
                    who_can_help: Some("Loading the page again".to_owned()),
                    ..Refusal::new(Class::Unavailable, "The server's answer cannot be read by this page.")
                },
                other => Refusal::new(Class::Unavailable, format!("The request did not get through: {other}.")),
            };
            told(&refusal);
            Self(refusal)
        }
    }

    /// The answer of a server function: a refusal also sets the status of the response.
    pub fn answer<T>(result: Result<T, Refusal>) -> Result<T, Failure> {
        result.map_err(|refusal| {
            told(&refusal);
            Failure(refusal)
        })
    }

    fn told(refusal: &Refusal) {
        let Some(response) = use_context::<leptos_axum::ResponseOptions>() else { return };
        if let Ok(status) = http::StatusCode::from_u16(status(refusal.class)) {
            response.set_status(status);
        }
        if let Some(seconds) = refusal.retry_after_seconds {
            response.insert_header(http::header::RETRY_AFTER, seconds.into());
        }
    }
}
