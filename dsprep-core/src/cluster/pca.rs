//! Principal components: the directions in which the rows vary most.
//!
//! The eigenvectors of the covariance matrix. Features of a larger unit vary more, so standardise them unless
//! they have the same one. After Hastie, Tibshirani and Friedman, "The elements of statistical learning", 2nd
//! edition, section 14.5.1.

use super::eigen::{MOST_SWEEPS, eigen};
use crate::checks::{finite_matrix, numbers};
use crate::error::count;
use crate::saved::{checked, unless_consistent};
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef2, Axis, s};
use serde::{Deserialize, Serialize};

/// Directions of largest variance, fitted to rows.
///
/// # Examples
/// ```
/// use dsprep_core::{cluster::Pca, ndarray::array};
/// // All rows lie on a line, up and to the right.
/// let x = array![[1.0, 2.0], [2.0, 4.0], [4.0, 8.0]];
/// let pca = Pca::fit(&x, 1)?;
/// assert!((pca.explained_variance_ratio()[0] - 1.0).abs() < 1e-12);
/// let again = pca.inverse_transform(&pca.transform(&x)?)?;
/// assert!((again - x).iter().all(|rest| rest.abs() < 1e-12));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Pca {
    #[serde(with = "crate::saved::array")]
    mean: Array1<f64>,
    /// components × features.
    #[serde(with = "crate::saved::array")]
    components: Array2<f64>,
    #[serde(with = "crate::saved::array")]
    variances: Array1<f64>,
    total: f64,
}

checked!(Pca);

impl Pca {
    /// Finds the first `components` of `x` (rows × features). O(rows · features² + features³).
    ///
    /// # Errors
    /// [`Error::Empty`] without columns; [`Error::Shape`] with fewer than two rows; [`Error::OutOfRange`] if a
    /// value is not finite or `components` is not from 1 to the smaller of rows and features;
    /// [`Error::Undefined`] if no feature varies.
    pub fn fit(x: &ArrayRef2<f64>, components: usize) -> Result<Self> {
        finite_matrix("`x`", x)?;
        if x.nrows() < 2 {
            return Err(Error::Shape {
                what: "`x`",
                found: count(x.nrows(), "row"),
                expected: "at least 2".to_owned(),
            });
        }
        if components == 0 || components > x.nrows().min(x.ncols()) {
            return Err(Error::OutOfRange {
                what: "`components`".to_owned(),
                found: components.to_string(),
                expected: "from 1 to the smaller of the numbers of rows and of features",
            });
        }
        let rows = x.nrows() as f64;
        let first = x.sum_axis(Axis(0)) / rows;
        // What the first mean lost to rounding is in the mean of what it leaves.
        let mean = &first + &((x.to_owned() - &first).sum_axis(Axis(0)) / rows);
        let centred = x.to_owned() - &mean;
        let covariance = centred.t().dot(&centred) / (rows - 1.0);
        let total = covariance.diag().sum();
        if !total.is_finite() {
            return Err(Error::Undefined {
                what: "a principal component",
                reason: "the variance overflows".to_owned(),
                remedy: "Standardise the features.",
            });
        }
        let size = x.iter().fold(0.0_f64, |size, value| size.max(value.abs()));
        if total <= x.ncols() as f64 * (4.0 * f64::EPSILON * size).powi(2) {
            return Err(Error::Undefined {
                what: "a principal component",
                reason: "no feature varies".to_owned(),
                remedy: "Add a feature that differs between the rows.",
            });
        }
        let (values, mut vectors) = eigen(covariance).ok_or(Error::NotConverged {
            what: "the principal components",
            iterations: MOST_SWEEPS,
            remedy: "Standardise the features.",
        })?;
        for mut vector in vectors.rows_mut() {
            let largest =
                vector.iter().fold(
                    0.0_f64,
                    |largest, &v| {
                        if v.abs() > largest.abs() { v } else { largest }
                    },
                );
            vector *= largest.signum();
        }
        Ok(Pca {
            mean,
            components: vectors.slice(s![..components, ..]).to_owned(),
            variances: values
                .slice(s![..components])
                .mapv(|variance| variance.max(0.0)),
            total,
        })
    }

    /// The directions, components × features, each of length 1; the sign is such that the largest entry is
    /// positive, as in scikit-learn.
    pub fn components(&self) -> &Array2<f64> {
        &self.components
    }

