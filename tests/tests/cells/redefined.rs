//! Cells that are run again, as they are or edited.

use crate::support::{Fails, Notes, Passes, Shows, Silent, notebook};
use dsprep_tests::Kernel;

#[test]
fn an_edited_cell_keeps_its_new_variable() {
    notebook(&[
        (
            "#[derive(Debug)]\nstruct Player { name: &'static str }\nlet player = Player { name: \"Ada\" };",
            Silent,
        ),
        (
            "#[derive(Debug)]\nstruct Player { name: &'static str, score: u32 }\nlet player = Player { name: \"Ada\", score: 3 };",
            Silent,
        ),
        ("player.score", Shows("3")),
        (
            "#[derive(Debug)]\nenum Player { Nobody }\nlet (player, other) = (Player::Nobody, 1);",
            Silent,
        ),
        ("format!(\"{player:?}{other}\")", Shows("\"Nobody1\"")),
    ]);
}

#[test]
fn methods_of_an_edited_type_go_with_it() {
    notebook(&[
        (
            "struct Bag { items: Vec<u8> }\nimpl Bag {\n    fn size(&self) -> usize { self.items.len() }\n}\nlet bag = Bag { items: vec![1] };",
            Silent,
        ),
        // The field has another name, and the method too.
        (
            "struct Bag { all: Vec<u8> }\nimpl Bag {\n    fn count(&self) -> usize { self.all.len() }\n}\nlet bag = Bag { all: vec![1, 2] };",
            Silent,
        ),
        ("bag.count()", Shows("2")),
        ("bag.size()", Fails("E0599", &["size"])),
    ]);
}

#[test]
fn an_impl_of_an_earlier_cell_stays_with_a_type_that_is_defined_anew() {
    let shown = "use std::fmt;\nstruct Point { x: i32 }\nimpl fmt::Display for Point {\n    \
                 fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, \"<{}>\", self.x) }\n}\n\
                 impl Point { fn twice(&self) -> i32 { 2 * self.x } }";
    notebook(&[
        (shown, Silent),
        (
            "impl Clone for Point { fn clone(&self) -> Point { Point { x: self.x } } }",
            Silent,
        ),
        // It still fits.
        (
            "struct Point { x: i32, y: i32 }",
            Notes("`impl Clone for Point` of cell [2] does not compile any more"),
        ),
        (
            "let p = Point { x: 1, y: 2 };\n(p.to_string(), p.twice())",
            Shows("(\"<1>\", 2)"),
        ),
        (
            "p.clone().y",
            Fails(
                "E0599",
                &["`impl Clone for Point` of cell [2]", "run that cell again"],
            ),
        ),
        (
            "struct Point(i32);",
            Notes("`impl fmt::Display for Point` of cell [1] does not compile any more"),
        ),
        (
            "format!(\"{}\", Point(1))",
            Fails(
                "E0277",
                &["`impl fmt::Display for Point` of cell [1]", "left out"],
            ),
        ),
        (
            "impl fmt::Display for Point {\n    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, \"{}\", self.0) }\n}",
            Silent,
        ),
        ("Point(1).to_string()", Shows("\"1\"")),
        (
            "Point(1).twice()",
            Fails("E0599", &["`impl Point` of cell [1]"]),
        ),
        // What it derives now takes the place of what was written out.
        (
            "impl Clone for Point { fn clone(&self) -> Point { Point(9) } }",
            Silent,
        ),
        ("#[derive(Clone)]\nstruct Point(i32);", Silent),
        ("Point(4).clone().0", Shows("4")),
    ]);
}

