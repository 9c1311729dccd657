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
use super::loss::Loss;
use super::mlp_checks::{check_input, check_layers, check_sizes, check_target};
use crate::error::count;
use crate::random::RandomState;
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef2, Axis};

/// One layer: Z = A W + b, then an activation.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// W, inputs × units.
    pub weights: Array2<f64>,
    /// b, one for each unit.
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
}

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
#[derive(Debug, Clone, PartialEq)]
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
        let last = sizes.len() - 2;
        let draw = |(at, pair): (usize, &[usize])| {
            let activation = if at == last { output } else { hidden };
            let weights = initial.draw(pair[0], pair[1], rng);
            Layer::new(weights, Array1::zeros(pair[1]), activation)
        };
        Mlp::from_layers(sizes.windows(2).enumerate().map(draw).collect(), loss)
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
    /// inputs, [`Error::OutOfRange`] if a value is not finite.
    pub fn forward(&self, x: &ArrayRef2<f64>) -> Result<Forward> {
        check_input(x, self.layers[0].weights.nrows())?;
        let mut z = Vec::with_capacity(self.layers.len());
        let mut a = vec![x.to_owned()];
        for (at, layer) in self.layers.iter().enumerate() {
            z.push(a[at].dot(&layer.weights) + &layer.bias);
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
        let pass = |a: Array2<f64>, layer: &Layer| {
            let z = a.dot(&layer.weights) + &layer.bias;
            layer.activation.apply(&z)
        };
        Ok(self.layers.iter().fold(x.to_owned(), pass))
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
        Ok(self.loss.value(z, a, target))
    }

    /// The loss and the gradients of all parameters, frozen ones included: one pass forward and one
    /// back.
    ///
    /// O(rows · parameters) time, about three times a forward pass.
    ///
    /// # Errors
    /// As [`loss`](Self::loss).
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
        Ok(Gradients {
            loss: self.loss.value(&z[last], &a[last + 1], target),
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neural::{Optimizer, Value};
    use ndarray::array;

    /// The original's network, drawn as its cell draws it after question 18.
    fn original() -> Result<Mlp> {
        let mut rng = RandomState::seed(0);
        rng.choice(60, 120)?;
        rng.randint(1, 8, 120)?;
        rng.uniform(10.0, 500.0, 120)?;
        let sigmoid = Activation::Sigmoid;
        let initial = InitialWeights::Normal(0.1);
        Mlp::new(
            &[2, 4, 1],
            sigmoid,
            sigmoid,
            Loss::MeanSquaredError,
            initial,
            &mut rng,
        )
    }

    fn assert_close(found: &ArrayRef2<f64>, expected: &ArrayRef2<f64>) {
        assert_eq!(found.dim(), expected.dim());
        let largest = (found - expected).fold(0.0, |largest: f64, d| largest.max(d.abs()));
        assert!(largest < 1e-12, "{found} {expected}");
    }

    /// The numbers of the original's cell, in float64.
    #[test]
    fn the_loss_and_the_gradients_of_the_original_are_reproduced() -> Result<()> {
        let network = original()?;
        let (x, y) = (array![[0.5, -0.3]], array![[0.7]]);
        let forward = network.forward(&x)?;
        let gradients = network.gradients(&x, &y)?;

        assert_close(&forward.a[2], &array![[0.49869080089421164]]);
        assert!((gradients.loss - 0.040525393644613925).abs() < 1e-12);
        assert_close(&gradients.layers[1].z, &array![[-0.10065390946403416]]);
        assert_close(
            &gradients.layers[1].weights,
            &array![
                [-0.053585261620663],
                [-0.04794392635867265],
                [-0.049613095598797965],
                [-0.04977202027544025],
            ],
        );
        assert_close(
            &gradients.layers[0].z,
            &array![[
                -0.00026044262400823993,
                0.0020828091943593382,
                -0.0012397045029730166,
                -0.00022672754747789434,
            ]],
        );
        assert_close(
            &gradients.layers[0].weights,
            &array![
                [
                    -0.00013022131200411997,
                    0.0010414045971796691,
                    -0.0006198522514865083,
                    -0.00011336377373894717,
                ],
                [
                    7.813278720247198e-05,
                    -0.0006248427583078014,
                    0.000371911350891905,
                    6.80182642433683e-05,
                ],
            ],
        );
        Ok(())
    }

    #[test]
    fn the_update_that_the_original_leaves_out_lowers_the_loss() -> Result<()> {
        let mut network = original()?;
        let (x, y) = (array![[0.5, -0.3]], array![[0.7]]);
        let before = network.gradients(&x, &y)?;
        let old = network.layers()[1].weights[[0, 0]];
        Optimizer::sgd(0.5)?.step(&mut network, &before)?;
        let moved = network.layers()[1].weights[[0, 0]];
        assert_eq!(moved, old - 0.5 * before.layers[1].weights[[0, 0]]);
        assert!(network.loss(&x, &y)? < before.loss);
        Ok(())
    }

    /// The same network out of scalar values, and its loss.
    fn on_the_tape(network: &Mlp, x: &Array2<f64>, y: &Array2<f64>) -> (Value, Vec<Vec<Value>>) {
        let leaves = |layer: &Layer| -> Vec<Value> {
            let numbers = layer.weights.iter().chain(&layer.bias);
            numbers.map(|&number| Value::new(number)).collect()
        };
        let parameters: Vec<Vec<Value>> = network.layers().iter().map(leaves).collect();
        let mut loss = Value::new(0.0);
        for (x, y) in x.rows().into_iter().zip(y.rows()) {
            let mut a: Vec<Value> = x.iter().map(|&x| Value::new(x)).collect();
            for (layer, values) in network.layers().iter().zip(&parameters) {
                let (inputs, units) = layer.weights.dim();
                let sum = |unit: usize| {
                    let products = (0..inputs).map(|i| &values[i * units + unit] * &a[i]);
                    products.fold(values[inputs * units + unit].clone(), |sum: Value, p| {
                        sum + p
                    })
                };
                let z: Vec<Value> = (0..units).map(sum).collect();
                a = match layer.activation {
                    Activation::Identity => z,
                    Activation::Sigmoid => z.iter().map(Value::sigmoid).collect(),
                    Activation::Tanh => z.iter().map(Value::tanh).collect(),
                    Activation::Relu => z.iter().map(Value::relu).collect(),
                    Activation::Softmax => {
                        let e: Vec<Value> = z.iter().map(Value::exp).collect();
                        let total = e.iter().fold(Value::new(0.0), |sum, e| sum + e);
                        e.iter().map(|e| e / &total).collect()
                    }
                };
            }
            for (a, &y) in a.iter().zip(y) {
                let term = match network.loss {
                    Loss::MeanSquaredError => (a - y).powi(2) / a_count(network),
                    Loss::CrossEntropy => a.ln() * -y,
                };
                loss = loss + term;
            }
        }
        (loss / x.nrows() as f64, parameters)
    }

    fn a_count(network: &Mlp) -> f64 {
        network.layers()[network.layers().len() - 1].bias.len() as f64
    }

    #[test]
    fn the_tape_and_the_matrices_give_the_same_gradients() -> Result<()> {
        let mut rng = RandomState::seed(2);
        let x = rng.randn((5, 3));
        let y = array![[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]];
        let cases = [
            (
                Activation::Tanh,
                Activation::Identity,
                Loss::MeanSquaredError,
            ),
            (
                Activation::Relu,
                Activation::Sigmoid,
                Loss::MeanSquaredError,
            ),
            (
                Activation::Sigmoid,
                Activation::Softmax,
                Loss::MeanSquaredError,
            ),
            (
                Activation::Identity,
                Activation::Softmax,
                Loss::CrossEntropy,
            ),
            (Activation::Tanh, Activation::Softmax, Loss::CrossEntropy),
        ];
        for (hidden, output, loss) in cases {
            let sizes = [3, 4, 3, 2];
            let network = Mlp::new(
                &sizes,
                hidden,
                output,
                loss,
                InitialWeights::Glorot,
                &mut rng,
            )?;
            let gradients = network.gradients(&x, &y)?;
            let (tape_loss, tape) = on_the_tape(&network, &x, &y);
            tape_loss.backward();
            assert!((tape_loss.data() - gradients.loss).abs() < 1e-13);
            for (values, gradient) in tape.iter().zip(&gradients.layers) {
                let by_hand = gradient.weights.iter().chain(&gradient.bias);
                for (value, by_hand) in values.iter().zip(by_hand) {
                    assert!((value.gradient() - by_hand).abs() < 1e-13);
                }
            }
        }
        Ok(())
    }

    #[test]
    fn forward_and_predict_agree() -> Result<()> {
        let network = original()?;
        let x = RandomState::seed(5).randn((6, 2));
        assert_eq!(network.predict(&x)?, network.forward(&x)?.a[2]);
        assert_eq!(network.parameters(), 2 * 4 + 4 + 4 + 1);
        Ok(())
    }

    #[test]
    fn what_does_not_fit_is_named() -> Result<()> {
        let network = original()?;
        let (x, y) = (array![[0.5, -0.3]], array![[0.7]]);
        let message = |error: Error| error.to_string();
        assert_eq!(
            message(network.predict(&array![[1.0]]).unwrap_err()),
            "`x` has 1 column, but it must have 2 columns, one for each input."
        );
        assert_eq!(
            message(network.loss(&x, &array![[0.7, 0.1]]).unwrap_err()),
            "`target` has the shape 1×2, but it must have 1×1, rows of `x` by outputs."
        );
        assert!(message(network.predict(&array![[f64::NAN, 0.0]]).unwrap_err()).contains("row 0"));
        let layer = |inputs, units, activation| {
            Layer::new(
                Array2::zeros((inputs, units)),
                Array1::zeros(units),
                activation,
            )
        };
        let build = |layers, loss| Mlp::from_layers(layers, loss).unwrap_err().to_string();
        let linear = |inputs, units| layer(inputs, units, Activation::Identity);
        assert_eq!(
            build(vec![linear(2, 2)], Loss::CrossEntropy),
            "the activation of the output is identity, but it must be softmax, which cross-entropy needs."
        );
        assert!(build(vec![linear(2, 3), linear(4, 1)], Loss::MeanSquaredError).contains("4 rows"));
        let softmax = layer(2, 2, Activation::Softmax);
        let hidden = build(vec![softmax, linear(2, 1)], Loss::MeanSquaredError);
        assert!(hidden.contains("softmax is for the output"));
        assert!(build(Vec::new(), Loss::MeanSquaredError).contains("at least one layer"));

        let mut other = Mlp::from_layers(vec![linear(2, 1)], Loss::MeanSquaredError)?;
        let gradients = network.gradients(&x, &y)?;
        let wrong = Optimizer::sgd(0.1)?.step(&mut other, &gradients);
        assert!(message(wrong.unwrap_err()).contains("`gradients` has 2 layers"));
        Ok(())
    }
}
