//! Version numbers: exact, or raised from the ones there are.

use crate::Refusal;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A SemVer version; ordered by precedence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(pub semver::Version);

impl FromStr for Version {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let plain = text.strip_prefix('v').unwrap_or(text);
        let allowed = "a version by SemVer 2.0.0 such as 1.4.2 or 2.0.0-rc.1, at most 60 characters";
        if plain.len() > 60 {
            return Err(Refusal::invalid("version", format!("{} characters", plain.len()), allowed));
        }
        semver::Version::parse(plain)
            .map(Self)
            .map_err(|why| Refusal::invalid("version", format!("“{plain}” ({why})"), allowed))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which part of the number is raised; the higher part is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bump {
    Patch,
    Minor,
    Major,
}

impl Bump {
    pub const ALL: [Self; 3] = [Self::Patch, Self::Minor, Self::Major];

    pub fn name(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// The part that differs between two versions.
    fn between(before: &semver::Version, after: &semver::Version) -> Self {
        if before.major != after.major {
            Self::Major
        } else if before.minor != after.minor {
            Self::Minor
        } else {
            Self::Patch
        }
    }
}

/// How the number is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Numbering {
    Bump(Bump),
    Exact(Version),
}

/// The version and the bump it amounts to. `taken` are all versions of the product, `highest` the greatest of those
/// that were not cancelled.
pub fn number(
    numbering: Numbering,
    taken: impl Fn(&Version) -> bool,
    highest: Option<&Version>,
) -> Result<(Version, Bump), Refusal> {
    let base = highest.map_or(semver::Version::new(0, 0, 0), |v| v.0.clone());
    match numbering {
        Numbering::Exact(version) => {
            if taken(&version) {
                return Err(Refusal::conflict(
                    format!("Version {version} is already there; a number is used once."),
                    "a version not in use",
                    version.to_string(),
                )
                .on("version"));
            }
            let bump = Bump::between(&base, &version.0);
            Ok((version, bump))
        }
        Numbering::Bump(bump) => {
            let mut next = raise(&base, bump);
            while taken(&Version(next.clone())) {
                next = raise(&next, Bump::Patch);
            }
            Ok((Version(next), bump))
        }
    }
}

/// One step up. A pre-release is finished by its own number: 2.0.0-rc.1 raised by major is 2.0.0.
pub(super) fn raise(base: &semver::Version, bump: Bump) -> semver::Version {
    let plain = semver::Version::new(base.major, base.minor, base.patch);
    let finishes = !base.pre.is_empty()
        && match bump {
            Bump::Patch => true,
            Bump::Minor => base.patch == 0,
            Bump::Major => base.patch == 0 && base.minor == 0,
        };
    if finishes {
        return plain;
    }
    match bump {
        Bump::Patch => semver::Version::new(base.major, base.minor, base.patch.saturating_add(1)),
        Bump::Minor => semver::Version::new(base.major, base.minor.saturating_add(1), 0),
        Bump::Major => semver::Version::new(base.major.saturating_add(1), 0, 0),
    }
}
