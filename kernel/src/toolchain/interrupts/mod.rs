//! Where a cell looks whether it is interrupted.
//!
//! A call is put into each loop and function of a cell, and behind each of its statements. It stays within its line
//! and, in code that is laid out as usual, behind all else on it. Errors are shown as if it had never been there.
//!
//! What is constant can't call it, and what is called from C must not unwind. A function that does nothing but
//! arithmetic, and a loop that does only that with numbers in memory, do not get it either: they end soon, and a loop
//! could not use the vector instructions of the processor any more. One that goes over a range of numbers and does
//! nothing but arithmetic looks every few thousand turns.

mod arithmetic;

use super::plan::Edit;
use arithmetic::{
    ARITHMETIC, is_free_of_calls_but, is_loop_of_arithmetic, is_pass_over_memory,
    is_while_of_arithmetic, is_while_over_memory, range_of_arithmetic,
};
use ra_ap_syntax::ast::{self, AstNode, HasArgList, HasLoopBody, HasName as _};
use ra_ap_syntax::{Edition, SourceFile, SyntaxNode, TextSize, WalkEvent};
use std::collections::HashSet;

/// The call.
pub const LOOK: &str = " ::dsprep_core::cell::check_interrupt();";
/// Around the body of a closure that is no block. Told apart from braces of the cell by their comments.
pub const OPEN: &str = "{/**/ ::dsprep_core::cell::check_interrupt(); ";
/// The end of that.
pub const CLOSE: &str = " /**/}";
/// Before a loop over a range of numbers that does nothing but arithmetic: it is gone over in parts, with a look
/// between two.
pub const PARTS: &str = "{/**/ let mut dsprep_parts = ::dsprep_core::cell::Parts::new(); \
                         while dsprep_parts.go_on() { ::dsprep_core::cell::check_interrupt(); ";
/// Before the range of such a loop.
pub const PART: &str = "dsprep_parts.next(|| ";
/// The end of that.
pub const PART_END: &str = " /**/)";
/// The end of such a loop.
const PARTS_END: &str = " /**/} /**/}";
/// Before a `while` loop that does nothing but arithmetic: it is left and entered anew every few thousand turns, with a
/// look between. A call within it, even one that is never made, would keep its numbers out of the registers.
pub const TURNS: &str = "{/**/ 'dsprep_turns: loop { ::dsprep_core::cell::check_interrupt(); \
                         let mut _dsprep_turn = 4096_u32; ";
/// Begins the body of such a loop.
pub const TURN: &str = " if _dsprep_turn == 0 { continue 'dsprep_turns; } _dsprep_turn -= 1;";
/// Ends it.
pub const TURNS_END: &str = " /**/break; } /**/}";
/// Before a `loop` of that kind, which has a value.
pub const LOOP_TURNS: &str = "{/**/ 'dsprep_turns: loop { ::dsprep_core::cell::check_interrupt(); \
                              let mut _dsprep_turn = 4096_u32; let dsprep_value = ";
/// Ends it.
pub const LOOP_TURNS_END: &str = "; /**/break 'dsprep_turns dsprep_value; } /**/}";
/// What is put into the lines of a cell, what holds others first.
pub const INSERTED: [&str; 11] = [
    PARTS,
    LOOP_TURNS,
    TURNS,
    TURN,
    LOOP_TURNS_END,
    TURNS_END,
    PART,
    PART_END,
    OPEN,
    LOOK,
    CLOSE,
];
/// What a cell is parsed in.
const ENTRY: &str = "fn dsprep_cell(){";
/// Where the calls go in a cell, in bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looks {
    /// Into its functions, loops and closures.
    pub within: Vec<Edit>,
    /// Behind its statements.
    pub behind: Vec<Edit>,
}

/// Finds the places for the calls in `code`, whose Rust starts at the byte `start`.
pub fn looks(code: &str, start: usize) -> Looks {
    let text = format!("{ENTRY}{}\n}}", &code[start..]);
    let parse = SourceFile::parse(&text, Edition::Edition2024);
    if !parse.errors().is_empty() {
        // The compiler will have none of it.
        return Looks::default();
    }
    let mut places = Places {
        within: Vec::new(),
        behind: Vec::new(),
        values: parse
            .syntax_node()
            .descendants()
            .filter_map(value)
            .collect(),
    };
    let mut constant: Option<SyntaxNode> = None;
    for event in parse.syntax_node().preorder() {
        match event {
            WalkEvent::Enter(node) if constant.is_none() => {
                if is_constant(&node) {
                    constant = Some(node);
                } else {
                    places.visit(&node);
                }
            }
            WalkEvent::Leave(node) if constant.as_ref() == Some(&node) => constant = None,
            _ => {}
        }
    }
    let edits = |places: Vec<(TextSize, &'static str)>| {
        let edits = places.into_iter().map(|(at, text)| {
            let at = usize::from(at) + start - ENTRY.len();
            Edit {
                range: at..at,
                text: text.to_owned(),
            }
        });
        edits.collect()
    };
    Looks {
        within: edits(places.within),
        behind: edits(places.behind),
    }
}

