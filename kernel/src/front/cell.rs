//! A cell on its way to evcxr.
//!
//! evcxr asks rust-analyzer for the type of each variable that a cell defines, which costs more time
//! than to compile the cell. A variable with a type written down needs no analysis, so each `let`
//! is followed, on its line, by `let x: DsprepType7 = x;`. Before the compiler sees the cell, that
//! binding is taken out again, and the compiler itself finds the type (see [`crate::toolchain::types`]).

use crate::toolchain::session::{CellText, Statement};
use crate::toolchain::types::PLACEHOLDER;
use ra_ap_syntax::ast::{self, AstNode, HasModuleItem, HasName};
use ra_ap_syntax::{Edition, SourceFile, SyntaxKind, SyntaxNode};

/// What a cell is wrapped in to be parsed as the body of a function.
const OPEN: &str = "fn cell(){";
const CLOSE: &str = "\n}";

/// A cell as evcxr gets it.
#[derive(Debug, PartialEq, Eq)]
pub struct Cell {
    /// The code with a type placeholder for each new variable.
    pub code: String,
    /// The statements of the cell as they were written.
    pub statements: Vec<Statement>,
    /// What later cells can use of it.
    pub definitions: Vec<Definition>,
    /// The first place at which it is no Rust, whatever the names in it mean.
    pub syntax_error: Option<SyntaxError>,
}

/// A place at which a cell is no Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The line of the cell, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// Something that a cell defines for later ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Definition {
    /// A function, a type, an import …
    Item {
        /// Its name, or its whole text if it has none.
        name: String,
        /// Its source.
        text: String,
    },
    /// A variable.
    Variable {
        /// Its name.
        name: String,
        /// Whether it can be changed.
        mutable: bool,
        /// Its type, which may be a placeholder.
        type_name: String,
    },
}

impl Cell {
    /// Prepares `code`; new variables get the placeholders from `next_type` on.
    pub fn new(code: &str, next_type: &mut u32) -> Cell {
        let (commands, rust) = split_commands(code);
        let mut output = drop_core_dependency(commands);
        let first_line = 1 + commands.matches('\n').count();
        let nodes = statements(rust);
        let mut definitions = Vec::new();
        let mut done = 0;
        for node in &nodes {
            let end = usize::from(node.text_range().end()) - OPEN.len();
            let bindings =
                ast::LetStmt::cast(node.clone()).map(|statement| new_variables(&statement));
            for variable in bindings.unwrap_or_default() {
                output.push_str(&rust[done..end]);
                done = end;
                output.push_str(&variable.binding(*next_type));
                definitions.push(variable.definition(format!("{PLACEHOLDER}{next_type}")));
                *next_type += 1;
            }
            definitions.extend(typed_variable(node).or_else(|| item(node)));
        }
        output.push_str(&rust[done..]);
        let statements = nodes
            .iter()
            .map(|node| statement(node, rust, first_line))
            .collect();
        Cell {
            code: output,
            statements,
            definitions,
            syntax_error: syntax_error(rust, first_line),
        }
    }

    /// `code` as it is, for an engine without the stand-in.
    pub fn plain(code: &str) -> Cell {
        Cell {
            code: code.to_owned(),
            ..Cell::new(code, &mut 0)
        }
    }

    /// The statements, for the stand-in of cargo to find again.
    pub fn cell_text(&self) -> CellText {
        CellText {
            statements: self.statements.clone(),
        }
    }
}

/// Whether `code` could run as it stands, needs more lines, or can't become right by more lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// It can run.
    Complete,
    /// More has to follow.
    Incomplete,
    /// It is wrong whatever follows.
    Invalid,
}

/// Judges `code` by its syntax.
pub fn completeness(code: &str) -> Completeness {
    let (_, rust) = split_commands(code);
    if parse(rust).errors().is_empty() {
        return Completeness::Complete;
    }
    match open_brackets(rust) {
        Some(0) if ends_in_the_middle(rust) => Completeness::Incomplete,
        Some(depth) if depth > 0 => Completeness::Incomplete,
        Some(_) => Completeness::Invalid,
        None => Completeness::Incomplete,
    }
}

