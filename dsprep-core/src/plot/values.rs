//! What can be drawn: numbers in a vector, an array, a range or a column of a table.

use super::scale::{FARTHEST, NEAR_ENOUGH};
use crate::error::{count, out_of_range};
use crate::{Error, Result};
use ndarray::{ArrayBase, Data, Ix1};
use polars::prelude::{Column, DataType, Series};
use std::ops::{Range, RangeInclusive};

/// A number that can be drawn.
pub trait Scalar: Copy {
    /// The number as a float.
    fn to_float(self) -> f64;
}

macro_rules! scalars {
    ($($exact:ident)* ; $($rounded:ident)*) => {
        $(impl Scalar for $exact {
            fn to_float(self) -> f64 {
                f64::from(self)
            }
        })*
        $(impl Scalar for $rounded {
            fn to_float(self) -> f64 {
                self as f64
            }
        })*
    };
}

scalars!(f64 f32 i8 i16 i32 u8 u16 u32 bool; i64 u64 isize usize);

/// Numbers in a row: a slice, a vector, a one-dimensional array, a range, or a column of a table
/// (where a null becomes NaN, which a chart then reports).
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::plot::Values;
///
/// assert_eq!((1..=3).values(), [1.0, 2.0, 3.0]);
/// assert_eq!(array![1.0, 2.5].values(), vec![1.0, 2.5].values());
/// ```
pub trait Values {
    /// All of them, in order.
    fn values(&self) -> Vec<f64>;
}

impl<T: Scalar> Values for [T] {
    fn values(&self) -> Vec<f64> {
        self.iter().map(|value| value.to_float()).collect()
    }
}

impl<T: Scalar, const N: usize> Values for [T; N] {
    fn values(&self) -> Vec<f64> {
        self.as_slice().values()
    }
}

impl<T: Scalar> Values for Vec<T> {
    fn values(&self) -> Vec<f64> {
        self.as_slice().values()
    }
}

impl<S: Data<Elem: Scalar>> Values for ArrayBase<S, Ix1> {
    fn values(&self) -> Vec<f64> {
        self.iter().map(|value| value.to_float()).collect()
    }
}

impl Values for Range<usize> {
    fn values(&self) -> Vec<f64> {
        counted(self.clone())
    }
}

impl Values for RangeInclusive<usize> {
    fn values(&self) -> Vec<f64> {
        counted(self.clone())
    }
}

/// The numbers of a range, or one that no chart draws in the place of more than the memory can hold.
fn counted(range: impl Iterator<Item = usize> + Clone) -> Vec<f64> {
    let (least, most) = range.size_hint();
    let mut values = Vec::new();
    if most.is_none() || values.try_reserve_exact(least).is_err() {
        return vec![f64::INFINITY];
    }
    values.extend(range.map(Scalar::to_float));
    values
}

impl Values for Series {
    fn values(&self) -> Vec<f64> {
        let missing = || vec![f64::NAN; self.len()];
        let Ok(floats) = self.cast(&DataType::Float64) else {
            return missing();
        };
        floats.f64().map_or_else(
            |_| missing(),
            |floats| {
                let floats = floats.iter();
                floats.map(|value| value.unwrap_or(f64::NAN)).collect()
            },
        )
    }
}

impl Values for Column {
    fn values(&self) -> Vec<f64> {
        self.as_materialized_series().values()
    }
}

impl<V: Values + ?Sized> Values for &V {
    fn values(&self) -> Vec<f64> {
        (**self).values()
    }
}

/// Fails if there are no `values`, or if one is NaN or infinite; `name` tells whose they are.
pub(super) fn check_finite(what: &'static str, name: &str, values: &[f64]) -> Result<()> {
    if values.is_empty() {
        return Err(Error::Empty {
            what,
            item: "value",
        });
    }
    if let Some(at) = values
        .iter()
        .position(|value| value.is_finite() && value.abs() > FARTHEST)
    {
        return Err(out_of_range(
            format!("{what}[{at}]{}", of(name)),
            values[at],
            NEAR_ENOUGH,
        ));
    }
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(at) => Err(Error::OutOfRange {
            what: format!("{what}[{at}]{}", of(name)),
            found: values[at].to_string(),
            expected: "a finite number; leave out what is missing",
        }),
    }
}

/// Fails unless there are as many `values` as there are of `other`.
pub(super) fn check_length(
    what: &'static str,
    name: &str,
    values: usize,
    other: &'static str,
    expected: usize,
) -> Result<()> {
    if values == expected {
        return Ok(());
    }
    Err(Error::Shape {
        what,
        found: format!("{}{}", count(values, "value"), of(name)),
        expected: format!("{}, one for each of {other}", count(expected, "value")),
    })
}

fn of(name: &str) -> String {
    if name.is_empty() {
        String::new()
    } else {
        format!(" of \"{name}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{array, s};

    #[test]
    fn all_kinds_of_rows_give_their_numbers() {
        let matrix = array![[1, 2], [3, 4]];
        assert_eq!(matrix.column(1).values(), [2.0, 4.0]);
        assert_eq!(array![1.0, 2.0, 3.0].slice(s![..2]).values(), [1.0, 2.0]);
        assert_eq!([true, false].values(), [1.0, 0.0]);
        assert_eq!((2..4).values(), [2.0, 3.0]);
        assert_eq!([7_usize].as_slice().values(), [7.0]);
    }

    #[test]
    fn a_column_gives_its_numbers_and_nan_for_null() {
        let column = Column::new("a".into(), [Some(1_i64), None]);
        let values = column.values();
        assert!(values[0] == 1.0 && values[1].is_nan());
        assert!(
            Column::new("a".into(), ["b"])
                .values()
                .iter()
                .all(|value| value.is_nan())
        );
    }
}
