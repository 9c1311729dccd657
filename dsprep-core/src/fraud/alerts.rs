//! How much fraud is found if people can look at only so many payments?
//!
//! A team of analysts has a fixed size, so that the number of alerts is given and the threshold follows
//! from it: recall at a fixed alert rate (also: top-k recall).

use crate::error::count;
use crate::{Error, Result};
use ndarray::ArrayRef1;

/// What [`recall_at_alert_rate`] found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlertBudget {
    /// Scores from here on are alerts; +∞ if even the highest score is shared by too many.
    pub threshold: f64,
    /// How many alerts that gives.
    pub alerts: usize,
    /// The share of the positives that are among the alerts.
    pub recall: f64,
    /// The share of the alerts that are positive; `None` without alerts.
    pub precision: Option<f64>,
}

/// The lowest threshold that raises an alert for at most the share `rate` of the rows.
///
/// `y_true` holds n labels, 0 or 1, `scores` n scores. Equal scores are alerts together or not at all. O(n log n).
///
/// # Errors
/// [`Error::Shape`] if the lengths differ, [`Error::OutOfRange`] if a label or score is not valid or
/// `rate` is not between 0 and 1, [`Error::Undefined`] without positives.
///
/// # Examples
/// ```
/// use dsprep_core::{fraud::recall_at_alert_rate, ndarray::array};
///
/// let (y_true, scores) = (array![1, 0, 1, 0], array![0.9, 0.8, 0.3, 0.1]);
/// let budget = recall_at_alert_rate(&y_true, &scores, 0.5)?;
/// assert_eq!((budget.alerts, budget.threshold, budget.recall), (2, 0.8, 0.5));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn recall_at_alert_rate(
    y_true: &ArrayRef1<usize>,
    scores: &ArrayRef1<f64>,
    rate: f64,
) -> Result<AlertBudget> {
    if !(0.0..=1.0).contains(&rate) {
        return Err(Error::OutOfRange {
            what: "`rate`".to_owned(),
            found: rate.to_string(),
            expected: "between 0 and 1",
        });
    }
    if scores.len() != y_true.len() {
        return Err(Error::Shape {
            what: "`scores`",
            found: count(scores.len(), "value"),
            expected: format!("{}, one for each of `y_true`", count(y_true.len(), "value")),
        });
    }
    if let Some(at) = scores.iter().position(|score| score.is_nan()) {
        return Err(Error::OutOfRange {
            what: format!("`scores[{at}]`"),
            found: "NaN".to_owned(),
            expected: "a number",
        });
    }
    let positives = crate::evaluate::binary("y_true", y_true)?.positives;
    if positives == 0 {
        return Err(Error::Undefined {
            what: "recall",
            reason: "`y_true` holds no positives, so there is nothing to find".to_owned(),
            remedy: "Add positives.",
        });
    }
    // 0.29 · 100 is 28.999…96 in binary.
    let most = (rate * scores.len() as f64 * (1.0 + 4.0 * f64::EPSILON)).floor() as usize;
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    let mut alerts = most.min(order.len());
    // Step back from the middle of a tie.
    while alerts > 0 && alerts < order.len() && scores[order[alerts]] == scores[order[alerts - 1]] {
        alerts -= 1;
    }
    let hits: usize = order[..alerts].iter().map(|row| y_true[*row]).sum();
    Ok(AlertBudget {
        threshold: alerts
            .checked_sub(1)
            .map_or(f64::INFINITY, |last| scores[order[last]]),
        alerts,
        recall: hits as f64 / positives as f64,
        precision: (alerts > 0).then(|| hits as f64 / alerts as f64),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::{Array1, array};

    #[test]
    fn it_is_the_best_of_all_thresholds_within_the_budget() -> Result<()> {
        let mut rng = RandomState::seed(5);
        let scores: Array1<f64> = rng.rand(300)?.mapv(|p| (p * 40.0).round() / 40.0);
        let y_true: Array1<usize> = scores.mapv(|p| usize::from(rng.rand(()) < p * p));
        for rate in [0.0, 0.01, 0.03, 0.2, 0.55, 1.0] {
            let budget = recall_at_alert_rate(&y_true, &scores, rate)?;
            let found = |threshold: f64| {
                let rows = scores.iter().zip(&y_true).filter(|(s, _)| **s >= threshold);
                (rows.clone().count(), rows.map(|(_, y)| *y).sum::<usize>())
            };
            let allowed = scores
                .iter()
                .map(|s| found(*s))
                .filter(|f| f.0 as f64 <= rate * 300.0);
            let best = allowed.max().unwrap_or((0, 0));
            assert_eq!(budget.alerts, best.0, "{rate}");
            assert_eq!(budget.recall, best.1 as f64 / y_true.sum() as f64);
            assert_eq!(found(budget.threshold).0, budget.alerts);
        }
        Ok(())
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let (y, scores) = (array![1, 0], array![0.5, 0.5]);
        assert!(recall_at_alert_rate(&y, &scores, 1.5).is_err());
        assert!(recall_at_alert_rate(&y, &array![0.5], 0.5).is_err());
        assert!(recall_at_alert_rate(&y, &array![0.5, f64::NAN], 0.5).is_err());
        assert!(recall_at_alert_rate(&array![0, 0], &scores, 0.5).is_err());
        assert!(recall_at_alert_rate(&array![2, 0], &scores, 0.5).is_err());
        let tied = recall_at_alert_rate(&y, &scores, 0.5);
        assert!(tied.is_ok_and(|budget| budget.alerts == 0 && budget.precision.is_none()));
    }
}
