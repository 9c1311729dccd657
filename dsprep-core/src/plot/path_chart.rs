//! Coefficients against the strength of the penalty.

use super::values::{Values, check_length};
use super::{Figure, Labels, Line, LineChart};
use crate::{Error, Result};
use ndarray::ArrayRef2;

/// The regularisation path: one line for each coefficient, from a strong penalty on the left, which
/// keeps them near 0, to a weak one on the right, where their names stand.
///
/// `lambdas` holds n positive strengths, `coefficients` (n×p) the fit at each, `names` p names. After
/// Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning", 2009, figure 3.10.
///
/// # Errors
/// [`Error::Empty`] without coefficients, [`Error::Shape`] if lengths differ, [`Error::OutOfRange`] if
/// a strength is not positive or a value not finite.
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::plot::{Labels, path_chart};
///
/// let labels = Labels { title: "Lasso path", x: "Penalty λ", y: "Coefficient" };
/// let coefficients = array![[0.0, 0.0], [0.4, 0.0], [0.9, -0.3]];
/// let figure = path_chart(&[1.0, 0.1, 0.01], &coefficients, &["age", "income"], labels)?;
/// assert!(figure.svg().contains("income"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn path_chart(
    lambdas: &(impl Values + ?Sized),
    coefficients: &ArrayRef2<f64>,
    names: &[impl AsRef<str>],
    labels: Labels<'_>,
) -> Result<Figure> {
    let lambdas = lambdas.values();
    if coefficients.is_empty() {
        return Err(Error::Empty {
            what: "`coefficients`",
            item: "coefficient",
        });
    }
    check_length(
        "`coefficients`",
        "",
        coefficients.nrows(),
        "`lambdas`",
        lambdas.len(),
    )?;
    check_length(
        "`names`",
        "",
        names.len(),
        "the columns of `coefficients`",
        coefficients.ncols(),
    )?;
    let mut order: Vec<usize> = (0..lambdas.len()).collect();
    order.sort_by(|&a, &b| lambdas[b].total_cmp(&lambdas[a]));
    let sorted: Vec<f64> = order.iter().map(|&index| lambdas[index]).collect();
    let lines = names
        .iter()
        .zip(coefficients.columns())
        .map(|(name, path)| {
            let path: Vec<f64> = order.iter().map(|&index| path[index]).collect();
            Line::new(name.as_ref(), &sorted, &path)
        });
    let lines: Vec<Line> = lines.collect();
    LineChart::new(&lines, labels)
        .log_x()
        .reversed()
        .horizontal(0.0, "")
        .draw()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    const LABELS: Labels<'_> = Labels {
        title: "Title",
        x: "λ",
        y: "Coefficient",
    };

    #[test]
    fn the_order_of_the_penalties_does_not_matter() -> Result<()> {
        let one = path_chart(&[1.0, 0.1], &array![[0.0], [2.0]], &["a"], LABELS)?;
        let other = path_chart(&[0.1, 1.0], &array![[2.0], [0.0]], &["a"], LABELS)?;
        assert_eq!(one, other);
        Ok(())
    }

    #[test]
    fn what_cannot_be_drawn_is_named() {
        let coefficients = array![[0.0], [1.0]];
        let chart =
            |lambdas: &[f64], names: &[&str]| path_chart(lambdas, &coefficients, names, LABELS);
        assert!(chart(&[1.0], &["a"]).is_err());
        assert!(chart(&[1.0, 0.0], &["a"]).is_err());
        assert!(chart(&[1.0, 2.0], &["a", "b"]).is_err());
        assert!(chart(&[1.0, 2.0], &["a"]).is_ok());
    }
}
