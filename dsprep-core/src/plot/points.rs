//! Points of one kind of a chart.

use super::values::{Values, check_finite, check_length};
use crate::{Error, Result};

/// The radius of a point, in pixels.
const RADIUS: f64 = 5.0;
/// Of more points than these each is smaller and less opaque, since they cover each other.
const MANY: usize = 100;

/// The points of one kind in a [`scatter_chart`](super::scatter_chart).
///
/// # Examples
/// ```
/// use dsprep_core::plot::Points;
///
/// let indexes = Points::new("index", &[1.0, 3.0], &[0.8, 0.95]).with_texts(&["IVF", "exact"]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    pub(super) name: String,
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) texts: Vec<String>,
    sizes: Option<Vec<f64>>,
    pub(super) joined: bool,
}

impl Points {
    /// Points at (x, y).
    pub fn new(name: &str, x: &(impl Values + ?Sized), y: &(impl Values + ?Sized)) -> Self {
        Points {
            name: name.to_owned(),
            x: x.values(),
            y: y.values(),
            texts: vec![],
            sizes: None,
            joined: false,
        }
    }

    /// A text beside each point; it is left out where it would cover another text.
    #[must_use]
    pub fn with_texts(mut self, texts: &[impl AsRef<str>]) -> Self {
        self.texts = texts.iter().map(|text| text.as_ref().to_owned()).collect();
        self
    }

    /// A size for each point, at least 0: the areas are proportional to them.
    #[must_use]
    pub fn with_sizes(mut self, sizes: &(impl Values + ?Sized)) -> Self {
        self.sizes = Some(sizes.values());
        self
    }

    /// Joins the points by a line, in their order.
    #[must_use]
    pub fn joined(mut self) -> Self {
        self.joined = true;
        self
    }

    pub(super) fn check(&self) -> Result<()> {
        check_finite("`x`", &self.name, &self.x)?;
        let points = self.x.len();
        check_length("`y`", &self.name, self.y.len(), "`x`", points)?;
        check_finite("`y`", &self.name, &self.y)?;
        if !self.texts.is_empty() {
            check_length("`texts`", &self.name, self.texts.len(), "`x`", points)?;
        }
        let Some(sizes) = &self.sizes else {
            return Ok(());
        };
        check_length("`sizes`", &self.name, sizes.len(), "`x`", points)?;
        check_finite("`sizes`", &self.name, sizes)?;
        match sizes.iter().find(|size| **size < 0.0) {
            None => Ok(()),
            Some(size) => Err(Error::OutOfRange {
                what: "a size".to_owned(),
                found: size.to_string(),
                expected: "at least 0",
            }),
        }
    }

    /// How opaque the points are: less so if they may cover each other.
    pub(super) fn opacity(&self) -> f64 {
        if self.sizes.is_some() || self.x.len() > MANY {
            0.6
        } else {
            0.9
        }
    }

    /// The radius of each point in pixels.
    pub(super) fn radii(&self) -> Vec<f64> {
        match &self.sizes {
            None if self.x.len() > MANY => vec![3.0; self.x.len()],
            None => vec![RADIUS; self.x.len()],
            Some(sizes) => {
                let largest = sizes
                    .iter()
                    .copied()
                    .fold(0.0, f64::max)
                    .max(f64::MIN_POSITIVE);
                sizes
                    .iter()
                    .map(|size| (18.0 * (size / largest).sqrt()).max(2.0))
                    .collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_proportional_to_sizes() {
        let radii = Points::new("", &[1, 2], &[1, 2])
            .with_sizes(&[1.0, 4.0])
            .radii();
        assert_eq!(radii, [9.0, 18.0]);
    }
}
