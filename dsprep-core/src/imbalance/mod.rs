//! Few positives: what can be done, and what it costs.
//!
//! | what | here | mind |
//! |---|---|---|
//! | weigh the rows | [`balanced_class_weights`], [`LogisticRegression::fit_weighted`](crate::linear::LogisticRegression::fit_weighted) | no row is lost or made up |
//! | repeat positives | [`oversample`] | only in the training part: a copy in the test part is a leak |
//! | drop negatives | [`undersample`] | loses what they tell |
//! | make positives up | [`smote`] | between positives there may be negatives |
//!
//! All of them change the base rate, and so what a probability means:
//! [`corrected_for_base_rate`] undoes it. Often a threshold by cost does as well:
//! [`cheapest_threshold`](crate::evaluate::cheapest_threshold).

mod class_weights;
mod resample;
mod smote;

pub use class_weights::{balanced_class_weights, corrected_for_base_rate};
pub use resample::{oversample, undersample};
pub use smote::smote;
