//! Labels that keep out of each other's way.

/// Moves heights apart until neighbours are `gap` from each other, between `top` and `bottom`. As many as there is room for
/// are sure to be apart.
pub(crate) fn spread(wanted: &[f64], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let mut heights = wanted.to_vec();
    let mut least = top;
    for n in &order {
        heights[*n] = wanted[*n].max(least);
        least = heights[*n] + gap;
    }
    let mut most = bottom;
    for n in order.iter().rev() {
        heights[*n] = heights[*n].min(most);
        most = heights[*n] - gap;
    }
    heights
}

/// Which of several texts in a row are shown, and their left ends: those that come first are placed first, around the middle
/// they want, and who would touch another stays away.
pub(crate) fn in_row(wanted: &[(f64, f64)], gap: f64, left: f64, right: f64) -> Vec<Option<f64>> {
    let mut placed: Vec<(f64, f64)> = Vec::new();
    let mut found = Vec::new();
    for (middle, width) in wanted {
        let begin = (middle - width / 2.0).min(right - width).max(left);
        let end = begin + width;
        let free = end <= right && placed.iter().all(|(from, to)| end + gap <= *from || to + gap <= begin);
        if free {
            placed.push((begin, end));
        }
        found.push(free.then_some(begin));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{in_row, spread};

    #[test]
    fn labels_move_apart_and_stay_inside() {
        assert_eq!(spread(&[50.0, 20.0], 10.0, 0.0, 100.0), [50.0, 20.0]);
        assert_eq!(spread(&[50.0, 52.0], 10.0, 0.0, 100.0), [50.0, 60.0]);
        assert_eq!(spread(&[99.0, 98.0, 97.0], 10.0, 0.0, 100.0), [100.0, 90.0, 80.0]);
        assert_eq!(spread(&[], 10.0, 0.0, 100.0), [0.0; 0]);
    }

    #[test]
    fn who_comes_first_has_the_place() {
        let row = in_row(&[(50.0, 20.0), (55.0, 20.0), (0.0, 20.0), (100.0, 200.0)], 4.0, 0.0, 100.0);
        assert_eq!(row, [Some(40.0), None, Some(0.0), None]);
    }
}
