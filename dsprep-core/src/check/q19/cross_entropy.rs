//! The exercise from a blank cell of question 19: softmax with cross-entropy, its loss and its gradient.

use crate::check::Verdict;
use crate::random::RandomState;
use ndarray::{Array2, Axis};

/// The answer: the mean loss of rows of logits and their right classes, and its gradient at the logits.
type LossAndGradient = fn(&Array2<f64>, &[usize]) -> (f64, Array2<f64>);

/// Logits and classes with what is right for them.
struct Case {
    logits: Array2<f64>,
    classes: Vec<usize>,
}

impl Case {
    fn all() -> Vec<Case> {
        let mut rng = RandomState::seed(19);
        let mut normal = |shape| Array2::from_shape_simple_fn(shape, || rng.randn(()));
        let case = |logits: Array2<f64>, classes: &[usize]| Case {
            logits,
            classes: classes.to_vec(),
        };
        vec![
            case(ndarray::array![[2.0, 1.0, -1.0]], &[1]),
            case(normal((5, 3)) * 2.0, &[0, 2, 1, 1, 0]),
            case(normal((3, 4)), &[3, 3, 0]),
            // e^1000 is infinite, and the weight of the right class is 0 to the last digit.
            case(ndarray::array![[1000.0, 0.0], [-1000.0, -999.0]], &[1, 0]),
        ]
    }

    /// The probabilities, the targets, and the mean of the losses.
    fn parts(&self) -> (Array2<f64>, Array2<f64>, f64) {
        let (mut a, mut y) = (self.logits.clone(), Array2::zeros(self.logits.dim()));
        let mut loss = 0.0;
        for (row, class) in self.classes.iter().enumerate() {
            let mut logits = a.row_mut(row);
            let largest = logits.fold(f64::NEG_INFINITY, |a, b| a.max(*b));
            let sum = logits.mapv(|z| (z - largest).exp()).sum();
            loss += largest + sum.ln() - logits[*class];
            logits.mapv_inplace(|z| (z - largest).exp() / sum);
            y[[row, *class]] = 1.0;
        }
        (a, y, loss / self.classes.len() as f64)
    }

    fn right(&self) -> (f64, Array2<f64>) {
        let (a, y, loss) = self.parts();
        (loss, (a - y) / self.classes.len() as f64)
    }

    /// What typical mistakes in the gradient give.
    fn wrong_gradients(&self) -> Vec<(Array2<f64>, &'static str)> {
        let (a, y, _) = self.parts();
        let rows = self.classes.len() as f64;
        let by_column = {
            let e = self.logits.mapv(f64::exp);
            (&e / &e.sum_axis(Axis(0)) - &y) / rows
        };
        vec![
            (
                &y - &a,
                "The sign of the gradient is wrong: A − Y, so that the right class's logit rises.",
            ),
            (
                (&y - &a) / rows,
                "The sign of the gradient is wrong: A − Y, so that the right class's logit rises.",
            ),
            (
                &a - &y,
                "The loss is a mean over the rows, so its gradient is (A − Y) divided by their number, too.",
            ),
            (
                &a / rows,
                "The gradient at the right class lacks the − 1: it is A − Y, with Y = 1 there.",
            ),
            (
                (&a - &y) / self.logits.len() as f64,
                "The mean goes over the rows, not over all entries of the logits.",
            ),
            (
                2.0 * (&a - &y) * &a * (1.0 - &a) / rows,
                "That is the gradient of the squared error. With cross-entropy the slope of softmax cancels: A − Y is left.",
            ),
            (
                by_column,
                "Your softmax sums over the wrong axis: each row of logits is one example.",
            ),
        ]
    }
}

/// Exercise 3 of question 19: the mean cross-entropy of softmax over rows of logits, and its gradient at the logits.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q19_cross_entropy;
/// let verdict = check_q19_cross_entropy(|logits, _| (0.0, logits.clone()));
/// assert!(!verdict.has_passed());
/// ```
pub fn check_q19_cross_entropy(answer: LossAndGradient) -> Verdict {
    Verdict::of(|| {
        for case in Case::all() {
            let (loss, gradient) = answer(&case.logits, &case.classes);
            if let Some(message) = what_is_wrong(&case, loss, &gradient) {
                return Verdict::not_yet(message);
            }
        }
        Verdict::passed(
            "L = ln Σ e^z − z_y with the largest logit taken out, and A − Y over the number of rows: the derivative of softmax \
         and that of the logarithm cancel, so that a confidently wrong row still has a gradient of nearly 1.",
        )
    })
}

