//! An `Option` instead of NaN: the mean of what is there.

use crate::check::Verdict;

/// The answer: the mean of the values that are not NaN.
type Mean = fn(&[f64]) -> Option<f64>;

const CASES: [&[f64]; 7] = [
    &[1.0, f64::NAN, 4.0],
    &[2.0, 4.0, 9.0],
    &[],
    &[f64::NAN, f64::NAN],
    &[-3.0],
    &[0.0, f64::NAN, 0.0, -6.0],
    // Infinity is a number, and not a missing one.
    &[1.0, f64::INFINITY],
];

fn right(values: &[f64]) -> Option<f64> {
    let kept: Vec<f64> = values
        .iter()
        .copied()
        .filter(|value| !value.is_nan())
        .collect();
    (!kept.is_empty()).then(|| kept.iter().sum::<f64>() / kept.len() as f64)
}

/// Checks `mean`, the mean of the values that are not NaN, or `None` if there is none.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_rust_mean;
///
/// let verdict = check_rust_mean(|values| Some(values.iter().sum::<f64>() / values.len() as f64));
/// assert!(verdict.message().contains("NaN"));
/// ```
pub fn check_rust_mean(mean: Mean) -> Verdict {
    Verdict::of(|| {
        let same = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => {
                a == b || (a - b).abs() <= 1e-6 * b.abs().max(1.0) && b.is_finite()
            }
            (a, b) => a.is_none() && b.is_none(),
        };
        let wrong = CASES
            .iter()
            .find(|values| !same(mean(values), right(values)));
        let Some(values) = wrong else {
            return Verdict::passed(
                "`filter` drops what is missing, and `None` says that there is no mean: whoever calls the function has to say \
             what is to happen then, where NaN would travel on unnoticed.",
            );
        };
        let (found, expected) = (mean(values), right(values));
        let all = values.len() as f64;
        let kept: Vec<f64> = values
            .iter()
            .copied()
            .filter(|value| !value.is_nan())
            .collect();
        let sum: f64 = kept.iter().sum();
        Verdict::not_yet(match (found, expected) {
        (Some(found), Some(_)) if found.is_nan() => {
            "Your mean is NaN: one missing value makes the whole sum NaN. Filter with `is_nan()` first.".to_owned()
        }
        (Some(found), None) => {
            format!("Of {values:?} there is no mean: return `None`, and not {found:?}.")
        }
        (None, Some(_)) => format!("Of {values:?} there is a mean, and you return `None`."),
        (found, _) if same(found, Some(sum / all)) => {
            "You divide by the number of all values. The missing ones don't count.".to_owned()
        }
        (found, _) if same(found, Some(sum)) => "That is the sum: divide by the number of values that are there.".to_owned(),
        (Some(found), Some(expected)) if found.is_finite() && expected.is_infinite() => {
            "Infinity is dropped, and only NaN is missing: `is_nan()`, not `is_finite()`.".to_owned()
        }
        (found, expected) => format!("The mean of {values:?} is {expected:?}, and you return {found:?}."),
    })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tried::{assert_accepts, assert_refuses};

    #[test]
    fn right_answers_pass_in_any_form() {
        let by_fold: Mean = |values| {
            let there = values.iter().filter(|value| !value.is_nan());
            let (n, sum) = there.fold((0, 0.0), |(n, sum), value| (n + 1, sum + value));
            if n == 0 {
                None
            } else {
                Some(sum / f64::from(n))
            }
        };
        let by_loop: Mean = |values| {
            let (mut n, mut sum) = (0.0, 0.0);
            for &value in values {
                if value == value.abs() || value < 0.0 {
                    n += 1.0;
                    sum += value;
                }
            }
            (n > 0.0).then_some(sum / n)
        };
        let by_nan: Mean = |values| {
            let kept: Vec<f64> = values
                .iter()
                .copied()
                .filter(|value| !value.is_nan())
                .collect();
            Some(kept.iter().sum::<f64>() / kept.len() as f64).filter(|mean| !mean.is_nan())
        };
        assert_accepts(
            "check_rust_mean",
            [right, by_fold, by_loop, by_nan].map(check_rust_mean),
        );
    }

    #[test]
    fn wrong_answers_are_refused_with_their_reason() {
        fn kept(values: &[f64]) -> Vec<f64> {
            values
                .iter()
                .copied()
                .filter(|value| !value.is_nan())
                .collect()
        }
        let mutants: [(Mean, &str); 13] = [
            (
                |values| {
                    right(
                        &values
                            .iter()
                            .copied()
                            .filter(|v| v.is_finite())
                            .collect::<Vec<_>>(),
                    )
                },
                "Infinity is dropped",
            ),
            (
                |values| {
                    right(
                        &values
                            .iter()
                            .copied()
                            .filter(|v| v.is_normal())
                            .collect::<Vec<_>>(),
                    )
                },
                "That is the sum",
            ),
            (
                |values| {
                    let mut kept = kept(values);
                    kept.sort_by(f64::total_cmp);
                    kept.get(kept.len() / 2).copied()
                },
                "The mean of",
            ),
            (
                |values| Some(values.iter().sum::<f64>() / values.len() as f64),
                "Your mean is NaN",
            ),
            (
                |values| Some(kept(values).iter().sum::<f64>() / kept(values).len() as f64),
                "return `None`, and not NaN",
            ),
            (
                |values| {
                    (!values.is_empty())
                        .then(|| kept(values).iter().sum::<f64>() / values.len() as f64)
                },
                "all values",
            ),
            (|values| Some(kept(values).iter().sum()), "That is the sum"),
            (
                |values| right(values).or(Some(0.0)),
                "return `None`, and not 0.0",
            ),
            (|_| None, "there is a mean"),
            (
                |values| right(values).filter(|_| kept(values).len() == values.len()),
                "there is a mean",
            ),
            (
                |values| right(values).filter(|mean| *mean > 0.0),
                "there is a mean",
            ),
            (|values| kept(values).first().copied(), "The mean of"),
            (
                |values| {
                    right(
                        &values
                            .iter()
                            .map(|value| value.max(0.0))
                            .collect::<Vec<_>>(),
                    )
                },
                "all values",
            ),
        ];
        assert_refuses(
            "check_rust_mean",
            mutants.map(|(wrong, words)| (words, check_rust_mean(wrong))),
        );
    }
}
