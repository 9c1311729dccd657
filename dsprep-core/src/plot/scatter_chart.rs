//! Points, with texts, sizes and lines.

use super::axes::Axes;
use super::canvas::{Canvas, Drawn, TEXT_HEIGHT, draw, pixels, text_width};
use super::clutter::{Clutter, text_area};
use super::color::series_color;
use super::legend::{Head, Sign};
use super::line::Line;
use super::line_chart::{below, scale};
use super::points::Points;
use super::reference::write_in;
use super::stroke::{Dash, Marker, Pen, draw_marker, draw_path};
use super::view::{View, view_methods};
use super::{Figure, Labels};
use crate::{Error, Result};
use plotters::style::text_anchor::HPos;

/// Points of one or several kinds, told apart by colour and shape.
///
/// [`ScatterChart`] has more to set.
///
/// # Errors
/// [`Error::Empty`] without points, [`Error::Shape`] if lengths differ, [`Error::OutOfRange`] if a
/// value is not finite.
///
/// # Examples
/// ```
/// use dsprep_core::plot::{Labels, Points, scatter_chart};
///
/// let labels = Labels { title: "Recall against latency", x: "p99 (ms)", y: "Recall@10" };
/// let points = Points::new("index", &[1.0, 3.0], &[0.8, 0.95]).with_texts(&["IVF", "exact"]);
/// assert!(scatter_chart(&[points], labels)?.svg().contains("IVF"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn scatter_chart(points: &[Points], labels: Labels<'_>) -> Result<Figure> {
    ScatterChart::new(points, labels).draw()
}

/// A [`scatter_chart`] with lines, references, logarithmic axes or set ranges.
///
/// # Examples
/// ```
/// use dsprep_core::plot::{Labels, Line, Points, ScatterChart};
///
/// let labels = Labels { title: "Fit", x: "x", y: "y" };
/// let figure = ScatterChart::new(&[Points::new("data", &[1, 2], &[1.1, 1.9])], labels)
///     .line(Line::new("y = x", &[1, 2], &[1, 2]))
///     .draw()?;
/// assert!(figure.svg().contains("y = x"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ScatterChart<'a> {
    points: Vec<Points>,
    lines: Vec<Line>,
    labels: Labels<'a>,
    view: View,
}

impl<'a> ScatterChart<'a> {
    /// A chart of `points`, 720 × 400 pixels.
    pub fn new(points: &[Points], labels: Labels<'a>) -> Self {
        ScatterChart {
            points: points.to_vec(),
            lines: vec![],
            labels,
            view: View::default(),
        }
    }

    /// A line over the points.
    #[must_use]
    pub fn line(mut self, line: Line) -> Self {
        self.lines.push(line);
        self
    }

    view_methods!(horizontal, vertical, log_x, log_y, x_range, y_range, size);

    /// Draws the chart.
    ///
    /// # Errors
    /// As [`scatter_chart`]; also [`Error::OutOfRange`] if a logarithmic axis would have to show what
    /// is not positive, or if a range is not one.
    pub fn draw(&self) -> Result<Figure> {
        self.check()?;
        let x = self.points.iter().flat_map(|points| &points.x);
        let x = x.chain(self.lines.iter().flat_map(|line| &line.x)).copied();
        let x = scale(
            "x",
            x.chain(self.view.references.across()),
            self.view.x_range,
            self.view.log.0,
            0.04,
        )?;
        let y = self
            .points
            .iter()
            .flat_map(|points| points.y.iter().copied());
        let y = y.chain(self.lines.iter().flat_map(Line::heights));
        let y = scale(
            "y",
            y.chain(self.view.references.up()),
            self.view.y_range,
            self.view.log.1,
            0.06,
        )?;

        let head = Head::new(self.labels.title, self.entries(), self.view.size.0 as i32);
        let axes = Axes::new(below(&head, self.view.size), x, y);
        draw(self.labels.title, self.view.size, |canvas| {
            head.draw(canvas)?;
            let mut clutter = Clutter::default();
            axes.draw_grid(canvas, true)?;
            self.view
                .references
                .draw_lines(canvas, &axes, &mut clutter)?;
            self.draw_points(canvas, &axes, &mut clutter)?;
            for (index, line) in self.lines.iter().enumerate() {
                for run in axes.runs(line.path().into_iter()) {
                    draw_path(canvas, &run, self.pen(index))?;
                    clutter.add_path(&run);
                }
            }
            axes.draw(canvas, self.labels.x, self.labels.y)?;
            self.view
                .references
                .draw_texts(canvas, &axes, &mut clutter)?;
            self.draw_texts(canvas, &axes, &mut clutter)
        })
    }

    fn check(&self) -> Result<()> {
        if self.points.is_empty() {
            return Err(Error::Empty {
                what: "`points`",
                item: "series of points",
            });
        }
        for points in &self.points {
            points.check()?;
        }
        for line in &self.lines {
            line.check()?;
        }
        self.view.references.check()
    }

