//! Question 21: how many parameters are trained, and batch normalisation that is really frozen.

mod lora;

pub use lora::check_q21_lora;

use super::Verdict;
use crate::neural::ResNet;
use crate::random::RandomState;
use crate::{Error, Result};
use ndarray::{Array1, Array2, Axis};

/// The answer to exercise 1: the trained parameters of a network whose named parts are unfrozen.
type Trained = fn(&ResNet, &[&str]) -> usize;

/// The answer to exercise 2: frozen batch normalisation of `x` by mean, variance, scale and shift.
type FrozenNorm =
    fn(&Array2<f64>, &Array1<f64>, &Array1<f64>, &Array1<f64>, &Array1<f64>) -> Array2<f64>;

const EPSILON: f64 = 1e-5;

/// Checks `trained`, the number of parameters that are trained if all is frozen but the parts named: layers of that
/// name and those below it, as `layer4` for `layer4.0.conv1`.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q21_trained;
///
/// // Not only the head may be unfrozen.
/// assert!(!check_q21_trained(|network, _| network.head_parameters()).has_passed());
/// ```
pub fn check_q21_trained(trained: Trained) -> Verdict {
    Verdict::of(|| {
        let cases: [(usize, usize, &[&str]); 6] = [
            (18, 10, &["fc"]),
            (50, 7, &["layer4", "fc"]),
            (18, 10, &[]),
            (34, 3, &["layer4", "layer4.1", "fc"]),
            (101, 5, &["layer3.1", "fc"]),
            (18, 2, &["layer1.0.bn1"]),
        ];
        let verdict = || -> Result<Verdict> {
            for (depth, classes, parts) in cases {
                let network = ResNet::new(depth, classes)?;
                let (answer, right) = (trained(&network, parts), trained_in(&network, parts));
                if answer != right {
                    return Ok(Verdict::not_yet(format!(
                        "{}\nResNet-{depth}, {classes} classes, unfrozen: {parts:?}; right is {right}, and yours is {answer}.",
                        what_is_wrong(answer, &network, parts)
                    )));
                }
            }
            Ok(Verdict::passed(
                "Each layer is counted once, if one of the names is its own or leads to it at a dot. Print this number before \
             you train: it is the cheapest test of what is frozen.",
            ))
        };
        verdict().unwrap_or_else(|error: Error| Verdict::not_yet(error.to_string()))
    })
}

fn is_under(name: &str, part: &str) -> bool {
    let rest = name.strip_prefix(part);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn trained_in(network: &ResNet, parts: &[&str]) -> usize {
    let layers = network.layers().iter();
    let unfrozen = layers.filter(|layer| parts.iter().any(|part| is_under(&layer.name, part)));
    unfrozen.map(|layer| layer.parameters).sum()
}

fn what_is_wrong(answer: usize, network: &ResNet, parts: &[&str]) -> &'static str {
    let right = trained_in(network, parts);
    let under = |part: &&str| network.parameters_under(part);
    let twice: usize = parts.iter().map(|part| trained_in(network, &[*part])).sum();
    let by_letters = network
        .layers()
        .iter()
        .filter(|layer| parts.iter().any(|part| layer.name.starts_with(part)));
    let layers = network.layers().iter();
    let number = layers.filter(|layer| parts.iter().any(|part| is_under(&layer.name, part)));
    let features = |layer: &crate::neural::LayerCount| layer.shape.get(1).copied();
    let head = network.layers().last();
    let known = [
        (
            head.and_then(features) == Some(answer),
            "That is the number of features, the original's \"~512\". Each class has as many weights, and a bias.",
        ),
        (
            answer == network.parameters() - right,
            "These are the frozen ones.",
        ),
        (
            answer == network.parameters(),
            "These are all parameters, but some are frozen.",
        ),
        (
            answer == network.head_parameters(),
            "That is the head, whatever is unfrozen. Compare the names of the layers with the parts.",
        ),
        (
            answer == number.count(),
            "That is the number of layers. Add up their parameters.",
        ),
        (
            answer == twice,
            "A layer that two of the names lead to is counted twice.",
        ),
        (
            answer == by_letters.map(|layer| layer.parameters).sum::<usize>(),
            "`layer3.1` is no part of `layer3.10`: after the name must come a dot or nothing.",
        ),
        (
            answer == parts.iter().map(under).sum::<usize>(),
            "A name must match up to a dot, and no layer may be counted twice.",
        ),
    ];
    let found = known.iter().find(|(is, _)| *is);
    found.map_or("That is not the number.", |(_, message)| message)
}

