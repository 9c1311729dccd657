//! k-means: groups by their centres.
//!
//! Each row goes to the nearest centre, each centre to the mean of its rows, until nothing changes: Lloyd, "Least
//! squares quantization in PCM", 1982. It finds a minimum near its start, not the least, so the start matters:
//! k-means++ draws centres far from each other (Arthur and Vassilvitskii, "k-means++: the advantages of careful
//! seeding", 2007).

use crate::checks::{check, columns_of_fit, finite_matrix};
use crate::error::count;
use crate::random::RandomState;
use crate::saved::{checked, unless_consistent};
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};
use serde::{Deserialize, Serialize};

const MOST_ITERATIONS: usize = 300;

/// Centres of groups, fitted to rows.
///
/// # Examples
/// ```
/// use dsprep_core::{cluster::KMeans, ndarray::array, random::RandomState};
/// let x = array![[0.0, 0.0], [0.0, 1.0], [9.0, 9.0], [9.0, 10.0]];
/// let model = KMeans::fit(&x, 2, &mut RandomState::seed(1))?;
/// let groups = model.predict(&x)?;
/// assert!(groups[0] == groups[1] && groups[2] == groups[3] && groups[0] != groups[2]);
/// assert_eq!(model.inertia(), 1.0);      // four times ½²
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct KMeans {
    #[serde(with = "crate::saved::array")]
    centres: Array2<f64>,
    inertia: f64,
    iterations: usize,
}

checked!(KMeans);

impl KMeans {
    /// Finds `k` groups in `x` (rows × features), from centres drawn by k-means++. All features count by their
    /// spread: standardise them first. O(iterations · rows · k · features).
    ///
    /// # Errors
    /// [`Error::Empty`] without rows or columns; [`Error::OutOfRange`] if a value is not finite or `k` is not from 1 to the
    /// number of rows; [`Error::Undefined`] if there are fewer than `k` different rows.
    pub fn fit(x: &ArrayRef2<f64>, k: usize, rng: &mut RandomState) -> Result<Self> {
        finite_matrix("`x`", x)?;
        check(
            "`k`",
            k,
            (1..=x.nrows()).contains(&k),
            "from 1 to the number of rows",
        )?;
        let mut centres = Array2::zeros((k, x.ncols()));
        centres
            .row_mut(0)
            .assign(&x.row(rng.choice(x.nrows(), ())?));
        let mut distances = Array1::from_elem(x.nrows(), f64::INFINITY);
        for next in 1..k {
            for (row, distance) in x.rows().into_iter().zip(&mut distances) {
                *distance = distance.min(squared_distance(&row, &centres.row(next - 1)));
            }
            let total = distances.sum();
            if total == 0.0 {
                return Err(Error::Undefined {
                    what: "k-means",
                    reason: format!(
                        "`x` has only {}, and `k` is {k}",
                        count(next, "different row")
                    ),
                    remedy: "Ask for fewer groups.",
                });
            }
            let mut left = rng.rand(()) * total;
            let drawn = distances.iter().position(|distance| {
                left -= distance;
                left < 0.0 && *distance > 0.0
            });
            // If rounding has left some, the farthest row.
            let drawn = drawn.unwrap_or_else(|| farthest(&distances));
            centres.row_mut(next).assign(&x.row(drawn));
        }
        Self::fit_from(x, &centres)
    }

    /// Finds groups from given `centres` (k × features). A centre without rows goes to the row that is farthest
    /// from its own.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::Shape`] if `centres` has not the columns of `x`.
    pub fn fit_from(x: &ArrayRef2<f64>, centres: &ArrayRef2<f64>) -> Result<Self> {
        finite_matrix("`x`", x)?;
        finite_matrix("`centres`", centres)?;
        if centres.ncols() != x.ncols() {
            return Err(Error::Shape {
                what: "`centres`",
                found: count(centres.ncols(), "column"),
                expected: format!("{}, as `x`", count(x.ncols(), "column")),
            });
        }
        let mut centres = centres.to_owned();
        let mut before: Option<Array1<usize>> = None;
        for iterations in 1..=MOST_ITERATIONS {
            crate::cell::check_interrupt();
            let (groups, mut distances) = assign(x, &centres);
            if before.as_ref() == Some(&groups) {
                let inertia = distances.sum();
                if !inertia.is_finite() {
                    return Err(Error::Undefined {
                        what: "k-means",
                        reason: "the squared distances overflow".to_owned(),
                        remedy: "Standardise the features.",
                    });
                }
                return Ok(KMeans {
                    centres,
                    inertia,
                    iterations,
                });
            }
            move_to_means(x, &groups, &mut distances, &mut centres);
            before = Some(groups);
        }
        Err(Error::NotConverged {
            what: "k-means",
            iterations: MOST_ITERATIONS,
            remedy: "Standardise the features, or ask for fewer groups.",
        })
    }

    /// The number of the nearest centre for each row of `x` (rows × features), the first of equally near ones.
    ///
    /// # Errors
    /// [`Error::Shape`] if the number of columns is not that of `fit`; [`Error::Empty`] without rows;
    /// [`Error::OutOfRange`] if a value is not finite.
    pub fn predict(&self, x: &ArrayRef2<f64>) -> Result<Array1<usize>> {
        columns_of_fit(x, self.centres.ncols())?;
        Ok(assign(x, &self.centres).0)
    }

    /// The centres, k × features.
    pub fn centres(&self) -> &Array2<f64> {
        &self.centres
    }