#[test]
fn a_cell_that_a_client_runs_again_under_its_name_takes_its_impls_along() {
    let mut kernel = Kernel::start();
    let mut run = |name: &str, code: &str| kernel.execute_named(name, code);
    let first = "#[derive(Clone)]\nstruct Cup { size: u8 }\nimpl Cup { fn size(&self) -> u8 { self.size } }\n\
                 impl PartialEq for Cup { fn eq(&self, _: &Cup) -> bool { true } }";
    assert!(run("one", first).failure().is_none());
    assert!(
        run("two", "impl Cup { fn half(&self) -> u8 { self.size / 2 } }")
            .failure()
            .is_none()
    );
    let edited = run(
        "one",
        "#[derive(Clone)]\nstruct Cup { size: u8, full: bool }",
    );
    assert!(
        edited.failure().is_none() && edited.stderr().is_empty(),
        "{edited:#?}"
    );
    let half = run(
        "three",
        "let cup = Cup { size: 4, full: true };\ncup.half()",
    );
    assert_eq!(half.result("text/plain"), "2");
    for gone in ["cup.size()", "cup == cup.clone()"] {
        assert!(run("four", gone).failure().is_some(), "{gone}");
    }
}

#[test]
fn an_impl_cell_replaces_itself() {
    notebook(&[
        ("struct Bell;", Silent),
        ("impl Bell { fn ring(&self) -> u8 { 1 } }", Silent),
        ("impl Bell { fn ring(&self) -> u8 { 1 } }", Silent),
        ("impl Bell { fn ring(&self) -> u8 { 2 } }", Silent),
        (
            "impl Bell { fn twice(&self) -> u8 { 2 * self.ring() } }",
            Silent,
        ),
        ("Bell.twice()", Shows("4")),
        (
            "use std::fmt;\nimpl fmt::Display for Bell {\n    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, \"ding\") }\n}",
            Silent,
        ),
        (
            "impl std::fmt::Display for Bell {\n    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, \"dong\") }\n}",
            Silent,
        ),
        ("Bell.to_string()", Shows("\"dong\"")),
    ]);
}

#[test]
fn an_impl_for_a_foreign_type_replaces_itself() {
    let code = "trait Double { fn double(&self) -> Self; }\nimpl Double for f64 { fn double(&self) -> f64 { 2.0 * self } }";
    let below_a_use = "use std::ops::Add;\nstruct P(i32);\nimpl Add for P { type Output = P; fn add(self, other: P) -> P { P(self.0 + other.0) } }";
    notebook(&[
        (code, Silent),
        (code, Silent),
        ("1.5_f64.double()", Shows("3.0")),
        (below_a_use, Silent),
        (below_a_use, Silent),
        (
            "impl Add for P { type Output = P; fn add(self, other: P) -> P { P(self.0 - other.0) } }",
            Silent,
        ),
        ("(P(5) + P(2)).0", Shows("3")),
    ]);
}

#[test]
fn a_generic_impl_replaces_itself_whatever_its_parameters_are_called() {
    notebook(&[
        ("struct Stack<T> { items: Vec<T> }", Silent),
        (
            "impl<T: Clone> Stack<T> { fn top(&self) -> Option<T> { self.items.last().cloned() } }",
            Silent,
        ),
        (
            "impl<U: Clone> Stack<U> { fn top(&self) -> Option<U> { self.items.first().cloned() } }",
            Silent,
        ),
        (
            "impl Stack<u8> { fn sum(&self) -> u8 { self.items.iter().sum() } }",
            Silent,
        ),
        (
            "let stack = Stack { items: vec![1_u8, 2] };\n(stack.top(), stack.sum())",
            Shows("(Some(1), 3)"),
        ),
    ]);
}

#[test]
fn an_impl_stays_when_the_function_above_it_is_defined_anew() {
    notebook(&[
        ("struct Cup(f64);", Silent),
        (
            "fn factor() -> f64 { 2.0 }\nconst HALF: f64 = 0.5;\nimpl Cup {\n    fn volume(&self) -> f64 { self.0 * factor() * HALF }\n}",
            Silent,
        ),
        ("fn factor() -> f64 { 3.0 }", Silent),
        ("const HALF: f64 = 1.0;", Silent),
        ("Cup(2.0).volume()", Shows("6.0")),
    ]);
}

