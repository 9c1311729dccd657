use super::*;
use crate::trees::DecisionTree;
use crate::trees::sample::coarse;
use ndarray::array;

/// `RandomForestClassifier(n_estimators=300, max_depth=5, max_features=2, oob_score=True)`,
/// scikit-learn 1.9.1, with the seeds 0 to 2: `oob_score_` is 0.8775 to 0.88, and of
/// `feature_importances_` this is the mean.
#[test]
fn error_and_importance_are_about_those_of_scikit_learn() -> Result<()> {
    let (x, y) = coarse();
    let y = y.mapv(|y| usize::from(y > 0.0));
    let forest =
        RandomForest::classifier()
            .trees(300)
            .depth(5)
            .fit(&x, &y, &mut RandomState::seed(0))?;
    let error = forest.oob_error().unwrap_or(1.0);
    assert!((error - 0.1217).abs() < 0.02, "{error}");
    let expected = [0.603, 0.197, 0.116, 0.084];
    for (found, expected) in forest.feature_importance().iter().zip(expected) {
        assert!((found - expected).abs() < 0.02, "{found} {expected}");
    }
    Ok(())
}

#[test]
fn the_out_of_bag_error_tells_the_error_on_new_rows_and_one_tree_errs_more() -> Result<()> {
    let mut rng = RandomState::seed(6);
    let mut draw = |rows: usize| -> Result<_> {
        let x = rng.randn((rows, 4))?;
        let y = &x.column(0) * &x.column(1) + x.column(2) + &(0.3 * rng.randn(rows)?);
        Ok((x, y))
    };
    let ((x, y), (new_x, new_y)) = (draw(500)?, draw(2000)?);
    let squared = |errors: Array1<f64>| errors.dot(&errors) / errors.len() as f64;
    let forest = RandomForest::regressor()
        .trees(60)
        .features_per_split(2)
        .fit(&x, &y, &mut RandomState::seed(0))?;
    let error = squared(forest.predict(&new_x)? - &new_y);
    let estimate = forest.oob_error().unwrap_or(0.0);
    assert!((estimate / error - 1.0).abs() < 0.2, "{estimate} {error}");
    let tree = DecisionTree::regressor().min_leaf(5).fit(&x, &y)?;
    assert!(squared(tree.predict(&new_x)? - &new_y) > 1.2 * error);
    Ok(())
}

/// On coin flips no forest is better than chance. Ties among few trees, counted as right, gave 0.40 for 5
/// trees and 0.45 for 20.
#[test]
fn on_pure_noise_the_out_of_bag_error_is_one_half() -> Result<()> {
    for trees in [5, 10, 20] {
        let mut rng = RandomState::seed(11);
        let (x, y) = (rng.randn((1000, 3))?, rng.choice(2, 1000)?);
        let forest =
            RandomForest::classifier()
                .trees(trees)
                .fit(&x, &y, &mut RandomState::seed(2))?;
        let error = forest.oob_error().unwrap_or(0.0);
        assert!((error - 0.5).abs() < 0.045, "{trees} trees: {error}"); // 3 standard errors of 0.0158
    }
    Ok(())
}

#[test]
fn the_seed_decides_and_probabilities_sum_to_1() -> Result<()> {
    let (x, y) = coarse();
    let y = y.mapv(|y| usize::from(y > -2.0) + usize::from(y > 1.0));
    let forest = RandomForest::classifier().trees(10);
    let fit = |seed| forest.fit(&x, &y, &mut RandomState::seed(seed));
    assert_eq!(fit(0)?, fit(0)?);
    assert_ne!(fit(0)?, fit(1)?);
    for row in fit(0)?.predict_proba(&x)?.rows() {
        assert!((row.sum() - 1.0).abs() < 1e-12);
    }
    Ok(())
}

#[test]
fn settings_that_make_no_sense_are_named() {
    let (x, y) = (array![[1.0, 2.0], [3.0, 4.0]], array![0, 1]);
    let message = |forest: RandomForest<Classification>| {
        let fitted = forest.fit(&x, &y, &mut RandomState::seed(0));
        fitted.unwrap_err().to_string()
    };
    let forest = RandomForest::classifier;
    assert!(message(forest().trees(0)).contains("`trees` is 0"));
    assert!(message(forest().min_leaf(0)).contains("`min_leaf` is 0"));
    assert_eq!(
        message(forest().features_per_split(3)),
        "`features_per_split` is 3, but it must be 1 to the number of features."
    );
}
