//! What is printed on a terminal: colours or none, how wide text is, and nothing that could take the terminal over.
//!
//! A leaf: it knows no other module, so that every command can use it.

mod clean;
mod paint;
mod width;

pub use clean::{colored, one_line, quoted, visible};
pub use paint::{Color, Paint};
pub use width::{columns, cut, cut_start, width};
