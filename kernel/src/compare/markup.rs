//! HTML and SVG, as a sequence of tags and texts.

use super::changes::{self, Change};
use super::text::without_what_varies;
use std::fmt;

/// Attributes of SVG whose numbers come from computed positions.
const GEOMETRY: [&str; 19] = [
    "cx",
    "cy",
    "d",
    "dx",
    "dy",
    "height",
    "points",
    "r",
    "rx",
    "ry",
    "transform",
    "viewBox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];
/// Attributes of SVG that hold computed colours.
const COLORS: [&str; 3] = ["fill", "stop-color", "stroke"];
/// How far two numbers may be apart, relative to the larger.
const RELATIVE: f64 = 1e-6;

/// A piece of markup.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// `<name attributes>`, `<name/>` or `</name>`.
    Tag {
        /// The name, with the slash of a closing tag.
        name: String,
        /// Names and values, as they are written.
        attributes: Vec<(String, String)>,
        /// Whether it belongs to a picture.
        in_svg: bool,
    },
    /// What stands between tags, with single spaces.
    Text(String),
}

/// The changed tags and texts with those around them; none if both are the same but for the last digit of
/// coordinates and colours.
pub fn changes(stored: &str, fresh: &str) -> Vec<Change> {
    let (stored, mut fresh) = (tokens(stored), tokens(fresh));
    // What agrees is shown alike.
    for (stored, fresh) in stored.iter().zip(&mut fresh) {
        if agree(stored, fresh) {
            fresh.clone_from(stored);
        }
    }
    let lines = |tokens: &[Token]| tokens.iter().map(Token::to_string).collect::<Vec<_>>();
    changes::between(&lines(&stored), &lines(&fresh))
}

fn tokens(markup: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut pictures = 0_usize;
    let mut rest = markup;
    while !rest.is_empty() {
        let end = rest.find('<').unwrap_or(rest.len());
        let (text, tag) = rest.split_at(end);
        push_text(&mut tokens, text);
        rest = tag;
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if let Some(inner) = rest.strip_prefix('<') {
            let end = end_of_tag(inner);
            let (name, attributes) = parts(&inner[..end]);
            pictures += usize::from(name == "svg");
            tokens.push(Token::Tag {
                in_svg: pictures > 0,
                attributes,
                name: name.to_owned(),
            });
            pictures -= usize::from(name == "/svg").min(pictures);
            rest = inner.get(end + 1..).unwrap_or_default();
        }
    }
    tokens
}

