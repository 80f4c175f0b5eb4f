//! Text: how wide it is, by one table on every side, cut to fit, and made harmless.

/// Widths of Inter at 1 000 units for a letter, from the space to the tilde; digits are as wide as each other.
const WIDTHS: [u16; 95] = [
    281, 288, 466, 633, 650, 982, 644, 300, 365, 365, 501, 662, 288, 460, 288, 360, 650, 650, 650, 650, 650, 650, 650,
    650, 650, 650, 288, 302, 662, 662, 662, 511, 966, 690, 654, 730, 722, 601, 590, 746, 743, 269, 571, 672, 565, 903,
    753, 765, 639, 765, 644, 642, 646, 744, 690, 985, 682, 679, 629, 365, 360, 365, 471, 456, 323, 562, 612, 571, 612,
    583, 370, 613, 591, 242, 242, 549, 242, 876, 591, 600, 612, 612, 376, 528, 327, 591, 562, 818, 546, 562, 552, 426,
    333, 426, 662,
];
/// Any other letter.
const OTHER: u16 = 700;
const THIN: u16 = 290;
const ELLIPSIS: char = '…';

/// How wide a text is where a letter is `size` high.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|letter| f64::from(advance(letter))).sum::<f64>() * size / 1_000.0
}

/// As much of a text as there is room for.
pub(crate) fn cut(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut left = room - f64::from(advance(ELLIPSIS)) * size / 1_000.0;
    let fits = |letter: &char| {
        left -= f64::from(advance(*letter)) * size / 1_000.0;
        left >= 0.0
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}{ELLIPSIS}", kept.trim_end())
}

/// Text between the tags of a document.
pub(crate) fn escape(to: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => to.push_str("&amp;"),
            '<' => to.push_str("&lt;"),
            '>' => to.push_str("&gt;"),
            '"' => to.push_str("&quot;"),
            '\'' => to.push_str("&#39;"),
            letter if letter.is_control() => to.push(' '),
            letter => to.push(letter),
        }
    }
}

fn advance(letter: char) -> u16 {
    match letter {
        ' '..='~' => WIDTHS.get(letter as usize - ' ' as usize).copied().unwrap_or(OTHER),
        '\u{a0}' | '·' => THIN,
        ELLIPSIS => 864,
        _ => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::{cut, escape, width};

    #[test]
    fn what_is_cut_fits() {
        assert_eq!(cut("canary", 12.0, 100.0), "canary");
        let short = cut("a label that goes on and on", 12.0, 60.0);
        assert!(short.ends_with('…') && width(&short, 12.0) <= 60.0, "{short}");
        assert_eq!(cut("label", 12.0, -3.0), "…");
    }

    #[test]
    fn no_text_becomes_a_tag() {
        let mut text = String::new();
        escape(&mut text, "<b a=\"1\" c='2'>&\u{0}");
        assert_eq!(text, "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp; ");
    }
}
