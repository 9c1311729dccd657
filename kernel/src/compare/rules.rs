//! What may differ between the stored and the fresh outputs of a cell, as the cell's tags and a file of rules say.

use super::own_rules::OwnRule;
use crate::notebook::Cell;
use std::borrow::Cow;

/// The tag of cells whose durations were measured.
const TIMED: &str = "timed";
/// The start of the tag that allows numbers to differ a little: `tolerance=1e-6`.
const TOLERANCE: &str = "tolerance=";

/// The rules of one cell.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Whether durations were measured, so that they differ from run to run.
    pub durations: bool,
    /// How far numbers may be apart, relative to the larger one (or absolutely, below 1); not at all if it is zero.
    pub tolerance: f64,
    /// The rules of the file that are about the notebook.
    pub own: &'a [&'a OwnRule],
}

impl<'a> Rules<'a> {
    /// The rules of a cell without tags where there is no file.
    pub const STRICT: Rules<'static> = Rules {
        durations: false,
        tolerance: 0.0,
        own: &[],
    };

    /// The rules of a cell. A tolerance that is no positive number allows nothing. What the cell says goes before what
    /// the file does.
    pub fn of(cell: &Cell, own: &'a [&'a OwnRule]) -> Rules<'a> {
        let tolerance = cell.tags.iter().find_map(|tag| {
            let number: f64 = tag.strip_prefix(TOLERANCE)?.trim().parse().ok()?;
            Some(number).filter(|number| number.is_finite() && *number > 0.0)
        });
        let of_file = || own.iter().find_map(|rule| rule.tolerance);
        Rules {
            durations: cell.has_tag(TIMED) || own.iter().any(|rule| rule.durations),
            tolerance: tolerance.or_else(of_file).unwrap_or(0.0),
            own,
        }
    }

    /// Whether two numbers are the same by these rules.
    pub fn allow(&self, one: f64, other: f64) -> bool {
        (one - other).abs() <= self.tolerance * one.abs().max(other.abs()).max(1.0)
    }

    /// The same where there is a tolerance at all.
    pub fn allow_with_tolerance(&self, one: f64, other: f64) -> bool {
        self.tolerance > 0.0 && self.allow(one, other)
    }

    /// The text after the replacements of the file.
    pub fn replaced<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for replacement in self.own.iter().filter_map(|rule| rule.replacement.as_ref()) {
            if let Cow::Owned(new) = replacement.apply(&text) {
                text = Cow::Owned(new);
            }
        }
        text
    }

    /// Whether outputs of this MIME type are not compared.
    pub fn ignore(&self, mime: &str) -> bool {
        let mut ignored = self.own.iter().flat_map(|rule| &rule.ignored);
        ignored.any(|own| own == mime)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn cell(tags: &[&str]) -> Cell {
        Cell {
            position: 0,
            id: None,
            source: String::new(),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            metadata: Value::Null,
        }
    }

    #[test]
    fn tags_make_the_rules() {
        let told = |tags: &[&str]| {
            let rules = Rules::of(&cell(tags), &[]);
            (rules.durations, rules.tolerance)
        };
        assert_eq!(told(&["plot"]), (false, 0.0));
        assert_eq!(told(&["timed"]), (true, 0.0));
        assert_eq!(told(&["tolerance=1e-3"]), (false, 1e-3));
        for wrong in [
            "tolerance=",
            "tolerance=-1",
            "tolerance=nan",
            "tolerance=inf",
            "tolerance",
        ] {
            assert_eq!(told(&[wrong]), (false, 0.0), "{wrong}");
        }
        let rules = Rules {
            tolerance: 0.01,
            ..Rules::STRICT
        };
        assert!(rules.allow(100.0, 100.9) && !rules.allow(100.0, 102.0) && rules.allow(0.0, 0.01));
    }
}