/// Batch normalisation with given statistics.
fn normalised(
    x: &Array2<f64>,
    mean: &Array1<f64>,
    variance: &Array1<f64>,
    scale: &Array1<f64>,
    shift: &Array1<f64>,
) -> Array2<f64> {
    (x - mean) / variance.mapv(|v| (v + EPSILON).sqrt()) * scale + shift
}

/// Checks `frozen`, batch normalisation in evaluation mode: from `x` (rows × channels), and the stored mean and
/// variance, the scale and the shift of each channel; ε is 1e-5.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q21_frozen_norm;
///
/// let verdict = check_q21_frozen_norm(|x, mean, variance, scale, shift| {
///     (x - mean) / variance.mapv(|v| (v + 1e-5).sqrt()) * scale + shift
/// });
/// assert!(verdict.has_passed());
/// ```
pub fn check_q21_frozen_norm(frozen: FrozenNorm) -> Verdict {
    Verdict::of(|| {
        let mut rng = RandomState::seed(21);
        for (rows, channels) in [(6, 3), (4, 4), (1, 2)] {
            let x = Array2::from_shape_simple_fn((rows, channels), || rng.randn(())) * 2.0 + 3.0;
            let mean = Array1::from_shape_simple_fn(channels, || rng.randn(()));
            let mut variance = Array1::from_shape_simple_fn(channels, || rng.rand(())) + 0.5;
            variance[0] = 1e-5;
            let scale = Array1::from_shape_simple_fn(channels, || rng.rand(())) + 1.5;
            let shift = Array1::from_shape_simple_fn(channels, || rng.randn(())) + 2.0;
            let right = normalised(&x, &mean, &variance, &scale, &shift);
            let answer = frozen(&x, &mean, &variance, &scale, &shift);
            if answer.dim() != right.dim() {
                return Verdict::not_yet(format!(
                    "The output has to have the shape of x, {:?}, but yours is {:?}.",
                    right.dim(),
                    answer.dim()
                ));
            }
            if close(&answer, &right) {
                continue;
            }
            let mistakes = frozen_mistakes(&x, &mean, &variance, &scale, &shift);
            let known = mistakes.iter().find(|(wrong, _)| close(&answer, wrong));
            let message = match known {
                Some((_, message)) => message,
                None if answer.iter().any(|value| !value.is_finite()) => {
                    "Your output holds NaN or infinity."
                }
                None if close(&answer, &x) => "That is x as it came in.",
                None => {
                    "The shape is right, the numbers are not: (x − mean) / √(variance + ε) · scale + shift."
                }
            };
            return Verdict::not_yet(message);
        }
        Verdict::passed(
            "Nothing in it depends on the batch, so that one row gives the same alone and among others, and training can't \
         change it.",
        )
    })
}

