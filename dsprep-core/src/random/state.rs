//! The generator's state: the twister and the cached normal.

use super::{MersenneTwister, Size};

/// A generator equal to NumPy's `np.random.RandomState`, bit for bit.
///
/// The functions have NumPy's names and argument order. `size` is `()` for one number, `n`, or
/// `(rows, columns)`; see [`Size`].
///
/// # Examples
/// ```
/// use dsprep_core::random::RandomState;
///
/// let mut rng = RandomState::seed(0);      // np.random.seed(0)
/// let z = rng.randn((2, 2));               // np.random.randn(2, 2)
/// assert_eq!(z[[0, 0]], 1.764052345967664);
/// assert_eq!(z[[1, 1]], 2.240893199201458);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RandomState {
    pub(super) twister: MersenneTwister,
    /// The second number of the last pair of normals, if it is not used yet.
    pub(super) spare_normal: Option<f64>,
}

/// A state that [`RandomState::get_state`] saved.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot(RandomState);

impl RandomState {
    /// The generator after `np.random.seed(seed)`.
    pub fn seed(seed: u32) -> Self {
        RandomState {
            twister: MersenneTwister::new(seed),
            spare_normal: None,
        }
    }

    /// The present state, to go back to with [`set_state`](Self::set_state).
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// let mut rng = RandomState::seed(1);
    /// let here = rng.get_state();
    /// let first = rng.randn(3);
    /// rng.set_state(&here);
    /// assert_eq!(rng.randn(3), first);
    /// ```
    pub fn get_state(&self) -> Snapshot {
        Snapshot(self.clone())
    }

    /// Goes back to a saved state.
    pub fn set_state(&mut self, snapshot: &Snapshot) {
        *self = snapshot.0.clone();
    }

    /// Uniform numbers in [0, 1): `np.random.random_sample(size)`.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// assert_eq!(RandomState::seed(42).random_sample(()), 0.3745401188473625);
    /// ```
    pub fn random_sample<S: Size>(&mut self, size: S) -> S::Out<f64> {
        size.fill(|| self.twister.next_f64())
    }

    /// The same as [`random_sample`](Self::random_sample), by its other name: `np.random.rand(...)`.
    pub fn rand<S: Size>(&mut self, size: S) -> S::Out<f64> {
        self.random_sample(size)
    }
}
