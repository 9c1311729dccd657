//! Helpers for tests of `dsprep` from the outside.
//!
//! A [`Sandbox`] is a folder with notebooks in which the command runs, with a folder for temporary files of
//! its own: what a test leaves behind is seen there. Helpers panic where a test could only fail.

mod notebook;
mod program;
mod sandbox;

pub use notebook::{code, executed_cells, tagged, text, text_of};
pub use program::{dsprep, workspace};
pub use sandbox::{Finished, Sandbox, Started};
