//! How what is shown leaves the cell.

use super::RichDisplay;
use crate::cell::{Frame, MimeBundle, in_kernel};
use std::io::Write as _;

/// What is sent, and as what.
pub(super) enum Kind<'a> {
    /// The result of the cell.
    Result,
    /// Something shown on the way, which may have an id for later updates.
    Display(Option<&'a str>),
    /// A replacement of what was shown with this id.
    Update(&'a str),
}

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

/// Sends `bundle` as a frame to our kernel, or by evcxr's own protocol to another one.
pub(super) fn send(kind: Kind<'_>, bundle: &MimeBundle) {
    if in_kernel() {
        frame(kind, bundle).send();
    } else {
        let mut stdout = std::io::stdout().lock();
        // A closed pipe means that the kernel is gone: there is nobody left to tell.
        let _ = stdout.write_all(evcxr_content(bundle).as_bytes());
        let _ = stdout.flush();
    }
}

fn frame(kind: Kind<'_>, bundle: &MimeBundle) -> Frame {
    let (name, id) = match kind {
        Kind::Result => ("result", None),
        Kind::Display(id) => ("display", id),
        Kind::Update(id) => ("update", Some(id)),
    };
    let frame = Frame::new(name);
    let frame = match id {
        None => frame,
        Some(id) => frame.text("display_id", id),
    };
    frame.data(bundle)
}

/// The bundle in the protocol of plain evcxr.
fn evcxr_content(bundle: &MimeBundle) -> String {
    let parts = bundle.parts().iter();
    parts
        .map(|(mime, content)| {
            format!("EVCXR_BEGIN_CONTENT {mime}\n{content}\nEVCXR_END_CONTENT\n")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_carries_the_kind_the_id_and_the_data() {
        let bundle = MimeBundle::plain("7");
        let line = |kind| frame(kind, &bundle).line();
        assert!(line(Kind::Result).contains(r#"{"kind":"result","data":{"text/plain":"7"}}"#));
        assert!(line(Kind::Display(None)).contains(r#"{"kind":"display","data":"#));
        assert!(line(Kind::Display(Some("a"))).contains(r#""display","display_id":"a","data":"#));
        assert!(line(Kind::Update("a")).contains(r#""update","display_id":"a","data":"#));
    }

    #[test]
    fn plain_evcxr_gets_each_format_between_its_marks() {
        let bundle = MimeBundle::plain("7").with("text/html", "<b>7</b>");
        assert_eq!(
            evcxr_content(&bundle),
            "EVCXR_BEGIN_CONTENT text/plain\n7\nEVCXR_END_CONTENT\n\
             EVCXR_BEGIN_CONTENT text/html\n<b>7</b>\nEVCXR_END_CONTENT\n"
        );
    }
}
