//! Tables by value: what stands in which row and column, not how it is set.

use super::super::{Rules, numbers};
use super::tokens::Token;

/// Tags that change the look of a cell's text and not what it says.
const LOOK: [&str; 12] = [
    "b", "br", "code", "div", "em", "i", "p", "small", "span", "strong", "sub", "sup",
];

/// The pieces, in which the cells of each table take the place of its markup. A table within a table's cell is a part
/// of that cell.
pub fn by_value(tokens: Vec<Token>) -> Vec<Token> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut rest = tokens.into_iter();
    while let Some(token) = rest.next() {
        if token.name() != "table" {
            kept.push(token);
            continue;
        }
        let mut depth = 1;
        let inner: Vec<_> = rest
            .by_ref()
            .take_while(|token| {
                match token.name() {
                    "table" => depth += 1,
                    "/table" => depth -= 1,
                    _ => {}
                }
                depth > 0
            })
            .collect();
        kept.extend(cells(&inner));
    }
    kept
}

/// One cell, as the markup has it.
#[derive(Debug, Default)]
struct Found {
    is_head: bool,
    /// Its column, from 0.
    column: usize,
    content: Vec<String>,
}

fn cells(tokens: &[Token]) -> Vec<Token> {
    let mut rows: Vec<Vec<Found>> = Vec::new();
    let mut others = Vec::new();
    let (mut column, mut depth, mut in_cell) = (0, 0_usize, false);
    for token in tokens {
        match token.name() {
            "table" => depth += 1,
            "/table" => depth = depth.saturating_sub(1),
            _ => {}
        }
        match token.name() {
            "tr" if depth == 0 => {
                rows.push(Vec::new());
                (column, in_cell) = (0, false);
            }
            name @ ("td" | "th") if depth == 0 => {
                if rows.is_empty() {
                    rows.push(Vec::new());
                }
                let span = |key: &str| {
                    let span: Option<usize> = token.attribute(key)?.trim().parse().ok();
                    span.filter(|span| *span > 1)
                };
                let mut cell = Found {
                    is_head: name == "th",
                    column,
                    content: Vec::new(),
                };
                for (key, what) in [("colspan", "columns"), ("rowspan", "rows")] {
                    cell.content
                        .extend(span(key).map(|span| format!("({span} {what})")));
                }
                column += span("colspan").unwrap_or(1);
                rows.last_mut()
                    .into_iter()
                    .for_each(|row| row.push(std::mem::take(&mut cell)));
                in_cell = true;
            }
            "/td" | "/th" | "/tr" if depth == 0 => in_cell = false,
            name if in_cell && !LOOK.contains(&name.trim_start_matches('/')) => {
                let cell = rows.last_mut().and_then(|row| row.last_mut());
                cell.into_iter()
                    .for_each(|cell| cell.content.push(token.to_string()));
            }
            // A caption, for one.
            _ if !in_cell && matches!(token, Token::Text(_)) => others.push(token.clone()),
            _ => {}
        }
    }
    others.into_iter().chain(placed(&rows)).collect()
}

/// The cells with their places; rows are counted below the head, and columns are called as the head calls them.
fn placed(rows: &[Vec<Found>]) -> Vec<Token> {
    let is_head = |row: &&Vec<Found>| row.iter().all(|cell| cell.is_head);
    let heads = rows.iter().take_while(is_head).count();
    let names = heads.checked_sub(1).and_then(|last| rows.get(last));
    let column = |cell: &Found| {
        let head = names.and_then(|names| names.iter().find(|head| head.column == cell.column));
        let name = head.map(|head| head.content.join(" "));
        name.filter(|name| !name.is_empty())
            .unwrap_or_else(|| format!("column {}", cell.column + 1))
    };
    let mut cells = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        for cell in row {
            let place = match index.checked_sub(heads) {
                None => format!("head {}, column {}", index + 1, cell.column + 1),
                Some(below) => format!("row {}, {}", below + 1, column(cell)),
            };
            let content = cell.content.join(" ");
            cells.push(Token::Cell { place, content });
        }
    }
    cells
}

