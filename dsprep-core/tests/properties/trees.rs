//! Trees: bounds by the training targets, more depth fits better, stored models are the same.

use crate::inputs::{any_labels, any_matrix, any_numbers, cases, close, number, sized_matrix};
use dsprep_core::prelude::*;
use proptest::collection::vec;
use proptest::prelude::*;

fn regression() -> impl Strategy<Value = (Array2<f64>, Array1<f64>, Array2<f64>)> {
    (1_usize..25, 1_usize..4).prop_flat_map(|(rows, columns)| {
        let y = vec(number(), rows).prop_map(Array1::from);
        (sized_matrix(rows, columns), y, sized_matrix(5, columns))
    })
}

fn classification() -> impl Strategy<Value = (Array2<f64>, Array1<usize>, Array2<f64>)> {
    (2_usize..25, 1_usize..4).prop_flat_map(|(rows, columns)| {
        let y = vec(0_usize..2, rows).prop_map(|mut y| {
            (y[0], y[1]) = (0, 1);
            Array1::from(y)
        });
        (sized_matrix(rows, columns), y, sized_matrix(5, columns))
    })
}

fn range(values: &Array1<f64>) -> (f64, f64) {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    (
        least,
        values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    )
}

fn within(values: &Array1<f64>, (least, most): (f64, f64)) -> bool {
    let slack = 1e-9 * (1.0 + least.abs().max(most.abs()));
    values
        .iter()
        .all(|&value| value >= least - slack && value <= most + slack)
}