    /// Lines take the colours after those of the points.
    fn pen(&self, line: usize) -> Pen {
        let dash = match self.lines[line].dashed {
            Some(true) => Dash::Dashed,
            Some(false) => Dash::Solid,
            None => Dash::ALL[line % Dash::ALL.len()],
        };
        Pen::new(series_color(self.points.len() + line), dash)
    }

    fn entries(&self) -> Vec<(Sign, String)> {
        let points = self.points.iter().enumerate().map(|(index, points)| {
            let (marker, color) = (Marker::of_series(index), series_color(index));
            let sign = if points.joined {
                Sign::Line(Pen::new(color, Dash::Solid), Some(marker))
            } else {
                Sign::Point(marker, color)
            };
            (sign, points.name.clone())
        });
        let lines = self.lines.iter().enumerate();
        let lines =
            lines.map(|(index, line)| (Sign::Line(self.pen(index), None), line.name.clone()));
        let named = points.chain(lines).filter(|(_, name)| !name.is_empty());
        named.collect()
    }

    fn draw_points(&self, canvas: &Canvas<'_>, axes: &Axes, clutter: &mut Clutter) -> Drawn {
        for (index, points) in self.points.iter().enumerate() {
            let color = series_color(index);
            let pairs = || points.x.iter().copied().zip(points.y.iter().copied());
            if points.joined {
                for run in axes.runs(pairs()) {
                    draw_path(canvas, &run, Pen::new(color, Dash::Solid))?;
                    clutter.add_path(&run);
                }
            }
            for ((x, y), radius) in pairs().zip(points.radii()) {
                let place = axes.place(x, y);
                if axes.holds(place) {
                    draw_marker(
                        canvas,
                        Marker::of_series(index),
                        place,
                        radius,
                        (color, points.opacity()),
                    )?;
                    clutter.add_dot(place);
                }
            }
        }
        Ok(())
    }

    fn draw_texts(&self, canvas: &Canvas<'_>, axes: &Axes, clutter: &mut Clutter) -> Drawn {
        for points in &self.points {
            let radii = points.radii();
            for (index, text) in points.texts.iter().enumerate() {
                let place = axes.place(points.x[index], points.y[index]);
                if !axes.holds(place) {
                    continue;
                }
                let (x, y) = (pixels(place.0), pixels(place.1));
                let (far, width) = (pixels(radii[index]) + 4, text_width(text));
                let (middle, row) = (x - width / 2, TEXT_HEIGHT + 2);
                let places = [
                    (x + far, y - row / 2),
                    (middle, y - far - row),
                    (middle, y + far - 2),
                    (x - far - width, y - row / 2),
                    (x + far - 2, y - far - row / 2),
                    (x - far - width, y - far - row / 2),
                ];
                let areas = places.map(|(left, top)| text_area(text, left, top));
                let inside = areas.into_iter().filter(|(left, top, right, bottom)| {
                    axes.left <= *left
                        && *right <= axes.right + 20
                        && axes.top - 8 <= *top
                        && *bottom <= axes.bottom
                });
                let inside: Vec<_> = inside.collect();
                write_in(canvas, text, clutter.place_if_free(&inside), HPos::Left)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: Labels<'_> = Labels {
        title: "Title",
        x: "Latency",
        y: "Recall",
    };

    #[test]
    fn each_point_has_a_mark_and_its_text() -> Result<()> {
        let points = Points::new("", &[1, 2, 3], &[3, 1, 2]).with_texts(&["one", "two", "three"]);
        let figure = scatter_chart(&[points], LABELS)?;
        assert_eq!(figure.svg().matches("<circle").count(), 3);
        for text in ["one", "two", "three"] {
            assert!(figure.svg().contains(text));
        }
        Ok(())
    }

    #[test]
    fn of_points_at_one_place_only_as_many_texts_as_fit_are_written() -> Result<()> {
        let texts: Vec<String> = (0..40).map(|n| format!("text {n}")).collect();
        let points = Points::new("", &[1; 40], &[1; 40]).with_texts(&texts);
        let written = scatter_chart(&[points], LABELS)?
            .svg()
            .matches("\ntext ")
            .count();
        assert!((1..10).contains(&written), "{written}");
        Ok(())
    }

    #[test]
    fn what_cannot_be_drawn_is_named() {
        let message = |points: Points| scatter_chart(&[points], LABELS).unwrap_err().to_string();
        let two = || Points::new("a", &[1, 2], &[1, 2]);
        assert!(message(Points::new("a", &[1, 2], &[1])).starts_with("`y` has 1 value"));
        assert!(message(two().with_texts(&["x"])).starts_with("`texts` has 1 value"));
        assert!(message(two().with_sizes(&[1, -1])).contains("at least 0"));
        assert!(message(Points::new("a", &[f64::INFINITY], &[1])).contains("`x`[0]"));
        assert!(scatter_chart(&[], LABELS).is_err());
    }
}
