//! Scaling and linear models: inverses, shrinkage, optimality.

use crate::inputs::{
    any_labels, any_matrix, any_number, any_numbers, cases, close, matrix, number, sized_matrix,
};
use dsprep_core::prelude::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// Features and a target for each row.
fn regression() -> impl Strategy<Value = (Array2<f64>, Array1<f64>)> {
    (2_usize..15, 1_usize..4).prop_flat_map(|(rows, columns)| {
        let y = vec(number(), rows).prop_map(Array1::from);
        (
            sized_matrix(rows, columns).prop_map(|x| x / 100.0),
            y.prop_map(|y| y / 100.0),
        )
    })
}

/// Features and labels of both classes.
fn classification() -> impl Strategy<Value = (Array2<f64>, Array1<usize>)> {
    (2_usize..15, 1_usize..4).prop_flat_map(|(rows, columns)| {
        let y = vec(0_usize..2, rows).prop_map(|mut y| {
            (y[0], y[1]) = (0, 1);
            Array1::from(y)
        });
        (sized_matrix(rows, columns).prop_map(|x| x / 100.0), y)
    })
}

fn squared_norm(weights: &Array1<f64>) -> f64 {
    weights.dot(weights)
}

fn squared_errors(x: &Array2<f64>, y: &Array1<f64>, weights: &Array1<f64>, intercept: f64) -> f64 {
    squared_norm(&(y - &(x.dot(weights) + intercept)))
}

/// Ridge's objective: the squared errors and the penalty.
fn ridge_cost(
    x: &Array2<f64>,
    y: &Array1<f64>,
    weights: &Array1<f64>,
    intercept: f64,
    alpha: f64,
) -> f64 {
    squared_errors(x, y, weights, intercept) + alpha * squared_norm(weights)
}

/// The lasso's objective as scikit-learn writes it.
fn lasso_cost(
    x: &Array2<f64>,
    y: &Array1<f64>,
    weights: &Array1<f64>,
    intercept: f64,
    alpha: f64,
) -> f64 {
    squared_errors(x, y, weights, intercept) / (2.0 * y.len() as f64)
        + alpha * weights.mapv(f64::abs).sum()
}

