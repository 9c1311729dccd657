//! What a cell has shown, taken back.

use super::{Frame, in_kernel};

/// Takes away all that this cell has shown so far; with `wait`, only when something new comes, which does not flicker.
///
/// Outside of a notebook it does nothing.
///
/// # Examples
/// ```
/// for step in 1..=3 {
///     dsprep_core::cell::clear_output(true);
///     println!("step {step} of 3");
/// }
/// ```
pub fn clear_output(wait: bool) {
    if in_kernel() {
        let wait = if wait { "yes" } else { "no" };
        Frame::new("clear").text("wait", wait).send();
    }
}
