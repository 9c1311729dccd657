//! The head of a chart: its title, and the legend where it can't hide data.

use super::canvas::{Canvas, Drawn, cut, text_width, title_width, wrap, write, write_title};
use super::color::INK;
use super::stroke::{Marker, Pen, draw_marker, draw_path};
use plotters::prelude::Rectangle;
use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{Color as _, RGBColor};

/// The left edge of titles and legends.
const LEFT: i32 = 24;
const TITLE_LINE: i32 = 22;
const ROW: i32 = 23;
/// How wide the sign of an entry is, how far its text is from it, and the next entry from that.
const SIGN: i32 = 30;
const TEXT_GAP: i32 = 7;
const ENTRY_GAP: i32 = 22;

/// More of a title would leave no room for the plot.
const MOST_TITLE_LINES: usize = 4;

/// What stands for a series in the legend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sign {
    Line(Pen, Option<Marker>),
    Point(Marker, RGBColor),
    /// A filled area: its colour and how opaque it is.
    Area(RGBColor, f64),
}

/// The title of a chart and its legend, `width` pixels wide.
pub(super) struct Head {
    left: i32,
    title: Vec<String>,
    entries: Vec<(Sign, String)>,
    /// Where each entry begins, and in which row.
    places: Vec<(i32, i32)>,
    rows: i32,
}

impl Head {
    pub(super) fn new(title: &str, entries: Vec<(Sign, String)>, width: i32) -> Self {
        Head::at(0, title, entries, width)
    }

    /// A head that begins `left` pixels from the sheet's edge.
    pub(super) fn at(left: i32, title: &str, entries: Vec<(Sign, String)>, width: i32) -> Self {
        let left = left + LEFT;
        let right = left + width - LEFT - 12;
        let mut title = wrap(title, right - left, title_width);
        if title.len() > MOST_TITLE_LINES {
            title.truncate(MOST_TITLE_LINES);
            title[MOST_TITLE_LINES - 1].push_str(" …");
        }
        let entries: Vec<(Sign, String)> = entries
            .into_iter()
            .map(|(sign, text)| (sign, cut(&text, right - left - SIGN - TEXT_GAP, text_width)))
            .collect();
        let (mut x, mut row) = (left, 0);
        let mut places = Vec::new();
        for (_, text) in &entries {
            let needed = SIGN + TEXT_GAP + text_width(text);
            if x > left && x + needed > right {
                (x, row) = (left, row + 1);
            }
            places.push((x, row));
            x += needed + ENTRY_GAP;
        }
        let rows = if entries.is_empty() { 0 } else { row + 1 };
        Head {
            left,
            title,
            entries,
            places,
            rows,
        }
    }

    /// How much room title and legend take.
    pub(super) fn height(&self) -> i32 {
        let title = TITLE_LINE * self.title.len() as i32;
        title + ROW * self.rows + 18
    }

    pub(super) fn draw(&self, canvas: &Canvas<'_>) -> Drawn {
        for (index, line) in self.title.iter().enumerate() {
            write_title(canvas, line, (self.left, 22 + TITLE_LINE * index as i32))?;
        }
        let first = TITLE_LINE * self.title.len() as i32 + 24;
        for ((sign, text), (x, row)) in self.entries.iter().zip(&self.places) {
            let y = first + ROW * row;
            draw_sign(canvas, *sign, (*x, y))?;
            let at = (x + SIGN + TEXT_GAP, y);
            write(canvas, text, at, (HPos::Left, VPos::Center), &INK)?;
        }
        Ok(())
    }
}

fn draw_sign(canvas: &Canvas<'_>, sign: Sign, (x, y): (i32, i32)) -> Drawn {
    let middle = (f64::from(x + SIGN / 2), f64::from(y));
    match sign {
        Sign::Line(pen, marker) => {
            let ends = [(f64::from(x), middle.1), (f64::from(x + SIGN), middle.1)];
            draw_path(canvas, &ends, pen)?;
            match marker {
                Some(marker) => draw_marker(canvas, marker, middle, 4.0, (pen.color, 1.0)),
                None => Ok(()),
            }
        }
        Sign::Point(marker, color) => draw_marker(canvas, marker, middle, 5.0, (color, 1.0)),
        Sign::Area(color, opacity) => canvas.draw(&Rectangle::new(
            [(x, y - 7), (x + SIGN, y + 7)],
            color.mix(opacity).filled(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::color::BLUE;

    #[test]
    fn a_legend_that_is_too_wide_takes_another_row() {
        let entries = |count| {
            let entry = (Sign::Area(BLUE, 1.0), "a name of some length".to_owned());
            vec![entry; count]
        };
        let height = |count| Head::new("Title", entries(count), 720).height();
        assert_eq!(height(3), height(1));
        assert_eq!(height(4), height(1) + ROW);
        assert!(Head::new("Title", vec![], 720).height() < height(1));
    }
}
