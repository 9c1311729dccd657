//! k nearest neighbours.
//!
//! Nothing is learned: the rows are kept, and a new row has the class that most of the k closest have. All
//! features count by their spread, so standardise them first; with many features all rows are about equally far
//! away. After Cover and Hart, "Nearest neighbor pattern classification", 1967.

use super::labels::{classes, most_probable};
use crate::checks::{columns_of_fit, finite_matrix};
use crate::saved::{checked, unless_consistent};
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};
use serde::{Deserialize, Serialize};

/// Rows with their classes, asked by distance.
///
/// # Examples
/// ```
/// use dsprep_core::{classify::NearestNeighbours, ndarray::array};
/// let x = array![[0.0], [1.0], [2.0], [10.0], [11.0]];
/// let model = NearestNeighbours::fit(&x, &array![0, 0, 0, 7, 7], 3)?;
/// assert_eq!(model.predict(&array![[1.5], [10.5]])?, array![0, 7]);
/// assert_eq!(model.predict_proba(&array![[10.5]])?, array![[1.0 / 3.0, 2.0 / 3.0]]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct NearestNeighbours {
    #[serde(with = "crate::saved::array")]
    x: Array2<f64>,
    /// The place of each row's class in `classes`.
    y: Vec<usize>,
    classes: Vec<usize>,
    k: usize,
}

checked!(NearestNeighbours);

impl NearestNeighbours {
    /// Keeps `x` (rows × features) and `y` (labels), to ask the `k` nearest rows: an odd number of them leaves no
    /// ties between two classes.
    ///
    /// # Errors
    /// [`Error::Empty`] without rows or columns; [`Error::Shape`] if the number of labels is not that of the
    /// rows; [`Error::OutOfRange`] if a value is not finite or `k` is not from 1 to the number of rows.
    pub fn fit(x: &ArrayRef2<f64>, y: &ArrayRef1<usize>, k: usize) -> Result<Self> {
        finite_matrix("`x`", x)?;
        let (classes, y) = classes(y, x.nrows())?;
        if k == 0 || k > x.nrows() {
            return Err(Error::OutOfRange {
                what: "`k`".to_owned(),
                found: k.to_string(),
                expected: "from 1 to the number of rows",
            });
        }
        Ok(NearestNeighbours {
            x: x.to_owned(),
            y,
            classes,
            k,
        })
    }

    /// The classes, sorted: the columns of [`predict_proba`](Self::predict_proba).
    pub fn classes(&self) -> &[usize] {
        &self.classes
    }

    /// How many neighbours are asked.
    pub fn k(&self) -> usize {
        self.k
    }

    /// The k rows of `fit` that are nearest to `row`, the nearest first; of equally near ones the earlier.
    /// O(rows · features).
    ///
    /// # Errors
    /// [`Error::Shape`] if the number of columns is not that of `fit`, [`Error::OutOfRange`] if a value is not
    /// finite.
    pub fn neighbours(&self, row: &ArrayRef1<f64>) -> Result<Vec<usize>> {
        let row = row.view().insert_axis(ndarray::Axis(0));
        self.check(&row)?;
        Ok(self.nearest(&row.row(0)))
    }

    /// The share of each class among the k nearest of each row of `x`: rows × classes.
    /// O(rows · rows of `fit` · features).
    ///
    /// # Errors
    /// As [`neighbours`](Self::neighbours); [`Error::Empty`] without rows.
    pub fn predict_proba(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        self.check(x)?;
        let mut shares = Array2::zeros((x.nrows(), self.classes.len()));
        for (row, mut shares) in x.rows().into_iter().zip(shares.rows_mut()) {
            crate::cell::check_interrupt();
            for neighbour in self.nearest(&row) {
                shares[self.y[neighbour]] += 1.0;
            }
        }
        Ok(shares / self.k as f64)
    }

    /// The class that most of the k nearest have, the smallest of equally frequent ones, for each row of `x`.
    ///
    /// # Errors
    /// As [`predict_proba`](Self::predict_proba).
    pub fn predict(&self, x: &ArrayRef2<f64>) -> Result<Array1<usize>> {
        Ok(most_probable(&self.predict_proba(x)?, &self.classes))
    }

    fn check(&self, x: &ArrayRef2<f64>) -> Result<()> {
        columns_of_fit(x, self.x.ncols())
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        finite_matrix("`x`", &self.x)?;
        let (rows, classes) = (self.x.nrows(), self.classes.len());
        let fits = self.y.len() == rows
            && self.y.iter().all(|&class| class < classes)
            && self.classes.is_sorted_by(|a, b| a < b)
            && (1..=rows).contains(&self.k);
        unless_consistent(
            fits,
            "a class for each row, and `k` from 1 to the number of rows",
        )
    }

    fn nearest(&self, row: &ArrayRef1<f64>) -> Vec<usize> {
        let distance = |other: &ArrayRef1<f64>| -> f64 {
            row.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum()
        };
        let mut far: Vec<(f64, usize)> = self
            .x
            .rows()
            .into_iter()
            .enumerate()
            .map(|(at, other)| (distance(&other), at))
            .collect();
        let order = |a: &(f64, usize), b: &(f64, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if self.k < far.len() {
            far.select_nth_unstable_by(self.k, order);
            far.truncate(self.k);
        }
        far.sort_unstable_by(order);
        far.into_iter().map(|(_, at)| at).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::array;

    /// `KNeighborsClassifier(5, algorithm="brute").fit(x, y).predict_proba(new)`, scikit-learn 1.9.1:
    /// `tests/peers/learning.py`.
    #[test]
    fn probabilities_equal_scikit_learns() -> Result<()> {
        let mut rng = RandomState::seed(14);
        let x = rng.randn((60, 3))?;
        let y = x
            .column(0)
            .mapv(|z| if z < -0.5 { 2 } else { usize::from(z > 0.5) });
        let new = rng.randn((3, 3))?;
        let model = NearestNeighbours::fit(&x, &y, 5)?;
        assert_eq!(
            model
                .predict_proba(&new)?
                .mapv(|p| (5.0 * p).round() as usize),
            array![[2, 2, 1], [0, 0, 5], [2, 0, 3]]
        );
        Ok(())
    }

    #[test]
    fn of_equally_near_rows_the_earlier_and_of_equally_frequent_classes_the_smaller() -> Result<()>
    {
        let x = array![[1.0], [-1.0], [1.0], [3.0]];
        let model = NearestNeighbours::fit(&x, &array![9, usize::MAX, 4, 0], 2)?;
        assert_eq!(model.neighbours(&array![0.0])?, [0, 1]);
        assert_eq!(model.predict(&array![[0.0]])?, array![9]);
        assert_eq!(model.classes(), [0, 4, 9, usize::MAX]);
        Ok(())
    }

    #[test]
    fn what_cannot_be_kept_or_asked_is_named() -> Result<()> {
        let (x, y) = (array![[0.0], [1.0]], array![0, 1]);
        assert!(NearestNeighbours::fit(&x, &y, 0).is_err());
        assert!(NearestNeighbours::fit(&x, &y, 3).is_err());
        assert!(NearestNeighbours::fit(&x, &array![0], 1).is_err());
        assert!(NearestNeighbours::fit(&array![[f64::NAN], [1.0]], &y, 1).is_err());
        assert!(NearestNeighbours::fit(&Array2::zeros((0, 1)), &array![], 1).is_err());
        let model = NearestNeighbours::fit(&x, &y, 1)?;
        assert!(model.predict(&array![[0.0, 1.0]]).is_err());
        assert!(model.neighbours(&array![f64::INFINITY]).is_err());
        Ok(())
    }
}
