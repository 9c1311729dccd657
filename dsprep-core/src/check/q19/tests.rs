//! Typical wrong answers are told what they misunderstand.

use super::*;

type Matrix = Array2<f64>;

fn sigmoid(z: &Matrix) -> Matrix {
    z.mapv(|z| 1.0 / (1.0 + (-z).exp()))
}

fn forward(x: &Matrix, w1: &Matrix, w2: &Matrix) -> (Matrix, Matrix) {
    let a1 = sigmoid(&x.dot(w1));
    let a2 = sigmoid(&a1.dot(w2));
    (a1, a2)
}

fn right(x: &Matrix, y: &Matrix, w1: &Matrix, w2: &Matrix) -> Matrix {
    let (a1, a2) = forward(x, w1, w2);
    let delta2 = 2.0 * (&a2 - y) / y.len() as f64 * &a2 * (1.0 - &a2);
    x.t().dot(&(delta2.dot(&w2.t()) * &a1 * (1.0 - &a1)))
}

fn message(answer: Gradient) -> String {
    check_q19_gradient(answer).told()
}

#[test]
fn the_right_gradient_passes() {
    let verdict = check_q19_gradient(right);
    assert!(verdict.has_passed(), "{verdict}");
}

#[test]
fn each_typical_mistake_is_named() {
    let no_output: Gradient = |x, y, w1, w2| {
        let (a1, a2) = forward(x, w1, w2);
        let delta2 = 2.0 * (&a2 - y) / y.len() as f64;
        x.t().dot(&(delta2.dot(&w2.t()) * &a1 * (1.0 - &a1)))
    };
    assert!(message(no_output).contains("output's sigmoid"));
    let no_hidden: Gradient = |x, y, w1, w2| {
        let (_, a2) = forward(x, w1, w2);
        let delta2 = 2.0 * (&a2 - y) / y.len() as f64 * &a2 * (1.0 - &a2);
        x.t().dot(&delta2.dot(&w2.t()))
    };
    assert!(message(no_hidden).contains("hidden sigmoid"));
    let slope_of_a: Gradient = |x, y, w1, w2| {
        let (a1, a2) = forward(x, w1, w2);
        let delta2 = 2.0 * (&a2 - y) / y.len() as f64 * &a2 * (1.0 - &a2);
        let again = sigmoid(&a1);
        x.t().dot(&(delta2.dot(&w2.t()) * &again * (1.0 - &again)))
    };
    assert!(message(slope_of_a).contains("already"));
    assert!(message(|x, y, w1, w2| -right(x, y, w1, w2)).contains("sign"));
    assert!(message(|x, y, w1, w2| right(x, y, w1, w2) * y.len() as f64).contains("mean"));
    assert!(message(|x, y, w1, w2| right(x, y, w1, w2).t().to_owned()).contains("transposed"));
    assert!(message(|_, _, w1, _| Matrix::zeros(w1.dim())).contains("zeros"));
}

#[test]
fn nonsense_is_told_and_does_not_panic() {
    assert!(message(|_, _, _, _| Matrix::zeros((0, 0))).contains("shape"));
    assert!(message(|_, _, w1, _| Matrix::from_elem(w1.dim(), f64::NAN)).contains("NaN"));
    assert!(message(|_, _, w1, _| w1.clone()).contains("numbers are not"));
}

#[test]
fn agreement_is_relative_symmetric_and_knows_zero_and_nan() {
    let told = |agree: fn(f64, f64) -> bool| check_q19_agree(agree).told();
    assert!(told(|a, n| (a - n).abs() < 1e-5).contains("13 %"));
    assert!(told(|a, n| (a - n).abs() / a.abs().max(n.abs()) < 1e-5).contains("0 / 0"));
    assert!(told(|a, n| (a - n) <= 1e-5 * a.abs().max(n.abs())).contains("1 and 3"));
    assert!(told(|a, n| (a.abs() - n.abs()).abs() <= 1e-5 * a.abs()).contains("−0.5"));
    assert!(told(|_, _| true).contains("refuse at all"));
    assert!(told(|_, _| false).contains("Equal"));
}
