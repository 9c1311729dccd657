//! Errors that learners meet most, in words that say what to do.

use super::prepared::Cell;
use super::traceback::{BOLD, CellError, PLAIN, excerpt};
use crate::toolchain::diagnostics::{BORROWS, code_of, places};
use crate::toolchain::plan::Build;
use crate::toolchain::source::BODY_FILE;
use crate::toolchain::text::line_of;
use serde_json::Value;

/// A text of the compiler's without the kernel's own names.
pub fn message(text: &str) -> String {
    text.replace(
        "`std::result::Result<(), DsprepFailure>`",
        "the cell's `Result`",
    )
    .replace("`Result<(), DsprepFailure>`", "the cell's `Result`")
    .replace("in a closure that returns `Result`", "in a cell")
    .replace("`DsprepFailure`", "the cell's error")
    .replace("DsprepFailure", "the cell's error")
    .replace("found `dsprep_store`", "found the end of the cell")
}

/// A text of evcxr's without the name of the package in which it tries the crates that a notebook adds.
pub fn of_engine(text: &str) -> String {
    const TRIAL: &str = "evcxr_dummy_validate_dep";
    text.replace(&format!("package `{TRIAL}`"), "this notebook")
        .replace(TRIAL, "this notebook")
}

/// The error of a new variable that borrows from another, if that is what is wrong.
pub fn borrowed(build: &Build, cell: &Cell) -> Option<CellError> {
    let mut found = None;
    for error in build
        .errors
        .iter()
        .filter(|error| BORROWS.contains(&code_of(error)))
    {
        let kept = build.puts.iter().find(|put| {
            let at_put = |it: &crate::toolchain::diagnostics::Place| {
                it.file == put.file && it.line == put.line
            };
            put.file == BODY_FILE && places(error).iter().any(at_put)
        });
        let text = error["message"].as_str().unwrap_or_default();
        let rendered = error["rendered"].as_str().unwrap_or_default();
        let from = text.split('`').nth(1).unwrap_or_default().to_owned();
        let escapes = rendered.contains("'static");
        if let Some(put) = kept.filter(|put| put.name != from && escapes) {
            let line = places(error)
                .iter()
                .find(|it| it.file == BODY_FILE && it.line <= cell.code.lines().count())
                .map(|it| it.line);
            found = Some((put.name.clone(), from, line, code_of(error).to_owned()));
            break;
        }
    }
    let (name, from, line, code) = found?;
    let from_words = if from.is_empty() || from.contains(' ') {
        "a value of this cell".to_owned()
    } else {
        format!("`{from}`")
    };
    let text = format!("`{name}` borrows from {from_words}, so it can't be kept for later cells");
    let mut error = CellError::new(&code, text);
    // Where the variable is defined, or else where it borrows.
    let defined = definition_line(cell, &name).or(line);
    error
        .traceback
        .extend(excerpt(&cell.code, defined.unwrap_or(1)));
    let help = format!(
        "keep a copy of its own (`.clone()`, `.to_vec()`, `.to_owned()`), borrow it anew in each cell, or put braces around \
         the code that uses `{name}`"
    );
    error.traceback.push(format!("{BOLD}{help}{PLAIN}"));
    Some(error)
}

/// The line on which the cell defines the variable `name`.
fn definition_line(cell: &Cell, name: &str) -> Option<usize> {
    let parsed = super::parsed::Parsed::of(&cell.code);
    let statements = parsed.statements.iter().rev();
    let mut defining = statements.filter(|it| it.binds.iter().any(|bind| bind.name == name));
    defining
        .next()
        .map(|it| line_of(&cell.code, it.range.start))
}

