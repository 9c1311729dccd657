//! Reading a notebook, and saying precisely why a file is none.

use super::{Notebook, is_code};
use crate::error::{Error, Result};
use serde_json::Value;
use std::path::Path;

impl Notebook {
    /// Reads the notebook that `bytes`, the content of the file `path`, hold.
    ///
    /// # Errors
    /// [`Error::BrokenJson`], [`Error::OtherFormat`], or [`Error::NotANotebook`].
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<Notebook> {
        let document = serde_json::from_slice(bytes).map_err(|error| broken(path, &error))?;
        check(path, &document)?;
        Ok(Notebook { document })
    }
}

fn broken(path: &Path, error: &serde_json::Error) -> Error {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    Error::BrokenJson {
        path: path.to_owned(),
        line: error.line(),
        column: error.column().max(1),
        problem: text.strip_suffix(&place).unwrap_or(&text).to_owned(),
    }
}

fn check(path: &Path, document: &Value) -> Result<()> {
    let wrong = |problem: String| Error::NotANotebook {
        path: path.to_owned(),
        problem,
    };
    if !document.is_object() {
        return Err(wrong(format!("it holds {}, not an object", kind(document))));
    }
    match document.get("nbformat").map(Value::as_u64) {
        None => return Err(wrong("it has no `nbformat`".to_owned())),
        Some(None) => return Err(wrong("`nbformat` is not a number".to_owned())),
        Some(Some(4)) => {}
        Some(Some(version)) => {
            return Err(Error::OtherFormat {
                path: path.to_owned(),
                version,
            });
        }
    }
    let Some(cells) = document.get("cells").and_then(Value::as_array) else {
        return Err(wrong("it has no list `cells`".to_owned()));
    };
    for (index, cell) in cells.iter().enumerate() {
        check_cell(cell).map_err(|problem| {
            wrong(format!("cell {} of {}: {problem}", index + 1, cells.len()))
        })?;
    }
    Ok(())
}

fn check_cell(cell: &Value) -> std::result::Result<(), String> {
    if !cell.is_object() {
        return Err(format!("it is {}, not an object", kind(cell)));
    }
    if !cell["cell_type"].is_string() {
        return Err("it has no `cell_type`".to_owned());
    }
    match &cell["source"] {
        Value::String(_) => Ok(()),
        Value::Array(lines) if lines.iter().all(Value::is_string) => Ok(()),
        _ if is_code(cell) => Err("its `source` is neither a text nor a list of texts".to_owned()),
        _ => Ok(()),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        match Notebook::parse(Path::new("a.ipynb"), text.as_bytes()) {
            Ok(_) => "no error".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn errors_say_what_is_wrong_and_where() {
        insta::assert_snapshot!(error("{\n \"cells\": [\n"), @"a.ipynb:3:1: broken JSON: EOF while parsing a list; mend this place, or restore the file from version control");
        insta::assert_snapshot!(error("[]"), @"a.ipynb: not a notebook: it holds a list, not an object; open it in JupyterLab and save it again");
        insta::assert_snapshot!(error("{}"), @"a.ipynb: not a notebook: it has no `nbformat`; open it in JupyterLab and save it again");
        insta::assert_snapshot!(error(r#"{"nbformat": 4}"#), @"a.ipynb: not a notebook: it has no list `cells`; open it in JupyterLab and save it again");
        insta::assert_snapshot!(error(r#"{"nbformat": 3, "worksheets": []}"#), @"a.ipynb: notebook format 3, but only format 4 is understood; convert it: jupyter nbconvert --to notebook --nbformat 4 a.ipynb");
        let cell = r#"{"nbformat": 4, "cells": [{"cell_type": "markdown"}, {"cell_type": "code", "source": 1}]}"#;
        insta::assert_snapshot!(error(cell), @"a.ipynb: not a notebook: cell 2 of 2: its `source` is neither a text nor a list of texts; open it in JupyterLab and save it again");
    }
}
