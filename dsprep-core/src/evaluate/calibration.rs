//! Do the predicted probabilities come true? (question 27)
//!
//! Of the rows that were given about 0.8, about 80 % should be positive. [`calibration_curve`]
//! shows it bin by bin (the reliability diagram of Murphy and Winkler, 1977);
//! [`expected_calibration_error`] is its weighted mean gap (Naeini, Cooper and Hauskrecht, 2015).

use super::probability::check;
use crate::Result;
use crate::error::out_of_range;
use ndarray::ArrayRef1;

/// How the probabilities are put into bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binning {
    /// Bins of equal width between 0 and 1: scikit-learn's `uniform`.
    EqualWidth,
    /// Bins between the quantiles, with about equally many rows: scikit-learn's `quantile`. Better
    /// if the probabilities crowd at one end, as they do for rare positives.
    Quantile,
}

/// One bin of a calibration curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationBin {
    /// The bin begins above here; the first one includes it.
    pub lower: f64,
    /// The bin ends here, included.
    pub upper: f64,
    /// How many rows fall into the bin, at least one.
    pub count: usize,
    /// The mean of their probabilities.
    pub mean_predicted: f64,
    /// The share of them that is positive.
    pub observed: f64,
}

/// Mean prediction and observed share of positives in each bin that is not empty.
///
/// `probabilities` (n) are of the class 1, `y_true` holds n labels, 0 or 1. Equal to scikit-learn's
/// `calibration_curve`. O(n log n).
///
/// # Errors
/// [`crate::Error::Empty`], [`crate::Error::Shape`] if the lengths differ, [`crate::Error::OutOfRange`] if a label or
/// probability is not valid or `bins` is 0.
///
/// # Examples
/// ```
/// use dsprep_core::evaluate::{Binning, calibration_curve};
/// use dsprep_core::ndarray::array;
/// let curve = calibration_curve(&array![0, 1, 1, 1], &array![0.2, 0.4, 0.9, 0.7], 2, Binning::EqualWidth)?;
/// assert_eq!((curve[0].observed, curve[1].observed), (0.5, 1.0));
/// assert_eq!(curve[1].mean_predicted, 0.8);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn calibration_curve(
    y_true: &ArrayRef1<usize>,
    probabilities: &ArrayRef1<f64>,
    bins: usize,
    binning: Binning,
) -> Result<Vec<CalibrationBin>> {
    check(y_true, probabilities)?;
    if !(1..=super::MOST_BINS).contains(&bins) {
        return Err(out_of_range("`bins`", bins, "1 to 100000; 10 is usual"));
    }
    let edges = match binning {
        Binning::EqualWidth => equal_width_edges(bins),
        Binning::Quantile => quantile_edges(probabilities, bins),
    };
    let mut totals = vec![(0, 0.0, 0); bins];
    for (&label, &p) in y_true.iter().zip(probabilities) {
        let inner = &edges[1..bins];
        let (count, sum, positives) = &mut totals[inner.partition_point(|&edge| edge < p)];
        *count += 1;
        *sum += p;
        *positives += label;
    }
    let bins = totals.iter().zip(edges.windows(2));
    Ok(bins
        .filter(|((count, _, _), _)| *count > 0)
        .map(|(&(count, sum, positives), edges)| CalibrationBin {
            lower: edges[0],
            upper: edges[1],
            count,
            mean_predicted: sum / count as f64,
            observed: positives as f64 / count as f64,
        })
        .collect())
}

/// The mean of |observed − mean predicted| over the bins, weighted by their rows: 0 is calibrated.
///
/// It depends on the bins, and always predicting the prevalence scores 0: it says nothing about
/// ranking. Give it together with [`brier_score`](super::brier_score).
///
/// # Errors
/// As [`calibration_curve`].
///
/// # Examples
/// ```
/// use dsprep_core::evaluate::{Binning, expected_calibration_error};
/// use dsprep_core::ndarray::array;
/// let (y_true, sure) = (array![1, 0, 1, 0], array![1.0, 1.0, 1.0, 1.0]);
/// assert_eq!(expected_calibration_error(&y_true, &sure, 10, Binning::EqualWidth)?, 0.5);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn expected_calibration_error(
    y_true: &ArrayRef1<usize>,
    probabilities: &ArrayRef1<f64>,
    bins: usize,
    binning: Binning,
) -> Result<f64> {
    let curve = calibration_curve(y_true, probabilities, bins, binning)?;
    let gaps = curve
        .iter()
        .map(|bin| bin.count as f64 * (bin.observed - bin.mean_predicted).abs());
    Ok(gaps.sum::<f64>() / y_true.len() as f64)
}