fn what_is_wrong(case: &Case, loss: f64, gradient: &Array2<f64>) -> Option<String> {
    let (right_loss, right_gradient) = case.right();
    let told = |message: &str| Some(message.to_owned());
    if gradient.dim() != case.logits.dim() {
        return Some(format!(
            "The gradient has to have the shape of the logits, {:?}, and yours is {:?}.",
            case.logits.dim(),
            gradient.dim()
        ));
    }
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * b.abs().max(1.0);
    if !loss.is_finite() || gradient.iter().any(|value| !value.is_finite()) {
        return told(
            "For logits of 1,000 your answer is not finite: e^1000 overflows, and the logarithm of a weight of 0 is −∞. \
             Subtract the row's largest logit, and write the loss as ln Σ e^z − z_y.",
        );
    }
    if !near(loss, right_loss) {
        let rows = case.classes.len() as f64;
        let mistakes = [
            (
                -right_loss,
                "The loss has the wrong sign: it is −ln A_y, which is never negative.",
            ),
            (
                right_loss * rows,
                "That is the sum of the losses; asked is their mean over the rows.",
            ),
            (
                right_loss / case.logits.ncols() as f64,
                "The mean goes over the rows, not over all entries.",
            ),
            (
                right_loss / std::f64::consts::LN_2,
                "That is in bits: take the natural logarithm.",
            ),
        ];
        let known = mistakes.iter().find(|(wrong, _)| near(loss, *wrong));
        return Some(known.map_or_else(
            || {
                format!(
                    "The loss of {} is {right_loss:.6}, and yours is {loss:.6}.",
                    crate::error::count(case.classes.len(), "row")
                )
            },
            |(_, message)| (*message).to_owned(),
        ));
    }
    let same = |other: &Array2<f64>| gradient.iter().zip(other).all(|(a, b)| near(*a, *b));
    if same(&right_gradient) {
        return None;
    }
    let mistakes = case.wrong_gradients();
    let known = mistakes.into_iter().find(|(wrong, _)| same(wrong));
    told(known.map_or(
        "The loss is right, the gradient is not. At the logits it is (A − Y) / rows.",
        |(_, message)| message,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tried::{assert_accepts, assert_refuses};
    use crate::neural::softmax_rows;

    fn one_hot(classes: &[usize], columns: usize) -> Array2<f64> {
        Array2::from_shape_fn((classes.len(), columns), |(row, column)| {
            f64::from(u8::from(classes[row] == column))
        })
    }

    fn losses(logits: &Array2<f64>, classes: &[usize]) -> Vec<f64> {
        let rows = logits.rows().into_iter().zip(classes);
        let loss = rows.map(|(row, class)| {
            let largest = row.fold(f64::NEG_INFINITY, |a, b| a.max(*b));
            row.mapv(|z| (z - largest).exp()).sum().ln() + largest - row[*class]
        });
        loss.collect()
    }

    fn mean(values: &[f64]) -> f64 {
        values.iter().sum::<f64>() / values.len() as f64
    }

    fn a(logits: &Array2<f64>) -> Array2<f64> {
        softmax_rows(logits).unwrap()
    }

    fn y(logits: &Array2<f64>, classes: &[usize]) -> Array2<f64> {
        one_hot(classes, logits.ncols())
    }

    #[test]
    fn right_answers_pass_in_any_form() {
        let by_formula: LossAndGradient =
            |z, c| (mean(&losses(z, c)), (a(z) - y(z, c)) / z.nrows() as f64);
        let in_place: LossAndGradient = |z, c| {
            let mut gradient = a(z);
            for (row, class) in c.iter().enumerate() {
                gradient[[row, *class]] -= 1.0;
            }
            (
                losses(z, c).iter().sum::<f64>() / c.len() as f64,
                gradient / c.len() as f64,
            )
        };
        let by_loops: LossAndGradient = |z, c| {
            let (mut loss, mut gradient) = (0.0, Array2::zeros(z.dim()));
            for row in 0..z.nrows() {
                let largest = z.row(row).fold(f64::MIN, |a, b| a.max(*b));
                let sum: f64 = z.row(row).iter().map(|z| (z - largest).exp()).sum();
                loss -= z[[row, c[row]]] - largest - sum.ln();
                for column in 0..z.ncols() {
                    let hit = f64::from(u8::from(column == c[row]));
                    gradient[[row, column]] =
                        ((z[[row, column]] - largest).exp() / sum - hit) / z.nrows() as f64;
                }
            }
            (loss / z.nrows() as f64, gradient)
        };
        assert_accepts(
            "check_q19_cross_entropy",
            [by_formula, in_place, by_loops].map(check_q19_cross_entropy),
        );
    }

    #[test]
    fn wrong_answers_are_refused_with_their_reason() {
        let mutants: [(LossAndGradient, &str); 15] = [
            (
                |z, c| {
                    (
                        losses(z, c).iter().sum(),
                        (a(z) - y(z, c)) / z.nrows() as f64,
                    )
                },
                "sum of the losses",
            ),
            (
                |z, c| (mean(&losses(z, c)), a(z) - y(z, c)),
                "divided by their number",
            ),
            (
                |z, c| (-mean(&losses(z, c)), (a(z) - y(z, c)) / z.nrows() as f64),
                "wrong sign: it is −ln",
            ),
            (
                |z, c| (mean(&losses(z, c)), (y(z, c) - a(z)) / z.nrows() as f64),
                "sign of the gradient",
            ),
            (
                |z, c| (mean(&losses(z, c)), y(z, c) - a(z)),
                "sign of the gradient",
            ),
            (
                |z, c| (mean(&losses(z, c)), a(z) / z.nrows() as f64),
                "lacks the − 1",
            ),
            (
                |z, c| (mean(&losses(z, c)), (a(z) - y(z, c)) / z.len() as f64),
                "over the rows, not over all",
            ),
            (
                |z, c| {
                    (
                        mean(&losses(z, c)) / z.ncols() as f64,
                        (a(z) - y(z, c)) / z.len() as f64,
                    )
                },
                "not over all entries",
            ),
            (
                |z, c| {
                    (
                        mean(&losses(z, c)).exp(),
                        (a(z) - y(z, c)) / z.nrows() as f64,
                    )
                },
                "and yours is",
            ),
            (
                |z, c| {
                    (
                        mean(&losses(z, c)) / std::f64::consts::LN_2,
                        (a(z) - y(z, c)) / z.nrows() as f64,
                    )
                },
                "natural logarithm",
            ),
            (
                |z, c| {
                    let e = z.mapv(f64::exp);
                    let a = &e / &e.sum_axis(Axis(1)).insert_axis(Axis(1));
                    let of = c
                        .iter()
                        .enumerate()
                        .map(|(row, class)| -a[[row, *class]].ln());
                    (
                        of.sum::<f64>() / z.nrows() as f64,
                        (a.clone() - y(z, c)) / z.nrows() as f64,
                    )
                },
                "is not finite",
            ),
            (
                |z, c| {
                    let of = c
                        .iter()
                        .enumerate()
                        .map(|(row, class)| -(a(z)[[row, *class]] + 1e-12).ln());
                    (
                        of.sum::<f64>() / z.nrows() as f64,
                        (a(z) - y(z, c)) / z.nrows() as f64,
                    )
                },
                "and yours is",
            ),
            (
                |z, c| {
                    let e = z.mapv(f64::exp);
                    let a = &e / &e.sum_axis(Axis(0));
                    (mean(&losses(z, c)), (a - y(z, c)) / z.nrows() as f64)
                },
                "wrong axis",
            ),
            (
                |z, c| {
                    (
                        mean(&losses(z, c)),
                        2.0 * (a(z) - y(z, c)) * a(z) * (1.0 - a(z)) / z.nrows() as f64,
                    )
                },
                "squared error",
            ),
            (
                |z, c| (mean(&losses(z, c)), (a(z) - y(z, c)).t().to_owned()),
                "the shape of the logits",
            ),
        ];
        assert_refuses(
            "check_q19_cross_entropy",
            mutants.map(|(wrong, words)| (words, check_q19_cross_entropy(wrong))),
        );
    }
}
