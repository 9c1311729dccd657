//! The source of a cell on its way from evcxr to the compiler.
//!
//! evcxr wraps the cell in code that takes the notebook's variables out of the store, catches panics,
//! shows the last expression and puts the variables back. Here that code is fitted to the core
//! library. Each change stays within its line, so that line numbers mean the same to evcxr, to the
//! compiler and to us.

use super::session::{CellLine, CellText, Statement};
use super::types::{PLACEHOLDER, VariableTypes, replace_placeholders};
use serde_json::{Value, json};
use std::collections::HashSet;

const RUNTIME_MODULE: &str = "mod evcxr_internal_runtime {";
const RUNTIME_FROM_CORE: &str =
    "mod evcxr_internal_runtime { pub use ::dsprep_core::cell::store::*; }";
const ENTRY_POINT: &str = "#[unsafe(no_mangle)]";
/// What a cell with anything to run ends in.
pub const END_OF_CELL: &str = "::dsprep_core::cell::leave(); evcxr_variable_store";
const DISPLAY_TRAITS: &str = "#[allow(unused_imports)] use \
    ::dsprep_core::display::{ByRef as _, DebugDisplay as _, RichDisplay as _};";

/// Whose code evcxr compiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A cell: it tells the kernel what happens in it.
    Cell,
    /// evcxr's own trial at its start. It has to be silent: nobody reads its output yet.
    Trial,
}

/// What the compiler gets for the source that evcxr generated.
pub fn for_compiler(generated: &str, types: &VariableTypes, origin: Origin) -> String {
    match origin {
        Origin::Cell => fit_cell(generated, types),
        Origin::Trial => generated.replace(").evcxr_display();", ");"),
    }
}

/// The error that makes evcxr allow `?` in cells from its trial on.
///
/// evcxr learns that a cell may use `?` from the compiler's error, and then compiles it again. That
/// takes a second pass for the first such cell, and evcxr then believes that its last expression could
/// not be shown. This error, at the trial, spares both; it costs no run of the compiler.
pub fn missing_question_mark(generated: &str, origin: Origin) -> Option<Value> {
    if origin == Origin::Cell || generated.contains("for EvcxrUserCodeError {") {
        return None;
    }
    let line = 1 + generated.lines().position(|line| line.trim() == "42")?;
    let span = json!({
        "file_name": "src/lib.rs", "line_start": line, "line_end": line, "column_start": 1,
        "column_end": 3, "byte_start": 0, "byte_end": 0, "is_primary": true, "label": null,
        "text": [], "expansion": null, "suggested_replacement": null,
    });
    Some(json!({
        "message": "the `?` operator can only be used in a function that returns `Result`",
        "code": {"code": "E0277", "explanation": null}, "level": "error", "spans": [span],
        "children": [], "rendered": "",
    }))
}

fn fit_cell(generated: &str, types: &VariableTypes) -> String {
    let lines: Vec<&str> = generated.lines().collect();
    let idle = idle_variables(&lines);
    let runtime = runtime_module(&lines);
    let mut output = String::with_capacity(generated.len());
    for (index, line) in lines.iter().enumerate() {
        let within_runtime = runtime.as_ref().is_some_and(|range| range.contains(&index));
        let text = match Generated::of(line) {
            _ if within_runtime && line.starts_with(RUNTIME_MODULE) => RUNTIME_FROM_CORE.to_owned(),
            _ if within_runtime => String::new(),
            Some(generated) if idle.contains(generated.name) => String::new(),
            _ => types.fill_in(&fit(line)),
        };
        output.push_str(&text);
        output.push('\n');
    }
    output.push_str(DISPLAY_TRAITS);
    output.push('\n');
    infer_the_rest(&output)
}

