//! Missing values, by two columns instead of one.
//!
//! A feature that lacks values becomes two columns: in the first its gaps lie below all values, in the second above. A split of
//! the first sends them to the left, one of the second to the right, and the better of all splits is chosen as ever. So each split
//! learns where its gaps belong: the default directions of XGBoost (Chen and Guestrin, 2016, algorithm 3).

use crate::Result;
use crate::checks::finite_matrix;
use crate::error::out_of_range;
use crate::trees::checks::{check_columns_with_gaps, check_features};
use crate::trees::ensemble::Ensemble;
use ndarray::{Array2, ArrayRef2, ArrayView2, CowArray, Ix2};

/// Which columns stand for which features.
pub(super) struct Columns {
    features: usize,
    /// For each column its feature, and whether its gaps lie above all values.
    columns: Vec<(usize, bool)>,
    /// Whether values are missing, for each feature; empty if none are.
    gaps: Vec<bool>,
}

impl Columns {
    /// Each feature by itself.
    pub(super) fn plain(features: usize) -> Self {
        Columns {
            features,
            columns: (0..features).map(|feature| (feature, false)).collect(),
            gaps: Vec::new(),
        }
    }

    /// The features of `x`, in which values may be missing but none infinite.
    pub(super) fn with_gaps(x: &ArrayRef2<f64>) -> Result<Self> {
        let gaps: Vec<bool> = x
            .columns()
            .into_iter()
            .map(|column| column.iter().any(|x| x.is_nan()))
            .collect();
        if x.is_empty() || !gaps.contains(&true) {
            check_features(x)?;
            return Ok(Columns::plain(x.ncols()));
        }
        if let Some(((row, column), value)) =
            x.indexed_iter().find(|(_, value)| value.is_infinite())
        {
            return Err(out_of_range(
                format!("`x`, row {row}, column {column},"),
                value,
                "a finite number, or NaN where it is missing",
            ));
        }
        // What else `fit` asks of a matrix: rows that can be numbered.
        check_features(&Array2::<f64>::zeros((x.nrows(), 1)))?;
        let mut columns = Vec::new();
        for (feature, &gap) in gaps.iter().enumerate() {
            columns.push((feature, false));
            if gap {
                columns.push((feature, true));
            }
        }
        Ok(Columns {
            features: x.ncols(),
            columns,
            gaps,
        })
    }

    /// Fails unless `x` has the features, with gaps only where there were some.
    pub(super) fn check(&self, x: &ArrayRef2<f64>) -> Result<()> {
        check_columns_with_gaps(x, self.features, |feature| {
            self.gaps.get(feature) == Some(&true)
        })
    }

    /// The columns of a matrix of features, row by row.
    pub(super) fn of<'a>(&self, x: &'a ArrayRef2<f64>) -> Result<CowArray<'a, f64, Ix2>> {
        if self.gaps.is_empty() {
            finite_matrix("`x`", x)?;
            return Ok(match x.as_slice() {
                Some(_) => CowArray::from(x.view()),
                None => CowArray::from(row_by_row(x.view())),
            });
        }
        Ok(CowArray::from(Array2::from_shape_fn(
            (x.nrows(), self.columns.len()),
            |(row, column)| {
                let (feature, above) = self.columns[column];
                match x[[row, feature]] {
                    gap if gap.is_nan() && above => f64::MAX,
                    gap if gap.is_nan() => f64::MIN,
                    value => value,
                }
            },
        )))
    }

    /// Trees over the columns as trees over the features.
    pub(super) fn named(&self, ensemble: Ensemble) -> Ensemble {
        match self.gaps.is_empty() {
            true => ensemble,
            false => ensemble.of_features(&self.columns, self.features, self.gaps.clone()),
        }
    }
}

fn row_by_row(x: ArrayView2<'_, f64>) -> Array2<f64> {
    Array2::from_shape_fn(x.dim(), |at| x[at])
}

#[cfg(test)]
mod tests {
    use crate::Result;
    use crate::random::RandomState;
    use crate::saved::Saved;
    use crate::trees::{BoostedClassifier, GradientBoosting, SplitSearch};
    use ndarray::{Array1, Array2, array};

    const NAN: f64 = f64::NAN;

    /// As in `tests/peers/learning.py`.
    fn sample() -> (Array2<f64>, Array1<f64>) {
        let mut rng = RandomState::seed(14);
        let mut x = rng
            .randn((300, 3))
            .unwrap()
            .mapv(|x| (2.0 * x).round_ties_even() / 2.0);
        let noise = rng.randn(300).unwrap();
        let mut y =
            x.column(0).mapv(|x| if x > 0.0 { 2.0 } else { -1.0 }) + x.column(1) + 0.3 * noise;
        for row in (0..300).step_by(5) {
            x[[row, 0]] = NAN;
            y[row] += 3.0;
        }
        for row in (3..300).step_by(7) {
            x[[row, 2]] = NAN;
        }
        (x, y)
    }

