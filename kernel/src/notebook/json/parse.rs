//! Reading JSON, and saying in plain words what is wrong with it and where.

use super::{Json, Text};
use std::collections::BTreeMap;

/// How deep lists and objects may lie in each other. Jupyter itself gives up at about a thousand.
const DEEPEST: usize = 500;

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where it is, in bytes from the start.
    pub offset: usize,
    /// What it is.
    pub problem: String,
}

impl Mistake {
    /// The line and the column of the mistake in its document, counted from 1.
    pub fn place(&self, text: &str) -> (usize, usize) {
        place(text, self.offset)
    }
}

/// The line and the column of a byte, counted from 1.
pub fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

impl Json {
    /// Reads a document.
    ///
    /// # Errors
    /// The first [`Mistake`].
    pub fn parse(text: &str) -> Result<Json, Mistake> {
        parse_noting_halves(text).map(|(json, _)| json)
    }
}

/// Reads a document, and tells the place of the first half of a character, which JSON allows and no text can hold.
///
/// # Errors
/// The first [`Mistake`]. A key that stands twice in an object is one.
pub fn parse_noting_halves(text: &str) -> Result<(Json, Option<usize>), Mistake> {
    let mut parser = Parser {
        text,
        at: 0,
        half: None,
    };
    let json = parser.value(0)?;
    parser.skip_blanks();
    match parser.peek() {
        None => Ok((json, parser.half)),
        Some(_) => {
            let problem = || parser.mistake("something stands after the end of the document");
            Err(parser.invisible().unwrap_or_else(problem))
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// Where the first half of a character is.
    half: Option<usize>,
}

impl<'a> Parser<'a> {
    fn value(&mut self, depth: usize) -> Result<Json, Mistake> {
        self.skip_blanks();
        match self.peek() {
            Some(b'{' | b'[') if depth == DEEPEST => {
                Err(self.mistake(&format!("nested too deeply, in more than {DEEPEST} levels")))
            }
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => Ok(Json::Text(self.text()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => self.word(),
            None => Err(self.ended()),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, Mistake> {
        let mut entries: Vec<(Text, Json)> = Vec::new();
        let mut seen = BTreeMap::new();
        self.at += 1;
        self.skip_blanks();
        if self.take(b'}') {
            return Ok(Json::Object(entries));
        }
        loop {
            self.skip_blanks();
            let start = self.at;
            match self.peek() {
                Some(b'"') => {}
                Some(b'}') => return Err(self.mistake("a comma stands before `}`")),
                Some(_) => {
                    let problem = || self.mistake("a key in quotes is missing here");
                    return Err(self.invisible().unwrap_or_else(problem));
                }
                None => return Err(self.ended()),
            }
            let key = self.text()?;
            let name = if key.lone_surrogate().is_some() {
                key.written().to_owned()
            } else {
                key.decoded()
            };
            if let Some(first) = seen.insert(name, start) {
                let (line, _) = place(self.text, first);
                return Err(Mistake {
                    offset: start,
                    problem: format!(
                        "the key `{}` stands twice, first in line {line}, and programs differ in which one they take",
                        key.decoded()
                    ),
                });
            }
            self.skip_blanks();
            if !self.take(b':') {
                return Err(self.missing("`:` after the key"));
            }
            entries.push((key, self.value(depth + 1)?));
            self.skip_blanks();
            if self.take(b'}') {
                return Ok(Json::Object(entries));
            }
            if !self.take(b',') {
                return Err(self.missing("`,` or `}`"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, Mistake> {
        let mut elements = Vec::new();
        self.at += 1;
        self.skip_blanks();
        if self.take(b']') {
            return Ok(Json::List(elements));
        }
        loop {
            self.skip_blanks();
            if self.peek() == Some(b']') {
                return Err(self.mistake("a comma stands before `]`"));
            }
            elements.push(self.value(depth + 1)?);
            self.skip_blanks();
            if self.take(b']') {
                return Ok(Json::List(elements));
            }
            if !self.take(b',') {
                return Err(self.missing("`,` or `]`"));
            }
        }
    }

    fn text(&mut self) -> Result<Text, Mistake> {
        self.at += 1;
        let start = self.at;
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let plain = rest
                .iter()
                .position(|byte| matches!(byte, b'"' | b'\\' | ..b' '));
            match plain.map(|length| (length, rest[length])) {
                None => {
                    self.at = self.text.len();
                    return Err(self.ended());
                }
                Some((length, b'"')) => {
                    let written = &self.text[start..self.at + length];
                    self.at += length + 1;
                    let text = Text::as_written(written);
                    if self.half.is_none() {
                        self.half = text.lone_surrogate().map(|offset| start + offset);
                    }
                    return Ok(text);
                }
                Some((length, b'\\')) => {
                    self.at += length;
                    self.escape()?;
                }
                Some((length, b'\n' | b'\r')) => {
                    self.at += length;
                    return Err(self.mistake("a text is not closed before the end of its line"));
                }
                Some((length, byte)) => {
                    self.at += length;
                    return Err(self.mistake(&format!(
                        "a control character in a text, which must be written as \\u{byte:04x}"
                    )));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<(), Mistake> {
        let bytes = self.text.as_bytes();
        match bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                let digits = bytes.get(self.at + 2..self.at + 6).unwrap_or_default();
                if digits.len() < 4 || !digits.iter().all(u8::is_ascii_hexdigit) {
                    return Err(self.mistake("\\u needs four hexadecimal digits"));
                }
                self.at += 6;
            }
            Some(_) => {
                return Err(
                    self.mistake("no escape begins like this; a backslash itself is written \\\\")
                );
            }
            None => {
                self.at = self.text.len();
                return Err(self.ended());
            }
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Json, Mistake> {
        let start = self.at;
        self.take(b'-');
        if self.rest().starts_with("Infinity") {
            return Err(self.no_number(start));
        }
        let whole = self.digits();
        let leading_zero = whole > 1 && self.text.as_bytes()[self.at - whole] == b'0';
        let mut right = whole > 0 && !leading_zero;
        if self.take(b'.') {
            right &= self.digits() > 0;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            right &= self.digits() > 0;
        }
        let digits = &self.text[start..self.at];
        if !right {
            self.at = start;
            return Err(self.mistake(&format!("`{digits}` is not how JSON writes a number")));
        }
        Ok(Json::Number(digits.into()))
    }

    fn digits(&mut self) -> usize {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += count;
        count
    }

    fn word(&mut self) -> Result<Json, Mistake> {
        for (word, value) in [
            ("null", Json::Null),
            ("true", Json::Bool(true)),
            ("false", Json::Bool(false)),
        ] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        if self.rest().starts_with("NaN") || self.rest().starts_with("Infinity") {
            return Err(self.no_number(self.at));
        }
        Err(self.missing("a value"))
    }

    fn no_number(&self, start: usize) -> Mistake {
        let word: String = self.text[start..]
            .chars()
            .take_while(|c| c.is_alphabetic() || *c == '-')
            .collect();
        Mistake {
            offset: start,
            problem: format!("`{word}` is not JSON; write null, or a text in quotes"),
        }
    }

    fn skip_blanks(&mut self) {
        let blank = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
        self.at += self.rest().bytes().take_while(blank).count();
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn mistake(&self, problem: &str) -> Mistake {
        Mistake {
            offset: self.at,
            problem: problem.to_owned(),
        }
    }

    fn missing(&self, what: &str) -> Mistake {
        match self.rest().chars().next() {
            None => self.ended(),
            Some(found) => self
                .invisible()
                .unwrap_or_else(|| self.mistake(&format!("{what} is missing before `{found}`"))),
        }
    }

    /// The mistake that a sign stands here which nobody sees: a blank of another kind, a mark, a control character.
    fn invisible(&self) -> Option<Mistake> {
        let found = self.rest().chars().next()?;
        let is_mark = matches!(found, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
        (found.is_control() || found.is_whitespace() || is_mark).then(|| {
            let code = u32::from(found);
            self.mistake(&format!(
                "the invisible character U+{code:04X} stands here, which only a text in quotes may hold"
            ))
        })
    }

    fn ended(&self) -> Mistake {
        self.mistake("the file ends too early; a part of it is missing")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        match Json::parse(text) {
            Ok(json) => format!("{json:?}"),
            Err(mistake) => format!("{}: {}", mistake.offset, mistake.problem),
        }
    }

    #[test]
    fn what_is_right_comes_out_as_it_came_in() {
        let text = "{\n \"\\u00e4\": [\n  1.10,\n  -0.0,\n  1E5,\n  123456789012345678901234567890,\n  1e999\n ],\n \"x\": \"\\ud83e \\/\",\n \"e\": {},\n \"l\": [],\n \"t\": true,\n \"n\": null\n}\n";
        let json = Json::parse(text).expect("it is JSON");
        assert_eq!(String::from_utf8_lossy(&json.to_bytes()), text);
    }

    #[test]
    fn what_is_wrong_is_told_in_plain_words() {
        insta::assert_snapshot!(wrong("{\"a\": 1,\n \"b\": 2,\n \"\\u0061\": 3}"), @"19: the key `a` stands twice, first in line 1, and programs differ in which one they take");
        insta::assert_snapshot!(wrong("[1, NaN]"), @"4: `NaN` is not JSON; write null, or a text in quotes");
        insta::assert_snapshot!(wrong("[-Infinity]"), @"1: `-Infinity` is not JSON; write null, or a text in quotes");
        insta::assert_snapshot!(wrong("[1"), @"2: the file ends too early; a part of it is missing");
        insta::assert_snapshot!(wrong("\"abc"), @"4: the file ends too early; a part of it is missing");
        insta::assert_snapshot!(wrong("[1,]"), @"3: a comma stands before `]`");
        insta::assert_snapshot!(wrong("{\"a\": 1,}"), @"8: a comma stands before `}`");
        insta::assert_snapshot!(wrong("{\"a\" 1}"), @"5: `:` after the key is missing before `1`");
        insta::assert_snapshot!(wrong("{a: 1}"), @"1: a key in quotes is missing here");
        insta::assert_snapshot!(wrong("[1 2]"), @"3: `,` or `]` is missing before `2`");
        insta::assert_snapshot!(wrong("[,]"), @"1: a value is missing before `,`");
        insta::assert_snapshot!(wrong("[01]"), @"1: `01` is not how JSON writes a number");
        insta::assert_snapshot!(wrong("[1.]"), @"1: `1.` is not how JSON writes a number");
        insta::assert_snapshot!(wrong("[\"a\nb\"]"), @"3: a text is not closed before the end of its line");
        insta::assert_snapshot!(wrong("{\u{a0}\"a\": 1}"), @"1: the invisible character U+00A0 stands here, which only a text in quotes may hold");
        insta::assert_snapshot!(wrong("\u{feff}1"), @"0: the invisible character U+FEFF stands here, which only a text in quotes may hold");
        insta::assert_snapshot!(wrong("1\0"), @"1: the invisible character U+0000 stands here, which only a text in quotes may hold");
        insta::assert_snapshot!(wrong("[\"\\x\"]"), @r"2: no escape begins like this; a backslash itself is written \\");
        insta::assert_snapshot!(wrong("[\"\\u12\"]"), @r"2: \u needs four hexadecimal digits");
        insta::assert_snapshot!(wrong("{} x"), @"3: something stands after the end of the document");
    }

    #[test]
    fn deep_nesting_is_refused_and_not_overflown() {
        let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(Json::parse(&deep(DEEPEST)).is_ok());
        assert!(wrong(&deep(1_000_000)).contains("nested too deeply"));
    }
}
