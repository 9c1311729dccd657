//! What cells show, line by line while they run (`--output live`).

use super::Title;
use crate::terminal::Paint;
use std::collections::BTreeMap;

/// How many lines of one cell are shown.
const LINES: usize = 1_000;
/// How much of a line is kept that has no end, in bytes; then it is shown as it is.
const LONGEST: usize = 16 * 1024;

/// The lines that are not at their end yet.
#[derive(Debug, Default)]
pub struct Live {
    cells: BTreeMap<usize, Cell>,
}

/// The cell of a notebook that runs.
#[derive(Debug, Default)]
struct Cell {
    number: usize,
    /// How many lines of it were shown.
    shown: usize,
    /// The start of a line on standard output and on standard error.
    open: [String; 2],
}

/// A piece of what a cell shows.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    /// Whether it went to standard error.
    pub is_error: bool,
    /// Whether it was printed, so that its last line may go on in the next piece.
    pub is_printed: bool,
    /// The text.
    pub text: &'a str,
}

/// A line that a cell printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    is_error: bool,
    text: String,
}

impl Live {
    /// Takes a piece of what a cell shows, and gives the lines that end in it.
    pub fn take(&mut self, notebook: usize, number: usize, piece: Piece<'_>) -> Vec<Line> {
        let cell = self.cells.entry(notebook).or_default();
        if cell.number != number {
            *cell = Cell {
                number,
                ..Cell::default()
            };
        }
        if cell.shown > LINES {
            return Vec::new();
        }
        // A result begins on a line of its own, whatever was printed before it.
        let mut lines = if piece.is_printed {
            Vec::new()
        } else {
            cell.open_lines()
        };
        lines.extend(cell.whole_lines(piece));
        cell.limited(lines)
    }

    /// The cell of this notebook is through: the lines that have no end.
    pub fn end(&mut self, notebook: usize) -> Vec<Line> {
        let Some(mut cell) = self.cells.remove(&notebook) else {
            return Vec::new();
        };
        if cell.shown > LINES {
            return Vec::new();
        }
        let lines = cell.open_lines();
        cell.limited(lines)
    }
}

impl Cell {
    /// The lines that have no end, which end here.
    fn open_lines(&mut self) -> Vec<Line> {
        let open = std::mem::take(&mut self.open).into_iter().enumerate();
        let lines = open.filter(|(_, text)| !text.is_empty());
        lines
            .map(|(stream, text)| Line::new(stream == 1, &text))
            .collect()
    }

    /// The lines that end in this piece.
    fn whole_lines(&mut self, piece: Piece<'_>) -> Vec<Line> {
        let open = &mut self.open[usize::from(piece.is_error)];
        let rest = match piece.text.rfind('\n') {
            Some(end) => {
                open.push_str(&piece.text[..=end]);
                piece.text[end + 1..].to_owned()
            }
            None => {
                open.push_str(piece.text);
                if open.len() < LONGEST {
                    return Vec::new();
                }
                String::new()
            }
        };
        let whole = std::mem::replace(open, rest);
        let lines = whole.lines();
        lines.map(|line| Line::new(piece.is_error, line)).collect()
    }

    /// The lines that still may be shown, with a note instead of the first that may not.
    fn limited(&mut self, mut lines: Vec<Line>) -> Vec<Line> {
        let room = LINES - self.shown;
        self.shown += lines.len();
        if lines.len() > room {
            lines.truncate(room);
            let note = format!("… more than {LINES} lines; the rest is in the executed copy");
            lines.push(Line::new(true, &note));
            self.shown = LINES + 1;
        }
        lines
    }
}

impl Line {
    fn new(is_error: bool, text: &str) -> Self {
        // Of a line that was written over, as progress is shown, only the last state counts.
        let text = text.trim_end_matches('\r');
        Line {
            is_error,
            text: text.rsplit('\r').next().unwrap_or_default().to_owned(),
        }
    }

    /// As it is shown, behind its cell.
    pub fn shown(&self, paint: Paint, title: &Title, number: usize) -> String {
        let sign = if self.is_error { "┃" } else { "│" };
        let head = paint.dim(&format!("{} [{number}] {sign}", title.name));
        format!("{head} {}", paint.colored(&self.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lines: &[Line]) -> Vec<&str> {
        lines.iter().map(|line| line.text.as_str()).collect()
    }

    fn printed(text: &str) -> Piece<'_> {
        Piece {
            is_error: false,
            is_printed: true,
            text,
        }
    }

    fn complained(text: &str) -> Piece<'_> {
        Piece {
            is_error: true,
            ..printed(text)
        }
    }

    fn result(text: &str) -> Piece<'_> {
        Piece {
            is_printed: false,
            ..printed(text)
        }
    }

    #[test]
    fn pieces_become_lines_of_their_stream() {
        let mut live = Live::default();
        assert_eq!(texts(&live.take(0, 1, printed("a"))), Vec::<&str>::new());
        assert_eq!(texts(&live.take(0, 1, complained("oh\n"))), ["oh"]);
        assert_eq!(
            texts(&live.take(0, 1, printed("b\nc\r\nd\re"))),
            ["ab", "c"]
        );
        assert_eq!(texts(&live.take(1, 1, printed("other\n"))), ["other"]);
        assert_eq!(texts(&live.end(0)), ["e"]);
        assert_eq!(texts(&live.end(0)), Vec::<&str>::new());
    }

    #[test]
    fn a_result_begins_on_a_line_of_its_own() {
        let mut live = Live::default();
        live.take(0, 1, printed("so far"));
        live.take(0, 1, complained("so bad"));
        let lines = live.take(0, 1, result("42\n"));
        assert_eq!(texts(&lines), ["so far", "so bad", "42"]);
        assert_eq!(texts(&live.take(0, 1, printed("on\n"))), ["on"]);
    }

    #[test]
    fn a_line_without_an_end_is_shown_before_it_fills_the_memory() {
        let mut live = Live::default();
        let mut lines = Vec::new();
        for _ in 0..LONGEST {
            lines.extend(live.take(0, 1, printed("é")));
        }
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.text.len() <= LONGEST));
    }

    #[test]
    fn a_flood_is_cut_with_a_note_and_the_next_cell_is_shown() {
        let mut live = Live::default();
        let mut lines = Vec::new();
        for _ in 0..3 {
            lines.extend(live.take(0, 1, printed(&"x\n".repeat(500))));
        }
        assert_eq!(lines.len(), LINES + 1);
        assert!(lines[LINES].text.contains("more than 1000 lines"));
        assert_eq!(live.take(0, 1, printed("y\n")), []);
        assert_eq!(texts(&live.take(0, 2, printed("z\n"))), ["z"]);
    }
}
