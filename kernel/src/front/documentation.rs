//! What a notebook says of its own items: `:doc NAME` shows the definition and the comments above it.

use super::items::Item;
use super::names::{name_of, normal};
use ra_ap_syntax::ast::{self, AstNode as _};
use ra_ap_syntax::{Edition, SourceFile, SyntaxElement, SyntaxKind, SyntaxNode};

/// An item as its reader looks it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Documentation {
    /// Its definition, without attributes and without the bodies of functions.
    pub signature: String,
    /// The documentation comments above it, without their signs.
    pub text: String,
}

/// What `items` say of `path`: `Point`, `Point::new`, `geometry::Point`. The last definition counts.
pub fn find(items: &[Item], path: &str) -> Option<Documentation> {
    let path: Vec<String> = path.split("::").map(|name| normal(name.trim())).collect();
    let (first, rest) = path.split_first()?;
    let nodes: Vec<SyntaxNode> = items.iter().rev().flat_map(|it| nodes(&it.text)).collect();
    let mut named = nodes
        .iter()
        .filter(|node| name(node).as_ref() == Some(first));
    if rest.is_empty() {
        return named.next().map(of);
    }
    let blocks = nodes.iter().filter(|node| is_about(node, first));
    let mut around: Vec<SyntaxNode> = named.cloned().chain(blocks.cloned()).collect();
    for wanted in rest {
        let inner = around.iter().flat_map(SyntaxNode::descendants);
        around = inner
            .filter(|node| name(node).as_ref() == Some(wanted))
            .collect();
    }
    around.first().map(of)
}

/// The items in `text`.
fn nodes(text: &str) -> Vec<SyntaxNode> {
    let parse = SourceFile::parse(text, Edition::Edition2024);
    let children = parse.syntax_node().children();
    children
        .filter(|node| ast::Item::can_cast(node.kind()))
        .collect()
}

/// The name that the node defines, if it is something that has documentation.
fn name(node: &SyntaxNode) -> Option<String> {
    let documented = ast::Item::can_cast(node.kind())
        || ast::Variant::can_cast(node.kind())
        || ast::RecordField::can_cast(node.kind());
    let own = node.children().find_map(ast::Name::cast);
    own.filter(|_| documented).map(|name| name_of(&name))
}

/// Whether the node is an `impl` for the type `name`.
fn is_about(node: &SyntaxNode, name: &str) -> bool {
    let ty = ast::Impl::cast(node.clone()).and_then(|it| it.self_ty());
    let Some(ast::Type::PathType(ty)) = ty else {
        return false;
    };
    let last = ty.path().and_then(|path| path.segment()?.name_ref());
    last.is_some_and(|last| normal(last.text()) == name)
}

fn of(node: &SyntaxNode) -> Documentation {
    let mut text = Vec::new();
    let mut signature = String::new();
    for element in node.children_with_tokens() {
        match element {
            SyntaxElement::Token(token) if token.kind() == SyntaxKind::COMMENT => {
                text.extend(comment(token.text()));
            }
            SyntaxElement::Token(token) => signature.push_str(token.text()),
            SyntaxElement::Node(child) => match child.kind() {
                SyntaxKind::ATTR => text.extend(attribute(&child)),
                SyntaxKind::BLOCK_EXPR => {}
                SyntaxKind::ASSOC_ITEM_LIST | SyntaxKind::ITEM_LIST => {
                    let inner = child.children().filter(|it| name(it).is_some());
                    let inner = inner.map(|it| format!("    {}\n", of(&it).signature));
                    signature.push_str(&format!("{{\n{}}}", inner.collect::<String>()));
                }
                _ => signature.push_str(&child.text().to_string()),
            },
        }
    }
    Documentation {
        signature: signature.trim().to_owned(),
        text: text.join("\n").trim().to_owned(),
    }
}

/// What a documentation comment says; nothing if it is another.
fn comment(text: &str) -> Option<String> {
    if let Some(line) = text
        .strip_prefix("///")
        .filter(|rest| !rest.starts_with('/'))
    {
        return Some(line.strip_prefix(' ').unwrap_or(line).to_owned());
    }
    let inner = text.strip_prefix("/**")?.strip_suffix("*/")?;
    let lines = inner.lines().map(|line| {
        let line = line.trim();
        line.strip_prefix('*').unwrap_or(line).trim().to_owned()
    });
    Some(lines.collect::<Vec<_>>().join("\n"))
}

/// What an attribute `#[doc = "…"]` says.
fn attribute(node: &SyntaxNode) -> Option<String> {
    let text = node.text().to_string();
    let value = text.strip_prefix("#[doc")?.trim_start().strip_prefix('=')?;
    Some(value.trim_matches([' ', '"', ']']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front::parsed::Parsed;

    fn shown(code: &str, path: &str) -> Option<(String, String)> {
        let found = find(&Parsed::of(code).items, path)?;
        Some((found.signature, found.text))
    }

    #[test]
    fn an_item_is_shown_by_its_definition_and_comments() {
        let code = "/// A place.\n///\n/// In metres.\n#[derive(Debug)]\nstruct Point { x: f64 }\n\
            impl Point {\n    /// The start.\n    fn zero() -> Point { Point { x: 0.0 } }\n}\n\
            /** Twice\n * the number. */\nfn twice(x: f64) -> f64 { 2.0 * x }\n\
            mod inner { #[doc = \"Deep.\"] pub fn deep() {} }\n\
            enum Colour { /// Like blood.\n Red }";
        for (path, signature, text) in [
            ("Point", "struct Point { x: f64 }", "A place.\n\nIn metres."),
            ("Point::zero", "fn zero() -> Point", "The start."),
            ("twice", "fn twice(x: f64) -> f64", "Twice\nthe number."),
            ("inner::deep", "pub fn deep()", "Deep."),
            ("Colour::Red", "Red", "Like blood."),
        ] {
            let expected = (signature.to_owned(), text.to_owned());
            assert_eq!(shown(code, path), Some(expected), "{path}");
        }
        assert_eq!(shown(code, "nothing"), None);
        assert_eq!(shown(code, "Point::nothing"), None);
    }
}
