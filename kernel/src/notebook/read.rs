//! Reading a notebook, and saying precisely why a file is none.

use super::json::{self, Json, Mistake, place};
use super::{Half, Notebook, is_code, recognise};
use crate::error::{Error, Result};
use std::path::Path;

/// What to do about a file with a mistake in it.
const MEND: &str = "mend this place, or restore the file from version control";

impl Notebook {
    /// Reads the notebook that `bytes`, the content of the file `path`, hold.
    ///
    /// # Errors
    /// [`Error::BrokenFile`], [`Error::OtherFormat`], or [`Error::NotANotebook`].
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<Notebook> {
        if let Some((problem, advice)) = recognise::no_json(bytes) {
            return Err(Error::BrokenFile {
                path: path.to_owned(),
                place: None,
                problem,
                advice,
            });
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let (valid, rest) = bytes.split_at(error.valid_up_to());
            let byte = rest.first().copied().unwrap_or_default();
            Error::BrokenFile {
                path: path.to_owned(),
                place: Some(place(&String::from_utf8_lossy(valid), valid.len())),
                problem: format!("the byte 0x{byte:02x} here is no UTF-8"),
                advice: "save the file in UTF-8, or restore it from version control",
            }
        })?;
        let (document, half) =
            json::parse_noting_halves(text).map_err(|mistake| broken(path, text, mistake))?;
        check(path, &document)?;
        Ok(Notebook {
            document,
            half: half.map(|offset| {
                let (line, column) = place(text, offset);
                Half { line, column }
            }),
        })
    }
}

fn broken(path: &Path, text: &str, mistake: Mistake) -> Error {
    let conflict = recognise::conflict(text);
    let (offset, problem, advice) = match conflict {
        Some(offset) => (
            offset,
            "a merge conflict is left in it".to_owned(),
            "resolve it (nbdime merges notebooks), or take one side: git checkout --ours or --theirs",
        ),
        None if mistake.problem.starts_with("nested too deeply") => (
            mistake.offset,
            mistake.problem,
            "make it flatter, or leave this notebook out",
        ),
        None if mistake.problem.starts_with("the key ") => (mistake.offset, mistake.problem, MEND),
        None => (
            mistake.offset,
            format!("broken JSON: {}", mistake.problem),
            MEND,
        ),
    };
    Error::BrokenFile {
        path: path.to_owned(),
        place: Some(place(text, offset)),
        problem,
        advice,
    }
}

/// Whether the document is a notebook.
pub(super) fn check(path: &Path, document: &Json) -> Result<()> {
    let wrong = |problem: String| Error::NotANotebook {
        path: path.to_owned(),
        problem,
    };
    if !matches!(document, Json::Object(_)) {
        return Err(wrong(format!(
            "it holds {}, not an object",
            document.kind()
        )));
    }
    let Some(version) = document.get("nbformat") else {
        return Err(wrong("it has no `nbformat`".to_owned()));
    };
    match version.whole() {
        Some(4) => {}
        Some(version) => {
            return Err(Error::OtherFormat {
                path: path.to_owned(),
                version,
            });
        }
        None => {
            let what = match version {
                Json::Number(digits) => digits.to_string(),
                other => other.kind().to_owned(),
            };
            return Err(wrong(format!(
                "its `nbformat` is {what}, and must be a whole number"
            )));
        }
    }
    let Some(cells) = document.get("cells").and_then(Json::list) else {
        return Err(wrong("it has no list `cells`".to_owned()));
    };
    for (index, cell) in cells.iter().enumerate() {
        check_cell(cell).map_err(|problem| {
            wrong(format!("cell {} of {}: {problem}", index + 1, cells.len()))
        })?;
    }
    Ok(())
}

