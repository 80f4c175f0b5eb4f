//! Whom a rule concerns: which release types, in which environments.

use crate::Refusal;
use crate::slug::{EnvName, TypeId};
use std::collections::BTreeSet;

/// Release types and environments; the default concerns everyone everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    types: Types,
    /// Empty: every environment.
    envs: BTreeSet<EnvName>,
}

/// Which release types.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Types {
    #[default]
    All,
    Only(BTreeSet<TypeId>),
    /// All but these: a blackout that a hotfix may pass.
    Except(BTreeSet<TypeId>),
}

impl Scope {
    /// Empty sets mean “no restriction”; naming types both ways contradicts itself and is refused.
    pub fn new(only: BTreeSet<TypeId>, except: BTreeSet<TypeId>, envs: BTreeSet<EnvName>) -> Result<Self, Refusal> {
        let types = match (only.is_empty(), except.is_empty()) {
            (true, true) => Types::All,
            (false, true) => Types::Only(only),
            (true, false) => Types::Except(except),
            (false, false) => {
                return Err(Refusal::invalid("except_types", "both “types” and “except_types”", "one of the two"));
            }
        };
        Ok(Self { types, envs })
    }

    pub fn types(&self) -> &Types {
        &self.types
    }

    pub fn envs(&self) -> &BTreeSet<EnvName> {
        &self.envs
    }

    pub fn covers(&self, kind: &TypeId, env: &EnvName) -> bool {
        let type_fits = match &self.types {
            Types::All => true,
            Types::Only(only) => only.contains(kind),
            Types::Except(except) => !except.contains(kind),
        };
        type_fits && (self.envs.is_empty() || self.envs.contains(env))
    }

    /// Whether some release could be concerned by both rules.
    pub fn meets(&self, other: &Self) -> bool {
        let types = match (&self.types, &other.types) {
            (Types::Only(a), Types::Only(b)) => !a.is_disjoint(b),
            (Types::Only(only), Types::Except(except)) | (Types::Except(except), Types::Only(only)) => {
                !only.is_subset(except)
            }
            _ => true,
        };
        types && (self.envs.is_empty() || other.envs.is_empty() || !self.envs.is_disjoint(&other.envs))
    }
}
