//! Features as bins: one byte a value, column by column.

use crate::trees::threshold::between;
use ndarray::{ArrayRef1, ArrayRef2};

/// The most bins that fit into a byte.
pub(super) const MOST_BINS: usize = 256;

/// The features in bins. A column with no more distinct values than bins has one bin for each
/// value, so that nothing is lost; the bins of another hold about equally many rows, and end at the same rows as
/// scikit-learn's.
pub(super) struct Bins {
    rows: usize,
    /// Column after column.
    bins: Vec<u8>,
    /// For each column, where one bin ends and the next begins.
    thresholds: Vec<Vec<f64>>,
}

impl Bins {
    /// Sorts each column: O(columns · rows · log rows).
    pub(super) fn new(x: &ArrayRef2<f64>, most: usize) -> Self {
        let mut bins = Vec::with_capacity(x.len());
        let mut thresholds = Vec::with_capacity(x.ncols());
        for column in x.columns() {
            let between = boundaries(&column, most);
            bins.extend(column.iter().map(|&value| bin_of(&between, value)));
            thresholds.push(between);
        }
        Bins {
            rows: x.nrows(),
            bins,
            thresholds,
        }
    }

    pub(super) fn features(&self) -> usize {
        self.thresholds.len()
    }

    /// The bin of each row.
    pub(super) fn column(&self, feature: usize) -> &[u8] {
        &self.bins[feature * self.rows..(feature + 1) * self.rows]
    }

    /// How many bins the feature has.
    pub(super) fn count(&self, feature: usize) -> usize {
        self.thresholds[feature].len() + 1
    }

    /// The boundary of `bin` and the next.
    pub(super) fn threshold(&self, feature: usize, bin: u8) -> f64 {
        self.thresholds[feature][bin as usize]
    }
}

/// How many boundaries lie below `value`.
fn bin_of(boundaries: &[f64], value: f64) -> u8 {
    boundaries.partition_point(|&boundary| boundary < value) as u8
}

fn boundaries(column: &ArrayRef1<f64>, most: usize) -> Vec<f64> {
    let mut sorted = column.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let mut distinct = sorted.clone();
    distinct.dedup();
    if distinct.len() <= most {
        let pairs = distinct.windows(2);
        return pairs.map(|pair| between(pair[0], pair[1])).collect();
    }
    let mut boundaries: Vec<f64> = (1..most)
        .filter_map(|k| {
            let low = sorted[(k * sorted.len()).div_ceil(most) - 1];
            let next = distinct.partition_point(|&value| value <= low);
            Some(between(low, *distinct.get(next)?))
        })
        .collect();
    boundaries.dedup();
    boundaries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::{Array2, Axis, array};

    #[test]
    fn few_distinct_values_have_a_bin_each() {
        let x = array![[3.0], [1.0], [3.0], [-2.0]];
        let bins = Bins::new(&x, 256);
        assert_eq!(bins.column(0), [2, 1, 2, 0]);
        assert_eq!((bins.threshold(0, 0), bins.threshold(0, 1)), (-0.5, 2.0));
    }

    #[test]
    fn bins_of_a_continuous_feature_hold_equally_many_rows_and_keep_the_order() {
        let x = RandomState::seed(3).randn((10_000, 1)).unwrap();
        let bins = Bins::new(&x, 100);
        let mut counts = [0; 100];
        for (&bin, &value) in bins.column(0).iter().zip(&x) {
            counts[bin as usize] += 1;
            assert!(bin == 0 || value > bins.threshold(0, bin - 1));
            assert!(bin == 99 || value <= bins.threshold(0, bin));
        }
        assert_eq!(counts, [100; 100]);
    }

    #[test]
    fn bins_end_at_the_quantiles_where_rows_do_not_divide_evenly() {
        // `np.percentile(np.arange(10), [25, 50, 75], method="averaged_inverted_cdf")` is 2, 4.5, 7.
        let x = Array2::from_shape_fn((10, 1), |(i, _)| i as f64);
        let bins = Bins::new(&x, 4);
        assert_eq!(bins.column(0), [0, 0, 0, 1, 1, 2, 2, 2, 3, 3]);
    }

    #[test]
    fn a_value_that_fills_most_of_a_column_does_not_make_empty_bins() {
        let x = Array2::from_shape_fn((1000, 1), |(i, _)| i.saturating_sub(900) as f64);
        let bins = Bins::new(&x, 10);
        for bin in 0..bins.count(0) {
            assert!(bins.column(0).contains(&(bin as u8)));
        }
        assert_eq!(bins.count(0), 2);
        assert_eq!(x.len_of(Axis(0)), bins.column(0).len());
    }

    #[test]
    fn a_constant_column_has_one_bin() {
        assert_eq!(Bins::new(&array![[0.0], [-0.0], [0.0]], 256).count(0), 1);
    }
}
