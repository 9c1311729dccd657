//! Leakage that really leaks: target encoding (question 28).
//!
//! A category is replaced by the mean label of its rows (Micci-Barreca, 2001). If a row's own label
//! is among them, the feature carries the answer: with few rows per category, a model that learns
//! nothing looks good offline. [`encode_out_of_fold`] encodes each row with the labels of the
//! others' folds only (Prokhorenkova et al., "CatBoost: unbiased boosting with categorical
//! features", 2018, section 3).

use crate::checks::{check, not_negative, room_for};
use crate::error::count;
use crate::evaluate::{binary, roc_auc};
use crate::random::RandomState;
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The mean label of each category, drawn towards the overall mean.
///
/// A category with n rows, of which s are positive, is encoded as (s + m · mean) / (n + m), where m
/// is the smoothing; one that `fit` has not seen, as the overall mean.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::array, triage::TargetEncoder};
/// let encoder = TargetEncoder::fit(&array![0, 0, 1, 1], &array![1, 1, 0, 1], 0.0)?;
/// assert_eq!(encoder.encode(&array![0, 1, 7]), array![1.0, 0.5, 0.75]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct TargetEncoder {
    /// The encoding of each category that `fit` has seen.
    encoded: HashMap<usize, f64>,
    mean: f64,
}

/// An encoder as it is stored: each category with its encoding, in the order of the categories.
#[derive(Serialize, Deserialize)]
struct Stored {
    encoded: Vec<(usize, f64)>,
    mean: f64,
}

impl From<Stored> for TargetEncoder {
    fn from(stored: Stored) -> Self {
        TargetEncoder {
            encoded: stored.encoded.into_iter().collect(),
            mean: stored.mean,
        }
    }
}

impl From<TargetEncoder> for Stored {
    fn from(encoder: TargetEncoder) -> Self {
        Stored {
            encoded: encoder.encodings(),
            mean: encoder.mean,
        }
    }
}

/// What the rows of a category, or of a fold, say together.
#[derive(Debug, Clone, Copy, Default)]
struct Total {
    rows: usize,
    positives: usize,
}

impl Total {
    fn add(&mut self, label: usize) {
        self.rows += 1;
        self.positives += label;
    }

    fn without(self, part: Total) -> Total {
        Total {
            rows: self.rows - part.rows,
            positives: self.positives - part.positives,
        }
    }

    fn mean(self) -> f64 {
        self.positives as f64 / self.rows as f64
    }

    /// The mean, as if `smoothing` rows with the mean of all were among them.
    fn smoothed(self, smoothing: f64, mean: f64) -> f64 {
        (self.positives as f64 + smoothing * mean) / (self.rows as f64 + smoothing)
    }
}

