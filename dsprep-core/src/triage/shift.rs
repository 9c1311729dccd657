//! Covariate shift and concept shift (question 28).
//!
//! The joint distribution factors into P(x) P(y | x). If only P(x) changes, a right model stays
//! right (*covariate shift*); if P(y | x) changes, no reweighting of old data helps, and it has to
//! be trained anew (*concept shift*). After Moreno-Torres et al., "A unifying view on dataset shift
//! in classification", 2012.
//!
//! Two measurements tell them apart. [`domain_auc`] sees a changed P(x) and needs no labels;
//! [`calibration_in_the_large`] sees a changed P(y | x) and needs them. An AUC sees neither if the
//! ranking is kept.

use crate::alternative::Alternative;
use crate::distribution::normal;
use crate::error::count;
use crate::evaluate::{brier_score, roc_auc};
use crate::linear::ScaledLogistic;
use crate::random::RandomState;
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis, concatenate, s};

/// The rows of one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    /// The features, rows × 5.
    pub x: Array2<f64>,
    /// A label, 0 or 1, for each row.
    pub y: Array1<usize>,
}

/// How the fourth quarter differs from the first, in which 500 rows of five standard normal
/// features are drawn and the label says whether the first feature is above 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    /// The original's: 1.5 is added to the features, and once more for the label. All 200 labels
    /// are 1, so that no AUC is defined.
    AddedTwice,
    /// 1.5 is added to the features; the label follows from them as before.
    Covariate,
    /// The features are as before; the label now says whether the first is above −1.5.
    Concept,
}

impl Season {
    /// Draws the first quarter, 500 rows, and the fourth, 200 rows. All variants take the same
    /// draws.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{evaluate::roc_auc, random::RandomState, triage::Season};
    /// let (_, fourth) = Season::AddedTwice.draw(&mut RandomState::seed(42));
    /// assert_eq!(fourth.y.sum(), 200);
    /// let error = roc_auc(&fourth.y, &fourth.x.column(0)).unwrap_err();
    /// assert!(error.to_string().contains("`y_true` holds only the class 1"));
    /// ```
    pub fn draw(self, rng: &mut RandomState) -> (Period, Period) {
        let first = Array2::from_shape_simple_fn((500, 5), || rng.randn(()));
        let fourth = Array2::from_shape_simple_fn((200, 5), || rng.randn(()));
        let moved = 1.5;
        let (fourth, boundary) = match self {
            Season::AddedTwice => (fourth + moved, -moved),
            Season::Covariate => (fourth + moved, 0.0),
            Season::Concept => (fourth, -moved),
        };
        (
            Period::labelled(first, 0.0),
            Period::labelled(fourth, boundary),
        )
    }
}

impl Period {
    fn labelled(x: Array2<f64>, boundary: f64) -> Self {
        let y = x.column(0).mapv(|first| usize::from(first > boundary));
        Period { x, y }
    }
}

