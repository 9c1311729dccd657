//! Activation functions and their derivatives (question 19).

use super::softmax::row_weights;
use crate::sigmoid::sigmoid;
use ndarray::{Array2, ArrayRef2, Axis, Zip};
use serde::{Deserialize, Serialize};

/// What a layer does with its weighted sums z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Activation {
    /// a = z.
    Identity,
    /// a = 1 / (1 + e⁻ᶻ).
    Sigmoid,
    /// a = tanh z.
    Tanh,
    /// a = max(0, z); the derivative at 0 is taken as 0.
    Relu,
    /// a = eᶻ / Σ eᶻ over the row: probabilities of classes, for an output layer.
    Softmax,
}

impl Activation {
    /// The activations of `z`, rows × units.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{neural::Activation, ndarray::array};
    /// assert_eq!(Activation::Relu.apply(&array![[-1.0, 2.0]]), array![[0.0, 2.0]]);
    /// assert_eq!(Activation::Softmax.apply(&array![[3.0, 3.0]]), array![[0.5, 0.5]]);
    /// ```
    pub fn apply(self, z: &ArrayRef2<f64>) -> Array2<f64> {
        match self {
            Activation::Identity => z.to_owned(),
            Activation::Sigmoid => z.mapv(sigmoid),
            Activation::Tanh => z.mapv(f64::tanh),
            // `max` would turn NaN into 0.
            Activation::Relu => z.mapv(|z| if z > 0.0 || z.is_nan() { z } else { 0.0 }),
            Activation::Softmax => row_weights(z),
        }
    }

    /// dL/dz from `dl_da` and the activations `a`, all rows × units.
    ///
    /// The derivative of every activation here can be told from its output: for the sigmoid it is
    /// a (1 − a). Softmax mixes the units of a row: dL/dz = a (dL/da − Σ a dL/da).
    pub(super) fn backward(self, dl_da: &ArrayRef2<f64>, a: &ArrayRef2<f64>) -> Array2<f64> {
        let derivative = match self {
            Activation::Identity => return dl_da.to_owned(),
            Activation::Sigmoid => |a: f64| a * (1.0 - a),
            Activation::Tanh => |a: f64| 1.0 - a * a,
            Activation::Relu => |a: f64| if a > 0.0 { 1.0 } else { 0.0 },
            Activation::Softmax => {
                let mean = (a * dl_da).sum_axis(Axis(1)).insert_axis(Axis(1));
                return (dl_da - mean) * a;
            }
        };
        Zip::from(dl_da)
            .and(a)
            .map_collect(|&gradient, &a| gradient * derivative(a))
    }

    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Activation::Identity => "identity",
            Activation::Sigmoid => "sigmoid",
            Activation::Tanh => "tanh",
            Activation::Relu => "relu",
            Activation::Softmax => "softmax",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;

    const ALL: [Activation; 5] = [
        Activation::Identity,
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::Relu,
        Activation::Softmax,
    ];

    #[test]
    fn every_derivative_equals_the_difference_quotient() {
        let mut rng = RandomState::seed(4);
        let (z, weight) = (rng.randn((3, 4)).unwrap(), rng.randn((3, 4)).unwrap());
        for activation in ALL {
            let loss = |z: &Array2<f64>| (activation.apply(z) * &weight).sum();
            let found = activation.backward(&weight, &activation.apply(&z));
            for (at, &gradient) in found.indexed_iter() {
                let (mut high, mut low) = (z.clone(), z.clone());
                high[at] += 1e-6;
                low[at] -= 1e-6;
                let slope = (loss(&high) - loss(&low)) / 2e-6;
                assert!(
                    (slope - gradient).abs() < 1e-8,
                    "{}: {slope} {gradient}",
                    activation.name()
                );
            }
        }
    }

    #[test]
    fn the_derivative_of_the_sigmoid_at_one_half_is_a_quarter() {
        let (dl_da, a) = (ndarray::array![[2.0]], ndarray::array![[0.5]]);
        assert_eq!(
            Activation::Sigmoid.backward(&dl_da, &a),
            ndarray::array![[0.5]]
        );
    }

    #[test]
    fn large_inputs_do_not_overflow() {
        let z = ndarray::array![[-1000.0, 1000.0]];
        assert_eq!(Activation::Sigmoid.apply(&z), ndarray::array![[0.0, 1.0]]);
        assert_eq!(Activation::Softmax.apply(&z), ndarray::array![[0.0, 1.0]]);
    }
}
