//! Cross-validation: every row is tested once, by a model that has not seen it.
//!
//! The spread over folds tells how much one split can deceive. It is no standard error of the mean: the folds'
//! models share most of their rows (Bengio and Grandvalet, "No unbiased estimator of the variance of k-fold
//! cross-validation", 2004). Rows of one user belong into one fold ([`group_folds`](super::group_folds())), and for series use a
//! [`backtest`](crate::forecast::backtest) instead. After Hastie, Tibshirani and Friedman, "The elements of
//! statistical learning", 2nd edition, section 7.10.

use super::checks::check_folds;
use crate::error::count;
use crate::moments::Moments;
use crate::random::RandomState;
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1};
use std::collections::BTreeMap;

/// What [`cross_validate`] returns.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossValidation {
    /// The score of each fold, in the order of the folds' numbers.
    pub scores: Array1<f64>,
}

impl CrossValidation {
    /// The mean of the folds' scores. What [`cross_validate`] returns has one; without scores, or of some that are not
    /// finite, it is NaN.
    pub fn mean(&self) -> f64 {
        self.moments().map_or(f64::NAN, |moments| moments.mean)
    }

    /// The standard deviation of the folds' scores: 0 if they are equal, but for rounding. NaN as [`mean`](Self::mean), and
    /// with a single score.
    pub fn standard_deviation(&self) -> f64 {
        self.moments().map_or(f64::NAN, |moments| {
            moments.root_squares / (moments.n - 1.0).sqrt()
        })
    }

    fn moments(&self) -> Option<Moments> {
        let known = !self.scores.is_empty() && self.scores.iter().all(|score| score.is_finite());
        known.then(|| Moments::of(self.scores.view()))
    }
}

/// Tests once in each fold. `folds` has the fold of each row, as from [`stratified_folds`],
/// [`shuffled_folds`](crate::triage::shuffled_folds), or any column whose rows belong together; `score` takes the
/// training rows and the test rows of a fold, fits, and returns how good that is.
///
/// # Errors
/// [`Error::Undefined`] if there are fewer than two folds or a score is not a finite number; what `score` returns.
///
/// # Examples
/// ```
/// use dsprep_core::evaluate::{accuracy, cross_validate, stratified_folds};
/// use dsprep_core::{linear::LogisticRegression, ndarray::{Axis, array}, random::RandomState};
///
/// let x = array![[-3.0], [-2.0], [-1.0], [1.0], [2.0], [3.0]];
/// let y = array![0, 0, 0, 1, 1, 1];
/// let folds = stratified_folds(&y, 3, &mut RandomState::seed(1))?;
/// let result = cross_validate(&folds, |train, test| {
///     let model = LogisticRegression::fit(&x.select(Axis(0), train), &y.select(Axis(0), train), 1.0)?;
///     accuracy(&y.select(Axis(0), test), &model.predict(&x.select(Axis(0), test))?)
/// })?;
/// assert_eq!(result.mean(), 1.0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn cross_validate(
    folds: &ArrayRef1<usize>,
    mut score: impl FnMut(&[usize], &[usize]) -> Result<f64>,
) -> Result<CrossValidation> {
    validate(folds, &mut score)
}

/// The score of a model that is fitted to the first rows and tried on the second.
type Score<'a> = &'a mut dyn FnMut(&[usize], &[usize]) -> Result<f64>;

fn validate(folds: &ArrayRef1<usize>, score: Score<'_>) -> Result<CrossValidation> {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (row, &fold) in folds.iter().enumerate() {
        members.entry(fold).or_default().push(row);
    }
    if members.len() < 2 {
        return Err(Error::Undefined {
            what: "a cross-validation",
            reason: format!("there is only {}", count(members.len(), "fold")),
            remedy: "Use at least two folds; five are usual.",
        });
    }
    let mut scores = Vec::with_capacity(members.len());
    for (fold, test) in &members {
        crate::cell::check_interrupt();
        let train: Vec<usize> = (0..folds.len())
            .filter(|&row| folds[row] != *fold)
            .collect();
        let value = score(&train, test)?;
        if !value.is_finite() {
            return Err(Error::Undefined {
                what: "a cross-validation",
                reason: format!("the score of fold {fold} is {value}"),
                remedy: "Use a score that has a value for every fold, or fewer folds.",
            });
        }
        scores.push(value);
    }
    Ok(CrossValidation {
        scores: Array1::from(scores),
    })
}

