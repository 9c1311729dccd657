//! Probabilities and quantiles that hold at every size.
//!
//! The library statrs serves wherever it is right. Its quantiles of t and beta start from a clamped guess and
//! iterate without a limit, so that many degrees of freedom give a wrong number or an endless loop. Those two are here.

pub(crate) mod binomial;
pub(crate) mod normal;
pub(crate) mod student_t;
