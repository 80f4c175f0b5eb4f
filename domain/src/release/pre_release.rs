//! Versions before a version: `1.5.0-rc.1`, `1.5.0-rc.2`, then `1.5.0`.

use super::{Bump, Version, numbering::raise};
use crate::Refusal;
use std::cmp::Ordering;

/// The next pre-release of what `bump` makes of the last release. `taken` are all versions of the product.
pub fn pre_release<'a>(
    label: &str,
    bump: Bump,
    last: Option<&Version>,
    taken: impl IntoIterator<Item = &'a Version>,
) -> Result<Version, Refusal> {
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let sound = label.len() <= 20 && label.starts_with(|c: char| c.is_ascii_alphabetic()) && label.chars().all(letters);
    if !sound {
        let found = format!("“{}”", label.chars().take(40).collect::<String>());
        let allowed = "1 to 20 of a–z, A–Z, 0–9 and “-”, beginning with a letter, such as “rc”";
        return Err(Refusal::invalid("pre_release", found, allowed));
    }
    let base = last.map_or(semver::Version::new(0, 0, 0), |last| last.0.clone());
    let goal = raise(&base, bump);
    let same = |version: &&Version| {
        let number = &version.0;
        (number.major, number.minor, number.patch) == (goal.major, goal.minor, goal.patch)
    };
    let there: Vec<&Version> = taken.into_iter().filter(same).collect();
    let counted = there.iter().filter_map(|version| version.0.pre.strip_prefix(label)?.strip_prefix('.')?.parse().ok());
    let next = counted.max().unwrap_or(0_u64).saturating_add(1);
    let found: Version = format!("{goal}-{label}.{next}").parse()?;
    // By precedence: build metadata makes no version newer.
    match there.into_iter().find(|other| other.0.cmp_precedence(&found.0) != Ordering::Less) {
        None => Ok(found),
        Some(later) => {
            let why = format!("{found} would come before {later}, which is there already.");
            Err(Refusal::conflict(why, "a version above all that are there", later.to_string()).on("pre_release"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Bump, pre_release};
    use crate::Class;

    type Case = (&'static str, Bump, &'static [&'static str], Result<&'static str, Class>);

    fn next(label: &str, bump: Bump, last: &str, taken: &[&str]) -> Result<String, Class> {
        let taken: Vec<_> = taken.iter().map(|text| text.parse().expect("a version")).collect();
        let last = last.parse().expect("a version");
        pre_release(label, bump, Some(&last), &taken).map(|version| version.to_string()).map_err(|no| no.class)
    }

    #[test]
    fn pre_releases_count_up_to_the_release() {
        let cases: [Case; 9] = [
            ("rc", Bump::Minor, &[], Ok("1.5.0-rc.1")),
            ("rc", Bump::Minor, &["1.5.0-rc.1", "1.5.0-rc.9", "1.5.0-rc.10"], Ok("1.5.0-rc.11")),
            ("rc", Bump::Minor, &["1.5.0-beta.3"], Ok("1.5.0-rc.1")),
            ("rc", Bump::Major, &["1.5.0-rc.1"], Ok("2.0.0-rc.1")),
            ("rc", Bump::Patch, &["1.5.0-rc.1"], Ok("1.4.3-rc.1")),
            ("beta", Bump::Minor, &["1.5.0-rc.1"], Err(Class::Conflict)),
            ("rc", Bump::Minor, &["1.5.0"], Err(Class::Conflict)),
            ("rc", Bump::Minor, &["1.5.0+build.7"], Err(Class::Conflict)),
            ("rc", Bump::Minor, &["1.5.0-rc.1+build.7"], Ok("1.5.0-rc.2")),
        ];
        for (label, bump, taken, expected) in cases {
            assert_eq!(next(label, bump, "1.4.2", taken), expected.map(str::to_owned), "{label} {bump:?} {taken:?}");
        }
    }

    #[test]
    fn a_label_is_a_name() {
        for label in ["", "1", "rc.1", "rc+1", "-rc", "r c", "ü", &"a".repeat(21)] {
            assert_eq!(next(label, Bump::Minor, "1.4.2", &[]), Err(Class::Invalid), "{label}");
        }
        assert_eq!(next("rc", Bump::Major, "18446744073709551615.0.0", &[]), Ok(format!("{}.0.0-rc.1", u64::MAX)));
    }
}
