//! Values of the usual types, shown as `{:?}` prints them.
//!
//! [`DebugDisplay`](super::DebugDisplay) shows them as well. But the code for that is compiled in each cell, and before it
//! can be, the compiler reads and compares all implementations of `Debug` in all libraries. What is implemented for one
//! type after the other is compiled here, once.

use super::rich::show_text;
use std::cmp::Ordering;
use std::time::Duration;

/// A value of one of the usual types.
pub trait PlainDisplay {
    /// Shows the value as the result of a cell.
    fn evcxr_display(&self);
}

macro_rules! shown {
    ($($type:ty),* $(,)?) => {$(
        impl PlainDisplay for $type {
            // As code of this library, and not of the cell's.
            #[inline(never)]
            fn evcxr_display(&self) {
                show_text(&self);
            }
        }
    )*};
}

macro_rules! shown_with_lists {
    ($($type:ty),* $(,)?) => {$(
        shown!(
            $type,
            Option<$type>,
            Vec<$type>,
            Vec<Vec<$type>>,
            ($type, $type),
        );
    )*};
}

shown_with_lists!(
    bool, char, i32, i64, u8, u32, u64, usize, f32, f64, String, &str
);
shown!(
    str,
    i8,
    i16,
    i128,
    isize,
    u16,
    u128,
    (usize, f64),
    (f64, f64, f64),
    (usize, usize, usize),
    Duration,
    Ordering,
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::{ByRef as _, DebugDisplay as _, RichDisplay as _};

    /// As the kernel calls it on the last line of a cell.
    macro_rules! show {
        ($value:expr) => {
            match &$value {
                value => (*value).dsprep_ref().evcxr_display(),
            }
        };
    }

    #[test]
    fn each_type_is_shown_in_one_way_only() {
        show!(1);
        show!("text");
        show!(String::from("text"));
        show!(vec![1.0]);
        show!(vec!["a", "b"]);
        show!(&Some(1_u8));
        show!(std::rc::Rc::new(1));
        show!(crate::cell::MimeBundle::plain("rich"));
    }
}
