//! Loops and functions that are short, as they do nothing but arithmetic.

use ra_ap_syntax::SyntaxNode;
use ra_ap_syntax::ast::{
    self, AstNode, HasAttrs as _, HasLoopBody as _, HasName as _, RangeItem as _,
};

/// How numbers in memory are gone over.
const PASSES: [&str; 16] = [
    "iter",
    "iter_mut",
    "into_iter",
    "enumerate",
    "zip",
    "rev",
    "skip",
    "take",
    "step_by",
    "copied",
    "cloned",
    "chunks",
    "windows",
    "rows",
    "columns",
    "indexed_iter",
];
/// What is done to a number without a call.
pub(super) const ARITHMETIC: [&str; 14] = [
    "abs",
    "max",
    "min",
    "sqrt",
    "mul_add",
    "clamp",
    "powi",
    "signum",
    "wrapping_add",
    "wrapping_mul",
    "to_bits",
    "is_nan",
    "len",
    "is_empty",
];

/// Whether a loop does nothing but arithmetic, and ends with the numbers in some variables.
pub(super) fn is_pass_over_memory(expression: &ast::ForExpr) -> bool {
    let (Some(iterable), Some(body)) = (expression.iterable(), expression.loop_body()) else {
        return false;
    };
    is_free_of_calls_but(body.syntax(), &ARITHMETIC)
        && match &iterable {
            ast::Expr::RangeExpr(range) => {
                range.end().is_some_and(|end| is_a_length(&end))
                    || expression
                        .pat()
                        .is_some_and(|index| reads_at(&body, &index))
            }
            _ => is_free_of_calls_but(iterable.syntax(), &PASSES),
        }
}

/// Whether an expression is the length of something, or less.
fn is_a_length(expression: &ast::Expr) -> bool {
    match expression {
        ast::Expr::MethodCallExpr(call) => call
            .name_ref()
            .is_some_and(|name| ["len", "nrows", "ncols"].contains(&name.text())),
        ast::Expr::BinExpr(it) => {
            it.op_kind() == Some(ast::BinaryOp::ArithOp(ast::ArithOp::Sub))
                && it.lhs().is_some_and(|left| is_a_length(&left))
        }
        _ => false,
    }
}

/// Whether each turn of a loop reads or writes at an index that grows with the loop's: it would panic beyond the end.
fn reads_at(body: &ast::BlockExpr, index: &ast::Pat) -> bool {
    let ast::Pat::IdentPat(index) = index else {
        return false;
    };
    let Some(name) = index.name().map(|name| name.text().to_string()) else {
        return false;
    };
    let is_unconditional = |node: &SyntaxNode| {
        let mut around = node.ancestors().take_while(|it| it != body.syntax());
        !around.any(|it| {
            ast::IfExpr::can_cast(it.kind())
                || ast::MatchExpr::can_cast(it.kind())
                || ast::BinExpr::cast(it)
                    .is_some_and(|it| matches!(it.op_kind(), Some(ast::BinaryOp::LogicOp(_))))
        })
    };
    let skips = |node: SyntaxNode| {
        ast::ContinueExpr::can_cast(node.kind()) || ast::LetElse::can_cast(node.kind())
    };
    let mut places = body.syntax().descendants().filter_map(ast::IndexExpr::cast);
    !body.syntax().descendants().any(skips)
        && places.any(|place| {
            place.index().is_some_and(|at| grows_with(&at, &name))
                && is_unconditional(place.syntax())
        })
}

/// Whether an expression is the variable `name`, more than that, or less by something.
fn grows_with(expression: &ast::Expr, name: &str) -> bool {
    use ast::{ArithOp, BinaryOp};
    let grows = |side: Option<ast::Expr>| side.is_some_and(|side| grows_with(&side, name));
    match expression {
        ast::Expr::PathExpr(path) => path.syntax().text() == name,
        ast::Expr::ParenExpr(inner) => grows(inner.expr()),
        ast::Expr::CastExpr(cast) => grows(cast.expr()),
        ast::Expr::ArrayExpr(array) => array.exprs().any(|part| grows_with(&part, name)),
        ast::Expr::BinExpr(it) => match it.op_kind() {
            Some(BinaryOp::ArithOp(ArithOp::Add)) => grows(it.lhs()) || grows(it.rhs()),
            Some(BinaryOp::ArithOp(ArithOp::Sub)) => grows(it.lhs()),
            _ => false,
        },
        _ => false,
    }
}

/// The range of a loop that does nothing but arithmetic for each number of it, and goes over all of it.
pub(super) fn range_of_arithmetic(expression: &ast::ForExpr) -> Option<ast::RangeExpr> {
    let (Some(ast::Expr::RangeExpr(range)), Some(body)) =
        (expression.iterable(), expression.loop_body())
    else {
        return None;
    };
    let is_number = |bound: &ast::Expr| match bound {
        ast::Expr::Literal(it) => matches!(it.kind(), ast::LiteralKind::IntNumber(_)),
        ast::Expr::MethodCallExpr(it) => it.name_ref().is_some_and(|name| name.text() == "len"),
        _ => false,
    };
    let bounds = [range.start()?, range.end()?];
    let leaves = |node: SyntaxNode| {
        ast::BreakExpr::can_cast(node.kind())
            || ast::ContinueExpr::cast(node).is_some_and(|it| it.lifetime().is_some())
    };
    let fits = bounds.iter().any(is_number)
        && bounds.iter().all(is_plain)
        && matches!(
            expression.pat()?,
            ast::Pat::IdentPat(_) | ast::Pat::WildcardPat(_)
        )
        && expression.label().is_none()
        && expression.attrs().next().is_none()
        && is_free_of_calls_but(body.syntax(), &ARITHMETIC)
        && !body.syntax().descendants().any(leaves);
    fits.then_some(range)
}

