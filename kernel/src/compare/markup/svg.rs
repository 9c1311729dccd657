//! Pictures by structure.
//!
//! The same picture is written in many ways: libraries invent names for clipping paths and marks anew in each run,
//! note the date, and close empty elements in two ways. What is left after this is what is drawn.

use super::tokens::Token;
use std::collections::BTreeMap;

/// The element for what is said about a picture: its author, program and date.
const ABOUT: &str = "metadata";

/// The pieces, in which each picture is written in one way: invented names are numbered, style is told by attributes,
/// what is said about the picture is left out, and an empty element has no closing tag.
pub fn by_structure(tokens: Vec<Token>) -> Vec<Token> {
    let names = numbered(&tokens);
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut about = false;
    for mut token in tokens {
        let Token::Tag {
            name,
            attributes,
            in_svg: true,
        } = &mut token
        else {
            if !about {
                kept.push(token);
            }
            continue;
        };
        if name.trim_start_matches('/') == ABOUT {
            about = !name.starts_with('/');
            continue;
        }
        let closes_empty = name
            .strip_prefix('/')
            .is_some_and(|opened| kept.last().is_some_and(|last| last.name() == opened));
        if about || closes_empty {
            continue;
        }
        for (key, value) in &mut *attributes {
            if key == "id" {
                if let Some(number) = names.get(value.as_str()) {
                    value.clone_from(number);
                }
            } else if value.contains('#') {
                *value = renamed(value, &names);
            }
        }
        split_style(attributes);
        kept.push(token);
    }
    kept
}

/// A number for each name that an element of a picture has, in order.
fn numbered(tokens: &[Token]) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for token in tokens {
        if let Token::Tag { in_svg: true, .. } = token
            && let Some(id) = token.attribute("id")
        {
            let number = format!("id-{}", names.len() + 1);
            names.entry(id.to_owned()).or_insert(number);
        }
    }
    names
}

/// `url(#p1a2b)` and `#p1a2b` with the number of the name.
fn renamed(value: &str, names: &BTreeMap<String, String>) -> String {
    let mut parts = value.split('#');
    let mut renamed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find([')', '"', '\'', ' ', ';']).unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        renamed.push('#');
        renamed.push_str(names.get(name).map_or(name, String::as_str));
        renamed.push_str(rest);
    }
    renamed
}

/// `style="fill: #fff; stroke: red"` as the attributes `fill` and `stroke`, by name.
fn split_style(attributes: &mut Vec<(String, String)>) {
    let Some(index) = attributes.iter().position(|(key, _)| key == "style") else {
        return;
    };
    let (_, style) = attributes.remove(index);
    for declaration in style.split(';') {
        if let Some((key, value)) = declaration.split_once(':') {
            attributes.push((key.trim().to_owned(), value.trim().to_owned()));
        }
    }
    attributes.sort();
}

#[cfg(test)]
mod tests {
    use super::super::changes;
    use crate::compare::Rules;

    fn same(stored: &str, fresh: &str) -> bool {
        let svg = |rest: &str| format!("<?xml version=\"1.0\"?>\n<svg>{rest}</svg>");
        changes(&svg(stored), &svg(fresh), &Rules::STRICT).is_empty()
    }

    #[test]
    fn the_same_picture_may_be_written_in_other_ways() {
        for (stored, fresh) in [
            (
                "<clipPath id=\"p1a2b\"><rect/></clipPath><g clip-path=\"url(#p1a2b)\"/><use xlink:href=\"#p1a2b\"/>",
                "<clipPath id=\"pffff\"><rect/></clipPath><g clip-path=\"url(#pffff)\"/><use xlink:href=\"#pffff\"/>",
            ),
            ("<rect x=\"1\" y=\"2\"/>", "<rect y=\"2\" x=\"1\"></rect>"),
            (
                "<metadata><date>2026-01-01</date></metadata><g/>",
                "<metadata><date>2026-11-28</date></metadata><g/>",
            ),
            (
                "<path style=\"fill: #d4e4f4; stroke-width: 2\"/>",
                "<path style=\"stroke-width:2;fill:#D5E4F4\"/>",
            ),
        ] {
            assert!(same(stored, fresh), "{stored}");
        }
    }

    #[test]
    fn what_is_drawn_counts() {
        for (stored, fresh) in [
            (
                "<g id=\"a\"/><g id=\"b\"/><use href=\"#a\"/>",
                "<g id=\"a\"/><g id=\"b\"/><use href=\"#b\"/>",
            ),
            ("<g/><rect/>", "<g><rect/></g>"),
            (
                "<path style=\"fill: red\"/>",
                "<path style=\"fill: blue\"/>",
            ),
            (
                "<metadata>a</metadata><text>a</text>",
                "<metadata>a</metadata><text>b</text>",
            ),
        ] {
            assert!(!same(stored, fresh), "{stored}");
        }
    }
}
