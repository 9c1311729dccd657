//! Whether more data, or more training, would help.

use super::{Figure, Labels, Line, line_chart};
use crate::{Error, Result};
use ndarray::{ArrayRef2, Axis};

use super::values::{Values, check_length};

/// Training and validation scores against the number of rows, or of epochs.
///
/// `x` holds n sizes, `train` and `validation` (n×k) the scores of k folds or repetitions at each, as
/// scikit-learn's `learning_curve` gives them. The lines are means, the bands one standard deviation.
///
/// # Errors
/// [`Error::Empty`] without scores, [`Error::Shape`] if there are not as many rows as sizes,
/// [`Error::OutOfRange`] if a value is not finite.
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::plot::{Labels, learning_curves};
///
/// let labels = Labels { title: "Learning curves", x: "Rows", y: "Accuracy" };
/// let train = array![[0.99, 0.98], [0.95, 0.96]];
/// let validation = array![[0.7, 0.74], [0.85, 0.87]];
/// let figure = learning_curves(&[100, 1_000], &train, &validation, labels)?;
/// assert!(figure.svg().contains("validation"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn learning_curves(
    x: &(impl Values + ?Sized),
    train: &ArrayRef2<f64>,
    validation: &ArrayRef2<f64>,
    labels: Labels<'_>,
) -> Result<Figure> {
    let x = x.values();
    let lines = [
        curve("train", "`train`", &x, train)?,
        curve("validation", "`validation`", &x, validation)?,
    ];
    line_chart(&lines, labels)
}

fn curve(name: &str, what: &'static str, x: &[f64], scores: &ArrayRef2<f64>) -> Result<Line> {
    check_length(what, "", scores.nrows(), "`x`", x.len())?;
    let Some(mean) = scores.mean_axis(Axis(1)) else {
        return Err(Error::Empty {
            what,
            item: "score of each size",
        });
    };
    let line = Line::new(name, x, &mean).with_points();
    if scores.ncols() < 2 {
        return Ok(line);
    }
    let spread = scores.std_axis(Axis(1), 1.0);
    Ok(line.with_band(&(&mean - &spread), &(&mean + &spread)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    const LABELS: Labels<'_> = Labels {
        title: "Title",
        x: "Rows",
        y: "Accuracy",
    };

    #[test]
    fn several_folds_have_bands_and_a_single_one_has_none() -> Result<()> {
        // The squares that mark the second line are polygons too.
        let polygons = |folds| -> Result<usize> {
            let scores = Array2::from_shape_fn((3, folds), |(row, fold)| (row + fold) as f64);
            let figure = learning_curves(&[1, 2, 3], &scores, &(&scores - 5.0), LABELS)?;
            Ok(figure.svg().matches("<polygon").count())
        };
        assert_eq!(polygons(2)? - polygons(1)?, 2);
        Ok(())
    }

    #[test]
    fn wrong_shapes_are_named() {
        let scores = Array2::zeros((2, 2));
        let error = learning_curves(&[1], &scores, &scores, LABELS).unwrap_err();
        assert!(error.to_string().starts_with("`train` has 2 values"));
        let none = Array2::zeros((1, 0));
        assert!(learning_curves(&[1], &none, &none, LABELS).is_err());
    }
}