/// The errors, those of a variable that the cell has moved away reduced to the line that would put it back.
///
/// evcxr then leaves the variable out and compiles again. The error also points at the place of the move; if
/// that is the last expression, evcxr would believe that the expression can't be shown.
pub fn point_at_moved_variables(mut errors: Vec<Value>, prepared: &str) -> Vec<Value> {
    let puts: HashSet<u64> = (1..)
        .zip(prepared.lines())
        .filter(|(_, line)| line.starts_with("evcxr_variable_store.put_"))
        .map(|(number, _)| number)
        .collect();
    let is_put = |span: &Value| {
        let line = span["line_start"].as_u64();
        span["is_primary"] == true && line.is_some_and(|line| puts.contains(&line))
    };
    let moved = errors
        .iter_mut()
        .filter(|error| error["code"]["code"] == "E0382");
    for error in moved {
        let spans = error["spans"].as_array_mut();
        if let Some(spans) = spans.filter(|spans| spans.iter().any(is_put)) {
            spans.retain(is_put);
            error["children"] = json!([]);
        }
    }
    errors
}

/// For each line of the cell, the line of the generated source that holds it.
pub fn cell_lines(prepared: &str, cell: &CellText) -> Vec<CellLine> {
    let lines: Vec<&str> = prepared.lines().collect();
    let mut taken = HashSet::new();
    let mut pairs = Vec::new();
    for statement in &cell.statements {
        if let Some(start) = find_statement(&lines, statement, &taken) {
            for offset in 0..statement.text.lines().count() {
                taken.insert(start + offset);
                pairs.push(CellLine {
                    generated: start + offset + 1,
                    line: statement.line + offset,
                    indent: if offset == 0 { statement.indent } else { 0 },
                });
            }
        }
    }
    pairs
}

/// A line with which evcxr checks, takes out or puts back one variable.
struct Generated<'a> {
    name: &'a str,
}

impl<'a> Generated<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let line = line.trim_start();
        let checks = line.starts_with("vars_ok &= evcxr_variable_store.check_variable::<");
        let puts = line.starts_with("evcxr_variable_store.put_variable::<");
        let takes =
            line.starts_with("let ") && line.contains(" = evcxr_variable_store.take_variable::<");
        if !(checks || takes || puts) {
            return None;
        }
        let (_, from_name) = line.split_once("stringify!(")?;
        let (name, _) = from_name.split_once(')')?;
        Some(Generated { name })
    }
}

/// The variables that the cell's statements do not mention. They stay in the store: the fewer variables
/// a cell moves, the less there is to compile. Items, which come before the entry point, can't mention any.
fn idle_variables<'a>(lines: &[&'a str]) -> HashSet<&'a str> {
    let mut mentioned = HashSet::new();
    let mut variables = HashSet::new();
    let entry = lines.iter().position(|line| line.starts_with(ENTRY_POINT));
    for line in &lines[entry.unwrap_or(0)..] {
        match Generated::of(line) {
            Some(generated) => {
                variables.insert(generated.name);
            }
            None => mentioned.extend(words(line)),
        }
    }
    variables.retain(|name| !mentioned.contains(name));
    variables
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|character: char| !character.is_alphanumeric() && character != '_')
}

/// The lines of the module that evcxr puts into each cell, which the core holds ready.
fn runtime_module(lines: &[&str]) -> Option<std::ops::RangeInclusive<usize>> {
    let start = lines
        .iter()
        .position(|line| line.starts_with(RUNTIME_MODULE))?;
    let entry = lines
        .iter()
        .skip(start)
        .position(|line| line.starts_with(ENTRY_POINT))?;
    Some(start..=start + entry - 1)
}

