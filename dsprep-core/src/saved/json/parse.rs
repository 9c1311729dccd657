//! From text to JSON.

use super::{Fault, Json};

/// Lists within lists, beyond which a text is not read: each takes a part of the stack.
const DEEPEST: usize = 64;

/// The one value that `text` holds.
pub(crate) fn parse(text: &str) -> Result<Json, Fault> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.space();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.expected("the end")),
    }
}

struct Reader<'a> {
    text: &'a str,
    /// How many bytes are read.
    at: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Result<Json, Fault> {
        self.space();
        match self.peek() {
            Some('{') if depth < DEEPEST => self.map(depth),
            Some('[') if depth < DEEPEST => self.list(depth),
            Some('{' | '[') => Err(self.expected("fewer lists within each other")),
            Some('"') => self.string().map(Json::Text),
            Some('-' | '0'..='9') => self.number(),
            _ => {
                let words = [
                    ("null", Json::Null),
                    ("true", Json::Flag(true)),
                    ("false", Json::Flag(false)),
                ];
                for (word, value) in words {
                    if self.rest().starts_with(word) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err(self.expected("a value"))
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, Fault> {
        self.at += 1;
        let mut values = Vec::new();
        if self.takes(']') {
            return Ok(Json::List(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            if self.takes(']') {
                return Ok(Json::List(values));
            }
            self.demand(',', "`,` or `]`")?;
        }
    }

    fn map(&mut self, depth: usize) -> Result<Json, Fault> {
        self.at += 1;
        let mut entries = Vec::new();
        if self.takes('}') {
            return Ok(Json::Map(entries));
        }
        loop {
            self.space();
            if self.peek() != Some('"') {
                return Err(self.expected("a name in quotes"));
            }
            let key = self.string()?;
            self.demand(':', "`:`")?;
            entries.push((key, self.value(depth + 1)?));
            if self.takes('}') {
                return Ok(Json::Map(entries));
            }
            self.demand(',', "`,` or `}`")?;
        }
    }

    fn number(&mut self) -> Result<Json, Fault> {
        let start = self.at;
        let of_number = |c: char| matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E');
        self.at += self
            .rest()
            .find(|c| !of_number(c))
            .unwrap_or(self.rest().len());
        let number = &self.text[start..self.at];
        match number.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Json::Number(number.to_owned())),
            _ => {
                self.at = start;
                Err(self.expected("a number that an `f64` can hold"))
            }
        }
    }

    fn string(&mut self) -> Result<String, Fault> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let plain = self.rest().find(['"', '\\']).unwrap_or(self.rest().len());
            text.push_str(&self.rest()[..plain]);
            self.at += plain;
            match self.peek() {
                Some('"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(_) => text.push(self.escaped()?),
                None => return Err(self.expected("the closing `\"`")),
            }
        }
    }

    /// The character for `\n`, `\"`, `\u00e9` or `\ud83d\ude42`.
    fn escaped(&mut self) -> Result<char, Fault> {
        self.at += 1;
        let kind = self.peek();
        self.at += kind.map_or(0, char::len_utf8);
        Ok(match kind {
            Some('n') => '\n',
            Some('t') => '\t',
            Some('r') => '\r',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some(same @ ('"' | '\\' | '/')) => same,
            Some('u') => {
                let first = self.unit()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first).ok_or_else(|| self.expected("a character"));
                }
                if !self.rest().starts_with("\\u") {
                    return Err(self.expected("the second half of a character"));
                }
                self.at += 2;
                let second = self.unit()?.wrapping_sub(0xdc00);
                let first = (first - 0xd800) << 10;
                let code = (second < 0x400).then(|| 0x10000 + first + second);
                let character = code.and_then(char::from_u32);
                character.ok_or_else(|| self.expected("the second half of a character"))?
            }
            _ => return Err(self.expected("one of \" \\ / b f n r t u after `\\`")),
        })
    }

    fn unit(&mut self) -> Result<u32, Fault> {
        let digits = self
            .rest()
            .get(..4)
            .filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or_else(|| self.expected("four hexadecimal digits"))?;
        self.at += 4;
        Ok(unit)
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn space(&mut self) {
        self.at += self.rest().len()
            - self
                .rest()
                .trim_start_matches([' ', '\t', '\n', '\r'])
                .len();
    }

    fn takes(&mut self, character: char) -> bool {
        self.space();
        let found = self.peek() == Some(character);
        self.at += if found { character.len_utf8() } else { 0 };
        found
    }

    fn demand(&mut self, character: char, expected: &str) -> Result<(), Fault> {
        match self.takes(character) {
            true => Ok(()),
            false => Err(self.expected(expected)),
        }
    }

    fn expected(&self, expected: &str) -> Fault {
        let before = &self.text[..self.at];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
        let found = match self.peek() {
            Some(character) => format!("{character:?}"),
            None => "the end".to_owned(),
        };
        Fault(format!(
            "line {line}, column {column}: {expected} must stand here, not {found}"
        ))
    }
}
