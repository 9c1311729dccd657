//! The training loop (question 19).

use super::mlp::Mlp;
use super::optimizer::Optimizer;
use crate::random::RandomState;
use crate::{Error, Result};
use ndarray::{ArrayRef2, Axis};

impl Mlp {
    /// Trains on all rows at once, `epochs` times, and returns the loss before each step and last
    /// after all of them: `epochs` + 1 values.
    ///
    /// # Errors
    /// As [`loss`](Self::loss); [`Error::NotConverged`] if the loss is no longer finite.
    pub fn train(
        &mut self,
        x: &ArrayRef2<f64>,
        target: &ArrayRef2<f64>,
        optimizer: &mut Optimizer,
        epochs: usize,
    ) -> Result<Vec<f64>> {
        let mut losses = Vec::new();
        for epoch in 0..epochs {
            crate::cell::check_interrupt();
            let gradients = finite(self.gradients(x, target), epoch)?;
            losses.push(gradients.loss);
            finite(optimizer.step(self, &gradients), epoch)?;
        }
        losses.push(finite(self.loss(x, target), epochs)?);
        Ok(losses)
    }

    /// Trains on batches of `batch` rows, shuffled anew in each epoch, and returns the loss on all
    /// rows before the first epoch and after each: `epochs` + 1 values.
    ///
    /// The last batch of an epoch may be smaller.
    ///
    /// # Errors
    /// As [`train`](Self::train); [`Error::OutOfRange`] if `batch` is 0.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::neural::{Activation, InitialWeights, Loss, Mlp, Optimizer};
    /// use dsprep_core::random::RandomState;
    ///
    /// // A single linear layer is linear regression: it finds y = 2 x₁ − x₂.
    /// let mut rng = RandomState::seed(0);
    /// let x = rng.randn((64, 2))?;
    /// let y = x.dot(&dsprep_core::ndarray::array![[2.0], [-1.0]]);
    /// let line = Activation::Identity;
    /// let mut network =
    ///     Mlp::new(&[2, 1], line, line, Loss::MeanSquaredError, InitialWeights::Glorot, &mut rng)?;
    /// let losses = network.train_in_batches(&x, &y, &mut Optimizer::sgd(0.1)?, 30, 16, &mut rng)?;
    /// assert!(losses[30] < 1e-9);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn train_in_batches(
        &mut self,
        x: &ArrayRef2<f64>,
        target: &ArrayRef2<f64>,
        optimizer: &mut Optimizer,
        epochs: usize,
        batch: usize,
        rng: &mut RandomState,
    ) -> Result<Vec<f64>> {
        if batch == 0 {
            return Err(Error::OutOfRange {
                what: "`batch`".to_owned(),
                found: "0".to_owned(),
                expected: "at least 1 row",
            });
        }
        let mut losses = vec![finite(self.loss(x, target), 0)?];
        for epoch in 1..=epochs {
            crate::cell::check_interrupt();
            for rows in rng.order_of(x.nrows()).to_vec().chunks(batch) {
                let part = (x.select(Axis(0), rows), target.select(Axis(0), rows));
                let gradients = finite(self.gradients(&part.0, &part.1), epoch)?;
                finite(optimizer.step(self, &gradients), epoch)?;
            }
            losses.push(finite(self.loss(x, target), epoch)?);
        }
        Ok(losses)
    }
}

/// What was found in `epoch`; a loss that is not finite means that the weights have diverged.
fn finite<T>(found: Result<T>, epoch: usize) -> Result<T> {
    found.map_err(|error| match error {
        Error::Undefined { .. } => Error::NotConverged {
            what: "the network",
            iterations: epoch,
            remedy: "Use a smaller learning rate, and standardise the features.",
        },
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neural::{Activation, InitialWeights, Loss};
    use ndarray::{Array2, array};

    fn xor() -> (Array2<f64>, Array2<f64>) {
        let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
        (x, array![[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
    }

    fn classifier(sizes: &[usize], seed: u32) -> Result<Mlp> {
        let mut rng = RandomState::seed(seed);
        let (hidden, output) = (Activation::Tanh, Activation::Softmax);
        Mlp::new(
            sizes,
            hidden,
            output,
            Loss::CrossEntropy,
            InitialWeights::Glorot,
            &mut rng,
        )
    }

    #[test]
    fn xor_is_learned_by_every_optimizer_and_not_without_a_hidden_layer() -> Result<()> {
        let (x, y) = xor();
        let optimizers = [
            Optimizer::sgd(0.5)?,
            Optimizer::momentum(0.2, 0.9)?,
            Optimizer::adam(0.05)?,
        ];
        for mut optimizer in optimizers {
            let mut network = classifier(&[2, 8, 2], 3)?;
            let losses = network.train(&x, &y, &mut optimizer, 1000)?;
            assert!(losses[1000] < 0.02, "{}", losses[1000]);
            assert_eq!(network.predict(&x)?.mapv(f64::round), y);
        }
        // The best a linear classifier can do is to say 1/2 to everything.
        let mut linear = classifier(&[2, 2], 3)?;
        let losses = linear.train(&x, &y, &mut Optimizer::sgd(0.5)?, 1000)?;
        assert!((losses[1000] - 2_f64.ln()).abs() < 1e-6);
        Ok(())
    }

    #[test]
    fn one_batch_of_all_rows_is_the_same_as_plain_training() -> Result<()> {
        let (x, y) = xor();
        let (mut whole, mut batched) = (classifier(&[2, 3, 2], 1)?, classifier(&[2, 3, 2], 1)?);
        let mut rng = RandomState::seed(1);
        let a = whole.train(&x, &y, &mut Optimizer::sgd(0.1)?, 20)?;
        let b = batched.train_in_batches(&x, &y, &mut Optimizer::sgd(0.1)?, 20, 9, &mut rng)?;
        assert_eq!(a.len(), b.len());
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12));
        Ok(())
    }

    #[test]
    fn a_rate_that_is_too_large_is_reported() -> Result<()> {
        let mut rng = RandomState::seed(1);
        let x = rng.randn((20, 2))?;
        let line = Activation::Identity;
        let mut network = Mlp::new(
            &[2, 1],
            line,
            line,
            Loss::MeanSquaredError,
            InitialWeights::He,
            &mut rng,
        )?;
        let y = rng.randn((20, 1))?;
        let error = network
            .train(&x, &y, &mut Optimizer::sgd(100.0)?, 500)
            .unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("the network did not converge after")
        );
        Ok(())
    }
}
