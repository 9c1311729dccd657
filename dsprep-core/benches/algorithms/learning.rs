//! Models: logistic regression and gradient boosting, beside scikit-learn.

use crate::Outcome;
use crate::table::{Step, fastest};
use dsprep_core::evaluate::log_loss;
use dsprep_core::linear::LogisticRegression;
use dsprep_core::ndarray::{Array1, Array2};
use dsprep_core::random::RandomState;
use dsprep_core::trees::{GradientBoosting, SplitSearch};

const ROWS: usize = 100_000;
const FEATURES: usize = 20;

pub fn steps() -> Outcome<Vec<Step>> {
    let (x, y) = data();
    let mut steps = logistic(&x, &y)?;
    steps.push(boosting(&x, &y)?);
    Ok(steps)
}

/// The first feature counts as it is, the second squared, the third and fourth by their product.
fn data() -> (Array2<f64>, Array1<usize>) {
    let mut rng = RandomState::seed(28);
    let x = rng.randn((ROWS, FEATURES));
    let noise = rng.randn(ROWS);
    let y = Array1::from_shape_fn(ROWS, |row| {
        let z = x[[row, 0]] + x[[row, 1]] * x[[row, 1]] + x[[row, 2]] * x[[row, 3]] - 1.0;
        usize::from(z + noise[row] > 0.0)
    });
    (x, y)
}

/// Beside the default solver and the one that is made for many rows and few features.
fn logistic(x: &Array2<f64>, y: &Array1<usize>) -> Outcome<Vec<Step>> {
    let (model, time) = fastest(3, || LogisticRegression::fit(x, y, 1.0))?;
    let step = |what, peer, tolerance| Step {
        what,
        size: "100,000 x 20",
        peer,
        time,
        check: model.coefficients().mapv(f64::abs).sum() + model.intercept().abs(),
        tolerance,
    };
    Ok(vec![
        step("logistic regression", "scikit-learn, lbfgs", 1e-3),
        step(
            "logistic regression, Newton",
            "scikit-learn, newton-cholesky",
            1e-6,
        ),
    ])
}

/// The same limits on both sides, and as many bins as scikit-learn has beside its bin for missing values.
fn boosting(x: &Array2<f64>, y: &Array1<usize>) -> Outcome<Step> {
    let search = SplitSearch::Histogram { bins: 255 };
    let settings = GradientBoosting::classifier()
        .trees(100)
        .depth(5)
        .split_search(search);
    let (model, time) = fastest(2, || settings.fit(x, y))?;
    Ok(Step {
        what: "gradient boosting, 32 leaves",
        size: "100,000 x 20, 100 trees",
        peer: "scikit-learn, histogram",
        time,
        check: log_loss(y, &model.probabilities(x)?)?,
        tolerance: 1e-6,
    })
}
