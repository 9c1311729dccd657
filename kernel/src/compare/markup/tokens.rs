//! HTML and SVG, as a sequence of tags and texts.

use super::super::Rules;
use super::super::text::without_what_varies;
use super::image::drawing_in;
use std::fmt;

/// A piece of markup.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// `<name attributes>`, `<name/>` or `</name>`.
    Tag {
        /// The name, with the slash of a closing tag.
        name: String,
        /// Names and values, as they are written, by name.
        attributes: Vec<(String, String)>,
        /// Whether it belongs to a picture.
        in_svg: bool,
    },
    /// What stands between tags, with single spaces.
    Text(String),
    /// A cell of a table.
    Cell {
        /// Where it stands, like `row 2, mean`.
        place: String,
        /// What stands in it.
        content: String,
    },
}

impl Token {
    /// The tag's name; empty if it is none.
    pub fn name(&self) -> &str {
        match self {
            Token::Tag { name, .. } => name,
            _ => "",
        }
    }

    /// The value of a tag's attribute.
    pub fn attribute(&self, key: &str) -> Option<&str> {
        let Token::Tag { attributes, .. } = self else {
            return None;
        };
        let found = attributes.iter().find(|(own, _)| own == key);
        found.map(|(_, value)| value.as_str())
    }
}

/// The pieces of markup, in order; comments and declarations are left out.
pub fn tokens(markup: &str, rules: &Rules) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut pictures = 0_usize;
    let mut rest = markup;
    while !rest.is_empty() {
        let end = rest.find('<').unwrap_or(rest.len());
        let (text, tag) = rest.split_at(end);
        push_text(&mut tokens, text, rules);
        rest = tag;
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if let Some(inner) = rest.strip_prefix('<') {
            let end = end_of_tag(inner);
            let (name, mut attributes) = parts(&inner[..end]);
            rest = inner.get(end + 1..).unwrap_or_default();
            if name.starts_with(['?', '!']) {
                continue;
            }
            let picture = drawing_in(name, &mut attributes);
            // Their order says nothing.
            attributes.sort();
            pictures += usize::from(name == "svg");
            tokens.push(Token::Tag {
                in_svg: pictures > 0,
                attributes,
                name: name.to_owned(),
            });
            pictures -= usize::from(name == "/svg").min(pictures);
            if let Some(picture) = picture {
                tokens.extend(self::tokens(&picture, rules));
            }
        }
    }
    tokens
}

fn push_text(tokens: &mut Vec<Token>, text: &str, rules: &Rules) {
    let words: Vec<_> = text.split_whitespace().collect();
    if !words.is_empty() {
        tokens.push(Token::Text(without_what_varies(&words.join(" "), rules)));
    }
}

/// Where the `>` is that ends the tag, and not one in quotes.
fn end_of_tag(inner: &str) -> usize {
    let mut quote = None;
    let end = inner.find(|character| match (quote, character) {
        (None, '>') => true,
        (None, '"' | '\'') => {
            quote = Some(character);
            false
        }
        (Some(open), close) if open == close => {
            quote = None;
            false
        }
        _ => false,
    });
    end.unwrap_or(inner.len())
}

/// The name of a tag and its attributes.
fn parts(tag: &str) -> (&str, Vec<(String, String)>) {
    let tag = tag.trim().trim_end_matches('/');
    let (name, mut rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return (name, attributes);
        }
        let end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        let (value, after) = match after.strip_prefix('=') {
            Some(value) => value_of(value),
            None => ("", after),
        };
        attributes.push((key.to_owned(), value.to_owned()));
        rest = after;
    }
}

/// The value at the start of `text`, without quotes, and what follows it.
fn value_of(text: &str) -> (&str, &str) {
    let quoted = ['"', '\''].into_iter().find_map(|quote| {
        let inner = text.strip_prefix(quote)?;
        Some(inner.split_once(quote).unwrap_or((inner, "")))
    });
    quoted.unwrap_or_else(|| text.split_at(text.find(char::is_whitespace).unwrap_or(text.len())))
}

impl fmt::Display for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Token::Text(text) => write!(out, "{text}"),
            Token::Cell { place, content } => write!(out, "{place}: {content}"),
            Token::Tag {
                name, attributes, ..
            } => {
                write!(out, "<{name}")?;
                for (key, value) in attributes {
                    write!(out, " {key}=\"{value}\"")?;
                }
                write!(out, ">")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_attributes_and_texts_are_told_apart() {
        let markup =
            "<?xml version='1.0'?><!DOCTYPE svg><!-- x --><a hidden href='b>c'>x  <br/>\n y</a>< ";
        let lines: Vec<_> = tokens(markup, &Rules::STRICT)
            .iter()
            .map(Token::to_string)
            .collect();
        assert_eq!(
            lines,
            [
                "<a hidden=\"\" href=\"b>c\">",
                "x",
                "<br>",
                "y",
                "</a>",
                "<>"
            ]
        );
    }
}
