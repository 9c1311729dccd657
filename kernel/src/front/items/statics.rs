//! The statics of an item. They keep their value over the cells, so later ones only declare them.

use super::parts::Place;
use ra_ap_syntax::ast::{self, AstNode as _, HasAttrs as _, HasName as _, HasVisibility as _};
use ra_ap_syntax::{Edition, SourceFile, SyntaxKind, SyntaxNode};
use std::ops::Range;

const EDITION: Edition = Edition::Edition2024;

/// A static within an item, or a variable of `thread_local!`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaticPlace {
    /// Where the definition stands in the cell, without its attributes.
    pub range: Range<usize>,
    /// It as a declaration, without the word `safe` and the semicolon: `pub static N: u32`.
    pub declaration: String,
    /// How the cell that defines it exports it.
    pub export: Export,
}

/// How the cell that defines a static exports it under a symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Export {
    /// By an attribute of the definition.
    Itself,
    /// By another static that holds the constant of this name and type.
    Constant {
        /// The constant.
        name: String,
        /// Its type.
        ty: String,
    },
}

impl Place {
    /// The statics in an item, at its top or within its functions and modules, and the variables of
    /// `thread_local!` there.
    pub fn statics(&self, node: &SyntaxNode) -> Vec<StaticPlace> {
        let statics = node.descendants().filter_map(ast::Static::cast);
        let mut places: Vec<_> = statics.filter_map(|it| self.static_place(&it)).collect();
        let calls = node.descendants().filter_map(ast::MacroCall::cast);
        for call in calls {
            places.extend(self.thread_locals(&call));
        }
        places
    }

    /// The variables that a call of `thread_local!` defines: constants, each with the function that finds the value.
    /// A static can hold the same, and later cells find that.
    fn thread_locals(&self, call: &ast::MacroCall) -> Vec<StaticPlace> {
        let name = call.path().and_then(|path| path.segment()?.name_ref());
        let body = call.token_tree().map(|it| it.syntax().text().to_string());
        let (Some(name), Some(body)) = (name, body) else {
            return Vec::new();
        };
        let inner = body.get(1..body.len().saturating_sub(1));
        let Some(inner) = inner.filter(|_| name.text() == "thread_local") else {
            return Vec::new();
        };
        let parse = SourceFile::parse(
            &format!("{};", inner.trim_end_matches([';', ' ', '\n'])),
            EDITION,
        );
        if !parse.errors().is_empty() {
            return Vec::new();
        }
        let outer = call.syntax().ancestors().skip(1);
        let outer = outer
            .take_while(|it| matches!(it.kind(), SyntaxKind::MACRO_EXPR | SyntaxKind::EXPR_STMT))
            .last();
        let mut range = self.range(outer.as_ref().unwrap_or(call.syntax()));
        let mut places = Vec::new();
        let tree = parse.syntax_node();
        for it in tree.children().filter_map(ast::Static::cast) {
            let (Some(name), Some(ty)) = (it.name(), it.ty()) else {
                return Vec::new();
            };
            let visibility = it
                .visibility()
                .map(|it| format!("{it} "))
                .unwrap_or_default();
            let ty = format!("::std::thread::LocalKey<{}>", with_lifetimes(&ty)).replace('\n', " ");
            places.push(StaticPlace {
                range: range.clone(),
                declaration: format!("{visibility}safe static {name}: {ty}"),
                export: Export::Constant {
                    name: name.to_string(),
                    ty,
                },
            });
            // The first takes the place of the call, the others stand behind it.
            range.start = range.end;
        }
        places
    }

    fn static_place(&self, it: &ast::Static) -> Option<StaticPlace> {
        let plain = |attribute: ast::Attr| {
            let text = attribute.syntax().text().to_string();
            ["#[allow", "#[expect", "#[doc"]
                .iter()
                .any(|known| text.starts_with(known))
        };
        if !it.attrs().all(plain) || it.body().is_none() {
            return None;
        }
        let first = it
            .syntax()
            .children_with_tokens()
            .find(|child| matches!(child.kind(), SyntaxKind::VISIBILITY | SyntaxKind::STATIC_KW))?;
        let start = usize::from(first.text_range().start()) - self.start;
        let name = it.name()?;
        let ty = it.ty()?;
        let visibility = first.kind() == SyntaxKind::VISIBILITY;
        let visibility = if visibility {
            format!("{first} ")
        } else {
            String::new()
        };
        let mutable = it.mut_token().is_some();
        let safe = if mutable { "static mut" } else { "safe static" };
        Some(StaticPlace {
            range: start..self.range(it.syntax()).end,
            declaration: format!("{visibility}{safe} {name}: {}", with_lifetimes(&ty))
                .replace('\n', " "),
            export: Export::Itself,
        })
    }
}

/// The type of a static with the lifetimes written out that a declaration may not leave out.
fn with_lifetimes(ty: &ast::Type) -> String {
    let start = usize::from(ty.syntax().text_range().start());
    let within_function = |node: &SyntaxNode| {
        let around = node.ancestors().take_while(|it| it != ty.syntax());
        around.chain([ty.syntax().clone()]).any(|it| {
            ast::FnPtrType::can_cast(it.kind()) || ast::ParenthesizedArgList::can_cast(it.kind())
        })
    };
    let references = ty.syntax().descendants().filter_map(ast::RefType::cast);
    let mut text = ty.to_string();
    let bare: Vec<usize> = references
        .filter(|it| it.lifetime().is_none() && !within_function(it.syntax()))
        .filter_map(|it| it.amp_token())
        .map(|amp| usize::from(amp.text_range().end()) - start)
        .collect();
    for at in bare.into_iter().rev() {
        text.insert_str(at, "'static ");
    }
    text
}
