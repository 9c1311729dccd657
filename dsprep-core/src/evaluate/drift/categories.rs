//! Has the mix of categories changed? The chi-square test of homogeneity (question 25).
//!
//! After Pearson, 1900. The effect size is Cramér's V (Cramér, 1946, chapter 21), which does not
//! grow with the number of rows.

use crate::{Error, Result};
use ndarray::{Array2, ArrayRef2, Axis};
use statrs::distribution::{ChiSquared, ContinuousCDF};
use std::collections::BTreeMap;

/// The outcome of a chi-square test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquareTest {
    /// Σ (observed − expected)² / expected.
    pub statistic: f64,
    /// (rows − 1) (columns − 1).
    pub degrees_of_freedom: usize,
    /// The probability of a statistic at least this large if all rows have the same mix.
    pub p_value: f64,
    /// Cramér's V, from 0 (the same mix) to 1 (nothing in common).
    pub cramers_v: f64,
    /// The smallest expected count. Below about 5 the p-value is not to be trusted: pool rare
    /// categories.
    pub smallest_expected: f64,
}

/// Tests whether the rows of `counts` (samples × categories) have the same mix of categories.
///
/// Equal to SciPy's `chi2_contingency(counts, correction=False)`.
///
/// # Errors
/// [`Error::Shape`] with fewer than two rows or two columns, [`Error::Undefined`] if a row or
/// column is all zeros.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::drift::chi_square_homogeneity, ndarray::array};
/// let test = chi_square_homogeneity(&array![[10, 20], [20, 40]])?;
/// assert_eq!((test.statistic, test.p_value), (0.0, 1.0)); // one to two in both
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn chi_square_homogeneity(counts: &ArrayRef2<usize>) -> Result<ChiSquareTest> {
    let (rows, columns) = counts.dim();
    if rows < 2 || columns < 2 {
        return Err(Error::Shape {
            what: "`counts`",
            found: format!("{rows} × {columns} cells"),
            expected: "at least two rows (samples) and two columns (categories)".to_owned(),
        });
    }
    // As numbers: the sum of two counts may be more than a count can be.
    let numbers = counts.mapv(|count| count as f64);
    let of_rows = numbers.sum_axis(Axis(1));
    let of_columns = numbers.sum_axis(Axis(0));
    if of_rows.iter().chain(&of_columns).any(|&sum| sum == 0.0) {
        return Err(Error::Undefined {
            what: "the chi-square test",
            reason: "a row or a column of `counts` is all zeros".to_owned(),
            remedy: "Leave that sample or category out.",
        });
    }
    let total = of_rows.sum();
    let expected = Array2::from_shape_fn(counts.dim(), |(row, column)| {
        of_rows[row] * of_columns[column] / total
    });
    let cells = numbers.iter().zip(&expected);
    let statistic: f64 = cells.map(|(n, e)| (n - e).powi(2) / e).sum();
    let degrees_of_freedom = (rows - 1) * (columns - 1);
    let distribution =
        ChiSquared::new(degrees_of_freedom as f64).map_err(|error| Error::Undefined {
            what: "the chi-square test",
            reason: error.to_string(),
            remedy: "Give at least two samples and two categories.",
        })?;
    let smaller_side = (rows - 1).min(columns - 1) as f64;
    Ok(ChiSquareTest {
        statistic,
        degrees_of_freedom,
        p_value: distribution.sf(statistic),
        cramers_v: (statistic / (total * smaller_side)).sqrt().min(1.0),
        smallest_expected: expected.iter().copied().fold(f64::INFINITY, f64::min),
    })
}

/// Tests whether two columns of categories have the same mix. A category that only one of them
/// holds counts like any other. O(n log n).
///
/// # Errors
/// [`Error::Empty`] if a column has no values; [`Error::Undefined`] if all values are one category.
///
/// # Examples
/// ```
/// use dsprep_core::evaluate::drift::category_drift;
/// let before = ["card", "card", "cash", "cash"];
/// let after = ["card", "card", "card", "wallet"];
/// let test = category_drift(&before, &after)?;
/// assert_eq!(test.degrees_of_freedom, 2);
/// assert!(test.smallest_expected < 5.0); // too few rows to tell
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn category_drift<T: Ord>(reference: &[T], current: &[T]) -> Result<ChiSquareTest> {
    let mut counts: BTreeMap<&T, [usize; 2]> = BTreeMap::new();
    for (sample, (what, values)) in [("`reference`", reference), ("`current`", current)]
        .into_iter()
        .enumerate()
    {
        if values.is_empty() {
            return Err(Error::Empty {
                what,
                item: "category",
            });
        }
        for value in values {
            counts.entry(value).or_default()[sample] += 1;
        }
    }
    drift_of_counts(&counts.into_values().collect::<Vec<_>>())
}

/// The test of the counts of each category in both samples.
fn drift_of_counts(columns: &[[usize; 2]]) -> Result<ChiSquareTest> {
    if columns.len() < 2 {
        return Err(Error::Undefined {
            what: "the chi-square test",
            reason: "all values are one and the same category".to_owned(),
            remedy: "There is no mix to compare; nothing has changed.",
        });
    }
    let table = Array2::from_shape_fn((2, columns.len()), |(row, column)| columns[column][row]);
    chi_square_homogeneity(&table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn it_equals_scipy() -> Result<()> {
        // chi2_contingency([[30, 20, 50, 0], [45, 25, 25, 5]], correction=False), SciPy 1.17.1.
        let test = chi_square_homogeneity(&array![[30, 20, 50, 0], [45, 25, 25, 5]])?;
        assert!((test.statistic - 16.88888888888889).abs() < 1e-13);
        assert!((test.p_value - 0.0007449184366110784).abs() < 1e-14);
        assert_eq!((test.degrees_of_freedom, test.smallest_expected), (3, 2.5));
        assert!((test.cramers_v - 0.2905932629027116).abs() < 1e-15);
        Ok(())
    }

    #[test]
    fn ten_times_the_rows_leave_the_effect_size_and_shrink_the_p_value() -> Result<()> {
        let counts = array![[30, 20], [22, 28]];
        let few = chi_square_homogeneity(&counts)?;
        let many = chi_square_homogeneity(&(&counts * 10))?;
        assert!((few.cramers_v - many.cramers_v).abs() < 1e-15);
        assert!(few.p_value > 0.1 && many.p_value < 1e-5);
        Ok(())
    }

    #[test]
    fn a_category_that_appears_only_now_is_counted() -> Result<()> {
        let before = ["a"; 50].map(String::from);
        let after = ["b"; 50].map(String::from);
        assert_eq!(category_drift(&before, &after)?.cramers_v, 1.0);
        Ok(())
    }

    #[test]
    fn a_table_without_a_comparison_is_refused() {
        assert!(
            chi_square_homogeneity(&array![[1, 2]])
                .unwrap_err()
                .to_string()
                .contains("1 × 2 cells")
        );
        assert!(chi_square_homogeneity(&array![[1, 0], [2, 0]]).is_err());
        assert!(category_drift(&["a"], &["a"]).is_err());
    }

    #[test]
    fn the_largest_counts_do_not_overflow() -> Result<()> {
        let test = chi_square_homogeneity(&array![[usize::MAX, 1], [1, usize::MAX]])?;
        assert_eq!((test.p_value, test.cramers_v), (0.0, 1.0));
        Ok(())
    }
}
