//! Parts of an item that can be replaced by themselves: the names of an import, the members of an `impl`.

use super::shape::shape;
use crate::front::names::{name_of, normal};
use ra_ap_syntax::ast::{self, AstNode as _, HasName as _};
use ra_ap_syntax::{SyntaxKind, SyntaxNode};
use std::ops::Range;

/// A part of an item that can be replaced by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name, if it has one: a star brings no name, and `as _` neither.
    pub name: Option<String>,
    /// What it says.
    pub text: String,
    /// Where it stands in the cell.
    pub range: Range<usize>,
}

/// Turns places of the parsed text into those of the cell.
pub struct Place {
    /// Where the cell starts in it.
    pub start: usize,
}

impl Place {
    /// Where the node stands in the cell.
    pub fn range(&self, node: &SyntaxNode) -> Range<usize> {
        let range = node.text_range();
        usize::from(range.start()) - self.start..usize::from(range.end()) - self.start
    }

    /// The names that an import brings, each with the place of its part.
    pub fn leaves(&self, import: &ast::Use) -> Vec<Part> {
        let mut parts = Vec::new();
        if let Some(tree) = import.use_tree() {
            self.add_leaves(&tree, "", self.range(import.syntax()), &mut parts);
        }
        parts
    }

    fn add_leaves(
        &self,
        tree: &ast::UseTree,
        before: &str,
        range: Range<usize>,
        parts: &mut Vec<Part>,
    ) {
        let own = tree.path().map(|path| path.syntax().text().to_string());
        let own: String = own.unwrap_or_default().split_whitespace().collect();
        let path = match (before.is_empty(), own.is_empty()) {
            (true, _) => own,
            (false, true) => before.to_owned(),
            (false, false) => format!("{before}::{own}"),
        };
        if let Some(list) = tree.use_tree_list() {
            for inner in list.use_trees() {
                // With the comma behind it.
                let comma = inner
                    .syntax()
                    .next_sibling_or_token()
                    .filter(|next| next.kind() == SyntaxKind::COMMA);
                let mut range = self.range(inner.syntax());
                if let Some(comma) = comma {
                    range.end = usize::from(comma.text_range().end()) - self.start;
                }
                self.add_leaves(&inner, &path, range, parts);
            }
            return;
        }
        let star = tree.star_token().is_some();
        let name = match tree.rename() {
            Some(rename) => rename.name().map(|name| name_of(&name)),
            None if star => None,
            None => {
                let path = path.strip_suffix("::self").unwrap_or(&path);
                path.rsplit("::").next().map(normal)
            }
        };
        let rename = tree.rename().map(|it| it.syntax().text().to_string());
        parts.push(Part {
            name,
            text: format!(
                "{path}{}{}",
                if star { "::*" } else { "" },
                rename.unwrap_or_default()
            ),
            range,
        });
    }

    /// The functions, constants and types of an `impl` block.
    pub fn members(&self, block: &ast::Impl) -> Vec<Part> {
        let list = block.assoc_item_list();
        let items = list
            .into_iter()
            .flat_map(|list| list.assoc_items().collect::<Vec<_>>());
        items
            .map(|item| {
                let name = match &item {
                    ast::AssocItem::Const(it) => it.name(),
                    ast::AssocItem::Fn(it) => it.name(),
                    ast::AssocItem::TypeAlias(it) => it.name(),
                    ast::AssocItem::MacroCall(_) => None,
                };
                let layout = matches!(
                    item,
                    ast::AssocItem::Const(_) | ast::AssocItem::TypeAlias(_)
                );
                Part {
                    name: name.map(|name| name_of(&name)),
                    text: if layout {
                        shape(item.syntax())
                    } else {
                        String::new()
                    },
                    range: self.range(item.syntax()),
                }
            })
            .collect()
    }
}
