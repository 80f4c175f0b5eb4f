//! Colours that are none: each stands for a class, and `style/` says what it looks like.

use plotters::style::RGBColor;

/// To whom a line belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    Canary,
    Baseline,
}

/// Everything that is drawn, by what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Paint {
    Grid,
    Axis,
    Zone,
    Hatch,
    Threshold,
    BandCanary,
    BandBaseline,
    Canary,
    Baseline,
    DotCanary,
    DotBaseline,
    MarkerStep,
    MarkerVerdict,
    MarkerRollback,
    Note,
}

/// In the order of [`Paint`].
const ALL: [(Paint, &str); 15] = [
    (Paint::Grid, "grid"),
    (Paint::Axis, "axis"),
    (Paint::Zone, "zone"),
    (Paint::Hatch, "hatch"),
    (Paint::Threshold, "threshold"),
    (Paint::BandCanary, "band canary"),
    (Paint::BandBaseline, "band base"),
    (Paint::Canary, "canary"),
    (Paint::Baseline, "base"),
    (Paint::DotCanary, "dot canary"),
    (Paint::DotBaseline, "dot base"),
    (Paint::MarkerStep, "marker step"),
    (Paint::MarkerVerdict, "marker verdict"),
    (Paint::MarkerRollback, "marker rollback"),
    (Paint::Note, "note"),
];

/// Tells our colours from any that plotters might bring by itself.
const OURS: u8 = 0xca;

impl Paint {
    pub(crate) const fn of(ink: Ink) -> Self {
        match ink {
            Ink::Canary => Self::Canary,
            Ink::Baseline => Self::Baseline,
        }
    }

    /// Of a point that stands alone.
    pub(crate) const fn dot(ink: Ink) -> Self {
        match ink {
            Ink::Canary => Self::DotCanary,
            Ink::Baseline => Self::DotBaseline,
        }
    }

    pub(crate) const fn band(ink: Ink) -> Self {
        match ink {
            Ink::Canary => Self::BandCanary,
            Ink::Baseline => Self::BandBaseline,
        }
    }

    pub(crate) fn class(self) -> &'static str {
        ALL.get(self as usize).map_or("", |(_, class)| class)
    }

    pub(crate) const fn colour(self, dashed: bool) -> RGBColor {
        RGBColor(self as u8, dashed as u8, OURS)
    }

    /// What a colour stands for, and whether it is dashed; none for one that is not ours.
    pub(crate) fn read((paint, dashed, ours): (u8, u8, u8)) -> Option<(Self, bool)> {
        let (paint, _) = ALL.get(usize::from(paint)).filter(|_| ours == OURS)?;
        Some((*paint, dashed != 0))
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, Paint};

    #[test]
    fn every_colour_is_read_back_and_foreign_ones_are_not() {
        for (paint, class) in ALL {
            assert_eq!(paint.class(), class);
            let colour = paint.colour(true);
            assert_eq!(Paint::read((colour.0, colour.1, colour.2)), Some((paint, true)));
        }
        assert_eq!(Paint::read((0, 0, 0)), None);
        assert_eq!(Paint::read((200, 0, 0xca)), None);
    }
}
