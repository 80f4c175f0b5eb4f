//! Which files are meant: `db/migrations/**/*.sql`.

use super::read::{Unreadable, written};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The longest pattern; paths themselves may be longer.
const LONGEST: usize = 200;

/// A pattern over paths of the repository: `*` and `?` stay within a folder, `**` goes through any number of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PathPattern(String);

const PATTERN: &str = "a path from the root of the repository, such as “db/migrations/**” or “**/*.sql”";

impl PathPattern {
    pub fn matches(&self, path: &str) -> bool {
        let pattern: Vec<&str> = self.0.split('/').collect();
        let path: Vec<&str> = path.split('/').collect();
        greedy(
            &pattern,
            &path,
            |part| *part == "**",
            |part, name| {
                let (part, name): (Vec<char>, Vec<char>) = (part.chars().collect(), name.chars().collect());
                greedy(&part, &name, |c| *c == '*', |c, letter| *c == '?' || c == letter)
            },
        )
    }
}

/// Whether `text` is `pattern`, in which a part that `is_any` stands for any run of parts. Going back to the last such
/// part is enough: whatever an earlier one could take, the later one can as well.
fn greedy<P, T>(pattern: &[P], text: &[T], is_any: impl Fn(&P) -> bool, same: impl Fn(&P, &T) -> bool) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut last_any: Option<(usize, usize)> = None;
    while t < text.len() {
        if p < pattern.len() && is_any(&pattern[p]) {
            last_any = Some((p, t));
            p += 1;
        } else if p < pattern.len() && same(&pattern[p], &text[t]) {
            p += 1;
            t += 1;
        } else if let Some((any, taken)) = last_any {
            last_any = Some((any, taken + 1));
            p = any + 1;
            t = taken + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(is_any)
}

impl FromStr for PathPattern {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let sound = (1..=LONGEST).contains(&text.len())
            && !text.chars().any(|c| c.is_control() || c == '\\')
            && text.split('/').all(|part| !part.is_empty() && !matches!(part, "." | ".."));
        if sound { Ok(Self(text.to_owned())) } else { Err(Unreadable::new(text, PATTERN)) }
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

written!(PathPattern, PATTERN, "^[^/\\\\]+(/[^/\\\\]+)*$");

#[cfg(test)]
mod tests {
    use super::PathPattern;

    #[test]
    fn a_pattern_means_what_it_says() {
        let cases = [
            ("db/migrations/**", "db/migrations/0001_init.sql", true),
            ("db/migrations/**", "db/migrations/2026/11/add.sql", true),
            ("db/migrations/**", "db/migration/0001_init.sql", false),
            ("**/*.sql", "schema.sql", true),
            ("**/*.sql", "a/b/c.sql", true),
            ("**/*.sql", "a/b/c.sql.md", false),
            ("prisma/*/migration.sql", "prisma/20261101/migration.sql", true),
            ("prisma/*/migration.sql", "prisma/a/b/migration.sql", false),
            ("a/**/b/**/c", "a/x/b/y/b/z/c", true),
            ("a/**/b", "a/b", true),
            ("v?.sql", "v1.sql", true),
            ("v?.sql", "v/.sql", false),
            ("überall/*", "überall/ß", true),
            ("*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ];
        for (pattern, path, expected) in cases {
            let pattern: PathPattern = pattern.parse().expect("a pattern");
            assert_eq!(pattern.matches(path), expected, "{pattern} on {path}");
        }
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["", "/db", "db//x", "../x", "db/", "a\\b", "a\nb", &"a".repeat(201)] {
            text.parse::<PathPattern>().expect_err(text);
        }
    }
}
