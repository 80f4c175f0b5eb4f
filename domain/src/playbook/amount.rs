//! Exact decimal numbers, and shares of a hundred.

use super::read::{Unreadable, written};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A number with up to three decimals, kept exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount {
    thousandths: u32,
}

impl Amount {
    pub fn thousandths(self) -> u32 {
        self.thousandths
    }

    pub fn as_f64(self) -> f64 {
        f64::from(self.thousandths) / 1000.0
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 3 || text.ends_with('.') {
            return None;
        }
        let whole: u32 = whole.parse().ok()?;
        let part: u32 = format!("{part:0<3}").parse().ok()?;
        Some(Self { thousandths: whole.checked_mul(1000)?.checked_add(part)? })
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.thousandths / 1000, self.thousandths % 1000);
        if part == 0 {
            return whole.fmt(f);
        }
        let part = format!("{part:03}");
        write!(f, "{whole}.{}", part.trim_end_matches('0'))
    }
}

/// A share, from 0 % to 100 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Percent(Amount);

const PERCENT: &str = "a share from “0 %” to “100 %”, such as “5 %” or “99.95 %”";

impl Percent {
    pub fn amount(self) -> Amount {
        self.0
    }

    pub fn whole() -> Self {
        Self(Amount { thousandths: 100_000 })
    }

    pub fn nothing() -> Self {
        Self(Amount { thousandths: 0 })
    }

    /// So many of a hundred; more than a hundred is a hundred.
    pub fn of(hundredths: u8) -> Self {
        Self(Amount { thousandths: u32::from(hundredths) * 1_000 }).min(Self::whole())
    }

    pub fn is_nothing(self) -> bool {
        self.0.thousandths == 0
    }

    pub fn is_whole(self) -> bool {
        self == Self::whole()
    }

    /// What is left of the whole.
    #[must_use]
    pub fn rest(self) -> Self {
        Self(Amount { thousandths: 100_000_u32.saturating_sub(self.0.thousandths) })
    }

    /// As a fraction of one.
    pub fn fraction(self) -> f64 {
        f64::from(self.0.thousandths) / 100_000.0
    }
}

impl FromStr for Percent {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        text.strip_suffix(" %")
            .and_then(Amount::parse)
            .map(Self)
            .filter(|share| *share <= Self::whole())
            .ok_or_else(|| Unreadable::new(text, PERCENT))
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
}

written!(Percent, PERCENT, "^[0-9]{1,3}(\\.[0-9]{1,3})? %$");

/// A score of the Common Vulnerability Scoring System, from 0 to 10 in tenths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Score {
    tenths: u8,
}

const SCORE: &str = "a score from “0.0” to “10.0”";

impl Score {
    pub fn tenths(self) -> u8 {
        self.tenths
    }
}

impl FromStr for Score {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        Amount::parse(text)
            .filter(|a| a.thousandths <= 10_000 && a.thousandths.is_multiple_of(100))
            .and_then(|a| u8::try_from(a.thousandths / 100).ok())
            .map(|tenths| Self { tenths })
            .ok_or_else(|| Unreadable::new(text, SCORE))
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.tenths / 10, self.tenths % 10)
    }
}

written!(Score, SCORE, "^[0-9]{1,2}(\\.[0-9])?$");
