//! Alerts that Alertmanager sends: who may send, and what the body says. The route is not here.

mod payload;
mod settings;

#[cfg(test)]
mod tests;

pub use settings::FIELDS;

use control::{
    driver::Secret,
    monitor::{Connection, Delivery, Inbox},
};
use domain::Refusal;
use settings::Labels;
use sha2::{Digest, Sha256};

/// A body larger than this is refused unread.
pub const LARGEST: usize = 1 << 20;

/// Takes in what one Alertmanager sends.
#[derive(Debug)]
pub struct AlertInbox {
    token: Secret,
    labels: Labels,
}

impl AlertInbox {
    pub fn new(connection: &Connection) -> Result<Self, Refusal> {
        let (token, labels) = settings::read(connection)?;
        Ok(Self { token, labels })
    }
}

impl Inbox for AlertInbox {
    fn admits(&self, authorization: Option<&str>) -> bool {
        let Some((scheme, token)) = authorization.and_then(|header| header.split_once(' ')) else { return false };
        scheme.eq_ignore_ascii_case("bearer") && same(token.trim(), self.token.reveal().trim())
    }

    fn read(&self, body: &[u8]) -> Result<Delivery, Refusal> {
        payload::read(body, &self.labels)
    }
}

/// In constant time: digests are of one length, and all of each is compared.
fn same(a: &str, b: &str) -> bool {
    let (a, b) = (Sha256::digest(a), Sha256::digest(b));
    std::hint::black_box(a.iter().zip(b.iter()).fold(0, |apart, (a, b)| apart | (a ^ b))) == 0
}
