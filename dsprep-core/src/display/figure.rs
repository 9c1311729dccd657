//! Figures.

use super::RichDisplay;
use crate::cell::MimeBundle;
use crate::plot::Figure;

impl RichDisplay for Figure {
    fn mime_bundle(&self) -> MimeBundle {
        let text = format!("[figure: {}]", self.title());
        MimeBundle::plain(text).with("image/svg+xml", self.svg())
    }
}
