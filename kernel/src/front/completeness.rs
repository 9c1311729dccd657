//! Whether a cell could run as it stands, for consoles, which ask after each line.
//!
//! A console goes on reading while a cell is incomplete, and sends it when it is complete or wrong for good. So no
//! beginning of a right cell may be called wrong, wherever it breaks off: in a word, in a text, or between two signs.

use super::parsed::{OPEN, parse, split_commands};
use ra_ap_ide_db::syntax_helpers::LexedStr;
use ra_ap_syntax::{Edition, SyntaxKind};

/// Whether `code` could run as it stands, needs more lines, or can't become right by more lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// It can run.
    Complete,
    /// More has to follow.
    Incomplete,
    /// It is wrong whatever follows.
    Invalid,
    /// It is nested too deeply to be judged.
    Unknown,
}

/// How deeply brackets may be nested: the parser follows them by recursion.
const DEEPEST: usize = 500;

/// Judges `code` by its syntax.
pub fn completeness(code: &str) -> Completeness {
    let (_, start) = split_commands(code, |_| false);
    let rust = &code[start..];
    let lexed = LexedStr::new(Edition::Edition2024, rust);
    if is_too_deep(&lexed) {
        return Completeness::Unknown;
    }
    if !brackets_fit(&lexed) {
        return Completeness::Invalid;
    }
    if parse(rust).errors().is_empty() && !ends_open(&lexed) {
        return Completeness::Complete;
    }
    // What the last word will be is open: only what stands before it is judged.
    let judged = &rust[..end_of_what_is_sure(&lexed)];
    let end = OPEN.len() + judged.len();
    let errors = parse(judged).errors();
    let before_the_end = errors
        .iter()
        .any(|error| usize::from(error.range().start()) < end);
    if before_the_end {
        Completeness::Invalid
    } else {
        Completeness::Incomplete
    }
}

/// Why a cell can't be parsed: it would take more stack than there is.
pub fn too_deep(code: &str) -> Option<String> {
    let lexed = LexedStr::new(Edition::Edition2024, code);
    is_too_deep(&lexed).then(|| {
        format!("more than {DEEPEST} brackets are open at once: write the cell in smaller pieces")
    })
}

