//! Files that browsers send: read, staged, and the browser sent on to the page that says what is in them.

use super::{flash, visit::see};
use crate::web::{Web, body, credential::unknown_caller, rest::IMPORTS_LARGEST, rest::Problem};
use app::forms::Flash;
use axum::{
    body::Body,
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request},
    response::{IntoResponse as _, Response},
};
use domain::{Refusal, access::Actor};
use http::header;
use std::time::Duration;

/// The page on which past deliveries are imported.
pub(super) const IMPORT: &str = "/dora/import";
const PATIENCE: Duration = Duration::from_mins(10);

/// The size is bounded where the body is read.
pub(super) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::disable()
}

/// What was pasted counts before what was chosen as a file.
#[derive(Default)]
struct Sent {
    text: String,
    file: Vec<u8>,
    name: String,
}

pub(super) async fn import(web: &Web, request: Request) -> Response {
    let Some(actor) = request.extensions().get::<Actor>().copied() else {
        return Problem::from(unknown_caller()).into_response();
    };
    // Whoever may not is told before anything is read.
    if let Err(refusal) = web.control.may_import(actor) {
        return Problem::from(refusal).into_response();
    }
    let sent = match sent(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    match staged(web, actor, &sent).await {
        Ok(place) => see(&place),
        Err(refusal) => {
            let fields = vec![("text".to_owned(), sent.text)];
            let flash = Flash { path: IMPORT.to_owned(), refusal: Some(refusal), fields, notice: None };
            let mut answer = see(IMPORT);
            answer.headers_mut().append(header::SET_COOKIE, flash::cookie(web, IMPORT, flash));
            answer
        }
    }
}

async fn staged(web: &Web, actor: Actor, sent: &Sent) -> Result<String, Refusal> {
    let pasted = !sent.text.trim().is_empty();
    let (name, text) = if pasted {
        (String::new(), sent.text.clone())
    } else {
        let wrong = |_| Refusal::invalid("file", "no UTF-8", "text in UTF-8");
        (sent.name.clone(), str::from_utf8(&sent.file).map_err(wrong)?.to_owned())
    };
    let name: String = name.chars().filter(|c| !c.is_control()).take(120).collect();
    let staged = web.control.stage_import(actor, name, text, true).await?;
    Ok(format!("{IMPORT}?staged={}", staged.id))
}

async fn sent(request: Request) -> Result<Sent, Response> {
    let (parts, body) = request.into_parts();
    let read = body::read_within(body, IMPORTS_LARGEST, PATIENCE).await;
    let bytes = read.map_err(|unread| unread.problem(IMPORTS_LARGEST).into_response())?;
    let request = Request::from_parts(parts, Body::from(bytes));
    let wrong =
        |why: String| Problem::from(Refusal::invalid("body", why, "a form with a file or a text")).into_response();
    let mut parts = Multipart::from_request(request, &()).await.map_err(|error| wrong(error.to_string()))?;
    let mut sent = Sent::default();
    while let Some(field) = parts.next_field().await.map_err(|error| wrong(error.to_string()))? {
        match field.name() {
            Some("text") => sent.text = field.text().await.map_err(|error| wrong(error.to_string()))?,
            Some("file") => {
                field.file_name().unwrap_or_default().clone_into(&mut sent.name);
                sent.file = field.bytes().await.map_err(|error| wrong(error.to_string()))?.into();
            }
            _ => {}
        }
    }
    Ok(sent)
}
