//! Rows repeated or left out until all classes have as many.

use crate::random::RandomState;
use crate::{Error, Result};
use ndarray::ArrayRef1;
use std::collections::BTreeMap;

/// The rows of a sample in which each class has as many as the largest: all rows, and then drawn ones of the
/// smaller classes once more. With NumPy's seed the same rows as imbalanced-learn's `RandomOverSampler`. O(n).
///
/// # Errors
/// [`Error::Empty`] without labels.
///
/// # Examples
/// ```
/// use dsprep_core::{imbalance::oversample, ndarray::array, random::RandomState};
/// let rows = oversample(&array![0, 0, 0, 1], &mut RandomState::seed(1))?;
/// assert_eq!(rows, [0, 1, 2, 3, 3, 3]);       // for `x.select(Axis(0), &rows)`
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn oversample(y: &ArrayRef1<usize>, rng: &mut RandomState) -> Result<Vec<usize>> {
    let by_class = rows_by_class(y)?;
    let most = by_class.values().map(Vec::len).max().unwrap_or(0);
    let mut rows: Vec<usize> = (0..y.len()).collect();
    for of_class in by_class.values() {
        let drawn = rng.choice(of_class.len(), most - of_class.len())?;
        rows.extend(drawn.iter().map(|&at| of_class[at]));
    }
    Ok(rows)
}

/// The rows of a sample in which each class has as many as the smallest, drawn without repetition, in their
/// old order. O(n log n).
///
/// # Errors
/// [`Error::Empty`] without labels.
///
/// # Examples
/// ```
/// use dsprep_core::{imbalance::undersample, ndarray::array, random::RandomState};
/// let rows = undersample(&array![0, 0, 0, 1], &mut RandomState::seed(1))?;
/// assert!(rows.len() == 2 && rows[0] < 3 && rows[1] == 3);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn undersample(y: &ArrayRef1<usize>, rng: &mut RandomState) -> Result<Vec<usize>> {
    let by_class = rows_by_class(y)?;
    let fewest = by_class.values().map(Vec::len).min().unwrap_or(0);
    let mut rows = Vec::new();
    for of_class in by_class.values() {
        if of_class.len() == fewest {
            rows.extend(of_class);
            continue;
        }
        let drawn = rng.sample(of_class.len(), fewest)?;
        rows.extend(drawn.iter().map(|&at| of_class[at]));
    }
    rows.sort_unstable();
    Ok(rows)
}

fn rows_by_class(y: &ArrayRef1<usize>) -> Result<BTreeMap<usize, Vec<usize>>> {
    let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (row, &label) in y.iter().enumerate() {
        rows.entry(label).or_default().push(row);
    }
    if rows.is_empty() {
        return Err(Error::Empty {
            what: "`y`",
            item: "label",
        });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, array};

    fn sizes(y: &Array1<usize>, rows: &[usize]) -> Vec<usize> {
        let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
        rows.iter()
            .for_each(|&row| *sizes.entry(y[row]).or_default() += 1);
        sizes.into_values().collect()
    }

    #[test]
    fn all_classes_have_as_many_rows_and_nothing_is_drawn_twice_that_need_not_be() -> Result<()> {
        let mut rng = RandomState::seed(3);
        let y = Array1::from_shape_fn(500, |i| if i % 50 == 0 { usize::MAX } else { i % 3 });
        let more = oversample(&y, &mut rng)?;
        let largest = sizes(&y, &(0..500).collect::<Vec<_>>())
            .into_iter()
            .max()
            .unwrap();
        assert_eq!(sizes(&y, &more), [largest; 4]);
        assert_eq!(more[..500], (0..500).collect::<Vec<_>>());
        let fewer = undersample(&y, &mut rng)?;
        assert_eq!(sizes(&y, &fewer), [10; 4]);
        assert!(fewer.windows(2).all(|pair| pair[0] < pair[1]));
        Ok(())
    }

    /// The rows that `RandomOverSampler(random_state=3)` and `RandomUnderSampler(random_state=3)` of imbalanced-learn 0.14.2 draw:
    /// `tests/peers/resampling.py`.
    #[test]
    fn the_same_rows_are_drawn_as_by_imbalanced_learn() -> Result<()> {
        let y = array![7, 0, 0, 7, 0, 1_000_000, 0, 7, 0, 1_000_000, 0, 0];
        let more = oversample(&y, &mut RandomState::seed(3))?;
        assert_eq!(more[..12], (0..12).collect::<Vec<_>>());
        assert_eq!(more[12..], [7, 0, 3, 0, 5, 5, 9, 9, 9]);
        let fewer = undersample(&y, &mut RandomState::seed(3))?;
        assert_eq!(fewer, [3, 5, 7, 8, 9, 11]);
        Ok(())
    }

    #[test]
    fn one_class_stays_as_it_is_and_none_is_an_error() -> Result<()> {
        let mut rng = RandomState::seed(3);
        assert_eq!(oversample(&array![7, 7], &mut rng)?, [0, 1]);
        assert_eq!(undersample(&array![7, 7], &mut rng)?, [0, 1]);
        assert!(
            oversample(&array![], &mut rng).is_err() && undersample(&array![], &mut rng).is_err()
        );
        Ok(())
    }
}
