//! The exercise from a blank cell of question 21: a layer with a low-rank update.

use crate::check::Verdict;
use crate::random::RandomState;
use ndarray::Array2;

/// The answer: inputs (n×d), W (d×k), B (d×r), A (r×k) and α give the outputs (n×k) and how many numbers are trained.
type Adapted =
    fn(&Array2<f64>, &Array2<f64>, &Array2<f64>, &Array2<f64>, f64) -> (Array2<f64>, usize);

struct Case {
    x: Array2<f64>,
    w: Array2<f64>,
    b: Array2<f64>,
    a: Array2<f64>,
    alpha: f64,
}

impl Case {
    fn all() -> Vec<Case> {
        let mut rng = RandomState::seed(21);
        let mut normal = |shape| Array2::from_shape_simple_fn(shape, || rng.randn(()));
        let mut case = |(n, d, k, r): (usize, usize, usize, usize), alpha: f64| Case {
            x: normal((n, d)),
            w: normal((d, k)),
            b: normal((d, r)),
            a: normal((r, k)),
            alpha,
        };
        let mut all = vec![
            case((3, 6, 4, 2), 4.0),
            case((1, 5, 5, 1), 0.5),
            case((4, 3, 7, 3), 16.0),
        ];
        // As at the start of training: B is 0.
        let mut start = case((2, 4, 4, 2), 8.0);
        start.b.fill(0.0);
        all.push(start);
        all
    }

    fn rank(&self) -> f64 {
        self.b.ncols() as f64
    }

    /// The outputs with the update taken `scale` times.
    fn output(&self, scale: f64) -> Array2<f64> {
        self.x.dot(&self.w) + self.x.dot(&self.b).dot(&self.a) * scale
    }
}

/// Exercise 3 of question 21: the output of a frozen layer W with the update (α / r) B A, and how many numbers are
/// trained.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q21_lora;
///
/// let verdict = check_q21_lora(|x, w, b, a, alpha| (x.dot(w) + alpha * x.dot(b).dot(a), b.len() + a.len()));
/// assert!(verdict.message().contains("r"));
/// ```
pub fn check_q21_lora(answer: Adapted) -> Verdict {
    Verdict::of(|| {
        for case in Case::all() {
            let (output, trained) = answer(&case.x, &case.w, &case.b, &case.a, case.alpha);
            let wrong = wrong_output(&case, &output).or_else(|| wrong_count(&case, trained));
            if let Some(message) = wrong {
                return Verdict::not_yet(message);
            }
        }
        Verdict::passed(
            "x W + (α / r) x B A: with B = 0 at the start it is the pretrained layer. Trained are r (d + k) numbers and not d k, \
         and x B comes first, so that no d×k matrix is ever made.",
        )
    })
}

fn wrong_output(case: &Case, output: &Array2<f64>) -> Option<String> {
    let right = case.output(case.alpha / case.rank());
    if output.dim() != right.dim() {
        return Some(format!(
            "{} inputs of width {} give outputs of the shape {:?}, and yours is {:?}.",
            case.x.nrows(),
            case.x.ncols(),
            right.dim(),
            output.dim()
        ));
    }
    let same = |other: &Array2<f64>| {
        let mut pairs = output.iter().zip(other);
        pairs.all(|(a, b)| (a - b).abs() <= 1e-5 * b.abs().max(1.0))
    };
    if same(&right) {
        return None;
    }
    let rank = case.rank();
    let mistakes = [
        (
            case.output(case.alpha),
            "The update is taken α times; it is α / r, so that another rank needs no other learning rate.",
        ),
        (
            case.output(1.0),
            "α is missing: the update is taken α / r times.",
        ),
        (
            case.output(1.0 / rank),
            "α is missing: the update is taken α / r times, and you take it 1 / r times.",
        ),
        (
            case.output(case.alpha / rank.sqrt()),
            "You divide by √r (a variant of LoRA); here it is r.",
        ),
        (
            case.output(-case.alpha / rank),
            "The update is added, not subtracted.",
        ),
        (
            case.output(0.0),
            "That is the frozen layer alone: the update B A is missing.",
        ),
        (
            case.output(case.alpha / rank) - case.x.dot(&case.w),
            "That is the update alone: x W, the frozen layer, is missing.",
        ),
        (
            case.output(case.alpha * rank),
            "You multiply by r; the update is divided by it.",
        ),
        (
            case.output(case.alpha / case.x.ncols() as f64),
            "You divide by d; r is the number of columns of B.",
        ),
    ];
    let known = mistakes.into_iter().find(|(wrong, _)| same(wrong));
    Some(known.map_or(
        "The shape is right, the numbers are not: x W + (α / r) x B A.".to_owned(),
        |(_, message)| message.to_owned(),
    ))
}