/// How many brackets are open at the end; nothing if a text or comment is.
fn open_brackets(rust: &str) -> Option<i32> {
    let mut depth = 0;
    for token in parse(rust)
        .syntax_node()
        .descendants_with_tokens()
        .filter_map(|it| it.into_token())
    {
        match token.kind() {
            SyntaxKind::L_CURLY | SyntaxKind::L_PAREN | SyntaxKind::L_BRACK => depth += 1,
            SyntaxKind::R_CURLY | SyntaxKind::R_PAREN | SyntaxKind::R_BRACK => depth -= 1,
            SyntaxKind::STRING if !token.text().ends_with('"') || token.text() == "\"" => {
                return None;
            }
            SyntaxKind::COMMENT
                if token.text().starts_with("/*") && !token.text().ends_with("*/") =>
            {
                return None;
            }
            _ => {}
        }
    }
    Some(depth)
}

/// Whether the code breaks off where an operand or a path has to follow.
fn ends_in_the_middle(rust: &str) -> bool {
    let end = rust.trim_end();
    [
        "=", "+", "-", "*", "/", "&&", "||", ".", ",", "::", "->", "=>",
    ]
    .iter()
    .any(|sign| end.ends_with(sign))
        && !end.ends_with("*/")
}

/// Splits off the leading lines that are evcxr's commands, comments or empty.
fn split_commands(code: &str) -> (&str, &str) {
    let mut start = 0;
    for line in code.split_inclusive('\n') {
        let text = line.trim();
        let command = line.trim_start_matches(' ').starts_with(':') || line.starts_with('!');
        if !(command || text.is_empty() || line.starts_with("//")) {
            break;
        }
        start += line.len();
    }
    code.split_at(start)
}

/// Turns `:dep dsprep-core = …` into a comment: cells are linked to the core as it is.
fn drop_core_dependency(commands: &str) -> String {
    let names_core = |line: &str| {
        let rest = line.trim_start().strip_prefix(":dep ").map(str::trim_start);
        let name = rest.map(|rest| rest.split([' ', '=']).next().unwrap_or(rest));
        name.is_some_and(|name| name.replace('_', "-") == "dsprep-core")
    };
    let lines = commands.split_inclusive('\n');
    lines
        .map(|line| {
            if names_core(line) {
                format!("//{line}")
            } else {
                line.to_owned()
            }
        })
        .collect()
}

fn syntax_error(rust: &str, first_line: usize) -> Option<SyntaxError> {
    let error = parse(rust).errors().into_iter().next()?;
    let at = usize::from(error.range().start()).saturating_sub(OPEN.len());
    let before = rust.get(..at.min(rust.len())).unwrap_or(rust);
    let line = first_line + before.trim_end().matches('\n').count();
    Some(SyntaxError {
        line,
        message: error.to_string(),
    })
}

fn parse(rust: &str) -> ra_ap_syntax::Parse<SourceFile> {
    SourceFile::parse(&format!("{OPEN}{rust}{CLOSE}"), Edition::Edition2024)
}

/// The statements, items and the last expression of a cell.
fn statements(rust: &str) -> Vec<SyntaxNode> {
    let item = parse(rust).tree().items().next();
    let Some(ast::Item::Fn(function)) = item else {
        return Vec::new();
    };
    let list = function.body().and_then(|body| body.stmt_list());
    let nodes = list
        .map(|list| list.syntax().children().collect::<Vec<_>>())
        .unwrap_or_default();
    let inside =
        |node: &SyntaxNode| usize::from(node.text_range().end()) <= OPEN.len() + rust.len();
    nodes.into_iter().filter(inside).collect()
}

fn statement(node: &SyntaxNode, rust: &str, first_line: usize) -> Statement {
    let start = usize::from(node.text_range().start()) - OPEN.len();
    let before = &rust[..start];
    let on_its_line = before.rsplit('\n').next().unwrap_or(before);
    Statement {
        line: first_line + before.matches('\n').count(),
        indent: on_its_line.chars().count(),
        text: node.text().to_string(),
    }
}

/// A variable that a `let` defines.
struct Variable {
    name: String,
    mutable: bool,
}

impl Variable {
    fn binding(&self, number: u32) -> String {
        let Variable { name, mutable } = self;
        let mutable = if *mutable { "mut " } else { "" };
        format!("let {mutable}{name}: {PLACEHOLDER}{number} = {name};")
    }

    fn definition(self, type_name: String) -> Definition {
        Definition::Variable {
            name: self.name,
            mutable: self.mutable,
            type_name,
        }
    }
}

/// The variable of a `let` with a complete type.
fn typed_variable(node: &SyntaxNode) -> Option<Definition> {
    let statement = ast::LetStmt::cast(node.clone())?;
    let ty = statement.ty().filter(is_complete_type)?;
    let Some(ast::Pat::IdentPat(pattern)) = statement.pat() else {
        return None;
    };
    variable(pattern).map(|variable| variable.definition(ty.to_string()))
}

