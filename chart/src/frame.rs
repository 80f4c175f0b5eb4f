//! Where on the picture everything goes.

use crate::{
    Chart, Format, MOST, Side,
    model::seconds,
    scale::{Times, Values},
    text::width,
};

/// Room above the plot for what happened, and below it for the time.
const HEAD: f64 = 20.0;
const FOOT: f64 = 24.0;
/// So much above the threshold is always to be seen.
const BEYOND: f64 = 1.2;
/// A band is followed so far above everything else, then it runs out of the picture.
const BAND: f64 = 2.5;

impl Format {
    pub(crate) const fn size(self) -> (f64, f64) {
        match self {
            Self::Wide => (760.0, 240.0),
            Self::Phone => (360.0, 240.0),
        }
    }

    /// How high letters are.
    pub(crate) const fn letters(self) -> f64 {
        match self {
            Self::Wide => 12.0,
            Self::Phone => 13.0,
        }
    }

    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Phone => "phone",
        }
    }

    /// Points of a line.
    pub(crate) const fn most(self) -> usize {
        match self {
            Self::Wide => MOST,
            Self::Phone => MOST / 2,
        }
    }

    const fn times(self) -> usize {
        match self {
            Self::Wide => 7,
            Self::Phone => 4,
        }
    }

    /// For the names of lines, at most.
    const fn names(self) -> f64 {
        match self {
            Self::Wide => 170.0,
            Self::Phone => 102.0,
        }
    }
}

pub(crate) struct Frame {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
    pub(crate) values: Values,
    pub(crate) times: Times,
}

impl Frame {
    pub(crate) fn of(chart: &Chart, format: Format) -> Self {
        let (wide, high) = format.size();
        let letters = format.letters();
        let values = Values::up_to(highest(chart), chart.unit);
        let points = chart.lines.iter().flat_map(|line| line.points.iter().map(|point| point.at));
        let times = Times::over(points.chain(chart.markers.iter().map(|marker| marker.at)), format.times());
        let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(|t| width(t, letters)).fold(0.0, f64::max);
        let ticks = widest(&mut values.ticks.iter().map(|(_, name)| name.as_str()));
        let drawn = chart.lines.iter().filter(|line| line.points.iter().any(|point| point.known().is_some()));
        // Names are set bolder than the table of widths knows.
        let names = (widest(&mut drawn.map(|line| line.label.as_str())) * 1.05).min(format.names());
        Self {
            left: ticks.ceil() + 8.0,
            right: wide - if names > 0.0 { names.ceil() + 12.0 } else { 8.0 },
            top: HEAD,
            bottom: high - FOOT,
            values,
            times,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "seconds of a few thousand years are exact")]
    pub(crate) fn x(&self, at: i64) -> f64 {
        let (from, to) = (self.times.from as f64, self.times.to as f64);
        self.left + (seconds(at) as f64 - from) / (to - from) * (self.right - self.left)
    }

    /// What is higher than the plot ends at its upper edge.
    pub(crate) fn y(&self, value: f64) -> f64 {
        let share = (value / self.values.high).clamp(0.0, 1.0);
        self.bottom - share * (self.bottom - self.top)
    }
}

/// Where these times stand, from the left, in thousandths of the picture's width.
#[expect(clippy::cast_possible_truncation, reason = "within the picture")]
pub fn places(chart: &Chart, format: Format, times: impl IntoIterator<Item = i64>) -> Vec<i32> {
    let frame = Frame::of(chart, format);
    let (wide, _) = format.size();
    times.into_iter().map(|at| (frame.x(at).clamp(frame.left, frame.right) / wide * 1_000.0).round() as i32).collect()
}

/// What the axis must reach.
fn highest(chart: &Chart) -> f64 {
    let points = || chart.lines.iter().flat_map(|line| &line.points);
    let values = points().filter_map(crate::Point::known).fold(0.0, f64::max);
    let threshold = chart.threshold.as_ref().and_then(|threshold| {
        let beyond = if threshold.side == Side::Above { BEYOND } else { 1.0 };
        Some(threshold.known()? * beyond)
    });
    let all = values.max(threshold.unwrap_or(0.0)).max(chart.unit.least());
    let bands = points().filter_map(crate::Point::known_band).fold(0.0, |high: f64, (_, top)| high.max(top));
    let all = all.max(bands.min(all * BAND));
    // Room beyond a threshold is no reason to go beyond everything.
    if chart.unit == crate::Unit::Share && values <= 1.0 { all.min(1.0) } else { all }
}
