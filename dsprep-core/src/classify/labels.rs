//! Classes of any number, as places in a sorted list.

use crate::error::count;
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis};

/// The different labels, sorted, and for each row the place of its label among them.
pub(super) fn classes(y: &ArrayRef1<usize>, rows: usize) -> Result<(Vec<usize>, Vec<usize>)> {
    if y.len() != rows {
        return Err(Error::Shape {
            what: "`y`",
            found: count(y.len(), "label"),
            expected: format!("{}, one for each row of `x`", count(rows, "label")),
        });
    }
    let mut classes = y.to_vec();
    classes.sort_unstable();
    classes.dedup();
    // Each label is in the list that was made of them.
    let place = |label: &usize| classes.partition_point(|class| class < label);
    let places = y.iter().map(place).collect();
    Ok((classes, places))
}

/// The label with the greatest value in each row, the smallest of equally great ones.
pub(super) fn most_probable(values: &ArrayRef2<f64>, classes: &[usize]) -> Array1<usize> {
    let best = |row: &ArrayRef1<f64>| {
        let better = |best: usize, at: usize| if row[at] > row[best] { at } else { best };
        classes[(0..row.len()).fold(0, better)]
    };
    values.rows().into_iter().map(|row| best(&row)).collect()
}

/// Probabilities from the logarithms of what is proportional to them, row by row.
pub(super) fn normalised(mut logs: Array2<f64>) -> Array2<f64> {
    for mut row in logs.rows_mut() {
        let greatest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        row.mapv_inplace(|log| (log - greatest).exp());
        let sum = row.sum();
        row /= sum;
    }
    logs
}

/// The number of rows of each class.
pub(super) fn sizes(places: &[usize], classes: usize) -> Array1<f64> {
    let mut sizes = Array1::zeros(classes);
    places.iter().for_each(|&class| sizes[class] += 1.0);
    sizes
}

/// The sum of the rows of each class: classes × columns.
pub(super) fn sums(x: &ArrayRef2<f64>, places: &[usize], classes: usize) -> Array2<f64> {
    let mut sums = Array2::zeros((classes, x.ncols()));
    for (row, &class) in x.axis_iter(Axis(0)).zip(places) {
        let mut sum = sums.row_mut(class);
        sum += &row;
    }
    sums
}