/// The item that a node is, if it is one.
fn item(node: &SyntaxNode) -> Option<Definition> {
    let item = ast::Item::cast(node.clone())?;
    let text = item.to_string();
    let name = match &item {
        ast::Item::Const(it) => it.name(),
        ast::Item::Enum(it) => it.name(),
        ast::Item::Fn(it) => it.name(),
        ast::Item::MacroRules(it) => it.name(),
        ast::Item::Module(it) => it.name(),
        ast::Item::Static(it) => it.name(),
        ast::Item::Struct(it) => it.name(),
        ast::Item::Trait(it) => it.name(),
        ast::Item::TypeAlias(it) => it.name(),
        _ => None,
    };
    let name = name.map_or_else(|| text.clone(), |name| name.text().to_string());
    Some(Definition::Item { name, text })
}

/// The variables of a `let` whose types are not written down.
fn new_variables(statement: &ast::LetStmt) -> Vec<Variable> {
    let Some(pattern) = statement.pat() else {
        return Vec::new();
    };
    let typed = statement.ty().is_some_and(|ty| is_complete_type(&ty));
    let plain = matches!(pattern, ast::Pat::IdentPat(_));
    if statement.semicolon_token().is_none()
        || statement.initializer().is_none()
        || (typed && plain)
    {
        return Vec::new();
    }
    pattern
        .syntax()
        .descendants()
        .filter_map(ast::IdentPat::cast)
        .filter_map(variable)
        .collect()
}

fn variable(pattern: ast::IdentPat) -> Option<Variable> {
    let name = pattern.name()?.text().to_string();
    // `None` and other constants in a pattern look like variables but for their capital letter.
    let is_constant = name.starts_with(char::is_uppercase);
    let mutable = pattern.mut_token().is_some() && pattern.ref_token().is_none();
    (!is_constant).then_some(Variable { name, mutable })
}

fn is_complete_type(ty: &ast::Type) -> bool {
    let infers = |node: SyntaxNode| node.kind() == SyntaxKind::INFER_TYPE;
    !ty.syntax().descendants().any(infers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(code: &str) -> String {
        Cell::new(code, &mut 1).code
    }

    #[test]
    fn each_new_variable_gets_a_placeholder_on_its_line() {
        assert_eq!(
            prepared("let mut a = 1; // one\nlet (b, _) = (2, 3);\nb"),
            "let mut a = 1;let mut a: DsprepType1 = a; // one\n\
             let (b, _) = (2, 3);let b: DsprepType2 = b;\nb"
        );
    }

    #[test]
    fn a_complete_type_stays_as_it_is() {
        for code in [
            "let a: Vec<f64> = Vec::new();",
            "let x;",
            "if true { let y = 1; }",
            "let = ;",
        ] {
            assert_eq!(prepared(code), code);
        }
        assert_eq!(
            prepared("let a: Vec<_> = vec![1];"),
            "let a: Vec<_> = vec![1];let a: DsprepType1 = a;"
        );
    }

    #[test]
    fn the_core_is_no_dependency_here() {
        let code =
            ":dep dsprep-core = { path = \"../dsprep-core\" }\n:dep itoa = \"1\"\nlet a = 1;";
        assert_eq!(
            prepared(code),
            "//:dep dsprep-core = { path = \"../dsprep-core\" }\n:dep itoa = \"1\"\n\
             let a = 1;let a: DsprepType1 = a;"
        );
    }

    #[test]
    fn statements_know_their_lines() {
        let cell = Cell::new("// note\n\nfn f() {\n}\nlet a = f();\na", &mut 1);
        let lines: Vec<usize> = cell
            .statements
            .iter()
            .map(|statement| statement.line)
            .collect();
        assert_eq!(lines, [3, 5, 6]);
        assert_eq!(cell.statements[0].text, "fn f() {\n}");
    }

    #[test]
    fn completeness_is_judged_by_syntax() {
        use Completeness::{Complete, Incomplete, Invalid};
        for (code, expected) in [
            ("1 + 1", Complete),
            ("fn f() {}", Complete),
            (":vars", Complete),
            ("fn f() {", Incomplete),
            ("let x =", Incomplete),
            ("foo(1,", Incomplete),
            ("let s = \"abc", Incomplete),
            ("let x = );", Invalid),
            ("fn f() }", Invalid),
        ] {
            assert_eq!(completeness(code), expected, "{code}");
        }
    }
}
