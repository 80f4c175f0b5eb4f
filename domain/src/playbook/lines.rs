//! Two texts side by side: which lines went, which came, and a few around them.

/// More comparisons than this are not made: then everything between what is equal counts as replaced.
const MOST: usize = 4_000_000;
/// How many unchanged lines are shown around a change.
const AROUND: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'a> {
    Kept(&'a str),
    Removed(&'a str),
    Added(&'a str),
}

/// Changes that stand close together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk<'a> {
    /// The line in the new text where it begins, counted from 1.
    pub line: usize,
    pub lines: Vec<Line<'a>>,
}

/// What differs, from top to bottom; nothing when the texts are equal.
pub fn line_difference<'a>(before: &'a str, after: &'a str) -> Vec<Hunk<'a>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    hunks(&script(&old, &new))
}

/// All lines of both, in order.
fn script<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new, kept) = (&old[head..], &new[head..], &old[..head]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, end) = old.split_at(old.len() - tail);
    let new = &new[..new.len() - tail];
    let mut lines: Vec<Line<'a>> = kept.iter().copied().map(Line::Kept).collect();
    between(old, new, &mut lines);
    lines.extend(end.iter().copied().map(Line::Kept));
    lines
}

/// The longest common sequence stays; the rest went or came.
fn between<'a>(old: &[&'a str], new: &[&'a str], lines: &mut Vec<Line<'a>>) {
    let wide = new.len() + 1;
    let mut common = Vec::new();
    if old.len().saturating_mul(new.len()) <= MOST {
        common.resize((old.len() + 1) * wide, 0u32);
        for i in (0..old.len()).rev() {
            for j in (0..new.len()).rev() {
                common[i * wide + j] = if old[i] == new[j] {
                    common[(i + 1) * wide + j + 1] + 1
                } else {
                    common[(i + 1) * wide + j].max(common[i * wide + j + 1])
                };
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    while !common.is_empty() && i < old.len() && j < new.len() {
        if old[i] == new[j] {
            lines.push(Line::Kept(old[i]));
            (i, j) = (i + 1, j + 1);
        } else if common[(i + 1) * wide + j] >= common[i * wide + j + 1] {
            lines.push(Line::Removed(old[i]));
            i += 1;
        } else {
            lines.push(Line::Added(new[j]));
            j += 1;
        }
    }
    lines.extend(old[i..].iter().copied().map(Line::Removed));
    lines.extend(new[j..].iter().copied().map(Line::Added));
}

fn hunks<'a>(script: &[Line<'a>]) -> Vec<Hunk<'a>> {
    let changed: Vec<usize> =
        script.iter().enumerate().filter(|(_, line)| !matches!(line, Line::Kept(_))).map(|(at, _)| at).collect();
    let together = changed.chunk_by(|a, b| b - a <= 2 * AROUND + 1);
    together
        .filter_map(|chunk| {
            let from = chunk.first()?.saturating_sub(AROUND);
            let to = (chunk.last()? + AROUND + 1).min(script.len());
            let above = script[..from].iter().filter(|line| !matches!(line, Line::Removed(_))).count();
            Some(Hunk { line: above + 1, lines: script[from..to].to_vec() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Line, line_difference, script};
    use proptest::prelude::*;

    #[test]
    fn equal_texts_differ_in_nothing() {
        assert_eq!(line_difference("a\nb\n", "a\nb"), []);
    }

    #[test]
    fn a_changed_line_stands_with_its_neighbours() {
        let before = (1..=20).map(|n| n.to_string()).collect::<Vec<_>>().join("\n");
        let after = before.replacen("10\n", "ten\n", 1);
        let [hunk] = &line_difference(&before, &after)[..] else { panic!("one place") };
        assert_eq!(hunk.line, 7);
        let expected = [
            Line::Kept("7"),
            Line::Kept("8"),
            Line::Kept("9"),
            Line::Removed("10"),
            Line::Added("ten"),
            Line::Kept("11"),
            Line::Kept("12"),
            Line::Kept("13"),
        ];
        assert_eq!(hunk.lines, expected);
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_the_script(before in "([abc]\n){0,30}", after in "([abc]\n){0,30}") {
            let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
            let all = script(&old, &new);
            let pick = |wanted: fn(&Line<'_>) -> bool| all.iter().filter(|l| wanted(l)).map(|l| match l {
                Line::Kept(text) | Line::Removed(text) | Line::Added(text) => *text,
            }).collect::<Vec<&str>>();
            prop_assert_eq!(pick(|l| !matches!(l, Line::Added(_))), old);
            prop_assert_eq!(pick(|l| !matches!(l, Line::Removed(_))), new);
        }
    }
}
