//! The threshold that costs least (question 27).
//!
//! If a miss costs 50 and a false alarm 1, 0.5 is the wrong threshold. With calibrated
//! probabilities the best is known in advance: [`Costs::bayes_threshold`]. Without,
//! [`cheapest_threshold`] finds it on a validation set. After Elkan, "The foundations of
//! cost-sensitive learning", 2001.

use super::checks::binary;
use super::confusion::BinaryConfusion;
use super::ranking::{Step, steps};
use crate::checks::number;
use crate::{Error, Result};
use ndarray::ArrayRef1;

/// What the two kinds of error cost, in any one unit.
///
/// # Examples
/// ```
/// use dsprep_core::evaluate::Costs;
/// let costs = Costs::new(1.0, 49.0)?;
/// assert_eq!(costs.bayes_threshold(), 0.02);
/// assert!(Costs::new(1.0, -1.0).is_err());
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Costs {
    false_positive: f64,
    false_negative: f64,
}

impl Costs {
    /// The cost of a false alarm, and that of a miss, above that of a right decision.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if a cost is not positive and finite.
    pub fn new(false_positive: f64, false_negative: f64) -> Result<Self> {
        for (what, cost) in [
            ("`false_positive`", false_positive),
            ("`false_negative`", false_negative),
        ] {
            if !(cost > 0.0 && cost.is_finite()) {
                return Err(Error::OutOfRange {
                    what: what.to_owned(),
                    found: cost.to_string(),
                    expected: "a cost greater than 0",
                });
            }
        }
        Ok(Costs {
            false_positive,
            false_negative,
        })
    }

    /// The probability from which calling it positive is cheaper: FP / (FP + FN). It holds for
    /// calibrated probabilities only.
    pub fn bayes_threshold(&self) -> f64 {
        let sum = self.false_positive + self.false_negative;
        if sum.is_finite() {
            self.false_positive / sum
        } else {
            self.false_positive / 2.0 / (self.false_positive / 2.0 + self.false_negative / 2.0)
        }
    }

    fn total(&self, false_positives: usize, false_negatives: usize) -> f64 {
        self.false_positive * false_positives as f64 + self.false_negative * false_negatives as f64
    }
}

/// What [`cheapest_threshold`] found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CheapestThreshold {
    /// Scores from here on are called positive; +∞ if it is cheapest to call nothing positive.
    pub threshold: f64,
    /// The mean cost per row at that threshold.
    pub cost: f64,
}

/// The mean cost per row if a score of at least `threshold` is called positive. O(n).
///
/// # Errors
/// As [`BinaryConfusion::at_threshold`].
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::{Costs, expected_cost}, ndarray::array};
/// let (y_true, scores) = (array![1, 0, 0, 1], array![0.9, 0.6, 0.2, 0.3]);
/// assert_eq!(expected_cost(&y_true, &scores, 0.5, Costs::new(1.0, 7.0)?)?, 2.0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn expected_cost(
    y_true: &ArrayRef1<usize>,
    scores: &ArrayRef1<f64>,
    threshold: f64,
    costs: Costs,
) -> Result<f64> {
    let counts = BinaryConfusion::at_threshold(y_true, scores, threshold)?;
    let total = costs.total(counts.false_positives, counts.false_negatives);
    number("the expected cost", total / y_true.len() as f64)
}

/// The score from which calling it positive costs least on these rows; the highest one if several
/// do.
///
/// One sort instead of one pass for each candidate: O(n log n). The cost it reports is optimistic,
/// as it was chosen on the same rows: measure it on others.
///
/// # Errors
/// [`Error::Empty`], [`Error::Shape`] if the lengths differ, [`Error::OutOfRange`] if a label or
/// score is not valid.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::{Costs, cheapest_threshold}, ndarray::array};
/// let (y_true, scores) = (array![1, 0, 0, 1], array![0.9, 0.6, 0.2, 0.3]);
/// // A miss is dear: better one false alarm than a miss.
/// assert_eq!(cheapest_threshold(&y_true, &scores, Costs::new(1.0, 7.0)?)?.threshold, 0.3);
/// assert_eq!(cheapest_threshold(&y_true, &scores, Costs::new(7.0, 1.0)?)?.threshold, 0.9);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn cheapest_threshold(
    y_true: &ArrayRef1<usize>,
    scores: &ArrayRef1<f64>,
    costs: Costs,
) -> Result<CheapestThreshold> {
    let steps = steps(y_true, scores)?;
    let positives = binary("y_true", y_true)?.positives;
    let rows = y_true.len() as f64;
    let cost =
        |step: &Step| costs.total(step.false_positives, positives - step.true_positives) / rows;
    let mut best = CheapestThreshold {
        threshold: f64::INFINITY,
        cost: costs.total(0, positives) / rows,
    };
    for step in &steps {
        if cost(step) < best.cost {
            best = CheapestThreshold {
                threshold: step.threshold,
                cost: cost(step),
            };
        }
    }
    number("the expected cost", best.cost)?;
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::sample::sample;
    use crate::random::RandomState;
    use ndarray::Array1;

    #[test]
    fn one_sort_finds_what_trying_every_threshold_finds() -> Result<()> {
        let (y_true, scores) = sample();
        for (alarm, miss) in [
            (1.0, 5.0),
            (1.0, 1.0),
            (20.0, 1.0),
            (1.0, 1000.0),
            (1e6, 1.0),
        ] {
            let costs = Costs::new(alarm, miss)?;
            let best = cheapest_threshold(&y_true, &scores, costs)?;
            let mut lowest = f64::INFINITY;
            for &candidate in scores.iter().chain(&[f64::INFINITY]) {
                lowest = lowest.min(expected_cost(&y_true, &scores, candidate, costs)?);
            }
            assert_eq!(best.cost, lowest);
            assert_eq!(
                expected_cost(&y_true, &scores, best.threshold, costs)?,
                lowest
            );
        }
        Ok(())
    }

    #[test]
    fn it_equals_a_search_in_numpy() -> Result<()> {
        let (y_true, scores) = sample();
        // min(((5 * ((p < t) & (y == 1)).sum() + ((p >= t) & (y == 0)).sum()) / 200, -t) for t in
        // p)
        let best = cheapest_threshold(&y_true, &scores, Costs::new(1.0, 5.0)?)?;
        assert_eq!((best.cost, best.threshold), (0.34, 0.4));
        Ok(())
    }

    #[test]
    fn for_calibrated_probabilities_it_comes_near_the_bayes_threshold() -> Result<()> {
        let mut rng = RandomState::seed(8);
        let p = rng.rand(200_000)?;
        let y_true: Array1<usize> = p.iter().map(|&p| usize::from(rng.rand(()) < p)).collect();
        let costs = Costs::new(1.0, 4.0)?;
        let best = cheapest_threshold(&y_true, &p, costs)?;
        assert!((best.threshold - costs.bayes_threshold()).abs() < 0.03);
        let at_bayes = expected_cost(&y_true, &p, costs.bayes_threshold(), costs)?;
        assert!(at_bayes < expected_cost(&y_true, &p, 0.5, costs)?);
        Ok(())
    }

    #[test]
    fn the_greatest_costs_have_a_threshold() -> Result<()> {
        assert_eq!(Costs::new(1e308, 1e308)?.bayes_threshold(), 0.5);
        Ok(())
    }
}
