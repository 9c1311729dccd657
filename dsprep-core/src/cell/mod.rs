//! What a notebook cell and the `dsprep` kernel say to each other.
//!
//! A cell runs in a process of its own. Whatever it prints is text; whatever else it has to tell the
//! kernel (a chart, a panic, the end of the cell) travels on the same standard output as a *frame*:
//! one line that starts with [`FRAME`] and holds a JSON object. So frames and text keep their order.
//!
//! The kernel adds the calls of [`enter`] and [`leave`] to each cell. Nothing here is meant to be
//! called by hand, and outside the kernel nothing here prints a frame.

mod frame;
mod input;
mod panic;
pub mod store;

pub use frame::{FRAME, Frame, MimeBundle, in_kernel};
pub use input::{input, input_password};
pub use panic::{enter, failed, leave, panicked};
