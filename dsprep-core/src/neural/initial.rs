//! First weights of a network (question 19).
//!
//! If all weights were equal, all units of a layer would stay equal. The spread keeps the variance of
//! the signal about the same from layer to layer: Glorot and Bengio, 2010, for tanh and sigmoid; He et
//! al., 2015, for relu.

use crate::Result;
use crate::random::RandomState;
use ndarray::Array2;

/// How the first weights are drawn; biases are 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum InitialWeights {
    /// Normal with this standard deviation; the original notebook takes 0.1.
    Normal(f64),
    /// Normal with variance 2 / (inputs + units).
    Glorot,
    /// Normal with variance 2 / inputs.
    He,
}

impl InitialWeights {
    /// Weights of a layer, inputs × units, drawn row by row.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if memory can't hold so many.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{neural::InitialWeights, random::RandomState};
    /// let weights = InitialWeights::Normal(0.1).draw(2, 4, &mut RandomState::seed(0))?;
    /// assert_eq!(weights, RandomState::seed(0).randn((2, 4))? * 0.1);   // np.random.randn(2, 4) * 0.1
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn draw(self, inputs: usize, units: usize, rng: &mut RandomState) -> Result<Array2<f64>> {
        let deviation = match self {
            InitialWeights::Normal(deviation) => deviation,
            InitialWeights::Glorot => (2.0 / (inputs as f64 + units as f64)).sqrt(),
            InitialWeights::He => (2.0 / inputs as f64).sqrt(),
        };
        Ok(rng.randn((inputs, units))? * deviation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relu_layers_of_he_keep_the_size_of_the_signal() {
        let mut rng = RandomState::seed(6);
        let mut a = rng.randn((50, 200)).unwrap();
        for _ in 0..10 {
            a = a
                .dot(&InitialWeights::He.draw(200, 200, &mut rng).unwrap())
                .mapv(|z| z.max(0.0));
        }
        let mean_square = a.mapv(|a| a * a).mean().unwrap_or_default();
        assert!((0.3..3.0).contains(&mean_square), "{mean_square}");
    }
}
