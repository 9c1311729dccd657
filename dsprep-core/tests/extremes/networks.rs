//! Networks whose sums are no numbers, and normalisation far from 0.

use crate::told;
use dsprep_core::neural::{Digits, Layer, relative_error, rotary_positions};
use dsprep_core::prelude::*;

fn network(layers: Vec<(Array2<f64>, Activation)>, loss: Loss) -> DsResult<Mlp> {
    let layer = |(weights, activation): (Array2<f64>, _)| {
        let units = weights.ncols();
        Layer::new(weights, Array1::zeros(units), activation)
    };
    Mlp::from_layers(layers.into_iter().map(layer).collect(), loss)
}

#[test]
fn no_activation_hides_what_is_not_a_number() -> DsResult<()> {
    let relu = Activation::Relu.apply(&array![[f64::NAN, -1.0, 2.0]]);
    assert!(relu[[0, 0]].is_nan() && relu[[0, 1]] == 0.0 && relu[[0, 2]] == 2.0);
    assert!(Value::new(f64::NAN).relu().data().is_nan());
    // ∞ − ∞ would be 0 after the hidden layer.
    let hidden = (array![[1e200], [-1e200]], Activation::Relu);
    let model = network(
        vec![hidden, (array![[1.0]], Activation::Identity)],
        Loss::MeanSquaredError,
    )?;
    let x = array![[1e200, 1e200]];
    assert!(told(model.predict(&x)).contains("the output of the network"));
    assert!(told(model.forward(&x)).contains("the output of the network"));
    Ok(())
}

#[test]
fn a_gradient_that_is_no_number_is_named() -> DsResult<()> {
    let first = (array![[1e-200]], Activation::Identity);
    let second = (array![[1e200, 0.0]], Activation::Softmax);
    let model = network(vec![first, second], Loss::CrossEntropy)?;
    let error = told(model.gradients(&array![[1e200]], &array![[0.0, 1.0]]));
    assert!(error.contains("the gradient of the network"), "{error}");
    Ok(())
}

#[test]
fn adam_names_a_gradient_whose_square_is_no_number() -> DsResult<()> {
    let mut model = network(
        vec![(array![[0.0]], Activation::Identity)],
        Loss::MeanSquaredError,
    )?;
    let (x, y) = (array![[1e100]], array![[1e60]]);
    let error = told(model.train(&x, &y, &mut Optimizer::adam(0.1)?, 3));
    assert!(error.contains("did not converge"), "{error}");
    Ok(())
}

#[test]
fn the_gradient_of_cross_entropy_is_that_of_the_loss_for_any_targets() -> DsResult<()> {
    let rng = &mut RandomState::seed(1);
    let line = Activation::Identity;
    let sizes = [2, 3];
    let model = Mlp::new(
        &sizes,
        line,
        Activation::Softmax,
        Loss::CrossEntropy,
        InitialWeights::He,
        rng,
    )?;
    for checked in gradient_check(&model, &array![[1.0, 2.0]], &array![[2.0, 0.5, 0.0]], 1e-5)? {
        assert!(checked.relative_error() < 1e-6, "{checked:?}");
    }
    Ok(())
}

#[test]
fn a_relative_error_is_a_number_even_if_the_difference_is_none() {
    assert_eq!(relative_error(1e308, -1e308), 2.0);
}

#[test]
fn normalisation_is_the_same_at_any_offset() -> DsResult<()> {
    let x = Array2::from_shape_fn((1, 7), |(_, feature)| (feature % 3) as f64);
    let (scale, shift) = (Array1::ones(7), Array1::zeros(7));
    let expected = layer_norm(&x, &scale, &shift)?;
    for offset in [1e12, 1e15, -1e15] {
        let found = layer_norm(&(&x + offset), &scale, &shift)?;
        assert!(
            (&found - &expected).iter().all(|d| d.abs() < 1e-9),
            "{offset}: {found}"
        );
    }
    Ok(())
}

#[test]
fn turned_features_beyond_the_largest_number_are_named() {
    let error = told(rotary_positions(&array![[1.7e308, 1.7e308]], 2));
    assert!(error.contains("a turned feature"), "{error}");
}

#[test]
fn heads_with_weights_that_are_no_numbers_are_named() -> DsResult<()> {
    let projections = |last: f64| {
        let one = Array2::eye(2);
        [one.clone(), one.clone(), one.clone(), one * last]
    };
    let error = told(MultiHead::from_projections(1, projections(f64::NAN)));
    assert!(
        error.contains("a projection, row 0, column 0, is NaN"),
        "{error}"
    );
    let heads = MultiHead::from_projections(1, projections(1e300))?;
    let error = told(heads.self_attention(&array![[1e10, 2e10]], None));
    assert!(error.contains("the output of the heads"), "{error}");
    Ok(())
}

#[test]
fn more_classes_than_parameters_can_be_counted_are_named() -> DsResult<()> {
    for classes in [1 << 62, usize::MAX] {
        let error = told(ResNet::new(50, classes));
        assert!(error.starts_with("`classes` is"), "{error}");
    }
    assert_eq!(ResNet::new(18, 1 << 40)?.head_parameters(), 513 << 40);
    Ok(())
}

#[test]
fn digits_of_any_ink_and_size_are_drawn() {
    let dark = Digits {
        pixels: Array2::from_elem((1, 64), 5.0),
        labels: vec![1],
    };
    assert!(dark.drawn(&[0]).contains('█'));
    let short = Digits {
        pixels: Array2::from_elem((1, 6), 1.0),
        labels: vec![1, 1],
    };
    assert!(short.drawn(&[0, 1]).contains('█'));
    assert_eq!(short.only(&[1]).labels, [0]);
}
