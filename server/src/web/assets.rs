//! The browser side as Trunk built it: hashed names, precompressed, kept by browsers for ever.

use super::{Web, rest::Problem};
use app::Head;
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{Refusal, digest::sha256_hex};
use http::{HeaderValue, header};
use std::path::{Path, PathBuf};
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

/// What has to be run when the browser files are missing.
pub const BUILD: &str = "cargo xtask build";

/// The name of such a file changes with its contents.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Fonts keep their names: they are asked about again after a month.
const FOR_LONG: HeaderValue = HeaderValue::from_static("public, max-age=2592000");

/// A folder that holds them, and the head of the page that Trunk wrote.
#[derive(Debug, Clone)]
pub struct Dist {
    pub folder: PathBuf,
    pub head: Head,
    /// Only the style sheets, for pages that do nothing.
    pub styles: String,
    /// Tells these files from those of another build.
    pub id: String,
}

impl Dist {
    /// In the folder given; or beside the binary, in the working folder, or in the checkout that the binary was built in.
    pub fn find(given: Option<&Path>) -> Option<Self> {
        if let Some(folder) = given {
            return Self::in_folder(folder.to_owned());
        }
        let beside = std::env::current_exe().ok().and_then(|exe| exe.parent().map(PathBuf::from));
        let checkout = beside.as_ref().map(|folder| folder.join("../../dist"));
        [beside.map(|folder| folder.join("dist")), Some(PathBuf::from("dist")), checkout]
            .into_iter()
            .flatten()
            .find_map(Self::in_folder)
    }

    fn in_folder(folder: PathBuf) -> Option<Self> {
        let page = std::fs::read_to_string(folder.join("index.html")).ok()?;
        let head = page.split_once("<head>")?.1.split_once("</head>")?.0.trim().to_owned();
        let id = sha256_hex(head.as_bytes());
        let links = head.split('<').filter(|tag| tag.starts_with("link") && tag.contains("rel=\"stylesheet\""));
        let styles = links.flat_map(|tag| ["<", tag.trim()]).collect();
        Some(Self { folder, head: Head::new(&head), styles, id })
    }
}

pub(super) fn routes(dist: &Dist) -> Router<Web> {
    let files =
        ServeDir::new(&dist.folder).append_index_html_on_directories(false).precompressed_br().precompressed_gzip();
    Router::new().route("/pkg/{*file}", get(move |State(_): State<Web>, request: Request| file(files.clone(), request)))
}

async fn file(files: ServeDir, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let path = parts.uri.path().strip_prefix("/pkg").unwrap_or_default().to_owned();
    // The page around the application comes from the server, with what stands in it.
    let is_page = Path::new(&path).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("html"));
    let Some(uri) = path.parse().ok().filter(|_| !is_page) else { return nothing() };
    parts.uri = uri;
    let Ok(response) = files.oneshot(Request::from_parts(parts, body)).await;
    let mut response = response.map(Body::new);
    let status = response.status();
    if status.is_client_error() && status != http::StatusCode::RANGE_NOT_SATISFIABLE {
        return nothing();
    }
    let lifetime = if path.starts_with("/fonts/") { FOR_LONG } else { FOR_EVER };
    response.headers_mut().insert(header::CACHE_CONTROL, lifetime);
    response
}

/// Not to be kept: an older page may ask a newer server, or the other way round.
fn nothing() -> Response {
    Problem::from(Refusal::not_found("file with this name")).into_response()
}

#[cfg(test)]
mod tests {
    use super::Dist;

    #[test]
    fn the_head_is_taken_and_styles_are_found_in_it() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Dist::find(Some(folder.path())).is_none());
        let head = "<link rel=\"stylesheet\" href=\"/pkg/main-1.css\"/>\n<script type=\"module\">x</script>";
        let page = format!("<!DOCTYPE html><html><head>\n{head}\n</head><body></body></html>");
        std::fs::write(folder.path().join("index.html"), page).unwrap();
        let dist = Dist::find(Some(folder.path())).unwrap();
        assert_eq!(format!("{:?}", dist.head), format!("{:?}", app::Head::new(head)));
        assert_eq!(dist.styles, "<link rel=\"stylesheet\" href=\"/pkg/main-1.css\"/>");
    }
}
