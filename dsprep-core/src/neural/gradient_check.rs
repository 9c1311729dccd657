//! Are the gradients right? (question 19)
//!
//! Each parameter is moved a little up and down: (L(w + ε) − L(w − ε)) / 2ε. The difference to the
//! gradient is judged relative to its size: an absolute limit of 10⁻⁵ would let pass a gradient of
//! 7·10⁻⁵ that is wrong by 10 %.
//!
//! The step matters. The formula's own error falls with ε², that of rounding grows with 1/ε: plotted
//! over ε on logarithmic axes, the error has the shape of a V, lowest near the cube root of 2⁻⁵², 6·10⁻⁶.
//! [`gradient_error_curve`] draws it. After Nocedal and Wright, "Numerical optimization", 2006, section 8.1.

use super::mlp::Mlp;
use crate::checks::number;
use crate::{Error, Result};
use ndarray::ArrayRef2;

/// One parameter's gradient, by backpropagation and by differences.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedGradient {
    /// The parameter, for example `W1[0, 2]` or `b2[0]`; layers are counted from 1, as in the text.
    pub parameter: String,
    /// By backpropagation.
    pub analytic: f64,
    /// By the central difference.
    pub numeric: f64,
}

impl CheckedGradient {
    /// The [`relative_error`] of the two.
    pub fn relative_error(&self) -> f64 {
        relative_error(self.analytic, self.numeric)
    }
}

/// |a − n| / max(|a|, |n|), from 0 (equal) to 2 (opposite signs); 0 if both are 0.
///
/// # Examples
/// ```
/// use dsprep_core::neural::relative_error;
/// assert_eq!(relative_error(2.0, 1.5), 0.25);
/// assert_eq!(relative_error(0.0, 0.0), 0.0);
/// ```
pub fn relative_error(analytic: f64, numeric: f64) -> f64 {
    let size = analytic.abs().max(numeric.abs());
    if size == 0.0 {
        return 0.0;
    }
    let difference = (analytic - numeric).abs();
    if difference.is_finite() {
        return difference / size;
    }
    (analytic / size - numeric / size).abs()
}

/// The gradient of every parameter of `network`, both ways, for `x` (rows × inputs), `target`
/// (rows × outputs) and the step `epsilon`.
///
/// A correct gradient has a relative error of about 10⁻⁷ or less at `epsilon` = 10⁻⁵. Larger ones may
/// be a relu's kink within the step, or a gradient so small that rounding is all one sees. O(rows ·
/// parameters²) time, which is why nobody trains by differences.
///
/// # Errors
/// As [`Mlp::loss`]; [`Error::OutOfRange`] if `epsilon` is not positive.
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::neural::{Activation, InitialWeights, Loss, Mlp, gradient_check};
/// use dsprep_core::random::RandomState;
///
/// let (tanh, line) = (Activation::Tanh, Activation::Identity);
/// let mut rng = RandomState::seed(0);
/// let network = Mlp::new(&[2, 3, 1], tanh, line, Loss::MeanSquaredError, InitialWeights::Glorot, &mut rng)?;
/// let checked = gradient_check(&network, &array![[0.5, -0.3]], &array![[0.7]], 1e-5)?;
/// assert_eq!(checked.len(), network.parameters());
/// assert_eq!(checked[0].parameter, "W1[0, 0]");
/// assert!(checked.iter().all(|gradient| gradient.relative_error() < 1e-7));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn gradient_check(
    network: &Mlp,
    x: &ArrayRef2<f64>,
    target: &ArrayRef2<f64>,
    epsilon: f64,
) -> Result<Vec<CheckedGradient>> {
    if !(epsilon > 0.0 && epsilon.is_finite()) {
        return Err(Error::OutOfRange {
            what: "`epsilon`".to_owned(),
            found: epsilon.to_string(),
            expected: "greater than 0; 1e-5 is usual",
        });
    }
    let mut checked = Vec::with_capacity(network.parameters());
    for (at, gradient) in network.gradients(x, target)?.layers.iter().enumerate() {
        let units = gradient.bias.len();
        let analytic = gradient.weights.iter().chain(&gradient.bias);
        for (place, &analytic) in analytic.enumerate() {
            let high = loss_with(network, at, place, epsilon, x, target)?;
            let low = loss_with(network, at, place, -epsilon, x, target)?;
            let parameter = match place.checked_sub(gradient.weights.len()) {
                None => format!("W{}[{}, {}]", at + 1, place / units, place % units),
                Some(unit) => format!("b{}[{unit}]", at + 1),
            };
            // Halves, so that twice a great step is a number.
            let numeric = number("a numeric gradient", (high - low) / 2.0 / epsilon)?;
            checked.push(CheckedGradient {
                parameter,
                analytic,
                numeric,
            });
        }
    }
    Ok(checked)
}

