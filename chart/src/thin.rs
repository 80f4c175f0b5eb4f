//! Fewer points without hiding anything: of each cell the lowest, the highest and a gap stay.

use crate::Point;

/// So many points of a line are drawn; on a phone half of them.
pub const MOST: usize = 300;

/// Points in order of time, at most `most`, or five where that is less.
pub fn thinned(points: &[Point], most: usize) -> Vec<Point> {
    let mut sorted = points.to_vec();
    sorted.sort_by_key(|point| point.at);
    if sorted.len() <= most.max(5) {
        return sorted;
    }
    // A cell keeps three at most, and the two ends stay.
    let cells = (most.max(5) - 2) / 3;
    let inner = sorted.len() - 2;
    let mut kept = vec![0];
    for cell in 0..cells {
        let (from, to) = (1 + inner * cell / cells, 1 + inner * (cell + 1) / cells);
        keep_of_cell(&sorted, from, to, &mut kept);
    }
    kept.push(sorted.len() - 1);
    kept.into_iter().filter_map(|n| sorted.get(n).copied()).collect()
}

fn keep_of_cell(points: &[Point], from: usize, to: usize, kept: &mut Vec<usize>) {
    let (mut lowest, mut highest, mut gap) = (None, None, None);
    for (n, point) in points.iter().enumerate().take(to).skip(from) {
        match point.known() {
            None => gap = gap.or(Some(n)),
            Some(value) => {
                if lowest.is_none_or(|(_, low)| value < low) {
                    lowest = Some((n, value));
                }
                if highest.is_none_or(|(_, high)| value > high) {
                    highest = Some((n, value));
                }
            }
        }
    }
    let mut found: Vec<usize> = [lowest.map(|(n, _)| n), highest.map(|(n, _)| n), gap].into_iter().flatten().collect();
    found.sort_unstable();
    found.dedup();
    kept.extend(found);
}

#[cfg(test)]
mod tests {
    use super::{MOST, thinned};
    use crate::Point;

    fn wave(n: i32) -> Point {
        Point::new(i64::from(n) * 60, Some(1.0 + f64::from(n * 37 % 101)))
    }

    #[test]
    fn few_points_stay_as_they_are_but_in_order() {
        let points = [wave(2), wave(0), wave(1)];
        assert_eq!(thinned(&points, 5), [wave(0), wave(1), wave(2)]);
    }

    #[test]
    fn the_one_peak_and_the_one_gap_survive() {
        // given ten thousand windows with one peak, one dip and one window without data
        let mut points: Vec<Point> = (0..10_000).map(wave).collect();
        points[4_321].value = Some(5_000.0);
        points[7_654].value = None;
        points[1_234].value = Some(0.5);
        // when they are thinned
        let thin = thinned(&points, MOST);
        // then each of them is there, with both ends
        assert!(thin.len() <= MOST, "{}", thin.len());
        for n in [0, 4_321, 7_654, 1_234, 9_999] {
            assert!(thin.contains(&points[n]), "{n}");
        }
        assert!(thin.is_sorted_by_key(|point| point.at));
    }
}
