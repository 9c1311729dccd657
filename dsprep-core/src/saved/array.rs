//! Vectors and matrices for serde.
//!
//! For fields: `#[serde(with = "crate::saved::array")]`. ndarray's own form needs a feature of it, and says more than
//! a reader needs.

use ndarray::{Array1, Array2};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An array, and the form in which it is stored.
pub(crate) trait Array: Sized {
    type Stored: Serialize + DeserializeOwned;

    fn to_stored(&self) -> Self::Stored;

    fn from_stored(stored: Self::Stored) -> Result<Self, String>;
}

pub(crate) fn serialize<T: Array, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    value.to_stored().serialize(to)
}

pub(crate) fn deserialize<'de, T: Array, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    T::from_stored(T::Stored::deserialize(from)?).map_err(D::Error::custom)
}

impl Array for Array1<f64> {
    type Stored = Vec<f64>;

    fn to_stored(&self) -> Vec<f64> {
        self.to_vec()
    }

    fn from_stored(stored: Vec<f64>) -> Result<Self, String> {
        Ok(Array1::from(stored))
    }
}

/// A matrix, row by row.
#[derive(Serialize, Deserialize)]
pub(crate) struct Matrix<T> {
    shape: (usize, usize),
    values: Vec<T>,
}

impl<T: Copy + Serialize + DeserializeOwned> Array for Array2<T> {
    type Stored = Matrix<T>;

    fn to_stored(&self) -> Matrix<T> {
        Matrix {
            shape: self.dim(),
            values: self.iter().copied().collect(),
        }
    }

    fn from_stored(stored: Matrix<T>) -> Result<Self, String> {
        let (rows, columns) = stored.shape;
        let found = stored.values.len();
        if found == 0 && (rows, columns) != (0, 0) {
            return Err(format!("a matrix of {rows} × {columns} holds nothing"));
        }
        Array2::from_shape_vec(stored.shape, stored.values)
            .map_err(|_| format!("{rows} × {columns} numbers were to follow, but {found} do"))
    }
}
