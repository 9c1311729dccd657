//! The sample on which the tests compare with scikit-learn.

use crate::random::RandomState;
use ndarray::{Array1, Array2};

/// 400 rows of four features with about 15 distinct values each. In Python:
///
/// ```text
/// r = np.random.RandomState(7); X = np.round(2 * r.randn(400, 4)) / 2
/// y = 2 * X[:, 0] - X[:, 1]**2 + X[:, 2] * X[:, 3] + r.randn(400)
/// ```
pub(crate) fn coarse() -> (Array2<f64>, Array1<f64>) {
    let mut rng = RandomState::seed(7);
    let x = rng
        .randn((400, 4))
        .unwrap()
        .mapv(|z| (2.0 * z).round_ties_even() / 2.0);
    let noise = rng.randn(400).unwrap();
    let y = Array1::from_shape_fn(400, |i| {
        2.0 * x[[i, 0]] - x[[i, 1]].powi(2) + x[[i, 2]] * x[[i, 3]] + noise[i]
    });
    (x, y)
}
