//! The exercises on monitoring a model (question 25).
//!
//! Each check knows the usual wrong rules. An answer that behaves as one of them on every case, visible or
//! hidden, is told which one it is.

mod decide;
mod drifted;
mod promote;
mod psi;

pub use decide::check_q25_decide;
pub use drifted::check_q25_drifted;
pub use promote::check_q25_promote;
pub use psi::check_q25_psi;
