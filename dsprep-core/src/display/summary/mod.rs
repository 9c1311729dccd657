//! Results as tables of names, values and what they mean.
//!
//! A type says once what it holds, as a [`Summary`]: a title, a row for each value, points of a curve,
//! remarks in words. From that come the text and the HTML of one result ([`RichDisplay`] of any type that
//! is [`Summarise`]) and of a list of results, which is a table with a row for each of them, and data frames
//! of both ([`ToFrame`]).

mod grid;
mod shown;
mod to_frame;

pub use shown::Shown;
pub use to_frame::ToFrame;

use super::RichDisplay;
use super::html::{HEAD, TABLE, cell, escape, faint, padded, pre};
use crate::cell::MimeBundle;
use grid::Grid;
use std::fmt;

/// What a notebook shows of a result.
///
/// # Examples
/// ```
/// use dsprep_core::display::{RichDisplay, Summarise, Summary};
///
/// struct Fit { slope: f64, rows: usize }
///
/// impl Summarise for Fit {
///     fn summary(&self) -> Summary {
///         Summary::new("Line through the origin")
///             .row("slope", self.slope, "units of y per unit of x")
///             .row("rows", self.rows, "")
///     }
/// }
///
/// let fit = Fit { slope: 0.123456789, rows: 12_000 };
/// assert_eq!(
///     fit.mime_bundle().get("text/plain"),
///     Some("Line through the origin\n  slope  0.123457  units of y per unit of x\n  rows   12,000")
/// );
/// // A list of them is a table.
/// let fits = vec![fit, Fit { slope: 2.5, rows: 30 }];
/// assert_eq!(
///     fits.mime_bundle().get("text/plain"),
///     Some("   slope    rows\n0.123457  12,000\n2.500000      30\n2 rows × 2 columns")
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    title: String,
    rows: Vec<Row>,
    points: Vec<Column>,
    block: Option<String>,
    remarks: Vec<String>,
}

/// One value of a summary.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    name: String,
    value: Shown,
    note: String,
}

/// One value for each point of a curve.
#[derive(Debug, Clone, PartialEq)]
struct Column {
    name: String,
    values: Vec<Shown>,
}

impl Summary {
    /// A summary that holds nothing but its title, such as "Welch's t-test".
    pub fn new(title: impl Into<String>) -> Self {
        Summary {
            title: title.into(),
            ..Summary::default()
        }
    }

    /// Adds a value, with its unit or what it means, or "" where the name says it all.
    #[must_use]
    pub fn row(mut self, name: &str, value: impl Into<Shown>, note: &str) -> Self {
        self.rows.push(Row {
            name: name.to_owned(),
            value: value.into(),
            note: note.to_owned(),
        });
        self
    }

    /// Adds a column to the table below the values, which has a row for each point of a curve.
    #[must_use]
    pub fn column<V: Into<Shown>>(
        mut self,
        name: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.points.push(Column {
            name: name.to_owned(),
            values: values.into_iter().map(V::into).collect(),
        });
        self
    }

    /// Puts lines below the values that are laid out already, such as a tree.
    #[must_use]
    pub fn block(mut self, text: impl Into<String>) -> Self {
        self.block = Some(text.into());
        self
    }

    /// Adds a sentence at the end: a verdict, or a warning.
    #[must_use]
    pub fn remark(mut self, sentence: impl Into<String>) -> Self {
        self.remarks.push(sentence.into());
        self
    }

    /// Adds a sentence at the end if `holds`.
    #[must_use]
    pub fn remark_if(self, holds: bool, sentence: &str) -> Self {
        if holds { self.remark(sentence) } else { self }
    }