#[test]
fn what_does_not_fit_a_new_definition_is_left_out_and_said() {
    notebook(&[
        ("struct Tile { side: f64 }", Silent),
        (
            "fn area(tile: &Tile) -> f64 { tile.side * tile.side }\nimpl Tile { fn half(&self) -> f64 { self.side / 2.0 } }",
            Silent,
        ),
        (
            "struct Tile { width: f64, height: f64 }",
            Notes("`fn area` of cell [2] does not compile any more"),
        ),
        (
            "area(&Tile { width: 1.0, height: 2.0 })",
            Fails("E0425", &["left out until you run that cell again"]),
        ),
        (
            "fn area(tile: &Tile) -> f64 { tile.width * tile.height }",
            Silent,
        ),
        ("area(&Tile { width: 1.0, height: 2.0 })", Shows("2.0")),
    ]);
}

#[test]
fn imports_give_way_name_by_name() {
    notebook(&[
        (
            "mod a { pub fn f() -> u8 { 1 } pub fn g() -> u8 { 2 } pub struct T; }\nuse a::{f, g, T as U};",
            Silent,
        ),
        ("fn f() -> u8 { 10 }", Silent),
        ("(f(), g())", Shows("(10, 2)")),
        ("mod b { pub fn g() -> u8 { 20 } }\nuse b::g;", Silent),
        ("(f(), g())", Shows("(10, 20)")),
        ("struct U(u8);", Silent),
        ("U(7).0", Shows("7")),
        ("use std::fmt::Result;", Silent),
        (
            "use std::io::Result;\nfn read() -> Result<u8> { Ok(4) }",
            Silent,
        ),
        ("read()?", Shows("4")),
    ]);
}

#[test]
fn a_cell_that_fails_defines_nothing() {
    notebook(&[
        ("fn price() -> u8 { 1 }", Silent),
        (
            "fn price() -> u8 { 2 }\nlet x: u8 = \"text\";",
            Fails("E0308", &["cell line 2"]),
        ),
        ("price()", Shows("1")),
        ("x", Fails("E0425", &[])),
        (
            "fn later() -> u8 { 3 }\npanic!(\"after the definition\");",
            Fails("panic", &["2 | panic!", "after the definition"]),
        ),
        ("later()", Shows("3")),
    ]);
}

#[test]
fn macros_stand_before_what_uses_them_in_whatever_order_they_come() {
    notebook(&[
        (
            "fn crowd(row: u32) -> u32 {\n    triple!(row)\n}\nmacro_rules! triple {\n    ($n:expr) => { $n + one!($n) + $n };\n}\nmacro_rules! one { ($n:expr) => { $n }; }",
            Silent,
        ),
        ("crowd(3)", Shows("9")),
        ("fn two() -> u32 { 2 }\nfn three() -> u32 { 3 }", Silent),
        ("macro_rules! one { ($n:expr) => { 0 }; }", Silent),
        ("crowd(two())", Shows("4")),
        (
            "macro_rules! vec { ($($t:tt)*) => { 42 }; }\nvec![1, 2]",
            Shows("42"),
        ),
    ]);
}

#[test]
fn one_name_may_stand_for_several_things() {
    notebook(&[
        (
            "fn top(values: &[i32]) -> i32 { *values.iter().max().unwrap() }",
            Silent,
        ),
        (
            "macro_rules! top {\n    ($($x:expr),+) => { top(&[$($x),+]) };\n}",
            Silent,
        ),
        ("top!(1, 5, 2)", Shows("5")),
        (
            "mod rate { pub const VAT: i32 = 20; }\nfn rate(net: i32) -> i32 { net * rate::VAT / 100 }\nrate(50)",
            Shows("10"),
        ),
        (
            "struct Point { x: i32 }\nfn Point(x: i32) -> Point { Point { x } }\nPoint(4).x",
            Shows("4"),
        ),
        (
            "trait rate2 { fn r(&self) -> u8; }\nstatic rate2: u8 = 6;\nimpl rate2 for u8 { fn r(&self) -> u8 { *self + rate2 } }\n1_u8.r()",
            Passes,
        ),
    ]);
}
