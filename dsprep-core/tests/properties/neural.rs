//! Networks and attention: softmax, masks, streaming, and gradients against difference quotients.

use crate::inputs::{
    any_matrix, any_number, cases, close, gap, matrix, matrix_with_a_gap, number, sized_matrix,
};
use dsprep_core::prelude::*;
use proptest::prelude::*;

/// Queries (n×d), keys (m×d) and values (m×v).
fn queries_keys_values() -> impl Strategy<Value = (Array2<f64>, Array2<f64>, Array2<f64>)> {
    (1_usize..7, 1_usize..12, 1_usize..5, 1_usize..5)
        .prop_flat_map(|(n, m, d, v)| (sized_matrix(n, d), sized_matrix(m, d), sized_matrix(m, v)))
}

fn all_close(a: &Array2<f64>, b: &Array2<f64>) -> bool {
    a.dim() == b.dim() && a.iter().zip(b).all(|(&a, &b)| close(a, b))
}

/// Any activations for the hidden and the output layer, with the loss that fits.
fn network() -> impl Strategy<Value = (Mlp, Array2<f64>, Array2<f64>)> {
    use Activation::{Identity, Sigmoid, Softmax, Tanh};
    let hidden = prop::sample::select(vec![Identity, Sigmoid, Tanh]);
    let last = prop::sample::select(vec![
        (Identity, Loss::MeanSquaredError),
        (Sigmoid, Loss::MeanSquaredError),
        (Softmax, Loss::CrossEntropy),
        (Softmax, Loss::MeanSquaredError),
    ]);
    (
        hidden,
        last,
        1_usize..4,
        1_usize..4,
        2_usize..4,
        1_usize..4,
        any::<u32>(),
    )
        .prop_map(
            |(hidden, (output, loss), inputs, units, outputs, rows, seed)| {
                let mut rng = RandomState::seed(seed);
                let sizes = [inputs, units, outputs];
                let network = Mlp::new(
                    &sizes,
                    hidden,
                    output,
                    loss,
                    InitialWeights::Glorot,
                    &mut rng,
                );
                let x = rng.randn((rows, inputs)).unwrap();
                let target = match output {
                    Activation::Softmax => {
                        Array2::from_shape_fn((rows, outputs), |(row, class)| {
                            f64::from(row % outputs == class)
                        })
                    }
                    _ => rng.randn((rows, outputs)).unwrap(),
                };
                (network.expect("the sizes are positive"), x, target)
            },
        )
}

