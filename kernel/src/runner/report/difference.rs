//! Fresh outputs that are not the stored ones, as lines with `-` and `+`.

use super::lines::count;
use super::paint::Paint;
use crate::compare::{Change, Difference};
use crate::runner::events::Failed;
use std::path::Path;

/// How many lines of one difference are shown.
const LINES: usize = 16;
/// How much of a line is shown, in characters.
const WIDTH: usize = 110;

/// The differences of a cell.
pub fn account(paint: Paint, differences: &[Difference]) -> String {
    let texts = differences.iter().map(|difference| {
        let place = paint.red(&format!("not as stored: {}", difference.place));
        let shown = difference
            .changes
            .iter()
            .take(LINES)
            .map(|change| line(paint, change));
        let left = difference.changes.len().saturating_sub(LINES);
        let more = (left > 0).then(|| format!("    … and {} more", count(left, "line")));
        let lines: Vec<_> = std::iter::once(place).chain(shown).chain(more).collect();
        lines.join("\n")
    });
    texts.collect::<Vec<_>>().join("\n\n")
}

/// The cells that are not shown.
pub fn others(failed: &[&Failed]) -> String {
    let cells = failed.iter().filter_map(|failed| failed.cell.as_ref());
    let names = cells.map(|cell| match &cell.id {
        Some(id) => format!("{} ({id})", cell.number),
        None => cell.number.to_string(),
    });
    let names: Vec<_> = names.collect();
    format!(
        "Not as stored either: {} {}",
        if names.len() == 1 {
            "code cell"
        } else {
            "code cells"
        },
        names.join(", ")
    )
}

/// How to go on.
pub fn advice(path: &Path) -> String {
    format!(
        "- is what is stored, + is what this run gave. If the new outputs are right, store them:\n  dsprep run --update {}",
        path.display()
    )
}

fn line(paint: Paint, change: &Change) -> String {
    let text = Paint::plain(&change.to_string());
    let text = match text.chars().count() {
        0..=WIDTH => text,
        _ => text.chars().take(WIDTH).chain(['…']).collect(),
    };
    let text = format!("    {}", text.trim_end());
    match change {
        Change::Stored(_) => paint.red(&text),
        Change::Fresh(_) => paint.green(&text),
        Change::Same(_) | Change::Gap => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_shown_with_its_lines_and_a_long_one_is_cut() {
        let changes = vec![
            Change::Same("shape: (2, 2)".to_owned()),
            Change::Stored("a 1".to_owned()),
            Change::Fresh(format!("a {}", "2".repeat(200))),
        ];
        let place = "output 1, text/plain".to_owned();
        insta::assert_snapshot!(account(Paint::OFF, &[Difference { place, changes }]), @r"
        not as stored: output 1, text/plain
              shape: (2, 2)
            - a 1
            + a 2222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222…
        ");
        let changes = vec![Change::Stored("x".to_owned()); 40];
        let place = "printed text".to_owned();
        let text = account(Paint::OFF, &[Difference { place, changes }]);
        assert_eq!(text.lines().count(), LINES + 2);
        assert!(text.ends_with("    … and 24 more lines"), "{text}");
    }
}
