//! Isotonic regression: the best curve that never falls.
//!
//! Pool adjacent violators: rows in the order of their scores begin as groups of one; while a group's mean is
//! not above that of the group before, the two are pooled. What comes out has the smallest squared error of all
//! that do not fall. After Barlow, Bartholomew, Bremner and Brunk, "Statistical inference under order
//! restrictions", 1972; for calibration Zadrozny and Elkan, "Transforming classifier scores into accurate
//! multiclass probability estimates", 2002.

use crate::checks::finite;
use crate::error::count;
use crate::saved::{checked, unless_consistent};
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1};
use serde::{Deserialize, Serialize};

/// A fitted curve that does not fall, linear between its points and constant beyond them.
///
/// # Examples
/// ```
/// use dsprep_core::{calibrate::Isotonic, ndarray::array};
/// let scores = array![1.0, 2.0, 3.0, 4.0];
/// let curve = Isotonic::fit(&scores, &array![0.0, 1.0, 0.0, 1.0])?;
/// // The second and third are the wrong way round, and share their mean.
/// assert_eq!(curve.predict(&scores)?, array![0.0, 0.5, 0.5, 1.0]);
/// assert_eq!(curve.predict(&array![-7.0, 3.5])?, array![0.0, 0.75]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Isotonic {
    /// Where the curve bends, ascending.
    x: Vec<f64>,
    /// Its values there, none below the one before.
    y: Vec<f64>,
}

checked!(Isotonic);

/// Neighbouring rows with one value.
struct Group {
    first: f64,
    last: f64,
    mean: f64,
    rows: f64,
}

impl Group {
    /// Both groups as one, with the mean of all their rows.
    fn pooled(before: &Group, after: &Group) -> Group {
        let rows = before.rows + after.rows;
        let difference = after.mean - before.mean;
        let mean = match difference.is_finite() {
            true => before.mean + difference * (after.rows / rows),
            false => before.mean * (before.rows / rows) + after.mean * (after.rows / rows),
        };
        Group {
            first: before.first,
            last: after.last,
            mean,
            rows,
        }
    }
}

