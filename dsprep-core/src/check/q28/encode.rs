//! A target encoding that knows nothing of the row's own label.

use super::super::Verdict;
use crate::random::RandomState;

/// The answer: categories, labels and folds of the rows → the encoded column.
type Encode = fn(&[usize], &[usize], &[usize]) -> Vec<f64>;

/// Checks `encode(categories, labels, folds)`: each row gets the mean label of its category in the *other* folds, or
/// the mean of all labels there if its category is not in them.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q28_encode;
/// assert!(!check_q28_encode(|_, labels, _| vec![0.5; labels.len()]).has_passed());
/// ```
pub fn check_q28_encode(answer: Encode) -> Verdict {
    Verdict::of(|| {
        for case in cases() {
            let found = answer(&case.categories, &case.labels, &case.folds);
            let right = case.encoded(&Case::out_of_fold);
            if !same(&found, &right) {
                return Verdict::not_yet(wrong(&case, &found, &right));
            }
        }
        Verdict::passed(
            "A row's own label is nowhere in its own encoding, so that the column is as good on the training rows as it will be \
         on new ones. When serving, the means of *all* training rows are used; with few rows in a category, shrink them \
         towards the overall mean.",
        )
    })
}

/// Rows to encode.
struct Case {
    categories: Vec<usize>,
    labels: Vec<usize>,
    folds: Vec<usize>,
}

/// The mean of these labels; none if there are no rows.
fn mean(labels: impl Iterator<Item = usize>) -> Option<f64> {
    let labels: Vec<usize> = labels.collect();
    let sum: usize = labels.iter().sum();
    (!labels.is_empty()).then(|| sum as f64 / labels.len() as f64)
}

impl Case {
    fn of(&self, keep: impl Fn(usize) -> bool) -> Option<f64> {
        let rows = (0..self.labels.len()).filter(|&row| keep(row));
        mean(rows.map(|row| self.labels[row]))
    }

    fn encoded(&self, value: &dyn Fn(&Case, usize) -> f64) -> Vec<f64> {
        (0..self.labels.len()).map(|row| value(self, row)).collect()
    }

    fn is_like(&self, row: usize, other: usize) -> bool {
        self.categories[other] == self.categories[row]
    }

    /// The mean of the row's category in the other folds.
    fn in_others(&self, row: usize) -> Option<f64> {
        self.of(|other| self.is_like(row, other) && self.folds[other] != self.folds[row])
    }

    /// The mean of all labels in the other folds.
    fn others(&self, row: usize) -> f64 {
        self.of(|other| self.folds[other] != self.folds[row])
            .unwrap_or(f64::NAN)
    }

    fn out_of_fold(&self, row: usize) -> f64 {
        self.in_others(row).unwrap_or_else(|| self.others(row))
    }
}

/// Four rows to be done by hand, and random ones with some rare categories.
fn cases() -> Vec<Case> {
    let mut cases = vec![Case {
        categories: vec![0, 0, 1, 0],
        labels: vec![1, 0, 1, 1],
        folds: vec![0, 1, 1, 1],
    }];
    let mut rng = RandomState::seed(2803);
    for rows in [60, 200] {
        let draw = |below: f64, rng: &mut RandomState| -> Vec<usize> {
            (0..rows)
                .map(|_| (rng.rand(()).powi(2) * below) as usize)
                .collect()
        };
        cases.push(Case {
            categories: draw(25.0, &mut rng),
            labels: (0..rows).map(|_| usize::from(rng.rand(()) < 0.3)).collect(),
            folds: (0..rows).map(|row| row % 3).collect(),
        });
    }
    cases
}

fn same(found: &[f64], right: &[f64]) -> bool {
    found.len() == right.len() && found.iter().zip(right).all(|(a, b)| (a - b).abs() <= 1e-6)
}

fn wrong(case: &Case, found: &[f64], right: &[f64]) -> String {
    if found.len() != right.len() {
        return format!(
            "{} rows, and you return {} values: one for each row.",
            right.len(),
            found.len()
        );
    }
    let looks = |value: &dyn Fn(&Case, usize) -> f64| same(found, &case.encoded(value));
    let or_others = |value: Option<f64>, row: usize| value.unwrap_or_else(|| case.others(row));
    let reason = if looks(&|case, row| case.of(|other| case.is_like(row, other)).unwrap_or(0.0)) {
        "The row's own label is in its own encoding: the fewer rows a category has, the more of it. Leave the whole fold out."
    } else if looks(&|case, row| {
        or_others(
            case.of(|other| case.is_like(row, other) && other != row),
            row,
        )
    }) {
        "That leaves out the row alone. Then a row with label 1 gets a *lower* mean than its neighbours with 0, which gives the \
         label away. Leave the whole fold out."
    } else if looks(&|case, row| {
        case.of(|other| case.is_like(row, other) && case.folds[other] == case.folds[row])
            .unwrap_or(0.0)
    }) {
        "That is the mean in the row's *own* fold, with its own label in it. Take the other folds."
    } else if looks(&|case, row| case.others(row)) {
        "That is the same for the whole fold: look only at rows of the same category."
    } else if looks(&|case, _| case.of(|_| true).unwrap_or(0.0)) {
        "That is one number for all rows: look only at rows of the same category, in the other folds."
    } else if looks(&|case, row| {
        case.in_others(row)
            .unwrap_or_else(|| case.of(|_| true).unwrap_or(0.0))
    }) {
        "A category that the other folds don't have gets the mean of *those* folds; yours has the row's own fold, and label, in it."
    } else if [0.0, 0.5, 1.0]
        .iter()
        .any(|&fixed| looks(&|case, row| case.in_others(row).unwrap_or(fixed)))
    {
        "A category that the other folds don't have gets the mean label of the other folds, not a fixed number: a model would learn \
         that number as a sign of rare categories."
    } else if found.iter().any(|value| value.is_nan()) {
        "There is NaN: a category may be missing from the other folds. Then take the mean of all labels there."
    } else {
        "For each row: the mean label of the same category in the other folds, or of all labels there if there is none."
    };
    let row =
        (0..right.len()).find(|&row| (found[row] - right[row]).abs() > 1e-6 || found[row].is_nan());
    let row = row.unwrap_or(0);
    format!(
        "{reason}\nRow {row} of {} is {:.4}, and you have {:.4}.",
        right.len(),
        right[row],
        found[row]
    )
}