fn push_text(tokens: &mut Vec<Token>, text: &str) {
    let words: Vec<_> = text.split_whitespace().collect();
    if !words.is_empty() {
        tokens.push(Token::Text(without_what_varies(&words.join(" "))));
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

/// Whether two pieces are the same but for the last digit of coordinates and colours.
fn agree(stored: &Token, fresh: &Token) -> bool {
    match (stored, fresh) {
        (
            Token::Tag {
                name,
                attributes,
                in_svg: true,
            },
            Token::Tag {
                name: other_name,
                attributes: others,
                in_svg: true,
            },
        ) => {
            let pairs = || attributes.iter().zip(others);
            name == other_name
                && attributes.len() == others.len()
                && pairs().all(|((key, value), (other_key, other))| {
                    key == other_key && values_agree(key, value, other)
                })
        }
        _ => stored == fresh,
    }
}

fn values_agree(key: &str, stored: &str, fresh: &str) -> bool {
    if stored == fresh {
        return true;
    }
    if COLORS.contains(&key) {
        return match (channels(stored), channels(fresh)) {
            (Some(stored), Some(fresh)) => stored
                .iter()
                .zip(fresh)
                .all(|(stored, fresh)| stored.abs_diff(fresh) <= 1),
            _ => false,
        };
    }
    GEOMETRY.contains(&key) && numbers_agree(stored, fresh)
}

/// The three channels of `#d4e4f4`.
fn channels(color: &str) -> Option<[u8; 3]> {
    let digits = color.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

/// Whether two texts have the same words, and numbers that are as good as the same.
fn numbers_agree(stored: &str, fresh: &str) -> bool {
    let (mut stored, mut fresh) = (stored, fresh);
    while !stored.is_empty() && !fresh.is_empty() {
        match (number(stored), number(fresh)) {
            (Some((one, length)), Some((other, other_length))) => {
                if !is_near(&stored[..length], one, &fresh[..other_length], other) {
                    return false;
                }
                (stored, fresh) = (&stored[length..], &fresh[other_length..]);
            }
            (None, None) => {
                let (mut left, mut right) = (stored.chars(), fresh.chars());
                if left.next() != right.next() {
                    return false;
                }
                (stored, fresh) = (left.as_str(), right.as_str());
            }
            _ => return false,
        }
    }
    stored.is_empty() && fresh.is_empty()
}

/// The number at the start of `text`, and how long it is written.
fn number(text: &str) -> Option<(f64, usize)> {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || "+-.e".contains(c)))
        .unwrap_or(text.len());
    // `10-5` in a path is two numbers.
    (1..=end)
        .rev()
        .find_map(|length| Some((text[..length].parse().ok()?, length)))
}

/// Whether two numbers differ by one in the last printed digit at most.
fn is_near(stored: &str, one: f64, fresh: &str, other: f64) -> bool {
    let digits = |text: &str| {
        text.split_once('.')
            .map_or(0, |(_, fraction)| fraction.len())
    };
    let last_digit = 10_f64.powi(-(digits(stored).min(digits(fresh)) as i32));
    let allowed = (last_digit * 1.001).max(RELATIVE * one.abs().max(other.abs()));
    (one - other).abs() <= allowed
}

impl fmt::Display for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Token::Text(text) => write!(out, "{text}"),
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

    fn told(stored: &str, fresh: &str) -> String {
        let changes: Vec<_> = changes(stored, fresh)
            .iter()
            .map(Change::to_string)
            .collect();
        changes.join("\n")
    }

    #[test]
    fn tags_attributes_and_texts_are_told_apart() {
        let markup = "<!-- x --><a href='b>c' hidden>x  <br/>\n y</a>< ";
        let lines: Vec<_> = tokens(markup).iter().map(Token::to_string).collect();
        assert_eq!(
            lines,
            [
                "<a href=\"b>c\" hidden=\"\">",
                "x",
                "<br>",
                "y",
                "</a>",
                "<>"
            ]
        );
    }

    #[test]
    fn html_is_compared_by_tags_and_text() {
        assert_eq!(told("<b>a  b</b>\n", "<b>a b</b>"), "");
        assert_eq!(told("<td>1.5ms</td>", "<td>1.7ms</td>"), "");
        assert_eq!(
            told("<td>1.5</td>", "<td>1.6</td>"),
            "  <td>\n- 1.5\n+ 1.6\n  </td>"
        );
        assert_ne!(told("<td colspan=\"2\">", "<td colspan=\"3\">"), "");
        assert_ne!(told("<td>1</td>", "<th>1</th>"), "");
    }

    #[test]
    fn coordinates_and_colours_of_svg_may_differ_in_the_last_digit() {
        let svg = |rest: &str| format!("<svg>{rest}</svg>");
        for (stored, fresh) in [
            ("<path d=\"M10.5 20L7-3\"/>", "<path d=\"M10.6 20L7-4\"/>"),
            (
                "<polyline points=\"76,50 106,50 \"/>",
                "<polyline points=\"77,50 105,50 \"/>",
            ),
            (
                "<rect x=\"14.516129032258064\"/>",
                "<rect x=\"14.516129032258071\"/>",
            ),
            ("<rect fill=\"#D4E4F4\"/>", "<rect fill=\"#D5E3F4\"/>"),
        ] {
            assert_eq!(told(&svg(stored), &svg(fresh)), "");
        }
    }

    #[test]
    fn structure_labels_and_larger_moves_of_svg_count() {
        let svg = |rest: &str| format!("<svg>{rest}</svg>");
        for (stored, fresh) in [
            ("<rect x=\"10\"/>", "<rect x=\"12\"/>"),
            ("<rect x=\"0.5\"/>", "<rect x=\"0.7\"/>"),
            ("<path d=\"M1 2\"/>", "<path d=\"L1 2\"/>"),
            ("<path d=\"M1 2\"/>", "<path d=\"M1 2 3\"/>"),
            ("<rect fill=\"#D4E4F4\"/>", "<rect fill=\"#D4E4F7\"/>"),
            ("<rect fill=\"red\"/>", "<rect fill=\"blue\"/>"),
            ("<text>0.18</text>", "<text>0.19</text>"),
            ("<rect stroke-width=\"1\"/>", "<rect stroke-width=\"2\"/>"),
            ("<rect/>", "<circle/>"),
            ("<rect/>", "<rect/><rect/>"),
        ] {
            assert_ne!(told(&svg(stored), &svg(fresh)), "", "{stored}");
        }
        insta::assert_snapshot!(told("<svg><text x=\"1\">a</text></svg>", "<svg><text x=\"2\">b</text></svg>"), @r#"
          <text x="1">
        - a
        + b
          </text>
        "#);
    }
}
