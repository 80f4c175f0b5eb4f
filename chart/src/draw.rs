//! Draws a chart: grid, zone beyond the threshold, what happened, bands, lines, and what they are called.

use crate::{
    Chart, Format, Kind, Line, Marker, Side, Threshold,
    frame::Frame,
    ink::Paint,
    labels::{in_row, spread},
    svg::{FINE, Pen, Sheet},
    text::{cut, escape, width},
    thin::thinned,
};
use plotters::{
    coord::{Shift, types::RangedCoordf64},
    drawing::DrawingAreaErrorKind,
    element::{Circle, PathElement, Polygon, Text},
    prelude::{Cartesian2d, DrawingArea, IntoDrawingArea as _},
    style::{
        TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};
use std::{convert::Infallible, fmt::Write as _};

/// Between the lines of the hatched zone.
const HATCH: f64 = 8.0;

type Drawn = Result<(), DrawingAreaErrorKind<Infallible>>;
type Paper<'a> = DrawingArea<Pen<'a>, Shift>;
/// Seconds to the right, values upwards.
type Plot<'a> = DrawingArea<Pen<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// The chart as one `<svg>`, the same bytes wherever it is drawn. Whatever the numbers are, there is a picture.
pub fn draw(chart: &Chart, format: Format) -> String {
    let frame = Frame::of(chart, format);
    let mut sheet = Sheet::default();
    // Writing into memory does not fail; if plotters ever refused, what was drawn before stands.
    let _ = drawn(chart, format, &frame, &mut sheet);
    let (shapes, texts) = sheet.finish();
    let (wide, high) = format.size();
    let (class, letters) = (format.class(), format.letters());
    let mut text = String::with_capacity(shapes.len() + texts.len() + 1_024);
    let _ = write!(
        text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart {class}\" viewBox=\"0 0 {wide} {high}\" role=\"img\" \
         font-size=\"{letters}\" fill=\"none\" stroke=\"currentColor\" stroke-linecap=\"round\" \
         stroke-linejoin=\"round\"><title>"
    );
    escape(&mut text, &chart.title);
    let _ = write!(text, "</title>{shapes}<g fill=\"currentColor\" stroke=\"none\">{texts}</g></svg>");
    text
}

fn drawn(chart: &Chart, format: Format, frame: &Frame, sheet: &mut Sheet) -> Drawn {
    let (wide, high) = format.size();
    let size = (fine(wide).unsigned_abs(), fine(high).unsigned_abs());
    let paper = Pen { sheet, size }.into_drawing_area();
    let sides = (fine(frame.left)..fine(frame.right), fine(frame.bottom)..fine(frame.top));
    let times = number(frame.times.from)..number(frame.times.to);
    let plot = paper.apply_coord_spec(Cartesian2d::new(times, 0.0..frame.values.high, sides));
    let ink = Pencil { format, frame, paper: &paper, plot: &plot };
    if let Some(threshold) = &chart.threshold {
        ink.zone(threshold)?;
    }
    ink.grid()?;
    ink.markers(&chart.markers)?;
    let lines: Vec<(&Line, Vec<Run>)> = chart.lines.iter().map(|line| (line, runs(line, format.most()))).collect();
    for (line, runs) in &lines {
        ink.bands(line, runs)?;
    }
    if let Some(threshold) = &chart.threshold {
        ink.threshold(threshold)?;
    }
    for (line, runs) in &lines {
        ink.line(line, runs)?;
    }
    ink.names(&lines)
}

/// Points between two gaps: where, how much, and between what.
type Run = Vec<(f64, f64, Option<(f64, f64)>)>;

fn runs(line: &Line, most: usize) -> Vec<Run> {
    let points = thinned(&line.points, most);
    let known = points.split(|point| point.known().is_none()).filter(|run| !run.is_empty());
    let told = |run: &[crate::Point]| {
        let told = run.iter().filter_map(|point| Some((number(point.at), point.known()?, point.known_band())));
        told.collect()
    };
    known.map(told).collect()
}

struct Pencil<'a, 'b> {
    format: Format,
    frame: &'a Frame,
    paper: &'a Paper<'b>,
    plot: &'a Plot<'b>,
}

impl Pencil<'_, '_> {
    fn grid(&self) -> Drawn {
        let Frame { left, right, bottom, .. } = *self.frame;
        for (value, _) in self.frame.values.ticks.iter().skip(1) {
            let y = self.frame.y(*value);
            self.stroke(&[(left, y), (right, y)], Paint::Grid)?;
        }
        self.stroke(&[(left, bottom), (right, bottom)], Paint::Axis)?;
        for (value, name) in &self.frame.values.ticks {
            self.write(name, (left - 6.0, self.frame.y(*value)), Paint::Axis, (HPos::Right, VPos::Center))?;
        }
        let below = bottom + 8.0;
        let letters = self.format.letters();
        // The zone of all times first: it has its place for sure.
        let wide = self.format.size().0;
        let told = [(wide, "UTC")].into_iter();
        let told = told.chain(self.frame.times.ticks.iter().map(|(at, name)| (self.frame.x(*at), name.as_str())));
        let told: Vec<(f64, &str)> = told.collect();
        let wanted: Vec<(f64, f64)> = told.iter().map(|(x, name)| (*x, width(name, letters))).collect();
        for ((_, name), place) in told.iter().zip(in_row(&wanted, 6.0, 0.0, wide)) {
            if let Some(place) = place {
                self.write(name, (place, below), Paint::Axis, (HPos::Left, VPos::Top))?;
            }
        }
        Ok(())
    }

    /// Where values must not be, pale and hatched.
    fn zone(&self, threshold: &Threshold) -> Drawn {
        let Some((top, bottom)) = self.beyond(threshold) else { return Ok(()) };
        let Frame { left, right, .. } = *self.frame;
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        self.paper.draw(&Polygon::new(corners.map(fine_point).to_vec(), Paint::Zone.colour(false)))?;
        let height = bottom - top;
        let mut foot = left - height + HATCH;
        while foot < right {
            // From the lower edge upwards to the right, cut where the zone ends.
            let (from, to) = (foot.max(left), (foot + height).min(right));
            self.stroke(&[(from, bottom - (from - foot)), (to, bottom - (to - foot))], Paint::Hatch)?;
            foot += HATCH;
        }
        Ok(())
    }

    fn threshold(&self, threshold: &Threshold) -> Drawn {
        let (Some(value), Some((top, bottom))) = (threshold.known(), self.beyond(threshold)) else { return Ok(()) };
        let Frame { left, right, .. } = *self.frame;
        let y = self.frame.y(value);
        self.stroke(&[(left, y), (right, y)], Paint::Threshold)?;
        let letters = self.format.letters();
        let label = cut(&threshold.label, letters, right - left - 8.0);
        // In the zone, which is kept free of lines, when it is high enough.
        let above = (threshold.side == Side::Above) == (bottom - top > letters + 2.0);
        let (place, side) = if above { (y - 3.0, VPos::Bottom) } else { (y + 3.0, VPos::Top) };
        self.write(&label, (left + 4.0, place), Paint::Threshold, (HPos::Left, side))
    }

    /// None when nothing of it is in the picture.
    fn beyond(&self, threshold: &Threshold) -> Option<(f64, f64)> {
        let y = self.frame.y(threshold.known()?);
        let (top, bottom) = match threshold.side {
            Side::Above => (self.frame.top, y),
            Side::Below => (y, self.frame.bottom),
        };
        (bottom > top).then_some((top, bottom))
    }

    fn markers(&self, markers: &[Marker]) -> Drawn {
        let Frame { left, right, top, bottom, .. } = *self.frame;
        let mut order: Vec<&Marker> = markers.iter().collect();
        order.sort_by_key(|marker| (std::cmp::Reverse(marker.kind), marker.at));
        for marker in order.iter().rev() {
            let x = self.frame.x(marker.at);
            self.stroke(&[(x, top - 2.0), (x, bottom)], paint(marker.kind))?;
        }
        let letters = self.format.letters();
        let labels: Vec<String> = order.iter().map(|marker| cut(&marker.label, letters, right - left)).collect();
        let wanted = order.iter().zip(&labels).map(|(marker, label)| (self.frame.x(marker.at), width(label, letters)));
        let row = in_row(&wanted.collect::<Vec<_>>(), 6.0, 0.0, self.format.size().0);
        for ((marker, label), place) in order.iter().zip(&labels).zip(row) {
            if let Some(place) = place {
                self.write(label, (place, top - 4.0), paint(marker.kind), (HPos::Left, VPos::Bottom))?;
            }
        }
        Ok(())
    }

    fn bands(&self, line: &Line, runs: &[Run]) -> Drawn {
        let colour = Paint::band(line.ink).colour(false);
        for band in runs.iter().flat_map(|run| run.split(|(_, _, band)| band.is_none())) {
            let edge = |(at, _, band): &(f64, f64, Option<(f64, f64)>)| band.map(|(low, high)| (*at, low, high));
            let edges: Vec<_> = band.iter().filter_map(edge).collect();
            let high = self.frame.values.high;
            let upper = edges.iter().map(|(at, _, up)| (*at, up.min(high)));
            let lower = edges.iter().rev().map(|(at, low, _)| (*at, low.min(high)));
            if edges.len() > 1 {
                self.plot.draw(&Polygon::new(upper.chain(lower).collect::<Vec<_>>(), colour))?;
            }
        }
        Ok(())
    }

    fn line(&self, line: &Line, runs: &[Run]) -> Drawn {
        let colour = Paint::of(line.ink).colour(line.dashed);
        for run in runs {
            let points: Vec<(f64, f64)> = run.iter().map(|(at, value, _)| (*at, *value)).collect();
            match points.as_slice() {
                [alone] => self.plot.draw(&Circle::new(*alone, FINE, Paint::dot(line.ink).colour(false)))?,
                _ => self.plot.draw(&PathElement::new(points, colour))?,
            }
        }
        Ok(())
    }

    /// What lines are called, where they end.
    fn names(&self, lines: &[(&Line, Vec<Run>)]) -> Drawn {
        let Frame { left, right, top, bottom, .. } = *self.frame;
        let letters = self.format.letters();
        let ends = lines.iter().filter_map(|(line, runs)| {
            let (_, value, _) = runs.last()?.last()?;
            Some((*line, self.frame.y(*value)))
        });
        let mut ends: Vec<(&Line, f64)> = ends.collect();
        if ends.is_empty() {
            let middle = (f64::midpoint(left, right), f64::midpoint(top, bottom));
            return self.write("No data yet", middle, Paint::Note, (HPos::Center, VPos::Center));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few names")]
        ends.truncate(((bottom - top) / (letters + 3.0)) as usize);
        let wanted: Vec<f64> = ends.iter().map(|(_, y)| *y).collect();
        let half = letters / 2.0;
        let heights = spread(&wanted, letters + 3.0, top + half, bottom - half);
        let room = self.format.size().0 - right - 8.0;
        for ((line, _), y) in ends.iter().zip(heights) {
            let name = cut(&line.label, letters * 1.05, room);
            self.write(&name, (right + 8.0, y), Paint::of(line.ink), (HPos::Left, VPos::Center))?;
        }
        Ok(())
    }

    fn stroke(&self, points: &[(f64, f64)], paint: Paint) -> Drawn {
        let points: Vec<(i32, i32)> = points.iter().copied().map(fine_point).collect();
        self.paper.draw(&PathElement::new(points, paint.colour(false)))
    }

    fn write(&self, text: &str, place: (f64, f64), paint: Paint, (across, down): (HPos, VPos)) -> Drawn {
        let size = self.format.letters() * f64::from(FINE);
        let colour = paint.colour(false);
        let style = TextStyle::from(("sans-serif", size)).color(&colour).pos(Pos::new(across, down));
        self.paper.draw(&Text::new(text, fine_point(place), style))
    }
}

const fn paint(kind: Kind) -> Paint {
    match kind {
        Kind::Step => Paint::MarkerStep,
        Kind::Verdict => Paint::MarkerVerdict,
        Kind::Rollback => Paint::MarkerRollback,
    }
}

fn fine_point((x, y): (f64, f64)) -> (i32, i32) {
    (fine(x), fine(y))
}

#[expect(clippy::cast_possible_truncation, reason = "pictures are small")]
fn fine(length: f64) -> i32 {
    (length * f64::from(FINE)).round() as i32
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a few thousand years are exact")]
fn number(at: i64) -> f64 {
    crate::model::seconds(at) as f64
}
