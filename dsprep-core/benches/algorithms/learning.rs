//! Models: logistic regression and gradient boosting, beside scikit-learn.

use crate::compare::{Outcome, Peer, Step};
use crate::measurement::CoreTime;
use criterion::Criterion;
use dsprep_core::Result;
use dsprep_core::evaluate::log_loss;
use dsprep_core::linear::LogisticRegression;
use dsprep_core::ndarray::{Array1, Array2};
use dsprep_core::random::RandomState;
use dsprep_core::trees::{GradientBoosting, SplitSearch};

const ROWS: usize = 100_000;
const FEATURES: usize = 20;

pub fn compare(criterion: &mut Criterion<CoreTime>, peer: &mut Option<Peer>) -> Outcome<()> {
    let (x, y) = data()?;
    // The default solver, and the one that is made for many rows and few features.
    Step::new("logistic regression, 100,000 x 20")
        .beside("scikit-learn, lbfgs", "logistic regression", 1e-3)
        .beside(
            "scikit-learn, newton-cholesky",
            "logistic regression, Newton",
            1e-6,
        )
        .compare(
            criterion,
            peer,
            || LogisticRegression::fit(&x, &y, 1.0),
            |model| model.coefficients().mapv(f64::abs).sum() + model.intercept().abs(),
        )?;
    // The same limits on both sides, and as many bins as scikit-learn has beside its bin for missing values.
    let boosting = GradientBoosting::classifier()
        .trees(100)
        .depth(5)
        .split_search(SplitSearch::Histogram { bins: 255 });
    let loss = |probabilities: Array1<f64>| log_loss(&y, &probabilities);
    Step::new("gradient boosting, 100,000 x 20, 100 trees of 32 leaves")
        .beside("scikit-learn, histogram", "gradient boosting", 1e-6)
        .compare(
            criterion,
            peer,
            || boosting.fit(&x, &y),
            |model| model.probabilities(&x).and_then(loss).unwrap_or(f64::NAN),
        )
}

/// The first feature counts as it is, the second squared, the third and fourth by their product.
fn data() -> Result<(Array2<f64>, Array1<usize>)> {
    let mut rng = RandomState::seed(28);
    let x = rng.randn((ROWS, FEATURES))?;
    let noise = rng.randn(ROWS)?;
    let y = Array1::from_shape_fn(ROWS, |row| {
        let z = x[[row, 0]] + x[[row, 1]] * x[[row, 1]] + x[[row, 2]] * x[[row, 3]] - 1.0;
        usize::from(z + noise[row] > 0.0)
    });
    Ok((x, y))
}