/// How well a logistic regression tells new rows from old ones: about 0.5 if P(x) has not changed,
/// 1 if the two have nothing in common.
///
/// `before` and `after` are rows × features. The model is fitted on the first half of each and scored on
/// the second, so that it can't win by learning rows by heart, nor by their neighbours, which may be alike. It is linear: it sees moved means, not
/// a changed spread. A classifier two-sample test, after Lopez-Paz and Oquab, 2017.
///
/// # Errors
/// [`Error::Shape`] if the columns differ in number or a part has fewer than two rows;
/// [`Error::OutOfRange`] if a value is not finite.
///
/// # Examples
/// ```
/// use dsprep_core::{random::RandomState, triage::domain_auc};
/// let mut rng = RandomState::seed(3);
/// let (before, after) = (rng.randn((400, 2))?, rng.randn((400, 2))?);
/// assert!((domain_auc(&before, &after)? - 0.5).abs() < 0.1);
/// assert!(domain_auc(&before, &(after + 2.0))? > 0.95);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn domain_auc(before: &ArrayRef2<f64>, after: &ArrayRef2<f64>) -> Result<f64> {
    super::same_columns(before, "`after`", after, "before")?;
    for (what, part) in [("`before`", before), ("`after`", after)] {
        if part.nrows() < 2 {
            return Err(Error::Shape {
                what,
                found: count(part.nrows(), "row"),
                expected: "at least 2 rows, one to fit and one to score".to_owned(),
            });
        }
    }
    let half = |second: bool| {
        let rows_of = |part: &ArrayRef2<f64>| match second {
            false => 0..part.nrows().div_ceil(2),
            true => part.nrows().div_ceil(2)..part.nrows(),
        };
        let (old, new) = (rows_of(before), rows_of(after));
        let period = old.clone().map(|_| 0).chain(new.clone().map(|_| 1));
        let x = concatenate![
            Axis(0),
            before.slice(s![old, ..]),
            after.slice(s![new.clone(), ..])
        ];
        (x, period.collect::<Array1<usize>>())
    };
    let (x, period) = half(false);
    let model = ScaledLogistic::fit(&x, &period, 1.0)?;
    let (x, period) = half(true);
    roc_auc(&period, &model.probabilities(&x)?)
}

/// Whether as many positives came as were predicted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationTest {
    /// The mean of the predicted probabilities.
    pub predicted: f64,
    /// The share of positives that came.
    pub observed: f64,
    /// The difference in standard errors: Σ (y − p) / √Σ p (1 − p).
    pub z: f64,
    /// The probability of a difference at least this large if the probabilities are right.
    pub p_value: f64,
}

impl CalibrationTest {
    /// The p-value against another alternative than the two-sided one of [`CalibrationTest::p_value`]:
    /// [`Alternative::Greater`] is that more positives came than were predicted.
    pub fn p_value_for(&self, alternative: Alternative) -> f64 {
        alternative.normal_p(self.z)
    }
}

