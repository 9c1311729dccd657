//! Recall at k.

use super::super::Verdict;
use super::lists::{List, lists};

/// Checks a function (recommended, relevant, k) → the share of the relevant items among the first k.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q23_recall;
/// fn answer(recommended: &[usize], relevant: &[usize], k: usize) -> f64 {
///     let hits = recommended.iter().take(k).filter(|item| relevant.contains(item)).count();
///     hits as f64 / relevant.len() as f64
/// }
/// assert!(check_q23_recall(answer).has_passed());
/// ```
pub fn check_q23_recall(answer: impl Fn(&[usize], &[usize], usize) -> f64) -> Verdict {
    Verdict::of(|| {
        if let Some(verdict) = recall_of_a_short_list(&answer) {
            return verdict;
        }
        let lists = lists();
        let ours = |list: &List| list.hits() / list.relevant.len() as f64;
        let theirs = |list: &List| answer(&list.recommended, &list.relevant, list.k);
        let same = |rule: &dyn Fn(&List) -> f64| {
            lists
                .iter()
                .all(|list| (theirs(list) - rule(list)).abs() < 1e-6)
        };
        if same(&ours) {
            return Verdict::passed(
                "Recall@k asks how much of what the user wanted is there. It can only grow with k, and it says \
             nothing about the order within the first k: for that there is NDCG.",
            );
        }
        let whole = |list: &List| {
            let k = list.recommended.len();
            List { k, ..list.clone() }.hits() / list.relevant.len() as f64
        };
        let why = if lists.iter().any(|list| !theirs(list).is_finite()) {
            "The result must be a finite number: there is always a relevant item, so nothing is divided by 0."
        } else if same(&|list| list.hits() / list.k as f64) {
            "That is precision: it divides by k, the length of the list. Recall divides by the number of \
         relevant items."
        } else if same(&whole) {
            "It looks at the whole list. Only the first k are shown to the user."
        } else if same(&List::hits) {
            "That is the number of hits; recall is their share of the relevant items."
        } else if same(&|list| list.hits() / list.relevant.len().min(list.k) as f64) {
            "It divides by the smaller of k and the number of relevant items, a variant which a perfect short \
         list can bring to 1. Here, divide by the number of relevant items."
        } else {
            "Count the items among the first k that are relevant, and divide by the number of relevant items."
        };
        let wrong = lists.iter().find(|list| {
            let difference = (theirs(list) - ours(list)).abs();
            difference.is_nan() || difference >= 1e-6
        });
        let example = wrong.map(|list| {
        let List {
            recommended,
            relevant,
            k,
        } = list;
        let (ours, theirs) = (ours(list), theirs(list));
        format!(
            "\nRecommended {recommended:?}, relevant {relevant:?}, k = {k}: {ours:.4}, not {theirs:.4}."
        )
    });
        Verdict::not_yet(why.to_owned() + &example.unwrap_or_default())
    })
}

/// What is said of an answer that fails where fewer than k items are recommended.
fn recall_of_a_short_list(answer: &impl Fn(&[usize], &[usize], usize) -> f64) -> Option<Verdict> {
    let list = || answer(&[7, 9], &[9, 11], 10);
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(list))
        .is_err()
        .then(|| {
            Verdict::not_yet(
                "It panics where the list is shorter than k: there may be 2 items to recommend and k = 10. \
                 `iter().take(k)` takes what is there, `[..k]` does not.",
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(verdict: Verdict, words: &str) {
        assert!(!verdict.has_passed());
        assert!(verdict.message().contains(words), "{verdict}");
    }

    fn hits(recommended: &[usize], relevant: &[usize], k: usize) -> f64 {
        let first = recommended.iter().take(k);
        first.filter(|item| relevant.contains(item)).count() as f64
    }

    #[test]
    fn recall_is_told_from_precision_and_other_mistakes() {
        assert!(check_q23_recall(|l, r, k| hits(l, r, k) / r.len() as f64).has_passed());
        says(
            check_q23_recall(|l, r, k| hits(l, r, k) / k as f64),
            "precision",
        );
        says(
            check_q23_recall(|l, r, _| hits(l, r, l.len()) / r.len() as f64),
            "whole list",
        );
        says(check_q23_recall(hits), "number of hits");
        let capped = |l: &[usize], r: &[usize], k: usize| hits(l, r, k) / r.len().min(k) as f64;
        says(check_q23_recall(capped), "smaller of k");
        says(check_q23_recall(|_, _, _| f64::NAN), "finite number");
        says(check_q23_recall(|_, _, _| 1.0 / 3.0), "Count the items");
        says(check_q23_recall(|_, _, _| -7.0), "Count the items");
    }
}
