use super::*;
use crate::evaluate::roc_auc;
use crate::linear::StandardScaler;
use crate::linear::original::original;
use crate::random::RandomState;
use ndarray::{Axis, array, concatenate};

fn largest(values: &Array1<f64>) -> f64 {
    values.fold(0.0, |largest, value| value.abs().max(largest))
}

fn assert_weights(model: &LogisticRegression, weights: [f64; 5], intercept: f64) {
    for (found, expected) in model.coefficients().iter().zip(weights) {
        assert!((found - expected).abs() < 1e-8, "{found} {expected}");
    }
    assert!((model.intercept() - intercept).abs() < 1e-8);
}

#[test]
fn the_original_aucs_are_reproduced_and_the_scaler_leaks_nothing() -> Result<()> {
    let data = original();
    // LogisticRegression(solver="newton-cholesky", tol=1e-12), scikit-learn 1.9.1, after
    // StandardScaler fitted on X_train and on X_all.
    let fair = StandardScaler::fit(&data.x_train)?;
    let model = LogisticRegression::fit(&fair.transform(&data.x_train)?, &data.y_train, 1.0)?;
    assert_weights(
        &model,
        [
            3.8599581764883606,
            -0.05872385135216666,
            -0.2529694540589644,
            0.03145437323584419,
            0.011511584795078555,
        ],
        0.0018725528691179742,
    );
    let proba = model.probabilities(&fair.transform(&data.x_test)?)?;
    assert!((proba[0] - 0.9651296778215374).abs() < 1e-9);
    let auc = roc_auc(&data.y_test, &proba)?;
    assert!((auc - 0.92166549047283).abs() < 1e-14);

    let all = concatenate![Axis(0), data.x_train, data.x_test];
    let leaky = StandardScaler::fit(&all)?;
    let model = LogisticRegression::fit(&leaky.transform(&data.x_train)?, &data.y_train, 1.0)?;
    assert_weights(
        &model,
        [
            3.932949036023014,
            -0.05882520648764734,
            -0.25204205095199694,
            0.031203866218191684,
            0.011592229736200155,
        ],
        0.18200558006197554,
    );
    let proba = model.probabilities(&leaky.transform(&data.x_test)?)?;
    assert_eq!(roc_auc(&data.y_test, &proba)?, auc);
    Ok(())
}

#[test]
fn other_penalties_equal_scikit_learn_too() -> Result<()> {
    let data = original();
    let x = StandardScaler::fit(&data.x_train)?.transform(&data.x_train)?;
    assert_weights(
        &LogisticRegression::fit(&x, &data.y_train, 0.01)?,
        [
            1.1356145812824345,
            -0.023677663696909938,
            -0.054071209517433085,
            0.017782670828976093,
            0.00945212258720673,
        ],
        0.020735654852360747,
    );
    assert_weights(
        &LogisticRegression::fit(&x, &data.y_train, 100.0)?,
        [
            4.193480662369647,
            -0.06324850453620381,
            -0.277399422096558,
            0.028504715344458822,
            0.009812772478627904,
        ],
        -0.004006069642828411,
    );
    Ok(())
}

#[test]
fn gradient_descent_comes_to_the_same_weights() -> Result<()> {
    let mut rng = RandomState::seed(10);
    let x = rng.randn((60, 3))?;
    let y = (&x.column(0) + &rng.randn(60)?).mapv(|z| usize::from(z > 0.2));
    let model = LogisticRegression::fit(&x, &y, 0.5)?;

    let problem = Problem::new(&x, &y, 0.5);
    let mut parameters = Array1::zeros(4);
    for _ in 0..5000 {
        parameters -= &(problem.objective(&parameters, 1, false).gradient / 60.0);
    }
    let found = concatenate![Axis(0), *model.coefficients(), array![model.intercept()]];
    assert!(largest(&(found - parameters)) < 1e-9);
    assert!(model.iterations() < 10);
    Ok(())
}

