//! The generator's state: the twister and the cached normal.

use super::MersenneTwister;

/// A generator equal to NumPy's `np.random.RandomState`, bit for bit.
///
/// The functions have NumPy's names and argument order. `size` is `()` for one number, `n`, or
/// `(rows, columns)`; see [`Size`](super::Size).
///
/// # Examples
/// ```
/// use dsprep_core::random::RandomState;
///
/// let mut rng = RandomState::seed(0);      // np.random.seed(0)
/// let z = rng.randn((2, 2))?;              // np.random.randn(2, 2)
/// assert_eq!(z[[0, 0]], 1.764052345967664);
/// assert_eq!(z[[1, 1]], 2.240893199201458);
/// # Ok::<(), dsprep_core::Error>(())
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

    /// A key with which other generators can be seeded; the next one is another. That of a generator that has drawn nothing is its
    /// own seed.
    pub(crate) fn key(&mut self) -> u32 {
        let key = self.twister.next_word();
        self.twister.next_u32();
        key
    }

    /// The present state, to go back to with [`set_state`](Self::set_state).
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// let mut rng = RandomState::seed(1);
    /// let here = rng.get_state();
    /// let first = rng.randn(3)?;
    /// rng.set_state(&here);
    /// assert_eq!(rng.randn(3)?, first);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn get_state(&self) -> Snapshot {
        Snapshot(self.clone())
    }

    /// Goes back to a saved state.
    pub fn set_state(&mut self, snapshot: &Snapshot) {
        *self = snapshot.0.clone();
    }
}