impl TargetEncoder {
    /// Takes the means of `y` (n labels, 0 or 1) in each of `categories` (n numbers, which are names: how
    /// large they are costs nothing). O(n).
    ///
    /// To encode the same rows with it is the leak; see [`encode_out_of_fold`].
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::Shape`] if the lengths differ, [`Error::OutOfRange`] if a label
    /// is not 0 or 1 or `smoothing` is negative.
    pub fn fit(
        categories: &ArrayRef1<usize>,
        y: &ArrayRef1<usize>,
        smoothing: f64,
    ) -> Result<Self> {
        check_pairs(categories, "`y`", "label", y.len())?;
        binary("y", y)?;
        not_negative("`smoothing`", smoothing)?;
        let mean = y.sum() as f64 / y.len() as f64;
        let mut totals: HashMap<usize, Total> = HashMap::new();
        for (&category, &label) in categories.iter().zip(y) {
            totals.entry(category).or_default().add(label);
        }
        let encode =
            |(category, total): (usize, Total)| (category, total.smoothed(smoothing, mean));
        Ok(TargetEncoder {
            encoded: totals.into_iter().map(encode).collect(),
            mean,
        })
    }

    /// The encoding of each of `categories`.
    pub fn encode(&self, categories: &ArrayRef1<usize>) -> Array1<f64> {
        categories.mapv(|category| self.encoded.get(&category).copied().unwrap_or(self.mean))
    }

    /// The mean label of all rows, as which an unknown category is encoded.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Each category that `fit` has seen with its encoding, in the order of the categories.
    pub fn encodings(&self) -> Vec<(usize, f64)> {
        let mut encoded: Vec<(usize, f64)> = self
            .encoded
            .iter()
            .map(|(&category, &value)| (category, value))
            .collect();
        encoded.sort_unstable_by_key(|&(category, _)| category);
        encoded
    }
}

/// Encodes each row with an encoder that was fitted on the rows of the other folds.
///
/// `folds` has the number of each row's fold, as [`shuffled_folds`] makes them. O(n), however many folds
/// there are.
///
/// # Errors
/// As [`TargetEncoder::fit`]; [`Error::Undefined`] if all rows are in one fold.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::array, triage::encode_out_of_fold};
/// let (categories, y, folds) = (array![0, 0, 0, 0], array![1, 0, 0, 0], array![0, 0, 1, 1]);
/// // The rows of fold 0 see the zeros of fold 1, and those of fold 1 the one positive of fold 0.
/// assert_eq!(encode_out_of_fold(&categories, &y, 0.0, &folds)?, array![0.0, 0.0, 0.5, 0.5]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn encode_out_of_fold(
    categories: &ArrayRef1<usize>,
    y: &ArrayRef1<usize>,
    smoothing: f64,
    folds: &ArrayRef1<usize>,
) -> Result<Array1<f64>> {
    check_pairs(categories, "`y`", "label", y.len())?;
    check_pairs(categories, "`folds`", "fold number", folds.len())?;
    binary("y", y)?;
    not_negative("`smoothing`", smoothing)?;
    let mut numbers = folds.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.len() < 2 {
        return Err(Error::Undefined {
            what: "an out-of-fold encoding",
            reason: "all rows are in one fold, so no others are left to learn from".to_owned(),
            remedy: "Use at least two folds; five are usual.",
        });
    }
    // What all rows say less what those of the fold say: one pass, however many folds there are.
    let [mut of_fold, mut of_category] = [HashMap::new(), HashMap::new()];
    let mut of_both: HashMap<(usize, usize), Total> = HashMap::new();
    for ((&fold, &category), &label) in folds.iter().zip(categories).zip(y) {
        of_fold.entry(fold).or_insert(Total::default()).add(label);
        of_category
            .entry(category)
            .or_insert(Total::default())
            .add(label);
        of_both.entry((fold, category)).or_default().add(label);
    }
    let all = Total {
        rows: y.len(),
        positives: y.sum(),
    };
    let encode = |(fold, category): (&usize, &usize)| {
        let mean = all.without(of_fold[fold]).mean();
        match of_category[category].without(of_both[&(*fold, *category)]) {
            Total { rows: 0, .. } => mean,
            others => others.smoothed(smoothing, mean),
        }
    };
    Ok(folds.iter().zip(categories).map(encode).collect())
}

/// A fold number from 0 to `folds` − 1 for each of `rows` rows, in random order, all folds equally
/// large but for one row.
///
/// # Errors
/// [`Error::OutOfRange`] if `folds` is 0.
///
/// # Examples
/// ```
/// use dsprep_core::{random::RandomState, triage::shuffled_folds};
/// let folds = shuffled_folds(10, 5, &mut RandomState::seed(1))?;
/// assert!((0..5).all(|fold| folds.iter().filter(|&&f| f == fold).count() == 2));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn shuffled_folds(rows: usize, folds: usize, rng: &mut RandomState) -> Result<Array1<usize>> {
    check("`folds`", folds, folds > 0, "at least 1; 5 are usual")?;
    room_for("`rows`", rows, 2)?;
    let mut numbers = Array1::zeros(rows);
    for (place, row) in rng.order_of(rows).into_iter().enumerate() {
        numbers[row] = place % folds;
    }
    Ok(numbers)
}

/// What a target-encoded feature seems to be worth, and what it is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EncodingLeak {
    /// The AUC on the training rows, encoded with their own labels.
    pub in_sample: f64,
    /// The AUC on the training rows, encoded out of fold.
    pub out_of_fold: f64,
    /// The AUC on as many new rows: what production will see.
    pub new_rows: f64,
}

