//! From data frames to arrays: what the models and metrics take.
//!
//! [`FrameToArray`] makes a matrix of some columns of a data frame, [`ColumnToArray`] a vector, or class
//! labels, of one column. A null has no place in an array; the error names its row.

use crate::{Error, Result};
use ndarray::{Array1, Array2};
use polars::prelude::{Column, DataFrame, DataType, Series};
use std::collections::BTreeMap;

/// Whole numbers from here on are not all told apart by `f64`.
const FIRST_INEXACT: f64 = 9_007_199_254_740_992.0;

/// A data frame's columns as a matrix.
pub trait FrameToArray {
    /// The columns `names`, in this order, as a matrix: rows × columns. Whole numbers beyond 2⁵³ are
    /// rounded to the nearest `f64`, true is 1, and false is 0.
    ///
    /// # Errors
    /// [`Error::Polars`] if there is no such column; [`Error::OutOfRange`] if a column does not hold
    /// numbers or truth values, or has a null, whose row is named.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{table, frame::FrameToArray, ndarray::array};
    /// let frame = table!("user" => ["Ada", "Grace"], "age" => [36, 85], "score" => [0.5, 0.25])?;
    /// assert_eq!(frame.to_array(["age", "score"])?, array![[36.0, 0.5], [85.0, 0.25]]);
    /// assert!(frame.to_array(["user"]).is_err());
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    fn to_array<S: AsRef<str>>(&self, names: impl AsRef<[S]>) -> Result<Array2<f64>>;
}

impl FrameToArray for DataFrame {
    fn to_array<S: AsRef<str>>(&self, names: impl AsRef<[S]>) -> Result<Array2<f64>> {
        let names: Vec<&str> = names.as_ref().iter().map(AsRef::as_ref).collect();
        matrix(self, &names)
    }
}

fn matrix(frame: &DataFrame, names: &[&str]) -> Result<Array2<f64>> {
    let mut matrix = Array2::zeros((frame.height(), names.len()));
    for (name, mut place) in names.iter().zip(matrix.columns_mut()) {
        let series = frame.column(name)?.as_materialized_series();
        place.assign(&Array1::from(numbers(series)?));
    }
    Ok(matrix)
}

/// A column as a vector, or as class labels.
pub trait ColumnToArray {
    /// The column's numbers or truth values as a vector. Whole numbers beyond 2⁵³ are rounded to the
    /// nearest `f64`, true is 1, and false is 0.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the column does not hold numbers or truth values, or has a null, whose
    /// row is named.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{table, frame::ColumnToArray, ndarray::array};
    /// let frame = table!("age" => [Some(36), None])?;
    /// assert_eq!(frame.column("age")?.head(Some(1)).to_array()?, array![36.0]);
    /// assert_eq!(
    ///     frame.column("age")?.to_array().unwrap_err().to_string(),
    ///     "row 1 of the column `age` is null, but it must be a number; drop the row or fill the gap."
    /// );
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    fn to_array(&self) -> Result<Array1<f64>>;

    /// The column's whole numbers or truth values as labels of classes: 0, 1, 2, ...
    ///
    /// # Errors
    /// As [`to_array`](Self::to_array); also [`Error::OutOfRange`] if a value is negative, not whole, or
    /// too large to be told from its neighbours (2⁵³ or more).
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{table, frame::ColumnToArray, ndarray::array};
    /// let frame = table!("churned" => [true, false, true])?;
    /// assert_eq!(frame.column("churned")?.to_labels()?, array![1, 0, 1]);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    fn to_labels(&self) -> Result<Array1<usize>>;

    /// The column's texts as numbers 0, 1, 2, ... in the order of the sorted different texts, and these.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the column does not hold texts, or has a null, whose row is named.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{table, frame::ColumnToArray, ndarray::array};
    /// let frame = table!("plan" => ["pro", "free", "pro"])?;
    /// let (codes, names) = frame.column("plan")?.to_codes()?;
    /// assert_eq!((codes, names), (array![1, 0, 1], vec!["free".to_owned(), "pro".to_owned()]));
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    fn to_codes(&self) -> Result<(Array1<usize>, Vec<String>)>;
}

impl ColumnToArray for Series {
    fn to_array(&self) -> Result<Array1<f64>> {
        Ok(Array1::from(numbers(self)?))
    }

    fn to_labels(&self) -> Result<Array1<usize>> {
        let numbers = numbers(self)?;
        let is_label = |value: f64| value >= 0.0 && value.fract() == 0.0 && value < FIRST_INEXACT;
        match numbers.iter().position(|&value| !is_label(value)) {
            None => Ok(numbers.into_iter().map(|value| value as usize).collect()),
            Some(row) => Err(wrong(
                self,
                row,
                numbers[row],
                "a whole number from 0 up to 2⁵³",
            )),
        }
    }

