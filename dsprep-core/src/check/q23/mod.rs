//! The exercises of question 23: recall and NDCG at k, the next item of MMR, the number of machines.

mod lists;
mod machines;
mod mmr;
mod ndcg;
mod recall;

pub use machines::check_q23_machines;
pub use mmr::check_q23_mmr;
pub use ndcg::check_q23_ndcg;
pub use recall::check_q23_recall;

use crate::random::RandomState;

/// A random whole number below `n`.
fn below(rng: &mut RandomState, n: usize) -> usize {
    (rng.rand(()) * n as f64) as usize
}
