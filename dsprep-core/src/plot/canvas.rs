//! What all charts share: the white sheet, its fonts, and text at a place.

use super::Figure;
use super::color::INK;
use super::figure::legible;
use crate::checks::check;
use crate::{Error, Result};
use plotters::coord::Shift;
use plotters::prelude::{
    DrawingArea, DrawingAreaErrorKind, FontTransform, IntoDrawingArea, IntoTextStyle, SVGBackend,
    Text, TextStyle, WHITE,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle};

pub(super) const FONT: &str = "sans-serif";
/// The size of ordinary text, and its height in pixels: plotters divides what it is given by 1.24.
pub(super) const TEXT_SIZE: f64 = 14.0 * 1.24;
pub(super) const TEXT_HEIGHT: i32 = 14;
const TITLE_SIZE: f64 = 16.0 * 1.24;

/// The area that is drawn on.
/// No screen is so wide, and beyond it places are no longer counted.
const MOST_PIXELS: u32 = 100_000;

pub(super) type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// What drawing returns.
pub(super) type Drawn = std::result::Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// A figure of `size` (width, height in pixels) that `draw` has drawn on white.
pub(super) fn draw(
    title: &str,
    size: (u32, u32),
    draw: impl FnOnce(&Canvas<'_>) -> Drawn,
) -> Result<Figure> {
    for (what, pixels) in [("width", size.0), ("height", size.1)] {
        let holds = (1..=MOST_PIXELS).contains(&pixels);
        check(
            &format!("the {what} of the figure"),
            pixels,
            holds,
            "from 1 to 100,000 pixels",
        )?;
    }
    let mut svg = String::new();
    {
        let canvas = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        canvas
            .fill(&WHITE)
            .and_then(|()| draw(&canvas))
            .and_then(|()| canvas.present())
            .map_err(|error| Error::Plot(error.to_string()))?;
    }
    Ok(Figure::new(title, &svg, size))
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
        legible(text),
        at,
        style.pos(Pos::new(horizontal, vertical)),
    ))
}

/// Writes `text` so that it ends at `at`: what stands left of an axis.
pub(super) fn write_ending_at(canvas: &Canvas<'_>, text: &str, at: (i32, i32)) -> Drawn {
    write(canvas, text, at, (HPos::Right, VPos::Center), &INK)
}

/// Writes `text` upwards, centred at `at`.
pub(super) fn write_upwards(canvas: &Canvas<'_>, text: &str, at: (i32, i32)) -> Drawn {
    let style = (FONT, TEXT_SIZE).into_text_style(canvas).color(&INK);
    let style = style.pos(Pos::new(HPos::Center, VPos::Center));
    canvas.draw(&Text::new(
        legible(text),
        at,
        style.transform(FontTransform::Rotate270),
    ))
}

/// Writes the title, starting at `at`.
pub(super) fn write_title(canvas: &Canvas<'_>, title: &str, at: (i32, i32)) -> Drawn {
    let style: TextStyle<'_> = (FONT, TITLE_SIZE, FontStyle::Bold, &INK).into_text_style(canvas);
    canvas.draw(&Text::new(
        legible(title),
        at,
        style.pos(Pos::new(HPos::Left, VPos::Center)),
    ))
}

/// About how wide a title is, in pixels: SVG leaves the font, and so the exact width, to the reader.
pub(super) fn title_width(title: &str) -> i32 {
    pixels(1.1 * 16.0 * ems(title))
}

/// About how wide ordinary text is, in pixels; see [`title_width`].
pub(super) fn text_width(text: &str) -> i32 {
    pixels(f64::from(TEXT_HEIGHT) * ems(text))
}

/// The nearest pixel.
pub(super) fn pixels(length: f64) -> i32 {
    length.round() as i32
}

/// The width of `text` in units of its size, in a wide font (DejaVu Sans), so that others fit too.
fn ems(text: &str) -> f64 {
    let width = |character: char| match character {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | '(' | ')' => 0.34,
        'f' | 't' | 'r' | 's' | 'c' | 'z' | 'k' | '-' | '/' => 0.5,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '=' | '<' | '>' | '+' | '−' | '→' => 0.88,
        character if character.is_ascii_uppercase() => 0.72,
        character if character.is_ascii() => 0.63,
        character if ('\u{1100}'..'\u{ff00}').contains(&character) => 1.0,
        _ => 0.68,
    };
    text.chars().map(width).sum()
}

/// The text, or as much of its beginning as has room in `width`.
pub(super) fn cut(text: &str, width: i32, measure: impl Fn(&str) -> i32) -> String {
    if measure(text) <= width {
        return text.to_owned();
    }
    let mut shown = String::from("…");
    for character in text.chars() {
        let end = shown.len() - '…'.len_utf8();
        shown.insert(end, character);
        if measure(&shown) > width {
            shown.remove(end);
            break;
        }
    }
    shown
}

/// `text` in lines of at most `width` pixels, by the widths that `measure` gives, broken at spaces.
pub(super) fn wrap(text: &str, width: i32, measure: impl Fn(&str) -> i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if measure(line) + measure(" ") + measure(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_at_spaces_where_it_would_be_too_wide() {
        let measure = |text: &str| text.len() as i32;
        assert_eq!(wrap("one two three", 7, measure), ["one two", "three"]);
        assert_eq!(wrap("unbreakable", 3, measure), ["unbreakable"]);
        assert!(wrap("", 3, measure).is_empty());
    }

    #[test]
    fn wide_letters_take_more_room() {
        assert!(text_width("WWW") > text_width("iii"));
    }
}
