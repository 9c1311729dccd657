//! Small data frames, written down in a cell.
//!
//! [`table!`](crate::table) reads like the macro of the same name in polars, and takes ndarray's vectors too.
//! What it builds is polars' own [`polars::prelude::DataFrame`]. The difference is where it
//! is compiled: polars' macro compiles the whole construction anew for each type in each cell, half a
//! second of work; here it was compiled with the core.
//!
//! The way back to arrays, which models and metrics take, is [`FrameToArray`] and [`ColumnToArray`].

mod column;
mod to_array;

pub use column::ToColumn;
pub use to_array::{ColumnToArray, FrameToArray};

use crate::Result;
use polars::prelude::{Column, DataFrame};

/// A data frame of columns of the same length.
///
/// # Errors
/// [`Error::Polars`](crate::Error::Polars) if lengths differ or two columns have the same name.
///
/// # Examples
/// ```
/// use dsprep_core::frame::{ToColumn, data_frame};
/// let frame = data_frame(vec![vec![1, 2].to_column("a"), ["x", "y"].to_column("b")])?;
/// assert_eq!(frame.shape(), (2, 2));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn data_frame(columns: Vec<Column>) -> Result<DataFrame> {
    Ok(DataFrame::new_infer_height(columns)?)
}

/// A data frame from pairs of a name and the values of a column.
///
/// Values are vectors, arrays, slices or ndarray's vectors of numbers, texts or truth values, of
/// options of these where values are missing, and polars' own columns and series.
///
/// # Examples
/// ```
/// use dsprep_core::table;
/// let frame = table!("name" => ["Ada", "Grace"], "age" => [Some(36), None])?;
/// assert_eq!(frame.shape(), (2, 2));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[macro_export]
macro_rules! table {
    ($($name:expr => $values:expr),+ $(,)?) => {
        $crate::frame::data_frame(vec![
            $($crate::frame::ToColumn::to_column(&$values, $name)),+
        ])
    };
}
