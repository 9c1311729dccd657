//! The sample on which the tests compare with scikit-learn.

use crate::random::RandomState;
use ndarray::{Array1, Zip};

/// 200 labels, of which 64 are 1, and probabilities in steps of 0.05, so that there are ties. In
/// Python:
///
/// ```text
/// r = np.random.RandomState(3)
/// y = (r.rand(200) < 0.3).astype(int); noise = r.randn(200)
/// p = np.clip(np.round(20 / (1 + np.exp(-(2 * y - 1 + noise)))) / 20, 0.05, 0.95)
/// ```
pub(crate) fn sample() -> (Array1<usize>, Array1<f64>) {
    let mut rng = RandomState::seed(3);
    let labels = rng.rand(200).unwrap().mapv(|u| usize::from(u < 0.3));
    let noise = rng.randn(200).unwrap();
    let probabilities = Zip::from(&labels)
        .and(&noise)
        .map_collect(|&label, &noise| {
            let logit = 2.0 * label as f64 - 1.0 + noise;
            ((20.0 / (1.0 + (-logit).exp())).round_ties_even() / 20.0).clamp(0.05, 0.95)
        });
    (labels, probabilities)
}
