//! Names as Rust compares them: without `r#`, and in Unicode's composed form.

use ra_ap_syntax::ast::{self, AstNode as _};
use ra_ap_syntax::{NodeOrToken, SyntaxKind, SyntaxNode};
use std::collections::BTreeSet;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// The name as it is compared.
pub fn normal(name: &str) -> String {
    let name = name.strip_prefix("r#").unwrap_or(name);
    if name.is_ascii() || is_nfc(name) {
        name.to_owned()
    } else {
        name.nfc().collect()
    }
}

/// The name of a definition.
pub fn name_of(name: &ast::Name) -> String {
    normal(name.syntax().text().to_string().trim())
}

/// The identifiers in `text`.
pub fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|character: char| {
        !(character.is_alphanumeric() || character == '_' || is_mark(character))
    });
    words.filter(|word| !word.is_empty() && !word.starts_with(|it: char| it.is_ascii_digit()))
}

/// Whether the character may continue a name without being a letter: a combining accent, a joiner.
fn is_mark(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
}

/// The names that a piece of a cell mentions, those that a format string captures too.
pub fn mentioned(node: &SyntaxNode) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for token in node
        .descendants_with_tokens()
        .filter_map(NodeOrToken::into_token)
    {
        match token.kind() {
            SyntaxKind::STRING => {
                let in_macro = token
                    .parent()
                    .is_some_and(|it| it.kind() == SyntaxKind::TOKEN_TREE);
                if in_macro {
                    names.extend(identifiers(token.text()).map(normal));
                }
            }
            kind if kind == SyntaxKind::IDENT
                || kind.is_keyword(ra_ap_syntax::Edition::Edition2024) =>
            {
                names.insert(normal(token.text()));
            }
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_their_form() {
        assert_eq!(normal("r#match"), "match");
        assert_eq!(normal("cafe\u{301}"), "café");
        let found: Vec<&str> = identifiers("{x:>5} and {größe} 1e5 cafe\u{301}").collect();
        assert_eq!(found, ["x", "and", "größe", "cafe\u{301}"]);
    }
}
