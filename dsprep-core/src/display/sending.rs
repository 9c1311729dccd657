//! Frames and evcxr's marks: how a bundle is written to the kernel.

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

/// JupyterLab shows of a folded output the first line of its HTML that is not empty, with its tags. A line of one
/// space shows nothing, so that a folded result stays a secret, and looks well.
const BEFORE_HTML: &str = " \n";

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
    let parts = bundle.parts().iter();
    let bundle = parts.fold(
        MimeBundle::default(),
        |bundle, (mime, content)| match mime.as_str() {
            "text/html" => bundle.with(mime, format!("{BEFORE_HTML}{content}")),
            _ => bundle.with(mime, content),
        },
    );
    frame.data(&bundle)
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
    fn html_starts_with_a_line_that_shows_nothing_where_it_is_folded() {
        let bundle = MimeBundle::plain("7").with("text/html", "<b>7</b>");
        let line = frame(Kind::Result, &bundle).line();
        assert!(
            line.contains(r#"{"text/plain":"7","text/html":" \n<b>7</b>"}"#),
            "{line}"
        );
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
