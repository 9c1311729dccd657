//! Right answers in several forms, and what comes of changing one thing in them.

use super::*;
use crate::check::tried::{assert_accepts, assert_refuses};
use crate::neural::Value;

type Matrix = Array2<f64>;

fn sigmoid(z: &Matrix) -> Matrix {
    z.mapv(|z| 1.0 / (1.0 + (-z).exp()))
}

/// The forward pass.
fn outputs(x: &Matrix, w1: &Matrix, w2: &Matrix) -> (Matrix, Matrix) {
    let a1 = sigmoid(&x.dot(w1));
    let a2 = sigmoid(&a1.dot(w2));
    (a1, a2)
}

/// The right backward pass from a given dL/dA2.
fn back_from(error: &Matrix, x: &Matrix, a1: &Matrix, a2: &Matrix, w2: &Matrix) -> Matrix {
    let delta2 = error * a2 * (1.0 - a2);
    x.t().dot(&(delta2.dot(&w2.t()) * a1 * (1.0 - a1)))
}

fn right(x: &Matrix, y: &Matrix, w1: &Matrix, w2: &Matrix) -> Matrix {
    let (a1, a2) = outputs(x, w1, w2);
    back_from(&(2.0 * (&a2 - y) / y.len() as f64), x, &a1, &a2, w2)
}

#[test]
fn right_gradients_pass_in_any_form() {
    // By central differences of the loss, in place of a backward pass.
    let by_differences: Gradient = |x, y, w1, w2| {
        let loss = |w1: &Matrix| {
            let error = outputs(x, w1, w2).1 - y;
            (&error * &error).sum() / y.len() as f64
        };
        Matrix::from_shape_fn(w1.dim(), |place| {
            let at = |step: f64| {
                let mut moved = w1.clone();
                moved[place] += step;
                loss(&moved)
            };
            (at(1e-5) - at(-1e-5)) / 2e-5
        })
    };
    let in_single_precision: Gradient = |x, y, w1, w2| {
        let short = |m: &Matrix| m.mapv(|v| f64::from(v as f32));
        short(&right(&short(x), &short(y), &short(w1), &short(w2)))
    };
    let by_the_network: Gradient = |x, y, w1, w2| {
        let layer =
            |w: &Matrix| Layer::new(w.clone(), Array1::zeros(w.ncols()), Activation::Sigmoid);
        let network = Mlp::from_layers(vec![layer(w1), layer(w2)], Loss::MeanSquaredError).unwrap();
        network.gradients(x, y).unwrap().layers[0].weights.clone()
    };
    let by_the_tape: Gradient = |x, y, w1, w2| {
        let values = |w: &Matrix| w.mapv(Value::new);
        let (first, second) = (values(w1), values(w2));
        let mut loss = Value::new(0.0);
        for (row, target) in x.rows().into_iter().zip(y.rows()) {
            let sum = |weights: ndarray::ArrayView1<'_, Value>, inputs: &[Value]| {
                let terms = weights.iter().zip(inputs).map(|(w, input)| w * input);
                terms
                    .fold(Value::new(0.0), |sum, term| sum + term)
                    .sigmoid()
            };
            let inputs: Vec<Value> = row.iter().map(|&v| Value::new(v)).collect();
            let hidden: Vec<Value> = first
                .columns()
                .into_iter()
                .map(|unit| sum(unit, &inputs))
                .collect();
            for (unit, &wanted) in second.columns().into_iter().zip(target) {
                loss = loss + (sum(unit, &hidden) - wanted).powi(2);
            }
        }
        (loss / y.len() as f64).backward();
        first.map(Value::gradient)
    };
    let row_by_row: Gradient = |x, y, w1, w2| {
        let mut sum = Matrix::zeros(w1.dim());
        for row in 0..x.nrows() {
            let pick = |m: &Matrix| m.slice(ndarray::s![row..row + 1, ..]).to_owned();
            sum = sum + right(&pick(x), &pick(y), w1, w2) / y.nrows() as f64;
        }
        sum
    };
    assert_accepts(
        "check_q19_gradient",
        [
            right as Gradient,
            by_the_network,
            by_the_tape,
            row_by_row,
            by_differences,
            in_single_precision,
        ]
        .map(check_q19_gradient),
    );
}