/// A fold from 0 to `folds` − 1 for each row, in random order, so that each class is spread evenly: in no two
/// folds do its numbers differ by more than one. O(n).
///
/// # Errors
/// [`Error::OutOfRange`] if `folds` is less than 2; [`Error::Undefined`] if a class has fewer rows than folds, as
/// some fold would be without it.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::stratified_folds, ndarray::array, random::RandomState};
/// let y = array![0, 0, 0, 0, 1, 1];
/// let folds = stratified_folds(&y, 2, &mut RandomState::seed(1))?;
/// assert_ne!(folds[4], folds[5]);         // one positive in each
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn stratified_folds(
    y: &ArrayRef1<usize>,
    folds: usize,
    rng: &mut RandomState,
) -> Result<Array1<usize>> {
    check_folds(folds)?;
    let mut by_class: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (row, &label) in y.iter().enumerate() {
        by_class.entry(label).or_default().push(row);
    }
    if let Some((class, rows)) = by_class.iter().find(|(_, rows)| rows.len() < folds) {
        return Err(Error::Undefined {
            what: "a stratified split",
            reason: format!(
                "the class {class} has {}, and there are {folds} folds",
                count(rows.len(), "row")
            ),
            remedy: "Use fewer folds, or more rows of this class.",
        });
    }
    let mut numbers = Array1::zeros(y.len());
    // Where one class ended the next goes on, so that the folds are equally large too.
    let mut next = 0;
    for rows in by_class.values_mut() {
        rng.shuffle(rows);
        for &row in rows.iter() {
            numbers[row] = next;
            next = (next + 1) % folds;
        }
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::log_loss;
    use crate::linear::LogisticRegression;
    use ndarray::{Axis, array};

    /// `cross_val_score(LogisticRegression(tol=1e-10), x, y, scoring="neg_log_loss", cv=PredefinedSplit(i % 4))`,
    /// scikit-learn 1.9.1: `tests/peers/learning.py`.
    #[test]
    fn scores_equal_scikit_learns() -> Result<()> {
        let mut rng = RandomState::seed(14);
        let x = rng.randn((60, 3))?;
        let y = x.column(0).mapv(|z| usize::from(z > 0.5));
        let folds = Array1::from_shape_fn(60, |i| i % 4);
        let found = cross_validate(&folds, |train, test| {
            let pick = |rows: &[usize]| (x.select(Axis(0), rows), y.select(Axis(0), rows));
            let ((x, y), (new, labels)) = (pick(train), pick(test));
            log_loss(
                &labels,
                &LogisticRegression::fit(&x, &y, 1.0)?.probabilities(&new)?,
            )
        })?;
        for (found, expected) in found.scores.iter().zip(EXPECTED) {
            assert!((found - expected).abs() < 1e-7, "{found} {expected}");
        }
        Ok(())
    }

    #[test]
    fn each_row_is_tested_once_and_never_trained_on_at_once() -> Result<()> {
        let folds = array![7, 0, 7, 3, 0, usize::MAX];
        let mut tested = Vec::new();
        let result = cross_validate(&folds, |train, test| {
            tested.extend_from_slice(test);
            assert!(test.iter().all(|row| !train.contains(row)));
            assert_eq!(train.len() + test.len(), 6);
            Ok(test.len() as f64)
        })?;
        tested.sort_unstable();
        assert_eq!(
            (tested, result.scores.clone()),
            (vec![0, 1, 2, 3, 4, 5], array![2.0, 1.0, 2.0, 1.0])
        );
        assert!((result.mean() - 1.5).abs() < 1e-15);
        assert!((result.standard_deviation() - (1.0_f64 / 3.0).sqrt()).abs() < 1e-15);
        Ok(())
    }

    #[test]
    fn classes_are_spread_evenly_and_rare_ones_are_said() -> Result<()> {
        let mut rng = RandomState::seed(9);
        let y = Array1::from_shape_fn(203, |i| if i % 20 == 0 { usize::MAX } else { i % 2 });
        let folds = stratified_folds(&y, 5, &mut rng)?;
        let sizes: Vec<usize> = (0..5)
            .map(|fold| folds.iter().filter(|&&f| f == fold).count())
            .collect();
        assert!(
            sizes.iter().all(|&size| size == 40 || size == 41),
            "{sizes:?}"
        );
        for class in [0, 1, usize::MAX] {
            let of = |fold| {
                (0..203)
                    .filter(|&row| y[row] == class && folds[row] == fold)
                    .count()
            };
            let sizes: Vec<usize> = (0..5).map(of).collect();
            assert!(
                sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1,
                "{sizes:?}"
            );
        }
        let message = stratified_folds(&array![0, 0, 1], 2, &mut rng)
            .unwrap_err()
            .to_string();
        assert!(message.contains("the class 1 has 1 row"), "{message}");
        assert!(stratified_folds(&y, 1, &mut rng).is_err());
        assert!(cross_validate(&array![0, 0], |_, _| Ok(1.0)).is_err());
        assert!(cross_validate(&array![0, 1], |_, _| Ok(f64::NAN)).is_err());
        Ok(())
    }

    const EXPECTED: [f64; 4] = [
        0.11755442350994863,
        0.19886295770867926,
        0.18327236935371793,
        0.16676028832250575,
    ];

    #[test]
    fn equal_scores_have_no_spread_and_great_ones_one_that_is_a_number() -> Result<()> {
        let folds = array![0, 1, 2];
        let equal = cross_validate(&folds, |_, _| Ok(0.1))?;
        assert_eq!((equal.mean(), equal.standard_deviation()), (0.1, 0.0));
        let mut next = 0.0;
        let great = cross_validate(&folds, |_, _| {
            next += 1e160;
            Ok(next)
        })?;
        assert!((great.standard_deviation() / 1e160 - 1.0).abs() < 1e-12);
        let nothing = CrossValidation { scores: array![] };
        assert!(nothing.mean().is_nan() && nothing.standard_deviation().is_nan());
        Ok(())
    }
}
