//! Rows that are in both parts of a split (question 28).
//!
//! A row that the model was trained on is no test of it. Duplicates come from joins that multiply
//! rows, from oversampling before the split, and from one customer in both parts.

use super::same_columns;
use crate::Result;
use ndarray::{ArrayRef2, ArrayView1};
use std::collections::HashMap;

/// The rows of `test` that are also in `train`: pairs (row of `test`, first equal row of `train`).
///
/// Equal means the same numbers, where NaN equals NaN and 0 equals −0. By hashing,
/// O((rows of train + rows of test) · columns).
///
/// # Errors
/// [`Error::Shape`](crate::Error::Shape) if the columns differ in number.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::array, triage::shared_rows};
/// let train = array![[1.0, 2.0], [3.0, 4.0]];
/// assert_eq!(shared_rows(&train, &array![[5.0, 6.0], [3.0, 4.0]])?, [(1, 1)]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn shared_rows(train: &ArrayRef2<f64>, test: &ArrayRef2<f64>) -> Result<Vec<(usize, usize)>> {
    same_columns(train, "`test`", test, "train")?;
    let mut first: HashMap<Vec<u64>, usize> = HashMap::new();
    for (row, values) in train.rows().into_iter().enumerate() {
        first.entry(bits(values)).or_insert(row);
    }
    let rows = test.rows().into_iter().enumerate();
    Ok(rows
        .filter_map(|(row, values)| Some((row, *first.get(&bits(values))?)))
        .collect())
}

/// The same by comparing each row of `test` with each of `train`: O(rows² · columns).
///
/// # Errors
/// As [`shared_rows`].
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::array, triage::shared_rows_by_pairs};
/// let train = array![[1.0], [2.0]];
/// assert_eq!(shared_rows_by_pairs(&train, &array![[2.0]])?, [(0, 1)]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn shared_rows_by_pairs(
    train: &ArrayRef2<f64>,
    test: &ArrayRef2<f64>,
) -> Result<Vec<(usize, usize)>> {
    same_columns(train, "`test`", test, "train")?;
    let equal = |a: ArrayView1<'_, f64>, b: ArrayView1<'_, f64>| {
        a.iter()
            .zip(b)
            .all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
    };
    let rows = test.rows().into_iter().enumerate();
    Ok(rows
        .filter_map(|(row, values)| {
            let found = train
                .rows()
                .into_iter()
                .position(|known| equal(values, known));
            Some((row, found?))
        })
        .collect())
}

/// A row as a key: one pattern of bits for each number, the same for all NaNs and for both zeros.
fn bits(row: ArrayView1<'_, f64>) -> Vec<u64> {
    let canonical = |value: &f64| match *value {
        0.0 => 0,
        value if value.is_nan() => f64::NAN.to_bits(),
        value => value.to_bits(),
    };
    row.iter().map(canonical).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::array;

    #[test]
    fn hashing_finds_what_comparing_all_pairs_finds() -> Result<()> {
        let mut rng = RandomState::seed(14);
        let numbers = [0.0, -0.0, 1.0, f64::NAN];
        for _ in 0..30 {
            let train = rng.randint(0, 4, (20, 3))?.mapv(|i| numbers[i as usize]);
            let test = rng.randint(0, 4, (15, 3))?.mapv(|i| numbers[i as usize]);
            let found = shared_rows(&train, &test)?;
            assert_eq!(found, shared_rows_by_pairs(&train, &test)?);
            assert!(!found.is_empty());
        }
        Ok(())
    }

    #[test]
    fn oversampling_before_the_split_is_found() -> Result<()> {
        let mut rng = RandomState::seed(15);
        let rows = rng.randn((100, 4))?;
        let oversampled: Vec<usize> = rng.choice(100, 200)?.to_vec();
        let drawn = rows.select(ndarray::Axis(0), &oversampled);
        let (train, test) = drawn.view().split_at(ndarray::Axis(0), 150);
        let shared = shared_rows(&train, &test)?;
        assert!(shared.len() > 30); // about 50 (1 − 0.99¹⁵⁰) = 39
        Ok(())
    }

    #[test]
    fn parts_with_other_columns_are_refused() {
        let error = shared_rows(&array![[1.0, 2.0]], &array![[1.0]]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`test` has 1 column, but it must have 2 columns, as `train`."
        );
    }
}
