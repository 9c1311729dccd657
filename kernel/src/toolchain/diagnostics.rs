//! What the compiler's errors mean for a cell: whether they are the cell's own, or call for another run.

use super::plan::{ItemFile, LeftOut, Plan};
use super::source::{BODY_FILE, CRATE_FILE, Findings, Source, item_file};
use super::text::line_of;
use serde_json::Value;

/// What follows from the errors of one run.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    /// They are errors of the cell.
    Own(Vec<Value>),
    /// These definitions of variables can't be boxed.
    Boxes(Vec<u32>),
    /// The cell moves these variables away: it compiles if they are not put back.
    Moved(Vec<String>),
    /// Items of earlier cells do not go together with this cell: it compiles without them.
    LeftOut(Vec<LeftOut>),
}

/// Errors of two things that can't both be there.
const CONFLICTS: &[&str] = &[
    "E0119", "E0124", "E0201", "E0252", "E0254", "E0255", "E0259", "E0260", "E0428", "E0592",
];

/// Errors of a borrowed value that has to live on.
pub const BORROWS: &[&str] = &[
    "E0373", "E0502", "E0505", "E0506", "E0515", "E0521", "E0597", "E0716",
];

/// Judges `errors`.
pub fn judge(errors: Vec<Value>, plan: &Plan, source: &Source, findings: &Findings) -> Verdict {
    let judge = Judge { plan, source };
    let errors: Vec<Value> = errors.into_iter().filter(|it| !is_summary(it)).collect();
    if plan.broken {
        // What follows from the first is of no use.
        let first = errors.into_iter().find(|error| judge.is_own(error));
        return Verdict::Own(first.into_iter().collect());
    }
    let boxes: Vec<u32> = errors
        .iter()
        .filter_map(|error| judge.put_of(error))
        .filter_map(|name| plan.defines.iter().find(|it| it.name == name))
        .map(|variable| variable.id)
        .filter(|id| findings.boxed.contains_key(id))
        .collect();
    if !boxes.is_empty() {
        return Verdict::Boxes(boxes);
    }
    let replaced: Vec<LeftOut> = errors
        .iter()
        .filter(|error| CONFLICTS.contains(&code_of(error)) && judge.is_own(error))
        .filter_map(|error| judge.old_item(error))
        .map(|id| LeftOut {
            id,
            message: String::new(),
        })
        .collect();
    if !replaced.is_empty() {
        return Verdict::LeftOut(replaced);
    }
    let moves = |error: &Value| code_of(error) == "E0382" && judge.put_of(error).is_some();
    let moved = errors.iter().filter(|error| moves(error));
    let moved: Vec<String> = moved
        .filter_map(|error| judge.put_of(error).map(str::to_owned))
        .collect();
    // A variable that was moved away may also borrow from another, as an iterator does that was used up: that is no
    // error any more when it is not put back. An error that has nothing to do with it comes again.
    let follows = |error: &Value| moves(error) || BORROWS.contains(&code_of(error));
    if !moved.is_empty() && errors.iter().all(follows) {
        return Verdict::Moved(moved);
    }
    let own: Vec<Value> = errors
        .iter()
        .filter(|error| judge.is_own(error) && judge.put_of(error).is_none())
        .cloned()
        .collect();
    if !own.is_empty() {
        return Verdict::Own(own);
    }
    let old: Vec<Option<LeftOut>> = errors
        .iter()
        .filter(|error| !moves(error))
        .map(|error| {
            let message = error["message"].as_str().unwrap_or_default().to_owned();
            let id = judge.old_item(error)?;
            Some(LeftOut { id, message })
        })
        .collect();
    if !old.is_empty() && old.iter().all(Option::is_some) {
        return Verdict::LeftOut(old.into_iter().flatten().collect());
    }
    Verdict::Own(errors.into_iter().filter(|error| !moves(error)).collect())
}

/// Whether rustc only counts or explains the other errors here.
pub fn is_summary(error: &Value) -> bool {
    let message = error["message"].as_str().unwrap_or_default();
    message.starts_with("aborting due to") || message.starts_with("For more information")
}

/// Whether the error is that the result of the cell can't be shown.
pub fn is_about_result(error: &Value) -> bool {
    let message = error["message"].as_str().unwrap_or_default();
    message.contains("evcxr_display")
}

/// The compiler's code of the error.
pub fn code_of(error: &Value) -> &str {
    error["code"]["code"].as_str().unwrap_or_default()
}

/// A place in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file's name.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// Whether the error is here, and not only explained here.
    pub primary: bool,
}

/// The places of an error, those of the macros that it came through too.
pub fn places(error: &Value) -> Vec<Place> {
    let mut places = Vec::new();
    for span in error["spans"].as_array().into_iter().flatten() {
        let primary = span["is_primary"] == true;
        let mut span = span;
        while span.is_object() {
            let line = span["line_start"].as_u64().unwrap_or_default();
            places.push(Place {
                file: span["file_name"].as_str().unwrap_or_default().to_owned(),
                line: usize::try_from(line).unwrap_or_default(),
                primary,
            });
            span = &span["expansion"]["span"];
        }
    }
    places
}

