//! What a network and its data must fulfil.

use super::activation::Activation;
use super::layer::Layer;
use super::loss::Loss;
use crate::checks::finite_matrix;
use crate::error::count;
use crate::{Error, Result};
use ndarray::ArrayRef2;

/// Fails unless there are at least two sizes, none of them 0.
pub(super) fn check_sizes(sizes: &[usize]) -> Result<()> {
    if sizes.len() < 2 {
        return Err(Error::Shape {
            what: "`sizes`",
            found: count(sizes.len(), "value"),
            expected: "at least 2 values, the numbers of inputs and outputs".to_owned(),
        });
    }
    match sizes.iter().position(|&size| size == 0) {
        None => Ok(()),
        Some(at) => Err(Error::OutOfRange {
            what: format!("`sizes[{at}]`"),
            found: "0".to_owned(),
            expected: "at least 1",
        }),
    }
}

/// Fails unless the layers fit each other and the loss.
pub(super) fn check_layers(layers: &[Layer], loss: Loss) -> Result<()> {
    let Some(output) = layers.last() else {
        return Err(Error::Empty {
            what: "`layers`",
            item: "layer",
        });
    };
    for layer in layers {
        finite_matrix("`weights`", &layer.weights)?;
        if layer.bias.len() != layer.weights.ncols() {
            return Err(Error::Shape {
                what: "`bias`",
                found: count(layer.bias.len(), "value"),
                expected: format!(
                    "{}, one for each unit",
                    count(layer.weights.ncols(), "value")
                ),
            });
        }
    }
    for (before, layer) in layers.iter().zip(&layers[1..]) {
        if before.weights.ncols() != layer.weights.nrows() {
            return Err(Error::Shape {
                what: "`weights`",
                found: count(layer.weights.nrows(), "row"),
                expected: format!(
                    "{}, one for each unit of the layer before",
                    count(before.weights.ncols(), "row")
                ),
            });
        }
    }
    let hidden = &layers[..layers.len() - 1];
    if hidden.iter().any(|l| l.activation == Activation::Softmax) {
        return Err(Error::OutOfRange {
            what: "the activation of a hidden layer".to_owned(),
            found: "softmax".to_owned(),
            expected: "identity, sigmoid, tanh or relu; softmax is for the output",
        });
    }
    if loss == Loss::CrossEntropy && output.activation != Activation::Softmax {
        return Err(Error::OutOfRange {
            what: "the activation of the output".to_owned(),
            found: output.activation.name().to_owned(),
            expected: "softmax, which cross-entropy needs",
        });
    }
    Ok(())
}

/// Fails unless `x` is finite and has a column for each input.
pub(super) fn check_input(x: &ArrayRef2<f64>, inputs: usize) -> Result<()> {
    finite_matrix("`x`", x)?;
    if x.ncols() != inputs {
        return Err(Error::Shape {
            what: "`x`",
            found: count(x.ncols(), "column"),
            expected: format!("{}, one for each input", count(inputs, "column")),
        });
    }
    Ok(())
}

/// Fails unless `target` is finite and has the shape of the output.
pub(super) fn check_target(target: &ArrayRef2<f64>, (rows, outputs): (usize, usize)) -> Result<()> {
    if target.dim() != (rows, outputs) {
        return Err(Error::Shape {
            what: "`target`",
            found: format!("the shape {}×{}", target.nrows(), target.ncols()),
            expected: format!("{rows}×{outputs}, rows of `x` by outputs"),
        });
    }
    finite_matrix("`target`", target)
}
