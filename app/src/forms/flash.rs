//! What a form said that a browser sent without scripts: carried over the redirect by the server, in a sealed cookie.

use domain::Refusal;
use serde::{Deserialize, Serialize};

/// Something to show once, such as a secret that nobody can read again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub title: String,
    pub text: String,
    /// Path of an address below this installation, or the secret itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// What was typed stays in the form that said it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keeps: bool,
}

/// Put into the request's extensions by the server on the page load that follows the form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Flash {
    /// The server function: `/do/approve`.
    pub path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// What was filled in, without passwords.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(String, String)>,
    /// Shown by the page around the parts that live in the browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    pub notice: Option<Notice>,
}

impl Flash {
    /// Whether it came from the form for `path` that concerns just this.
    pub fn is_from(&self, path: &str, about: &[(&'static str, String)]) -> bool {
        self.path == path && about.iter().all(|(name, value)| self.field(name).is_some_and(|found| found == value))
    }

    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Flash;

    #[test]
    fn a_flash_belongs_to_one_form_among_several_of_its_kind() {
        let fields = vec![("token".to_owned(), "b".to_owned())];
        let flash = Flash { path: "/do/revoke_token".to_owned(), fields, ..Flash::default() };
        assert!(flash.is_from("/do/revoke_token", &[("token", "b".to_owned())]));
        assert!(!flash.is_from("/do/revoke_token", &[("token", "a".to_owned())]));
        assert!(!flash.is_from("/do/issue_token", &[]));
    }
}
