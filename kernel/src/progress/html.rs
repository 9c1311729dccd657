//! The progress as HTML, for a cell: a table whose notebooks are links.

use super::Overview;
use crate::page::escaped;

/// The whole of it.
pub fn of(overview: &Overview) -> String {
    let mut html = format!("<p><b>{}</b></p><table>", escaped(&overview.head()));
    html += "<thead><tr><th style=\"text-align:left\">Notebook</th><th style=\"text-align:left\">Exercises</th></tr></thead><tbody>";
    for notebook in &overview.exercises.notebooks {
        html += &format!(
            "<tr><td style=\"text-align:left\"><a href=\"{}.ipynb\">{}</a></td><td style=\"text-align:left\" title=\"{} of {}\">{}</td></tr>",
            escaped(&notebook.name),
            escaped(&notebook.title),
            overview.count(notebook),
            notebook.checks.len(),
            overview.marks(notebook)
        );
    }
    html += "</tbody></table>";
    let (cards, advice) = overview.cards();
    html += &paragraph(&cards, advice);
    if let Some((day, work)) = overview.next() {
        html += &paragraph(&day, work);
    }
    html
}

fn paragraph(head: &str, text: &str) -> String {
    format!("<p><b>{}</b><br>{}</p>", escaped(head), escaped(text))
}
