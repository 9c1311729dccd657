use super::*;
use crate::trees::sample::coarse;
use ndarray::{array, s};

fn assert_close(found: &[f64], expected: &[f64]) {
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    }
}

/// `DecisionTreeClassifier(criterion=..., max_depth=3, min_samples_leaf=5)`, scikit-learn 1.9.1.
#[test]
fn a_classification_equals_scikit_learns() -> Result<()> {
    let (x, y) = coarse();
    let y = y.mapv(|y| usize::from(y > 0.0));
    let tree = DecisionTree::classifier().depth(3).min_leaf(5);
    let gini = tree.fit(&x, &y)?;
    let proba = gini.predict_proba(&x)?;
    assert_close(
        &proba.column(1).slice(s![..3]).to_vec(),
        &[0.7916666666666666, 0.0, 0.7916666666666666],
    );
    assert_close(
        &gini.feature_importance().to_vec(),
        &[
            0.7243241856164476,
            0.16271315815735907,
            0.07641342604925853,
            0.03654923017693473,
        ],
    );
    let entropy = tree.criterion(Criterion::Entropy).fit(&x, &y)?;
    assert_close(
        &entropy.feature_importance().to_vec(),
        &[
            0.7397023201802114,
            0.1433324937607493,
            0.07519645268983388,
            0.04176873336920536,
        ],
    );
    Ok(())
}

/// `DecisionTreeClassifier(max_depth=4, min_samples_leaf=5)` on `np.digitize(y, [-2, 1])`.
#[test]
fn three_classes_equal_scikit_learns() -> Result<()> {
    let (x, y) = coarse();
    let y = y.mapv(|y| usize::from(y >= -2.0) + usize::from(y >= 1.0));
    let tree = DecisionTree::classifier()
        .depth(4)
        .min_leaf(5)
        .fit(&x, &y)?;
    let proba = tree.predict_proba(&x)?;
    assert_close(
        &proba.row(3).to_vec(),
        &[0.183206106870229, 0.6030534351145038, 0.21374045801526717],
    );
    let right = tree
        .predict(&x)?
        .iter()
        .zip(&y)
        .filter(|(a, b)| a == b)
        .count();
    assert_eq!(right, 287);
    Ok(())
}

/// `DecisionTreeRegressor(max_depth=4, min_samples_leaf=5)`, scikit-learn 1.9.1.
#[test]
fn a_regression_equals_scikit_learns() -> Result<()> {
    let (x, y) = coarse();
    let tree = DecisionTree::regressor().depth(4).min_leaf(5).fit(&x, &y)?;
    assert_close(
        &tree.predict(&x)?.to_vec(),
        &[2.462740022997655, -3.176417585314521, 0.5216498164371346],
    );
    assert_close(
        &tree.feature_importance().to_vec(),
        &[
            0.7536315153836807,
            0.21715209647999645,
            0.021833289479608463,
            0.007383098656714196,
        ],
    );
    Ok(())
}

#[test]
fn the_first_split_is_the_best_of_all() -> Result<()> {
    let mut rng = RandomState::seed(4);
    for _ in 0..20 {
        let (x, y) = (rng.randn((30, 3))?, rng.randn(30)?);
        let squares = |rows: &[usize]| {
            let mean = rows.iter().map(|&i| y[i]).sum::<f64>() / rows.len() as f64;
            rows.iter().map(|&i| (y[i] - mean).powi(2)).sum::<f64>()
        };
        let mut least = f64::INFINITY;
        for (&threshold, feature) in x.iter().zip([0, 1, 2].into_iter().cycle()) {
            let (left, right): (Vec<usize>, Vec<usize>) =
                (0..30).partition(|&i| x[[i, feature]] <= threshold);
            if left.len() >= 4 && right.len() >= 4 {
                least = least.min(squares(&left) + squares(&right));
            }
        }
        let stump = DecisionTree::regressor().depth(1).min_leaf(4).fit(&x, &y)?;
        let errors = stump.predict(&x)? - &y;
        assert!((errors.dot(&errors) - least).abs() < 1e-9);
    }
    Ok(())
}

#[test]
fn a_full_tree_knows_its_training_rows_by_heart_and_exclusive_or_too() -> Result<()> {
    let mut rng = RandomState::seed(5);
    let x = rng.randn((200, 2))?;
    let y = rng.choice(3, 200)?;
    let tree = DecisionTree::classifier().fit(&x, &y)?;
    assert_eq!(tree.predict(&x)?, y);
    assert!(tree.depth() > 5 && tree.leaves() > 50);

    let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    let y = array![0, 1, 1, 0];
    assert_eq!(DecisionTree::classifier().fit(&x, &y)?.predict(&x)?, y);
    Ok(())
}

#[test]
fn a_monotone_change_of_a_feature_changes_no_prediction() -> Result<()> {
    let (x, y) = coarse();
    let tree = DecisionTree::regressor().depth(5);
    let before = tree.fit(&x, &y)?.predict(&x)?;
    let cubed = x.mapv(|z| z.powi(3));
    assert_eq!(tree.fit(&cubed, &y)?.predict(&cubed)?, before);
    Ok(())
}

