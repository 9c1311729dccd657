//! What of an item decides how values are laid out.

use crate::front::names::{identifiers, normal};
use ra_ap_syntax::ast::{self, AstNode as _};
use ra_ap_syntax::{SyntaxKind, SyntaxNode, SyntaxToken};
use std::collections::BTreeSet;

/// The words of an item that decide how values are laid out: all but comments, documentation, what is derived,
/// and the bodies of functions that can't be called in a type.
pub fn shape(node: &SyntaxNode) -> String {
    let tokens = tokens(node)
        .filter(|token| {
            !token
                .parent_ancestors()
                .take_while(|it| it != node)
                .any(|it| is_shapeless(&it))
        })
        .map(|token| normal(token.text()));
    let mut words: Vec<String> = Vec::new();
    for word in tokens {
        // A comma after the last field changes nothing.
        if word == "}" && words.last().is_some_and(|last| last == ",") {
            words.pop();
        }
        words.push(word);
    }
    words.join(" ")
}

fn is_shapeless(node: &SyntaxNode) -> bool {
    if let Some(attribute) = ast::Attr::cast(node.clone()) {
        let text = attribute.syntax().text().to_string();
        return ["#[derive", "#[doc", "#[allow"]
            .iter()
            .any(|it| text.starts_with(it));
    }
    let function = node.parent().and_then(ast::Fn::cast);
    node.kind() == SyntaxKind::BLOCK_EXPR && function.is_some_and(|it| it.const_token().is_none())
}

/// The tokens of a node that mean something.
pub fn tokens(node: &SyntaxNode) -> impl Iterator<Item = SyntaxToken> {
    let tokens = node.descendants_with_tokens();
    tokens
        .filter_map(|it| it.into_token())
        .filter(|token| !token.kind().is_trivia())
}

/// The names in a shape that mean something else: not those of its fields and functions.
pub fn used_names(shape: &str) -> BTreeSet<String> {
    let words: Vec<&str> = shape.split(' ').collect();
    let used = words.iter().enumerate().filter(|(index, _)| {
        let before = index.checked_sub(1).and_then(|index| words.get(index));
        before != Some(&"fn") && words.get(index + 1) != Some(&":")
    });
    used.flat_map(|(_, word)| names_in(word)).collect()
}

/// The names in a shape.
pub fn names_in(shape: &str) -> BTreeSet<String> {
    identifiers(shape).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use crate::front::items::Item;
    use crate::front::parsed::Parsed;

    fn item(code: &str) -> Item {
        Parsed::of(code).items.remove(0)
    }

    #[test]
    fn comments_derives_and_bodies_do_not_change_a_shape() {
        let shape = |code: &str| item(code).shape;
        assert_eq!(
            shape("#[derive(Debug)]\n/// Text.\nstruct A { x: u8 } // note"),
            shape("struct A {\n    x: u8, }")
        );
        assert_ne!(shape("struct A { x: u8 }"), shape("struct A { x: u16 }"));
        assert_eq!(
            shape("trait A { fn f(&self) {} }"),
            shape("trait A { fn f(&self) { 1; } }")
        );
        assert_ne!(
            shape("trait A { fn f(); fn g(); }"),
            shape("trait A { fn g(); fn f(); }")
        );
        assert_ne!(
            shape("const fn f() -> usize { 1 }"),
            shape("const fn f() -> usize { 2 }")
        );
    }
}
