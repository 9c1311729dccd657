//! What a notebook shows: tables, arrays and figures, by naming them on a cell's last line.
//!
//! A value is shown in the richest format that it has. The choice is made when the cell is compiled,
//! by method resolution ("autoref specialisation", after David Tolnay's case study). The kernel turns
//! the cell's last line `value` into
//!
//! ```text
//! (value).dsprep_ref().evcxr_display()
//! ```
//!
//! [`ByRef::dsprep_ref`] borrows the value, so that showing it does not move it. On that reference,
//! [`RichDisplay`], implemented for `T`, is found before [`DebugDisplay`], implemented for `&T`, which
//! needs one more `&`. So a table is shown as a table, and anything else as `{:?}` prints it: the usual types by
//! [`PlainDisplay`], which is compiled here, all others by code that is compiled with the cell.
//!
//! The results of the algorithms, which are small structs, say what they hold by [`Summarise`], and are
//! shown as tables of names and values, as text and as HTML.
//!
//! In the middle of a cell, [`display()`] shows a value; [`display_with_id`] and [`display_update`]
//! show one and later replace it.

mod array;
mod fallible;
pub(crate) mod html;
mod number;
mod output;
mod plain;
mod report;
mod rich;
mod round;
mod sending;
mod summary;
mod table;

pub use array::Number;
pub use output::{display, display_update, display_with_id};
pub use plain::PlainDisplay;
pub use rich::{ByRef, DebugDisplay, RichDisplay, result_text, type_name};
pub use round::round;
pub use summary::{Shown, Summarise, Summary, ToFrame};