#[test]
fn targets_far_from_0_are_split_as_well() -> Result<()> {
    let x = Array2::from_shape_fn((40, 1), |(i, _)| i as f64);
    let y = Array1::from_shape_fn(40, |i| 1e9 + f64::from(u8::from(i >= 13)) * 1e-3);
    let stump = DecisionTree::regressor().depth(1).fit(&x, &y)?;
    assert_eq!(
        stump.rules(&["x"])?.lines().next(),
        Some("x <= 12.5: 1000000000.0000 (13 rows)")
    );
    Ok(())
}

/// scikit-learn's `DecisionTreeClassifier()` has this depth, too. By recursion, it would need as many
/// frames on the stack.
#[test]
fn a_tree_may_be_as_deep_as_there_are_rows() -> Result<()> {
    let rows = 5000;
    let x = Array2::from_shape_fn((rows, 1), |(i, _)| i as f64);
    let y = Array1::from_shape_fn(rows, |i| i % 2);
    let small_stack = std::thread::Builder::new().stack_size(256 * 1024);
    let grown = small_stack.spawn(move || DecisionTree::classifier().fit(&x, &y));
    let tree = grown.map_err(|error| error.to_string());
    let tree = tree.unwrap().join().unwrap()?;
    assert_eq!((tree.depth(), tree.leaves()), (rows - 1, rows));
    Ok(())
}

#[test]
fn nodes_far_from_the_mean_of_all_are_split_by_their_own_spread() -> Result<()> {
    // Half of the targets lie near 1e8 and half near -1e8, each with a step of 1 in the other feature.
    let x = Array2::from_shape_fn((80, 2), |(i, j)| {
        if j == 0 {
            (i / 40) as f64
        } else {
            (i % 40) as f64
        }
    });
    let step = |i: usize| f64::from(u8::from(i % 40 >= 13)) + if i < 40 { -1e8 } else { 1e8 };
    let y = Array1::from_shape_fn(80, step);
    let tree = DecisionTree::regressor().depth(2).fit(&x, &y)?;
    assert_eq!(tree.predict(&x)?, y);
    Ok(())
}

#[test]
fn labels_with_wide_gaps_are_refused_before_anything_is_allocated() {
    let x = Array2::from_shape_fn((50_000, 1), |(i, _)| i as f64);
    let y = Array1::from_shape_fn(50_000, |i| if i % 2 == 0 { 0 } else { 49_999 });
    let error = DecisionTree::classifier().depth(1).fit(&x, &y).unwrap_err();
    assert!(error.to_string().starts_with("`y[1]` is 49999"), "{error}");
}

#[test]
fn rules_are_indented_and_a_tree_without_splits_is_one_line() -> Result<()> {
    let x = array![[1.0, 5.0], [2.0, 5.0], [2.0, 7.0]];
    let tree = DecisionTree::regressor().fit(&x, &array![0.0, 1.0, 3.0])?;
    assert_eq!(
        tree.rules(&["a", "b"])?,
        "b <= 6\n  a <= 1.5: 0.0000 (1 row)\n  a > 1.5: 1.0000 (1 row)\nb > 6: 3.0000 (1 row)\n"
    );
    let same = DecisionTree::classifier().fit(&x, &array![1, 1, 1])?;
    assert_eq!(same.rules(&["a", "b"])?, "class 1 (3 rows, 100 %)\n");
    assert_eq!((same.depth(), same.leaves()), (0, 1));
    assert_eq!(
        same.rules(&["a"]).unwrap_err().to_string(),
        "`names` has 1 name, but it must have 2 names, one for each feature."
    );
    Ok(())
}

#[test]
fn bad_input_is_named() {
    let x = array![[1.0], [2.0]];
    let message = |x: &Array2<f64>, y: Array1<usize>| {
        let fitted = DecisionTree::classifier().fit(x, &y);
        fitted.unwrap_err().to_string()
    };
    assert_eq!(
        message(&x, array![0, 7]),
        "`y[1]` is 7, but it must be less than the number of rows; number the classes 0, 1, 2 and so on."
    );
    assert!(message(&x, array![0]).contains("`y` has 1 value"));
    assert!(message(&array![[1.0], [f64::NAN]], array![0, 1]).contains("row 1, column 0, is NaN"));
    assert!(message(&Array2::zeros((0, 0)), array![]).contains("`x` is empty"));
    let fitted = DecisionTree::regressor()
        .min_leaf(0)
        .fit(&x, &array![0.0, 1.0]);
    assert!(fitted.unwrap_err().to_string().contains("`min_leaf` is 0"));
    let fitted = DecisionTree::regressor().fit(&x, &array![0.0, f64::INFINITY]);
    assert!(fitted.unwrap_err().to_string().contains("`y[1]` is inf"));
}