fn check_cell(cell: &Json) -> std::result::Result<(), String> {
    if !matches!(cell, Json::Object(_)) {
        return Err(format!("it is {}, not an object", cell.kind()));
    }
    if !matches!(cell.get("cell_type"), Some(Json::Text(_))) {
        return Err("it has no `cell_type`".to_owned());
    }
    if !is_code(cell) {
        return Ok(());
    }
    let lines = match cell.get("source") {
        Some(line @ Json::Text(_)) => std::slice::from_ref(line),
        Some(Json::List(lines)) => lines,
        _ => &[Json::Null],
    };
    for line in lines {
        match line {
            Json::Text(line) if line.lone_surrogate().is_some() => {
                return Err("its `source` holds half of a character (a lone surrogate), which no kernel can be sent".to_owned());
            }
            Json::Text(_) => {}
            _ => return Err("its `source` is neither a text nor a list of texts".to_owned()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(bytes: &[u8]) -> String {
        match Notebook::parse(Path::new("a.ipynb"), bytes) {
            Ok(_) => "no error".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    fn error(text: &str) -> String {
        error_of(text.as_bytes())
    }

    #[test]
    fn errors_say_what_is_wrong_and_where() {
        insta::assert_snapshot!(error("{\n \"cells\": [\n"), @"a.ipynb:3:1: broken JSON: the file ends too early; a part of it is missing; mend this place, or restore the file from version control");
        insta::assert_snapshot!(error("[]"), @"a.ipynb: not a notebook: it holds a list, not an object; open it in JupyterLab and save it again");
        insta::assert_snapshot!(error("{}"), @"a.ipynb: not a notebook: it has no `nbformat`; open it in JupyterLab and save it again");
        insta::assert_snapshot!(error(r#"{"nbformat": 4}"#), @"a.ipynb: not a notebook: it has no list `cells`; open it in JupyterLab and save it again");
        insta::assert_snapshot!(error(r#"{"nbformat": 4.5}"#), @"a.ipynb: not a notebook: its `nbformat` is 4.5, and must be a whole number; open it in JupyterLab and save it again");
        insta::assert_snapshot!(error(r#"{"nbformat": "4"}"#), @"a.ipynb: not a notebook: its `nbformat` is a text, and must be a whole number; open it in JupyterLab and save it again");
        insta::assert_snapshot!(error(r#"{"nbformat": 3, "worksheets": []}"#), @"a.ipynb: notebook format 3, but only format 4 is understood; convert it: jupyter nbconvert --to notebook --nbformat 4 a.ipynb");
        insta::assert_snapshot!(error(r#"{"nbformat": 5, "cells": []}"#), @"a.ipynb: notebook format 5 is newer than this program, which understands format 4; get a newer dsprep, or leave this notebook out");
        let cell = r#"{"nbformat": 4, "cells": [{"cell_type": "markdown"}, {"cell_type": "code", "source": 1}]}"#;
        insta::assert_snapshot!(error(cell), @"a.ipynb: not a notebook: cell 2 of 2: its `source` is neither a text nor a list of texts; open it in JupyterLab and save it again");
        let half = r#"{"nbformat": 4, "cells": [{"cell_type": "code", "source": "\ud83e"}]}"#;
        insta::assert_snapshot!(error(half), @"a.ipynb: not a notebook: cell 1 of 1: its `source` holds half of a character (a lone surrogate), which no kernel can be sent; open it in JupyterLab and save it again");
        insta::assert_snapshot!(error_of(b"{\n\"\xc3\xa4b\xe4\": 1}"), @"a.ipynb:2:4: the byte 0xe4 here is no UTF-8; save the file in UTF-8, or restore it from version control");
        insta::assert_snapshot!(error("{\n<<<<<<< HEAD\n\"a\": 1\n=======\n>>>>>>> x\n}"), @"a.ipynb:2:1: a merge conflict is left in it; resolve it (nbdime merges notebooks), or take one side: git checkout --ours or --theirs");
    }

    #[test]
    fn a_version_may_be_written_with_a_fraction_of_nothing_and_half_a_character_is_told() {
        let text = "{\"nbformat\": 4.0, \"cells\": [],\n \"metadata\": {\"a\": \"ä\\ud83e\"}}";
        let notebook = Notebook::parse(Path::new("a.ipynb"), text.as_bytes());
        let half = notebook.ok().and_then(|notebook| notebook.half());
        assert_eq!(
            half,
            Some(Half {
                line: 2,
                column: 22
            })
        );
    }
}
