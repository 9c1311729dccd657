//! How what is shown leaves the cell.

use super::RichDisplay;
use super::sending::{Kind, send};

/// Shows `value` at once, in order with the text that the cell prints.
///
/// # Examples
/// ```
/// use dsprep_core::display::display;
/// use dsprep_core::ndarray::array;
///
/// display(&array![[1, 2], [3, 4]]);
/// ```
pub fn display<T: RichDisplay + ?Sized>(value: &T) {
    send(Kind::Display(None), &value.mime_bundle());
}

/// Shows `value` under an id, so that [`display_update`] can replace it.
///
/// # Examples
/// ```
/// use dsprep_core::display::{display_update, display_with_id};
/// use dsprep_core::ndarray::array;
///
/// display_with_id("loss", &array![1.0]);
/// display_update("loss", &array![1.0, 0.5]);
/// ```
pub fn display_with_id<T: RichDisplay + ?Sized>(id: &str, value: &T) {
    send(Kind::Display(Some(id)), &value.mime_bundle());
}

/// Replaces what [`display_with_id`] showed under `id` by `value`.
///
/// In plain evcxr, which knows no updates, the value is shown anew.
pub fn display_update<T: RichDisplay + ?Sized>(id: &str, value: &T) {
    send(Kind::Update(id), &value.mime_bundle());
}
