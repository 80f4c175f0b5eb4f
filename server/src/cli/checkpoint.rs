//! A checkpoint kept elsewhere: read, and its signature checked.

use super::said::Fail;
use crate::{auth::Keys, config::Settings};
use control::journal::Head;
use ed25519_dalek::{Signature, VerifyingKey};
use serde::Deserialize;
use std::{fs, path::Path};

/// As `GET /api/v1/audit/checkpoint` gives it.
#[derive(Debug, Deserialize)]
struct Statement {
    seq: u64,
    hash: String,
    at: String,
    signature: String,
    public_key: String,
}

#[derive(Debug)]
pub(super) struct Checkpoint {
    statement: Statement,
    /// Signed by the key of this installation; none when that key is not here.
    own: Option<bool>,
}

impl Checkpoint {
    /// Refused when it is none, or when its own signature does not fit it.
    pub fn read(file: &Path, settings: &Settings) -> Result<Self, Fail> {
        let wrong = |why: String| Fail::refused(format!("{}: {why}", file.display()));
        let text = fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
        let statement: Statement = serde_json::from_str(&text)
            .map_err(|error| wrong(format!("not an answer of GET /api/v1/audit/checkpoint: {error}")))?;
        if !statement.is_signed() {
            return Err(wrong("the signature does not fit: the checkpoint was altered".to_owned()));
        }
        let own = public_key(settings).map(|key| key.eq_ignore_ascii_case(&statement.public_key));
        Ok(Self { statement, own })
    }

    pub fn head(&self) -> Head {
        Head { seq: self.statement.seq, hash: self.statement.hash.clone() }
    }

    /// What is known now that the record agrees with it.
    pub fn holds(&self) -> String {
        let Statement { seq, at, public_key, .. } = &self.statement;
        let signed = match self.own {
            Some(true) => "signed with the key of this installation".to_owned(),
            Some(false) => {
                format!("signed with another key ({public_key}); trust it as far as the place it was kept in")
            }
            None => format!("signed with {public_key}; the key of this installation is not here to compare"),
        };
        format!("It agrees with the checkpoint at event {seq}, taken at {at}, {signed}.\n")
    }
}

impl Statement {
    fn is_signed(&self) -> bool {
        let Self { seq, hash, at, signature, public_key } = self;
        let text = format!("pilothouse checkpoint 1\n{seq}\n{hash}\n{at}\n");
        let key = bytes(public_key).and_then(|key| VerifyingKey::from_bytes(&key).ok());
        let signature = bytes(signature).map(|all| Signature::from_bytes(&all));
        matches!((key, signature), (Some(key), Some(signature)) if key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

/// Of this installation, where its secret key is at hand; none is made for this.
fn public_key(settings: &Settings) -> Option<String> {
    let keys = if let Some(key) = &settings.secret_key {
        Keys::from_hex(key.reveal())
    } else {
        let file = settings.data.join("secret.key");
        file.is_file().then(|| Keys::kept_in(&file).ok()).flatten()
    };
    keys.map(|keys| keys.sign("").1)
}

/// From hexadecimal digits.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; N];
    for (n, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * n..2 * n + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn kept(folder: &Path, keys: &Keys, alter: impl Fn(&str) -> String) -> PathBuf {
        let (signature, public_key) = keys.sign("pilothouse checkpoint 1\n7\nabc\n2026-01-01T00:00:00.000Z\n");
        let text = serde_json::json!({ "seq": 7, "hash": "abc", "at": "2026-01-01T00:00:00.000Z", "signature": signature,
            "public_key": public_key });
        let file = folder.join("checkpoint.json");
        fs::write(&file, alter(&text.to_string())).expect("written");
        file
    }

    #[test]
    fn only_what_was_signed_is_believed_and_whose_key_it_was_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = Settings::for_data(folder.path().to_owned());
        let stranger = Keys::new([7; 32]);
        let read = |file: &Path| Checkpoint::read(file, &settings);
        let same = |text: &str| text.to_owned();
        let unknown = read(&kept(folder.path(), &stranger, same)).expect("signed");
        assert_eq!((unknown.own, unknown.head().seq), (None, 7));
        assert!(!folder.path().join("secret.key").exists(), "looking makes no key");

        let own = Keys::kept_in(&folder.path().join("secret.key")).expect("a key");
        assert_eq!(read(&kept(folder.path(), &own, same)).expect("signed").own, Some(true));
        assert_eq!(read(&kept(folder.path(), &stranger, same)).expect("signed").own, Some(false));
        for alter in [(":7,", ":8,"), ("abc", "abd"), ("2026", "2027"), ("seq", "sek"), ("{", "")] {
            let file = kept(folder.path(), &own, |text| text.replace(alter.0, alter.1));
            assert!(read(&file).is_err(), "{alter:?}");
        }
    }
}
