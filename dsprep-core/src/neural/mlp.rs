//! A multilayer perceptron on matrices, with its backward pass by hand (question 19).
//!
//! Each layer computes Z = A W + b and passes an activation of Z on. Going back, with δ = dL/dZ:
//!
//! | gradient | formula | why |
//! |---|---|---|
//! | dL/dW | Aᵀ δ | each weight joins an input to a sum; rows of the batch add up |
//! | dL/db | column sums of δ | the bias reaches every row |
//! | dL/dA | δ Wᵀ | each input reaches every sum |
//! | δ of the layer before | dL/dA ⊙ activation′ | elementwise |
//!
//! After Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", 1986.

use super::activation::Activation;
use super::initial::InitialWeights;
use super::layer::Layer;
use super::loss::Loss;
use super::mlp_checks::{check_input, check_layers, check_sizes, check_target};
use crate::checks::{number, numbers, room_for};
use crate::error::count;
use crate::random::RandomState;
use crate::saved::checked;
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef2, Axis};
use serde::{Deserialize, Serialize};

/// A multilayer perceptron: layers one after another, and the loss that training minimises.
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::neural::{Activation, InitialWeights, Loss, Mlp, Optimizer};
/// use dsprep_core::random::RandomState;
///
/// // XOR: no straight line separates the classes, so that a hidden layer is needed.
/// let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
/// let y = array![[0.0], [1.0], [1.0], [0.0]];
/// let (hidden, output) = (Activation::Tanh, Activation::Sigmoid);
/// let mut rng = RandomState::seed(1);
/// let mut network =
///     Mlp::new(&[2, 4, 1], hidden, output, Loss::MeanSquaredError, InitialWeights::Glorot, &mut rng)?;
/// let losses = network.train(&x, &y, &mut Optimizer::adam(0.05)?, 500)?;
/// assert!(losses[0] > 0.2 && losses[500] < 0.01);
/// assert_eq!(network.predict(&x)?.mapv(f64::round), y);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Mlp {
    layers: Vec<Layer>,
    loss: Loss,
}

/// What a forward pass computes, for each layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Forward {
    /// The sums Z, rows × units, first layer first.
    pub z: Vec<Array2<f64>>,
    /// The activations A, rows × units; `a[0]` is the input and `a[i + 1]` comes from `z[i]`.
    pub a: Vec<Array2<f64>>,
}

/// The loss and its gradients.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradients {
    /// The loss at which they were taken.
    pub loss: f64,
    /// The gradients of each layer, first layer first.
    pub layers: Vec<LayerGradient>,
}

/// The gradients of one layer.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerGradient {
    /// dL/dW, inputs × units.
    pub weights: Array2<f64>,
    /// dL/db, one for each unit.
    pub bias: Array1<f64>,
    /// dL/dZ, rows × units.
    pub z: Array2<f64>,
}

checked!(Mlp);

impl Mlp {
    /// A network with `sizes[0]` inputs, hidden layers and `sizes[last]` outputs, its weights drawn
    /// from `rng` layer by layer and its biases 0.
    ///
    /// # Errors
    /// [`Error::Shape`] if there are fewer than two sizes; [`Error::OutOfRange`] if a size is 0, if
    /// softmax is used in a hidden layer or if cross-entropy is used without a softmax output.
    pub fn new(
        sizes: &[usize],
        hidden: Activation,
        output: Activation,
        loss: Loss,
        initial: InitialWeights,
        rng: &mut RandomState,
    ) -> Result<Self> {
        check_sizes(sizes)?;
        for pair in sizes.windows(2) {
            room_for("the size of a layer", pair[0], pair[1])?;
        }
        let last = sizes.len() - 2;
        let draw = |(at, pair): (usize, &[usize])| -> Result<Layer> {
            let activation = if at == last { output } else { hidden };
            let weights = initial.draw(pair[0], pair[1], rng)?;
            Ok(Layer::new(weights, Array1::zeros(pair[1]), activation))
        };
        let layers: Result<Vec<Layer>> = sizes.windows(2).enumerate().map(draw).collect();
        Mlp::from_layers(layers?, loss)
    }

    /// A network of given layers.
    ///
    /// # Errors
    /// [`Error::Empty`] without layers; [`Error::Shape`] if a bias does not fit its weights or a
    /// layer the one before; [`Error::OutOfRange`] as [`new`](Self::new).
    pub fn from_layers(layers: Vec<Layer>, loss: Loss) -> Result<Self> {
        check_layers(&layers, loss)?;
        Ok(Mlp { layers, loss })
    }

    /// The layers, first to last.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// How many parameters there are, frozen ones included.
    pub fn parameters(&self) -> usize {
        self.layers.iter().map(Layer::parameters).sum()
    }

    /// How many parameters training may change.
    pub fn trainable_parameters(&self) -> usize {
        self.trainable().map(Layer::parameters).sum()
    }

    /// Freezes the first `number` layers and thaws the others.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if there are not so many layers.
    pub fn freeze_first(&mut self, number: usize) -> Result<()> {
        if number > self.layers.len() {
            return Err(Error::OutOfRange {
                what: "`number`".to_owned(),
                found: number.to_string(),
                expected: "at most the number of layers",
            });
        }
        for (at, layer) in self.layers.iter_mut().enumerate() {
            layer.frozen = at < number;
        }
        Ok(())
    }

    /// Replaces the last layer, for example by a head for another task.
    ///
    /// # Errors
    /// As [`from_layers`](Self::from_layers); the network is then unchanged.
    pub fn replace_head(&mut self, head: Layer) -> Result<()> {
        let mut layers = self.layers.clone();
        layers.pop();
        layers.push(head);
        check_layers(&layers, self.loss)?;
        self.layers = layers;
        Ok(())
    }