struct Places {
    within: Vec<(TextSize, &'static str)>,
    behind: Vec<(TextSize, &'static str)>,
    /// Names that stand as values, not as what is called: the loop that calls such a function may be a library's.
    values: HashSet<String>,
}

impl Places {
    fn visit(&mut self, node: &SyntaxNode) {
        if let Some(function) = ast::Fn::cast(node.clone()) {
            let body = function.body();
            let is_value = function
                .name()
                .is_some_and(|name| self.values.contains(name.text()));
            let is_short = |body: &ast::BlockExpr| is_free_of_calls_but(body.syntax(), &ARITHMETIC);
            if !is_entry(node) && (is_value || !body.as_ref().is_some_and(is_short)) {
                self.begin(body.and_then(|body| body.stmt_list()));
            }
        } else if let Some(expression) = ast::LoopExpr::cast(node.clone()) {
            let around = is_loop_of_arithmetic(&expression).then_some((LOOP_TURNS, LOOP_TURNS_END));
            self.turns(&expression, around);
        } else if let Some(expression) = ast::WhileExpr::cast(node.clone()) {
            if is_while_over_memory(&expression) {
                return;
            }
            let around = is_while_of_arithmetic(&expression).then_some((TURNS, TURNS_END));
            self.turns(&expression, around);
        } else if let Some(expression) = ast::ForExpr::cast(node.clone()) {
            if is_pass_over_memory(&expression) {
                return;
            }
            if let Some(range) = range_of_arithmetic(&expression) {
                let (whole, range) = (node.text_range(), range.syntax().text_range());
                self.within.extend([
                    (whole.start(), PARTS),
                    (range.start(), PART),
                    (range.end(), PART_END),
                    (whole.end(), PARTS_END),
                ]);
            } else {
                self.begin(expression.loop_body().and_then(|body| body.stmt_list()));
            }
        } else if let Some(closure) = ast::ClosureExpr::cast(node.clone()) {
            if is_called_for_a_range(&closure) {
                self.closure(&closure);
            }
        } else if let Some(list) = ast::StmtList::cast(node.clone()) {
            self.statements(&list);
        }
    }

    /// Looks in each turn of a loop, or every few thousand turns if there is something to put around it.
    fn turns(
        &mut self,
        expression: &impl HasLoopBody,
        around: Option<(&'static str, &'static str)>,
    ) {
        let body = expression.loop_body().and_then(|body| body.stmt_list());
        let Some((before, behind)) = around else {
            return self.begin(body);
        };
        let whole = expression.syntax().text_range();
        self.within.push((whole.start(), before));
        self.begin_with(body, TURN);
        self.within.push((whole.end(), behind));
    }

    /// Looks at the begin of a block.
    fn begin(&mut self, block: Option<ast::StmtList>) {
        self.begin_with(block, LOOK);
    }

    fn begin_with(&mut self, block: Option<ast::StmtList>, text: &'static str) {
        let Some(block) = block else { return };
        let attributes = block.syntax().children().filter_map(ast::Attr::cast);
        let last = attributes.filter(|attribute| attribute.excl_token().is_some());
        let end = match last.last() {
            Some(attribute) => Some(attribute.syntax().text_range().end()),
            None => block.l_curly_token().map(|token| token.text_range().end()),
        };
        self.within.extend(end.map(|end| (end, text)));
    }

    fn closure(&mut self, closure: &ast::ClosureExpr) {
        match closure.body() {
            Some(ast::Expr::BlockExpr(block)) if block.modifier().is_none() => {
                self.begin(block.stmt_list());
            }
            Some(body) => {
                let range = body.syntax().text_range();
                self.within.push((range.start(), OPEN));
                self.within.push((range.end(), CLOSE));
            }
            None => {}
        }
    }

    /// Looks behind each statement of the cell itself.
    fn statements(&mut self, list: &ast::StmtList) {
        let function = list.syntax().parent().and_then(|block| block.parent());
        if !function.is_some_and(|it| is_entry(&it)) {
            return;
        }
        for statement in list.statements() {
            if !matches!(statement, ast::Stmt::Item(_)) {
                self.behind
                    .push((statement.syntax().text_range().end(), LOOK));
            }
        }
    }
}

/// The last name of a path that stands as a value.
fn value(node: SyntaxNode) -> Option<String> {
    let path = ast::PathExpr::cast(node)?;
    let call = path.syntax().parent().and_then(ast::CallExpr::cast);
    let callee = call.and_then(|call| call.expr());
    if callee.is_some_and(|callee| callee.syntax() == path.syntax()) {
        return None;
    }
    let name = path.path()?.segment()?.name_ref()?;
    Some(name.text().to_string())
}

/// Whether the node is the function that the cell is parsed in.
fn is_entry(node: &SyntaxNode) -> bool {
    node.text_range().start() == TextSize::from(0) && ast::Fn::can_cast(node.kind())
}

/// Whether what is below the node is computed by the compiler, or called from C.
fn is_constant(node: &SyntaxNode) -> bool {
    if let Some(function) = ast::Fn::cast(node.clone()) {
        return function.const_token().is_some() || function.abi().is_some();
    }
    if let Some(block) = ast::BlockExpr::cast(node.clone()) {
        return block.const_token().is_some();
    }
    ast::Const::can_cast(node.kind())
        || ast::Static::can_cast(node.kind())
        || ast::Type::can_cast(node.kind())
        || ast::ConstArg::can_cast(node.kind())
        || ast::Variant::can_cast(node.kind())
        || ast::ArrayExpr::cast(node.clone()).is_some_and(|array| array.semicolon_token().is_some())
}

/// Whether a closure is given to a method that goes over a range, as in `(0..n).map(|i| …)`.
fn is_called_for_a_range(closure: &ast::ClosureExpr) -> bool {
    let call = closure
        .syntax()
        .ancestors()
        .skip(1)
        .find_map(ast::MethodCallExpr::cast);
    let is_argument = |call: &ast::MethodCallExpr| {
        let arguments = call
            .arg_list()
            .map(|list| list.args().any(|it| it.syntax() == closure.syntax()));
        arguments.unwrap_or(false)
    };
    let mut receiver = call.filter(is_argument).and_then(|call| call.receiver());
    while let Some(expression) = receiver {
        receiver = match expression {
            ast::Expr::MethodCallExpr(call) => call.receiver(),
            ast::Expr::ParenExpr(inner) => inner.expr(),
            ast::Expr::RangeExpr(_) => return true,
            _ => None,
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolchain::text::render;

    /// The source with `@` for a look, and `<` and `>` around the body of a closure.
    fn shown(source: &str) -> String {
        let Looks { mut within, behind } = looks(source, 0);
        within.extend(behind);
        let all = 0..source.len();
        let (text, _) = render(source, &[all], &within);
        text.replace(LOOP_TURNS_END, "}=")
            .replace(TURNS_END, "}")
            .replace(LOOP_TURNS, "={")
            .replace(TURNS, "{")
            .replace(TURN, "#")
            .replace(PARTS_END, "]")
            .replace(PARTS, "[")
            .replace(PART, "(")
            .replace(PART_END, ")")
            .replace(OPEN, "<")
            .replace(LOOK, "@")
            .replace(CLOSE, ">")
    }

    /// Asserts what becomes of `body` in a function, which looks itself.
    fn assert_within_a_function(body: &str, expected: &str) {
        let shown = shown(&format!("fn f() {{ {body} }}"));
        assert_eq!(shown, format!("fn f() {{@ {expected} }}"));
    }

    #[test]
    fn every_loop_and_function_looks() {
        for (source, expected) in [
            ("fn f() { loop { g(); } }", "fn f() {@ loop {@ g(); } }"),
            ("fn f() { while a() { } }", "fn f() {@ while a() {@ } }"),
            (
                "fn f(n: u64) { for i in 0..n { } }",
                // In parts, between which it looks.
                "fn f(n: u64) {@ [for i in (0..n) { }] }",
            ),
            (
                "impl A { fn f(&self) -> u8 { g() } }",
                "impl A { fn f(&self) -> u8 {@ g() } }",
            ),
            (
                "trait T { fn f(); fn g() { h!() } }",
                "trait T { fn f(); fn g() {@ h!() } }",
            ),
            (
                "fn f() { #![allow(unused)] g() }",
                "fn f() { #![allow(unused)]@ g() }",
            ),
            (
                "fn half(x: f64) -> f64 { x / 2.0 } fn f(a: B) { a.map(self::half).sum() }",
                "fn half(x: f64) -> f64 {@ x / 2.0 } fn f(a: B) {@ a.map(self::half).sum() }",
            ),
            (
                "fn f() { (0..9).map(|i| i * 2).sum() }",
                "fn f() {@ (0..9).map(|i| <i * 2>).sum() }",
            ),
            (
                "fn f() { (0..9).rev().any(|i| { i > 2 }) }",
                "fn f() {@ (0..9).rev().any(|i| {@ i > 2 }) }",
            ),
        ] {
            assert_eq!(shown(source), expected);
        }
    }

    #[test]
    fn what_is_constant_or_called_from_c_or_short_does_not_look() {
        for source in [
            "const fn f() -> u8 { loop { } }",
            "const A: u8 = { let mut i = 0; while i < 3 { i += 1; } i };",
            "static A: [u8; { loop { break 3; } }] = [0; 3];",
            "extern \"C\" fn f() { loop { g(); } }",
            "fn broken( {",
            "fn f(x: f64) -> f64 { if x < 0.0 { 0.0 } else { x.sqrt() / 2.0 } }",
        ] {
            assert_eq!(shown(source), source);
        }
        for pass in [
            "for (x, y) in a.iter_mut().zip(b) { *x = x.max(0.0) + 2.0 * y; }",
            "for i in from..x.len() { s += x[i].abs(); }",
            "for i in 1..x.len() - 1 { if x[i] > 2.0 { break; } s += i; }",
            "for i in 0..n { y[i] += 2.0 * x[i]; }",
            "for i in 1..=n { x[i] += x[i - 1]; }",
            "for j in 0..n { s += a[[i, j]] + b[i * n + j]; }",
            "while i < a.len() && a[i] < 3 { s += a[i]; i += 1; }",
            "while i + 1 < a.len() { s += a[i + 1]; i += 2; }",
        ] {
            let source = format!("fn f() {{ {pass} }}");
            assert_eq!(shown(&source), source.replacen('{', "{@", 1));
        }
    }

    #[test]
    fn a_loop_of_arithmetic_over_a_range_looks_between_its_parts() {
        for (body, expected) in [
            (
                "for i in 0..n { s += x[i % 2] / i; }",
                "[for i in (0..n) { s += x[i % 2] / i; }]",
            ),
            (
                "for i in 1..=n { s += 1.0 / i as f64; }",
                "[for i in (1..=n) { s += 1.0 / i as f64; }]",
            ),
            (
                "for i in 0..n { if i < 3 { s += x[i]; } }",
                "[for i in (0..n) { if i < 3 { s += x[i]; } }]",
            ),
            (
                "for i in 0..n { if i > 3 { continue; } s += x[i]; }",
                "[for i in (0..n) { if i > 3 { continue; } s += x[i]; }]",
            ),
            (
                "for _ in 0..n { if x > 1 { continue; } x = 3 * x; }",
                "[for _ in (0..n) { if x > 1 { continue; } x = 3 * x; }]",
            ),
        ] {
            assert_within_a_function(body, expected);
        }
        for body in [
            "for i in 0..n {@ g(i); }",
            "for i in 0..n {@ if x > 1 { break; } }",
            "for i in a..b {@ s += i; }",
            "for i in 0..n()? {@ s += i; }",
        ] {
            assert_within_a_function(&body.replace('@', ""), body);
        }
    }

    #[test]
    fn a_loop_of_arithmetic_without_a_range_looks_every_few_thousand_turns() {
        for (body, expected) in [
            ("while n > 1 { n /= 2; }", "{while n > 1 {# n /= 2; }}"),
            (
                "'a: while i < n { if x[i] > 3 { break 'a; } i += 1; }",
                "{'a: while i < n {# if x[i] > 3 { break 'a; } i += 1; }}",
            ),
            (
                "while i < x.len() { if x[i] > 3 { i += 1; } }",
                "{while i < x.len() {# if x[i] > 3 { i += 1; } }}",
            ),
            (
                "let root = loop { if x < 1.0 { break x; } x = x.sqrt(); };",
                "let root = ={loop {# if x < 1.0 { break x; } x = x.sqrt(); }}=;",
            ),
        ] {
            assert_within_a_function(body, expected);
        }
        for body in [
            "while n > g() {@ n /= 2; }",
            "while n > 1 {@ n = g(n); }",
            "loop {@ n += 1; }",
            "loop {@ n += 1; if n > 3 { return n; } }",
        ] {
            assert_within_a_function(&body.replace('@', ""), body);
        }
    }

    #[test]
    fn each_statement_of_the_cell_looks_behind_itself() {
        let source = "let a = 1; // one\nif a == 1 {\n    f();\n}\nstruct S;\na + 1";
        let expected = "let a = 1;@ // one\nif a == 1 {\n    f();\n}@\nstruct S;\na + 1";
        assert_eq!(shown(source), expected);
    }
}
