//! Sources without the bodies of functions.
//!
//! Completion and documentation need what functions are called, take and return, not what they do. Without the bodies,
//! rust-analyzer has half as much to read and to keep. Text is cut by its tokens, so that what macros generate is cut
//! as well.

use ra_ap_ide_db::syntax_helpers::LexedStr;
use ra_ap_syntax::{Edition, SyntaxKind};

/// `source` with nothing in the bodies of functions, and without modules of tests.
pub fn outline(source: &str) -> String {
    let lexed = LexedStr::new(Edition::Edition2024, source);
    let mut kept = String::with_capacity(source.len());
    let mut from = 0;
    let mut index = 0;
    while index < lexed.len() {
        let body = match lexed.kind(index) {
            SyntaxKind::FN_KW => body_of(&lexed, index).filter(|body| !is_pattern(&lexed, *body)),
            SyntaxKind::POUND => tests(&lexed, index),
            _ => None,
        };
        match body {
            Some((open, close)) => {
                kept.push_str(&source[from..lexed.text_range(open).end]);
                from = lexed.text_start(close);
                index = close;
            }
            None => index += 1,
        }
    }
    kept.push_str(&source[from..]);
    kept
}

/// The braces of the function that begins at `start`.
fn body_of(lexed: &LexedStr<'_>, start: usize) -> Option<(usize, usize)> {
    let name = next(lexed, start)?;
    // `fn(u8) -> u8` is a type.
    if !matches!(lexed.kind(name), SyntaxKind::IDENT | SyntaxKind::DOLLAR) {
        return None;
    }
    let mut depth = 0_usize;
    for index in name..lexed.len() {
        match lexed.kind(index) {
            SyntaxKind::L_PAREN | SyntaxKind::L_BRACK => depth += 1,
            SyntaxKind::R_PAREN | SyntaxKind::R_BRACK => depth = depth.checked_sub(1)?,
            SyntaxKind::SEMICOLON if depth == 0 => return None,
            SyntaxKind::R_CURLY if depth == 0 => return None,
            SyntaxKind::L_CURLY if depth == 0 => return Some((index, closing(lexed, index)?)),
            _ => {}
        }
    }
    None
}

/// The braces of `#[cfg(test)] mod tests { }`, whose `#` is at `start`.
fn tests(lexed: &LexedStr<'_>, start: usize) -> Option<(usize, usize)> {
    let wanted = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    let mut index = start;
    for text in wanted {
        if lexed.text(index) != text {
            return None;
        }
        index = next(lexed, index)?;
    }
    let open = next(lexed, index)?;
    (lexed.kind(open) == SyntaxKind::L_CURLY)
        .then(|| Some((open, closing(lexed, open)?)))
        .flatten()
}

/// Whether the braces are part of what a macro looks for: then they hold fragments, as `$body:tt`.
fn is_pattern(lexed: &LexedStr<'_>, (open, close): (usize, usize)) -> bool {
    (open..close).any(|index| {
        lexed.kind(index) == SyntaxKind::DOLLAR
            && index + 2 < close
            && lexed.kind(index + 2) == SyntaxKind::COLON
            && lexed.text(index + 3) != ":"
    })
}

/// The next token that is neither blank nor comment.
fn next(lexed: &LexedStr<'_>, index: usize) -> Option<usize> {
    (index + 1..lexed.len()).find(|index| {
        !matches!(
            lexed.kind(*index),
            SyntaxKind::WHITESPACE | SyntaxKind::COMMENT
        )
    })
}

/// The brace that closes the one at `open`.
fn closing(lexed: &LexedStr<'_>, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for index in open..lexed.len() {
        match lexed.kind(index) {
            SyntaxKind::L_CURLY => depth += 1,
            SyntaxKind::R_CURLY => {
                depth -= 1;
                if depth == 0 {
                    return Some(index);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bodies_go() {
        for (source, expected) in [
            (
                "/// Adds.\nfn add(a: [u8; 2]) -> u8 where u8: Copy { a[0] + { 1 } }\nstruct S { x: u8 }",
                "/// Adds.\nfn add(a: [u8; 2]) -> u8 where u8: Copy {}\nstruct S { x: u8 }",
            ),
            (
                "trait T { fn f(&self); fn g(&self) { self.f() } }",
                "trait T { fn f(&self); fn g(&self) {} }",
            ),
            (
                "type F = fn(u8) -> u8; const C: u8 = { 1 };",
                "type F = fn(u8) -> u8; const C: u8 = { 1 };",
            ),
            (
                "macro_rules! m { ($t:ty) => { impl X for $t { pub const fn f(self) -> $t { self + 1 } } } }",
                "macro_rules! m { ($t:ty) => { impl X for $t { pub const fn f(self) -> $t {} } } }",
            ),
            (
                "macro_rules! m { (fn $n:ident() { $($b:tt)* }) => { fn $n() { $($b)* } } }",
                "macro_rules! m { (fn $n:ident() { $($b:tt)* }) => { fn $n() {} } }",
            ),
            (
                "fn a() {}\n#[cfg(test)]\nmod tests { use super::*; fn b() { 1 } }\nfn c() { '{' }",
                "fn a() {}\n#[cfg(test)]\nmod tests {}\nfn c() {}",
            ),
        ] {
            assert_eq!(outline(source), expected);
        }
    }
}