    /// The sums and activations of every layer for `x`, rows × inputs.
    ///
    /// O(rows · parameters) time.
    ///
    /// # Errors
    /// [`Error::Empty`] without rows, [`Error::Shape`] if the number of columns is not that of the
    /// inputs, [`Error::OutOfRange`] if a value is not finite, [`Error::Undefined`] if a sum overflows.
    pub fn forward(&self, x: &ArrayRef2<f64>) -> Result<Forward> {
        check_input(x, self.layers[0].weights.nrows())?;
        let mut z = Vec::with_capacity(self.layers.len());
        let mut a = vec![x.to_owned()];
        for (at, layer) in self.layers.iter().enumerate() {
            z.push(layer.sums(&a[at])?);
            a.push(layer.activation.apply(&z[at]));
        }
        Ok(Forward { z, a })
    }

    /// The outputs for `x` (rows × inputs), rows × outputs.
    ///
    /// # Errors
    /// As [`forward`](Self::forward).
    pub fn predict(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        check_input(x, self.layers[0].weights.nrows())?;
        let pass = |a: Array2<f64>, layer: &Layer| -> Result<_> {
            Ok(layer.activation.apply(&layer.sums(&a)?))
        };
        self.layers.iter().try_fold(x.to_owned(), pass)
    }

    /// The loss for `x` (rows × inputs) against `target` (rows × outputs).
    ///
    /// # Errors
    /// As [`forward`](Self::forward); [`Error::Shape`] if `target` does not fit.
    pub fn loss(&self, x: &ArrayRef2<f64>, target: &ArrayRef2<f64>) -> Result<f64> {
        let forward = self.forward(x)?;
        let last = self.layers.len() - 1;
        check_target(target, forward.a[last + 1].dim())?;
        let (z, a) = (&forward.z[last], &forward.a[last + 1]);
        number("the loss of the network", self.loss.value(z, a, target))
    }

    /// The loss and the gradients of all parameters, frozen ones included: one pass forward and one
    /// back.
    ///
    /// O(rows · parameters) time, about three times a forward pass.
    ///
    /// # Errors
    /// As [`loss`](Self::loss); [`Error::Undefined`] if a derivative overflows.
    pub fn gradients(&self, x: &ArrayRef2<f64>, target: &ArrayRef2<f64>) -> Result<Gradients> {
        let Forward { z, a } = self.forward(x)?;
        let last = self.layers.len() - 1;
        check_target(target, a[last + 1].dim())?;

        let output = self.layers[last].activation;
        let mut delta = self.loss.backward(output, &a[last + 1], target);
        let mut layers = Vec::with_capacity(self.layers.len());
        for at in (0..=last).rev() {
            let before = at.checked_sub(1).map(|before| {
                let dl_da = delta.dot(&self.layers[at].weights.t());
                self.layers[before].activation.backward(&dl_da, &a[at])
            });
            layers.push(LayerGradient {
                weights: a[at].t().dot(&delta),
                bias: delta.sum_axis(Axis(0)),
                z: delta,
            });
            delta = before.unwrap_or_default();
        }
        layers.reverse();
        let parts = layers
            .iter()
            .flat_map(|layer: &LayerGradient| layer.weights.iter().chain(&layer.bias));
        numbers("the gradient of the network", parts)?;
        let loss = self.loss.value(&z[last], &a[last + 1], target);
        Ok(Gradients {
            loss: number("the loss of the network", loss)?,
            layers,
        })
    }

    /// The gradients of the layers that are not frozen, in the order of
    /// [`move_trainable`](Self::move_trainable).
    pub(super) fn trainable_part(&self, gradients: &Gradients) -> Result<Array1<f64>> {
        let fits = |(layer, gradient): (&Layer, &LayerGradient)| {
            layer.weights.dim() == gradient.weights.dim() && layer.bias.dim() == gradient.bias.dim()
        };
        let mut pairs = self.layers.iter().zip(&gradients.layers);
        if gradients.layers.len() != self.layers.len() || !pairs.all(fits) {
            return Err(Error::Shape {
                what: "`gradients`",
                found: count(gradients.layers.len(), "layer"),
                expected: "the layers and shapes of the network".to_owned(),
            });
        }
        let pairs = self.layers.iter().zip(&gradients.layers);
        let trainable = pairs.filter(|(layer, _)| !layer.frozen);
        Ok(trainable
            .flat_map(|(_, gradient)| gradient.weights.iter().chain(&gradient.bias))
            .copied()
            .collect())
    }

    /// Adds `change` to the parameters that are not frozen: layer by layer the weights, row by row,
    /// then the bias.
    pub(super) fn move_trainable(&mut self, change: &Array1<f64>) {
        let trainable = self.layers.iter_mut().filter(|layer| !layer.frozen);
        let parameters =
            trainable.flat_map(|layer| layer.weights.iter_mut().chain(&mut layer.bias));
        for (parameter, change) in parameters.zip(change) {
            *parameter += change;
        }
    }

    /// The parameter `place` of layer `layer`: the weights row by row, then the bias.
    pub(super) fn parameter_mut(&mut self, layer: usize, place: usize) -> Option<&mut f64> {
        let layer = self.layers.get_mut(layer)?;
        layer.weights.iter_mut().chain(&mut layer.bias).nth(place)
    }

    fn trainable(&self) -> impl Iterator<Item = &Layer> {
        self.layers.iter().filter(|layer| !layer.frozen)
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        check_layers(&self.layers, self.loss)
    }
}

#[cfg(test)]
mod tests;
