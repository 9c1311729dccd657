//! A notebook as a script whose cells begin with `// %%` (`# %%` in Python), and back.
//!
//! Text is in comments. What else a cell has (id, metadata, attachments) stands as JSON behind its mark, and what the
//! notebook has in the first line, so that the way there and back loses nothing but outputs. A line of a cell that
//! looks like a mark gets a `%` more.

use super::json::{self, Json};
use super::{Notebook, is_code};
use crate::error::{Error, Result};
use std::path::Path;

/// Keys of a cell that are not written behind its mark.
const ELSEWHERE: [&str; 4] = ["cell_type", "source", "outputs", "execution_count"];
/// The word before the notebook's own JSON.
const HEAD: &str = "notebook";

impl Notebook {
    /// The script; `comment` begins a comment in its language.
    pub fn to_script(&self, comment: &str) -> String {
        let mut document = self.document.clone();
        document.remove("cells");
        let mut script = format!("{comment} {HEAD} {}\n", document.to_line());
        for cell in self.cells() {
            let kind = cell
                .get("cell_type")
                .and_then(Json::text)
                .unwrap_or_default();
            let mut rest = cell.clone();
            ELSEWHERE.iter().for_each(|key| rest.remove(key));
            let mark = if is_code(cell) {
                String::new()
            } else {
                format!(" [{kind}]")
            };
            script += &format!("\n{comment} %%{mark} {}\n", rest.to_line());
            for line in source(cell).split('\n') {
                let line = match (is_code(cell), line.is_empty()) {
                    (true, _) => line.to_owned(),
                    (false, true) => comment.to_owned(),
                    (false, false) => format!("{comment} {line}"),
                };
                script += &escaped(&line, comment);
                script.push('\n');
            }
        }
        script
    }

    /// Reads a script.
    ///
    /// # Errors
    /// [`Error::BrokenFile`] if what stands behind a mark is no JSON.
    pub fn from_script(path: &Path, text: &str, comment: &str) -> Result<Notebook> {
        let mut document = head(comment);
        let mut cells: Vec<(Json, Vec<String>)> = Vec::new();
        for (number, line) in (1..).zip(text.split('\n')) {
            let json = |text: &str| {
                let parsed = json::parse_noting_halves(text).map(|(json, _)| json);
                parsed.map_err(|mistake| Error::BrokenFile {
                    path: path.to_owned(),
                    place: Some((
                        number,
                        line.chars().count().saturating_sub(text.chars().count())
                            + mistake.offset
                            + 1,
                    )),
                    problem: mistake.problem,
                    advice: "behind the mark of a cell stands JSON, or nothing",
                })
            };
            if let Some(words) = mark(line, comment) {
                let (kind, words) = match words
                    .strip_prefix('[')
                    .and_then(|words| words.split_once(']'))
                {
                    Some((kind, words)) => (kind, words.trim()),
                    None => ("code", words),
                };
                let mut cell = if words.starts_with('{') {
                    json(words)?
                } else {
                    Json::Object(Vec::new())
                };
                let mut whole = Json::Object(vec![("cell_type".into(), kind.into())]);
                if let Json::Object(entries) = &mut cell {
                    for (key, value) in entries.drain(..) {
                        whole.set(&key.decoded(), value);
                    }
                }
                cells.push((whole, Vec::new()));
            } else if let Some((cell, lines)) = cells.last_mut() {
                let line = unescaped(line, comment);
                let bare = || {
                    let bare = line.strip_prefix(comment).unwrap_or(&line);
                    bare.strip_prefix(' ').unwrap_or(bare).to_owned()
                };
                // The blank line between two cells belongs to neither, and stands for itself in a comment.
                lines.push(if is_code(cell) || line.is_empty() {
                    line
                } else {
                    bare()
                });
            } else if let Some(words) = line.strip_prefix(comment)
                && let Some(words) = words.trim().strip_prefix(HEAD)
            {
                document = json(words.trim())?;
            }
        }
        let cells = cells
            .into_iter()
            .enumerate()
            .map(|(index, (cell, lines))| finished(index, cell, lines));
        document.set("cells", Json::List(cells.collect()));
        super::read::check(path, &document)?;
        Ok(Notebook {
            document,
            half: None,
        })
    }

    /// Takes over the outputs of `other` for each code cell that has the same id and source there.
    pub fn adopt_outputs(&mut self, other: &Notebook) {
        for cell in self.code_cells() {
            let same = |old: &super::Cell| old.id == cell.id && old.source == cell.source;
            if let Some(old) = other.code_cells().into_iter().find(same) {
                let outputs = other.outputs(old.position);
                self.set_outputs(cell.position, other.execution_count(old.position), outputs);
            }
        }
    }
}

fn source(cell: &Json) -> String {
    match cell.get("source") {
        Some(Json::List(lines)) => lines.iter().filter_map(Json::text).collect(),
        Some(text) => text.text().unwrap_or_default(),
        None => String::new(),
    }
}

