//! What can become a column.

use ndarray::{ArrayBase, Data, Ix1};
use polars::prelude::{Column, IntoColumn, NamedFrom, Series};

/// Values that can become a column of a data frame.
pub trait ToColumn {
    /// The values as a column called `name`.
    fn to_column(&self, name: &str) -> Column;
}

impl<T: ToColumn + ?Sized> ToColumn for &T {
    fn to_column(&self, name: &str) -> Column {
        (**self).to_column(name)
    }
}

impl<T> ToColumn for Vec<T>
where
    [T]: ToColumn,
{
    fn to_column(&self, name: &str) -> Column {
        self.as_slice().to_column(name)
    }
}

impl<T, const N: usize> ToColumn for [T; N]
where
    [T]: ToColumn,
{
    fn to_column(&self, name: &str) -> Column {
        self.as_slice().to_column(name)
    }
}

impl<S> ToColumn for ArrayBase<S, Ix1>
where
    S: Data<Elem: Clone>,
    [S::Elem]: ToColumn,
{
    fn to_column(&self, name: &str) -> Column {
        match self.as_slice() {
            Some(values) => values.to_column(name),
            None => self.to_vec().to_column(name),
        }
    }
}

impl ToColumn for Column {
    fn to_column(&self, name: &str) -> Column {
        self.clone().with_name(name.into())
    }
}

impl ToColumn for Series {
    fn to_column(&self, name: &str) -> Column {
        self.clone().with_name(name.into()).into_column()
    }
}

/// Columns of the types that polars holds, with and without missing values.
macro_rules! columns {
    ($($value:ty),*) => {$(
        impl ToColumn for [$value] {
            fn to_column(&self, name: &str) -> Column {
                Series::new(name.into(), self).into_column()
            }
        }

        impl ToColumn for [Option<$value>] {
            fn to_column(&self, name: &str) -> Column {
                Series::new(name.into(), self).into_column()
            }
        }
    )*};
}

columns!(f32, f64, i32, i64, u32, u64, bool, &str, String);

/// A column of counts; polars has no type for them, so they are written as `u64`.
impl ToColumn for [usize] {
    fn to_column(&self, name: &str) -> Column {
        let values: Vec<u64> = self.iter().map(|value| *value as u64).collect();
        values.to_column(name)
    }
}

#[cfg(test)]
mod tests {
    use crate::table;
    use ndarray::{array, s};
    use polars::prelude::{DataType, IntoColumn};

    #[test]
    fn each_kind_of_values_becomes_a_column() {
        let vector = array![1.0, 2.0, 3.0, 4.0];
        let owned = vec![String::from("x"), String::from("y")];
        let frame = table!(
            "array" => [1, 2],
            "vector" => vec![0.5, 1.5],
            "reference" => &owned,
            "every second" => vector.slice(s![..;2]),
            "count" => [1_usize, 2],
            "missing" => [Some("a"), None],
        )
        .unwrap();
        let types: Vec<DataType> = frame
            .columns()
            .iter()
            .map(|it| it.dtype().clone())
            .collect();
        let expected = [
            DataType::Int32,
            DataType::Float64,
            DataType::String,
            DataType::Float64,
            DataType::UInt64,
            DataType::String,
        ];
        assert_eq!(types, expected);
        assert_eq!(frame.column("missing").unwrap().null_count(), 1);
        let again = table!("new name" => frame.column("count").unwrap().clone().into_column());
        assert_eq!(again.unwrap().get_column_names(), ["new name"]);
    }

    #[test]
    fn columns_of_different_length_are_refused() {
        let error = table!("a" => [1, 2], "b" => [1]).unwrap_err();
        assert!(error.to_string().contains("length"), "{error}");
    }
}
