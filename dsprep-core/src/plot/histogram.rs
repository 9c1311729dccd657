//! How one or several samples are distributed.

use super::axes::Axes;
use super::canvas::{draw, pixels};
use super::clutter::Clutter;
use super::color::series_color;
use super::legend::{Head, Sign};
use super::line_chart::below;
use super::scale::Scale;
use super::stroke::{Dash, Pen, draw_path};
use super::values::{Values, check_finite};
use super::view::{View, view_methods};
use super::{Figure, Labels};
use crate::{Error, Result};
use plotters::prelude::Polygon;
use plotters::style::Color as _;

/// The most bins that are drawn.
const MOST_BINS: usize = 500;

/// The histograms of samples over the same `bins`, as outlines that can lie over each other.
///
/// The height is the share of a sample in each bin, so that samples of different sizes compare; of
/// one sample alone, the number. The last bin holds its right edge, as in NumPy. [`Histogram`] has
/// more to set.
///
/// # Errors
/// [`Error::Empty`] without samples or values, [`Error::OutOfRange`] if a value is not finite or if
/// the number of bins is not between 1 and 500.
///
/// # Examples
/// ```
/// use dsprep_core::plot::{Labels, histogram};
///
/// let labels = Labels { title: "Scores", x: "Score", y: "Share" };
/// let samples = [("genuine", [0.1, 0.2, 0.2]), ("fraud", [0.7, 0.9, 0.2])];
/// let figure = histogram(&samples, 10, labels)?;
/// assert!(figure.svg().contains("genuine"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn histogram(
    samples: &[(&str, impl Values)],
    bins: usize,
    labels: Labels<'_>,
) -> Result<Figure> {
    Histogram::new(samples, bins, labels).draw()
}

/// A [`histogram`] with reference lines, a set range or a size.
///
/// # Examples
/// ```
/// use dsprep_core::plot::{Histogram, Labels};
///
/// let labels = Labels { title: "Permutations", x: "Difference", y: "Number" };
/// let figure = Histogram::new(&[("", vec![-1.0, 0.0, 0.5])], 3, labels)
///     .vertical(0.8, "observed")
///     .draw()?;
/// assert!(figure.svg().contains("observed"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Histogram<'a> {
    samples: Vec<(String, Vec<f64>)>,
    bins: usize,
    labels: Labels<'a>,
    view: View,
}

impl<'a> Histogram<'a> {
    /// The histogram of named samples over `bins` equal bins, 720 × 400 pixels.
    pub fn new(samples: &[(&str, impl Values)], bins: usize, labels: Labels<'a>) -> Self {
        let samples = samples.iter();
        Histogram {
            samples: samples
                .map(|(name, values)| ((*name).to_owned(), values.values()))
                .collect(),
            bins,
            labels,
            view: View::default(),
        }
    }

    view_methods!(vertical, shaded, size);

    /// The ends of the bins; values outside are not counted.
    #[must_use]
    pub fn range(mut self, low: f64, high: f64) -> Self {
        self.view.x_range = Some((low, high));
        self
    }

    /// Draws the histogram.
    ///
    /// # Errors
    /// As [`histogram`].
    pub fn draw(&self) -> Result<Figure> {
        self.check()?;
        let values = self
            .samples
            .iter()
            .flat_map(|(_, values)| values.iter().copied());
        let bins = super::line_chart::scale("x", values, self.view.x_range, false, 0.0)?;
        let heights: Vec<Vec<f64>> = self
            .samples
            .iter()
            .map(|(_, values)| self.heights(values, bins))
            .collect();
        let highest = heights.iter().flatten().copied().fold(0.0, f64::max);
        let x = [bins.low(), bins.high()]
            .into_iter()
            .chain(self.view.references.across());
        let x = Scale::around("x", x, 0.0, false)?;
        let y = Scale::linear(0.0, if highest > 0.0 { 1.05 * highest } else { 1.0 });

        let head = Head::new(self.labels.title, self.entries(), self.view.size.0 as i32);
        let axes = Axes::new(below(&head, self.view.size), x, y);
        draw(self.labels.title, self.view.size, |canvas| {
            head.draw(canvas)?;
            let mut clutter = Clutter::default();
            self.view.references.draw_shaded(canvas, &axes)?;
            axes.draw_grid(canvas, false)?;
            for (index, heights) in heights.iter().enumerate() {
                let outline = outline(heights, bins);
                let places: Vec<_> = outline.iter().map(|(x, y)| axes.place(*x, *y)).collect();
                let corners: Vec<_> = places
                    .iter()
                    .map(|(x, y)| (pixels(*x), pixels(*y)))
                    .collect();
                let fill = series_color(index).mix(0.22).filled();
                canvas.draw(&Polygon::new(corners, fill))?;
                draw_path(canvas, &places, self.pen(index))?;
                clutter.add_path(&places);
            }
            self.view
                .references
                .draw_lines(canvas, &axes, &mut clutter)?;
            axes.draw(canvas, self.labels.x, self.labels.y)?;
            self.view.references.draw_texts(canvas, &axes, &mut clutter)
        })
    }

