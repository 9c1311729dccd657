//! How many draws are asked for: one, a vector, a matrix or a cube.

use crate::Result;
use crate::checks::room_for;
use ndarray::{Array, Array1, Array2, Array3, Dimension, IntoDimension, Ix1, Ix2, Ix3};

/// Where numbers are drawn from: one, or as many as there are places.
///
/// Each size asks it by a pointer, so that the drawing is compiled here, once, and not in each cell of a notebook.
#[doc(hidden)]
pub trait Source<T> {
    /// The next number.
    fn next(&mut self) -> T;

    /// The next numbers, in order.
    fn fill(&mut self, places: &mut [T]);
}

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

    /// Fails if memory can't hold as many numbers.
    #[doc(hidden)]
    fn check_room(&self) -> Result<()>;

    /// Calls `draw` once for each place, in row-major order.
    fn fill<T>(self, draw: impl FnMut() -> T) -> Self::Out<T>;

    /// The next numbers of `source`, in the same order.
    #[doc(hidden)]
    fn reals(self, source: &mut dyn Source<f64>) -> Self::Out<f64>;

    /// The next integers of `source`, in the same order.
    #[doc(hidden)]
    fn integers(self, source: &mut dyn Source<i64>) -> Self::Out<i64>;

    /// The next places of `source`, in the same order.
    #[doc(hidden)]
    fn places(self, source: &mut dyn Source<usize>) -> Self::Out<usize>;
}

impl Size for () {
    type Out<T> = T;

    fn check_room(&self) -> Result<()> {
        Ok(())
    }

    fn fill<T>(self, mut draw: impl FnMut() -> T) -> T {
        draw()
    }

    fn reals(self, source: &mut dyn Source<f64>) -> f64 {
        source.next()
    }

    fn integers(self, source: &mut dyn Source<i64>) -> i64 {
        source.next()
    }

    fn places(self, source: &mut dyn Source<usize>) -> usize {
        source.next()
    }
}

/// A size with more than one number.
macro_rules! array_size {
    ($size:ty => $array:ident, $dimension:ty) => {
        impl Size for $size {
            type Out<T> = $array<T>;

            fn check_room(&self) -> Result<()> {
                let lengths = self.into_dimension();
                let product = |all: usize, length: &usize| all.saturating_mul(*length);
                room_for("`size`", lengths.slice().iter().fold(1, product), 1)
            }

            fn fill<T>(self, draw: impl FnMut() -> T) -> $array<T> {
                $array::from_shape_simple_fn(self, draw)
            }

            fn reals(self, source: &mut dyn Source<f64>) -> $array<f64> {
                filled::<f64, $dimension>(self.into_dimension(), source)
            }

            fn integers(self, source: &mut dyn Source<i64>) -> $array<i64> {
                filled::<i64, $dimension>(self.into_dimension(), source)
            }

            fn places(self, source: &mut dyn Source<usize>) -> $array<usize> {
                filled::<usize, $dimension>(self.into_dimension(), source)
            }
        }
    };
}

array_size!(usize => Array1, Ix1);
array_size!((usize, usize) => Array2, Ix2);
array_size!((usize, usize, usize) => Array3, Ix3);

fn filled<T: Clone + Default, D: Dimension>(shape: D, source: &mut dyn Source<T>) -> Array<T, D> {
    let mut drawn = Array::from_elem(shape, T::default());
    if let Some(places) = drawn.as_slice_mut() {
        source.fill(places);
    }
    drawn
}

#[cfg(test)]
mod tests {
    use crate::random::RandomState;
    use std::panic::catch_unwind;

    /// A panic, after which a notebook goes on; the process would end with an allocation that fails.
    #[test]
    fn more_numbers_than_memory_holds_are_refused() {
        for n in [1 << 45, usize::MAX] {
            let told = [
                catch_unwind(|| drop(RandomState::seed(1).randn(n))),
                catch_unwind(|| drop(RandomState::seed(1).rand((2, n)))),
                catch_unwind(|| drop(RandomState::seed(1).standard_normal((n, n, n)))),
            ];
            for panic in told.map(Result::unwrap_err) {
                let message = panic.downcast_ref::<String>().map_or("", String::as_str);
                assert!(message.contains("can't hold so many"), "{message}");
            }
            let error = RandomState::seed(1).uniform(0.0, 1.0, (2, n)).unwrap_err();
            assert!(error.to_string().starts_with("`size` is"), "{error}");
        }
    }
}