#[test]
fn wrong_gradients_are_refused_with_their_reason() {
    let mutants: [(Gradient, &str); 15] = [
        (|x, y, w1, w2| -right(x, y, w1, w2), "The sign is wrong"),
        (
            |x, y, w1, w2| right(x, y, w1, w2) * y.len() as f64,
            "You summed",
        ),
        (
            |x, y, w1, w2| right(x, y, w1, w2) * y.ncols() as f64,
            "You divided by the number of rows",
        ),
        (|x, y, w1, w2| right(x, y, w1, w2) / 2.0, "The 2 is missing"),
        (
            |x, y, w1, w2| right(x, y, w1, w2) * y.len() as f64 / 2.0,
            "2 is missing",
        ),
        (
            |x, y, w1, w2| right(x, y, w1, w2).t().to_owned(),
            "transposed",
        ),
        (
            |x, y, w1, w2| right(x, y, w1, w2) * 1.001,
            "the numbers are not",
        ),
        (
            |x, y, w1, w2| {
                let (a1, a2) = outputs(x, w1, w2);
                back_from(&(2.0 * (&a2 + y) / y.len() as f64), x, &a1, &a2, w2)
            },
            "the numbers are not",
        ),
        (
            |x, y, w1, w2| {
                let (a1, a2) = outputs(x, w1, w2);
                let delta2 = 2.0 * (&a2 - y) / y.len() as f64;
                x.t().dot(&(delta2.dot(&w2.t()) * &a1 * (1.0 - &a1)))
            },
            "output's sigmoid is missing",
        ),
        (
            |x, y, w1, w2| {
                let (_, a2) = outputs(x, w1, w2);
                let delta2 = 2.0 * (&a2 - y) / y.len() as f64 * &a2 * (1.0 - &a2);
                x.t().dot(&delta2.dot(&w2.t()))
            },
            "hidden sigmoid is missing",
        ),
        (
            |x, y, w1, w2| {
                let (a1, a2) = outputs(x, w1, w2);
                let delta2 = 2.0 * (&a2 - y) / y.len() as f64 * &a2 * (1.0 - &a2);
                x.t().dot(&(delta2.dot(&w2.t()) * &a1 * (1.0 + &a1)))
            },
            "the numbers are not",
        ),
        (
            |x, y, w1, w2| {
                let (a1, a2) = outputs(x, w1, w2);
                let delta2 = 2.0 * (&a2 - y) / y.len() as f64 * &a2 * (1.0 - &a2);
                let again = sigmoid(&a1);
                x.t().dot(&(delta2.dot(&w2.t()) * &again * (1.0 - &again)))
            },
            "A1 is already σ(Z1)",
        ),
        (
            |x, y, w1, w2| {
                let first = x.slice(ndarray::s![..1, ..]).to_owned();
                right(&first, &y.slice(ndarray::s![..1, ..]).to_owned(), w1, w2)
            },
            "the numbers are not",
        ),
        (|_, _, w1, _| Matrix::zeros(w1.dim()), "All zeros"),
        (|_, _, _, w2| Matrix::zeros(w2.dim()), "shape of W1"),
    ];
    assert_refuses(
        "check_q19_gradient",
        mutants.map(|(wrong, words)| (words, check_q19_gradient(wrong))),
    );
}

type Agree = fn(f64, f64) -> bool;

#[test]
fn right_tests_of_agreement_pass_in_any_form() {
    let right: [Agree; 5] = [
        |a, n| (a - n).abs() <= 1e-5 * a.abs().max(n.abs()),
        |a, n| a == n || (a - n).abs() / a.abs().max(n.abs()) < 1e-5,
        |a, n| (a - n).abs() <= 1e-5 * a.abs(),
        |a, n| (a - n).powi(2) <= 1e-10 * a.powi(2).max(n.powi(2)),
        |a, n| crate::neural::relative_error(a, n) <= 1e-5,
    ];
    assert_accepts("check_q19_agree", right.map(check_q19_agree));
}

#[test]
fn wrong_tests_of_agreement_are_refused_with_their_reason() {
    let mutants: [(Agree, &str); 17] = [
        (|a, n| (a - n).abs() < 1e-5, "13 %"),
        (
            |a, n| (a - n).abs() <= 0.1 * a.abs().max(n.abs()),
            "is 3e-5",
        ),
        (
            |a, n| (a - n).abs() <= 1e-3 * a.abs().max(n.abs()),
            "is 3e-5",
        ),
        (
            |a, n| (a - n).abs() <= 3e-5 * a.abs().max(n.abs()),
            "is 3e-5",
        ),
        (
            |a, n| (a - n).abs() <= 1e-5 * (a.abs() + n.abs()),
            "not by their sum",
        ),
        (
            |a, n| (a - n).abs() <= 2e-6 * a.abs().max(n.abs()),
            "1e-5 is allowed",
        ),
        (
            |a, n| (a - n).abs() <= 1e-7 * a.abs().max(n.abs()),
            "seventh digit",
        ),
        (
            |a, n| (a - n).abs() <= 1e-8 + 1e-5 * n.abs(),
            "absolute part",
        ),
        (
            |a, n| (a - n).abs() <= 1e-6 + 1e-5 * n.abs(),
            "absolute part",
        ),
        (
            |a, n| (a - n).abs() <= 1e-11 + 1e-5 * n.abs(),
            "absolute part",
        ),
        (
            |a, n| (a - n).abs() <= 1e-5 * a.abs().max(n.abs()).max(1.0),
            "13 %",
        ),
        (|a, n| (a - n).abs() / a.abs().max(n.abs()) <= 1e-5, "0 / 0"),
        (|a, n| a - n <= 1e-5 * a.abs().max(n.abs()), "1 and 3"),
        (|a, n| (a - n).abs() <= 1e-5 * a.max(n), "−2"),
        (
            |a, n| (a.abs() - n.abs()).abs() <= 1e-5 * a.abs().max(n.abs()),
            "−0.5",
        ),
        // A comparison with NaN is false, and this says the opposite.
        (
            |a, n| {
                let differ = (a - n).abs() > 1e-5 * a.abs().max(n.abs());
                !differ
            },
            "NaN",
        ),
        (|a, n| a == n, "1,000,000"),
    ];
    assert_refuses(
        "check_q19_agree",
        mutants.map(|(wrong, words)| (words, check_q19_agree(wrong))),
    );
}