    /// What `{}` prints of a result.
    pub(crate) fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }

    /// The summary as text and as HTML.
    fn bundle(&self) -> MimeBundle {
        MimeBundle::plain(self.text()).with("text/html", self.html())
    }

    fn text(&self) -> String {
        let width =
            |text: fn(&Row) -> String| self.rows.iter().map(|row| text(row).chars().count()).max();
        let names = width(|row| row.name.clone()).unwrap_or(0);
        let values = width(|row| row.value.alone()).unwrap_or(0);
        let line = |row: &Row| {
            let value = row.value.alone();
            let name = padded(&row.name, names, true);
            let line = format!("  {name}  {}  {}", padded(&value, values, true), row.note);
            line.trim_end().to_owned()
        };
        let mut lines = vec![self.title.clone()];
        lines.extend(self.rows.iter().map(line));
        if let Some(points) = self.points() {
            lines.push(points.text());
        }
        lines.extend(self.block.iter().map(|block| block.trim_end().to_owned()));
        lines.extend(self.remarks.iter().cloned());
        lines.join("\n")
    }

    fn html(&self) -> String {
        let mut html = String::new();
        if self.rows.is_empty() {
            html.push_str(&format!(
                "<p><strong>{}</strong></p>\n",
                escape(&self.title)
            ));
        } else {
            html.push_str(&self.rows_as_html());
        }
        if let Some(points) = self.points() {
            html.push_str(&points.html());
        }
        html.extend(self.block.as_deref().map(pre));
        if !self.remarks.is_empty() {
            html.push_str(&format!("<p>{}</p>\n", escape(&self.remarks.join(" "))));
        }
        html
    }

    fn rows_as_html(&self) -> String {
        let noted = self.rows.iter().any(|row| !row.note.is_empty());
        let columns = if noted { 3 } else { 2 };
        let mut html = format!(
            "{TABLE}{HEAD}<th colspan=\"{columns}\" style=\"text-align:left;padding:2px 10px\">{}</th>\
             </tr></thead>\n<tbody>\n",
            escape(&self.title)
        );
        for row in &self.rows {
            html.push_str("<tr>");
            html.push_str(&cell(&escape(&row.name), "left"));
            html.push_str(&cell(&escape(&row.value.alone()), "left"));
            if noted {
                html.push_str(&cell(&faint(&row.note), "left"));
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody></table>\n");
        html
    }

    /// The table of the points, if there is one.
    fn points(&self) -> Option<Grid> {
        let length = self.points.iter().map(|column| column.values.len()).max()?;
        let mut grid = Grid::new(length);
        for column in &self.points {
            let values: Vec<Option<&Shown>> = column.values.iter().map(Some).collect();
            grid.push(&column.name, &values);
        }
        Some(grid)
    }
}

/// A result that says what it holds. A notebook shows it, and a list of its kind, as a table.
pub trait Summarise {
    /// What there is to show.
    fn summary(&self) -> Summary;
}

impl<T: Summarise> RichDisplay for T {
    fn mime_bundle(&self) -> MimeBundle {
        self.summary().bundle()
    }
}

impl<T: Summarise> RichDisplay for [T] {
    fn mime_bundle(&self) -> MimeBundle {
        list(&self.iter().map(T::summary).collect::<Vec<_>>())
    }
}

impl<T: Summarise> RichDisplay for Vec<T> {
    fn mime_bundle(&self) -> MimeBundle {
        self.as_slice().mime_bundle()
    }
}

impl<T: Summarise, const N: usize> RichDisplay for [T; N] {
    fn mime_bundle(&self) -> MimeBundle {
        self.as_slice().mime_bundle()
    }
}

/// A table with a row for each summary, and a column for each name that occurs in them; what a summary
/// holds besides its rows is left out. Summaries without rows, such as curves, stand one below the other.
fn list(summaries: &[Summary]) -> MimeBundle {
    if summaries.is_empty() {
        return MimeBundle::plain("none: the list is empty");
    }
    let mut names: Vec<&str> = Vec::new();
    for row in summaries.iter().flat_map(|summary| &summary.rows) {
        if !names.contains(&row.name.as_str()) {
            names.push(&row.name);
        }
    }
    if names.is_empty() {
        let texts: Vec<String> = summaries.iter().map(Summary::text).collect();
        let html: String = summaries.iter().map(Summary::html).collect();
        return MimeBundle::plain(texts.join("\n\n")).with("text/html", html);
    }
    let mut grid = Grid::new(summaries.len());
    for name in names {
        let value = |summary: &Summary| -> Option<Shown> {
            let row = summary.rows.iter().find(|row| row.name == name);
            row.map(|row| row.value.clone())
        };
        let values: Vec<Option<Shown>> = summaries.iter().map(value).collect();
        let values: Vec<Option<&Shown>> = values.iter().map(Option::as_ref).collect();
        grid.push(name, &values);
    }
    MimeBundle::plain(grid.text()).with("text/html", grid.html())
}

#[cfg(test)]
mod tests;
