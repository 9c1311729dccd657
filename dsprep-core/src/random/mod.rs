//! NumPy's legacy random generator, bit for bit.
//!
//! The original notebook draws its data with `np.random.seed(7)` and `np.random.randn(4, 8)`. To print
//! the same numbers, [`RandomState`] draws the same bits: the Mersenne Twister of Matsumoto and
//! Nishimura (1998) and the transformations that NumPy has frozen for `np.random.RandomState` (NEP 19).
//!
//! For new work a modern generator is the better choice; this one is here to reproduce.

mod distributions;
mod gamma;
mod integers;
mod kinds;
mod mersenne_twister;
mod normals;
mod size;
mod state;

pub use mersenne_twister::MersenneTwister;
pub use size::Size;
#[doc(hidden)]
pub use size::Source;
pub use state::{RandomState, Snapshot};
