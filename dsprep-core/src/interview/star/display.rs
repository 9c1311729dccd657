//! Stories and reviews as text and in notebooks.

use super::{Part, Review, Story};
use crate::cell::MimeBundle;
use crate::display::RichDisplay;
use crate::display::html::escape;
use std::fmt;

/// The opening tag of a cell of a table.
const CELL: &str = "<td style=\"text-align:left;vertical-align:top;padding:2px 10px\">";

impl fmt::Display for Story {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in Part::ALL.into_iter().enumerate() {
            if index > 0 {
                out.write_str("\n")?;
            }
            write!(out, "{}: {}", part.name(), self.part(part))?;
        }
        Ok(())
    }
}

/// A table of the four parts.
impl RichDisplay for Story {
    fn mime_bundle(&self) -> MimeBundle {
        let row = |part: Part| {
            let text = escape(self.part(part));
            format!(
                "<tr>{CELL}<b>{}</b></td>{CELL}{text}</td></tr>\n",
                part.name()
            )
        };
        let rows: String = Part::ALL.into_iter().map(row).collect();
        let html = format!(
            "<table style=\"border-collapse:collapse;color:inherit;max-width:720px\">\n{rows}</table>\n"
        );
        MimeBundle::plain(self.to_string()).with("text/html", html)
    }
}

impl fmt::Display for Review {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in self.budget() {
            writeln!(
                out,
                "{:10} {:3} words, {:2.0} % of the time (planned: {} %)",
                part.part.name(),
                part.words,
                part.share,
                part.part.planned()
            )?;
        }
        write!(out, "{:.0} seconds in all.", self.seconds())?;
        if self.findings().is_empty() {
            out.write_str("\nNothing to find: now tell it aloud, to somebody who interrupts.")?;
        }
        for finding in self.findings() {
            write!(out, "\n- {finding}")?;
        }
        Ok(())
    }
}

/// The time budget as a table, and the findings as a list.
impl RichDisplay for Review {
    fn mime_bundle(&self) -> MimeBundle {
        let rows: String = self
            .budget()
            .iter()
            .map(|part| {
                format!(
                    "<tr>{CELL}{}</td>{CELL}{}</td>{CELL}{:.0} %</td>{CELL}{} %</td></tr>\n",
                    part.part.name(),
                    part.words,
                    part.share,
                    part.part.planned()
                )
            })
            .collect();
        let head: String = ["part", "words", "share", "planned"]
            .map(|name| format!("<th style=\"text-align:left;padding:2px 10px\">{name}</th>"))
            .concat();
        let findings: String = self
            .findings()
            .iter()
            .map(|finding| format!("<li>{}</li>\n", escape(&finding.to_string())))
            .collect();
        let verdict = if findings.is_empty() {
            "<p>Nothing to find: now tell it aloud, to somebody who interrupts.</p>".to_owned()
        } else {
            format!("<ul>\n{findings}</ul>")
        };
        let html = format!(
            "<table style=\"border-collapse:collapse;color:inherit\">\n<tr>{head}</tr>\n{rows}</table>\n\
             <p>{:.0} seconds in all.</p>\n{verdict}\n",
            self.seconds()
        );
        MimeBundle::plain(self.to_string()).with("text/html", html)
    }
}