/// What a script without a head becomes.
fn head(comment: &str) -> Json {
    let (display_name, language, name) = if comment == "//" {
        ("Rust (dsprep)", "rust", "dsprep")
    } else {
        ("Python 3", "python", "python3")
    };
    Json::from(serde_json::json!({
        "metadata": {"kernelspec": {"display_name": display_name, "language": language, "name": name}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }))
}

/// The cell with its source and what every cell has.
fn finished(index: usize, mut cell: Json, mut lines: Vec<String>) -> Json {
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    if cell.get("id").is_none() {
        cell.set("id", format!("cell-{}", index + 1).as_str().into());
    }
    if cell.get("metadata").is_none() {
        cell.set("metadata", Json::Object(Vec::new()));
    }
    if is_code(&cell) {
        cell.set("execution_count", Json::Null);
        cell.set("outputs", Json::List(Vec::new()));
    }
    let source = lines.join("\n");
    let lines = super::lines::split(&source).into_iter().map(Json::from);
    cell.set("source", Json::List(lines.collect()));
    cell
}

/// What stands behind the mark of a cell, if the line is one.
fn mark<'a>(line: &'a str, comment: &str) -> Option<&'a str> {
    let words = line.strip_prefix(comment)?.strip_prefix(" %%")?;
    (words.is_empty() || words.starts_with([' ', '\r'])).then(|| words.trim())
}

/// A line of a cell, with a `%` more if it looks like a mark.
fn escaped(line: &str, comment: &str) -> String {
    let looks_like_one = line
        .strip_prefix(comment)
        .and_then(|rest| rest.strip_prefix(" %%"));
    match looks_like_one {
        Some(rest) => format!("{comment} %%%{rest}"),
        None => line.to_owned(),
    }
}

fn unescaped(line: &str, comment: &str) -> String {
    let escaped = line
        .strip_prefix(comment)
        .and_then(|rest| rest.strip_prefix(" %%%"));
    match escaped {
        Some(rest) => format!("{comment} %%{rest}"),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn notebook() -> Notebook {
        let text = json!({
            "cells": [
                {"cell_type": "markdown", "id": "t", "metadata": {"slideshow": {"slide_type": "slide"}},
                 "source": ["# Title\n", "\n", " indented\n", "%% no mark"]},
                {"cell_type": "code", "execution_count": null, "id": "a", "metadata": {"tags": ["x"]}, "outputs": [],
                 "source": ["let a = 1;\n", "\n", "// %% no mark\n", "a\n"]},
                {"cell_type": "code", "execution_count": null, "id": "b", "metadata": {}, "outputs": [], "source": []},
                {"cell_type": "raw", "id": "r", "metadata": {}, "source": ["raw"]},
            ],
            "metadata": {"kernelspec": {"name": "dsprep"}, "n": 1.10},
            "nbformat": 4,
            "nbformat_minor": 5,
        });
        Notebook::parse(Path::new("a.ipynb"), text.to_string().as_bytes())
            .expect("it is a notebook")
    }

    #[test]
    fn there_and_back_loses_nothing() -> Result<()> {
        let notebook = notebook();
        for comment in ["//", "#"] {
            let script = notebook.to_script(comment);
            let back = Notebook::from_script(Path::new("a.rs"), &script, comment)?;
            assert_eq!(back.value(), notebook.value(), "{script}");
        }
        insta::assert_snapshot!(notebook.to_script("//").trim_end(), @r#"
        // notebook {"metadata": {"kernelspec": {"name": "dsprep"}, "n": 1.1}, "nbformat": 4, "nbformat_minor": 5}

        // %% [markdown] {"id": "t", "metadata": {"slideshow": {"slide_type": "slide"}}}
        // # Title
        //
        //  indented
        // %%% no mark

        // %% {"id": "a", "metadata": {"tags": ["x"]}}
        let a = 1;

        // %%% no mark
        a


        // %% {"id": "b", "metadata": {}}


        // %% [raw] {"id": "r", "metadata": {}}
        // raw
        "#);
        Ok(())
    }

    #[test]
    fn a_script_of_somebody_else_is_understood() -> Result<()> {
        let script = "// a comment\nuse std::fs;\n// %% [markdown]\n// # Title\n// %% a title\nlet a = 1;\n\n// %%\na\n";
        let notebook = Notebook::from_script(Path::new("a.rs"), script, "//")?;
        let sources: Vec<_> = notebook
            .code_cells()
            .into_iter()
            .map(|cell| cell.source)
            .collect();
        assert_eq!(sources, ["let a = 1;", "a"]);
        assert_eq!(notebook.text_cells()[0].source, "# Title");
        assert_eq!(notebook.written_for().kernel.as_deref(), Some("dsprep"));
        let wrong = Notebook::from_script(Path::new("a.rs"), "// %% {\"id\": }\n", "//");
        let told = wrong
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        assert!(
            told.starts_with("a.rs:1:14: a value is missing before `}`"),
            "{told}"
        );
        Ok(())
    }
}
