//! Cells that are no Rust, whatever the names in them mean.

use ra_ap_syntax::{Parse, SourceFile, SyntaxKind};

/// A place at which a cell is no Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The line of the cell, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// Whether the compiler need not be asked: it would stumble over the code around the cell.
    pub certain: bool,
}

/// The first error in the parsed cell, whose text starts at the byte `start`.
pub fn first_error(parse: &Parse<SourceFile>, rust: &str, start: usize) -> Option<SyntaxError> {
    let error = parse.errors().into_iter().next()?;
    let at = usize::from(error.range().start()).saturating_sub(start);
    let before = rust.get(..at.min(rust.len())).unwrap_or(rust);
    let line = 1 + before.trim_end().matches('\n').count();
    let text = error.to_string();
    let balance = Balance::of(parse);
    let (message, certain) = if text.contains("SEMICOLON") {
        let message = match rust[before.trim_end().len()..].trim().is_empty() {
            true => "a `;` is missing at the end of this line",
            false => "a `;` is missing here, between two statements",
        };
        (message.to_owned(), true)
    } else if balance.closes_too_much {
        ("this closing bracket has no opening one".to_owned(), true)
    } else {
        (words(&text), balance.open != Some(0))
    };
    let line = match balance.line_of_stray {
        Some(stray) if balance.closes_too_much => stray,
        _ => line,
    };
    Some(SyntaxError {
        line,
        message,
        certain,
    })
}

/// The parser's message in words: `expected R_PAREN` is "expected `)`".
fn words(message: &str) -> String {
    let known = [
        ("R_PAREN", "`)`"),
        ("L_PAREN", "`(`"),
        ("R_CURLY", "`}`"),
        ("L_CURLY", "`{`"),
        ("R_BRACK", "`]`"),
        ("L_BRACK", "`[`"),
        ("SEMICOLON", "`;`"),
        ("COMMA", "`,`"),
        ("COLON", "`:`"),
        ("EQ", "`=`"),
        ("IDENT", "a name"),
        ("FN_KW", "`fn`"),
    ];
    let mut text = message.to_owned();
    for (name, sign) in known {
        text = text.replace(name, sign);
    }
    text
}

/// How the brackets of a cell stand.
struct Balance {
    /// How many are open at the end; nothing if a text or comment is.
    open: Option<i32>,
    /// Whether one is closed that was not open.
    closes_too_much: bool,
    /// The line of the first such.
    line_of_stray: Option<usize>,
}

impl Balance {
    fn of(parse: &Parse<SourceFile>) -> Balance {
        let tokens = parse.syntax_node();
        let tokens: Vec<_> = tokens
            .descendants_with_tokens()
            .filter_map(|it| it.into_token())
            .collect();
        // The brackets of the function around the cell are open from the start and closed at the end.
        let mut depth = 0;
        let mut line = 1;
        let mut line_of_stray = None;
        let mut open_text = false;
        let all = tokens.len();
        for (index, token) in tokens.iter().enumerate() {
            match token.kind() {
                SyntaxKind::L_CURLY | SyntaxKind::L_PAREN | SyntaxKind::L_BRACK => depth += 1,
                SyntaxKind::R_CURLY | SyntaxKind::R_PAREN | SyntaxKind::R_BRACK => {
                    depth -= 1;
                    if depth <= 0 && token.kind() != SyntaxKind::R_PAREN && index + 1 < all {
                        line_of_stray = line_of_stray.or(Some(line));
                    }
                }
                SyntaxKind::STRING if !token.text().ends_with('"') || token.text() == "\"" => {
                    open_text = true;
                }
                SyntaxKind::COMMENT
                    if token.text().starts_with("/*") && !token.text().ends_with("*/") =>
                {
                    open_text = true;
                }
                _ => {}
            }
            line += token.text().matches('\n').count();
        }
        Balance {
            open: (!open_text).then_some(depth),
            closes_too_much: line_of_stray.is_some() && !open_text,
            line_of_stray,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front::parsed::parse;

    #[test]
    fn what_the_compiler_would_misread_is_certain() {
        for (code, line, certain) in [
            ("let y = 5", 1, true),
            ("1 2", 1, true),
            ("let a = 1;\nfn f() }\n2", 2, true),
            ("let type = 1;", 1, false),
            ("let a = 1;\nfn f() {", 2, true),
        ] {
            let error = first_error(&parse(code), code, "fn cell(){".len()).unwrap();
            assert_eq!(
                (error.line, error.certain),
                (line, certain),
                "{code}: {error:?}"
            );
        }
    }
}