struct Judge<'a> {
    plan: &'a Plan,
    source: &'a Source,
}

impl Judge<'_> {
    /// Whether a place of the error lies in the cell.
    fn is_own(&self, error: &Value) -> bool {
        is_about_result(error) || places(error).iter().any(|place| self.is_own_place(place))
    }

    fn is_own_place(&self, place: &Place) -> bool {
        match place.file.as_str() {
            BODY_FILE => place.line <= self.plan.body.code.lines().count().max(1),
            CRATE_FILE => self.label_of_head(place.line) == Some(self.plan.label),
            file => file == item_file(self.plan.label),
        }
    }

    /// The variable on whose line the error is primarily.
    fn put_of(&self, error: &Value) -> Option<&str> {
        let places = places(error);
        let primary = places.iter().filter(|place| place.primary);
        let mut puts = primary.filter_map(|place| {
            let puts = &self.source.puts;
            puts.iter()
                .find(|put| put.file == place.file && put.line == place.line)
        });
        puts.next().map(|put| put.name.as_str())
    }

    fn label_of_head(&self, line: usize) -> Option<u32> {
        let lines = &self.source.lines;
        let found = lines.iter().find(|it| it.generated == line);
        found.map(|it| it.label)
    }

    /// The item of an earlier cell in which the error is; a macro only if the error is nowhere else.
    fn old_item(&self, error: &Value) -> Option<u32> {
        let mut places = places(error);
        places.sort_by_key(|place| (place.file == CRATE_FILE, !place.primary));
        places.iter().find_map(|place| self.old_item_at(place))
    }

    fn old_item_at(&self, place: &Place) -> Option<u32> {
        if self.is_own_place(place) {
            return None;
        }
        if place.file == CRATE_FILE {
            let label = self.label_of_head(place.line)?;
            let line = self
                .source
                .lines
                .iter()
                .find(|it| it.generated == place.line)?
                .line;
            let mut head = self.plan.head.iter();
            let found = head.find(|item| {
                let lines = item.text.lines().count();
                item.label == label && (item.line..item.line + lines).contains(&line)
            });
            return found.map(|item| item.id);
        }
        let file = self
            .plan
            .files
            .iter()
            .find(|file| item_file(file.label) == place.file)?;
        item_on_line(file, place.line)
    }
}

fn item_on_line(file: &ItemFile, line: usize) -> Option<u32> {
    let found = file.kept.iter().find(|kept| {
        let first = line_of(&file.code, kept.range.start);
        let last = line_of(&file.code, kept.range.end);
        (first..=last).contains(&line)
    });
    found.map(|kept| kept.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolchain::plan::{Body, Kept, Put, Variable};
    use serde_json::json;

    fn plan() -> Plan {
        Plan {
            label: 2,
            files: vec![ItemFile {
                label: 1,
                code: "fn f() {}".to_owned(),
                kept: vec![Kept { id: 7, range: 0..9 }],
                edits: Vec::new(),
                exports: false,
            }],
            body: Body {
                code: "use_up(c)".to_owned(),
                kept: std::iter::once(0..9).collect(),
                ..Body::default()
            },
            defines: vec![Variable {
                name: "c".to_owned(),
                mutable: false,
                id: 3,
            }],
            ..Plan::default()
        }
    }

    fn source() -> Source {
        Source {
            puts: vec![Put {
                file: BODY_FILE.to_owned(),
                line: 2,
                name: "c".to_owned(),
            }],
            ..Source::default()
        }
    }

    fn error(code: &str, file: &str, line: u64) -> Value {
        json!({"message": "m", "code": {"code": code}, "level": "error",
            "spans": [{"file_name": file, "line_start": line, "is_primary": true}]})
    }

    fn judged(errors: &[Value]) -> Verdict {
        judge(errors.to_vec(), &plan(), &source(), &Findings::default())
    }

    #[test]
    fn a_variable_that_can_not_be_put_back_was_moved() {
        assert_eq!(
            judged(&[error("E0382", "cell", 2)]),
            Verdict::Moved(vec!["c".to_owned()])
        );
    }

    #[test]
    fn errors_of_the_cell_are_told_without_what_follows_from_them() {
        let own = error("E0308", "cell", 1);
        let moved = error("E0382", "cell", 2);
        assert_eq!(judged(&[moved, own.clone()]), Verdict::Own(vec![own]));
    }

    #[test]
    fn an_error_in_an_earlier_cell_leaves_its_item_out() {
        let LeftOut { id, message } = match judged(&[error("E0609", "cell 1", 1)]) {
            Verdict::LeftOut(mut items) => items.remove(0),
            other => panic!("{other:?}"),
        };
        assert_eq!((id, message.as_str()), (7, "m"));
    }
}
