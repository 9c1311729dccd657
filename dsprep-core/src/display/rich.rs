//! The traits that choose how a value is shown.

use super::sending::{Kind, send};
use crate::cell::MimeBundle;
use std::fmt::Debug;

/// The most characters that the text of a value may have.
const LONGEST_TEXT: usize = 10_000;
/// The most characters that are shown on one line before a value is spread over several.
const LONGEST_LINE: usize = 100;

/// Borrows any value, or passes a reference on as it is.
///
/// # Examples
/// ```
/// use dsprep_core::display::ByRef;
///
/// let owned = String::from("kept");
/// assert_eq!(owned.dsprep_ref(), &owned);
/// ```
pub trait ByRef {
    /// The value by reference.
    fn dsprep_ref(&self) -> &Self {
        self
    }
}

impl<T: ?Sized> ByRef for T {}

/// A value that a notebook shows in a richer format than text.
///
/// # Examples
/// ```
/// use dsprep_core::cell::MimeBundle;
/// use dsprep_core::display::RichDisplay;
///
/// struct Mean(f64);
///
/// impl RichDisplay for Mean {
///     fn mime_bundle(&self) -> MimeBundle {
///         MimeBundle::plain(format!("mean = {}", self.0)).with("text/html", format!("<i>x̄</i> = {}", self.0))
///     }
/// }
///
/// assert_eq!(Mean(2.5).mime_bundle().get("text/plain"), Some("mean = 2.5"));
/// ```
pub trait RichDisplay {
    /// The value in all formats that it has, among them `text/plain`.
    fn mime_bundle(&self) -> MimeBundle;

    /// Shows the value as the result of a cell.
    fn evcxr_display(&self) {
        show(self.mime_bundle());
    }
}

/// What is shown of a value that has no richer format: what `{:?}` prints.
pub trait DebugDisplay {
    /// Shows the value as the result of a cell.
    fn evcxr_display(&self);
}

impl<T: Debug + ?Sized> DebugDisplay for &T {
    fn evcxr_display(&self) {
        show_text(&self);
    }
}

/// A cell that ends without a value shows nothing.
impl RichDisplay for () {
    fn mime_bundle(&self) -> MimeBundle {
        MimeBundle::default()
    }

    fn evcxr_display(&self) {}
}

impl RichDisplay for MimeBundle {
    fn mime_bundle(&self) -> MimeBundle {
        self.clone()
    }
}

// The display methods are compiled anew in each cell, so what they do is done here, once.
fn show(bundle: MimeBundle) {
    send(Kind::Result, &bundle);
}

pub(super) fn show_text(value: &dyn Debug) {
    show(MimeBundle::plain(debug_text(value)));
}

/// Shows `text` as the result of a cell.
pub fn result_text(text: impl Into<String>) {
    show(MimeBundle::plain(text));
}

/// The name of a type without the paths of its parts.
///
/// # Examples
/// ```
/// use dsprep_core::display::type_name;
/// assert_eq!(type_name::<Option<String>>(), "Option<String>");
/// ```
pub fn type_name<T: ?Sized>() -> String {
    let long = std::any::type_name::<T>();
    let mut short = String::with_capacity(long.len());
    for part in long.split_inclusive(|it: char| !(it.is_alphanumeric() || "_:".contains(it))) {
        let start = part.rfind("::").map_or(0, |at| at + 2);
        short.push_str(&part[start..]);
    }
    short
}

/// `{:?}` if that is short, else `{:#?}`; a very long text is cut.
fn debug_text(value: &dyn Debug) -> String {
    let line = format!("{value:?}");
    let text = if line.len() <= LONGEST_LINE {
        line
    } else {
        format!("{value:#?}")
    };
    match text.char_indices().nth(LONGEST_TEXT) {
        None => text,
        Some((end, _)) => {
            let hidden = text[end..].chars().count();
            format!("{}\n... ({hidden} more characters)", &text[..end])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_value_stays_on_its_line_and_a_long_one_is_spread() {
        assert_eq!(debug_text(&Some(1)), "Some(1)");
        assert_eq!(debug_text(&vec![1_000_000_000_u64; 20]).lines().count(), 22);
    }

    #[test]
    fn a_very_long_text_is_cut_and_says_so() {
        let text = debug_text(&"é".repeat(20_000));
        assert!(
            text.ends_with("\n... (10002 more characters)"),
            "{}",
            &text[text.len() - 40..]
        );
    }
}
