//! Directions of vectors, whose products are cosines.

use crate::Result;
use crate::checks::finite_matrix;
use ndarray::{Array2, ArrayRef2};

/// The rows, each divided by its length; a row of zeros stays. The largest number is taken out first, so that
/// no square is too large or too small.
pub(super) fn unit_rows(what: &'static str, vectors: &ArrayRef2<f64>) -> Result<Array2<f64>> {
    finite_matrix(what, vectors)?;
    let mut units = vectors.to_owned();
    for mut row in units.rows_mut() {
        let largest = row.fold(0.0_f64, |largest, x| largest.max(x.abs()));
        if !(1e-100..=1e100).contains(&largest) && largest > 0.0 {
            row /= largest;
        }
        let length = row.dot(&row).sqrt();
        if length > 0.0 {
            row /= length;
        }
    }
    Ok(units)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn the_size_of_a_vector_does_not_matter() -> Result<()> {
        let expected = array![[0.6, 0.8]];
        for size in [1e-300, 1e-160, 1.0, 1e160, 1e300] {
            let difference = unit_rows("`v`", &(array![[3.0, 4.0]] * size))? - &expected;
            assert!(difference.iter().all(|d| d.abs() < 1e-15), "{size}");
        }
        assert_eq!(unit_rows("`v`", &array![[0.0, 0.0]])?, array![[0.0, 0.0]]);
        Ok(())
    }
}