/// Whether a bound can be computed within a closure.
fn is_plain(bound: &ast::Expr) -> bool {
    is_free_of_calls_but(bound.syntax(), &["len", "nrows", "ncols", "min", "max"])
        && !bound.syntax().descendants().any(|node| {
            let kind = node.kind();
            ast::TryExpr::can_cast(kind)
                || ast::BlockExpr::can_cast(kind)
                || ast::ReturnExpr::can_cast(kind)
        })
}

/// Whether nothing below the node can take long: no range, loop, closure or call but of the methods in `allowed`.
pub(super) fn is_free_of_calls_but(node: &SyntaxNode, allowed: &[&str]) -> bool {
    node.descendants().all(|node| {
        if let Some(call) = ast::MethodCallExpr::cast(node.clone()) {
            let name = call.name_ref().map(|name| name.text().to_string());
            return name.is_some_and(|name| allowed.contains(&name.as_str()));
        }
        let kind = node.kind();
        !(ast::CallExpr::can_cast(kind)
            || ast::MacroCall::can_cast(kind)
            || ast::RangeExpr::can_cast(kind)
            || ast::ClosureExpr::can_cast(kind)
            || ast::AwaitExpr::can_cast(kind)
            || ast::LoopExpr::can_cast(kind)
            || ast::WhileExpr::can_cast(kind)
            || ast::ForExpr::can_cast(kind))
    })
}

/// Whether a `while` loop does nothing but arithmetic.
pub(super) fn is_while_of_arithmetic(expression: &ast::WhileExpr) -> bool {
    let is_arithmetic = |node: &SyntaxNode| is_free_of_calls_but(node, &ARITHMETIC);
    expression.attrs().next().is_none()
        && expression
            .condition()
            .is_some_and(|it| is_arithmetic(it.syntax()))
        && expression
            .loop_body()
            .is_some_and(|it| is_arithmetic(it.syntax()))
}

/// Whether a `loop` does nothing but arithmetic, and has an end.
pub(super) fn is_loop_of_arithmetic(expression: &ast::LoopExpr) -> bool {
    let Some(body) = expression.loop_body() else {
        return false;
    };
    let ends =
        |node: SyntaxNode| ast::BreakExpr::cast(node).is_some_and(|it| it.lifetime().is_none());
    expression.attrs().next().is_none()
        && is_free_of_calls_but(body.syntax(), &ARITHMETIC)
        && body.syntax().descendants().any(ends)
}

/// Whether a `while` loop does nothing but arithmetic, and an index that grows in each turn stays below a length.
pub(super) fn is_while_over_memory(expression: &ast::WhileExpr) -> bool {
    let (Some(condition), Some(body)) = (expression.condition(), expression.loop_body()) else {
        return false;
    };
    let skips = |node: SyntaxNode| ast::ContinueExpr::can_cast(node.kind());
    is_while_of_arithmetic(expression)
        && !body.syntax().descendants().any(skips)
        && body.statements().any(|statement| match statement {
            ast::Stmt::ExprStmt(it) => it
                .expr()
                .and_then(|it| grown(&it))
                .is_some_and(|name| keeps_below_a_length(&condition, &name)),
            _ => false,
        })
}

/// The variable that a statement like `i += 1` adds a number to.
fn grown(expression: &ast::Expr) -> Option<String> {
    let ast::Expr::BinExpr(it) = expression else {
        return None;
    };
    let op = Some(ast::BinaryOp::Assignment {
        op: Some(ast::ArithOp::Add),
    });
    let (ast::Expr::PathExpr(variable), ast::Expr::Literal(by)) = (it.lhs()?, it.rhs()?) else {
        return None;
    };
    let is_more = matches!(by.kind(), ast::LiteralKind::IntNumber(_)) && by.syntax().text() != "0";
    (it.op_kind() == op && is_more).then(|| variable.syntax().text().to_string())
}

/// Whether a condition has `name < x.len()` among what must be true.
fn keeps_below_a_length(condition: &ast::Expr, name: &str) -> bool {
    let ast::Expr::BinExpr(it) = condition else {
        return false;
    };
    let (Some(left), Some(right)) = (it.lhs(), it.rhs()) else {
        return false;
    };
    match it.op_kind() {
        Some(ast::BinaryOp::LogicOp(ast::LogicOp::And)) => {
            keeps_below_a_length(&left, name) || keeps_below_a_length(&right, name)
        }
        Some(ast::BinaryOp::CmpOp(ast::CmpOp::Ord {
            ordering: ast::Ordering::Less,
            ..
        })) => grows_with(&left, name) && is_a_length(&right),
        _ => false,
    }
}
