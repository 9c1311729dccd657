//! A `&mut` instead of a hidden change: a column standardised in place.

use crate::check::Verdict;
use crate::random::RandomState;
use ndarray::{Array1, array};

/// The answer: brings a column to mean 0 and standard deviation 1, in place.
type Standardise = fn(&mut Array1<f64>);

/// Columns; the last three have no spread.
fn cases() -> [Array1<f64>; 6] {
    let mut rng = RandomState::seed(1);
    [
        array![1.0, 2.0, 3.0, 6.0],
        Array1::from_shape_simple_fn(50, || rng.randn(())) * 3.0 - 7.0,
        array![-2.0, 2.0],
        array![5.0, 5.0, 5.0],
        array![7.0],
        Array1::zeros(0),
    ]
}

fn centred(values: &Array1<f64>) -> Array1<f64> {
    values - values.mean().unwrap_or(0.0)
}

fn right(values: &Array1<f64>) -> Array1<f64> {
    let sd = if values.is_empty() {
        0.0
    } else {
        values.std(0.0)
    };
    centred(values) / if sd > 0.0 { sd } else { 1.0 }
}

/// Checks `standardise`, which brings a column to mean 0 and population standard deviation 1 in place; a column
/// without spread becomes zeros.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_rust_standardise;
///
/// let verdict = check_rust_standardise(|values| *values -= values.mean().unwrap_or(0.0));
/// assert!(verdict.message().contains("standard deviation"));
/// ```
pub fn check_rust_standardise(standardise: Standardise) -> Verdict {
    Verdict::of(|| {
        for column in cases() {
            let mut changed = column.clone();
            standardise(&mut changed);
            if let Some(message) = what_is_wrong(&column, &changed) {
                return Verdict::not_yet(message);
            }
        }
        Verdict::passed(
            "`&mut` in the signature says that the column changes, and the compiler lets nobody else look at it meanwhile. In \
         Python the same function would look like one that returns something new.",
        )
    })
}

fn what_is_wrong(column: &Array1<f64>, changed: &Array1<f64>) -> Option<String> {
    let same = |other: &Array1<f64>| {
        let mut pairs = changed.iter().zip(other);
        changed.len() == other.len() && pairs.all(|(a, b)| (a - b).abs() <= 1e-6)
    };
    let expected = right(column);
    if same(&expected) {
        return None;
    }
    if changed.iter().any(|value| !value.is_finite()) {
        return Some(format!(
            "{column} has no spread, and 0 / 0 is not a number: leave the zeros as they are."
        ));
    }
    let variance = column.var(0.0);
    let range = column.fold(f64::MIN, |a, b| a.max(*b)) - column.fold(f64::MAX, |a, b| a.min(*b));
    let smallest = column.fold(f64::MAX, |a, b| a.min(*b));
    let mistakes = [
        (
            column.clone(),
            "The column is as it was: change `values` itself, by `*values = …` or `-=`, and not a copy of it.",
        ),
        (
            centred(column),
            "Only the mean is 0: divide by the standard deviation, too.",
        ),
        (
            column / variance.sqrt(),
            "The mean is not 0: subtract it before you divide.",
        ),
        (
            centred(column) / variance,
            "You divide by the variance; it is its square root, `std(0.0)`.",
        ),
        (
            centred(column) / (variance * column.len() as f64 / (column.len() as f64 - 1.0)).sqrt(),
            "You divide by the sample's standard deviation (n − 1). Asked is NumPy's `std()`, `std(0.0)` here.",
        ),
        (
            (column - smallest) / range,
            "That scales to the range from 0 to 1; asked is mean 0 and standard deviation 1.",
        ),
        (
            -&expected,
            "The sign is wrong: subtract the mean from the values.",
        ),
    ];
    let known = mistakes.iter().find(|(wrong, _)| same(wrong));
    Some(known.map_or_else(
        || format!("{column} should become {expected:.3}, and became {changed:.3}."),
        |(_, message)| (*message).to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tried::{assert_accepts, assert_refuses};

    #[test]
    fn right_answers_pass_in_any_form() {
        let in_two_steps: Standardise = |values| {
            *values -= values.mean().unwrap_or(0.0);
            let sd = if values.is_empty() {
                0.0
            } else {
                values.std(0.0)
            };
            if sd > 0.0 {
                *values /= sd;
            }
        };
        let anew: Standardise = |values| *values = right(values);
        let by_loop: Standardise = |values| {
            let n = values.len() as f64;
            let mean = values.iter().sum::<f64>() / n;
            let sd = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
            for value in values.iter_mut() {
                *value = if sd == 0.0 { 0.0 } else { (*value - mean) / sd };
            }
        };
        assert_accepts(
            "check_rust_standardise",
            [in_two_steps, anew, by_loop].map(check_rust_standardise),
        );
    }

    #[test]
    fn wrong_answers_are_refused_with_their_reason() {
        fn scaled(values: &mut Array1<f64>, by: f64) {
            *values = centred(values) / by;
        }
        let mutants: [(Standardise, &str); 10] = [
            (|_| {}, "as it was"),
            (|values| drop(right(values)), "as it was"),
            (|values| *values = centred(values), "Only the mean is 0"),
            (|values| *values /= values.std(0.0), "subtract it before"),
            (|values| scaled(values, values.std(1.0)), "n − 1"),
            (|values| scaled(values, values.var(0.0)), "by the variance"),
            (|values| scaled(values, values.std(0.0)), "has no spread"),
            (|values| *values = -right(values), "The sign is wrong"),
            (
                |values| {
                    let low = values.fold(f64::MAX, |a, b| a.min(*b));
                    let high = values.fold(f64::MIN, |a, b| a.max(*b));
                    *values = (&*values - low) / (high - low);
                },
                "range from 0 to 1",
            ),
            (
                |values| scaled(values, 1e-9 + values.std(0.0) * 1.1),
                "should become",
            ),
        ];
        assert_refuses(
            "check_rust_standardise",
            mutants.map(|(wrong, words)| (words, check_rust_standardise(wrong))),
        );
    }
}
