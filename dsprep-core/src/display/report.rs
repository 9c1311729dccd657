//! Reports that are text already, laid out in columns.

use super::RichDisplay;
use crate::cell::MimeBundle;
use crate::evaluate::ClassificationReport;

impl RichDisplay for ClassificationReport {
    fn mime_bundle(&self) -> MimeBundle {
        MimeBundle::plain(self.to_string())
    }
}
