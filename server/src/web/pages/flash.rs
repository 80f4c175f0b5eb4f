//! What a form said, on its way to the next page: sealed in a cookie, for that page only, for a minute.

use crate::{
    auth::{Cookies, clear_cookie, cookie_name, short_cookie},
    web::Web,
};
use app::forms::Flash;
use domain::Timestamp;
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use std::io::{Read as _, Write as _};

const PURPOSE: &str = "flash";
const SECONDS: u32 = 60;
/// Browsers keep cookies of up to 4096 bytes, name and attributes included.
const LONGEST: usize = 3_800;
/// More than this cannot have been put in.
const MOST_READ: u64 = 1024 * 1024;

#[derive(Serialize, Deserialize)]
struct Carried {
    /// The path of the page it is for.
    page: String,
    until: Timestamp,
    flash: Flash,
}

fn name(web: &Web) -> String {
    cookie_name("pilothouse-flash", web.settings.is_https())
}

/// The cookie that carries `flash` to the page at `place`. What was typed and does not fit stays behind, the longest
/// first; the browser's own way back still has it.
pub(super) fn cookie(web: &Web, place: &str, mut flash: Flash) -> HeaderValue {
    let page = path(place).to_owned();
    let until = web.control.now() + chrono::Duration::seconds(i64::from(SECONDS));
    loop {
        let carried = Carried { page: page.clone(), until, flash: flash.clone() };
        let text = web.keys.seal_text(PURPOSE, &pack(&serde_json::to_vec(&carried).unwrap_or_default()));
        let longest = (0..flash.fields.len()).max_by_key(|n| flash.fields[*n].1.len());
        match longest {
            Some(longest) if text.len() > LONGEST => drop(flash.fields.remove(longest)),
            _ => return short_cookie(&name(web), &text, SECONDS, web.settings.is_https()),
        }
    }
}

/// What was carried to the page at `place`.
pub(super) fn read(web: &Web, headers: &HeaderMap, place: &str) -> Option<Flash> {
    let sealed = Cookies::of(headers).get(&name(web))?.to_owned();
    let plain = unpack(&web.keys.open_text(PURPOSE, &sealed).ok()?)?;
    let carried: Carried = serde_json::from_slice(&plain).ok()?;
    (carried.page == path(place) && web.control.now() < carried.until).then_some(carried.flash)
}

pub(super) fn forget(web: &Web) -> HeaderValue {
    clear_cookie(&name(web), web.settings.is_https())
}

fn path(place: &str) -> &str {
    place.split(['?', '#']).next().unwrap_or(place)
}

fn pack(plain: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    // Writing into memory cannot fail.
    let _ = encoder.write_all(plain);
    encoder.finish().unwrap_or_default()
}

fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    DeflateDecoder::new(packed).take(MOST_READ).read_to_end(&mut plain).ok()?;
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::{pack, unpack};

    #[test]
    fn packing_keeps_everything() {
        let text = "a comment, and again a comment, ".repeat(100);
        let packed = pack(text.as_bytes());
        assert!(packed.len() < text.len() / 10);
        assert_eq!(unpack(&packed).unwrap(), text.as_bytes());
        assert_eq!(unpack(b"nonsense"), None);
    }
}
