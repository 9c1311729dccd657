//! What all charts share: the white sheet, its fonts, and text at a place.

use super::Figure;
use super::color::INK;
use crate::{Error, Result};
use plotters::coord::Shift;
use plotters::prelude::{
    DrawingArea, DrawingAreaErrorKind, FontTransform, IntoDrawingArea, IntoTextStyle, SVGBackend,
    Text, TextStyle, WHITE,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle};

pub(super) const FONT: &str = "sans-serif";
/// The size of ordinary text in pixels.
pub(super) const TEXT_SIZE: u32 = 15;
const TITLE_SIZE: u32 = 18;

/// The area that is drawn on.
pub(super) type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// What drawing returns.
pub(super) type Drawn = std::result::Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// A figure of `size` (width, height in pixels) that `draw` has drawn on white.
pub(super) fn draw(
    title: &str,
    size: (u32, u32),
    draw: impl FnOnce(&Canvas<'_>) -> Drawn,
) -> Result<Figure> {
    let mut svg = String::new();
    {
        let canvas = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        canvas
            .fill(&WHITE)
            .and_then(|()| draw(&canvas))
            .and_then(|()| canvas.present())
            .map_err(|error| Error::Plot(error.to_string()))?;
    }
    Ok(Figure::new(title, &svg))
}

/// Writes `text` with the anchor `(horizontal, vertical)` at `at`.
pub(super) fn write(
    canvas: &Canvas<'_>,
    text: &str,
    at: (i32, i32),
    (horizontal, vertical): (HPos, VPos),
    color: &impl Color,
) -> Drawn {
    let style = (FONT, TEXT_SIZE).into_text_style(canvas).color(color);
    canvas.draw(&Text::new(
        text,
        at,
        style.pos(Pos::new(horizontal, vertical)),
    ))
}

/// Writes `text` upwards, centred at `at`.
pub(super) fn write_upwards(canvas: &Canvas<'_>, text: &str, at: (i32, i32)) -> Drawn {
    let style = (FONT, TEXT_SIZE).into_text_style(canvas).color(&INK);
    let style = style.pos(Pos::new(HPos::Center, VPos::Center));
    canvas.draw(&Text::new(
        text,
        at,
        style.transform(FontTransform::Rotate270),
    ))
}

/// Writes the title, starting at `at`.
pub(super) fn write_title(canvas: &Canvas<'_>, title: &str, at: (i32, i32)) -> Drawn {
    let style: TextStyle<'_> = (FONT, TITLE_SIZE, FontStyle::Bold, &INK).into_text_style(canvas);
    canvas.draw(&Text::new(
        title,
        at,
        style.pos(Pos::new(HPos::Left, VPos::Center)),
    ))
}

/// About how wide a title is, in pixels: SVG leaves the font, and so the exact width, to the reader.
pub(super) fn title_width(title: &str) -> i32 {
    i32::try_from(title.chars().count()).map_or(0, |length| length.saturating_mul(9))
}
