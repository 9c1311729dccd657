//! Average precision.

use super::super::Verdict;
use super::counts::{close, same};
use crate::random::RandomState;

/// The answer to exercise 3: average precision of labels and scores.
type RankMetric = fn(&[usize], &[f64]) -> Option<f64>;

/// Checks `average_precision_of(labels, scores)`: the mean, over the positives, of the precision among all rows with
/// at least their score; `None` without positives.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q27_average_precision;
/// assert!(!check_q27_average_precision(|_, _| Some(0.5)).has_passed());
/// ```
pub fn check_q27_average_precision(answer: RankMetric) -> Verdict {
    Verdict::of(|| {
        let mut rng = RandomState::seed(27);
        let mut draw = |rows: usize, steps: f64| -> (Vec<usize>, Vec<f64>) {
            let y: Vec<usize> = (0..rows).map(|_| usize::from(rng.rand(()) < 0.3)).collect();
            let scores = y
                .iter()
                .map(|y| ((*y as f64 + rng.randn(())) * steps).round() / steps);
            let scores = scores.collect();
            (y, scores)
        };
        let cases = [
            (vec![1, 0, 1, 0, 0], vec![0.9, 0.8, 0.7, 0.6, 0.1]),
            draw(30, 1e6),
            (vec![0, 1, 0, 1], vec![0.5, 0.5, 0.5, 0.2]),
            (vec![0, 0, 0, 1], vec![0.5; 4]),
            draw(60, 2.0),
        ];
        for (y, scores) in cases {
            let right = by_thresholds(&y, &scores, |scores, from| scores >= from, |y| y == 1);
            let answer = answer(&y, &scores);
            if same(answer, right) {
                continue;
            }
            let (Some(value), Some(right)) = (answer, right) else {
                return Verdict::not_yet("You return `None` though there are positives.");
            };
            return Verdict::not_yet(format!(
                "{}\nFor {} rows, of which {} are positive, you return {value:.4}; it is {right:.4}.",
                why_not_average_precision(value, &y, &scores),
                y.len(),
                y.iter().sum::<usize>(),
            ));
        }
        if let Some(value) = answer(&[0, 0], &[0.2, 0.1]) {
            return Verdict::not_yet(format!(
                "Without positives there is no precision to average, and you return {value}: return `None`."
            ));
        }
        if let Some(value) = answer(&[], &[]) {
            return Verdict::not_yet(format!(
                "Without rows there are no positives, and you return {value}: return `None`."
            ));
        }
        Verdict::passed(
            "The precision at each positive, with all that tie with it: constant scores have the prevalence, whatever the \
         order of the rows. Sorted once it takes O(n log n).",
        )
    })
}

/// The mean of the precision over the rows that `count`, the flagged being those that `flag`.
fn by_thresholds(
    y: &[usize],
    scores: &[f64],
    flag: impl Fn(f64, f64) -> bool,
    count: impl Fn(usize) -> bool,
) -> Option<f64> {
    let rows: Vec<usize> = (0..y.len()).filter(|&row| count(y[row])).collect();
    let precision = |from: f64| {
        let flagged: Vec<usize> = (0..y.len())
            .filter(|&row| flag(scores[row], from))
            .collect();
        flagged.iter().map(|&row| y[row] as f64).sum::<f64>() / flagged.len().max(1) as f64
    };
    let sum: f64 = rows.iter().map(|&row| precision(scores[row])).sum();
    (!rows.is_empty()).then(|| sum / rows.len() as f64)
}

fn why_not_average_precision(value: f64, y: &[usize], scores: &[f64]) -> &'static str {
    let is = |other: Option<f64>| other.is_some_and(|other| close(value, other));
    let at_least = |score: f64, from: f64| score >= from;
    let mut order: Vec<usize> = (0..y.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let ranked = |order: &[usize], counts: fn(usize) -> bool| {
        let (mut hits, mut sum, mut number) = (0.0, 0.0, 0.0);
        for (place, &row) in order.iter().enumerate() {
            hits += y[row] as f64;
            if counts(y[row]) {
                sum += hits / (place + 1) as f64;
                number += 1.0;
            }
        }
        (number > 0.0).then_some(sum / number)
    };
    let labels: ndarray::Array1<usize> = y.iter().copied().collect();
    let values: ndarray::Array1<f64> = scores.iter().copied().collect();
    let positives = y.iter().sum::<usize>() as f64;
    let reversed: Vec<usize> = order.iter().rev().copied().collect();
    if !value.is_finite() {
        "Your result is not a number."
    } else if is(crate::evaluate::roc_auc(&labels, &values).ok()) {
        "That is the ROC AUC: it compares pairs and does not see the prevalence."
    } else if is(by_thresholds(y, scores, at_least, |_| true)) || is(ranked(&order, |_| true)) {
        "You average the precision over all rows. It counts only where a positive is met."
    } else if is(ranked(&order, |y| y == 1)) {
        "Ties: within equal scores your result depends on the order of the rows. Rows of one score are met together, so take \
         the precision at the end of the tie."
    } else if is(ranked(&reversed, |y| y == 1)) {
        "You sort in ascending order: the highest score comes first."
    } else if is(ranked(&order, |y| y == 1).map(|ap| ap * positives / y.len() as f64)) {
        "You divide by the number of rows. Divide by the number of positives."
    } else if is(ranked(&order, |y| y == 1).map(|ap| ap * positives)) {
        "That is a sum. Divide it by the number of positives."
    } else if is(by_thresholds(
        y,
        scores,
        |score, from| score > from,
        |y| y == 1,
    )) {
        "The positive itself is flagged, too: `>=`, not `>`."
    } else {
        "At each positive take the share of positives among all rows with at least its score, then the mean of these."
    }
}
