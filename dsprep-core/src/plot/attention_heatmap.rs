//! The heat map of attention weights (question 20).

use super::heatmap::{GRID_SIDE, Grid, check_size};
use super::{Figure, Labels};
use crate::{Error, Result};
use ndarray::ArrayRef2;

/// Up to this many rows or columns, each cell's value is written into it.
const MOST_WITH_VALUES: usize = 10;
/// The most tokens whose numbers are written along an axis.
const MOST_TICKS: usize = 16;

/// A heat map of attention weights (n×m, from 0 to 1): queries are rows, keys are columns.
///
/// Up to ten tokens, the values are written into the cells.
///
/// # Errors
/// [`Error::Empty`] without weights; [`Error::OutOfRange`] if one is not between 0 and 1;
/// [`Error::Shape`] if there are more than 480 rows or columns.
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::plot::attention_heatmap;
///
/// let figure = attention_heatmap(&array![[0.9, 0.1], [0.2, 0.8]], "Attention weights")?;
/// assert!(figure.svg().contains("Key token"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn attention_heatmap(weights: &ArrayRef2<f64>, title: &str) -> Result<Figure> {
    check(weights)?;
    let longest = weights.nrows().max(weights.ncols());
    let cell = (GRID_SIDE / longest) as i32;
    let step = longest.div_ceil(MOST_TICKS);
    let numbers = |tokens: usize| {
        let number = |token: usize| match token.is_multiple_of(step) {
            true => token.to_string(),
            false => String::new(),
        };
        (0..tokens).map(number).collect()
    };
    let texts = if longest <= MOST_WITH_VALUES {
        // A weight of exactly 0 is masked: softmax gives none.
        let text = |weight: &f64| match *weight == 0.0 {
            true => String::new(),
            false => format!("{weight:.2}"),
        };
        weights.iter().map(text).collect()
    } else {
        vec![]
    };
    let grid = Grid {
        values: weights,
        texts,
        rows: numbers(weights.nrows()),
        columns: numbers(weights.ncols()),
        labels: Labels {
            title,
            x: "Key token",
            y: "Query token",
        },
        bar_name: "Weight",
        range: (0.0, 1.0),
        cell: (cell, cell),
    };
    grid.draw()
}

fn check(weights: &ArrayRef2<f64>) -> Result<()> {
    check_size("`weights`", weights)?;
    match weights
        .indexed_iter()
        .find(|(_, weight)| !(0.0..=1.0).contains(*weight))
    {
        None => Ok(()),
        Some(((row, column), weight)) => Err(Error::OutOfRange {
            what: format!("`weights[[{row}, {column}]]`"),
            found: weight.to_string(),
            expected: "between 0 and 1",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    #[test]
    fn small_maps_show_their_values_and_large_ones_do_not() -> Result<()> {
        assert!(
            attention_heatmap(&array![[0.123, 0.877]], "a")?
                .svg()
                .contains("0.12")
        );
        let large = Array2::from_elem((11, 11), 0.123);
        assert!(!attention_heatmap(&large, "a")?.svg().contains("0.12"));
        Ok(())
    }

    #[test]
    fn the_same_weights_give_the_same_bytes() -> Result<()> {
        let weights = array![[0.1, 0.9], [0.4, 0.6]];
        assert_eq!(
            attention_heatmap(&weights, "a")?,
            attention_heatmap(&weights, "a")?
        );
        Ok(())
    }

    #[test]
    fn a_title_is_escaped() -> Result<()> {
        let figure = attention_heatmap(&array![[1.0]], "a < b")?;
        assert!(figure.svg().contains("<title>a &lt; b</title>"));
        Ok(())
    }

    #[test]
    fn what_is_no_weight_is_named() {
        let message =
            |weights: Array2<f64>| attention_heatmap(&weights, "a").unwrap_err().to_string();
        assert_eq!(
            message(array![[0.5, 1.5]]),
            "`weights[[0, 1]]` is 1.5, but it must be between 0 and 1."
        );
        assert!(message(array![[f64::NAN]]).contains("is NaN"));
        assert!(message(Array2::zeros((0, 3))).contains("is empty"));
    }
}
