//! Data frames, columns and series.

use super::RichDisplay;
use super::html::{
    GAP, HEAD, MOST_COLUMNS, MOST_ROWS, TABLE, cell, counted, escape, faint, header, size_caption,
    window,
};
use super::number::NumberFormat;
use crate::cell::MimeBundle;
use polars::prelude::{AnyValue, Column, DataFrame, LazyFrame, Series};

/// The most decimals that are shown.
const MOST_DECIMALS: usize = 6;
/// The most characters that are shown of one value.
const LONGEST_VALUE: usize = 80;

impl RichDisplay for DataFrame {
    fn mime_bundle(&self) -> MimeBundle {
        MimeBundle::plain(self.to_string()).with("text/html", html(self))
    }
}

impl RichDisplay for Series {
    fn mime_bundle(&self) -> MimeBundle {
        let table = self.clone().into_frame();
        MimeBundle::plain(self.to_string()).with("text/html", html(&table))
    }
}

impl RichDisplay for Column {
    fn mime_bundle(&self) -> MimeBundle {
        self.as_materialized_series().mime_bundle()
    }
}

/// A lazy frame holds no rows yet: its plan is shown.
impl RichDisplay for LazyFrame {
    fn mime_bundle(&self) -> MimeBundle {
        let plan = self
            .describe_plan()
            .unwrap_or_else(|error| error.to_string());
        MimeBundle::plain(format!(
            "LazyFrame, not computed yet (call `.collect()?`):\n{plan}"
        ))
    }
}

fn html(table: &DataFrame) -> String {
    let rows = window(table.height(), MOST_ROWS);
    let columns = window(table.width(), MOST_COLUMNS);
    let columns: Vec<ShownColumn> = columns
        .iter()
        .map(
            |index| match index.and_then(|index| table.columns().get(index)) {
                Some(column) => ShownColumn::new(column, &rows),
                None => ShownColumn::gap(&rows),
            },
        )
        .collect();

    let mut html = format!("{TABLE}{HEAD}");
    for column in &columns {
        html.push_str(&column.header);
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for row in 0..rows.len() {
        html.push_str("<tr>");
        for column in &columns {
            html.push_str(&cell(&column.cells[row], column.align));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table>\n");
    html.push_str(&faint(&caption(table)));
    html
}

/// The size of the table, and what of it is not shown.
fn caption(table: &DataFrame) -> String {
    let (height, width) = table.shape();
    let mut caption = size_caption(height, width);
    if width > MOST_COLUMNS {
        let hidden = counted(width - MOST_COLUMNS, "column");
        caption.push_str(&format!("; {hidden} in the middle not shown"));
    }
    caption
}

/// A column as HTML.
struct ShownColumn {
    header: String,
    align: &'static str,
    cells: Vec<String>,
}

impl ShownColumn {
    fn new(column: &Column, rows: &[Option<usize>]) -> Self {
        let numeric = column.dtype().is_primitive_numeric();
        let align = if numeric { "right" } else { "left" };
        let name = escape(&shortened(column.name()));
        let dtype = faint(&column.dtype().to_string());
        let header = header(&format!("{name}<br>{dtype}"), align);

        let value = |index: usize| column.get(index).unwrap_or(AnyValue::Null);
        let floats = rows
            .iter()
            .flatten()
            .filter_map(|&index| float(&value(index)));
        let format = NumberFormat::for_values(floats, MOST_DECIMALS);
        let content = |row: &Option<usize>| match row {
            Some(index) => content(&value(*index), &format),
            None => GAP.to_owned(),
        };
        ShownColumn {
            header,
            align,
            cells: rows.iter().map(content).collect(),
        }
    }

    /// What stands for the columns that are left out.
    fn gap(rows: &[Option<usize>]) -> Self {
        ShownColumn {
            header: header(GAP, "center"),
            align: "center",
            cells: vec![GAP.to_owned(); rows.len()],
        }
    }
}

fn float(value: &AnyValue<'_>) -> Option<f64> {
    match value {
        AnyValue::Float32(float) => Some(f64::from(*float)),
        AnyValue::Float64(float) => Some(*float),
        _ => None,
    }
}

/// One value as HTML.
fn content(value: &AnyValue<'_>, format: &NumberFormat) -> String {
    match value {
        AnyValue::Null => "<em style=\"opacity:.65\">null</em>".to_owned(),
        AnyValue::String(text) => escape(&shortened(text)),
        AnyValue::StringOwned(text) => escape(&shortened(text)),
        other => match float(other) {
            Some(float) => format.write(float),
            None => escape(&shortened(&other.to_string())),
        },
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_VALUE) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}{GAP}", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::df;

    #[test]
    fn a_table_shows_types_nulls_and_its_size() -> crate::Result<()> {
        let table = df!("name" => [Some("Dave"), None], "amount" => [2.5, 10.0])?;
        assert_eq!(
            html(&table),
            "<table style=\"border-collapse:collapse;color:inherit;margin-top:6px\">\n\
             <thead style=\"border-bottom:1px solid rgba(128,128,128,.5)\"><tr>\
             <th style=\"text-align:left;padding:2px 10px\">name<br><small style=\"opacity:.65\">str</small></th>\
             <th style=\"text-align:right;padding:2px 10px\">amount<br><small style=\"opacity:.65\">f64</small></th>\
             </tr></thead>\n<tbody>\n\
             <tr><td style=\"text-align:left;padding:2px 10px\">Dave</td><td style=\"text-align:right;padding:2px 10px\">2.5</td></tr>\n\
             <tr><td style=\"text-align:left;padding:2px 10px\"><em style=\"opacity:.65\">null</em></td>\
             <td style=\"text-align:right;padding:2px 10px\">10.0</td></tr>\n\
             </tbody></table>\n\
             <small style=\"opacity:.65\">2 rows × 2 columns</small>"
        );
        Ok(())
    }

    #[test]
    fn markup_in_values_and_names_is_escaped() -> crate::Result<()> {
        let html = html(&df!("<b>" => ["<script>alert(1)</script>", "<b>"])?);
        assert!(
            !html.contains("<b>") && !html.contains("<script>"),
            "{html}"
        );
        Ok(())
    }

    #[test]
    fn a_large_table_is_cut_and_says_so() -> crate::Result<()> {
        let numbers: Vec<i64> = (0..1000).collect();
        let html = html(&df!("n" => numbers)?);
        assert_eq!(html.matches("<tr>").count(), 1 + MOST_ROWS + 1);
        assert!(
            html.contains("1,000 rows × 1 column; 980 rows in the middle not shown"),
            "{html}"
        );
        assert!(
            html.contains(">0<") && html.contains(">999<") && !html.contains(">500<"),
            "{html}"
        );
        Ok(())
    }

    #[test]
    fn a_wide_table_is_cut_and_says_so() -> crate::Result<()> {
        let columns = (0..20)
            .map(|n| Column::new(format!("c{n}").into(), [n]))
            .collect();
        let html = html(&DataFrame::new(1, columns)?);
        assert_eq!(html.matches("<th").count() - 1, MOST_COLUMNS + 1);
        assert!(
            html.contains("1 row × 20 columns; 8 columns in the middle not shown"),
            "{html}"
        );
        Ok(())
    }
}
