//! The draws of the original's question 28, for the tests.

use crate::random::RandomState;
use ndarray::{Array1, Array2};

/// What the original cell draws, in its order, from seed 42.
pub(crate) struct Original {
    pub(crate) x_train: Array2<f64>,
    pub(crate) y_train: Array1<usize>,
    pub(crate) x_test: Array2<f64>,
    pub(crate) y_test: Array1<usize>,
    /// The generator as the two periods find it.
    pub(crate) rng: RandomState,
}

pub(crate) fn original() -> Original {
    let mut rng = RandomState::seed(42);
    let x_train = rng.randn((800, 5)).unwrap();
    let y_train =
        (&x_train.column(0) + &(rng.randn(800).unwrap() * 0.5)).mapv(|z| usize::from(z > 0.0));
    let x_test = rng.randn((200, 5)).unwrap() + 0.3;
    let y_test =
        (&x_test.column(0) + &(rng.randn(200).unwrap() * 0.5)).mapv(|z| usize::from(z > 0.3));
    Original {
        x_train,
        y_train,
        x_test,
        y_test,
        rng,
    }
}
