//! Lines over a common axis: losses, power, a metric over time.

mod names;

use super::axes::Axes;
use super::canvas::{Canvas, Drawn, draw, pixels};
use super::clutter::{Area, Clutter};
use super::color::{FAINT, series_color};
use super::legend::{Head, Sign};
use super::line::Line;
use super::scale::Scale;
use super::stroke::{Dash, Marker, Pen, draw_marker, draw_path};
use super::view::{View, view_methods};
use super::{Figure, Labels};
use crate::{Error, Result};
use plotters::prelude::Polygon;
use plotters::style::Color as _;

/// How opaque a band is, and how large a marked point.
const BAND: f64 = 0.18;
const POINT: f64 = 4.0;
/// How a line that others are compared with is drawn.
const BASELINE: Pen = Pen {
    color: FAINT,
    dash: Dash::Dashed,
    width: 1,
};
/// Draws lines with their names at their ends, or in a legend where those have no room.
///
/// [`LineChart`] has more to set.
///
/// # Errors
/// [`Error::Empty`] without lines or points, [`Error::Shape`] if the lengths of a line differ,
/// [`Error::OutOfRange`] if a value is not finite.
///
/// # Examples
/// ```
/// use dsprep_core::plot::{Labels, Line, line_chart};
///
/// let epochs = [1, 2, 3];
/// let lines = [
///     Line::new("train", &epochs, &[0.9, 0.5, 0.4]),
///     Line::new("validation", &epochs, &[1.0, 0.7, 0.65]),
/// ];
/// let figure = line_chart(&lines, Labels { title: "Training", x: "Epoch", y: "Loss" })?;
/// assert!(figure.svg().contains("validation"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn line_chart(lines: &[Line], labels: Labels<'_>) -> Result<Figure> {
    LineChart::new(lines, labels).draw()
}

/// A [`line_chart`] with reference lines, shaded intervals, logarithmic axes or set ranges.
///
/// # Examples
/// ```
/// use dsprep_core::plot::{Labels, Line, LineChart};
///
/// let power = Line::new("power", &[100, 1_000, 10_000], &[0.1, 0.4, 0.99]);
/// let figure = LineChart::new(&[power], Labels { title: "Power", x: "Users per arm", y: "Power" })
///     .log_x()
///     .y_range(0.0, 1.0)
///     .horizontal(0.8, "80 %")
///     .draw()?;
/// assert!(figure.svg().contains("80 %"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct LineChart<'a> {
    lines: Vec<Line>,
    labels: Labels<'a>,
    view: View,
    legend: bool,
    least_head: i32,
    reversed: bool,
}

impl<'a> LineChart<'a> {
    /// A chart of `lines`, 720 × 400 pixels.
    pub fn new(lines: &[Line], labels: Labels<'a>) -> Self {
        LineChart {
            lines: lines.to_vec(),
            labels,
            view: View::default(),
            legend: false,
            least_head: 0,
            reversed: false,
        }
    }

    view_methods!(
        horizontal, vertical, shaded, log_x, log_y, x_range, y_range, size
    );

    /// Names in a legend, even where they would have room at the ends of the lines.
    #[must_use]
    pub fn with_legend(mut self) -> Self {
        self.legend = true;
        self
    }

    /// How much room title and legend take above the chart.
    pub(super) fn head_height(&self) -> i32 {
        Head::new(self.labels.title, self.entries(), self.view.size.0 as i32).height()
    }

    /// Leaves at least this room for title and legend, as a neighbour has.
    pub(super) fn with_least_head(mut self, height: i32) -> Self {
        self.least_head = height;
        self
    }

    /// A horizontal axis whose values become smaller to the right.
    pub(super) fn reversed(mut self) -> Self {
        self.reversed = true;
        self
    }

    /// Draws the chart.
    ///
    /// # Errors
    /// As [`line_chart`]; also [`Error::OutOfRange`] if a logarithmic axis would have to show what is
    /// not positive, or if a range is not one.
    pub fn draw(&self) -> Result<Figure> {
        self.check()?;
        let x = self.lines.iter().flat_map(|line| line.x.iter().copied());
        let x = scale(
            "x",
            x.chain(self.view.references.across()),
            self.view.x_range,
            self.view.log.0,
            0.0,
        )?;
        let x = if self.reversed { x.reversed() } else { x };
        let x = if self.counts_across(x) { x.whole() } else { x };
        let y = self.lines.iter().flat_map(Line::heights);
        let y = scale(
            "y",
            y.chain(self.view.references.up()),
            self.view.y_range,
            self.view.log.1,
            0.04,
        )?;

        let size = (self.view.size.0 as i32, self.view.size.1 as i32);
        let names = !self.legend && self.names_at_ends(size, x, y);
        let entries = if names { vec![] } else { self.entries() };
        let head = Head::new(self.labels.title, entries, size.0);
        let room = if names { self.names_width() } else { 24 };
        let top = head.height().max(self.least_head);
        let area = (0, top, size.0 - room, size.1);
        let axes = Axes::new(area, x, y);
        draw(self.labels.title, self.view.size, |canvas| {
            head.draw(canvas)?;
            let mut clutter = Clutter::default();
            self.view.references.draw_shaded(canvas, &axes)?;
            axes.draw_grid(canvas, false)?;
            self.draw_bands(canvas, &axes)?;
            self.view
                .references
                .draw_lines(canvas, &axes, &mut clutter)?;
            self.draw_lines(canvas, &axes, &mut clutter)?;
            axes.draw(canvas, self.labels.x, self.labels.y)?;
            if names {
                self.draw_names(canvas, &axes)?;
            }
            self.view.references.draw_texts(canvas, &axes, &mut clutter)
        })
    }

