//! rust-analyzer with the libraries read, and the questions that it is asked.

use super::config;
use super::project::Project;
use super::rank::{kind, rank};
use ra_ap_hir::ChangeWithProcMacros;
use ra_ap_ide::{
    AnalysisHost, CompletionItem, FileId, FilePosition, FileRange, HoverDocFormat, TextRange,
    TextSize,
};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A cell with a place in it, and what was defined before it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The file that tells of the crates which the notebook has added.
    #[serde(default)]
    pub added: Option<PathBuf>,
    /// Whether documentation is asked for, and not completion.
    pub inspect: bool,
    /// The notebook's items.
    pub items: String,
    /// The notebook's variables, as statements.
    pub variables: String,
    /// The cell.
    pub code: String,
    /// The place in it, in bytes.
    pub at: usize,
}

impl Question {
    /// A question for completions at the end of `code`.
    pub fn at_the_end(items: &str, code: &str) -> Question {
        Question {
            items: items.to_owned(),
            code: code.to_owned(),
            at: code.len(),
            ..Question::default()
        }
    }
}

/// The answer to a question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The bytes of the cell that a completion replaces.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// What they can be completed to, the most likely first.
    pub completions: Vec<Completion>,
    /// The documentation.
    pub documentation: Option<Documentation>,
}

/// One way to complete a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// What the cell then holds.
    pub text: String,
    /// What it is, in Jupyter's words.
    pub kind: String,
    /// Its type or signature.
    pub signature: String,
}

/// What is known of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Documentation {
    /// As Markdown.
    pub markdown: String,
    /// As text.
    pub plain: String,
}

/// rust-analyzer with the libraries read.
pub struct Host {
    host: AnalysisHost,
    cell: FileId,
}

/// The source that is analysed, and where the cell begins in it.
struct Source {
    text: String,
    start: usize,
}

impl Source {
    fn of(question: &Question) -> Source {
        // The type of the block is unknown, so that no type is preferred in its last expression; in it, both `?`
        // and `await` are right.
        let before = format!(
            "{}\nfn cell() {{ let _ = async {{\n{}\n",
            question.items, question.variables
        );
        Source {
            start: before.len(),
            text: before + &question.code + "\n}; }\n",
        }
    }
}

impl Host {
    /// A host that has been told of a project, but has not thought about it.
    pub fn new(project: Project) -> Host {
        let mut host = AnalysisHost::new(None);
        host.apply_change(project.change);
        Host {
            host,
            cell: project.cell,
        }
    }

    /// Gives back memory that only the last question needed.
    pub fn tidy(&mut self) {
        self.host.trigger_garbage_collection();
        give_back_freed_memory();
    }

    /// Answers a question.
    pub fn answer(&mut self, question: &Question) -> Answer {
        let source = Source::of(question);
        let at = floor(&question.code, question.at);
        let Ok(offset) = u32::try_from(source.start + at).map(TextSize::from) else {
            return Answer::default();
        };
        let mut change = ChangeWithProcMacros::default();
        change.change_file(self.cell, Some(source.text.clone()));
        self.host.apply_change(change);
        if question.inspect {
            let place = name_at(&question.code, at).and_then(|at| self.documentation(&source, at));
            let called = || called_at(&question.code, at);
            return Answer {
                documentation: place.or_else(|| self.documentation(&source, called()?)),
                ..Answer::default()
            };
        }
        self.completions(&source, &question.code, at, offset)
    }

