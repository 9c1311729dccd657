//! One line of a chart.

use super::values::{Values, check_finite, check_length};
use crate::Result;

/// The band around a line: one lower and one upper value per point.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Band {
    pub(super) lower: Vec<f64>,
    pub(super) upper: Vec<f64>,
}

/// A line of a [`line_chart`](super::line_chart) with its name.
///
/// # Examples
/// ```
/// use dsprep_core::plot::Line;
///
/// let loss = Line::new("train", &(0..4), &[0.9, 0.5, 0.4, 0.35]).dashed().with_points();
/// let band = Line::new("mean", &[1, 2], &vec![3.0, 4.0]).with_band(&[2.5, 3.5], &[3.5, 4.5]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub(super) name: String,
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) band: Option<Band>,
    pub(super) dashed: Option<bool>,
    pub(super) points: bool,
    pub(super) baseline: bool,
    pub(super) steps: bool,
}

impl Line {
    /// The line through the points (x, y), in this order.
    pub fn new(name: &str, x: &(impl Values + ?Sized), y: &(impl Values + ?Sized)) -> Self {
        Line {
            name: name.to_owned(),
            x: x.values(),
            y: y.values(),
            band: None,
            dashed: None,
            points: false,
            baseline: false,
            steps: false,
        }
    }

    /// A dashed line. Unless this or [`solid`](Self::solid) is called, the lines of a chart are dashed differently,
    /// the first not at all.
    #[must_use]
    pub fn dashed(mut self) -> Self {
        self.dashed = Some(true);
        self
    }

    /// An undashed line.
    #[must_use]
    pub fn solid(mut self) -> Self {
        self.dashed = Some(false);
        self
    }

    /// Only something to compare with: thin, grey and dashed.
    #[must_use]
    pub fn baseline(mut self) -> Self {
        self.baseline = true;
        self
    }

    /// Marks each point.
    #[must_use]
    pub fn with_points(mut self) -> Self {
        self.points = true;
        self
    }

    /// Stays at a value until the next, as a count does over time.
    #[must_use]
    pub fn steps(mut self) -> Self {
        self.steps = true;
        self
    }

    /// A band around the line, from `lower` to `upper`, one of each per point.
    #[must_use]
    pub fn with_band(
        mut self,
        lower: &(impl Values + ?Sized),
        upper: &(impl Values + ?Sized),
    ) -> Self {
        self.band = Some(Band {
            lower: lower.values(),
            upper: upper.values(),
        });
        self
    }

    /// The points as they are joined, with the corners of steps.
    pub(super) fn path(&self) -> Vec<(f64, f64)> {
        self.joined(&self.y)
    }

    /// The outline of the band.
    pub(super) fn outline(&self) -> Option<Vec<(f64, f64)>> {
        let band = self.band.as_ref()?;
        let mut outline = self.joined(&band.upper);
        outline.extend(self.joined(&band.lower).into_iter().rev());
        Some(outline)
    }

    fn joined(&self, y: &[f64]) -> Vec<(f64, f64)> {
        let mut path: Vec<(f64, f64)> = Vec::new();
        for (&x, &y) in self.x.iter().zip(y) {
            if let Some(&(_, before)) = path.last().filter(|_| self.steps) {
                path.push((x, before));
            }
            path.push((x, y));
        }
        path
    }

    /// All values of the vertical axis.
    pub(super) fn heights(&self) -> impl Iterator<Item = f64> + Clone {
        let band = self
            .band
            .iter()
            .flat_map(|band| band.lower.iter().chain(&band.upper));
        self.y.iter().chain(band).copied()
    }

    pub(super) fn check(&self) -> Result<()> {
        check_finite("`x`", &self.name, &self.x)?;
        let points = self.x.len();
        check_length("`y`", &self.name, self.y.len(), "`x`", points)?;
        check_finite("`y`", &self.name, &self.y)?;
        if let Some(Band { lower, upper }) = &self.band {
            check_length("`lower`", &self.name, lower.len(), "`x`", points)?;
            check_length("`upper`", &self.name, upper.len(), "`x`", points)?;
            check_finite("`lower`", &self.name, lower)?;
            check_finite("`upper`", &self.name, upper)?;
        }
        Ok(())
    }
}
