//! Input at the edges of what can be computed, and the answer: the right number, or an error that names what is wrong.
//!
//! Where `degenerate` asks only that a call ends without a panic or NaN, here the answer itself is known.

mod charts;
mod indexes;
mod networks;
mod payments;
mod recommendations;
mod tables;
mod texts;
mod trees;

use dsprep_core::Result;

/// What the error says.
fn told<T>(result: Result<T>) -> String {
    match result {
        Ok(_) => "no error".to_owned(),
        Err(error) => error.to_string(),
    }
}
