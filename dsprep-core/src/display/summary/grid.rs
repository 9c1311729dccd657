//! A table of texts: a row for each point or result.

use super::shown::{self, Shown};
use crate::display::html::{
    GAP, HEAD, MOST_ROWS, TABLE, cell, escape, faint, header, padded, size_caption, window,
};

/// The rows of a table that are shown, as text.
pub(super) struct Grid {
    /// How many rows there are, shown or not.
    length: usize,
    /// The rows that are shown, `None` where some are left out.
    rows: Vec<Option<usize>>,
    columns: Vec<Column>,
}

struct Column {
    name: String,
    numeric: bool,
    cells: Vec<String>,
}

impl Grid {
    pub(super) fn new(length: usize) -> Self {
        Grid {
            length,
            rows: window(length, MOST_ROWS),
            columns: Vec::new(),
        }
    }

    /// Adds a column; where it has no value, its cell stays empty.
    pub(super) fn push(&mut self, name: &str, values: &[Option<&Shown>]) {
        let at = |row: &Option<usize>| row.and_then(|row| values.get(row).copied().flatten());
        let shown: Vec<Option<&Shown>> = self.rows.iter().map(at).collect();
        let mut cells = shown::column(&shown);
        for (cell, row) in cells.iter_mut().zip(&self.rows) {
            if row.is_none() {
                *cell = GAP.to_owned();
            }
        }
        self.columns.push(Column {
            name: name.to_owned(),
            numeric: shown.iter().flatten().all(|value| value.is_numeric()),
            cells,
        });
    }

    pub(super) fn text(&self) -> String {
        let columns: Vec<Vec<String>> = self.columns.iter().map(Column::padded).collect();
        let line = |row: usize| {
            let cells: Vec<&str> = columns.iter().map(|column| column[row].as_str()).collect();
            cells.join("  ").trim_end().to_owned()
        };
        let lines: Vec<String> = (0..=self.rows.len()).map(line).collect();
        format!("{}\n{}", lines.join("\n"), self.caption())
    }

    pub(super) fn html(&self) -> String {
        let mut html = format!("{TABLE}{HEAD}");
        for column in &self.columns {
            html.push_str(&header(&escape(&column.name), column.align()));
        }
        html.push_str("</tr></thead>\n<tbody>\n");
        for row in 0..self.rows.len() {
            html.push_str("<tr>");
            for column in &self.columns {
                html.push_str(&cell(&escape(&column.cells[row]), column.align()));
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody></table>\n");
        html.push_str(&faint(&self.caption()));
        html
    }

    fn caption(&self) -> String {
        size_caption(self.length, self.columns.len())
    }
}

impl Column {
    fn align(&self) -> &'static str {
        if self.numeric { "right" } else { "left" }
    }

    /// The name and the cells, equally wide.
    fn padded(&self) -> Vec<String> {
        let texts = || std::iter::once(&self.name).chain(&self.cells);
        let width = texts().map(|text| text.chars().count()).max().unwrap_or(0);
        let pad = |text: &String| padded(text, width, !self.numeric);
        texts().map(pad).collect()
    }
}
