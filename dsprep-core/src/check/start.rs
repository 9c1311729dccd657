//! The exercise of the start page: the first one, to see how they work.

use super::Verdict;

/// Checks a function that is to return the sum of the numbers from 1 to `n`.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_start_sum;
///
/// assert!(check_start_sum(|n| n * (n + 1) / 2).has_passed());
/// assert!(!check_start_sum(|_| 0).has_passed());
/// ```
pub fn check_start_sum(answer: impl Fn(u64) -> u64) -> Verdict {
    Verdict::of(|| {
        let off_by_one = |n: u64| n.saturating_sub(1) * n / 2;
        let sum = |n: u64| n * (n + 1) / 2;
        let asked = [4, 0, 1, 10, 1000];
        let wrong = asked.into_iter().find(|n| answer(*n) != sum(*n));
        let Some(n) = wrong else {
            return Verdict::passed(
                "1 + n, 2 + (n − 1), … are n / 2 pairs of the sum n + 1. The check tried numbers that the exercise does not \
             name, so a copied 10 would not have passed.",
            );
        };
        let all = |wrong: &dyn Fn(u64) -> u64| asked.into_iter().all(|n| answer(n) == wrong(n));
        Verdict::not_yet(if all(&|_| 0) {
            "Your function still returns 0 for every n. Replace the 0 by the sum 1 + 2 + … + n."
                .to_owned()
        } else if all(&off_by_one) {
            "Your sum ends at n − 1: a range `1..n` leaves its end out. Write `1..=n`.".to_owned()
        } else if all(&|n| n) {
            "Your function returns n itself, which is only the last number of the sum.".to_owned()
        } else if answer(4) == sum(4) {
            format!(
                "10 is right for n = 4, but for n = {n} your function returns {}, not {}.",
                answer(n),
                sum(n)
            )
        } else {
            format!(
                "For n = {n} the sum is {}, and your function returns {}.",
                sum(n),
                answer(n)
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_answers_pass() {
        assert!(check_start_sum(|n| n * (n + 1) / 2).has_passed());
        assert!(check_start_sum(|n| (1..=n).sum()).has_passed());
    }

    #[test]
    fn each_typical_mistake_has_its_own_message() {
        let message = |answer: fn(u64) -> u64| {
            let verdict = check_start_sum(answer);
            assert!(!verdict.has_passed());
            verdict.message().to_owned()
        };
        assert!(message(|_| 0).contains("still returns 0"));
        assert!(message(|n| (1..n).sum()).contains("1..=n"));
        assert!(message(|n| n).contains("n itself"));
        assert!(message(|_| 10).contains("10 is right for n = 4, but for n = 0"));
        assert!(message(|n| n.pow(2)).contains("For n = 4 the sum is 10"));
        assert!(message(|_| u64::MAX).contains("For n = 4"));
    }
}
