//! Counts along a ranking: what ROC, precision-recall and cost curves have in common.

use super::checks::same_length;
use crate::Result;
use crate::checks::finite;
use ndarray::ArrayRef1;

/// What is caught if every score of at least `threshold` is called positive.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) threshold: f64,
    pub(super) true_positives: usize,
    pub(super) false_positives: usize,
}

/// One step for each distinct score, the highest first. O(n log n).
///
/// Equal scores make one step: no threshold can separate them.
pub(super) fn steps(y_true: &ArrayRef1<usize>, scores: &ArrayRef1<f64>) -> Result<Vec<Step>> {
    same_length(y_true, "`scores`", scores.len())?;
    finite("scores", scores)?;
    let mut ranked: Vec<(f64, usize)> =
        scores.iter().copied().zip(y_true.iter().copied()).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));

    let mut steps: Vec<Step> = Vec::new();
    let (mut true_positives, mut false_positives) = (0, 0);
    for (score, label) in ranked {
        if label == 1 {
            true_positives += 1;
        } else {
            false_positives += 1;
        }
        let step = Step {
            threshold: score,
            true_positives,
            false_positives,
        };
        match steps.last_mut() {
            Some(last) if last.threshold == score => *last = step,
            _ => steps.push(step),
        }
    }
    Ok(steps)
}