    fn check(&self) -> Result<()> {
        if self.lines.is_empty() {
            return Err(Error::Empty {
                what: "`lines`",
                item: "line",
            });
        }
        for line in &self.lines {
            line.check()?;
        }
        self.view.references.check()
    }

    /// Whether the horizontal axis counts something, such as epochs: all points lie at whole numbers. From 0 to 1
    /// it may be a share.
    fn counts_across(&self, x: Scale) -> bool {
        let mut values = self.lines.iter().flat_map(|line| line.x.iter());
        x.high() - x.low() >= 2.0 && values.all(|value| value.fract() == 0.0)
    }

    /// How each line is drawn: in its own colour, and with dashes of its own unless they are set.
    fn pens(&self) -> Vec<Pen> {
        let some_dashed = self.lines.iter().any(|line| line.dashed == Some(true));
        let mut free = Dash::ALL
            .into_iter()
            .filter(|dash| !(some_dashed && *dash == Dash::Dashed))
            .cycle();
        let pen = |(index, line): (usize, &Line)| {
            if line.baseline {
                return BASELINE;
            }
            let dash = match line.dashed {
                Some(true) => Dash::Dashed,
                Some(false) => Dash::Solid,
                None if line.points => Dash::Solid,
                None => free.next().unwrap_or(Dash::Solid),
            };
            Pen::new(series_color(index), dash)
        };
        self.lines.iter().enumerate().map(pen).collect()
    }

    fn entries(&self) -> Vec<(Sign, String)> {
        let named = self.pens().into_iter().zip(&self.lines).enumerate();
        named
            .filter(|(_, (_, line))| !line.name.is_empty())
            .map(|(index, (pen, line))| {
                let marker = line.points.then(|| Marker::of_series(index));
                (Sign::Line(pen, marker), line.name.clone())
            })
            .collect()
    }

    fn draw_bands(&self, canvas: &Canvas<'_>, axes: &Axes) -> Drawn {
        for (index, line) in self.lines.iter().enumerate() {
            let Some(outline) = line.outline() else {
                continue;
            };
            let corners = outline.into_iter().map(|(x, y)| {
                let (x, y) = axes.place(x, y);
                (
                    pixels(x).clamp(axes.left, axes.right),
                    pixels(y).clamp(axes.top, axes.bottom),
                )
            });
            let corners: Vec<(i32, i32)> = corners.collect();
            let fill = series_color(index).mix(BAND).filled();
            canvas.draw(&Polygon::new(corners, fill))?;
        }
        Ok(())
    }

    fn draw_lines(&self, canvas: &Canvas<'_>, axes: &Axes, clutter: &mut Clutter) -> Drawn {
        for (index, (line, pen)) in self.lines.iter().zip(self.pens()).enumerate() {
            for run in axes.runs(line.path().into_iter()) {
                draw_path(canvas, &run, pen)?;
                clutter.add_path(&run);
            }
            // A line of one point would not be seen.
            if line.points || line.x.len() == 1 {
                let places = line.x.iter().zip(&line.y).map(|(x, y)| axes.place(*x, *y));
                for place in places.filter(|place| axes.holds(*place)) {
                    let marker = Marker::of_series(index);
                    draw_marker(canvas, marker, place, POINT, (pen.color, 1.0))?;
                    clutter.add_dot(place);
                }
            }
        }
        Ok(())
    }
}

/// The scale of an axis: the range that is set, or one around all values.
pub(super) fn scale(
    axis: &'static str,
    values: impl Iterator<Item = f64> + Clone,
    range: Option<(f64, f64)>,
    log: bool,
    margin: f64,
) -> Result<Scale> {
    // Outside the range, too, a number of 0 has no place.
    if log && range.is_some() {
        Scale::around(axis, values.clone(), 0.0, true)?;
    }
    match range {
        None => Scale::around(axis, values, margin, log),
        Some((low, high)) if low.is_finite() && high.is_finite() && low < high => {
            Scale::around(axis, [low, high].into_iter(), 0.0, log)
        }
        Some((low, high)) => Err(Error::OutOfRange {
            what: format!("the range of the {axis} axis"),
            found: format!("from {low} to {high}"),
            expected: "from a finite number to a larger one",
        }),
    }
}

/// The area below the head of a chart without names at its right edge.
pub(super) fn below(head: &Head, (width, height): (u32, u32)) -> Area {
    (0, head.height(), width as i32 - 24, height as i32)
}

#[cfg(test)]
mod tests;