fn squared_error(a: &Array1<f64>, b: &Array1<f64>) -> f64 {
    (a - b).mapv(|error| error * error).sum()
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn predictions_stay_within_the_training_targets((x, y, new) in regression(), depth in 1_usize..6) {
        let tree = DecisionTree::regressor().depth(depth).fit(&x, &y)?;
        prop_assert!(within(&tree.predict(&new)?, range(&y)));
        prop_assert!(tree.depth() <= depth && tree.leaves() <= y.len());
        let forest = RandomForest::regressor().trees(5).depth(depth).fit(&x, &y, &mut RandomState::seed(0))?;
        prop_assert!(within(&forest.predict(&new)?, range(&y)));
    }

    #[test]
    fn a_deeper_tree_never_errs_more_on_its_training_rows((x, y, _) in regression(), depth in 1_usize..6) {
        let error = |depth: usize| -> dsprep_core::Result<f64> {
            let tree = DecisionTree::regressor().depth(depth).fit(&x, &y)?;
            Ok(squared_error(&tree.predict(&x)?, &y))
        };
        let scale = 1.0 + y.dot(&y);
        prop_assert!(error(depth + 1)? <= error(depth)? + 1e-9 * scale);
    }

    #[test]
    fn probabilities_sum_to_1_and_a_full_tree_knows_distinct_rows(
        (x, y, new) in classification(), entropy: bool,
    ) {
        let criterion = if entropy { Criterion::Entropy } else { Criterion::Gini };
        let tree = DecisionTree::classifier().criterion(criterion).fit(&x, &y)?;
        for p in [tree.predict_proba(&new)?, RandomForest::classifier().trees(4).fit(&x, &y, &mut RandomState::seed(0))?.predict_proba(&new)?] {
            prop_assert!(p.sum_axis(Axis(1)).iter().all(|&sum| close(sum, 1.0)));
            prop_assert!(p.iter().all(|p| (0.0..=1.0).contains(p)));
        }
        let predicted = tree.predict(&x)?;
        for (row, (&predicted, &label)) in predicted.iter().zip(&y).enumerate() {
            let twin = (0..y.len()).any(|other| y[other] != label && x.row(other) == x.row(row));
            prop_assert!(predicted == label || twin, "row {}", row);
        }
        let importance = tree.feature_importance();
        prop_assert!(importance.iter().all(|&share| share >= 0.0));
        prop_assert!(importance.sum() == 0.0 || close(importance.sum(), 1.0));
    }

    #[test]
    fn the_same_rows_in_another_order_grow_the_same_predictions((x, y, _) in regression(), seed: u32) {
        let order = RandomState::seed(seed).permutation(y.len())?.to_vec();
        let tree = DecisionTree::regressor().depth(1).fit(&x, &y)?;
        let shuffled = DecisionTree::regressor().depth(1).fit(&x.select(Axis(0), &order), &y.select(Axis(0), &order))?;
        let (one, other) = (squared_error(&tree.predict(&x)?, &y), squared_error(&shuffled.predict(&x)?, &y));
        prop_assert!((one - other).abs() <= 1e-6 * (1.0 + one));
    }
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn each_round_of_boosting_lowers_the_training_error(
        (x, y, _) in regression(), depth in 1_usize..4, exact: bool,
    ) {
        let search = if exact { SplitSearch::Exact } else { SplitSearch::Histogram { bins: 16 } };
        let model = GradientBoosting::regressor().trees(8).depth(depth).min_leaf(1).split_search(search).fit(&x, &y)?;
        let errors = model.staged_mean_squared_error(&x, &y)?;
        let scale = 1.0 + y.dot(&y);
        prop_assert!(errors.windows(2).into_iter().all(|pair| pair[1] <= pair[0] + 1e-9 * scale), "{}", errors);
    }

    #[test]
    fn a_stored_model_predicts_the_same_and_its_contributions_sum_up((x, y, new) in classification()) {
        use dsprep_core::saved::Saved;
        use dsprep_core::trees::{BoostedClassifier, BoostedTrees};
        let model = GradientBoosting::classifier().trees(6).min_leaf(1).fit(&x, &y)?;
        let p = model.probabilities(&new)?;
        prop_assert!(p.iter().all(|p| (0.0..=1.0).contains(p)));
        prop_assert_eq!(&BoostedClassifier::from_json(&model.to_json()?)?.probabilities(&new)?, &p);
        let trees = BoostedTrees::from_json(&model.log_odds().to_json()?)?;
        for row in new.rows() {
            let row = row.to_vec();
            let parts = model.feature_contributions(&row)?;
            prop_assert!(close(parts.bias + parts.features.sum(), trees.predict_row(&row)?));
        }
    }

    #[test]
    fn a_damaged_model_text_is_refused_or_read_and_never_a_panic(
        (x, y, new) in classification(), at in any::<prop::sample::Index>(), with in r#"[-0-9a-z. \[\]{}",:]{0,3}"#,
    ) {
        use dsprep_core::saved::Saved;
        use dsprep_core::trees::BoostedClassifier;
        let mut text = GradientBoosting::classifier().trees(2).min_leaf(1).fit(&x, &y)?.to_json()?;
        let from = at.index(text.len());
        let to = (from + with.len()).min(text.len());
        if text.is_char_boundary(from) && text.is_char_boundary(to) {
            text.replace_range(from..to, &with);
        }
        if let Ok(model) = BoostedClassifier::from_json(&text) {
            let _ = model.probabilities(&new);
        }
    }

    #[test]
    fn bad_numbers_and_shapes_are_errors(x in any_matrix(), y in any_numbers(), labels in any_labels()) {
        let bad = x.is_empty() || x.iter().any(|value| !value.is_finite());
        let bad_y = bad || x.nrows() != y.len() || y.iter().any(|value| !value.is_finite());
        let tree = DecisionTree::regressor().fit(&x, &y);
        prop_assert_eq!(tree.is_err(), bad_y);
        if let Ok(tree) = tree {
            prop_assert!(tree.predict(&x)?.iter().all(|value| !value.is_nan()));
        }
        prop_assert_eq!(RandomForest::regressor().trees(2).fit(&x, &y, &mut RandomState::seed(0)).is_err(), bad_y);
        if let Ok(model) = GradientBoosting::regressor().trees(2).min_leaf(1).fit(&x, &y) {
            prop_assert!(!bad_y && model.predict(&x)?.iter().all(|value| !value.is_nan()));
        }
        let bad_labels = bad || x.nrows() != labels.len();
        prop_assert!(!(bad_labels && DecisionTree::classifier().fit(&x, &labels).is_ok()));
        prop_assert!(!(bad_labels && GradientBoosting::classifier().fit(&x, &labels).is_ok()));
    }
}