    /// `HistGradientBoostingRegressor` and `Classifier`, scikit-learn 1.9.1, whose gradients have 32 bits:
    /// `tests/peers/learning.py`.
    #[test]
    fn predictions_equal_scikit_learns() -> Result<()> {
        let (x, y) = sample();
        let new = array![[NAN, 0.5, 0.5], [1.0, -0.5, NAN], [-1.0, 1.5, 0.0]];
        let boosting = GradientBoosting::regressor()
            .trees(30)
            .depth(3)
            .min_leaf(10)
            .allow_missing();
        for search in [SplitSearch::Histogram { bins: 256 }, SplitSearch::Exact] {
            let found = boosting
                .clone()
                .split_search(search)
                .fit(&x, &y)?
                .predict(&new)?;
            for (found, expected) in found.iter().zip(NUMBERS) {
                assert!(
                    (found - expected).abs() < 1e-5,
                    "{search:?}: {found} {expected}"
                );
            }
        }
        let labels = y.mapv(|y| usize::from(y > 1.0));
        let boosting = GradientBoosting::classifier()
            .trees(30)
            .depth(3)
            .min_leaf(10)
            .allow_missing();
        let model = boosting.fit(&x, &labels)?;
        for (found, expected) in model.probabilities(&new)?.iter().zip(CLASSES) {
            assert!((found - expected).abs() < 1e-5, "{found} {expected}");
        }
        assert_eq!(BoostedClassifier::from_json(&model.to_json()?)?, model);
        Ok(())
    }

    #[test]
    fn contributions_add_up_and_all_ways_to_predict_agree() -> Result<()> {
        let (x, y) = sample();
        let boosting = GradientBoosting::regressor()
            .trees(20)
            .subsample(0.7, &mut RandomState::seed(0))
            .allow_missing();
        let model = boosting.fit(&x, &y)?;
        let all = model.predict(&x)?;
        for (row, x) in x.rows().into_iter().enumerate() {
            let x = x.to_vec();
            let parts = model.feature_contributions(&x)?;
            assert_eq!(parts.features.len(), 3);
            assert!((parts.bias + parts.features.sum() - all[row]).abs() < 1e-9);
            assert_eq!(model.predict_row(&x)?, all[row]);
        }
        assert_eq!(model.feature_importance().len(), 3);
        assert!(
            (model.staged_mean_squared_error(&x, &y)?[20]
                - (&all - &y).mapv(|e| e * e).sum() / 300.0)
                .abs()
                < 1e-9
        );
        let watched = boosting.fit_with_validation(&x, &y, (&x, &y), 5)?;
        assert_eq!(watched, model);
        Ok(())
    }

    #[test]
    fn gaps_are_allowed_only_if_asked_and_only_where_there_were_some() -> Result<()> {
        let (x, y) = sample();
        let message = GradientBoosting::regressor()
            .fit(&x, &y)
            .unwrap_err()
            .to_string();
        assert!(message.contains("row 0, column 0, is NaN"), "{message}");
        let boosting = GradientBoosting::regressor().trees(2).allow_missing();
        let model = boosting.fit(&x, &y)?;
        assert!(
            model
                .predict_row(&[0.0, NAN, 0.0])
                .unwrap_err()
                .to_string()
                .contains("`row[1]` is NaN")
        );
        assert!(model.predict(&array![[0.0, NAN, 0.0]]).is_err());
        assert!(model.predict_row(&[f64::INFINITY, 0.0, 0.0]).is_err());
        let mut infinite = x.clone();
        infinite[[7, 2]] = f64::INFINITY;
        assert!(
            boosting
                .fit(&infinite, &y)
                .unwrap_err()
                .to_string()
                .contains("row 7, column 2, is inf")
        );
        let whole = boosting.fit(&Array2::zeros((300, 2)), &y)?;
        assert!(whole.predict_row(&[NAN, 0.0]).is_err());
        // A column without any value tells nothing, and nothing else goes wrong.
        let mut empty = x.clone();
        empty.column_mut(2).fill(NAN);
        assert!(
            boosting
                .fit(&empty, &y)?
                .predict(&empty)?
                .iter()
                .all(|y| y.is_finite())
        );
        Ok(())
    }

    const NUMBERS: [f64; 3] = [3.9370012020911562, 1.5469217954665464, 0.381015881098664];
    const CLASSES: [f64; 3] = [0.9620421855285826, 0.9576299531914971, 0.055419136632733755];
}
