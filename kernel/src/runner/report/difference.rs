//! Fresh outputs that are not the stored ones, as lines with `-` and `+`.

use super::reason::count;
use crate::compare::{Change, Difference};
use crate::runner::events::Failed;
use crate::terminal::{Paint, one_line, quoted};
use std::path::Path;

/// How many lines of one difference are shown.
const LINES: usize = 16;
/// How much of a line is shown, in characters.
const WIDTH: usize = 110;
/// How much of a long line is shown before the first character that differs.
const BEFORE: usize = 30;

/// The differences of a cell.
pub fn account(paint: Paint, differences: &[Difference]) -> String {
    let texts = differences.iter().map(|difference| {
        let place = paint.red(&format!("not as stored: {}", difference.place));
        let changes = difference.changes.iter().enumerate().take(LINES);
        let shown =
            changes.map(|(index, change)| line(paint, change, start(&difference.changes, index)));
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
        Some(id) => format!("{} ({})", cell.number, one_line(id)),
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
        quoted(&path.display().to_string())
    )
}

/// Where to begin to show a line that takes the place of the one before or after it, in characters: not far from
/// where the two differ.
fn start(changes: &[Change], index: usize) -> usize {
    let pair = match (
        changes.get(index),
        changes.get(index + 1),
        index.checked_sub(1),
    ) {
        (Some(Change::Stored(stored)), Some(Change::Fresh(fresh)), _) => Some((stored, fresh)),
        (Some(Change::Fresh(fresh)), _, Some(before)) => match changes.get(before) {
            Some(Change::Stored(stored)) => Some((stored, fresh)),
            _ => None,
        },
        _ => None,
    };
    let same = pair.map_or(0, |(stored, fresh)| {
        let pairs = stored.chars().zip(fresh.chars());
        pairs.take_while(|(stored, fresh)| stored == fresh).count()
    });
    if same < WIDTH - BEFORE {
        0
    } else {
        same - BEFORE
    }
}

fn line(paint: Paint, change: &Change, start: usize) -> String {
    let text = one_line(&Paint::plain(&change.to_string()));
    let (sign, text) = text.split_at(2.min(text.len()));
    let mut shown: String = text.chars().skip(start).take(WIDTH).collect();
    if start > 0 {
        shown.insert(0, '…');
    }
    if text.chars().count() > start + WIDTH {
        shown.push('…');
    }
    let text = format!("    {sign}{shown}");
    let text = text.trim_end();
    match change {
        Change::Stored(_) => paint.red(text),
        Change::Fresh(_) => paint.green(text),
        Change::Same(_) | Change::Gap | Change::Note(_) => text.to_owned(),
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
            + a 222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222…
        ");
        let long = |end: &str| "x".repeat(300) + end;
        let changes = vec![Change::Stored(long("1")), Change::Fresh(long("2"))];
        let place = "output 1, image/png".to_owned();
        insta::assert_snapshot!(account(Paint::OFF, &[Difference { place, changes }]), @r"
        not as stored: output 1, image/png
            - …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx1
            + …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx2
        ");
        let changes = vec![Change::Stored("x".to_owned()); 40];
        let place = "printed text".to_owned();
        let text = account(Paint::OFF, &[Difference { place, changes }]);
        assert_eq!(text.lines().count(), LINES + 2);
        assert!(text.ends_with("    … and 24 lines more"), "{text}");
    }
}