/// One line fitted to the core library.
fn fit(line: &str) -> String {
    let trimmed = line.trim();
    if let Some(binding) = placeholder_binding(line) {
        return binding;
    }
    if trimmed == "evcxr_variable_store" {
        return END_OF_CELL.to_owned();
    }
    if trimmed.starts_with("let evcxr_variable_store = unsafe {&mut *evcxr_variable_store};")
        || trimmed == "evcxr_variable_store: *mut u8) -> *mut u8 {"
    {
        return format!("{line} ::dsprep_core::cell::enter();");
    }
    if trimmed == "println!(\"EVCXR_PANIC_NOTIFICATION\");" {
        return format!("::dsprep_core::cell::panicked(); {trimmed}");
    }
    if trimmed == "fn from(error: T) -> Self {" {
        return format!("#[track_caller] {trimmed}");
    }
    if let Some(arguments) = trimmed
        .strip_prefix("eprintln!(")
        .and_then(|t| t.strip_suffix(", error);"))
    {
        // The error is not dropped: each cell would compile the code that drops the errors of all crates.
        return format!(
            "::dsprep_core::cell::failed(&format_args!({arguments}, error)); ::std::mem::forget(error);"
        );
    }
    if let Some(expression) = line.strip_suffix(").evcxr_display();") {
        return format!("{expression}).dsprep_ref().evcxr_display();");
    }
    line.to_owned()
}

/// The line without the binding `let x: DsprepType7 = x;` that the front added, if it holds one.
fn placeholder_binding(line: &str) -> Option<String> {
    let start = line.find(&format!(": {PLACEHOLDER}"))?;
    let begin = line[..start].rfind("let ")?;
    let end = start + line[start..].find(';')?;
    Some(format!("{}{}", &line[..begin], &line[end + 1..]))
}

/// Lets the compiler find the types that are not known yet.
fn infer_the_rest(source: &str) -> String {
    let mut output = String::with_capacity(source.len());
    for line in source.lines() {
        const PUT: &str = "evcxr_variable_store.put_variable::<DsprepType";
        let id = line
            .trim_start()
            .strip_prefix(PUT)
            .and_then(|rest| rest.split_once('>'));
        match id {
            Some((id, arguments)) => {
                output.push_str(&format!(
                    "evcxr_variable_store.put_typed::<_, {id}>{arguments}"
                ));
            }
            None => output.push_str(&replace_placeholders(line, |_| Some("_".to_owned()))),
        }
        output.push('\n');
    }
    output
}

