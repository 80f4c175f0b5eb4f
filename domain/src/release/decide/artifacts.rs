//! Artifacts as they may be listed: named once, known by a digest.

use super::super::Artifact;
use crate::{Refusal, text};

pub(super) fn checked(artifacts: Vec<Artifact>) -> Result<Vec<Artifact>, Refusal> {
    if artifacts.len() > 200 {
        return Err(Refusal::invalid("artifacts", format!("{} of them", artifacts.len()), "at most 200"));
    }
    let mut checked: Vec<Artifact> = Vec::with_capacity(artifacts.len());
    for (n, artifact) in artifacts.into_iter().enumerate() {
        let in_field = |mut refusal: Refusal| {
            let field = format!("artifacts[{n}].{}", refusal.field.unwrap_or_default());
            refusal.detail = format!(
                "“{field}”: found {}; allowed is {}.",
                refusal.found.as_deref().unwrap_or("?"),
                refusal.allowed.as_deref().unwrap_or("?")
            );
            refusal.field = Some(field);
            refusal
        };
        let name = text::required("name", &artifact.name, 200).map_err(in_field)?;
        let digest = text::required("digest", &artifact.digest, 200).map_err(in_field)?;
        let sound = digest.split_once(':').is_some_and(|(algorithm, hex)| {
            matches!((algorithm, hex.len()), ("sha256", 64) | ("sha384", 96) | ("sha512", 128))
                && hex.chars().all(|c| c.is_ascii_hexdigit())
        });
        if !sound {
            return Err(in_field(Refusal::invalid(
                "digest",
                format!("“{digest}”"),
                "“sha256:” and 64 hexadecimal digits (or sha384, sha512)",
            )));
        }
        if checked.iter().any(|a| a.name == name) {
            return Err(in_field(Refusal::invalid("name", format!("“{name}” twice"), "each name once")));
        }
        checked.push(Artifact { name, digest: digest.to_ascii_lowercase() });
    }
    Ok(checked)
}
