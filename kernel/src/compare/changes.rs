//! Which lines changed, with a line or two around them.

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline, group_diff_ops};
use std::fmt;
use std::ops::Range;
use std::time::{Duration, Instant};

/// How many unchanged lines are shown around a change.
const AROUND: usize = 1;
/// How long the shortest difference is looked for; after that, any will do.
const PATIENCE: Duration = Duration::from_secs(2);

/// A line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A line that is stored and fresh.
    Same(String),
    /// A line that is only stored.
    Stored(String),
    /// A line that is only fresh.
    Fresh(String),
    /// Unchanged lines that are not shown.
    Gap,
    /// What differs, in words.
    Note(String),
}

/// The changed lines with those around them; none if the lines are the same.
pub fn between(stored: &[String], fresh: &[String]) -> Vec<Change> {
    if stored == fresh {
        return Vec::new();
    }
    let deadline = Instant::now() + PATIENCE;
    let steps = capture_diff_slices_deadline(Algorithm::Myers, stored, fresh, Some(deadline));
    let groups = group_diff_ops(steps, AROUND);
    let mut changes = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        if index > 0 {
            changes.push(Change::Gap);
        }
        for step in group {
            add(&mut changes, step, stored, fresh);
        }
    }
    // The text's end, which is no line that can be seen.
    if changes.last() == Some(&Change::Same(String::new())) {
        changes.pop();
    }
    changes
}

fn add(changes: &mut Vec<Change>, step: &DiffOp, stored: &[String], fresh: &[String]) {
    let lines =
        |lines: &[String], range: Range<usize>| lines.get(range).unwrap_or_default().to_vec();
    match step {
        DiffOp::Equal { .. } => {
            changes.extend(
                lines(stored, step.old_range())
                    .into_iter()
                    .map(Change::Same),
            );
        }
        _ => {
            let (old, new) = (
                lines(stored, step.old_range()),
                lines(fresh, step.new_range()),
            );
            changes.extend(old.into_iter().map(Change::Stored));
            changes.extend(new.into_iter().map(Change::Fresh));
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::Same(line) => write!(out, "  {line}"),
            Change::Stored(line) => write!(out, "- {line}"),
            Change::Fresh(line) => write!(out, "+ {line}"),
            Change::Gap => write!(out, "  …"),
            Change::Note(text) => write!(out, "  {text}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(stored: &str, fresh: &str) -> String {
        let lines = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let changes = between(&lines(stored), &lines(fresh));
        let changes: Vec<_> = changes.iter().map(Change::to_string).collect();
        changes.join("\n")
    }

    #[test]
    fn changes_are_shown_with_a_line_around_them() {
        assert_eq!(told("a b c", "a b c"), "");
        insta::assert_snapshot!(told("a b c d e f g", "a b x d e f"), @r"
          b
        - c
        + x
          d
          …
          f
        - g
        ");
        insta::assert_snapshot!(told("a", "b a"), @r"
        + b
          a
        ");
    }
}
