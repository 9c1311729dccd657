//! The AUC as the share of pairs in the right order, ties counted half (Hanley and McNeil, 1982).

use super::near;
use crate::check::Verdict;
use crate::random::RandomState;

/// An AUC from the scores of the positives and of the negatives.
type Auc = fn(&[f64], &[f64]) -> Option<f64>;

/// The mean of 1 for a pair in order, `tie` for a tie and 0 otherwise.
fn pairs(positives: &[f64], negatives: &[f64], tie: f64) -> Option<f64> {
    let number = positives.len() * negatives.len();
    let score = |positive: f64, negative: f64| match positive.total_cmp(&negative) {
        std::cmp::Ordering::Greater => 1.0,
        std::cmp::Ordering::Equal => tie,
        std::cmp::Ordering::Less => 0.0,
    };
    let of_one = |positive: &f64| {
        negatives
            .iter()
            .map(|negative| score(*positive, *negative))
            .sum::<f64>()
    };
    (number > 0).then(|| positives.iter().map(of_one).sum::<f64>() / number as f64)
}

const WRONG_AUCS: [(Auc, &str); 6] = [
    (
        |p, n| pairs(p, n, 0.5).map(|auc| auc.max(1.0 - auc)),
        "You turn an AUC below 0.5 upside down. A model that ranks worse than guessing has to show it: it is a bug in the \
         labels or the sign, and the AUC is how you find out.",
    ),
    (
        |p, n| pairs(p, n, 0.0),
        "Ties count nothing for you, as in the printed line: a model that gives everybody the same score would have an \
         AUC of 0, worse than guessing. A tie counts one half.",
    ),
    (
        |p, n| pairs(p, n, 1.0),
        "Ties count as won for you (`>=`): a model that gives everybody the same score would be perfect. A tie counts \
         one half.",
    ),
    (
        |p, n| pairs(n, p, 0.5),
        "Upside down: count the pairs in which the positive has the higher score. Yours is 1 − AUC.",
    ),
    (
        |p, n| pairs(p, n, 0.5).map(|auc| auc * (p.len() * n.len()) as f64),
        "That is the number of pairs in the right order, Mann and Whitney's U. Divide by the number of all pairs.",
    ),
    (
        |p, n| {
            let of = |own: &[f64], over: bool| own.iter().filter(|s| (**s > 0.5) == over).count();
            let number = p.len() + n.len();
            (number > 0).then(|| (of(p, true) + of(n, false)) as f64 / number as f64)
        },
        "That is the accuracy at the threshold 0.5. The AUC needs no threshold: it compares each positive with each \
         negative.",
    ),
];

/// Exercise 2 of the reference card: the ROC-AUC from the scores of the positives and those of the
/// negatives, ties counted half; `None` where there are no pairs.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_card_auc;
///
/// let verdict = check_card_auc(|positives, negatives| {
///     let won = positives.iter().flat_map(|p| negatives.iter().filter(move |n| p > n)).count();
///     Some(won as f64 / (positives.len() * negatives.len()) as f64)
/// });
/// assert!(verdict.message().contains("one half"));
/// ```
pub fn check_card_auc(answer: impl Fn(&[f64], &[f64]) -> Option<f64>) -> Verdict {
    Verdict::of(|| {
        let cases = scores();
        let right = |p: &[f64], n: &[f64]| pairs(p, n, 0.5);
        let same = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => near(a, b),
            (a, b) => a == b,
        };
        let is_always = |wrong: Auc| {
            let mut cases = cases.iter();
            cases.all(|(p, n)| same(answer(p, n), wrong(p, n)))
        };
        if let Some((_, message)) = WRONG_AUCS.iter().find(|(wrong, _)| is_always(*wrong)) {
            return Verdict::not_yet(*message);
        }
        for (positives, negatives) in &cases {
            let (found, expected) = (answer(positives, negatives), right(positives, negatives));
            if same(found, expected) {
                continue;
            }
            let Some(found) = found else {
                return Verdict::not_yet(
                    "You return `None` though there are positives and negatives to compare.",
                );
            };
            return Verdict::not_yet(format!(
                "For the positives {positives:?} and the negatives {negatives:?} you return {found:.4}, not {:.4}: the share of \
             all pairs in which the positive is higher, and half of the ties.",
                expected.unwrap_or(f64::NAN)
            ));
        }
        for (positives, negatives) in [(vec![], vec![0.5]), (vec![0.5], vec![]), (vec![], vec![])] {
            if let Some(found) = answer(&positives, &negatives) {
                return Verdict::not_yet(format!(
                    "Without positives, or without negatives, there is no pair to compare, and you return {found}: the AUC \
                 is not defined there. Return `None`, not NaN and not a number that looks like a result."
                ));
            }
        }
        Verdict::passed(
            "All pairs take O(n²); sorting once and adding up ranks gives the same in O(n log n). Neither the prevalence nor \
         any threshold enters, and a model without knowledge has 0.5, whether it guesses or gives one score to all.",
        )
    })
}

