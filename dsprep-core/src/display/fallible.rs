//! A `Result` or an `Option` of something that is shown as a table or a chart: the same, and that it is one.

use super::html::faint;
use super::rich::RichDisplay;
use crate::cell::MimeBundle;
use std::fmt::Debug;

/// What a cell without the `?` ends with.
impl<T: RichDisplay, E: Debug> RichDisplay for Result<T, E> {
    fn mime_bundle(&self) -> MimeBundle {
        match self {
            Ok(value) => within("Ok", &value.mime_bundle()),
            Err(error) => MimeBundle::plain(format!("Err({error:?})")),
        }
    }
}

impl<T: RichDisplay> RichDisplay for Option<T> {
    fn mime_bundle(&self) -> MimeBundle {
        match self {
            Some(value) => within("Some", &value.mime_bundle()),
            None => MimeBundle::plain("None"),
        }
    }
}

/// The bundle of the value in `variant`, which text and HTML name.
fn within(variant: &str, bundle: &MimeBundle) -> MimeBundle {
    if bundle.parts().is_empty() {
        return MimeBundle::plain(format!("{variant}(())"));
    }
    let mut named = MimeBundle::default();
    for (mime, content) in bundle.parts() {
        let content = match mime.as_str() {
            "text/plain" if content.contains('\n') => format!("{variant}(\n{content}\n)"),
            "text/plain" => format!("{variant}({content})"),
            "text/html" => faint(variant) + content,
            _ => content.clone(),
        };
        named = named.with(mime, content);
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, evaluate};
    use ndarray::{Array1, array};

    fn text(value: &impl RichDisplay) -> String {
        let bundle = value.mime_bundle();
        bundle.get("text/plain").unwrap_or_default().to_owned()
    }

    #[test]
    fn a_table_in_a_result_is_shown_as_a_table_and_an_error_by_its_message() {
        let matrix = evaluate::confusion_matrix(&array![0, 1], &array![0, 0]);
        assert_eq!(text(&matrix), "Ok(\n[[1 0]\n [1 0]]\n)");
        let html = matrix.mime_bundle();
        let html = html.get("text/html").unwrap();
        assert!(html.contains("Ok") && html.contains("<table"), "{html}");
        let wrong = evaluate::confusion_matrix(&array![0, 1], &array![0]);
        let message = wrong.as_ref().unwrap_err().to_string();
        assert_eq!(text(&wrong), format!("Err({message})"));
    }

    #[test]
    fn an_option_and_nothing_are_named() {
        assert_eq!(text(&Some(array![1, 2])), "Some([1 2])");
        assert_eq!(text(&None::<Array1<f64>>), "None");
        assert_eq!(text(&Ok::<(), Error>(())), "Ok(())");
    }
}