/// 0, 1/bins, ..., 1 as `np.linspace(0, 1, bins + 1)` has them: multiples of a rounded step, so that
/// 0.30000000000000004 is the edge of the third of ten bins.
fn equal_width_edges(bins: usize) -> Vec<f64> {
    let step = 1.0 / bins as f64;
    let edge = |i| if i == bins { 1.0 } else { i as f64 * step };
    (0..=bins).map(edge).collect()
}

/// The quantiles 0, 1/bins, ..., 1. The order of the operations is scikit-learn's, because many
/// probabilities may lie exactly on an edge, and then the last bit decides on which side.
fn quantile_edges(values: &ArrayRef1<f64>, bins: usize) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let step = 1.0 / bins as f64;
    let percents = (0..=bins).map(|i| {
        if i == bins {
            100.0
        } else {
            i as f64 * step * 100.0
        }
    });
    percents
        .map(|percent| super::drift::quantile(&sorted, percent / 100.0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::sample::sample;
    use crate::random::RandomState;
    use ndarray::{Array1, array};

    fn assert_close(found: impl Iterator<Item = f64>, expected: &[f64]) {
        let found: Vec<f64> = found.collect();
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-14, "{found} {expected}");
        }
    }

    #[test]
    fn both_kinds_of_bins_equal_scikit_learn() -> Result<()> {
        let (y_true, p) = sample();
        // calibration_curve(y, p, n_bins=5, strategy=...), scikit-learn 1.9.1.
        let uniform = calibration_curve(&y_true, &p, 5, Binning::EqualWidth)?;
        assert_close(
            uniform.iter().map(|bin| bin.observed),
            &[
                0.03773584905660377,
                0.12280701754385964,
                0.36363636363636365,
                0.6944444444444444,
                0.8571428571428571,
            ],
        );
        assert_close(
            uniform.iter().map(|bin| bin.mean_predicted),
            &[
                0.13207547169811318,
                0.3184210526315791,
                0.515151515151515,
                0.7375000000000002,
                0.8999999999999998,
            ],
        );
        let quantile = calibration_curve(&y_true, &p, 5, Binning::Quantile)?;
        assert_close(
            quantile.iter().map(|bin| bin.observed),
            &[
                0.05,
                0.045454545454545456,
                0.25,
                0.4782608695652174,
                0.8529411764705882,
            ],
        );
        // sum((ids == k).mean() * abs(y[ids == k].mean() - p[ids == k].mean()) for k in range(5)),
        // ids = np.searchsorted(np.linspace(0, 1, 6)[1:-1], p).
        let error = expected_calibration_error(&y_true, &p, 5, Binning::EqualWidth)?;
        assert!((error - 0.118).abs() < 1e-14);
        Ok(())
    }

    #[test]
    fn probabilities_that_come_true_have_almost_no_error_and_squared_ones_do() -> Result<()> {
        let mut rng = RandomState::seed(5);
        let p = rng.rand(100_000)?;
        let y_true: Array1<usize> = p.iter().map(|&p| usize::from(rng.rand(()) < p)).collect();
        for binning in [Binning::EqualWidth, Binning::Quantile] {
            assert!(expected_calibration_error(&y_true, &p, 10, binning)? < 0.01);
            // E|p² − p| = 1/6 for uniform p.
            let squared = p.mapv(|p| p * p);
            let error = expected_calibration_error(&y_true, &squared, 10, binning)?;
            assert!((error - 1.0 / 6.0).abs() < 0.01);
        }
        Ok(())
    }

    /// `calibration_curve([0, 1], [.1 + .2, .35], n_bins=10)`, scikit-learn 1.9.1: 0.1 + 0.2 lies in the third bin.
    #[test]
    fn the_last_bit_of_an_edge_is_that_of_numpy() -> Result<()> {
        let curve = calibration_curve(
            &array![0, 1],
            &array![0.1 + 0.2, 0.35],
            10,
            Binning::EqualWidth,
        )?;
        assert_eq!(
            (curve.len(), curve[0].observed, curve[1].observed),
            (2, 0.0, 1.0)
        );
        let error = calibration_curve(
            &array![0, 1],
            &array![0.1, 0.9],
            usize::MAX,
            Binning::Quantile,
        );
        assert!(error.unwrap_err().to_string().contains("1 to 100000"));
        Ok(())
    }

    #[test]
    fn zero_bins_are_refused_and_equal_probabilities_share_one_bin() -> Result<()> {
        let (y_true, p) = (array![0, 1], array![0.3, 0.3]);
        assert!(calibration_curve(&y_true, &p, 0, Binning::Quantile).is_err());
        let curve = calibration_curve(&y_true, &p, 10, Binning::Quantile)?;
        assert_eq!((curve.len(), curve[0].count), (1, 2));
        Ok(())
    }
}
