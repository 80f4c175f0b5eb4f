//! What a section of the notes is about, and who reads of it.

use crate::playbook::Audience;

/// What the machine knows to write about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    Features,
    Improvements,
    Fixes,
    Api,
    Breaking,
    /// What one has to do to come along.
    Migration,
    Deprecations,
    KnownIssues,
    Security,
    Performance,
    Documentation,
    /// Migrations of the database and dependencies.
    Technical,
    Credits,
    /// How it was tested, how it goes back: of no use outside of the house.
    Inside,
    Others,
    /// What people write alone.
    Words,
}

impl Topic {
    /// By the words of its id or title.
    pub(super) fn of(id: &str, title: &str) -> Self {
        let known = |text: &str| {
            let text = text.to_lowercase();
            WORDS.iter().find(|(word, _)| text.contains(word)).map(|(_, topic)| *topic)
        };
        // “new” alone is in too many words.
        if id == "new" || title.eq_ignore_ascii_case("what's new") {
            return Self::Features;
        }
        known(id).or_else(|| known(title)).unwrap_or(Self::Words)
    }

    pub(super) fn is_for(self, audience: Audience) -> bool {
        match self {
            Self::Inside | Self::Technical => is_inside(audience),
            Self::Others => matches!(audience, Audience::Team | Audience::Engineering),
            _ => true,
        }
    }
}

/// The first that fits holds: “known issue” before “issue”.
const WORDS: [(&str, Topic); 26] = [
    ("known_issue", Topic::KnownIssues),
    ("known issue", Topic::KnownIssues),
    ("breaking", Topic::Breaking),
    ("migration", Topic::Migration),
    ("deprecat", Topic::Deprecations),
    ("security", Topic::Security),
    ("performance", Topic::Performance),
    ("documentation", Topic::Documentation),
    ("docs", Topic::Documentation),
    ("technical", Topic::Technical),
    ("dependenc", Topic::Technical),
    ("testing", Topic::Inside),
    ("rollback", Topic::Inside),
    ("credit", Topic::Credits),
    ("contributor", Topic::Credits),
    ("api", Topic::Api),
    ("improvement", Topic::Improvements),
    ("user-facing", Topic::Improvements),
    ("feature", Topic::Features),
    ("highlight", Topic::Features),
    ("added", Topic::Features),
    ("bug", Topic::Fixes),
    ("fix", Topic::Fixes),
    ("changed", Topic::Improvements),
    ("other change", Topic::Others),
    ("other_change", Topic::Others),
];

/// Those who make the product or answer for it every day.
pub(super) fn is_inside(audience: Audience) -> bool {
    use Audience::{Customers, Engineering, Everyone, Leadership, Product, Public, Security, Stakeholders, Support};
    match audience {
        Audience::Team | Engineering | Support | Security => true,
        Everyone | Product | Leadership | Stakeholders | Audience::Users | Customers | Public => false,
    }
}
