//! The browser side as Trunk built it: hashed names, precompressed, kept by browsers for ever.

use super::Web;
use axum::Router;
use http::{HeaderValue, header};
use std::path::PathBuf;
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

/// What has to be run when the browser files are missing.
pub const BUILD: &str = "cargo xtask build";

/// A folder that holds them, and the head of the page that Trunk wrote.
#[derive(Debug, Clone)]
pub struct Dist {
    pub folder: PathBuf,
    pub head: String,
}

impl Dist {
    /// Beside the binary, in the working folder, or in the checkout that the binary was built in.
    pub fn find() -> Option<Self> {
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
        Some(Self { folder, head })
    }
}

pub(super) fn routes(dist: &Dist) -> Router<Web> {
    let for_ever = HeaderValue::from_static("public, max-age=31536000, immutable");
    let files = ServeDir::new(&dist.folder).precompressed_br().precompressed_gzip();
    Router::new()
        .nest_service("/pkg", files)
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, for_ever))
}
