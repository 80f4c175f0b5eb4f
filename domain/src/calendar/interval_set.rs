//! Arithmetic on sorted, disjoint, half-open stretches of time.

use super::occurrence::Stretch;

/// Sorted, with gaps between them: what touches or overlaps has been joined.
pub(super) fn joined(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.retain(|s| s.starts < s.ends);
    stretches.sort_unstable();
    let mut sound: Vec<Stretch> = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        match sound.last_mut() {
            Some(last) if stretch.starts <= last.ends => last.ends = last.ends.max(stretch.ends),
            _ => sound.push(stretch),
        }
    }
    sound
}

/// What lies in both.
pub(super) fn intersection(a: &[Stretch], b: &[Stretch]) -> Vec<Stretch> {
    let (mut i, mut j, mut both) = (0, 0, Vec::new());
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        let shared = Stretch { starts: x.starts.max(y.starts), ends: x.ends.min(y.ends) };
        if shared.starts < shared.ends {
            both.push(shared);
        }
        if x.ends < y.ends { i += 1 } else { j += 1 }
    }
    both
}

/// What lies in `a` and not in `b`.
pub(super) fn difference(a: &[Stretch], b: &[Stretch]) -> Vec<Stretch> {
    let (mut rest, mut next) = (Vec::new(), 0);
    for whole in a {
        let mut starts = whole.starts;
        while b.get(next).is_some_and(|cut| cut.ends <= whole.starts) {
            next += 1;
        }
        for cut in b.iter().skip(next).take_while(|cut| cut.starts < whole.ends) {
            if starts < cut.starts {
                rest.push(Stretch { starts, ends: cut.starts });
            }
            starts = starts.max(cut.ends);
        }
        if starts < whole.ends {
            rest.push(Stretch { starts, ends: whole.ends });
        }
    }
    rest
}