    fn completions(&self, source: &Source, code: &str, at: usize, offset: TextSize) -> Answer {
        let start = at - word_before(&code[..at]).len();
        let mut answer = Answer {
            start,
            end: at,
            ..Answer::default()
        };
        let position = FilePosition {
            file_id: self.cell,
            offset,
        };
        let analysis = self.host.analysis();
        let Ok(Some(items)) = analysis.completions(&config::completion(), position, None) else {
            return answer;
        };
        let typed = &code[start..at];
        let fits = |item: &CompletionItem, exact: bool| {
            let lookup = item.lookup();
            let lookup = lookup.strip_prefix("r#").unwrap_or(lookup);
            if exact {
                return lookup.starts_with(typed);
            }
            lookup.to_lowercase().starts_with(&typed.to_lowercase())
        };
        let mut exact = items.iter().any(|item| fits(item, true));
        exact |= typed.is_empty();
        let mut found: Vec<&CompletionItem> =
            items.iter().filter(|item| fits(item, exact)).collect();
        found.sort_by_cached_key(|item| (rank(item), item.lookup().to_lowercase()));
        for item in found {
            let mut edits = item.text_edit.iter();
            let (Some(edit), None) = (edits.next(), edits.next()) else {
                continue;
            };
            let deleted = usize::from(edit.delete.start()).checked_sub(source.start);
            let Some(deleted) = deleted.filter(|deleted| *deleted <= start) else {
                continue;
            };
            // Jupyter replaces one range for all: what this one would replace before it stays.
            let kept = &code[deleted..start];
            let Some(text) = edit.insert.strip_prefix(kept) else {
                continue;
            };
            if answer.completions.iter().any(|known| known.text == text) {
                continue;
            }
            answer.completions.push(Completion {
                text: text.to_owned(),
                kind: kind(item.kind).to_owned(),
                signature: item.detail.clone().unwrap_or_default(),
            });
        }
        answer
    }

    /// What is known of the name that begins at the byte `at` of the cell.
    fn documentation(&self, source: &Source, at: usize) -> Option<Documentation> {
        let offset = TextSize::try_from(source.start + at).ok()?;
        let hover = |format| {
            let range = FileRange {
                file_id: self.cell,
                range: TextRange::empty(offset),
            };
            let analysis = self.host.analysis();
            let found = analysis.hover(&config::hover(format), range).ok()??;
            let text = found.info.markup.to_string();
            (!text.contains("{unknown}")).then_some(text)
        };
        Some(Documentation {
            markdown: hover(HoverDocFormat::Markdown)?,
            plain: hover(HoverDocFormat::PlainText)?,
        })
    }
}

/// Gives memory that was freed back to the system: what is kept lies scattered between it.
fn give_back_freed_memory() {
    // SAFETY: looks at the allocator's own lists only.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Where the name begins in which the place `at` of the cell is, or at whose end.
fn name_at(code: &str, at: usize) -> Option<usize> {
    let start = at - word_before(&code[..at]).len();
    let first = code[start..].chars().next()?;
    (first.is_alphabetic() || first == '_').then_some(start)
}

/// Where the name begins of what is called in the brackets around the place `at`.
fn called_at(code: &str, at: usize) -> Option<usize> {
    let mut open = 0_usize;
    let mut places = code[..at].char_indices().rev();
    let bracket = places.find_map(|(at, it)| match it {
        ')' | ']' | '}' => {
            open += 1;
            None
        }
        '(' | '[' | '{' if open == 0 => Some((at, it)),
        '(' | '[' | '{' => {
            open -= 1;
            None
        }
        _ => None,
    });
    let (at, _) = bracket.filter(|(_, it)| *it != '{')?;
    let name = code[..at].trim_end_matches('!');
    name_at(code, name.len()).filter(|start| *start < name.len())
}

/// The greatest place in `code` that is no greater than `at` and between two characters.
fn floor(code: &str, at: usize) -> usize {
    let mut at = at.min(code.len());
    while !code.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The part of a name that stands at the end of `code`.
fn word_before(code: &str) -> &str {
    let start = code
        .char_indices()
        .rev()
        .take_while(|(_, it)| it.is_alphanumeric() || *it == '_')
        .last()
        .map_or(code.len(), |(at, _)| at);
    &code[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_calls_are_found_around_a_place() {
        for (code, at, name, called) in [
            ("f(x)", 0, Some(0), None),
            ("f(x)", 3, Some(2), Some(0)),
            ("a.sort_by(|x| ", 14, None, Some(2)),
            ("df![f(1), ", 10, None, Some(0)),
            ("1 + 1", 1, None, None),
            ("fn f() { 1 }", 11, None, None),
            ("\u{e9}t\u{e9}", 3, Some(0), None),
        ] {
            assert_eq!(name_at(code, at), name, "{code}");
            assert_eq!(called_at(code, at), called, "{code}");
        }
    }
}