impl Isotonic {
    /// Fits the curve to `targets` (labels 0.0 and 1.0, or any numbers) by `scores`. Rows with equal scores are
    /// one. O(n log n).
    ///
    /// # Errors
    /// [`Error::Empty`] without scores; [`Error::Shape`] if the lengths differ; [`Error::OutOfRange`] if a value
    /// is not finite.
    pub fn fit(scores: &ArrayRef1<f64>, targets: &ArrayRef1<f64>) -> Result<Self> {
        if scores.is_empty() {
            return Err(Error::Empty {
                what: "`scores`",
                item: "score",
            });
        }
        if targets.len() != scores.len() {
            return Err(Error::Shape {
                what: "`targets`",
                found: count(targets.len(), "value"),
                expected: format!("{}, one for each score", count(scores.len(), "value")),
            });
        }
        finite("scores", scores)?;
        finite("targets", targets)?;
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
        let mut groups: Vec<Group> = Vec::new();
        for tied in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
            let rows = tied.len() as f64;
            let mean = tied.iter().map(|&row| targets[row] / rows).sum();
            let score = scores[tied[0]];
            groups.push(Group {
                first: score,
                last: score,
                mean,
                rows,
            });
            while let [.., before, last] = groups.as_slice()
                && before.mean >= last.mean
            {
                let pooled = Group::pooled(before, last);
                groups.truncate(groups.len() - 2);
                groups.push(pooled);
            }
        }
        Ok(Self::through(&groups))
    }

    /// The curve through the first and the last score of each group.
    fn through(groups: &[Group]) -> Self {
        let mut curve = Isotonic {
            x: Vec::new(),
            y: Vec::new(),
        };
        for group in groups {
            for x in [group.first, group.last] {
                if curve.x.last() != Some(&x) {
                    curve.x.push(x);
                    curve.y.push(group.mean);
                }
            }
        }
        curve
    }

    /// The curve's value at each score. O(log n) for each.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if a score is not finite.
    pub fn predict(&self, scores: &ArrayRef1<f64>) -> Result<Array1<f64>> {
        finite("scores", scores)?;
        Ok(scores.mapv(|score| self.at(score)))
    }

    /// Where the curve bends: scores, ascending, and values.
    pub fn points(&self) -> (&[f64], &[f64]) {
        (&self.x, &self.y)
    }

    fn at(&self, score: f64) -> f64 {
        let after = self.x.partition_point(|&x| x < score);
        if after == 0 {
            return self.y[0];
        }
        let Some(&right) = self.x.get(after) else {
            return self.y[after - 1];
        };
        let left = self.x[after - 1];
        let width = right - left;
        // The ends may be so far apart that their distance overflows; that of their halves does not.
        let share = match width.is_finite() {
            true => (score - left) / width,
            false => (score / 2.0 - left / 2.0) / (right / 2.0 - left / 2.0),
        };
        let (low, high) = (self.y[after - 1], self.y[after]);
        // Rounding must not make the curve fall.
        ((1.0 - share) * low + share * high).clamp(low, high)
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        let ascending = self.x.windows(2).all(|pair| pair[0] < pair[1]);
        let rising = self.y.windows(2).all(|pair| pair[0] <= pair[1]);
        let fits = !self.x.is_empty() && self.x.len() == self.y.len() && ascending && rising;
        unless_consistent(fits, "points of a curve that does not fall")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::array;

    /// `IsotonicRegression(out_of_bounds="clip").fit(x, y).predict(new)`, scikit-learn 1.9.1:
    /// `tests/peers/learning.py`.
    #[test]
    fn the_curve_equals_scikit_learns_with_ties() -> Result<()> {
        let mut rng = RandomState::seed(14);
        let x = rng.randn(80)?.mapv(|x| (5.0 * x).round() / 5.0);
        let y = &x + &rng.randn(80)?;
        let found =
            Isotonic::fit(&x, &y)?.predict(&array![-9.0, -1.1, -0.25, 0.0, 0.33, 1.07, 9.0])?;
        for (found, expected) in found.iter().zip(EXPECTED) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        Ok(())
    }

    #[test]
    fn the_curve_never_falls_keeps_the_mean_and_is_the_data_where_they_rise() -> Result<()> {
        let mut rng = RandomState::seed(2);
        for n in [1, 2, 3, 50] {
            let (x, y) = (rng.randn(n)?, rng.rand(n)?.mapv(f64::round));
            let fitted = Isotonic::fit(&x, &y)?.predict(&x)?;
            assert!((fitted.sum() - y.sum()).abs() < 1e-9, "{n}");
            let mut order: Vec<usize> = (0..n).collect();
            order.sort_by(|&a, &b| x[a].total_cmp(&x[b]));
            assert!(
                order
                    .windows(2)
                    .all(|pair| fitted[pair[0]] <= fitted[pair[1]]),
                "{n}"
            );
        }
        let x = array![1.0, 2.0, 5.0];
        assert_eq!(Isotonic::fit(&x, &x)?.predict(&x)?, x);
        let constant = Isotonic::fit(&array![4.35, 4.35], &array![0.0, 1.0])?;
        assert_eq!(
            constant.predict(&array![4.35, -1e300, 1e300])?,
            array![0.5, 0.5, 0.5]
        );
        let far = Isotonic::fit(&array![f64::MIN, f64::MAX], &array![0.0, 1.0])?;
        assert_eq!(far.predict(&array![0.0])?, array![0.5]);
        Ok(())
    }

    #[test]
    fn what_has_no_curve_says_why() {
        assert!(Isotonic::fit(&array![], &array![]).is_err());
        assert!(Isotonic::fit(&array![1.0], &array![]).is_err());
        assert!(Isotonic::fit(&array![1.0], &array![f64::NAN]).is_err());
        assert!(Isotonic::fit(&array![f64::INFINITY], &array![1.0]).is_err());
    }

    const EXPECTED: [f64; 7] = [
        -2.437445741269519,
        -1.1035656611666556,
        -0.7544876946524378,
        -0.4160333413373768,
        0.4407784161371807,
        0.9943583244989318,
        5.084608246637345,
    ];
}