/// What typical mistakes give instead, with their names.
fn frozen_mistakes(
    x: &Array2<f64>,
    mean: &Array1<f64>,
    variance: &Array1<f64>,
    scale: &Array1<f64>,
    shift: &Array1<f64>,
) -> [(Array2<f64>, &'static str); 10] {
    let of_batch = (
        x.mean_axis(Axis(0)).unwrap_or_else(|| mean.clone()),
        x.var_axis(Axis(0), 0.0),
    );
    let by_variance = (x - mean) / &variance.mapv(|v| v + EPSILON) * scale + shift;
    let no_epsilon = (x - mean) / &variance.mapv(f64::sqrt) * scale + shift;
    let outside = (x - mean) / &variance.mapv(|v| v.sqrt() + EPSILON) * scale + shift;
    let (ones, zeros) = (Array1::ones(x.ncols()), Array1::zeros(x.ncols()));
    [
        (
            normalised(x, &of_batch.0, &of_batch.1, scale, shift),
            "You normalise by the batch, which is training mode. Frozen means: by the stored mean and variance.",
        ),
        (
            normalised(x, &of_batch.0, &of_batch.1, &ones, &zeros),
            "You normalise by the batch, and scale and shift are missing.",
        ),
        (
            normalised(x, &of_batch.0, variance, scale, shift),
            "The mean is the batch's. Frozen means: by the stored mean and variance.",
        ),
        (
            normalised(x, mean, &of_batch.1, scale, shift),
            "The variance is the batch's. Frozen means: by the stored mean and variance.",
        ),
        (
            normalised(x, mean, variance, scale, &zeros),
            "The shift is missing: frozen parameters are still used.",
        ),
        (
            normalised(x, mean, variance, &ones, shift),
            "The scale is missing: frozen parameters are still used.",
        ),
        (
            normalised(x, mean, variance, &ones, &zeros),
            "Scale and shift are missing: frozen parameters are still used.",
        ),
        (
            by_variance,
            "You divide by the variance. Divide by its root, the standard deviation.",
        ),
        (
            no_epsilon,
            "The ε is missing: a channel that hardly varies is blown up. Divide by √(variance + ε).",
        ),
        (outside, "The ε belongs under the root: √(variance + ε)."),
    ]
}

fn close(a: &Array2<f64>, b: &Array2<f64>) -> bool {
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-5 * b.abs().max(1.0);
    a.iter().zip(b).all(near)
}

#[cfg(test)]
mod mutants;

#[cfg(test)]
mod tests {
    use super::*;

    fn told(trained: Trained) -> String {
        check_q21_trained(trained).told()
    }

    #[test]
    fn each_unfrozen_layer_counted_once_passes() {
        let verdict = check_q21_trained(trained_in);
        assert!(verdict.has_passed(), "{verdict}");
    }

    #[test]
    fn each_wrong_count_is_named() {
        assert!(told(|network, _| network.head_parameters()).contains("whatever is unfrozen"));
        assert!(told(|_, _| 512).contains("~512"));
        assert!(told(|network, _| network.parameters()).contains("some are frozen"));
        let frozen: Trained = |network, parts| network.parameters() - trained_in(network, parts);
        assert!(told(frozen).contains("the frozen ones"));
        let twice: Trained = |network, parts| {
            let each = parts.iter().map(|part| trained_in(network, &[*part]));
            each.sum()
        };
        assert!(told(twice).contains("counted twice"));
        let letters: Trained = |network, parts| {
            let layers = network.layers().iter();
            let named = layers.filter(|layer| parts.iter().any(|p| layer.name.starts_with(p)));
            named.map(|layer| layer.parameters).sum()
        };
        assert!(told(letters).contains("layer3.10"));
        let layers: Trained = |network, parts| {
            let layers = network.layers().iter();
            let named = layers.filter(|layer| parts.iter().any(|p| is_under(&layer.name, p)));
            named.count()
        };
        assert!(told(layers).contains("number of layers"));
    }

    #[test]
    fn nonsense_as_a_count_is_told_and_does_not_panic() {
        assert!(told(|_, _| usize::MAX).contains("not the number"));
        assert!(told(|_, _| 0).contains("not the number"));
    }

    fn message(frozen: FrozenNorm) -> String {
        check_q21_frozen_norm(frozen).told()
    }

    #[test]
    fn the_stored_statistics_pass() {
        let verdict = check_q21_frozen_norm(normalised);
        assert!(verdict.has_passed(), "{verdict}");
    }

    #[test]
    fn each_way_not_to_freeze_is_named() {
        let batch: FrozenNorm = |x, mean, _, scale, shift| {
            let of_batch = x.mean_axis(Axis(0)).unwrap_or_else(|| mean.clone());
            normalised(x, &of_batch, &x.var_axis(Axis(0), 0.0), scale, shift)
        };
        assert!(message(batch).contains("training mode"));
        let bare: FrozenNorm =
            |x, mean, variance, _, _| (x - mean) / variance.mapv(|v| (v + EPSILON).sqrt());
        assert!(message(bare).contains("still used"));
        let by_variance: FrozenNorm = |x, mean, variance, scale, shift| {
            (x - mean) / variance.mapv(|v| v + EPSILON) * scale + shift
        };
        assert!(message(by_variance).contains("standard deviation"));
        let no_epsilon: FrozenNorm =
            |x, mean, variance, scale, shift| (x - mean) / variance.mapv(f64::sqrt) * scale + shift;
        assert!(message(no_epsilon).contains("missing"));
        let outside: FrozenNorm = |x, mean, variance, scale, shift| {
            (x - mean) / variance.mapv(|v| v.sqrt() + EPSILON) * scale + shift
        };
        assert!(message(outside).contains("under the root"));
    }

    #[test]
    fn nonsense_as_output_is_told_and_does_not_panic() {
        assert!(message(|_, _, _, _, _| Array2::zeros((0, 0))).contains("shape"));
        assert!(message(|x, _, _, _, _| x * f64::NAN).contains("NaN"));
        assert!(message(|x, _, _, _, _| x.clone()).contains("as it came in"));
        assert!(message(|x, _, _, _, _| x * 0.0).contains("numbers are not"));
    }
}