    fn to_codes(&self) -> Result<(Array1<usize>, Vec<String>)> {
        let texts = self
            .str()
            .map_err(|_| not_of_type(self, "of texts (str)"))?;
        let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
        for (row, text) in texts.iter().enumerate() {
            let text = text
                .ok_or_else(|| wrong(self, row, "null", "a text; drop the row or fill the gap"))?;
            codes.insert(text, 0);
        }
        for (code, place) in codes.values_mut().enumerate() {
            *place = code;
        }
        let coded = texts.iter().flatten().map(|text| codes[text]).collect();
        Ok((coded, codes.into_keys().map(str::to_owned).collect()))
    }
}

impl ColumnToArray for Column {
    fn to_array(&self) -> Result<Array1<f64>> {
        self.as_materialized_series().to_array()
    }

    fn to_labels(&self) -> Result<Array1<usize>> {
        self.as_materialized_series().to_labels()
    }

    fn to_codes(&self) -> Result<(Array1<usize>, Vec<String>)> {
        self.as_materialized_series().to_codes()
    }
}

/// The column's values as `f64`, none of them missing.
fn numbers(column: &Series) -> Result<Vec<f64>> {
    if !column.dtype().is_primitive_numeric() && column.dtype() != &DataType::Boolean {
        return Err(not_of_type(
            column,
            "of numbers or truth values; `to_codes` numbers texts",
        ));
    }
    let column = column.rechunk();
    let values = column.cast(&DataType::Float64)?;
    let values = values.f64()?.iter().enumerate();
    let expected = "a number; drop the row or fill the gap";
    values
        .map(|(row, value)| value.ok_or_else(|| wrong(&column, row, "null", expected)))
        .collect()
}

fn wrong(column: &Series, row: usize, found: impl ToString, expected: &'static str) -> Error {
    Error::OutOfRange {
        what: format!("row {row} of the column `{}`", column.name()),
        found: found.to_string(),
        expected,
    }
}

fn not_of_type(column: &Series, expected: &'static str) -> Error {
    Error::OutOfRange {
        what: format!("the column `{}`", column.name()),
        found: format!("of type {}", column.dtype()),
        expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table;
    use ndarray::array;
    use polars::prelude::{IntoColumn, NamedFrom};

    #[test]
    fn numbers_of_all_types_and_truth_values_become_a_matrix() -> Result<()> {
        let frame = table!("i" => [1_i32, -2], "u" => [3_u64, 4], "f" => [0.5_f32, 1.5], "b" => [true, false])?;
        let found = frame.to_array(["b", "i", "u", "f"])?;
        assert_eq!(found, array![[1.0, 1.0, 3.0, 0.5], [0.0, -2.0, 4.0, 1.5]]);
        assert_eq!(frame.to_array([""; 0])?.dim(), (2, 0));
        Ok(())
    }

    #[test]
    fn what_is_no_number_or_missing_is_named() -> Result<()> {
        let frame = table!("name" => ["x"], "gap" => [None::<f64>])?;
        let message = |name: &str| frame.to_array([name]).unwrap_err().to_string();
        assert_eq!(
            message("name"),
            "the column `name` is of type str, but it must be of numbers or truth values; `to_codes` \
             numbers texts."
        );
        assert!(message("gap").starts_with("row 0 of the column `gap` is null"));
        assert!(message("other").contains("other"));
        let empty = Series::new("nulls".into(), [None::<f64>; 0]);
        assert_eq!(empty.to_array()?.len(), 0);
        Ok(())
    }

    #[test]
    fn labels_are_whole_and_not_negative_and_a_nan_is_no_label() -> Result<()> {
        let labels = |values: Vec<f64>| Series::new("y".into(), values).into_column().to_labels();
        assert_eq!(labels(vec![2.0, 0.0])?, array![2, 0]);
        for wrong in [-1.0, 0.5, f64::NAN, f64::INFINITY, 9_007_199_254_740_992.0] {
            let message = labels(vec![0.0, wrong]).unwrap_err().to_string();
            assert!(message.starts_with("row 1 of the column `y`"), "{message}");
        }
        Ok(())
    }

    #[test]
    fn texts_are_numbered_in_sorted_order_and_numbers_are_no_texts() -> Result<()> {
        let frame = table!("t" => ["b", "a", "b", "ä"], "n" => [1, 2, 3, 4], "gap" => [Some("x"), None, None, None])?;
        let (codes, names) = frame.column("t")?.to_codes()?;
        assert_eq!(codes, array![1, 0, 1, 2]);
        assert_eq!(names, ["a", "b", "ä"]);
        assert!(frame.column("n")?.to_codes().is_err());
        let message = frame.column("gap")?.to_codes().unwrap_err().to_string();
        assert!(message.starts_with("row 1"), "{message}");
        Ok(())
    }
}