fn log_odds_cost(
    x: &Array2<f64>,
    y: &Array1<usize>,
    weights: &Array1<f64>,
    intercept: f64,
    c: f64,
) -> f64 {
    let z = x.dot(weights) + intercept;
    let loss: f64 = z
        .iter()
        .zip(y)
        .map(|(&z, &y)| {
            let signed = if y == 1 { -z } else { z };
            signed.max(0.0) + (-signed.abs()).exp().ln_1p()
        })
        .sum();
    c * loss + 0.5 * squared_norm(weights)
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn what_a_scaler_has_scaled_comes_back(x in matrix(12, 4), new in matrix(5, 4)) {
        let scaler = StandardScaler::fit(&x)?;
        let scaled = scaler.transform(&x)?;
        for column in scaled.columns() {
            prop_assert!(column.mean().is_some_and(|mean| mean.abs() < 1e-9));
            let deviation = column.std(0.0);
            prop_assert!(close(deviation, 1.0) || deviation < 1e-9);
        }
        let back = scaler.inverse_transform(&scaled)?;
        prop_assert!(back.iter().zip(&x).all(|(&a, &b)| (a - b).abs() < 1e-9 * 1e3));
        prop_assert_eq!(scaler.transform(&new).is_ok(), new.ncols() == x.ncols());
    }

    #[test]
    fn ridge_finds_the_minimum_and_shrinks_with_the_penalty(
        (x, y) in regression(), alpha in 0.01..50.0, factor in 1.0..20.0, nudge in vec(-0.1..0.1, 5),
    ) {
        let model = ridge(&x, &y, alpha)?;
        let stronger = ridge(&x, &y, alpha * factor)?;
        prop_assert!(squared_norm(stronger.coefficients()) <= squared_norm(model.coefficients()) * (1.0 + 1e-9) + 1e-15);
        let best = ridge_cost(&x, &y, model.coefficients(), model.intercept(), alpha);
        let other = model.coefficients() + &Array1::from_iter(nudge.iter().copied().take(x.ncols()));
        prop_assert!(best <= ridge_cost(&x, &y, &other, model.intercept() + nudge[4], alpha) + 1e-9 * (1.0 + best));
    }

    #[test]
    fn the_lasso_finds_the_minimum_and_its_largest_alpha_leaves_nothing(
        (x, y) in regression(), share in 0.05..1.0, nudge in vec(-0.1..0.1, 5),
    ) {
        let largest = largest_alpha(&x, &y)?;
        prop_assert!(lasso(&x, &y, largest * 1.001)?.coefficients().iter().all(|&weight| weight == 0.0));
        let alpha = share * largest + 1e-3;
        let model = lasso(&x, &y, alpha)?;
        let best = lasso_cost(&x, &y, model.coefficients(), model.intercept(), alpha);
        let other = model.coefficients() + &Array1::from_iter(nudge.iter().copied().take(x.ncols()));
        prop_assert!(best <= lasso_cost(&x, &y, &other, model.intercept() + nudge[4], alpha) + 1e-6 * (1.0 + best));
    }

    #[test]
    fn logistic_regression_finds_the_minimum(
        (x, y) in classification(), c in 0.01..10.0, nudge in vec(-0.1..0.1, 5),
    ) {
        let model = LogisticRegression::fit(&x, &y, c)?;
        let best = log_odds_cost(&x, &y, model.coefficients(), model.intercept(), c);
        let other = model.coefficients() + &Array1::from_iter(nudge.iter().copied().take(x.ncols()));
        prop_assert!(best <= log_odds_cost(&x, &y, &other, model.intercept() + nudge[4], c) + 1e-7 * (1.0 + best));
        // At the minimum the mean probability is the share of positives, since the intercept is free.
        let p = model.probabilities(&x)?;
        prop_assert!((p.sum() - y.sum() as f64).abs() < 1e-4 * y.len() as f64);
        prop_assert!(p.iter().all(|p| (0.0..=1.0).contains(p)));
    }

    #[test]
    fn least_squares_leaves_errors_that_sum_to_0((x, y) in regression()) {
        if let Ok(model) = LinearRegression::fit(&x, &y) {
            let errors = &y - &model.predict(&x)?;
            let scale = 1.0 + y.iter().fold(0.0_f64, |most, y| most.max(y.abs()));
            prop_assert!(errors.sum().abs() < 1e-6 * scale * y.len() as f64);
            let mean = y.mean().unwrap_or_default();
            let around: f64 = y.iter().map(|y| (y - mean).powi(2)).sum();
            prop_assert!(errors.dot(&errors) <= around + 1e-6 * scale * scale);
        }
    }

    #[test]
    fn a_higher_degree_never_fits_the_training_points_worse(points in vec((-3.0..3.0, -5.0..5.0), 6..15)) {
        let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
        let (x, y) = (Array1::from(x), Array1::from(y));
        let curve = degree_curve((&x, &y), (&x, &y), 4)?;
        prop_assert!(curve.train_error.windows(2).into_iter().all(|pair| pair[1] <= pair[0] + 1e-7));
    }

    #[test]
    fn bad_numbers_and_shapes_are_errors_and_no_weight_is_nan(
        x in any_matrix(), y in any_numbers(), labels in any_labels(), alpha in any_number(),
    ) {
        let bad = x.is_empty() || x.iter().any(|value| !value.is_finite());
        prop_assert!(!(bad && StandardScaler::fit(&x).is_ok()));
        let bad_y = bad || x.nrows() != y.len() || y.iter().any(|value| !value.is_finite());
        for model in [LinearRegression::fit(&x, &y), ridge(&x, &y, 1.0), ridge(&x, &y, alpha), lasso(&x, &y, 1.0)] {
            prop_assert!(!(bad_y && model.is_ok()));
            if let Ok(model) = model {
                prop_assert!(model.intercept().is_finite() && model.coefficients().iter().all(|w| w.is_finite()), "{model:?}");
            }
        }
        let bad_labels = bad || x.nrows() != labels.len() || labels.iter().any(|&label| label > 1);
        for model in [LogisticRegression::fit(&x, &labels, 1.0), LogisticRegression::fit(&x, &labels, alpha)] {
            prop_assert!(!(bad_labels && model.is_ok()));
            if let Ok(model) = model {
                prop_assert!(model.intercept().is_finite() && model.coefficients().iter().all(|w| w.is_finite()), "{model:?}");
            }
        }
        let _ = Polynomial::fit(&y, &y, 2);
    }
}
