//! Gradient descent with momentum, and Adam (question 19).
//!
//! Momentum after Polyak, 1964, in the form of PyTorch's `SGD`. Adam after Kingma and Ba, "Adam: a
//! method for stochastic optimization", 2015, algorithm 1.

use super::mlp::{Gradients, Mlp};
use crate::checks::numbers;
use crate::{Error, Result};
use ndarray::Array1;

/// Turns gradients into steps. It keeps its averages between steps: use one for each network.
///
/// # Examples
/// ```
/// use dsprep_core::neural::Optimizer;
///
/// let plain = Optimizer::sgd(0.1)?;
/// let heavy = Optimizer::momentum(0.1, 0.9)?;
/// let adam = Optimizer::adam(0.001)?;
/// assert!(Optimizer::sgd(-1.0).is_err());
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Optimizer {
    rule: Rule,
    learning_rate: f64,
}

#[derive(Debug, Clone)]
enum Rule {
    Momentum {
        momentum: f64,
        velocity: Array1<f64>,
    },
    Adam {
        steps: i32,
        mean: Array1<f64>,
        square: Array1<f64>,
    },
}

const ADAM_MEAN: f64 = 0.9;
const ADAM_SQUARE: f64 = 0.999;
const ADAM_EPSILON: f64 = 1e-8;

impl Optimizer {
    /// Plain gradient descent: W ← W − `learning_rate` · dL/dW.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the learning rate is not a positive number.
    pub fn sgd(learning_rate: f64) -> Result<Self> {
        Optimizer::momentum(learning_rate, 0.0)
    }

    /// Descent with momentum: v ← `momentum` · v + dL/dW, W ← W − `learning_rate` · v.
    ///
    /// # Errors
    /// As [`sgd`](Self::sgd); [`Error::OutOfRange`] if `momentum` is not in [0, 1).
    pub fn momentum(learning_rate: f64, momentum: f64) -> Result<Self> {
        if !(0.0..1.0).contains(&momentum) {
            return Err(Error::OutOfRange {
                what: "`momentum`".to_owned(),
                found: momentum.to_string(),
                expected: "at least 0 and less than 1; 0.9 is usual",
            });
        }
        let velocity = Array1::zeros(0);
        Optimizer::new(learning_rate, Rule::Momentum { momentum, velocity })
    }

    /// Adam with β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁸.
    ///
    /// # Errors
    /// As [`sgd`](Self::sgd).
    pub fn adam(learning_rate: f64) -> Result<Self> {
        let rule = Rule::Adam {
            steps: 0,
            mean: Array1::zeros(0),
            square: Array1::zeros(0),
        };
        Optimizer::new(learning_rate, rule)
    }

    fn new(learning_rate: f64, rule: Rule) -> Result<Self> {
        if !(learning_rate > 0.0 && learning_rate.is_finite()) {
            return Err(Error::OutOfRange {
                what: "`learning_rate`".to_owned(),
                found: learning_rate.to_string(),
                expected: "greater than 0; try 0.1 for descent, 0.001 for Adam",
            });
        }
        Ok(Optimizer {
            rule,
            learning_rate,
        })
    }

    /// Moves the parameters of `network` that are not frozen one step against `gradients`.
    ///
    /// # Errors
    /// [`Error::Shape`] if the gradients are those of a network with another number of parameters;
    /// [`Error::Undefined`] if a step, or what Adam keeps for the next, overflows.
    pub fn step(&mut self, network: &mut Mlp, gradients: &Gradients) -> Result<()> {
        let gradient = network.trainable_part(gradients)?;
        let change = self.change(&gradient);
        numbers("a step of the optimizer", &change)?;
        if let Rule::Adam { square, .. } = &self.rule {
            numbers("the square of a gradient", square)?;
        }
        network.move_trainable(&change);
        Ok(())
    }

    /// What is added to the parameters. The averages start from 0, also if parameters were frozen
    /// or thawed since the last step.
    fn change(&mut self, gradient: &Array1<f64>) -> Array1<f64> {
        let zeros = || Array1::zeros(gradient.len());
        match &mut self.rule {
            Rule::Momentum { momentum, velocity } => {
                if velocity.len() != gradient.len() {
                    *velocity = zeros();
                }
                *velocity = &*velocity * *momentum + gradient;
                &*velocity * -self.learning_rate
            }
            Rule::Adam {
                steps,
                mean,
                square,
            } => {
                if mean.len() != gradient.len() {
                    (*steps, *mean, *square) = (0, zeros(), zeros());
                }
                *steps = steps.saturating_add(1);
                *mean = &*mean * ADAM_MEAN + gradient * (1.0 - ADAM_MEAN);
                *square = &*square * ADAM_SQUARE + gradient.mapv(|g| (1.0 - ADAM_SQUARE) * g * g);
                let unbiased_mean = &*mean / (1.0 - ADAM_MEAN.powi(*steps));
                let unbiased_square = &*square / (1.0 - ADAM_SQUARE.powi(*steps));
                unbiased_mean * -self.learning_rate
                    / unbiased_square.mapv(|v| v.sqrt() + ADAM_EPSILON)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn momentum_adds_up_the_gradients() -> Result<()> {
        let mut optimizer = Optimizer::momentum(0.1, 0.5)?;
        let gradient = array![1.0, -2.0];
        assert_eq!(optimizer.change(&gradient), array![-0.1, 0.2]);
        assert!((optimizer.change(&gradient)[0] + 0.15).abs() < 1e-15);
        Ok(())
    }

    #[test]
    fn the_first_step_of_adam_is_the_learning_rate_against_the_sign() -> Result<()> {
        let change = Optimizer::adam(0.01)?.change(&array![1e-3, -500.0]);
        assert!((change[0] + 0.01).abs() < 1e-6 && (change[1] - 0.01).abs() < 1e-12);
        Ok(())
    }

    #[test]
    fn rates_out_of_range_are_refused() {
        let message = |result: Result<Optimizer>| result.unwrap_err().to_string();
        assert!(message(Optimizer::adam(f64::NAN)).contains("`learning_rate` is NaN"));
        assert!(message(Optimizer::momentum(0.1, 1.0)).contains("`momentum` is 1"));
    }
}
