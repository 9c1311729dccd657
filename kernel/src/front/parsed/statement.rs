//! The statements of a cell, and the variables that they define.

use crate::front::items::Item;
use crate::front::names::{mentioned, name_of, normal};
use ra_ap_syntax::SyntaxNode;
use ra_ap_syntax::ast::{self, AstNode as _, HasName as _};
use std::collections::BTreeSet;
use std::ops::Range;

/// A statement of a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statement {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// The names that it mentions, but for those that it defines.
    pub mentions: BTreeSet<String>,
    /// The variables that it defines, if it is a `let`.
    pub binds: Vec<Binding>,
    /// The macro that it calls, if it is such a call and nothing else.
    pub macro_call: Option<MacroCall>,
}

/// A call of a macro that stands as a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MacroCall {
    /// The macro's name.
    pub name: String,
    /// The call as an item, in case the macro defines items.
    pub item: Box<Item>,
}

/// A variable that a `let` defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Its name.
    pub name: String,
    /// Whether it can be changed.
    pub mutable: bool,
    /// Whether the name is all that the pattern holds; within other patterns it may be a constant.
    pub alone: bool,
}

impl Statement {
    /// The statement that `node` is; `start` is the place of the cell in the parsed text.
    pub fn of(node: &SyntaxNode, start: usize) -> Statement {
        let range = range_of(node, start);
        let Some(statement) = ast::LetStmt::cast(node.clone()) else {
            return Statement {
                range,
                mentions: mentioned(node),
                binds: Vec::new(),
                macro_call: macro_call(node, start),
            };
        };
        let Some(pattern) = statement.pat() else {
            return Statement {
                range,
                mentions: mentioned(node),
                ..Statement::default()
            };
        };
        let alone = matches!(pattern, ast::Pat::IdentPat(_));
        let patterns = pattern
            .syntax()
            .descendants()
            .filter_map(ast::IdentPat::cast);
        let binds: Vec<Binding> = patterns
            .filter_map(|pattern| {
                let mutable = pattern.mut_token().is_some() && pattern.ref_token().is_none();
                Some(Binding {
                    name: name_of(&pattern.name()?),
                    mutable,
                    alone,
                })
            })
            .collect();
        let mut mentions = BTreeSet::new();
        for child in node.children() {
            let mut names = mentioned(&child);
            if child == *pattern.syntax() {
                names.retain(|name| binds.iter().all(|it| it.name != *name));
            }
            mentions.extend(names);
        }
        Statement {
            range,
            mentions,
            binds,
            macro_call: None,
        }
    }
}

/// Where the node stands in the cell.
pub fn range_of(node: &SyntaxNode, start: usize) -> Range<usize> {
    let range = node.text_range();
    usize::from(range.start()) - start..usize::from(range.end()) - start
}

fn macro_call(node: &SyntaxNode, start: usize) -> Option<MacroCall> {
    let call = match ast::ExprStmt::cast(node.clone()) {
        Some(statement) => statement.expr()?,
        None => ast::Expr::cast(node.clone())?,
    };
    let ast::Expr::MacroExpr(call) = call else {
        return None;
    };
    let path = call.macro_call()?.path()?;
    let name = path.segment()?.name_ref()?;
    Some(MacroCall {
        name: normal(name.text()),
        item: Box::new(Item::of_macro_call(node, start)),
    })
}

/// Whether the statement itself waits for a future, and not only a function, block or closure in it.
pub fn awaits(node: &SyntaxNode) -> bool {
    node.descendants()
        .filter_map(ast::AwaitExpr::cast)
        .any(|it| {
            let around = it.syntax().ancestors().take_while(|it| it != node);
            !around.chain([node.clone()]).any(|it| {
                let asynchronous = |token: Option<_>| token.is_some();
                ast::Fn::can_cast(it.kind())
                    || ast::BlockExpr::cast(it.clone())
                        .is_some_and(|it| asynchronous(it.async_token()))
                    || ast::ClosureExpr::cast(it).is_some_and(|it| asynchronous(it.async_token()))
            })
        })
}
