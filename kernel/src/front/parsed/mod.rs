//! A cell, taken apart: commands, items, statements, and the variables that each statement mentions and defines.
//!
//! - [`statement`]: statements, and what they define.
//! - [`macros`]: macros that define items.

mod macros;
mod statement;

pub use macros::defines_items;
pub use statement::Statement;

use super::items::Item;
use super::syntax::{SyntaxError, first_error};
use crate::toolchain::text::line_of;
use ra_ap_syntax::ast::{self, AstNode as _, HasModuleItem as _};
use ra_ap_syntax::{Edition, SourceFile, SyntaxKind, SyntaxNode};
use statement::{awaits, range_of};
use std::collections::BTreeSet;
use std::ops::Range;

/// What a cell is wrapped in to be parsed as the body of a function.
pub const OPEN: &str = "fn cell(){";
const CLOSE: &str = "\n}";

/// A cell, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The cell as it was written.
    pub code: String,
    /// Its leading lines that are commands, with their numbers.
    pub commands: Vec<(usize, String)>,
    /// Where its Rust starts, in bytes.
    pub rust_start: usize,
    /// Attributes of the whole crate.
    pub attributes: Vec<String>,
    /// Its items.
    pub items: Vec<Item>,
    /// What is left: its statements, in order.
    pub statements: Vec<Statement>,
    /// Where its last expression stands, if it ends in one.
    pub result: Option<Range<usize>>,
    /// Whether a statement waits for a future.
    pub awaits: bool,
    /// The first place at which it is no Rust, whatever the names in it mean.
    pub syntax_error: Option<SyntaxError>,
}

impl Parsed {
    /// Takes `code` apart; `is_rust` says of a line that begins with `!` whether it is Rust.
    pub fn of(code: &str) -> Parsed {
        Parsed::with(code, |_| false)
    }

    /// Takes `code` apart; `is_rust` says of a line that begins with `!` whether it is Rust and no shell command.
    pub fn with(code: &str, is_rust: impl Fn(&str) -> bool) -> Parsed {
        let (commands, rust_start) = split_commands(code, is_rust);
        let mut parsed = Parsed {
            code: code.to_owned(),
            commands,
            rust_start,
            ..Parsed::default()
        };
        let rust = &code[rust_start..];
        let parse = parse(rust);
        // Places of the parsed text, as places of the cell.
        let start = OPEN.len();
        parsed.syntax_error = first_error(&parse, rust, start).map(|mut error| {
            error.line += line_of(code, rust_start) - 1;
            error
        });
        let nodes = statements(&parse, rust);
        let Some(last) = nodes.last().cloned() else {
            return parsed;
        };
        for node in nodes {
            if let Some(attribute) = ast::Attr::cast(node.clone()) {
                parsed
                    .attributes
                    .push(attribute.syntax().text().to_string());
            } else if let Some(item) = Item::of(&node, start) {
                parsed.items.push(item);
            } else {
                parsed.awaits |= awaits(&node);
                if node == last && ast::Expr::can_cast(node.kind()) {
                    parsed.result = Some(range_of(&node, start));
                }
                parsed.statements.push(Statement::of(&node, start));
            }
        }
        parsed.shift(rust_start);
        parsed
    }

    /// Moves all places by what stands before the Rust.
    fn shift(&mut self, by: usize) {
        let move_range = |range: &mut Range<usize>| {
            range.start += by;
            range.end += by;
        };
        for item in &mut self.items {
            shift_item(item, by);
        }
        for statement in &mut self.statements {
            move_range(&mut statement.range);
            if let Some(call) = &mut statement.macro_call {
                shift_item(&mut call.item, by);
            }
        }
        if let Some(range) = &mut self.result {
            move_range(range);
        }
    }

    /// Makes items of the statements that call macros which define items.
    pub fn move_macro_calls(&mut self, defines_items: impl Fn(&str) -> bool) {
        let (calls, statements): (Vec<_>, Vec<_>) = std::mem::take(&mut self.statements)
            .into_iter()
            .partition(|it| {
                it.macro_call
                    .as_ref()
                    .is_some_and(|call| defines_items(&call.name))
            });
        self.statements = statements;
        if calls
            .iter()
            .any(|call| Some(&call.range) == self.result.as_ref())
        {
            self.result = None;
        }
        let items = calls.into_iter().filter_map(|it| it.macro_call);
        self.items.extend(items.map(|call| *call.item));
    }

    /// Whether there is anything to run or to define.
    pub fn has_rust(&self) -> bool {
        !(self.items.is_empty() && self.statements.is_empty() && self.attributes.is_empty())
            || self.syntax_error.is_some()
    }

    /// The variables that it needs from earlier cells, if there are any of these names.
    pub fn needs(&self) -> BTreeSet<String> {
        let mut defined: BTreeSet<&str> = BTreeSet::new();
        let mut needs = BTreeSet::new();
        for statement in &self.statements {
            let free = statement.mentions.iter();
            needs.extend(
                free.filter(|name| !defined.contains(name.as_str()))
                    .cloned(),
            );
            defined.extend(statement.binds.iter().map(|it| it.name.as_str()));
        }
        needs
    }
}

