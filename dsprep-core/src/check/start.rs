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
    use crate::check::tried::{assert_accepts, assert_refuses};

    type Sum = fn(u64) -> u64;

    #[test]
    fn right_answers_pass_in_any_form() {
        fn by_recursion(n: u64) -> u64 {
            if n == 0 { 0 } else { n + by_recursion(n - 1) }
        }
        let by_loop: Sum = |n| {
            let mut sum = 0;
            for i in 1..=n {
                sum += i;
            }
            sum
        };
        let early: Sum = |n| {
            if n < 2 {
                return n;
            }
            (0..n).fold(n, |sum, i| sum + i)
        };
        let by_floats: Sum = |n| (n as f64 * (n as f64 + 1.0) / 2.0) as u64;
        let right: [Sum; 6] = [
            |n| n * (n + 1) / 2,
            |n| (1..=n).sum(),
            by_recursion,
            by_loop,
            early,
            by_floats,
        ];
        assert_accepts("check_start_sum", right.map(check_start_sum));
    }

    #[test]
    fn wrong_answers_are_refused_with_their_reason() {
        let mutants: [(Sum, &str); 13] = [
            (|_| 0, "still returns 0"),
            (|n| (1..n).sum(), "1..=n"),
            (|n| n, "n itself"),
            (|_| 10, "10 is right for n = 4, but for n = 0"),
            (|n| n.pow(2), "For n = 4 the sum is 10"),
            (|_| u64::MAX, "For n = 4"),
            (|n| (1..=n).product(), "For n = 4"),
            (|n| n * (n + 1), "For n = 4"),
            (|n| n * n.saturating_sub(1) / 2, "1..=n"),
            (|n| n / 2 * (n + 1), "10 is right for n = 4, but for n = 1"),
            (|n| (2..=n).sum(), "For n = 4"),
            (
                |n| (1..=n.min(10)).sum(),
                "10 is right for n = 4, but for n = 1000",
            ),
            (|n| (1..=n).filter(|i| n % i == 0).sum(), "For n = 4"),
        ];
        assert_refuses(
            "check_start_sum",
            mutants.map(|(wrong, words)| (words, check_start_sum(wrong))),
        );
    }
}
