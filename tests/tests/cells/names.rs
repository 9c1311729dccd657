//! Names as people choose them.

use crate::support::{Shows, Silent, notebook};

#[test]
fn variables_may_have_capital_letters() {
    notebook(&[
        ("let Y = vec![0.5, 1.5];\nlet M = Y.len();", Silent),
        ("(M, Y[1])", Shows("(2, 1.5)")),
        ("let (X, n) = (vec![1], 2);", Silent),
        ("X[0] + n", Shows("3")),
        ("let Some(A) = Some(7) else { panic!() };", Silent),
        ("A", Shows("7")),
        // In a pattern, a constant defines nothing.
        (
            "const LIMIT: i32 = 3;\nlet (LIMIT, rest) = (3, 4) else { panic!() };",
            Silent,
        ),
        ("(LIMIT, rest)", Shows("(3, 4)")),
    ]);
}

#[test]
fn variables_may_be_called_as_keywords_are() {
    notebook(&[
        ("let r#match = \"3:1\";\nlet mut r#use = vec![1];", Silent),
        ("r#match", Shows("\"3:1\"")),
        ("r#use.push(2);\nr#use.len()", Shows("2")),
        ("format!(\"{match}\")", Shows("\"3:1\"")),
    ]);
}

#[test]
fn one_name_in_two_unicode_forms_is_one_name() {
    notebook(&[
        ("let caf\u{e9} = 4;", Silent),
        ("let cafe\u{301} = 10;", Silent),
        ("caf\u{e9} + 1", Shows("11")),
        ("fn g\u{fc}te() -> u8 { 1 }", Silent),
        ("fn gu\u{308}te() -> u8 { 2 }", Silent),
        ("g\u{fc}te()", Shows("2")),
    ]);
}

#[test]
fn a_notebook_may_have_its_own_names_of_the_prelude() {
    notebook(&[
        ("enum Lamp { Ok, Err, Some, None }\nuse Lamp::*;", Silent),
        ("1 + 1", Shows("2")),
        (
            "let lamps = [Ok, Err, Some, None];\nlamps.len()",
            Shows("4"),
        ),
        (
            "struct Vec(f64);\nstruct Box;\nstruct String;\nenum Result { Fine }\ntrait From { fn from(); }",
            Silent,
        ),
        ("let own = Vec(1.5);\nlet text = \"t\".to_owned();", Silent),
        ("own.0", Shows("1.5")),
        ("let list = vec![1, 2];", Silent),
        ("(list, text)", Shows("([1, 2], \"t\")")),
        ("\"4\".parse::<u8>()?", Shows("4")),
    ]);
}

#[test]
fn characters_that_are_brackets_may_be_constants_in_types() {
    notebook(&[
        (
            "struct Mark<const C: char>;\nimpl<const C: char> Mark<C> {\n    fn sign(&self) -> char { C }\n}\nlet close = Mark::<'>'>;\nlet open = Mark::<'{'>;\nlet quote = Mark::<'\\''>;",
            Silent,
        ),
        (
            "(close.sign(), open.sign(), quote.sign())",
            Shows("('>', '{', '\\'')"),
        ),
    ]);
}

#[test]
fn references_to_objects_with_two_bounds_are_kept() {
    notebook(&[
        (
            "fn cause() -> &'static (dyn std::error::Error + Send) { &std::fmt::Error }\nlet why = cause();\nlet all = vec![cause()];",
            Silent,
        ),
        ("(why.to_string().len() > 0, all.len())", Shows("(true, 1)")),
    ]);
}