/// The first are all ties; then scores with many, and with few of them.
fn scores() -> Vec<(Vec<f64>, Vec<f64>)> {
    let mut rng = RandomState::seed(2);
    let mut draw = |number: usize, shift: f64, steps: f64| {
        let uniform = (0..number).map(|_| rng.random_sample(()));
        let rounded = uniform.map(|u| ((u + shift) / 1.4 * steps).round() / steps);
        rounded.collect::<Vec<f64>>()
    };
    vec![
        (vec![0.7, 0.7], vec![0.7, 0.7, 0.7]),
        (vec![0.9, 0.4], vec![0.4, 0.1, 0.6]),
        (draw(12, 0.4, 5.0), draw(30, 0.0, 5.0)),
        (draw(20, 0.2, 1000.0), draw(15, 0.0, 1000.0)),
        // Worse than guessing.
        (draw(9, 0.0, 10.0), draw(11, 0.4, 10.0)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_auc_passes_and_each_wrong_one_has_its_message() {
        let right = |p: &[f64], n: &[f64]| pairs(p, n, 0.5);
        assert!(check_card_auc(right).has_passed());
        for (wrong, message) in WRONG_AUCS {
            assert_eq!(check_card_auc(wrong).told(), message);
        }
        let guess = |p: &[f64], n: &[f64]| right(p, n).or(Some(0.5));
        assert!(check_card_auc(guess).told().contains("not defined there"));
        let nan = |p: &[f64], n: &[f64]| right(p, n).or(Some(f64::NAN));
        assert!(check_card_auc(nan).told().contains("not NaN"));
        let at_least_half = |p: &[f64], n: &[f64]| right(p, n).map(|auc: f64| auc.max(1.0 - auc));
        assert!(check_card_auc(at_least_half).told().contains("below 0.5"));
        assert!(check_card_auc(|_, _| None).told().contains("to compare"));
    }

    #[test]
    fn the_check_of_the_auc_agrees_with_the_library() -> crate::Result<()> {
        for (positives, negatives) in scores() {
            let y = (0..positives.len() + negatives.len())
                .map(|row| usize::from(row < positives.len()))
                .collect::<ndarray::Array1<usize>>();
            let both = ndarray::Array1::from([positives.clone(), negatives.clone()].concat());
            let auc = crate::evaluate::roc_auc(&y, &both)?;
            assert!(pairs(&positives, &negatives, 0.5).is_some_and(|own| near(own, auc)));
        }
        Ok(())
    }

    #[test]
    fn an_auc_that_is_nonsense_is_told() {
        for nonsense in [f64::NAN, -3.0, 0.5, f64::NEG_INFINITY] {
            assert!(
                check_card_auc(|_, _| Some(nonsense))
                    .told()
                    .contains("you return")
            );
        }
    }
}