/// Labels that are coin flips, and a category drawn without regard to them: every AUC should be
/// 0.5.
///
/// `rows` rows are drawn with one of `categories` categories each, encoded with a smoothing of one
/// row, in five folds. The fewer rows per category, the larger the leak.
///
/// # Errors
/// [`Error::OutOfRange`] if `categories` is 0; [`Error::Empty`] or [`Error::Undefined`] if `rows`
/// is too small to hold both classes in all folds.
///
/// # Examples
/// ```
/// use dsprep_core::{random::RandomState, triage::encoding_leak};
/// let leak = encoding_leak(2000, 500, &mut RandomState::seed(28))?;
/// assert!(leak.in_sample > 0.76);
/// assert!((leak.out_of_fold - 0.5).abs() < 0.05 && (leak.new_rows - 0.5).abs() < 0.05);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn encoding_leak(
    rows: usize,
    categories: usize,
    rng: &mut RandomState,
) -> Result<EncodingLeak> {
    let smoothing = 1.0;
    room_for("`rows`", rows, 8)?;
    let counted = (1..=i64::MAX as usize).contains(&categories);
    check(
        "`categories`",
        categories,
        counted,
        "at least 1 and less than 2⁶³",
    )?;
    let draw = |rng: &mut RandomState| -> Result<(Array1<usize>, Array1<usize>)> {
        let categories = rng
            .randint(0, categories as i64, rows)?
            .mapv(|c| c as usize);
        Ok((categories, rng.rand(rows)?.mapv(|u| usize::from(u < 0.5))))
    };
    let (category, y) = draw(rng)?;
    let folds = shuffled_folds(rows, 5, rng)?;
    let (new_category, new_y) = draw(rng)?;

    let encoder = TargetEncoder::fit(&category, &y, smoothing)?;
    let honest = encode_out_of_fold(&category, &y, smoothing, &folds)?;
    Ok(EncodingLeak {
        in_sample: roc_auc(&y, &encoder.encode(&category))?,
        out_of_fold: roc_auc(&y, &honest)?,
        new_rows: roc_auc(&new_y, &encoder.encode(&new_category))?,
    })
}

fn check_pairs(
    categories: &ArrayRef1<usize>,
    what: &'static str,
    thing: &str,
    found: usize,
) -> Result<()> {
    if categories.is_empty() {
        return Err(Error::Empty {
            what: "`categories`",
            item: "row",
        });
    }
    if found != categories.len() {
        return Err(Error::Shape {
            what,
            found: count(found, thing),
            expected: format!(
                "{}, one for each of `categories`",
                count(categories.len(), thing)
            ),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_worthless_category_looks_good_only_if_it_has_seen_its_own_labels() -> Result<()> {
        let leak = encoding_leak(2000, 500, &mut RandomState::seed(28))?;
        // The same draws and sums in NumPy, with roc_auc_score of scikit-learn 1.9.1.
        assert!((leak.in_sample - 0.7637183734653612).abs() < 1e-14);
        assert!((leak.out_of_fold - 0.4676727090543815).abs() < 1e-14);
        assert!((leak.new_rows - 0.4757845150598069).abs() < 1e-14);
        Ok(())
    }

    #[test]
    fn over_many_draws_only_the_leaky_encoding_is_off_one_half() -> Result<()> {
        let mut sums = [0.0; 3];
        for seed in 0..40 {
            let leak = encoding_leak(1000, 250, &mut RandomState::seed(seed))?;
            for (sum, auc) in sums
                .iter_mut()
                .zip([leak.in_sample, leak.out_of_fold, leak.new_rows])
            {
                *sum += auc / 40.0;
            }
        }
        assert!(sums[0] > 0.76, "{sums:?}");
        assert!(
            (sums[1] - 0.5).abs() < 0.01 && (sums[2] - 0.5).abs() < 0.01,
            "{sums:?}"
        );
        Ok(())
    }

    #[test]
    fn the_leak_fades_with_the_rows_per_category() -> Result<()> {
        let few = encoding_leak(2000, 1000, &mut RandomState::seed(1))?;
        let many = encoding_leak(2000, 5, &mut RandomState::seed(1))?;
        assert!(few.in_sample > 0.8 && many.in_sample < 0.55);
        Ok(())
    }

    #[test]
    fn the_number_of_a_merchant_may_be_as_large_as_it_likes() -> Result<()> {
        let merchants = array![4_000_000_000, usize::MAX, 4_000_000_000, 0];
        let encoder = TargetEncoder::fit(&merchants, &array![1, 0, 0, 1], 0.0)?;
        assert_eq!(encoder.encode(&merchants), array![0.5, 0.0, 0.5, 1.0]);
        assert_eq!(encoder.encode(&array![5])[0], 0.5);
        Ok(())
    }

    #[test]
    fn one_fold_leaves_nothing_to_learn_from() {
        let (categories, y) = (array![0, 1], array![0, 1]);
        let error = encode_out_of_fold(&categories, &y, 1.0, &array![0, 0]).unwrap_err();
        assert!(error.to_string().contains("all rows are in one fold"));
        assert!(TargetEncoder::fit(&categories, &array![0], 1.0).is_err());
        assert!(TargetEncoder::fit(&categories, &y, -1.0).is_err());
    }
}
