//! What the tags, the metadata and the comments of a cell say about how to run it.

use crate::notebook::Cell;
use std::time::Duration;

/// The tag of cells that must raise an error; `raises-exception=NAME` says which.
const RAISES: &str = "raises-exception";
/// The tag of cells that are left out.
const SKIPPED: &str = "skip-execution";
/// The tag of cells whose outputs are not compared.
const VOLATILE: &str = "volatile";
/// The tag of cells that may take longer, and by how much.
const SLOW: (&str, u32) = ("slow", 10);

/// How to run a cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marks {
    /// Whether it is left out.
    pub skip: bool,
    /// Whether it must raise an error, and which if that is said.
    pub raises: Option<Raises>,
    /// Whether its outputs are not compared.
    pub volatile: bool,
    /// How long it may take, if that is said.
    pub timeout: Option<Duration>,
    /// Whether it may take longer than others.
    pub slow: bool,
}

/// The error that a cell must raise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Raises {
    /// Any, or none: the notebook allows errors.
    Allowed,
    /// Any.
    Any,
    /// That of this name, like `E0425` or `ValueError`.
    Named(String),
}

impl Marks {
    /// The marks of a cell: our own tags, and those of nbval and nbmake that say the same.
    pub fn of(cell: &Cell) -> Marks {
        let has = |tag: &str, comment: &str| {
            let nbval = |own: &String| own.eq_ignore_ascii_case(&comment.replace('_', "-"));
            cell.has_tag(tag)
                || (!comment.is_empty()
                    && (cell.tags.iter().any(nbval) || has_comment(&cell.source, comment)))
        };
        let named = cell.tags.iter().find_map(|tag| {
            let name = tag.strip_prefix(RAISES)?.strip_prefix('=')?;
            Some(match name.trim() {
                "" => Raises::Any,
                name => Raises::Named(name.to_owned()),
            })
        });
        let any = has(RAISES, "NBVAL_RAISES_EXCEPTION").then_some(Raises::Any);
        Marks {
            skip: has(SKIPPED, "NBVAL_SKIP"),
            raises: named.or(any),
            volatile: has(VOLATILE, "NBVAL_IGNORE_OUTPUT"),
            timeout: seconds(&cell.metadata["execution"]["timeout"]),
            slow: has(SLOW.0, ""),
        }
    }

    /// How long the cell may take where others may take `usual`.
    pub fn allowed(&self, usual: Duration) -> Duration {
        match self.timeout {
            Some(own) => own,
            None if self.slow => usual.saturating_mul(SLOW.1),
            None => usual,
        }
    }
}

/// A positive number of seconds.
fn seconds(value: &serde_json::Value) -> Option<Duration> {
    let seconds = value.as_f64().filter(|seconds| *seconds > 0.0)?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// Whether a line of the source is the comment `word`.
fn has_comment(source: &str, word: &str) -> bool {
    source.lines().any(|line| {
        let comment = line
            .trim()
            .strip_prefix("//")
            .or_else(|| line.trim().strip_prefix('#'));
        comment.is_some_and(|comment| comment.trim().eq_ignore_ascii_case(word))
    })
}

/// Whether a cell of Rust holds anything but blanks and comments.
pub fn has_rust(source: &str) -> bool {
    let mut rest = source.trim_start();
    while !rest.is_empty() {
        if rest.starts_with("//") {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if rest.starts_with("/*") {
            match after_comment(rest) {
                Some(after) => rest = after,
                None => return true,
            }
        } else {
            return true;
        }
        rest = rest.trim_start();
    }
    false
}

/// What follows the comment at the start of `text`, which may hold others; none if it is not closed.
fn after_comment(text: &str) -> Option<&str> {
    let mut depth = 0;
    let mut rest = text;
    loop {
        if let Some(inner) = rest.strip_prefix("/*") {
            depth += 1;
            rest = inner;
        } else if let Some(outer) = rest.strip_prefix("*/") {
            depth -= 1;
            rest = outer;
            if depth == 0 {
                return Some(rest);
            }
        } else {
            let mut characters = rest.chars();
            characters.next()?;
            rest = characters.as_str();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn marks(tags: &[&str], source: &str, metadata: Value) -> Marks {
        Marks::of(&Cell {
            position: 0,
            id: None,
            source: source.to_owned(),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            metadata,
        })
    }

    #[test]
    fn tags_and_the_marks_of_others_say_how_to_run_a_cell() {
        let none = || Value::Null;
        assert_eq!(
            marks(&["plot"], "1 // NBVAL_SKIP is a mark", none()),
            Marks::default()
        );
        assert!(marks(&["skip-execution"], "", none()).skip);
        assert!(marks(&["nbval-skip"], "", none()).skip);
        assert!(marks(&[], "// NBVAL_SKIP\n1", none()).skip);
        assert!(marks(&[], "# nbval_ignore_output\n1", none()).volatile);
        assert_eq!(
            marks(&["raises-exception"], "", none()).raises,
            Some(Raises::Any)
        );
        assert_eq!(
            marks(&["raises-exception=E0425"], "", none()).raises,
            Some(Raises::Named("E0425".to_owned()))
        );
        assert_eq!(
            marks(&["raises-exception="], "", none()).raises,
            Some(Raises::Any)
        );
    }

    #[test]
    fn a_limit_of_its_own_goes_before_the_usual_one() {
        let usual = Duration::from_secs(10);
        let allowed = |tags: &[&str], metadata: Value| marks(tags, "", metadata).allowed(usual);
        assert_eq!(allowed(&[], json!({})), usual);
        assert_eq!(allowed(&["slow"], json!({})), usual * 10);
        let own = json!({"execution": {"timeout": 1.5}});
        assert_eq!(allowed(&["slow"], own), Duration::from_millis(1500));
        assert_eq!(allowed(&[], json!({"execution": {"timeout": -1}})), usual);
    }

    #[test]
    fn comments_are_nothing_to_run() {
        for nothing in [
            "",
            " \n",
            "// one",
            "/* two */",
            "/* a /* b */ c */ // d\n",
            "/**/\n//",
        ] {
            assert!(!has_rust(nothing), "{nothing}");
        }
        for something in ["1", "// a\n1", "/* a */ 1", "/* open", "\"//\"", ":dep x"] {
            assert!(has_rust(something), "{something}");
        }
    }
}
