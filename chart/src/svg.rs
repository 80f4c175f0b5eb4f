//! The backend: what plotters draws, as SVG text in tenths of a unit, with classes in place of colours.
//!
//! The one that comes with plotters writes colours and whole pixels, and measures text differently on each side.

use crate::{
    ink::Paint,
    text::{escape, width},
};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    text_anchor::{HPos, VPos},
};
use std::{convert::Infallible, fmt::Write as _};

/// plotters counts in tenths of what the picture counts in.
pub(crate) const FINE: i32 = 10;

/// The picture as far as it is drawn.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    shapes: String,
    /// Above all shapes.
    texts: String,
    /// What is drawn next in the same colour is a part of the same path.
    open: Option<((Paint, bool), String)>,
}

impl Sheet {
    pub(crate) fn finish(mut self) -> (String, String) {
        self.close();
        (self.shapes, self.texts)
    }

    /// The path that things of this colour are added to; none for a colour that is not ours.
    fn path(&mut self, colour: BackendColor) -> Option<&mut String> {
        let paint = Paint::read(colour.rgb)?;
        if self.open.as_ref().is_none_or(|(open, _)| *open != paint) {
            self.close();
        }
        Some(&mut self.open.get_or_insert_with(|| (paint, String::new())).1)
    }

    fn close(&mut self) {
        let Some(((paint, dashed), path)) = self.open.take() else { return };
        let dashed = if dashed { " dashed" } else { "" };
        // Where no style reaches, areas are pale and lines are lines.
        let manner = match paint {
            Paint::Zone | Paint::BandCanary | Paint::BandBaseline => {
                " fill=\"currentColor\" fill-opacity=\".12\" stroke=\"none\""
            }
            _ => " vector-effect=\"non-scaling-stroke\"",
        };
        let _ = write!(self.shapes, "<path class=\"{}{dashed}\"{manner} d=\"{path}\"/>", paint.class());
    }
}

/// `M` to the first, then lines from one to the next.
fn trace(path: &mut String, points: impl IntoIterator<Item = BackendCoord>) {
    let mut last: Option<BackendCoord> = None;
    for (x, y) in points {
        match last {
            None => path.push('M'),
            Some(_) => path.push('l'),
        }
        let (from_x, from_y) = last.unwrap_or_default();
        tenths(path, x.saturating_sub(from_x));
        let down = y.saturating_sub(from_y);
        if down >= 0 {
            path.push(' ');
        }
        tenths(path, down);
        last = Some((x, y));
    }
}

fn tenths(to: &mut String, number: i32) {
    let (whole, tenth) = (number.unsigned_abs() / 10, number.unsigned_abs() % 10);
    if number < 0 {
        to.push('-');
    }
    let _ = match (whole, tenth) {
        (whole, 0) => write!(to, "{whole}"),
        (0, tenth) => write!(to, ".{tenth}"),
        (whole, tenth) => write!(to, "{whole}.{tenth}"),
    };
}

/// Draws onto a sheet.
pub(crate) struct Pen<'a> {
    pub(crate) sheet: &'a mut Sheet,
    pub(crate) size: (u32, u32),
}

type Done = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Pen<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        Ok(())
    }

    /// A picture of lines has none.
    fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Done {
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Done {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, one: BackendCoord, other: BackendCoord, style: &S, _: bool) -> Done {
        self.fill_polygon([one, (other.0, one.1), other, (one.0, other.1)], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, points: I, style: &S) -> Done {
        if let Some(path) = self.sheet.path(style.color()) {
            trace(path, points);
        }
        Ok(())
    }

    /// A path of no length, which round ends make a dot.
    fn draw_circle<S: BackendStyle>(&mut self, middle: BackendCoord, _: u32, style: &S, _: bool) -> Done {
        if let Some(path) = self.sheet.path(style.color()) {
            trace(path, [middle]);
            path.push_str("h0");
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, points: I, style: &S) -> Done {
        if let Some(path) = self.sheet.path(style.color()) {
            trace(path, points);
            path.push('z');
        }
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, (x, y): BackendCoord) -> Done {
        let Some((paint, _)) = Paint::read(style.color().rgb) else { return Ok(()) };
        let anchor = style.anchor();
        #[expect(clippy::cast_possible_truncation, reason = "sizes of letters are small")]
        let size = style.size() as i32;
        let down = match anchor.v_pos {
            VPos::Top => size * 78 / 100,
            VPos::Center => size * 35 / 100,
            VPos::Bottom => -size * 22 / 100,
        };
        let texts = &mut self.sheet.texts;
        let _ = write!(texts, "<text class=\"{}\" x=\"", paint.class());
        tenths(texts, x);
        texts.push_str("\" y=\"");
        tenths(texts, y.saturating_add(down));
        texts.push_str(match anchor.h_pos {
            HPos::Left => "\">",
            HPos::Center => "\" text-anchor=\"middle\">",
            HPos::Right => "\" text-anchor=\"end\">",
        });
        escape(texts, text);
        texts.push_str("</text>");
        Ok(())
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "widths are small and no less than 0")]
    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        Ok((width(text, style.size()).ceil() as u32, style.size().ceil() as u32))
    }

    fn blit_bitmap(&mut self, _: BackendCoord, _: (u32, u32), _: &[u8]) -> Done {
        Ok(())
    }
}