fn is_too_deep(lexed: &LexedStr<'_>) -> bool {
    let mut depth = 0_usize;
    (0..lexed.len()).any(|index| {
        match lexed.kind(index) {
            SyntaxKind::L_PAREN | SyntaxKind::L_BRACK | SyntaxKind::L_CURLY => depth += 1,
            SyntaxKind::R_PAREN | SyntaxKind::R_BRACK | SyntaxKind::R_CURLY => {
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
        depth > DEEPEST
    })
}

/// Whether each bracket that is closed was opened, and none after it is still open.
fn brackets_fit(lexed: &LexedStr<'_>) -> bool {
    let mut open = Vec::new();
    (0..lexed.len()).all(|index| match lexed.kind(index) {
        SyntaxKind::L_PAREN => {
            open.push(SyntaxKind::R_PAREN);
            true
        }
        SyntaxKind::L_BRACK => {
            open.push(SyntaxKind::R_BRACK);
            true
        }
        SyntaxKind::L_CURLY => {
            open.push(SyntaxKind::R_CURLY);
            true
        }
        kind @ (SyntaxKind::R_PAREN | SyntaxKind::R_BRACK | SyntaxKind::R_CURLY) => {
            open.pop() == Some(kind)
        }
        _ => true,
    })
}

/// The last token that is neither blank nor comment, if there is one.
fn last_token(lexed: &LexedStr<'_>, end: usize) -> Option<usize> {
    (0..end).rev().find(|index| {
        let kind = lexed.kind(*index);
        kind != SyntaxKind::WHITESPACE && kind != SyntaxKind::COMMENT
    })
}

/// Whether the code ends within a text or a comment.
fn ends_open(lexed: &LexedStr<'_>) -> bool {
    let last = lexed.len().checked_sub(1);
    last.is_some_and(|last| lexed.error(last).is_some())
}

/// Where that ends which no further character can change.
fn end_of_what_is_sure(lexed: &LexedStr<'_>) -> usize {
    let all = lexed.len();
    let end = |index: Option<usize>| index.map_or(0, |index| lexed.text_range(index).end);
    let Some(last) = last_token(lexed, all) else {
        return 0;
    };
    // What a blank follows is a whole word, but for a text that is still open, which takes in all that follows it.
    let touches = last + 1 == all;
    let kind = lexed.kind(last);
    let may_grow = touches
        && (lexed.error(last).is_some()
            || !matches!(
                kind,
                SyntaxKind::R_PAREN
                    | SyntaxKind::R_BRACK
                    | SyntaxKind::R_CURLY
                    | SyntaxKind::L_PAREN
                    | SyntaxKind::L_BRACK
                    | SyntaxKind::L_CURLY
                    | SyntaxKind::SEMICOLON
                    | SyntaxKind::COMMA
                    | SyntaxKind::INT_NUMBER
                    | SyntaxKind::STRING
                    | SyntaxKind::CHAR
            ));
    let mut sure = Some(last);
    if may_grow {
        // Signs that stand together, as `..` and `=`, are one.
        let mut last = last;
        while last > 0 && is_sign(lexed, last) && is_sign(lexed, last - 1) {
            last -= 1;
        }
        sure = last_token(lexed, last);
    }
    // What a word like `dyn`, a bracket or an operator begins has not come yet.
    while let Some(at) = sure.filter(|at| begins_more(lexed, *at)) {
        sure = last_token(lexed, at);
    }
    end(sure)
}

/// Whether something has to follow this token.
fn begins_more(lexed: &LexedStr<'_>, index: usize) -> bool {
    let kind = lexed.kind(index);
    kind.is_keyword(Edition::Edition2024)
        || is_sign(lexed, index)
        || matches!(
            kind,
            SyntaxKind::L_PAREN
                | SyntaxKind::L_BRACK
                | SyntaxKind::L_CURLY
                | SyntaxKind::LIFETIME_IDENT
        )
}

/// Whether the token is a sign that may be the beginning of a longer one.
fn is_sign(lexed: &LexedStr<'_>, index: usize) -> bool {
    let signs = |it: char| "=<>!&|+-*/%^.:#?".contains(it);
    let text = lexed.text(index);
    !text.is_empty() && text.chars().all(signs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Right cells of many kinds.
    const CELLS: &[&str] = &[
        "let x = 5;\nlet mut names = vec![\"a\", \"b\\\"c\"];\nnames.push(\"\u{e9}\");\nnames.len()",
        "#[derive(Debug, Clone)]\nstruct Point<T: Copy = f64> where T: Default { x: T, y: Option<T> }",
        "enum Shape { Circle(f64), Square { side: f64 }, Nothing }\nuse Shape::*;",
        "fn area(shape: &Shape) -> Result<f64, Box<dyn std::error::Error>> {\n    match shape {\n        Circle(r) if *r > 0.0 => \
         Ok(3.14e0 * r.powi(2)),\n        Square { side, .. } | Rest(side) => Ok(side * side),\n        _ => Err(\"no\".into()),\n    }\n}",
        "impl<'a, T> Iterator for Walk<'a, T> { type Item = &'a T; fn next(&mut self) -> Option<Self::Item> { None } }",
        "for (i, c) in ('a'..='z').enumerate() { if i % 2 == 0 { continue } else if i > 10 { break; } print!(\"{c}\"); }",
        "'outer: loop { while let Some(x) = stack.pop() { if x < 0x1f { break 'outer; } } }",
        "let Some(y) = find(1) else { panic!(\"none\") };\nlet z = if y > 1 { 1_000u64 } else { 2 } as f64;",
        "let f = |a: i32, b| -> i32 { a + b };\nlet g = move || f(1, 2)?;\ng()",
        "let s = r#\"raw \"text\" \"#; let b = b\"bytes\"; let c = '\\n'; let d = b'x'; // the end",
        "/// Adds.\npub const fn add(a: u8, b: u8) -> u8 { a.wrapping_add(b) }\n/* a /* nested */ comment */",
        "macro_rules! square { ($x:expr) => { $x * $x }; }\nsquare!(3) + square![4]",
        "let t: (i32, [f64; 3], &str) = (1, [0.5, 1., 2e-3], \"x\"); t.0 & 1 | !2 ^ 3 << 1 >= 4",
        "let df = df![\"a\" => [1, 2], \"b\" => [Some(1.5), None]]?;\ndf.lazy().filter(col(\"a\").gt(lit(1))).collect()?",
        "trait Speak: Sized + 'static { const N: usize; fn speak(&self) -> String { String::from(\"...\") } }",
        "let a = &mut *v; let r = ..=5; let q = a[1..].iter().map(|x| x.0 as u8 as char).collect::<Vec<_>>();",
        "async fn wait() {} unsafe { std::ptr::read(&1) }; mod inner { pub(crate) static mut N: i32 = -1; }",
        ":dep rand = \"0.8\"\nuse std::{collections::HashMap as Map, fmt::{self, Display}};\nreturn;",
    ];

    #[test]
    fn whole_cells_are_complete() {
        for cell in CELLS {
            assert_eq!(completeness(cell), Completeness::Complete, "{cell}");
        }
    }

    #[test]
    fn no_beginning_of_a_right_cell_is_wrong() {
        let mut wrong = Vec::new();
        for cell in CELLS {
            let beginnings = cell.char_indices().map(|(at, _)| &cell[..at]);
            wrong.extend(beginnings.filter(|it| completeness(it) == Completeness::Invalid));
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    proptest! {
        #[test]
        fn no_beginning_of_right_cells_in_a_row_is_wrong(
            first in 0..CELLS.len() - 1, second in 0..CELLS.len() - 1, share in 0.0..1.0,
        ) {
            let cell = format!("{{ {} }}\n{}", CELLS[first], CELLS[second]);
            let mut at = (cell.len() as f64 * share) as usize;
            while !cell.is_char_boundary(at) {
                at -= 1;
            }
            prop_assert_ne!(completeness(&cell[..at]), Completeness::Invalid, "{}", &cell[..at]);
        }
    }

    #[test]
    fn completeness_is_judged_by_syntax() {
        use Completeness::{Complete, Incomplete, Invalid, Unknown};
        let deep = "(".repeat(20_000);
        for (code, expected) in [
            ("1 + 1", Complete),
            ("fn f() {}", Complete),
            (":vars", Complete),
            ("", Complete),
            ("// only words", Complete),
            ("fn f() {", Incomplete),
            ("fn f()", Incomplete),
            ("if true", Incomplete),
            ("struct A", Incomplete),
            ("impl A", Incomplete),
            ("for i in 0..3", Incomplete),
            ("#[derive(Debug)]", Incomplete),
            ("let x = // half", Incomplete),
            ("let x =", Incomplete),
            ("let x = 5", Incomplete),
            ("foo(1,", Incomplete),
            ("let s = \"abc", Incomplete),
            ("/* open", Incomplete),
            ("r#\"raw", Incomplete),
            ("let x = );", Invalid),
            ("let x = ;", Invalid),
            ("fn f() }", Invalid),
            ("f(1]", Invalid),
            ("1 2", Invalid),
            ("let = 5;", Invalid),
            ("fn 5() {}", Invalid),
            (deep.as_str(), Unknown),
        ] {
            assert_eq!(completeness(code), expected, "{code:.40}");
        }
    }
}
