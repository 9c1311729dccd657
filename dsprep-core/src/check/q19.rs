//! Question 19: the gradient of a hidden layer, and when two gradients agree.

mod cross_entropy;

pub use cross_entropy::check_q19_cross_entropy;

use super::Verdict;
use crate::neural::{Activation, Layer, Loss, Mlp};
use crate::random::RandomState;
use crate::{Error, Result};
use ndarray::{Array1, Array2};

/// The answer to exercise 1: dL/dW1 from x, y, W1 and W2.
type Gradient = fn(&Array2<f64>, &Array2<f64>, &Array2<f64>, &Array2<f64>) -> Array2<f64>;

/// One network with data, and the gradients that tell right from wrong.
struct Case {
    x: Array2<f64>,
    y: Array2<f64>,
    w1: Array2<f64>,
    w2: Array2<f64>,
    right: Array2<f64>,
}

impl Case {
    fn new(rows: usize, sizes: (usize, usize, usize), seed: u32) -> Result<Self> {
        let mut rng = RandomState::seed(seed);
        let (inputs, hidden, outputs) = sizes;
        let (x, y) = (rng.randn((rows, inputs))?, rng.randn((rows, outputs))?);
        let (w1, w2) = (rng.randn((inputs, hidden))?, rng.randn((hidden, outputs))?);
        let sigmoid = Activation::Sigmoid;
        let layers = vec![
            Layer::new(w1.clone(), Array1::zeros(hidden), sigmoid),
            Layer::new(w2.clone(), Array1::zeros(outputs), sigmoid),
        ];
        let network = Mlp::from_layers(layers, Loss::MeanSquaredError)?;
        let right = network.gradients(&x, &y)?.layers.swap_remove(0).weights;
        Ok(Case {
            x,
            y,
            w1,
            w2,
            right,
        })
    }