    fn check(&self) -> Result<()> {
        if self.samples.is_empty() {
            return Err(Error::Empty {
                what: "`samples`",
                item: "sample",
            });
        }
        for (name, values) in &self.samples {
            check_finite("the sample", name, values)?;
        }
        if !(1..=MOST_BINS).contains(&self.bins) {
            return Err(Error::OutOfRange {
                what: "`bins`".to_owned(),
                found: self.bins.to_string(),
                expected: "between 1 and 500",
            });
        }
        self.view.references.check()
    }

    fn pen(&self, index: usize) -> Pen {
        Pen::new(series_color(index), Dash::ALL[index % Dash::ALL.len()])
    }

    fn entries(&self) -> Vec<(Sign, String)> {
        let samples = self.samples.iter().enumerate();
        let named = samples.filter(|(_, (name, _))| !name.is_empty());
        named
            .map(|(index, (name, _))| (Sign::Line(self.pen(index), None), name.clone()))
            .collect()
    }

    /// The number of values in each bin; the share of the sample if there are several samples.
    /// The bin of a value: that of its share, or a neighbour where the share was rounded over an edge. A value at an edge
    /// belongs to the bin above it.
    fn bin(&self, value: f64, share: f64, bins: Scale) -> usize {
        let last = self.bins - 1;
        let bin = ((share * self.bins as f64) as usize).min(last);
        if bin < last && value >= edge(bins, bin + 1, self.bins) {
            bin + 1
        } else if bin > 0 && value < edge(bins, bin, self.bins) {
            bin - 1
        } else {
            bin
        }
    }

    fn heights(&self, values: &[f64], bins: Scale) -> Vec<f64> {
        let mut counts = vec![0.0; self.bins];
        for &value in values {
            let share = bins.share(value);
            if (0.0..=1.0).contains(&share) {
                counts[self.bin(value, share, bins)] += 1.0;
            }
        }
        if self.samples.len() > 1 {
            counts
                .iter_mut()
                .for_each(|count| *count /= values.len() as f64);
        }
        counts
    }
}

/// Where the bin `at` of `number` begins.
fn edge(bins: Scale, at: usize, number: usize) -> f64 {
    bins.low() + (bins.high() - bins.low()) / number as f64 * at as f64
}

/// The corners of the bins, from the axis up and back to it.
fn outline(heights: &[f64], bins: Scale) -> Vec<(f64, f64)> {
    let mut corners = vec![(bins.low(), 0.0)];
    for (bin, &height) in heights.iter().enumerate() {
        corners.push((edge(bins, bin, heights.len()), height));
        corners.push((edge(bins, bin + 1, heights.len()), height));
    }
    corners.push((bins.high(), 0.0));
    corners
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: Labels<'_> = Labels {
        title: "Title",
        x: "Score",
        y: "Number",
    };

    #[test]
    fn values_are_counted_as_numpy_does() {
        let chart = Histogram::new(&[("", [0.0, 0.4, 0.5, 1.0])], 2, LABELS);
        assert_eq!(
            chart.heights(&[0.0, 0.4, 0.5, 1.0], Scale::linear(0.0, 1.0)),
            [2.0, 2.0]
        );
    }

    #[test]
    fn samples_of_different_sizes_are_shown_as_shares() {
        let chart = Histogram::new(&[("a", vec![0.0, 1.0]), ("b", vec![0.0])], 2, LABELS);
        assert_eq!(
            chart.heights(&[0.0, 1.0], Scale::linear(0.0, 1.0)),
            [0.5, 0.5]
        );
    }

    #[test]
    fn each_sample_is_an_area_with_a_name() -> Result<()> {
        let figure = histogram(&[("a", [1, 2, 2]), ("b", [2, 3, 3])], 3, LABELS)?;
        assert_eq!(figure.svg().matches("<polygon").count(), 2);
        assert!(figure.svg().contains("\na\n") && figure.svg().contains("\nb\n"));
        Ok(())
    }

    #[test]
    fn equal_values_can_be_drawn() -> Result<()> {
        histogram(&[("", [3.0, 3.0])], 10, LABELS).map(|_| ())
    }

    #[test]
    fn what_cannot_be_drawn_is_named() {
        assert!(histogram(&[("a", vec![f64::NAN])], 3, LABELS).is_err());
        assert!(histogram(&[("a", vec![0.0; 0])], 3, LABELS).is_err());
        let error = histogram(&[("a", [1.0])], 0, LABELS).unwrap_err();
        assert!(error.to_string().starts_with("`bins` is 0"));
    }
}