/// Compares the positives in `y_true` (n labels, 0 or 1) with the sum of the `probabilities` (n)
/// given to them.
///
/// Under covariate shift a right model passes; under concept shift it fails. A model that was wrong
/// where there used to be few rows fails under covariate shift too. After Steyerberg,
/// "Clinical prediction models", 2nd edition, 2019. O(n).
///
/// # Errors
/// As [`brier_score`]; [`Error::Undefined`] if all probabilities are 0 or 1.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::array, triage::calibration_in_the_large};
/// let test = calibration_in_the_large(&array![1, 1, 1, 1], &array![0.5, 0.5, 0.5, 0.5])?;
/// assert_eq!((test.predicted, test.observed, test.z), (0.5, 1.0, 2.0));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn calibration_in_the_large(
    y_true: &ArrayRef1<usize>,
    probabilities: &ArrayRef1<f64>,
) -> Result<CalibrationTest> {
    brier_score(y_true, probabilities)?;
    let variance: f64 = probabilities.iter().map(|p| p * (1.0 - p)).sum();
    if variance == 0.0 {
        return Err(Error::Undefined {
            what: "the calibration test",
            reason: "all probabilities are 0 or 1, which leaves nothing to chance".to_owned(),
            remedy: "Count the errors instead.",
        });
    }
    let rows = y_true.len() as f64;
    let (positives, expected) = (y_true.sum() as f64, probabilities.sum());
    let z = (positives - expected) / variance.sqrt();
    Ok(CalibrationTest {
        predicted: expected / rows,
        observed: positives / rows,
        z,
        p_value: normal::two_sided_p(z),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row comes twice, one after the other, and there are as many features as a linear model can learn by heart.
    #[test]
    fn rows_that_come_twice_do_not_tell_the_periods_apart() -> Result<()> {
        let mut rng = RandomState::seed(5);
        let mut twice = || -> Result<_> {
            let rows = rng.randn((60, 50))?;
            let at = |(row, column)| rows[[row / 2, column]];
            Ok(Array2::from_shape_fn((120, 50), at))
        };
        let auc = domain_auc(&twice()?, &twice()?)?;
        assert!((auc - 0.5).abs() < 0.2, "{auc}");
        Ok(())
    }
    use crate::evaluate::accuracy;
    use crate::linear::original::original;

    struct Scores {
        accuracy: f64,
        auc: Result<f64>,
        domain: f64,
        calibration: CalibrationTest,
    }

    /// The original's model of the first quarter, on the original's draws, in the fourth.
    fn scores(season: Season) -> Result<Scores> {
        let (first, fourth) = season.draw(&mut original().rng);
        let model = ScaledLogistic::fit(&first.x, &first.y, 1.0)?;
        let p = model.probabilities(&fourth.x)?;
        Ok(Scores {
            accuracy: accuracy(&fourth.y, &model.predict(&fourth.x)?)?,
            auc: roc_auc(&fourth.y, &p),
            domain: domain_auc(&first.x, &fourth.x)?,
            calibration: calibration_in_the_large(&fourth.y, &p)?,
        })
    }

    #[test]
    fn the_original_period_has_no_auc_and_an_accuracy_of_0_895() -> Result<()> {
        let scores = scores(Season::AddedTwice)?;
        assert_eq!(scores.accuracy, 0.895);
        // scikit-learn gives NaN and a warning.
        assert_eq!(
            scores.auc.unwrap_err().to_string(),
            "ROC AUC is not defined: `y_true` holds only the class 1. Use accuracy, or add negatives."
        );
        Ok(())
    }

    #[test]
    fn the_model_of_the_first_quarter_equals_scikit_learn() -> Result<()> {
        let (first, _) = Season::AddedTwice.draw(&mut original().rng);
        let model = ScaledLogistic::fit(&first.x, &first.y, 1.0)?;
        // LogisticRegression(solver="newton-cholesky", tol=1e-12), scikit-learn 1.9.1.
        let expected = [
            6.7932408608482415,
            -0.1889627559101867,
            -0.09644990961872396,
            -0.03660169638836428,
            -0.12723201140920146,
        ];
        for (found, expected) in model.model().coefficients().iter().zip(expected) {
            assert!((found - expected).abs() < 1e-8);
        }
        assert!((model.model().intercept() - 0.22077386702218973).abs() < 1e-8);
        Ok(())
    }

    #[test]
    fn the_auc_is_the_same_under_both_shifts_and_the_accuracy_is_not() -> Result<()> {
        let covariate = scores(Season::Covariate)?;
        let concept = scores(Season::Concept)?;
        // The same in scikit-learn 1.9.1: 0.985 and 0.565, both with an AUC of 0.9990842490842491.
        assert_eq!((covariate.accuracy, concept.accuracy), (0.985, 0.565));
        for auc in [covariate.auc?, concept.auc?] {
            assert!((auc - 0.9990842490842491).abs() < 1e-12, "{auc}");
        }
        Ok(())
    }

    #[test]
    fn the_two_measurements_tell_the_shifts_apart() -> Result<()> {
        let covariate = scores(Season::Covariate)?;
        assert!(covariate.domain > 0.9, "{}", covariate.domain);
        assert!(
            covariate.calibration.p_value > 0.05,
            "{:?}",
            covariate.calibration
        );
        let concept = scores(Season::Concept)?;
        assert!((concept.domain - 0.5).abs() < 0.1, "{}", concept.domain);
        assert!(concept.calibration.z > 10.0, "{:?}", concept.calibration);
        Ok(())
    }

    #[test]
    fn a_part_with_one_row_is_refused() {
        let error = domain_auc(&Array2::zeros((1, 2)), &Array2::zeros((5, 2))).unwrap_err();
        assert!(error.to_string().starts_with("`before` has 1 row, but"));
        let sure = calibration_in_the_large(&Array1::ones(2), &Array1::ones(2));
        assert!(
            sure.unwrap_err()
                .to_string()
                .contains("Count the errors instead.")
        );
    }
}