    /// What a typical mistake gives instead, with its name.
    fn mistakes(&self) -> [(Array2<f64>, &'static str); 8] {
        let sigmoid = |z: Array2<f64>| z.mapv(|z| 1.0 / (1.0 + (-z).exp()));
        let a1 = sigmoid(self.x.dot(&self.w1));
        let a2 = sigmoid(a1.dot(&self.w2));
        let slope = |a: &Array2<f64>| a.mapv(|a| a * (1.0 - a));
        let error = 2.0 * (&a2 - &self.y) / self.y.len() as f64;
        let no_output_slope = error.dot(&self.w2.t()) * slope(&a1);
        let delta2 = &error * &slope(&a2);
        let no_hidden_slope = delta2.dot(&self.w2.t());
        let slope_of_a = delta2.dot(&self.w2.t()) * slope(&sigmoid(a1.clone()));
        let back = |delta1: Array2<f64>| self.x.t().dot(&delta1);
        let right = &self.right;
        [
            (
                back(no_output_slope),
                "The derivative of the output's sigmoid is missing: dL/dZ2 = dL/dA2 ⊙ A2 (1 − A2).",
            ),
            (
                back(no_hidden_slope),
                "The derivative of the hidden sigmoid is missing: on the way through A1 = σ(Z1), multiply by A1 (1 − A1).",
            ),
            (
                back(slope_of_a),
                "You took the sigmoid's derivative at A1, but A1 is already σ(Z1): the derivative is A1 (1 − A1).",
            ),
            (
                -right,
                "The sign is wrong: the derivative of (A2 − Y)² is 2 (A2 − Y), not 2 (Y − A2).",
            ),
            (
                right * self.y.len() as f64,
                "You summed, but the loss is a mean: divide by n, the number of entries of Y.",
            ),
            (
                right * self.y.ncols() as f64,
                "You divided by the number of rows. The mean is over all entries of Y: n = rows × outputs, `y.len()`.",
            ),
            (
                right * 0.5,
                "The 2 is missing: the derivative of (A2 − Y)² is 2 (A2 − Y).",
            ),
            (
                right * (self.y.len() as f64 / 2.0),
                "The factor 2/n is missing: the derivative of the mean of (A2 − Y)² is 2 (A2 − Y) / n.",
            ),
        ]
    }
}

/// Checks `gradient`, dL/dW1 of a network with two sigmoid layers without biases, its loss the mean
/// squared error.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q19_gradient;
/// let verdict = check_q19_gradient(|_, _, w1, _| w1.clone());
/// assert!(!verdict.has_passed());
/// ```
pub fn check_q19_gradient(gradient: Gradient) -> Verdict {
    Verdict::of(|| {
        let verdict = || -> Result<Verdict> {
            for case in [
                Case::new(1, (2, 4, 1), 19)?,
                Case::new(5, (3, 4, 2), 20)?,
                Case::new(4, (3, 3, 3), 21)?,
            ] {
                let answer = gradient(&case.x, &case.y, &case.w1, &case.w2);
                if let Some(message) = what_is_wrong(&answer, &case) {
                    return Ok(Verdict::not_yet(message));
                }
            }
            Ok(Verdict::passed(
                "The same at every layer: go back through the weights (δ Wᵀ), multiply by the slope of the \
             activation, and the gradient of the weights is (what came in)ᵀ δ.",
            ))
        };
        verdict().unwrap_or_else(|error: Error| Verdict::not_yet(error.to_string()))
    })
}

fn what_is_wrong(answer: &Array2<f64>, case: &Case) -> Option<String> {
    if answer.dim() == (case.right.ncols(), case.right.nrows()) && answer.dim() != case.right.dim()
    {
        return Some("The gradient is transposed: it has to have the shape of W1. Xᵀ comes first: X.t().dot(δ1).".to_owned());
    }
    if answer.dim() != case.right.dim() {
        return Some(format!(
            "The gradient has to have the shape of W1, {:?}, but yours is {:?}.",
            case.right.dim(),
            answer.dim()
        ));
    }
    if answer.iter().any(|value| !value.is_finite()) {
        return Some("Your gradient holds NaN or infinity.".to_owned());
    }
    if close(answer, &case.right) {
        return None;
    }
    let mistakes = case.mistakes();
    let known = mistakes.iter().find(|(wrong, _)| close(answer, wrong));
    let message = known.map_or_else(
        || {
            if answer.iter().all(|value| *value == 0.0) {
                "All zeros: nothing has come back to W1 yet. Start from dL/dZ2 and go back through W2."
            } else {
                "The shape is right, the numbers are not. Compare δ2, then δ1, with the formulas above."
            }
        },
        |(_, message)| message,
    );
    Some(message.to_owned())
}

/// Equal up to what single precision or a numerical gradient leave.
fn close(a: &Array2<f64>, b: &Array2<f64>) -> bool {
    let scale = b.mapv(f64::abs).sum() / b.len() as f64;
    a.iter()
        .zip(b)
        .all(|(a, b)| (a - b).abs() <= 1e-5 * scale.max(f64::MIN_POSITIVE))
}

/// Two gradients, whether they agree, and what is wrong with an answer that says otherwise.
const GRADIENTS: [(f64, f64, bool, &str); 19] = [
    (1.0, 1.0, true, "Equal gradients disagree."),
    (
        3.0,
        1.0,
        false,
        "3 and 1 agree for you: what does your test refuse at all?",
    ),
    (
        1.0,
        3.0,
        false,
        "1 and 3 agree for you: the difference may be negative; take its absolute value.",
    ),
    (
        6.8e-5,
        7.7e-5,
        false,
        "6.8e-5 and 7.7e-5 agree for you, though one is 13 % larger: a small gradient passes any absolute test.",
    ),
    (
        1e6,
        1e6 + 1.0,
        true,
        "1,000,000 and 1,000,001 disagree for you, though they differ in the seventh digit only.",
    ),
    (
        0.0,
        0.0,
        true,
        "0 and 0 disagree for you: 0 / 0 is NaN, and NaN compares as false. A dead ReLU has such gradients.",
    ),
    (
        0.5,
        -0.5,
        false,
        "0.5 and −0.5 agree for you: compare the numbers, not their sizes.",
    ),
    (
        -2.0,
        -2.000_001,
        true,
        "−2 and −2.000001 disagree for you: divide by the size, which is positive.",
    ),
    (
        0.0,
        1e-3,
        false,
        "0 and 0.001 agree for you: a gradient that is missing altogether has to fail.",
    ),
    (
        1e-3,
        0.0,
        false,
        "0.001 and 0 agree for you: a gradient that is missing altogether has to fail.",
    ),
    (
        f64::NAN,
        1.0,
        false,
        "NaN agrees with 1 for you: write the comparison so that NaN fails it.",
    ),
    (
        1.0,
        f64::NAN,
        false,
        "1 agrees with NaN for you: write the comparison so that NaN fails it.",
    ),
    (
        2e-9,
        3e-9,
        false,
        "2e-9 and 3e-9 agree for you: your test has an absolute part, which every small gradient passes.",
    ),
    (
        1e-12,
        2e-12,
        false,
        "1e-12 and 2e-12 agree for you: your test has an absolute part, which every small gradient passes.",
    ),
    (
        3e-20,
        4e-20,
        false,
        "3e-20 and 4e-20 agree for you: what is added to the divisor, or is its least value, is an absolute test again. \
         Write a product, which needs no guard against 0.",
    ),
    (
        1.0,
        1.000_03,
        false,
        "1 and 1.00003 agree for you: their relative error is 3e-5, and 1e-5 is allowed.",
    ),
    (
        1.000_013,
        1.0,
        false,
        "1.000013 and 1 agree for you: their relative error is 1.3e-5. Divide by the larger of the two, not by their sum.",
    ),
    (
        1.0,
        1.000_02,
        false,
        "1 and 1.00002 agree for you: their relative error is 2e-5, twice what is allowed.",
    ),
    (
        1.0,
        1.000_005,
        true,
        "1 and 1.000005 disagree for you: their relative error is 5e-6, and 1e-5 is allowed.",
    ),
];

/// Checks `agree`, whether an analytic and a numerical gradient agree to a relative error of 1e-5.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q19_agree;
/// let verdict = check_q19_agree(|a, n| (a - n).abs() <= 1e-5 * a.abs().max(n.abs()));
/// assert!(verdict.has_passed());
/// ```
pub fn check_q19_agree(agree: fn(f64, f64) -> bool) -> Verdict {
    Verdict::of(|| {
        let wrong = GRADIENTS
            .into_iter()
            .find(|&(a, n, expected, _)| agree(a, n) != expected);
        match wrong {
            Some((.., message)) => Verdict::not_yet(message),
            None => Verdict::passed(
                "Relative to the larger of the two, so that it is fair to small and large gradients, and as a \
             product, so that two zeros agree and NaN does not.",
            ),
        }
    })
}

#[cfg(test)]
mod mutants;

#[cfg(test)]
mod tests;
