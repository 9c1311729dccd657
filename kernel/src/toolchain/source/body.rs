//! The statements of a cell, and what keeps its new variables.

use super::{BODY_FILE, File, Findings, MARK, SHOW, Source};
use crate::toolchain::plan::{Edit, Plan, Put, Shift, Variable};
use crate::toolchain::text::{line_of, render};

/// The brace before the statements of a cell.
fn brace() -> Shift {
    Shift {
        file: BODY_FILE.to_owned(),
        line: 1,
        from: 2,
        by: 1,
    }
}

impl Source {
    /// The statements, and what keeps the new variables.
    pub(super) fn body(&mut self, plan: &Plan, findings: &Findings) -> String {
        let body = &plan.body;
        if plan.broken {
            let (text, _) = render(&body.code, &body.kept, &[]);
            self.shifts = vec![brace()];
            // Whatever it ends in is no value.
            return format!("{{{text}\n; loop {{}}}}");
        }
        let mut edits = body.edits.clone();
        let single = is_single_expression(plan);
        if !single {
            edits.extend(marks(plan));
            if let Some(result) = &body.result {
                let before = body
                    .kept
                    .iter()
                    .filter(|range| range.end <= result.start)
                    .map(|range| range.end)
                    .max();
                let at = before.unwrap_or(0);
                edits.push(insertion(at, SHOW));
                edits.push(insertion(result.end, ");"));
            }
        }
        let (text, shifts) = render(&body.code, &body.kept, &edits);
        self.shifts = shifts;
        for shift in &mut self.shifts {
            shift.file = BODY_FILE.to_owned();
        }
        if single {
            return text;
        }
        for shift in self.shifts.iter_mut().filter(|shift| shift.line == 1) {
            shift.from += 1;
        }
        self.shifts.push(brace());
        let mut file = File::default();
        file.line(&format!("{{{text}"));
        if !plan.defines.is_empty() {
            file.line("::dsprep_core::cell::back();");
        }
        for (index, variable) in plan.defines.iter().enumerate() {
            if findings.moved.contains(&variable.name) {
                continue;
            }
            file.line(&put_new(variable, index, findings));
            self.puts.push(Put {
                file: BODY_FILE.to_owned(),
                line: file.lines,
                name: variable.name.clone(),
            });
        }
        file.line("::std::result::Result::<(), DsprepFailure>::Ok(())}");
        file.text
    }
}

/// How the type of a box begins that must not be moved.
const PINNED: &str = "::std::pin::Pin<";

/// Whether the cell is one expression: its file then holds nothing else, not even a brace before it.
pub(super) fn is_single_expression(plan: &Plan) -> bool {
    plan.body.result.is_some() && plan.body.kept.len() == 1 && plan.defines.is_empty()
}

fn insertion(at: usize, text: &str) -> Edit {
    Edit {
        range: at..at,
        text: text.to_owned(),
    }
}

/// Behind each statement, the line of the next one. A panic in a library is told with it.
fn marks(plan: &Plan) -> Vec<Edit> {
    let body = &plan.body;
    let mut marks = Vec::new();
    let mut line = body.first_line;
    let (mut seen, mut seen_line) = (0, 1);
    for pair in body.kept.windows(2) {
        let start = pair[1].start;
        seen_line += line_of(&body.code[seen..], start - seen) - 1;
        seen = start;
        if seen_line != line {
            line = seen_line;
            let text = format!("{MARK}{line});");
            marks.push(insertion(pair[0].end, &text));
        }
    }
    marks
}

/// Keeps a new variable, the one that is `index` among those that the cell defines.
fn put_new(variable: &Variable, index: usize, findings: &Findings) -> String {
    let Variable { name, id, .. } = variable;
    let ident = variable.ident();
    match findings.boxed.get(id) {
        Some(ty) => {
            let make = if ty.starts_with(PINNED) { "pin" } else { "new" };
            format!(
                "dsprep_store.put_typed::<{ty}, {index}>({name:?}, ::std::boxed::Box::{make}({ident}));"
            )
        }
        None => format!("dsprep_store.put_typed::<_, {index}>({name:?}, {ident});"),
    }
}
