//! Loss functions and their gradients (question 19).

use super::activation::Activation;
use ndarray::{Array2, ArrayRef1, ArrayRef2, Axis, Zip};
use serde::{Deserialize, Serialize};

/// What training minimises: a mean over the rows of a batch. [`Mlp::loss`](super::Mlp::loss) computes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Loss {
    /// The mean over all rows and outputs of (a − y)².
    MeanSquaredError,
    /// The mean over the rows of −Σ y ln a, for a softmax output and targets whose rows sum to 1.
    CrossEntropy,
}

impl Loss {
    /// The loss of a last layer with the sums `z` and the activations `a` against `target`, all
    /// rows × outputs.
    ///
    /// Cross-entropy is computed from z as log Σ eᶻ − Σ y z, which stays finite where a rounds to 0.
    pub(super) fn value(
        self,
        z: &ArrayRef2<f64>,
        a: &ArrayRef2<f64>,
        target: &ArrayRef2<f64>,
    ) -> f64 {
        match self {
            Loss::MeanSquaredError => (a - target).mapv(|d| d * d).sum() / target.len() as f64,
            Loss::CrossEntropy => {
                let mut sum = 0.0;
                Zip::from(z.rows())
                    .and(target.rows())
                    .for_each(|z, y| sum += log_sum_exp(&z) * y.sum() - z.dot(&y));
                sum / target.nrows() as f64
            }
        }
    }

    /// dL/dz of a last layer with the activations `a`, rows × outputs.
    ///
    /// For softmax with cross-entropy the product of both derivatives is (a − y) / rows.
    pub(super) fn backward(
        self,
        output: Activation,
        a: &ArrayRef2<f64>,
        target: &ArrayRef2<f64>,
    ) -> Array2<f64> {
        match self {
            Loss::MeanSquaredError => {
                let dl_da = (a - target) * 2.0 / target.len() as f64;
                output.backward(&dl_da, a)
            }
            Loss::CrossEntropy => {
                // Σ y is 1, or the gradient would not be that of the loss.
                let sums = target.sum_axis(Axis(1)).insert_axis(Axis(1));
                (sums * a - target) / target.nrows() as f64
            }
        }
    }
}

/// ln Σ eᶻ; the largest z is taken out first, so that nothing overflows.
fn log_sum_exp(z: &ArrayRef1<f64>) -> f64 {
    let largest = z.fold(f64::NEG_INFINITY, |largest, &z| largest.max(z));
    largest + z.mapv(|z| (z - largest).exp()).sum().ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn cross_entropy_is_the_mean_of_minus_log_p_of_the_true_class() {
        let z = array![[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]];
        let a = Activation::Softmax.apply(&z);
        let target = array![[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]];
        let by_hand = -(a[[0, 1]].ln() + a[[1, 0]].ln()) / 2.0;
        assert!((Loss::CrossEntropy.value(&z, &a, &target) - by_hand).abs() < 1e-14);
    }

    #[test]
    fn two_even_probabilities_cost_ln_2_or_a_quarter() {
        let (z, target) = (array![[0.0, 0.0]], array![[1.0, 0.0]]);
        let even = array![[0.5, 0.5]];
        assert_eq!(Loss::CrossEntropy.value(&z, &even, &target), 2_f64.ln());
        assert_eq!(Loss::MeanSquaredError.value(&z, &even, &target), 0.25);
    }

    #[test]
    fn a_certain_mistake_costs_a_lot_but_not_infinity() {
        let z = array![[0.0, 2000.0]];
        let a = Activation::Softmax.apply(&z);
        assert_eq!(
            Loss::CrossEntropy.value(&z, &a, &array![[1.0, 0.0]]),
            2000.0
        );
    }
}
