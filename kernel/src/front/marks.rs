//! The marks that rustc puts below a line of code, when something is taken out of that line.
//!
//! A mark moves to the left by what is taken out before it. What rustc says of it stands behind it, where there may
//! be no room left: then each such text gets a line of its own, as rustc does it itself.

/// The columns and lengths of what is taken out.
type Columns = [(usize, usize)];

/// A line of code without these columns.
pub fn without(line: &str, columns: &Columns) -> String {
    let is_out = |at: usize| {
        let mut columns = columns.iter();
        columns.any(|(start, length)| (*start..start + length).contains(&at))
    };
    let kept = line.chars().enumerate().filter(|(at, _)| !is_out(*at));
    kept.map(|(_, character)| character).collect()
}

/// The line of marks, from its bar on, below a line of code that is shown without these columns.
pub fn moved(line: &str, columns: &Columns) -> Vec<String> {
    let marks = marks_in(line);
    let Some(last) = marks.last() else {
        return vec![before_label(line, columns)];
    };
    let place = |column: usize| column - taken_before(column, columns);
    let mut first = Row::default();
    for mark in &marks {
        let text: String =
            std::iter::repeat_n(mark.sign, place(mark.end) - place(mark.start)).collect();
        first.put(place(mark.start), &text);
    }
    let crowded = marks.windows(2).any(|pair| {
        let label = pair[0].label.chars().count();
        label > 0 && place(pair[0].end) + 1 + label >= place(pair[1].start)
    });
    if !crowded {
        for mark in marks.iter().filter(|mark| !mark.label.is_empty()) {
            first.put(place(mark.end) + 1, &mark.label);
        }
        return vec![first.text()];
    }
    if !last.label.is_empty() {
        first.put(place(last.end) + 1, &last.label);
    }
    let mut rows = vec![first.text()];
    let mut told: Vec<&Mark> = marks
        .iter()
        .rev()
        .skip(1)
        .filter(|mark| !mark.label.is_empty())
        .collect();
    let bars = |told: &[&Mark]| {
        let mut row = Row::default();
        told.iter().for_each(|mark| row.put(place(mark.start), "|"));
        row
    };
    rows.push(bars(&told).text());
    while !told.is_empty() {
        let mark = told.remove(0);
        let mut row = bars(&told);
        row.put(place(mark.start), &mark.label);
        rows.push(row.text());
    }
    rows
}

/// A mark and what is said of it.
struct Mark {
    sign: char,
    start: usize,
    end: usize,
    label: String,
}

/// The marks of a line that begins with one.
fn marks_in(line: &str) -> Vec<Mark> {
    let characters: Vec<char> = line.chars().collect();
    let is_mark = |at: usize| matches!(characters.get(at), Some('^' | '-'));
    let is_blank = |at: usize| matches!(characters.get(at), Some(' ') | None);
    let mut marks: Vec<Mark> = Vec::new();
    let mut quoted = false;
    let mut at = 1;
    while at < characters.len() {
        let character = characters[at];
        let mut end = at;
        while is_mark(end) && characters[end] == character {
            end += 1;
        }
        if end > at && !quoted && is_blank(end) && (at == 1 || is_blank(at - 1)) {
            marks.push(Mark {
                sign: character,
                start: at,
                end,
                label: String::new(),
            });
            at = end;
            continue;
        }
        quoted ^= character == '`';
        match marks.last_mut() {
            Some(mark) => mark.label.push(character),
            None if character == ' ' => {}
            // Bars that lead to a text below, or that text.
            None => return Vec::new(),
        }
        at += 1;
    }
    for mark in &mut marks {
        mark.label = mark.label.trim().to_owned();
    }
    marks
}

/// How many columns are taken out before this one.
fn taken_before(column: usize, columns: &Columns) -> usize {
    let before = columns
        .iter()
        .map(|(start, length)| (*length).min(column.saturating_sub(*start)));
    before.sum()
}

/// A line of bars, perhaps with a text at its end, without these columns: what is taken out stands before the text.
fn before_label(line: &str, columns: &Columns) -> String {
    let label = line.chars().position(|it| !" |^-~+_".contains(it));
    let before = columns
        .iter()
        .filter(|(start, _)| label.is_none_or(|label| *start < label))
        .copied()
        .collect::<Vec<_>>();
    without(line, &before)
}

/// A line that is filled at its columns.
#[derive(Default)]
struct Row(Vec<char>);

impl Row {
    fn put(&mut self, column: usize, text: &str) {
        for (offset, character) in text.chars().enumerate() {
            let at = column + offset;
            if self.0.len() <= at {
                self.0.resize(at + 1, ' ');
            }
            self.0[at] = character;
        }
    }

    fn text(mut self) -> String {
        self.put(0, "|");
        self.0.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_follow_their_code_and_keep_what_is_said_of_them() {
        for (line, columns, expected) in [
            ("|   ^ not found", vec![(5, 9)], vec!["|   ^ not found"]),
            (
                "|     - first assignment to `x`       ^^^^^ cannot assign",
                vec![(8, 24)],
                vec![
                    "|     -       ^^^^^ cannot assign",
                    "|     |",
                    "|     first assignment to `x`",
                ],
            ),
            (
                "|     -              ^ no",
                vec![(8, 10)],
                vec!["|     -    ^ no"],
            ),
            (
                "|  - one    - two            ^ three",
                vec![(20, 8)],
                vec!["|  - one    - two    ^ three"],
            ),
            (
                "|  - one    - two            ^ three",
                vec![(6, 4), (18, 9)],
                vec![
                    "|  -    -       ^ three",
                    "|  |    |",
                    "|  |    two",
                    "|  one",
                ],
            ),
            (
                "|      |     the label is non-trivial",
                vec![(3, 2), (20, 9)],
                vec!["|    |     the label is non-trivial"],
            ),
            ("|       +++++", vec![(2, 3)], vec!["|    +++++"]),
        ] {
            assert_eq!(moved(line, &columns), expected, "{line}");
        }
    }
}