    /// The sum of the squared distances of the rows of `fit` to their centres. It falls with every further
    /// group: look for the elbow, the k from which on it falls slowly.
    pub fn inertia(&self) -> f64 {
        self.inertia
    }

    /// How often the rows were assigned.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        unless_consistent(!self.centres.is_empty(), "at least one centre")
    }
}

fn squared_distance(a: &ArrayRef1<f64>, b: &ArrayRef1<f64>) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
}

fn farthest(distances: &Array1<f64>) -> usize {
    let farther = |far: usize, at: usize| {
        if distances[at] > distances[far] {
            at
        } else {
            far
        }
    };
    (0..distances.len()).fold(0, farther)
}

/// The nearest centre of each row, and its squared distance.
fn assign(x: &ArrayRef2<f64>, centres: &Array2<f64>) -> (Array1<usize>, Array1<f64>) {
    let nearest = |row: &ArrayRef1<f64>| {
        let distances = centres
            .rows()
            .into_iter()
            .map(|centre| squared_distance(row, &centre));
        let mut best = (0, f64::INFINITY);
        for (group, distance) in distances.enumerate() {
            if distance < best.1 {
                best = (group, distance);
            }
        }
        best
    };
    let pairs: Vec<(usize, f64)> = x.rows().into_iter().map(|row| nearest(&row)).collect();
    (
        pairs.iter().map(|pair| pair.0).collect(),
        pairs.iter().map(|pair| pair.1).collect(),
    )
}

fn move_to_means(
    x: &ArrayRef2<f64>,
    groups: &Array1<usize>,
    distances: &mut Array1<f64>,
    centres: &mut Array2<f64>,
) {
    // Around the old centre, so that rows far from 0 lose no digits in the sum.
    let mut moves: Array2<f64> = Array2::zeros(centres.dim());
    let mut sizes: Array1<f64> = Array1::zeros(centres.nrows());
    for (row, &group) in x.rows().into_iter().zip(groups) {
        let mut sum = moves.row_mut(group);
        sum += &(&row - &centres.row(group));
        sizes[group] += 1.0;
    }
    for (group, &size) in sizes.iter().enumerate() {
        if size > 0.0 {
            let moved = &centres.row(group) + &(&moves.row(group) / size);
            centres.row_mut(group).assign(&moved);
        } else {
            let far = farthest(distances);
            centres.row_mut(group).assign(&x.row(far));
            distances[far] = 0.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{array, s};

    /// `KMeans(3, init=x[:3], n_init=1, tol=0).fit(x)`, scikit-learn 1.9.1: `tests/peers/learning.py`.
    #[test]
    fn from_the_same_start_centres_and_inertia_equal_scikit_learns() -> Result<()> {
        let mut x = RandomState::seed(14).randn((60, 2))?;
        x.slice_mut(s![20..40, 0]).mapv_inplace(|z| z + 4.0);
        x.slice_mut(s![40.., 1]).mapv_inplace(|z| z + 4.0);
        let model = KMeans::fit_from(&x, &x.slice(s![..3, ..]))?;
        for (found, expected) in model
            .centres()
            .iter()
            .chain([&model.inertia()])
            .zip(EXPECTED)
        {
            assert!((found - expected).abs() < 1e-10, "{found} {expected}");
        }
        Ok(())
    }

    #[test]
    fn the_groups_are_found_from_any_seed_and_at_any_offset() -> Result<()> {
        let mut rng = RandomState::seed(2);
        let x = rng.randn((90, 2))?
            + &Array2::from_shape_fn((90, 2), |(i, j)| (50 * ((i % 3) >> j & 1)) as f64);
        for seed in 0..10 {
            for offset in [0.0, 1e9] {
                let x = &x + offset;
                let groups = KMeans::fit(&x, 3, &mut RandomState::seed(seed))?.predict(&x)?;
                assert!(
                    (0..90).all(|row| groups[row] == groups[row % 3]),
                    "{seed} {offset}"
                );
                assert!(groups[0] != groups[1] && groups[1] != groups[2] && groups[0] != groups[2]);
            }
        }
        Ok(())
    }

    #[test]
    fn a_centre_without_rows_finds_some_and_too_few_different_rows_are_said() -> Result<()> {
        let x = array![[0.0], [1.0], [10.0]];
        let model = KMeans::fit_from(&x, &array![[0.0], [1.0], [-500.0]])?;
        assert_eq!(model.inertia(), 0.0);
        let two = array![[4.35], [4.35], [7.0], [7.0], [4.35]];
        let mut rng = RandomState::seed(3);
        assert_eq!(KMeans::fit(&two, 2, &mut rng)?.inertia(), 0.0);
        let message = KMeans::fit(&two, 3, &mut rng).unwrap_err().to_string();
        assert!(message.contains("only 2 different rows"), "{message}");
        assert!(KMeans::fit(&two, 0, &mut rng).is_err());
        assert!(KMeans::fit(&array![[f64::NAN]], 1, &mut rng).is_err());
        assert!(KMeans::fit_from(&x, &array![[0.0, 1.0]]).is_err());
        assert!(model.predict(&array![[0.0, 1.0]]).is_err());
        Ok(())
    }

    const EXPECTED: [f64; 7] = [
        4.058846656359138,
        -0.35205701220484453,
        -0.2261400932258666,
        0.07869451922117221,
        -0.29930501887414507,
        3.683210153600243,
        122.21252455686138,
    ];
}