/// The largest relative error of [`gradient_check`] for each of `steps`: the V-curve.
///
/// # Errors
/// As [`gradient_check`].
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::neural::{Activation, InitialWeights, Loss, Mlp, gradient_error_curve};
/// use dsprep_core::random::RandomState;
///
/// let (tanh, line) = (Activation::Tanh, Activation::Identity);
/// let mut rng = RandomState::seed(0);
/// let network = Mlp::new(&[2, 3, 1], tanh, line, Loss::MeanSquaredError, InitialWeights::Glorot, &mut rng)?;
/// let (x, y) = (array![[0.5, -0.3]], array![[0.7]]);
/// let errors = gradient_error_curve(&network, &x, &y, &[1e-1, 1e-5, 1e-12])?;
/// assert!(errors[1] < errors[0] && errors[1] < errors[2]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn gradient_error_curve(
    network: &Mlp,
    x: &ArrayRef2<f64>,
    target: &ArrayRef2<f64>,
    steps: &[f64],
) -> Result<Vec<f64>> {
    let largest = |&epsilon: &f64| {
        let checked = gradient_check(network, x, target, epsilon)?;
        let errors = checked.iter().map(CheckedGradient::relative_error);
        Ok(errors.fold(0.0, f64::max))
    };
    steps.iter().map(largest).collect()
}

/// The loss with one parameter moved by `step`.
fn loss_with(
    network: &Mlp,
    layer: usize,
    place: usize,
    step: f64,
    x: &ArrayRef2<f64>,
    target: &ArrayRef2<f64>,
) -> Result<f64> {
    let mut moved = network.clone();
    if let Some(parameter) = moved.parameter_mut(layer, place) {
        *parameter += step;
    }
    moved.loss(x, target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neural::{Activation, InitialWeights, Loss};
    use crate::random::RandomState;
    use ndarray::{Array2, array};

    fn example(output: Activation, loss: Loss) -> Result<(Mlp, Array2<f64>, Array2<f64>)> {
        let mut rng = RandomState::seed(8);
        let hidden = Activation::Sigmoid;
        let network = Mlp::new(
            &[3, 4, 2],
            hidden,
            output,
            loss,
            InitialWeights::Glorot,
            &mut rng,
        )?;
        let target = array![[0.2, 0.8], [1.0, 0.0], [0.0, 1.0], [0.5, 0.5]];
        Ok((network, rng.randn((4, 3))?, target))
    }

    #[test]
    fn every_parameter_of_every_kind_of_network_passes() -> Result<()> {
        let cases = [
            (Activation::Identity, Loss::MeanSquaredError),
            (Activation::Sigmoid, Loss::MeanSquaredError),
            (Activation::Softmax, Loss::MeanSquaredError),
            (Activation::Softmax, Loss::CrossEntropy),
        ];
        for (output, loss) in cases {
            let (network, x, target) = example(output, loss)?;
            let checked = gradient_check(&network, &x, &target, 1e-5)?;
            assert_eq!(checked.len(), 3 * 4 + 4 + 4 * 2 + 2);
            for gradient in &checked {
                assert!(gradient.relative_error() < 1e-7, "{gradient:?}");
            }
            assert_eq!(checked[15].parameter, "b1[3]");
            assert_eq!(checked[16].parameter, "W2[0, 0]");
        }
        Ok(())
    }

    /// The smallest gradient of W1 in the original.
    #[test]
    fn an_absolute_limit_lets_a_ten_percent_error_pass_and_a_relative_one_does_not() {
        let right: f64 = 6.80182642433683e-05;
        let wrong = right * 1.1;
        assert!((wrong - right).abs() < 1e-5);
        assert!(relative_error(wrong, right) > 0.09);
    }

    #[test]
    fn the_error_over_the_step_is_a_v() -> Result<()> {
        let (network, x, target) = example(Activation::Sigmoid, Loss::MeanSquaredError)?;
        let steps = [1e-1, 1e-2, 1e-3, 1e-5, 1e-8, 1e-10, 1e-12];
        let errors = gradient_error_curve(&network, &x, &target, &steps)?;
        assert!(errors[..4].is_sorted_by(|a, b| a > b), "{errors:?}");
        assert!(errors[3..].is_sorted_by(|a, b| a < b), "{errors:?}");
        // Ten times the step, a hundred times the error.
        assert!((errors[1] / errors[2] - 100.0).abs() < 5.0);
        Ok(())
    }

    #[test]
    fn a_step_that_is_not_positive_is_refused() -> Result<()> {
        let (network, x, target) = example(Activation::Identity, Loss::MeanSquaredError)?;
        let error = gradient_check(&network, &x, &target, 0.0).unwrap_err();
        assert!(error.to_string().contains("`epsilon` is 0"));
        Ok(())
    }
}
