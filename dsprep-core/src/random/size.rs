//! How many draws are asked for: one, a vector, a matrix or a cube.

use ndarray::{Array1, Array2, Array3};

/// The `size` argument of NumPy's generator.
///
/// | size | result |
/// |---|---|
/// | `()` | one number |
/// | `n` | an array of n numbers |
/// | `(rows, columns)` | a matrix, filled row by row |
/// | `(planes, rows, columns)` | a cube, filled in the same order |
///
/// # Examples
/// ```
/// use dsprep_core::random::Size;
///
/// let mut next = 0;
/// let matrix = (2, 3).fill(|| { next += 1; next });
/// assert_eq!(matrix, dsprep_core::ndarray::array![[1, 2, 3], [4, 5, 6]]);
/// ```
pub trait Size {
    /// What holds the draws.
    type Out<T>;

    /// Calls `draw` once for each place, in row-major order.
    fn fill<T>(self, draw: impl FnMut() -> T) -> Self::Out<T>;
}

impl Size for () {
    type Out<T> = T;

    fn fill<T>(self, mut draw: impl FnMut() -> T) -> T {
        draw()
    }
}

impl Size for usize {
    type Out<T> = Array1<T>;

    fn fill<T>(self, draw: impl FnMut() -> T) -> Array1<T> {
        Array1::from_shape_simple_fn(self, draw)
    }
}

impl Size for (usize, usize) {
    type Out<T> = Array2<T>;

    fn fill<T>(self, draw: impl FnMut() -> T) -> Array2<T> {
        Array2::from_shape_simple_fn(self, draw)
    }
}

impl Size for (usize, usize, usize) {
    type Out<T> = Array3<T>;

    fn fill<T>(self, draw: impl FnMut() -> T) -> Array3<T> {
        Array3::from_shape_simple_fn(self, draw)
    }
}
