//! One layer of a network.

use super::activation::Activation;
use crate::Result;
use crate::checks::numbers;
use ndarray::{Array1, Array2, ArrayRef2};
use serde::{Deserialize, Serialize};

/// One layer: Z = A W + b, then an activation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// W, inputs × units.
    #[serde(with = "crate::saved::array")]
    pub weights: Array2<f64>,
    /// b, one for each unit.
    #[serde(with = "crate::saved::array")]
    pub bias: Array1<f64>,
    /// What is done with Z.
    pub activation: Activation,
    /// Whether training leaves the layer as it is.
    pub frozen: bool,
}

impl Layer {
    /// A layer that can be trained.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{neural::{Activation, Layer}, ndarray::array};
    /// let layer = Layer::new(array![[1.0], [2.0]], array![0.5], Activation::Identity);
    /// assert_eq!(layer.parameters(), 3);
    /// ```
    pub fn new(weights: Array2<f64>, bias: Array1<f64>, activation: Activation) -> Self {
        Layer {
            weights,
            bias,
            activation,
            frozen: false,
        }
    }

    /// How many numbers the layer holds: inputs · units + units.
    pub fn parameters(&self) -> usize {
        self.weights.len() + self.bias.len()
    }

    /// The weighted sums of `a` (rows × inputs) with the bias, before the activation: an activation would hide that
    /// one of them is not finite.
    pub(super) fn sums(&self, a: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        let z = a.dot(&self.weights) + &self.bias;
        numbers("the output of the network", &z)?;
        Ok(z)
    }
}