/// Where the lines of a statement stand. evcxr starts each statement on a line of its own, and what
/// follows it on its last line is a comment or the rest of what it was separated from.
fn find_statement(lines: &[&str], statement: &Statement, taken: &HashSet<usize>) -> Option<usize> {
    let wanted: Vec<&str> = statement.text.lines().collect();
    let (last, all_but_last) = wanted.split_last()?;
    let matches = |start: usize| {
        let end = start + all_but_last.len();
        let Some(have) = lines.get(start..end) else {
            return false;
        };
        let same = have
            .iter()
            .zip(all_but_last)
            .all(|(have, want)| have == want);
        let rest = lines
            .get(end)
            .and_then(|line| line.strip_prefix(last))
            .map(str::trim_start);
        same && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    // The current cell's code comes after that of earlier cells with the same text.
    (0..lines.len())
        .rev()
        .find(|start| !taken.contains(start) && matches(*start))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENERATED: &str = "\
#![allow(unused_imports, unused_mut, dead_code)]
mod evcxr_internal_runtime {
pub struct VariableStore {}
}
#[unsafe(no_mangle)]
pub extern \"C\" fn run_user_code_2(
mut evcxr_variable_store: *mut evcxr_internal_runtime::VariableStore)
  -> *mut evcxr_internal_runtime::VariableStore {
let evcxr_variable_store = unsafe {&mut *evcxr_variable_store};
{let mut vars_ok = true;
vars_ok &= evcxr_variable_store.check_variable::<DsprepType1>(stringify!(a));
vars_ok &= evcxr_variable_store.check_variable::<DsprepType2>(stringify!(b));
if !vars_ok {return evcxr_variable_store;}}
let mut a = evcxr_variable_store.take_variable::<DsprepType1>(stringify!(a));
let b = evcxr_variable_store.take_variable::<DsprepType2>(stringify!(b));
let c = a + 1; 
let c: DsprepType3 = c; // kept
(
c
).evcxr_display();
evcxr_variable_store.put_variable::<DsprepType3>(stringify!(c), c);
    println!(\"EVCXR_PANIC_NOTIFICATION\");
evcxr_variable_store.put_variable::<DsprepType1>(stringify!(a), a);
evcxr_variable_store.put_variable::<DsprepType2>(stringify!(b), b);
evcxr_variable_store
}
";

    fn types() -> VariableTypes {
        let mut types = VariableTypes::default();
        let listing = "S::put_typed::<i32, 1>(x) S::put_typed::<std::string::String, 2>(x)";
        types.read_listing(listing).unwrap();
        types
    }

    #[test]
    fn each_change_stays_within_its_line() {
        let prepared = for_compiler(GENERATED, &types(), Origin::Cell);
        let lines: Vec<&str> = prepared.lines().collect();
        assert_eq!(lines.len(), GENERATED.lines().count() + 1);
        assert_eq!(lines[1], RUNTIME_FROM_CORE);
        assert_eq!(
            lines[13],
            "let mut a = evcxr_variable_store.take_variable::<i32>(stringify!(a));"
        );
        assert_eq!(
            lines[14], "",
            "b is not mentioned, so it stays in the store"
        );
        assert_eq!(lines[15], "let c = a + 1; ");
        assert_eq!(lines[16], " // kept");
        assert_eq!(lines[18], "c");
        assert_eq!(lines[19], ").dsprep_ref().evcxr_display();");
        assert_eq!(
            lines[20],
            "evcxr_variable_store.put_typed::<_, 3>(stringify!(c), c);"
        );
        assert!(lines[21].starts_with("::dsprep_core::cell::panicked();"));
        assert_eq!(lines[23], "");
        assert_eq!(
            lines[24],
            "::dsprep_core::cell::leave(); evcxr_variable_store"
        );
    }

    #[test]
    fn a_variable_whose_name_only_an_item_uses_stays_in_the_store() {
        let item = "fn double(b: i32) -> i32 { 2 * b }\n#[unsafe(no_mangle)]";
        let generated = GENERATED.replace("#[unsafe(no_mangle)]", item);
        let prepared = for_compiler(&generated, &types(), Origin::Cell);
        assert!(prepared.contains("stringify!(a)"));
        assert!(!prepared.contains("stringify!(b)"), "{prepared}");
    }

    #[test]
    fn an_error_is_told_in_the_format_that_evcxr_was_asked_for_and_never_dropped() {
        assert_eq!(
            fit("eprintln!(\"{:?}\", error);"),
            "::dsprep_core::cell::failed(&format_args!(\"{:?}\", error)); ::std::mem::forget(error);"
        );
    }

    #[test]
    fn a_moved_variable_is_blamed_on_the_line_that_puts_it_back_only() {
        let prepared = "use_up(c)\nevcxr_variable_store.put_typed::<_, 3>(stringify!(c), c);\n";
        let span = |line: u64, primary| json!({"line_start": line, "is_primary": primary});
        let error = |first: Value, second: Value| json!({"code": {"code": "E0382"}, "spans": [first, second], "children": [{"spans": []}]});
        let moved = error(span(1, false), span(2, true));
        let told = point_at_moved_variables(vec![moved], prepared);
        assert_eq!(told[0]["spans"], json!([span(2, true)]));
        assert_eq!(told[0]["children"], json!([]));
        let in_cell = error(span(1, true), span(2, false));
        assert_eq!(
            point_at_moved_variables(vec![in_cell.clone()], prepared),
            [in_cell]
        );
    }

    #[test]
    fn lines_of_the_cell_are_found_again() {
        let prepared = for_compiler(GENERATED, &types(), Origin::Cell);
        let statement = |line, text: &str| Statement {
            line,
            indent: 0,
            text: text.to_owned(),
        };
        let cell = CellText {
            statements: vec![statement(2, "let c = a + 1;"), statement(4, "c")],
        };
        let found = cell_lines(&prepared, &cell);
        let pairs: Vec<_> = found.iter().map(|at| (at.generated, at.line)).collect();
        assert_eq!(pairs, [(16, 2), (19, 4)]);
    }
}
