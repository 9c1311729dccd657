//! How many draws are asked for: one, a vector, a matrix or a cube.

use crate::Result;
use crate::checks::room_for_items;
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
/// | size | `randn`, `rand` | `normal`, `uniform` and the others |
/// |---|---|---|
/// | `()` | one number | the `Result` of one number: a parameter may be wrong |
/// | `n` | the `Result` of an array of n numbers | the same |
/// | `(rows, columns)` | … of a matrix, filled row by row | the same |
/// | `(planes, rows, columns)` | … of a cube, filled in the same order | the same |
///
/// # Examples
/// ```
/// use dsprep_core::random::Size;
///
/// let mut next = 0;
/// let mut draw = || { next += 1; next };
/// assert_eq!(().fill(&mut draw), 1);
/// assert_eq!((2, 3).fill(draw)?, dsprep_core::ndarray::array![[2, 3, 4], [5, 6, 7]]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub trait Size {
    /// What holds the draws.
    type Out<T>;

    /// What a draw that only memory can refuse gives: one number is there, an array is a `Result`.
    type Drawn<T>;

    /// Calls `draw` once for each place, in row-major order.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if memory can't hold so many; one is always held.
    fn fill<T>(self, draw: impl FnMut() -> T) -> Self::Drawn<T>;

    /// The draws as a `Result`, whatever the size.
    #[doc(hidden)]
    fn result<T>(drawn: Self::Drawn<T>) -> Result<Self::Out<T>>;

    /// The next numbers of `source`, in the same order.
    #[doc(hidden)]
    fn reals(self, source: &mut dyn Source<f64>) -> Self::Drawn<f64>;

    /// The next integers of `source`, in the same order.
    #[doc(hidden)]
    fn integers(self, source: &mut dyn Source<i64>) -> Self::Drawn<i64>;

    /// The next places of `source`, in the same order.
    #[doc(hidden)]
    fn places(self, source: &mut dyn Source<usize>) -> Self::Drawn<usize>;
}

impl Size for () {
    type Out<T> = T;
    type Drawn<T> = T;

    fn fill<T>(self, mut draw: impl FnMut() -> T) -> T {
        draw()
    }

    fn result<T>(drawn: T) -> Result<T> {
        Ok(drawn)
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
            type Drawn<T> = Result<$array<T>>;

            fn fill<T>(self, draw: impl FnMut() -> T) -> Result<$array<T>> {
                room_for_items::<T>("`size`", self.into_dimension().slice())?;
                Ok($array::from_shape_simple_fn(self, draw))
            }

            fn result<T>(drawn: Result<$array<T>>) -> Result<$array<T>> {
                drawn
            }

            fn reals(self, source: &mut dyn Source<f64>) -> Result<$array<f64>> {
                filled::<f64, $dimension>(self.into_dimension(), source)
            }

            fn integers(self, source: &mut dyn Source<i64>) -> Result<$array<i64>> {
                filled::<i64, $dimension>(self.into_dimension(), source)
            }

            fn places(self, source: &mut dyn Source<usize>) -> Result<$array<usize>> {
                filled::<usize, $dimension>(self.into_dimension(), source)
            }
        }
    };
}

array_size!(usize => Array1, Ix1);
array_size!((usize, usize) => Array2, Ix2);
array_size!((usize, usize, usize) => Array3, Ix3);

fn filled<T: Clone + Default, D: Dimension>(
    shape: D,
    source: &mut dyn Source<T>,
) -> Result<Array<T, D>> {
    room_for_items::<T>("`size`", shape.slice())?;
    let mut drawn = Array::from_elem(shape, T::default());
    if let Some(places) = drawn.as_slice_mut() {
        source.fill(places);
    }
    Ok(drawn)
}

#[cfg(test)]
mod tests {
    use crate::random::{RandomState, Size};
    use crate::{Error, Result};

    /// By an error, not a panic, and not the end of the process, which an allocation that fails is.
    #[test]
    fn more_numbers_than_memory_holds_are_refused() {
        let refused = |found: Option<Error>, size: &str| {
            let message = found.map(|error| error.to_string());
            let expected = format!(
                "`size` is {size}, but it must be fewer: the memory of this machine can't hold so many."
            );
            assert_eq!(message, Some(expected));
        };
        let mut rng = RandomState::seed(0);
        let n = 1 << 30;
        refused(rng.randn((n, n)).err(), "1073741824 × 1073741824");
        refused(rng.rand((n, n)).err(), "1073741824 × 1073741824");
        refused(rng.random_sample((n, n)).err(), "1073741824 × 1073741824");
        refused(rng.standard_normal((n, n)).err(), "1073741824 × 1073741824");
        refused((n, n).fill(|| 0.0).err(), "1073741824 × 1073741824");
        refused(
            rng.normal(0.0, 1.0, (n, n)).err(),
            "1073741824 × 1073741824",
        );
        refused(rng.randn(1 << 45).err(), "35184372088832");
        refused(
            rng.choice(2, (2, 3, 1 << 45)).err(),
            "2 × 3 × 35184372088832",
        );
        refused(rng.poisson(3.0, usize::MAX).err(), "18446744073709551615");
        refused(rng.rand((0, usize::MAX)).err(), "0 × 18446744073709551615");
        refused((1 << 50).fill(|| [0_u8; 3]).err(), "1125899906842624");
        assert_eq!(rng, RandomState::seed(0), "nothing was drawn");
    }

    #[test]
    fn a_size_of_nothing_draws_nothing() -> Result<()> {
        let mut rng = RandomState::seed(0);
        assert_eq!(rng.randn((0, 3))?.dim(), (0, 3));
        assert_eq!((2, 0, 1).fill(|| 0)?.dim(), (2, 0, 1));
        assert_eq!(rng.randn(()), RandomState::seed(0).randn(1)?[0]);
        Ok(())
    }
}
