//! Keys that follow from the one secret key, each for its own purpose.

use super::secrets::random;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use control::driver::Safe;
use ed25519_dalek::{Signer as _, SigningKey};
use sha2::{Digest as _, Sha256};
use std::{fmt, fs, io, io::Write as _, path::Path};

/// Longest nonce of the sealing cipher.
const NONCE: usize = 24;

#[derive(Clone)]
pub struct Keys {
    root: [u8; 32],
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(hidden)")
    }
}

/// Not sealed by this key for this purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this was not sealed here")]
pub struct NotSealed;

impl Keys {
    pub fn new(root: [u8; 32]) -> Self {
        Self { root }
    }

    /// From 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut root = [0; 32];
        for (place, n) in root.iter_mut().zip((0..64).step_by(2)) {
            *place = u8::from_str_radix(&text[n..n + 2], 16).ok()?;
        }
        Some(Self { root })
    }

    /// The key kept in `file`, made with the first start; readable by its owner only.
    pub fn kept_in(file: &Path) -> io::Result<Self> {
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "it does not hold 64 hexadecimal digits");
        match fs::read_to_string(file) {
            Ok(text) => Self::from_hex(&text).ok_or_else(damaged),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let keys = Self { root: random() };
                let hex = hex(&keys.root);
                let mut options = fs::OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut handle = options.open(file)?;
                handle.write_all(hex.as_bytes())?;
                handle.sync_all()?;
                Ok(keys)
            }
            Err(error) => Err(error),
        }
    }

    fn derived(&self, purpose: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"pilothouse key 1\n");
        hash.update(purpose.as_bytes());
        hash.update(b"\n");
        hash.update(self.root);
        hash.finalize().into()
    }

    /// Nobody without the key reads or alters it; `purpose` keeps uses apart.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE] = random();
        let cipher = XChaCha20Poly1305::new(&self.derived("seal").into());
        let mut sealed = nonce.to_vec();
        let body = cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: purpose.as_bytes() });
        // Fails only on texts of more than 256 GiB.
        sealed.extend(body.unwrap_or_default());
        sealed
    }

    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, NotSealed> {
        let (nonce, body) = sealed.split_first_chunk::<NONCE>().ok_or(NotSealed)?;
        let cipher = XChaCha20Poly1305::new(&self.derived("seal").into());
        cipher.decrypt(&XNonce::from(*nonce), Payload { msg: body, aad: purpose.as_bytes() }).map_err(|_| NotSealed)
    }

    /// [`Keys::seal`] as text for cookies and addresses.
    pub fn seal_text(&self, purpose: &str, plain: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(self.seal(purpose, plain))
    }

    pub fn open_text(&self, purpose: &str, text: &str) -> Result<Vec<u8>, NotSealed> {
        self.open(purpose, &URL_SAFE_NO_PAD.decode(text).map_err(|_| NotSealed)?)
    }

    /// Signature and public key, both in hexadecimal digits; whoever kept the public key can check it elsewhere.
    pub fn sign(&self, text: &str) -> (String, String) {
        let key = SigningKey::from_bytes(&self.derived("audit checkpoint"));
        (hex(&key.sign(text.as_bytes()).to_bytes()), hex(key.verifying_key().as_bytes()))
    }
}

impl Safe for Keys {
    fn seal(&self, purpose: &str, plain: &[u8]) -> Vec<u8> {
        Self::seal(self, purpose, plain)
    }

    fn open(&self, purpose: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        Self::open(self, purpose, sealed).ok()
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_purpose_only() {
        let keys = Keys::new([7; 32]);
        let sealed = keys.seal_text("flash", b"hello");
        assert_eq!(keys.open_text("flash", &sealed).unwrap(), b"hello");
        assert_eq!(keys.open_text("answer", &sealed), Err(NotSealed));
        assert_eq!(Keys::new([8; 32]).open_text("flash", &sealed), Err(NotSealed));
        let mut bytes = keys.seal("flash", b"hello");
        bytes[30] ^= 1;
        assert_eq!(keys.open("flash", &bytes), Err(NotSealed));
    }

    #[test]
    fn a_kept_key_comes_back_and_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret.key");
        let first = Keys::kept_in(&file).unwrap();
        assert_eq!(first.root, Keys::kept_in(&file).unwrap().root);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
