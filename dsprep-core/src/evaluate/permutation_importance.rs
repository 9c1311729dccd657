//! Permutation importance: how much worse the score becomes when a feature is shuffled.
//!
//! It asks any model, on rows that it was not fitted to, and is not fooled by features with many values, as the
//! gains of trees are. Of two features that say the same, each can stand in for the other, and both look
//! unimportant. After Breiman, "Random forests", 2001, section 10; Fisher, Rudin and Dominici, "All models are
//! wrong, but many are useful", 2019.

use crate::checks::{finite_matrix, numbers, room_for};
use crate::moments::Moments;
use crate::random::RandomState;
use crate::{Error, Result};
use ndarray::{Array2, ArrayRef2, ArrayView1};

/// What [`permutation_importance`] returns for each feature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FeatureImportance {
    /// The feature's column.
    pub feature: usize,
    /// The mean fall of the score when it is shuffled.
    pub mean: f64,
    /// The standard deviation of the fall over the repeats; 0 with one.
    pub standard_deviation: f64,
}

/// By how much `score` of `x` (rows × features) falls if a column is shuffled, the mean of `repeats` times, for each
/// feature in order. `score` predicts and compares; higher must be better. O(features · repeats · cost of it).
///
/// # Errors
/// [`Error::Empty`] without rows or columns; [`Error::OutOfRange`] if a value is not finite or `repeats` is 0;
/// [`Error::Undefined`] if a score is not a finite number; what `score` returns.
///
/// # Examples
/// ```
/// use dsprep_core::evaluate::{permutation_importance, rmse};
/// use dsprep_core::{linear::LinearRegression, ndarray::array, random::RandomState};
///
/// // y is 3 times the first feature; the second is not used.
/// let x = array![[1.0, 5.0], [2.0, 1.0], [3.0, 4.0], [4.0, 2.0], [5.0, 9.0]];
/// let y = array![3.0, 6.0, 9.0, 12.0, 15.0];
/// let model = LinearRegression::fit(&x, &y)?;
/// let mut rng = RandomState::seed(1);
/// let found = permutation_importance(&x, |x| Ok(-rmse(&y, &model.predict(x)?)?), 20, &mut rng)?;
/// assert!(found[0].mean > 1.0 && found[1].mean.abs() < 1e-9);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn permutation_importance(
    x: &ArrayRef2<f64>,
    score: impl Fn(&Array2<f64>) -> Result<f64>,
    repeats: usize,
    rng: &mut RandomState,
) -> Result<Vec<FeatureImportance>> {
    importance(x, &score, repeats, rng)
}

fn importance(
    x: &ArrayRef2<f64>,
    score: &dyn Fn(&Array2<f64>) -> Result<f64>,
    repeats: usize,
    rng: &mut RandomState,
) -> Result<Vec<FeatureImportance>> {
    finite_matrix("`x`", x)?;
    if repeats == 0 {
        return Err(Error::OutOfRange {
            what: "`repeats`".to_owned(),
            found: "0".to_owned(),
            expected: "at least 1; 10 are usual",
        });
    }
    room_for("`repeats`", repeats, 1)?;
    let finite_score = |x: &Array2<f64>| match score(x)? {
        value if value.is_finite() => Ok(value),
        value => Err(Error::Undefined {
            what: "a permutation importance",
            reason: format!("the score is {value}"),
            remedy: "Use a score that is a finite number in every order of a feature.",
        }),
    };
    let mut shuffled = x.to_owned();
    let whole = finite_score(&shuffled)?;
    let mut found = Vec::with_capacity(x.ncols());
    for feature in 0..x.ncols() {
        let mut falls = Vec::new();
        for _ in 0..repeats {
            crate::cell::check_interrupt();
            for (row, from) in rng.order_of(x.nrows()).into_iter().enumerate() {
                shuffled[[row, feature]] = x[[from, feature]];
            }
            falls.push(whole - finite_score(&shuffled)?);
        }
        shuffled.column_mut(feature).assign(&x.column(feature));
        numbers("a permutation importance", &falls)?;
        let falls = Moments::of(ArrayView1::from(&falls));
        let mean = falls.mean;
        let standard_deviation = match repeats {
            1 => 0.0,
            _ => falls.root_squares / (falls.n - 1.0).sqrt(),
        };
        numbers("a permutation importance", &[mean, standard_deviation])?;
        found.push(FeatureImportance {
            feature,
            mean,
            standard_deviation,
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::rmse;
    use crate::linear::LinearRegression;
    use ndarray::{Array1, array};

    /// For a linear model and the mean squared error the expected importance is 2 w² var(x) with the
    /// variance's divisor n: what `permutation_importance(..., n_repeats=2000)` of scikit-learn 1.9.1 comes to as
    /// well, see `tests/peers/learning.py`.
    #[test]
    fn the_importance_of_a_linear_models_features_is_known() -> Result<()> {
        let mut rng = RandomState::seed(14);
        let x = rng.randn((40, 3))?;
        let y = 3.0 * &x.column(0) - x.column(1);
        let model = LinearRegression::fit(&x, &y)?;
        let score = |x: &Array2<f64>| Ok(-rmse(&y, &model.predict(x)?)?.powi(2));
        let found = permutation_importance(&x, score, 2000, &mut rng)?;
        for (found, expected) in found.iter().zip(EXPECTED) {
            let error = found.standard_deviation / 2000.0_f64.sqrt();
            assert!(
                (found.mean - expected).abs() < 4.0 * error + 1e-9,
                "{found:?} {expected}"
            );
        }
        Ok(())
    }

    #[test]
    fn a_constant_feature_has_none_and_bad_arguments_are_said() -> Result<()> {
        let x = array![[4.35, 1.0], [4.35, 2.0], [4.35, 3.0]];
        let mut rng = RandomState::seed(1);
        let first = |x: &Array2<f64>| Ok(x.column(0).sum() - x.column(1)[0]);
        let found = permutation_importance(&x, first, 1, &mut rng)?;
        assert_eq!((found[0].mean, found[0].standard_deviation), (0.0, 0.0));
        assert!(permutation_importance(&x, first, 0, &mut rng).is_err());
        assert!(permutation_importance(&x, |_| Ok(f64::NAN), 1, &mut rng).is_err());
        assert!(
            permutation_importance(
                &Array1::<f64>::zeros(0).insert_axis(ndarray::Axis(1)),
                first,
                1,
                &mut rng
            )
            .is_err()
        );
        Ok(())
    }

    const EXPECTED: [f64; 3] = [16.803568921188766, 1.6254766711242226, 0.0];

    #[test]
    fn scores_of_any_size_have_a_spread() -> Result<()> {
        let x = Array2::from_shape_fn((10, 2), |(i, j)| (i + j) as f64);
        let spread = |unit: f64| -> Result<f64> {
            let rng = &mut RandomState::seed(0);
            let found = permutation_importance(&x, |x| Ok(x[[0, 0]] * unit), 3, rng)?;
            Ok(found[0].standard_deviation / unit)
        };
        let plain = spread(1.0)?;
        for unit in [1e-200, 1e160] {
            assert!((spread(unit)? - plain).abs() < 1e-9 && plain > 0.0);
        }
        Ok(())
    }

    #[test]
    fn more_repeats_than_memory_holds_are_refused() {
        let (x, rng) = (Array2::ones((2, 1)), &mut RandomState::seed(0));
        let error = permutation_importance(&x, |_| Ok(0.0), usize::MAX, rng).unwrap_err();
        assert!(error.to_string().contains("`repeats`"), "{error}");
    }
}