#[test]
fn many_rows_begin_on_a_sample_and_end_at_the_same_weights() -> Result<()> {
    let mut rng = RandomState::seed(14);
    let x = rng.randn((20_000, 3))?;
    let z = &x.column(0) - &(2.0 * &x.column(1)) + rng.randn(20_000)?;
    // Sorted by the label, so that a sample of the first rows would not do.
    let mut order: Vec<usize> = (0..20_000).collect();
    order.sort_by(|&a, &b| z[a].total_cmp(&z[b]));
    let x = x.select(Axis(0), &order);
    let y = Array1::from_shape_fn(20_000, |i| usize::from(z[order[i]] > 0.3));
    let model = LogisticRegression::fit(&x, &y, 0.1)?;

    let problem = Problem::new(&x, &y, 0.1);
    let all = Search {
        every: 1,
        most_iterations: MOST_ITERATIONS,
        small_rest: SMALL_REST,
    };
    let (from_zero, iterations) = problem.minimise(Array1::zeros(4), all)?;
    assert!(model.iterations() <= iterations, "{iterations}");
    let found = concatenate![Axis(0), *model.coefficients(), array![model.intercept()]];
    assert!(largest(&(found - from_zero)) < 1e-9);
    Ok(())
}

#[test]
fn separable_classes_and_large_values_do_not_break_it() -> Result<()> {
    let x = array![[-3.0], [-1.0], [1.0], [2.0]];
    let y = array![0, 0, 1, 1];
    assert!(LogisticRegression::fit(&x, &y, 1e6)?.coefficients()[0] > 5.0);
    let model = LogisticRegression::fit(&(&x * 1e5), &y, 1.0)?;
    assert_eq!(model.predict(&(&x * 1e5))?, y);
    // In another unit the same penalty is another c.
    let x = RandomState::seed(15).randn((50, 2))?;
    let y = Array1::from_shape_fn(50, |i| usize::from(x[[i, 0]] + 0.5 * x[[i / 2, 1]] > 0.0));
    let model = LogisticRegression::fit(&x, &y, 1.0)?;
    let in_small_units = LogisticRegression::fit(&(&x * 1e5), &y, 1e-10)?;
    let difference = in_small_units.coefficients() * 1e5 - model.coefficients();
    assert!(largest(&difference) < 1e-9);
    Ok(())
}

#[test]
fn what_cannot_be_fitted_says_why() {
    let x = array![[1.0], [2.0]];
    let message = |result: Result<LogisticRegression>| result.unwrap_err().to_string();
    assert_eq!(
        message(LogisticRegression::fit(&x, &array![1, 1], 1.0)),
        "a logistic regression is not defined: `y` holds only the class 1. Add rows of the other class."
    );
    assert_eq!(
        message(LogisticRegression::fit(&x, &array![1], 1.0)),
        "`y` has 1 label, but it must have 2 labels, one for each row of `x`."
    );
    assert!(message(LogisticRegression::fit(&x, &array![0, 1], 0.0)).contains("`c` is 0"));
    let run_away = message(LogisticRegression::fit(&x, &array![0, 1], 1e300));
    assert!(run_away.starts_with("the logistic regression did not converge after"));
    assert!(run_away.ends_with("Use a smaller `c`, and standardise the features."));
    let missing = array![[1.0], [f64::NAN]];
    assert!(message(LogisticRegression::fit(&missing, &array![0, 1], 1.0)).contains("row 1"));
}

/// The terms are infinite, of both signs.
#[test]
fn log_odds_beyond_the_largest_number_are_an_error() -> Result<()> {
    let x = array![[1.0, -1.0], [2.0, -2.5], [-1.0, 1.0], [-2.0, 2.2]];
    let model = LogisticRegression::fit(&x, &array![1, 1, 0, 0], 100.0)?;
    let far = array![[1.7e308, 1.7e308]];
    for error in [
        model.probabilities(&far).unwrap_err(),
        model.predict(&far).unwrap_err(),
    ] {
        assert!(error.to_string().contains("log odds"), "{error}");
    }
    Ok(())
}
