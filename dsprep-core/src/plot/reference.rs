//! Reference lines and shaded intervals with their texts, which charts share.

use super::axes::Axes;
use super::canvas::{Canvas, Drawn, TEXT_HEIGHT, pixels, text_width, write};
use super::clutter::{Area, Clutter, text_area};
use super::color::{FAINT, INK};
use super::stroke::{Dash, Pen, draw_path};
use crate::{Error, Result};
use plotters::prelude::{Rectangle, WHITE};
use plotters::style::Color as _;
use plotters::style::text_anchor::{HPos, VPos};

/// Lines at a value, with a text each, and shaded intervals of the horizontal axis.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct References {
    pub(super) horizontal: Vec<(f64, String)>,
    pub(super) vertical: Vec<(f64, String)>,
    pub(super) shaded: Vec<(f64, f64, String)>,
}

impl References {
    pub(super) fn check(&self) -> Result<()> {
        let lines = self.horizontal.iter().chain(&self.vertical);
        let ends = self
            .shaded
            .iter()
            .flat_map(|(from, to, text)| [(*from, text), (*to, text)]);
        let mut all = lines.map(|(at, text)| (*at, text)).chain(ends);
        match all.find(|(at, _)| !at.is_finite()) {
            None => Ok(()),
            Some((at, text)) => Err(Error::OutOfRange {
                what: format!("the reference \"{text}\""),
                found: at.to_string(),
                expected: "at a finite number",
            }),
        }
    }

    /// The values of the horizontal axis that the chart must hold.
    pub(super) fn across(&self) -> impl Iterator<Item = f64> + Clone {
        let shaded = self.shaded.iter().flat_map(|(from, to, _)| [*from, *to]);
        self.vertical.iter().map(|(at, _)| *at).chain(shaded)
    }

    /// The values of the vertical axis that the chart must hold.
    pub(super) fn up(&self) -> impl Iterator<Item = f64> + Clone {
        self.horizontal.iter().map(|(at, _)| *at)
    }

    /// Shades the intervals, which is done before anything else is drawn.
    pub(super) fn draw_shaded(&self, canvas: &Canvas<'_>, axes: &Axes) -> Drawn {
        for (from, to, _) in &self.shaded {
            let (left, right) = shaded_edges(axes, *from, *to);
            let corners = [(left, axes.top), (right, axes.bottom)];
            canvas.draw(&Rectangle::new(corners, FAINT.mix(0.16).filled()))?;
        }
        Ok(())
    }

    /// Draws the lines, and remembers them.
    pub(super) fn draw_lines(
        &self,
        canvas: &Canvas<'_>,
        axes: &Axes,
        clutter: &mut Clutter,
    ) -> Drawn {
        let pen = Pen {
            color: FAINT,
            dash: Dash::Dashed,
            width: 1,
        };
        let (left, right) = (f64::from(axes.left), f64::from(axes.right));
        let (top, bottom) = (f64::from(axes.top), f64::from(axes.bottom));
        let horizontal = self.horizontal.iter().map(|(y, _)| {
            let y = axes.up(*y);
            [(left, y), (right, y)]
        });
        let vertical = self.vertical.iter().map(|(x, _)| {
            let x = axes.across(*x);
            [(x, top), (x, bottom)]
        });
        for line in horizontal
            .chain(vertical)
            .filter(|line| axes.holds(line[0]))
        {
            draw_path(canvas, &line, pen)?;
            clutter.add_path(&line);
        }
        Ok(())
    }

    /// Writes the texts where they cover least, which is done after everything else is drawn.
    pub(super) fn draw_texts(
        &self,
        canvas: &Canvas<'_>,
        axes: &Axes,
        clutter: &mut Clutter,
    ) -> Drawn {
        for (from, to, text) in &self.shaded {
            let (left, right) = shaded_edges(axes, *from, *to);
            let width = text_width(text);
            let x = ((left + right - width) / 2)
                .clamp(axes.left + 2, (axes.right - width).max(axes.left + 2));
            let places =
                [axes.top + 3, axes.bottom - TEXT_HEIGHT - 6].map(|y| text_area(text, x, y));
            write_in(canvas, text, clutter.place(&places), HPos::Center)?;
        }
        for (y, text) in &self.horizontal {
            let y = pixels(axes.up(*y));
            let (left, right) = (axes.left + 6, axes.right - text_width(text) - 4);
            let middle = (left + right) / 2;
            let rows = [y - TEXT_HEIGHT - 6, y + 4];
            let rows = rows
                .into_iter()
                .filter(|row| axes.top - 2 <= *row && row + TEXT_HEIGHT <= axes.bottom);
            let places: Vec<Area> = rows
                .flat_map(|row| [right, left, middle].map(|x| text_area(text, x, row)))
                .collect();
            write_in(canvas, text, clutter.place(&places), HPos::Left)?;
        }
        for (x, text) in &self.vertical {
            let x = pixels(axes.across(*x));
            let width = text_width(text);
            let sides = [x + 5, x - 5 - width];
            let sides = sides
                .into_iter()
                .filter(|side| axes.left <= *side && side + width <= axes.right);
            let rows = [0.0, 0.08, 0.16, 0.3, 0.5, 0.7, 0.85];
            let room = f64::from(axes.bottom - axes.top - TEXT_HEIGHT);
            let places: Vec<Area> = sides
                .flat_map(|side| {
                    rows.map(|row| text_area(text, side, axes.top + 3 + pixels(row * room)))
                })
                .collect();
            write_in(canvas, text, clutter.place(&places), HPos::Left)?;
        }
        Ok(())
    }
}

fn shaded_edges(axes: &Axes, from: f64, to: f64) -> (i32, i32) {
    let edge = |x: f64| pixels(axes.across(x)).clamp(axes.left, axes.right);
    let (a, b) = (edge(from), edge(to));
    (a.min(b), a.max(b).max(a.min(b) + 1))
}

/// Writes `text` into its area, at the left or in the middle, on white that lets little through.
pub(super) fn write_in(canvas: &Canvas<'_>, text: &str, area: Option<Area>, side: HPos) -> Drawn {
    let Some((left, top, right, bottom)) = area.filter(|_| !text.is_empty()) else {
        return Ok(());
    };
    let corners = [(left - 1, top), (right + 1, bottom)];
    canvas.draw(&Rectangle::new(corners, WHITE.mix(0.7).filled()))?;
    let x = match side {
        HPos::Center => (left + right) / 2,
        _ => left,
    };
    write(
        canvas,
        text,
        (x, (top + bottom) / 2),
        (side, VPos::Center),
        &INK,
    )
}