    /// The variance of the rows in each direction.
    pub fn explained_variance(&self) -> &Array1<f64> {
        &self.variances
    }

    /// The share of each direction in the variance of all features together.
    pub fn explained_variance_ratio(&self) -> Array1<f64> {
        &self.variances / self.total
    }

    /// The rows of `x` (rows × features) in the directions found: rows × components.
    ///
    /// # Errors
    /// [`Error::Shape`] if the number of columns is not that of `fit`; [`Error::Empty`] without rows;
    /// [`Error::OutOfRange`] if a value is not finite.
    pub fn transform(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        check(x, self.mean.len(), "as in `fit`")?;
        let turned = (x.to_owned() - &self.mean).dot(&self.components.t());
        numbers("a component of a row", &turned)?;
        Ok(turned)
    }

    /// The rows (rows × components) back among the features; what the other directions held is lost.
    ///
    /// # Errors
    /// As [`transform`](Self::transform), where there must be a column for each component.
    pub fn inverse_transform(&self, z: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        check(z, self.components.nrows(), "one for each component")?;
        let x = z.dot(&self.components) + &self.mean;
        numbers("a feature", &x)?;
        Ok(x)
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        let fits = self.components.ncols() == self.mean.len()
            && self.components.nrows() == self.variances.len()
            && self.total > 0.0;
        unless_consistent(fits, "directions of the features, with a variance each")
    }
}

fn check(x: &ArrayRef2<f64>, columns: usize, why: &str) -> Result<()> {
    if x.ncols() != columns {
        return Err(Error::Shape {
            what: "the matrix",
            found: count(x.ncols(), "column"),
            expected: format!("{}, {why}", count(columns, "column")),
        });
    }
    finite_matrix("the matrix", x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::array;

    /// `PCA(2).fit(x)`, scikit-learn 1.9.1: `tests/peers/learning.py`.
    #[test]
    fn components_and_variances_equal_scikit_learns_at_any_offset() -> Result<()> {
        let mut rng = RandomState::seed(14);
        let x =
            rng.randn((50, 3))?
                .dot(&array![[3.0, 1.0, 0.0], [0.0, 2.0, -1.0], [0.5, 0.0, 0.3]]);
        for offset in [0.0, 1e6] {
            let pca = Pca::fit(&(&x + offset), 2)?;
            let found = pca.components().iter().chain(pca.explained_variance());
            for (found, expected) in found.zip(EXPECTED) {
                assert!(
                    (found - expected).abs() < 1e-9 + 1e-15 * offset,
                    "{found} {expected}"
                );
            }
            let z = pca.transform(&(&x + offset))?;
            assert!(
                z.column(0).dot(&z.column(1)).abs() < 1e-7,
                "the components are not correlated"
            );
        }
        Ok(())
    }

    #[test]
    fn all_components_lose_nothing_and_more_columns_than_rows_are_no_trouble() -> Result<()> {
        let x = RandomState::seed(1).randn((4, 6))?;
        let pca = Pca::fit(&x, 4)?;
        assert!((pca.explained_variance_ratio().sum() - 1.0).abs() < 1e-12);
        let again = pca.inverse_transform(&pca.transform(&x)?)?;
        assert!((again - &x).iter().all(|rest| rest.abs() < 1e-12));
        Ok(())
    }

    #[test]
    fn what_has_no_components_says_why() {
        let x = array![[1.0, 2.0], [2.0, 1.0]];
        assert!(Pca::fit(&x, 0).is_err() && Pca::fit(&x, 3).is_err());
        assert!(Pca::fit(&array![[1.0, 2.0]], 1).is_err());
        let constant = Pca::fit(&Array2::from_elem((47, 2), 4.35), 1);
        assert!(
            matches!(constant, Err(Error::Undefined { .. })),
            "{constant:?}"
        );
        assert!(Pca::fit(&x, 1).unwrap().transform(&array![[1.0]]).is_err());
    }

    const EXPECTED: [f64; 8] = [
        0.8396533267933719,
        0.5305079404261799,
        -0.11637704219302035,
        -0.5208690853384274,
        0.7258394352572295,
        -0.4492799908344196,
        12.378685858183974,
        4.004750535129168,
    ];
}
