//! What a notebook cell and the `dsprep` kernel say to each other.
//!
//! A cell runs in a process of its own. Whatever it prints is text; whatever else it has to tell the
//! kernel (a chart, a panic, a question) travels on the same standard output as a *frame*:
//! one line that starts with [`FRAME`] and holds a JSON object. So frames and text keep their order.
//! What the kernel has to tell the cell, as that it is interrupted, comes by a line of its own.
//!
//! The kernel adds the calls of [`enter`], [`leave`] and [`check_interrupt`] to each cell. Nothing here but
//! [`input()`] and [`clear_output()`] is meant to be called by hand, and outside the kernel nothing here prints a frame.

mod frame;
mod input;
mod interrupt;
mod left;
mod lines;
mod numbers;
mod output;
mod owner;
mod panic;
mod parts;
mod process;
mod statics;
pub mod store;
mod turn;
mod values;

pub use frame::{FRAME, Frame, MimeBundle, in_kernel};
pub use input::{input, input_password};
pub use interrupt::{check_interrupt, interruptible};
pub use output::clear_output;
pub use panic::{at_line, enter, failed, leave};
pub use parts::{Cut, Number, Parts};
pub use statics::keep_statics;
pub use turn::{back, begin, panicked};