fn wrong_count(case: &Case, trained: usize) -> Option<String> {
    let (a, b, w) = (case.a.len(), case.b.len(), case.w.len());
    if trained == a + b {
        return None;
    }
    let message = match trained {
        _ if trained == a + b + w => {
            "You count W, too, and it is frozen: only A and B are trained."
        }
        _ if trained == w => "That is the number of weights of W, which is frozen.",
        _ if trained == a || trained == b => "You count one of the two factors; both are trained.",
        _ if trained == a * b => "A and B are two matrices: their sizes are added, not multiplied.",
        _ if trained == case.b.ncols() => {
            "That is the rank; asked is how many numbers A and B hold."
        }
        _ => {
            return Some(format!(
                "A and B hold {} numbers, and you count {trained}.",
                a + b
            ));
        }
    };
    Some(message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tried::{assert_accepts, assert_refuses};

    fn layer(
        x: &Array2<f64>,
        w: &Array2<f64>,
        b: &Array2<f64>,
        a: &Array2<f64>,
        scale: f64,
    ) -> Array2<f64> {
        x.dot(w) + scale * x.dot(b).dot(a)
    }

    fn r(b: &Array2<f64>) -> f64 {
        b.ncols() as f64
    }

    #[test]
    fn right_answers_pass_in_any_form() {
        let beside: Adapted =
            |x, w, b, a, alpha| (layer(x, w, b, a, alpha / r(b)), a.len() + b.len());
        let merged: Adapted = |x, w, b, a, alpha| {
            let update = b.dot(a) * (alpha / a.nrows() as f64);
            (x.dot(&(w + &update)), b.ncols() * (w.nrows() + w.ncols()))
        };
        let by_loops: Adapted = |x, w, b, a, alpha| {
            let output = Array2::from_shape_fn((x.nrows(), w.ncols()), |(row, column)| {
                let weight = |i: usize| {
                    let update: f64 = (0..b.ncols())
                        .map(|rank| b[[i, rank]] * a[[rank, column]])
                        .sum();
                    w[[i, column]] + alpha / b.ncols() as f64 * update
                };
                (0..x.ncols()).map(|i| x[[row, i]] * weight(i)).sum()
            });
            (output, a.len() + b.len())
        };
        assert_accepts(
            "check_q21_lora",
            [beside, merged, by_loops].map(check_q21_lora),
        );
    }

    #[test]
    fn wrong_answers_are_refused_with_their_reason() {
        let mutants: [(Adapted, &str); 16] = [
            (
                |x, w, b, a, alpha| (layer(x, w, b, a, alpha), a.len() + b.len()),
                "α / r, so that",
            ),
            (
                |x, w, b, a, _| (layer(x, w, b, a, 1.0), a.len() + b.len()),
                "α is missing",
            ),
            (
                |x, w, b, a, _| (layer(x, w, b, a, 1.0 / r(b)), a.len() + b.len()),
                "1 / r times",
            ),
            (
                |x, w, b, a, alpha| (layer(x, w, b, a, alpha / r(b).sqrt()), a.len() + b.len()),
                "√r",
            ),
            (
                |x, w, b, a, alpha| (layer(x, w, b, a, -alpha / r(b)), a.len() + b.len()),
                "not subtracted",
            ),
            (
                |x, w, b, a, alpha| (layer(x, w, b, a, alpha * r(b)), a.len() + b.len()),
                "multiply by r",
            ),
            (
                |x, w, b, a, alpha| {
                    (
                        layer(x, w, b, a, alpha / w.nrows() as f64),
                        a.len() + b.len(),
                    )
                },
                "divide by d",
            ),
            (
                |x, w, b, a, _| (x.dot(w), a.len() + b.len()),
                "frozen layer alone",
            ),
            (
                |x, _, b, a, alpha| (x.dot(b).dot(a) * (alpha / r(b)), a.len() + b.len()),
                "update alone",
            ),
            (|x, _, b, _, _| (x.dot(b), 0), "outputs of the shape"),
            (
                |x, w, b, a, alpha| (layer(x, w, b, a, alpha / r(b)), a.len() + b.len() + w.len()),
                "it is frozen",
            ),
            (
                |x, w, b, a, alpha| (layer(x, w, b, a, alpha / r(b)), w.len()),
                "which is frozen",
            ),
            (
                |x, w, b, a, alpha| (layer(x, w, b, a, alpha / r(b)), b.len()),
                "one of the two",
            ),
            (
                |x, w, b, a, alpha| (layer(x, w, b, a, alpha / r(b)), a.len() * b.len()),
                "not multiplied",
            ),
            (
                |x, w, b, a, alpha| (layer(x, w, b, a, alpha / r(b)), b.ncols()),
                "the rank",
            ),
            (
                |x, w, b, a, alpha| (layer(x, w, b, a, alpha / r(b)), a.len() + b.len() + 1),
                "you count 21",
            ),
        ];
        assert_refuses(
            "check_q21_lora",
            mutants.map(|(wrong, words)| (words, check_q21_lora(wrong))),
        );
    }
}
