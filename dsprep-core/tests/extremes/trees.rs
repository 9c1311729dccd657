//! Trees on numbers far from 1, on many classes and of great depth.

use crate::told;
use dsprep_core::prelude::*;

fn places(rows: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, 1), |(row, _)| row as f64)
}

/// The first half `high`, the second its opposite.
fn step(rows: usize, high: f64) -> Array1<f64> {
    Array1::from_shape_fn(rows, |row| if row < rows / 2 { high } else { -high })
}

#[test]
fn targets_whose_squares_are_no_numbers_are_named() {
    let x = places(10_000);
    for size in [3e151, 3e-170] {
        let y = step(10_000, size);
        let tree = told(DecisionTree::regressor().fit(&x, &y));
        assert!(tree.contains("squared error of `y`"), "{size}: {tree}");
        let boosted = told(GradientBoosting::regressor().fit(&x, &y));
        assert!(
            boosted.contains("squared error of `y`"),
            "{size}: {boosted}"
        );
    }
    assert_eq!(
        told(DecisionTree::regressor().fit(&x, &(step(10_000, 0.0) + 1e-170))),
        "no error"
    );
}

#[test]
fn a_large_offset_of_the_targets_loses_no_step() -> DsResult<()> {
    let (x, y) = (places(1_000), step(1_000, 3.0));
    let fit = |y: &Array1<f64>| {
        GradientBoosting::regressor()
            .depth(1)
            .fit(&x, y)?
            .predict(&x)
    };
    for offset in [1e12, 1e15] {
        let found = fit(&(&y + offset))?.mapv(|y| y - offset);
        let expected = fit(&y)?;
        assert!(
            (&found - &expected).iter().all(|d| d.abs() <= 0.125),
            "{offset}: {found}"
        );
    }
    Ok(())
}

#[test]
fn early_stopping_sees_the_steps_beside_a_large_offset() -> DsResult<()> {
    let (x, y) = (places(1_000), step(1_000, 3.0));
    let trees = |y: &Array1<f64>| -> DsResult<usize> {
        let model = GradientBoosting::regressor().depth(1);
        Ok(model.fit_with_validation(&x, y, (&x, y), 5)?.trees())
    };
    assert_eq!(trees(&y)?, 100);
    assert_eq!(trees(&(&y + 1e12))?, 100);
    Ok(())
}

#[test]
fn derivatives_without_a_square_are_named() {
    let x = places(100);
    let boosting = GradientBoosting::regressor().trees(3);
    for size in [1e200, 1e308] {
        let first = step(100, size);
        let fitted = boosting.fit_gradients(&x, |_| (first.clone(), Array1::ones(100)));
        assert!(
            told(fitted).contains("square of the derivatives' sum"),
            "{size}"
        );
    }
}

#[test]
fn classes_that_no_memory_holds_are_named_and_many_are_split() -> DsResult<()> {
    let own = |rows: usize| Array1::from_iter(0..rows);
    let error = told(DecisionTree::classifier().fit(&places(100_000), &own(100_000)));
    assert!(error.contains("the number of classes is 100000"), "{error}");
    let tree = DecisionTree::classifier().fit(&places(2_000), &own(2_000))?;
    assert_eq!((tree.depth(), tree.leaves()), (1_999, 2_000));
    let rng = &mut RandomState::seed(1);
    let forest = RandomForest::classifier().trees(usize::MAX);
    let error = told(forest.fit(&places(4), &array![0, 1, 0, 1], rng));
    assert!(
        error.starts_with("`trees` is 18446744073709551615"),
        "{error}"
    );
    let boosting = GradientBoosting::regressor().trees(usize::MAX);
    let error = told(boosting.fit(&places(4), &step(4, 1.0)));
    assert!(
        error.starts_with("`trees` is 18446744073709551615"),
        "{error}"
    );
    Ok(())
}

#[test]
fn a_tree_too_deep_to_be_written_is_named() -> DsResult<()> {
    let y = Array1::from_shape_fn(3_000, |row| row % 2);
    let tree = DecisionTree::classifier().fit(&places(3_000), &y)?;
    let error = told(tree.rules(&["x"]));
    assert!(error.contains("the depth of the tree"), "{error}");
    Ok(())
}

#[test]
fn the_least_rows_of_a_leaf_do_not_wrap_around() -> DsResult<()> {
    let boosting = GradientBoosting::regressor().min_leaf(1 << 63);
    let model = boosting.fit(&places(100), &step(100, 1.0))?;
    assert_eq!(model.predict_row(&[0.0])?, 0.0);
    Ok(())
}
