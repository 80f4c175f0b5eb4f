//! Lists in pages: `?limit=&cursor=` → `{items, next_cursor}`.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

const USUAL: usize = 50;
const MOST: usize = 200;

/// Which part of a list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// 1 to 200; 50 when left out.
    #[serde(default)]
    pub limit: Option<String>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Part of a list, and where the next part begins.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// None when this was the last page.
    pub next_cursor: Option<String>,
}

impl Paging {
    pub fn limit(&self) -> Result<usize, Refusal> {
        let Some(text) = &self.limit else { return Ok(USUAL) };
        let limit = text.parse().ok().filter(|n| (1..=MOST).contains(n));
        limit.ok_or_else(|| Refusal::invalid("limit", format!("“{text}”"), format!("1 to {MOST}")))
    }

    /// The key after which this page begins.
    pub fn after(&self) -> Result<Option<String>, Refusal> {
        let Some(text) = &self.cursor else { return Ok(None) };
        let plain = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        plain.map(Some).ok_or_else(|| Refusal::invalid("cursor", format!("“{text}”"), "a “next_cursor” of this list"))
    }

    /// Sorts by `key`, the greatest first, and cuts out the page. Keys must differ.
    pub fn cut<S, T>(
        &self,
        items: impl Iterator<Item = S>,
        key: impl Fn(&S) -> String,
        show: impl FnMut(S) -> T,
    ) -> Result<Page<T>, Refusal> {
        let (limit, after) = (self.limit()?, self.after()?);
        let mut keyed: Vec<(String, S)> =
            items.map(|item| (key(&item), item)).filter(|(k, _)| after.as_ref().is_none_or(|a| k < a)).collect();
        keyed.sort_by(|(a, _), (b, _)| b.cmp(a));
        let more = keyed.len() > limit;
        keyed.truncate(limit);
        let next_cursor = keyed.last().filter(|_| more).map(|(key, _)| cursor(key));
        Ok(Page { items: keyed.into_iter().map(|(_, item)| item).map(show).collect(), next_cursor })
    }
}

pub fn cursor(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(key)
}
