//! Gradient boosting (reference card; the scorer of question 24, the ranker of question 23).
//!
//! F₀ is a constant. Each tree is fitted to the negative gradient of the loss at the scores so far, and
//! a share of what it predicts, the learning rate, is added: Fₘ = Fₘ₋₁ + ν hₘ. After Friedman, "Greedy
//! function approximation: a gradient boosting machine", 2001; sampling rows for each tree is from
//! Friedman, "Stochastic gradient boosting", 2002.
//!
//! A leaf's value is one Newton step, −G / (H + λ), where G and H are the sums of the first and second
//! derivatives over its rows. A split is chosen by what it adds to G² / (H + λ), as in XGBoost (Chen and
//! Guestrin, 2016, equation 7). For the squared loss H is the number of rows, and with λ = 0 this is
//! CART's fall in variance.

mod bins;
mod builder;
mod classifier;
mod early_stopping;
mod exact;
mod fit;
mod gaps;
mod growth;
mod histogram;
mod regressor;

pub use builder::{GradientBoosting, SplitSearch};
pub use classifier::BoostedClassifier;
pub use regressor::{BoostedTrees, Contributions};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Result;
    use crate::random::RandomState;
    use crate::saved::Saved;
    use crate::trees::Classification;
    use crate::trees::sample::coarse;
    use ndarray::{Array1, Array2, array, s};

    fn labels(y: &Array1<f64>) -> Array1<usize> {
        y.mapv(|y| usize::from(y > 0.0))
    }

    fn assert_close(found: &Array1<f64>, expected: &[f64], tolerance: f64) {
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < tolerance, "{found} {expected}");
        }
    }

    #[test]
    fn a_regression_equals_scikit_learns() -> Result<()> {
        let (x, y) = coarse();
        let regressor = GradientBoosting::regressor()
            .trees(30)
            .depth(3)
            .min_leaf(10);
        // GradientBoostingRegressor(n_estimators=30, max_depth=3, min_samples_leaf=10,
        // criterion="squared_error"), scikit-learn 1.9.1, and its train_score_.
        let expected = [2.602020740198458, -2.848947608106659, 1.17881519262041];
        let plain = regressor.clone().l2(0.0).split_search(SplitSearch::Exact);
        let model = plain.fit(&x, &y)?;
        assert_close(&model.predict(&x)?, &expected, 1e-12);
        let losses = model.staged_mean_squared_error(&x, &y)?;
        assert!((losses[1] - 6.635161156336931).abs() < 1e-12);
        assert!((losses[30] - 2.200449400056872).abs() < 1e-12);

        // HistGradientBoostingRegressor(max_iter=30, max_depth=3, max_leaf_nodes=None,
        // min_samples_leaf=10, l2_regularization=0.5): its gradients have 32 bits.
        let expected = [2.6489396430888874, -2.7181612638369517, 1.1869169765397336];
        let model = regressor.l2(0.5).fit(&x, &y)?;
        assert_close(&model.predict(&x)?, &expected, 1e-6);
        Ok(())
    }

    #[test]
    fn a_classification_equals_scikit_learns() -> Result<()> {
        let (x, y) = coarse();
        // HistGradientBoostingClassifier with the settings above, scikit-learn 1.9.1.
        let expected = [
            0.9171944140167035,
            0.04289815431649492,
            0.8864803819455039,
            0.6427512404181798,
        ];
        let classifier = GradientBoosting::classifier()
            .trees(30)
            .depth(3)
            .min_leaf(10)
            .l2(0.5);
        let model = classifier.fit(&x, &labels(&y))?;
        assert_close(&model.probabilities(&x)?, &expected, 1e-6);
        Ok(())
    }

    #[test]
    fn histograms_find_the_same_splits_as_the_plain_search_if_values_are_few() -> Result<()> {
        // Targets and weights that are all different leave no ties to break.
        for seed in 0..5 {
            let mut rng = RandomState::seed(seed);
            let x = rng.randn((300, 3))?.mapv(|z| (4.0 * z).round());
            let y = &x.column(0) + &(&x.column(1) * &x.column(2)) + &(3.0 * rng.randn(300)?);
            let weights = rng.rand(300)? + 0.5;
            let derivatives = |scores: &Array1<f64>| (&weights * &(scores - &y), weights.clone());
            let fast = GradientBoosting::regressor().trees(15).min_leaf(5);
            let plain = fast.clone().split_search(SplitSearch::Exact);
            let fast = fast.fit_gradients(&x, derivatives)?;
            let plain = plain.fit_gradients(&x, derivatives)?;
            let difference = fast.predict(&x)? - plain.predict(&x)?;
            assert!(difference.iter().all(|d| d.abs() < 1e-9), "seed {seed}");
        }
        Ok(())
    }

    #[test]
    fn the_training_loss_falls_with_each_tree_and_ends_where_the_predictions_say() -> Result<()> {
        let (x, y) = coarse();
        let y = labels(&y);
        let model = GradientBoosting::classifier().fit(&x, &y)?;
        let losses = model.staged_log_loss(&x, &y)?;
        assert!(losses.windows(2).into_iter().all(|pair| pair[1] < pair[0]));
        let last = crate::evaluate::log_loss(&y, &model.probabilities(&x)?)?;
        assert!((losses[100] - last).abs() < 1e-12);
        Ok(())
    }

    #[test]
    fn contributions_sum_to_the_log_odds_and_find_the_reason() -> Result<()> {
        let mut rng = RandomState::seed(2);
        let x = rng.randn((1000, 3))?;
        let y = x.column(1).mapv(|z| usize::from(z > 0.5));
        let model = GradientBoosting::classifier().fit(&x, &y)?;
        for row in x.slice(s![..50, ..]).rows() {
            let row = row.to_vec();
            let reasons = model.feature_contributions(&row)?;
            let score = model.log_odds().predict_row(&row)?;
            assert!((reasons.bias + reasons.features.sum() - score).abs() < 1e-9);
            assert_eq!(reasons.features[1] > 0.0, row[1] > 0.5);
        }
        let importance = model.feature_importance();
        assert!(importance[1] > 0.95 && (importance.sum() - 1.0).abs() < 1e-12);
        Ok(())
    }

    #[test]
    fn a_stored_model_is_the_same_model() -> Result<()> {
        let (x, y) = coarse();
        let model = GradientBoosting::classifier().fit(&x, &labels(&y))?;
        assert_eq!(BoostedClassifier::from_json(&model.to_json()?)?, model);
        Ok(())
    }

    #[test]
    fn one_row_and_many_rows_get_the_same_predictions_in_any_memory_order() -> Result<()> {
        let (x, y) = coarse();
        let model = GradientBoosting::regressor().fit(&x, &y)?;
        let all = model.predict(&x)?;
        let mut by_columns = Array2::zeros((4, 400)).reversed_axes();
        by_columns.assign(&x);
        assert_eq!(model.predict(&by_columns)?, all);
        assert_eq!(GradientBoosting::regressor().fit(&by_columns, &y)?, model);
        assert_eq!(model.predict_row(&x.row(9).to_vec())?, all[9]);
        Ok(())
    }

    #[test]
    fn gradients_of_the_squared_loss_give_the_regression() -> Result<()> {
        let (x, y) = coarse();
        let y = &y - y.sum() / 400.0;
        let boosting = GradientBoosting::regressor().subsample(0.5, &mut RandomState::seed(3));
        let model =
            boosting.fit_gradients(&x, |scores| (scores - &y, Array1::ones(scores.len())))?;
        let difference = model.predict(&x)? - boosting.fit(&x, &y)?.predict(&x)?;
        assert!(difference.iter().all(|d| d.abs() < 1e-9));
        Ok(())
    }

    #[test]
    fn nothing_to_learn_gives_the_constant() -> Result<()> {
        let x = Array2::ones((50, 2));
        let model = GradientBoosting::regressor().fit(&x, &Array1::from_elem(50, 4.5))?;
        assert_eq!(model.predict_row(&[3.0, -1.0])?, 4.5);
        assert_eq!(model.feature_importance(), array![0.0, 0.0]);
        let y = Array1::from_shape_fn(50, |i| usize::from(i < 10));
        let model = GradientBoosting::classifier().fit(&x, &y)?;
        assert!((model.probability(&[1.0, 1.0])? - 0.2).abs() < 1e-12);
        Ok(())
    }

    #[test]
    fn what_cannot_be_fitted_or_predicted_says_why() -> Result<()> {
        let (x, y) = (array![[1.0, 2.0], [3.0, 4.0]], array![0, 1]);
        let fit = |boosting: GradientBoosting<Classification>| {
            boosting.fit(&x, &y).unwrap_err().to_string()
        };
        let boosting = GradientBoosting::classifier;
        assert_eq!(
            fit(boosting().learning_rate(0.0)),
            "`learning_rate` is 0, but it must be greater than 0 and at most 1."
        );
        assert!(fit(boosting().trees(0)).contains("`trees` is 0"));
        assert!(fit(boosting().depth(0)).contains("`depth` is 0"));
        assert!(fit(boosting().min_leaf(0)).contains("`min_leaf` is 0"));
        assert!(fit(boosting().l2(f64::NAN)).contains("`l2` is NaN"));
        assert!(
            fit(boosting().subsample(1.5, &mut RandomState::seed(0)))
                .contains("`subsample` is 1.5")
        );
        let search = SplitSearch::Histogram { bins: 257 };
        assert!(fit(boosting().split_search(search)).contains("`bins` is 257"));

        let message =
            |x: Array2<f64>, y: Array1<usize>| boosting().fit(&x, &y).unwrap_err().to_string();
        assert_eq!(
            message(array![[1.0, 2.0], [3.0, f64::NAN]], array![0, 1]),
            "`x`, row 1, column 1, is NaN, but it must be a finite number; fill the gap or drop the row."
        );
        assert!(message(x.clone(), array![1, 1]).contains("`y` holds only the class 1"));
        assert!(message(x.clone(), array![1, 2]).contains("`y[1]` is 2"));
        assert!(message(x.clone(), array![1]).contains("`y` has 1 value"));
        assert!(message(Array2::zeros((0, 2)), array![]).contains("`x` is empty"));

        let model = boosting().fit(&x, &y)?;
        let row = |row: &[f64]| model.probability(row).unwrap_err().to_string();
        assert!(row(&[1.0]).contains("`row` has 1 value, but it must have 2 values"));
        assert!(row(&[1.0, f64::NAN]).contains("`row[1]` is NaN"));
        let gradients = |first: f64, second: f64| {
            let constant = |value| Array1::from_elem(2, value);
            let fitted = GradientBoosting::regressor()
                .fit_gradients(&x, |_| (constant(first), constant(second)));
            fitted.unwrap_err().to_string()
        };
        assert!(gradients(f64::NAN, 1.0).contains("the first derivative at row 0 is NaN"));
        assert!(gradients(0.0, -1.0).contains("the second derivative at row 0 is -1"));
        Ok(())
    }
}