fn shift_item(item: &mut Item, by: usize) {
    let move_range = |range: &mut Range<usize>| {
        range.start += by;
        range.end += by;
    };
    move_range(&mut item.range);
    item.parts
        .iter_mut()
        .for_each(|part| move_range(&mut part.range));
    item.statics
        .iter_mut()
        .for_each(|it| move_range(&mut it.range));
}

/// Parses the cell's Rust as the body of a function.
pub fn parse(rust: &str) -> ra_ap_syntax::Parse<SourceFile> {
    SourceFile::parse(&format!("{OPEN}{rust}{CLOSE}"), Edition::Edition2024)
}

/// The statements, items and the last expression of a cell.
fn statements(parse: &ra_ap_syntax::Parse<SourceFile>, rust: &str) -> Vec<SyntaxNode> {
    let item = parse.tree().items().next();
    let Some(ast::Item::Fn(function)) = item else {
        return Vec::new();
    };
    let list = function.body().and_then(|body| body.stmt_list());
    let nodes = list
        .map(|list| list.syntax().children().collect::<Vec<_>>())
        .unwrap_or_default();
    let inside =
        |node: &SyntaxNode| usize::from(node.text_range().end()) <= OPEN.len() + rust.len();
    nodes
        .into_iter()
        .filter(|node| inside(node) && node.kind() != SyntaxKind::ERROR)
        .collect()
}

/// The leading lines that are evcxr's commands, with their numbers, and where the Rust starts behind them, and
/// behind comments and empty lines. Documentation belongs to the item below it.
pub fn split_commands(code: &str, is_rust: impl Fn(&str) -> bool) -> (Vec<(usize, String)>, usize) {
    let mut start = 0;
    let mut commands = Vec::new();
    for (index, line) in code.split_inclusive('\n').enumerate() {
        let text = line.trim();
        let colon = text.starts_with(':') && !text.starts_with("::");
        let shell = line.starts_with('!') && !is_rust(&code[start..]);
        if colon || shell {
            commands.push((index + 1, text.to_owned()));
        } else if !(text.is_empty() || line.starts_with("//") && !line.starts_with("///")) {
            break;
        }
        start += line.len();
    }
    (commands, start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bindings(code: &str) -> Vec<String> {
        let parsed = Parsed::of(code);
        let binds = parsed.statements.into_iter().flat_map(|it| it.binds);
        binds
            .map(|it| format!("{}{}", if it.mutable { "mut " } else { "" }, it.name))
            .collect()
    }

    #[test]
    fn each_let_defines_its_variables() {
        for (code, expected) in [
            (
                "let mut a = 1; // one\nlet (b, _) = (2, 3);\nb",
                vec!["mut a", "b"],
            ),
            ("let X = vec![1];", vec!["X"]),
            ("let r#match = 1; let café = 2;", vec!["match", "café"]),
            ("let Point { x, y: mut z } = p;", vec!["x", "mut z"]),
            ("if true { let y = 1; }", vec![]),
            ("let late; late = 1;", vec!["late"]),
        ] {
            assert_eq!(bindings(code), expected, "{code}");
        }
    }

    #[test]
    fn a_cell_needs_what_it_mentions_before_it_defines_it() {
        for (code, expected) in [
            ("let a = a + 1;", vec!["a"]),
            ("let a = 1; a + b", vec!["b"]),
            ("println!(\"{c} {}\", d);", vec!["c", "d", "println"]),
            ("r#match + 1", vec!["match"]),
        ] {
            let needs: Vec<String> = Parsed::of(code).needs().into_iter().collect();
            assert_eq!(needs, expected, "{code}");
        }
    }

    #[test]
    fn items_and_statements_know_their_places() {
        let code = ":opt 1\n// note\nfn f() {\n}\nlet a = f();\na";
        let parsed = Parsed::of(code);
        assert_eq!(parsed.commands, [(1, ":opt 1".to_owned())]);
        assert_eq!(&code[parsed.items[0].range.clone()], "fn f() {\n}");
        assert_eq!(&code[parsed.statements[0].range.clone()], "let a = f();");
        assert_eq!(&code[parsed.result.clone().unwrap()], "a");
    }

    #[test]
    fn a_line_that_begins_with_two_colons_is_rust() {
        let parsed = Parsed::of("// a comment\n\n::std::process::id();");
        assert!(parsed.commands.is_empty());
        assert_eq!(parsed.statements.len(), 1);
    }

    #[test]
    fn waiting_in_an_asynchronous_block_is_not_the_cells() {
        for (code, expected) in [
            ("later().await + 1", true),
            ("let a = async { later().await };", false),
            ("if x { f(later().await) }", true),
        ] {
            assert_eq!(Parsed::of(code).awaits, expected, "{code}");
        }
    }
}