/// A function of two values, step by step: each step combines two earlier values.
fn formula(steps: &[(u8, usize, usize)], x: &Value, y: &Value) -> Value {
    let mut values = vec![x.clone(), y.clone()];
    for &(operation, a, b) in steps {
        let (a, b) = (
            values[a % values.len()].clone(),
            values[b % values.len()].clone(),
        );
        values.push(match operation {
            0 => a + b,
            1 => a - b,
            2 => (a * b).tanh(),
            3 => a.sigmoid() / (b.powi(2) + 1.0),
            4 => a.tanh().exp(),
            _ => (a.powi(2) + 0.5).ln().unwrap() * 0.3,
        });
    }
    values[values.len() - 1].clone()
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn rows_of_a_softmax_sum_to_1_and_a_shift_changes_nothing(x in matrix(5, 6), shift in -500.0..500.0) {
        let weights = softmax_rows(&x)?;
        prop_assert!(weights.iter().all(|weight| (0.0..=1.0).contains(weight)));
        prop_assert!(weights.sum_axis(Axis(1)).iter().all(|&sum| close(sum, 1.0)));
        let shifted = softmax_rows(&x.mapv(|value| value + shift))?;
        prop_assert!(all_close(&weights, &shifted));
        prop_assert_eq!(softmax(&x.row(0))?, weights.row(0));
    }

    #[test]
    fn streaming_attention_is_plain_attention((q, k, v) in queries_keys_values()) {
        prop_assert!(all_close(&streaming_attention(&q, &k, &v)?, &attention(&q, &k, &v)?.output));
    }

    #[test]
    fn each_output_of_attention_lies_between_the_values((q, k, v) in queries_keys_values()) {
        let found = attention(&q, &k, &v)?;
        prop_assert!(found.weights.sum_axis(Axis(1)).iter().all(|&sum| close(sum, 1.0)));
        for (column, values) in found.output.columns().into_iter().zip(v.columns()) {
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            prop_assert!(column.iter().all(|&x| x >= least - 1e-9 && x <= most + 1e-9));
        }
        let most = (k.nrows() as f64).ln();
        prop_assert!(row_entropy(&found.weights).unwrap().iter().all(|&h| (-1e-9..=most + 1e-9).contains(&h)));
    }

    #[test]
    fn under_a_causal_mask_no_later_token_matters(
        x in matrix(6, 3), from in 1_usize..6, change in number(), seed: u32,
    ) {
        let from = from.min(x.nrows());
        let mask = causal_mask(x.nrows())?;
        let mut other = x.clone();
        other.slice_mut(s![from.., ..]).mapv_inplace(|value| value * 0.5 + change);
        let before = masked_attention(&x, &x, &x, &mask)?.output;
        let after = masked_attention(&other, &other, &other, &mask)?.output;
        prop_assert_eq!(before.slice(s![..from, ..]), after.slice(s![..from, ..]));
        let heads = MultiHead::new(x.ncols(), 1, &mut RandomState::seed(seed))?;
        let before = heads.self_attention(&x, Some(&mask))?.output;
        let after = heads.self_attention(&other, Some(&mask))?.output;
        prop_assert!(all_close(
            &before.slice(s![..from, ..]).to_owned(), &after.slice(s![..from, ..]).to_owned(),
        ));
    }

    #[test]
    fn any_shapes_and_numbers_give_attention_or_an_error(
        q in any_matrix(), k in any_matrix(), v in any_matrix(),
    ) {
        let _ = attention(&q, &k, &v);
        let _ = streaming_attention(&q, &k, &v);
        let _ = masked_attention(&q, &k, &v, &causal_mask(q.nrows())?);
        let _ = softmax_rows(&q);
        let _ = positional_encoding(q.nrows(), v.ncols());
    }

    #[test]
    fn a_number_that_is_not_finite_is_refused(
        (q, k, v) in queries_keys_values(), (network, x, target) in network(), at: prop::sample::Index,
        gap in gap(),
    ) {
        let broken = |values: &Array2<f64>| matrix_with_a_gap(values, at, gap);
        for (q, k, v) in [(broken(&q), k.clone(), v.clone()), (q.clone(), broken(&k), v.clone()), (q, k, broken(&v))] {
            prop_assert!(attention(&q, &k, &v).is_err() && streaming_attention(&q, &k, &v).is_err());
            let all = Array2::from_elem((q.nrows(), k.nrows()), true);
            prop_assert!(masked_attention(&q, &k, &v, &all).is_err());
        }
        let heads = MultiHead::new(x.ncols(), 1, &mut RandomState::seed(1))?;
        prop_assert!(heads.self_attention(&broken(&x), None).is_err());
        prop_assert!(network.predict(&broken(&x)).is_err() && network.gradients(&broken(&x), &target).is_err());
        prop_assert!(network.loss(&x, &broken(&target)).is_err() && network.gradients(&x, &broken(&target)).is_err());
    }

    #[test]
    fn every_gradient_of_a_network_is_the_difference_quotient((network, x, target) in network()) {
        for checked in gradient_check(&network, &x, &target, 1e-5)? {
            let absolute = (checked.analytic - checked.numeric).abs();
            prop_assert!(checked.relative_error() < 1e-5 || absolute < 1e-8, "{checked:?}");
        }
    }

    #[test]
    fn a_small_step_against_the_gradient_does_not_raise_the_loss((network, x, target) in network()) {
        let mut network = network;
        let before = network.loss(&x, &target)?;
        let gradients = network.gradients(&x, &target)?;
        prop_assert!(close(gradients.loss, before));
        Optimizer::sgd(1e-6)?.step(&mut network, &gradients)?;
        prop_assert!(network.loss(&x, &target)? <= before + 1e-12);
    }

    #[test]
    fn autodiff_agrees_with_the_difference_quotient(
        steps in prop::collection::vec((0_u8..6, 0_usize..20, 0_usize..20), 1..12), x in -2.0..2.0,
        y in -2.0..2.0,
    ) {
        let at = |x: f64, y: f64| formula(&steps, &Value::new(x), &Value::new(y)).data();
        let (a, b) = (Value::new(x), Value::new(y));
        formula(&steps, &a, &b).backward();
        let h = 1e-5;
        for (analytic, numeric) in [
            (a.gradient(), (at(x + h, y) - at(x - h, y)) / (2.0 * h)),
            (b.gradient(), (at(x, y + h) - at(x, y - h)) / (2.0 * h)),
        ] {
            prop_assert!((analytic - numeric).abs() < 1e-5 * (1.0 + analytic.abs()), "{analytic} {numeric}");
        }
    }

    #[test]
    fn a_network_refuses_what_does_not_fit_and_never_answers_nan(
        (network, _, _) in network(), x in any_matrix(), target in any_matrix(),
    ) {
        if let Ok(output) = network.predict(&x) {
            prop_assert!(output.iter().all(|value| !value.is_nan()), "{}", output);
        }
        if let Ok(loss) = network.loss(&x, &target) {
            prop_assert!(!loss.is_nan(), "{}", loss);
        }
        let _ = network.gradients(&x, &target);
    }

    #[test]
    fn rates_are_positive_numbers_or_refused(rate in any_number(), share in any_number()) {
        prop_assert_eq!(Optimizer::sgd(rate).is_ok(), rate > 0.0 && rate.is_finite());
        prop_assert_eq!(Optimizer::adam(rate).is_ok(), rate > 0.0 && rate.is_finite());
        prop_assert_eq!(Optimizer::momentum(0.1, share).is_ok(), (0.0..1.0).contains(&share));
    }

    #[test]
    fn a_positional_encoding_is_bounded_and_no_two_positions_are_alike(
        length in 0_usize..40, pairs in 1_usize..9,
    ) {
        let code = positional_encoding(length, 2 * pairs)?;
        prop_assert!(code.iter().all(|value| value.abs() <= 1.0));
        for (at, row) in code.rows().into_iter().enumerate() {
            prop_assert!(close(row.dot(&row), pairs as f64));
            prop_assert!((0..at).all(|other| code.row(other) != row));
        }
    }
}