/// Whether two cells hold the same text, or the same number however it is written.
pub fn values_agree(stored: &str, fresh: &str, rules: &Rules) -> bool {
    if stored == fresh {
        return true;
    }
    let number = |text: &str| text.trim().parse::<f64>().ok();
    if let (Some(one), Some(other)) = (number(stored), number(fresh)) {
        return one == other || rules.allow_with_tolerance(one, other);
    }
    let near = |_: &str, one: f64, _: &str, other: f64| rules.allow(one, other);
    rules.tolerance > 0.0 && numbers::agree(stored, fresh, near)
}

#[cfg(test)]
mod tests {
    use super::super::changes;
    use crate::compare::{Change, Rules};

    const STRICT: Rules<'static> = Rules::STRICT;

    fn told(rules: &Rules, stored: &str, fresh: &str) -> String {
        let changes = changes(stored, fresh, rules);
        let lines: Vec<_> = changes.iter().map(Change::to_string).collect();
        lines.join("\n")
    }

    fn table(class: &str, mean: &str) -> String {
        format!(
            "<table class=\"{class}\"><thead><tr><th></th><th>mean</th></tr></thead>\
             <tbody><tr><th>a</th><td>1</td></tr><tr><th>b</th><td><b>{mean}</b></td></tr></tbody></table>"
        )
    }

    #[test]
    fn the_look_of_a_table_and_of_a_number_says_nothing() {
        let same = |stored: &str, fresh: &str| told(&STRICT, stored, fresh).is_empty();
        assert!(same(&table("dataframe", "0.5"), &table("table", "0.50")));
        assert!(same(
            "<table><tr><td>x</td></tr></table>",
            "<table border=\"1\">\n<tbody>\n<tr style=\"color:red\"><td> x </td></tr></table>"
        ));
    }

    #[test]
    fn a_value_that_differs_is_told_with_its_row_and_column() {
        insta::assert_snapshot!(told(&STRICT, &table("x", "0.5"), &table("x", "0.6")), @r"
          row 2, column 1: b
        - row 2, mean: 0.5
        + row 2, mean: 0.6
        ");
        let tolerant = Rules {
            tolerance: 0.2,
            ..STRICT
        };
        assert_eq!(told(&tolerant, &table("x", "0.5"), &table("x", "0.6")), "");
        for (stored, fresh) in [
            (
                "<table><tr><td>1</td><td>2</td></tr></table>",
                "<table><tr><td>1</td></tr><tr><td>2</td></tr></table>",
            ),
            (
                "<table><tr><td colspan=\"2\">1</td></tr></table>",
                "<table><tr><td>1</td></tr></table>",
            ),
            (
                "<table><tr><td>1.5 a</td></tr></table>",
                "<table><tr><td>1.50 a</td></tr></table>",
            ),
            (
                "<table><tr><td>-0.1</td></tr></table>",
                "<table><tr><td>0.1</td></tr></table>",
            ),
            (
                "<table><caption>a</caption></table>",
                "<table><caption>b</caption></table>",
            ),
            (
                "<table><tr><td><img src=\"a\"></td></tr></table>",
                "<table><tr><td><img src=\"b\"></td></tr></table>",
            ),
            ("<table><tr><td>1</td></tr></table>", "<p>1</p>"),
        ] {
            assert_ne!(told(&STRICT, stored, fresh), "", "{stored}");
        }
    }

    #[test]
    fn a_table_within_a_cell_is_a_part_of_it() {
        let outer = |inner: &str| {
            format!("<table><tr><td>a<table><tr><td>{inner}</td></tr></table></td></tr></table>z")
        };
        assert_eq!(told(&STRICT, &outer("1"), &outer("1")), "");
        assert_ne!(told(&STRICT, &outer("1"), &outer("2")), "");
    }
}