/// The error of a result that can't be shown.
pub fn of_result(error: &Value, cell: &Cell) -> CellError {
    let text = error["message"].as_str().unwrap_or_default();
    let ty = text
        .split('`')
        .nth(3)
        .unwrap_or("this")
        .trim_start_matches('&');
    let plain = ty.rsplit("::").next().unwrap_or(ty);
    let name = plain.split('<').next().unwrap_or(plain);
    let debug = cell.options.format.as_deref() != Some("{}");
    let (what, help) = if text.contains("{closure") {
        (
            "a closure can't be shown".to_owned(),
            "call it, or end the line with `;`".to_owned(),
        )
    } else if cell.owned_types.contains(name) {
        if debug {
            (
                format!("`{plain}` can't be shown: it does not implement `Debug`"),
                format!(
                    "write `#[derive(Debug)]` above the definition of `{name}`, or end the line with `;`"
                ),
            )
        } else {
            (
                format!("`{plain}` can't be shown: it does not implement `Display`"),
                format!(
                    "write `impl std::fmt::Display for {name}`, or show results by `{{:?}}` again: `:fmt {{:?}}`"
                ),
            )
        }
    } else {
        (
            format!("`{ty}` can't be shown: it does not implement `Debug`, or holds something that does not"),
            "write `#[derive(Debug)]` above your own types in it, show a part of it, or end the line with `;`".to_owned(),
        )
    };
    let mut told = CellError::new("E0277", what);
    let line = cell
        .plan
        .body
        .result
        .as_ref()
        .map(|it| line_of(&cell.code, it.start));
    told.traceback
        .extend(excerpt(&cell.code, line.unwrap_or(1)));
    told.traceback.push(format!("{BOLD}{help}{PLAIN}"));
    told
}

/// What else to say of an error.
pub fn hints(error: &Value, cell: &Cell) -> Vec<String> {
    let text = error["message"].as_str().unwrap_or_default();
    let name = text.split('`').nth(1).unwrap_or_default();
    let hint = match code_of(error) {
        "E0425" | "E0412" | "E0433" | "E0405" | "E0423" | "E0531" | "E0574" | "" => cell.hint(&super::names::normal(name)),
        "E0583" => Some(
            "a cell can't read a module from a file: write its items here, as in `mod NAME { … }`, or add a crate by `:dep`"
                .to_owned(),
        ),
        "E0384" | "E0594" | "E0596" => {
            let taken = cell.plan.takes.iter().find(|it| it.name == name && !it.mutable);
            taken.map(|it| format!("to change it in this cell and later ones, write `let mut {0} = {0};` first", it.ident()))
        }
        "E0277" if text.contains("`?` operator can only be used on `Result`s") => Some(
            "write `.ok_or(\"what is missing\")?` to end the cell where there is no value, or look with `if let Some(value) = …`"
                .to_owned(),
        ),
        // What the type could do may have been left out.
        "E0277" | "E0599" | "E0369" | "E0600" | "E0614" | "E0608" | "E0618" => return cell.hints_of_impls(text),
        "E0381" => Some(format!("give `{name}` a value in this cell, or put braces around the code that uses it")),
        _ => None,
    };
    hint.into_iter().collect()
}

/// The error of names that are not found, where there is more to say of them than the compiler knows.
pub fn unknown(build: &Build, cell: &Cell) -> Option<CellError> {
    const NOT_FOUND: &[&str] = &[
        "E0425", "E0412", "E0433", "E0432", "E0405", "E0574", "E0531", "",
    ];
    let mut told: Option<CellError> = None;
    let mut seen = Vec::new();
    let not_found = |error: &&Value| NOT_FOUND.contains(&code_of(error));
    for error in build.errors.iter().filter(not_found) {
        let Some(hint) = hints(error, cell).into_iter().next() else {
            continue;
        };
        if seen.contains(&hint) {
            continue;
        }
        let text = error["message"].as_str().unwrap_or_default();
        let name = match code_of(error) {
            "" => "error",
            code => code,
        };
        let here = CellError::new(name, format!("{text}: {hint}"));
        let line = places(error)
            .iter()
            .find(|it| it.file == BODY_FILE)
            .map(|it| it.line);
        let all = told.get_or_insert_with(|| CellError {
            traceback: Vec::new(),
            ..here
        });
        all.traceback.extend(CellError::new(name, text).traceback);
        let excerpt = line.map(|line| excerpt(&cell.code, line));
        all.traceback.extend(excerpt.unwrap_or_default());
        all.traceback.push(format!("{BOLD}{hint}{PLAIN}"));
        seen.push(hint);
    }
    told
}
