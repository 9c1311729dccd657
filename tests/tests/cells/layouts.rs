//! No old value is ever read with a new layout.

use crate::support::{Either, Fails, Passes, Shows, Silent, notebook};

/// The error for a variable whose type was defined anew.
macro_rules! lost {
    ($name:literal) => {
        Fails(
            "E0425",
            &[
                concat!("`", $name, "` is lost"),
                "defined anew",
                "Run cell [1] again",
            ],
        )
    };
}

#[test]
fn a_field_gets_another_type() {
    notebook(&[
        (
            "struct Tile { side: f64 }\nlet tiles = vec![Tile { side: 1.0 }, Tile { side: 2.0 }];\nlet other = 7;",
            Silent,
        ),
        ("struct Tile { side: f32 }", Silent),
        ("tiles.iter().map(|t| t.side).sum::<f32>()", lost!("tiles")),
        ("other", Shows("7")),
        ("struct Tile { side: f64 }", Silent),
        // The old definition is back, and so is what was made with it.
        ("tiles[1].side", Shows("2.0")),
    ]);
}

#[test]
fn a_variant_gets_another_type() {
    notebook(&[
        (
            "#[derive(Debug)]\nenum Reading { Value(u8), Missing }\nlet reading = Reading::Value(1);",
            Silent,
        ),
        (
            "#[derive(Debug)]\nenum Reading { Value(String), Missing }",
            Silent,
        ),
        ("format!(\"{reading:?}\")", lost!("reading")),
    ]);
}

#[test]
fn a_type_within_a_type_changes() {
    notebook(&[
        (
            "struct Inner { n: u8 }\nstruct Outer { inner: Inner, m: u8 }\nlet outer = Outer { inner: Inner { n: 1 }, m: 2 };",
            Silent,
        ),
        ("struct Inner { n: u64 }", Silent),
        ("outer.inner.n", lost!("outer")),
    ]);
}

#[test]
fn an_alias_or_a_constant_within_a_type_changes() {
    notebook(&[
        (
            "type Number = f32;\nconst N: usize = 2;\nstruct Row([Number; N]);\nlet row = Row([1.0, 2.0]);",
            Silent,
        ),
        ("row.0[1]", Shows("2.0")),
        ("const N: usize = 1;", Silent),
        ("row.0[0]", lost!("row")),
        ("const N: usize = 2;", Silent),
        ("type Number = u32;", Silent),
        ("row.0[0]", lost!("row")),
    ]);
}

#[test]
fn a_constant_function_in_a_type_changes() {
    notebook(&[
        (
            "const fn width() -> usize { 3 }\nstruct Line { cells: [u8; width()] }\nlet first = Line { cells: [1, 2, 3] };",
            Silent,
        ),
        ("const fn width() -> usize { 300 }", Silent),
        ("first.cells.len()", lost!("first")),
    ]);
}

#[test]
fn a_generic_argument_changes() {
    notebook(&[
        (
            "struct Point { x: i32, y: i32 }\nlet points = std::collections::BTreeMap::from([(1, Some(Point { x: 1, y: 2 }))]);\nlet shared = std::rc::Rc::new(Point { x: 1, y: 2 });",
            Silent,
        ),
        ("struct Point { y: i32, x: i32 }", Silent),
        ("points.len()", lost!("points")),
        ("shared.x", lost!("shared")),
    ]);
}

#[test]
fn an_associated_type_changes() {
    notebook(&[
        (
            "trait Unit { type Scalar; }\nstruct Metre;\nimpl Unit for Metre { type Scalar = f32; }\nstruct Length<U: Unit>(U::Scalar);\nlet length: Length<Metre> = Length(1.5);",
            Silent,
        ),
        ("length.0", Shows("1.5")),
        ("impl Unit for Metre { type Scalar = f64; }", Silent),
        ("length.0", lost!("length")),
    ]);
}

#[test]
fn the_methods_of_a_trait_change_their_order() {
    notebook(&[
        (
            "trait Sides { fn left(&self) -> i32; fn right(&self) -> i32; }\nstruct Pair;\nimpl Sides for Pair {\n    fn left(&self) -> i32 { 1 }\n    fn right(&self) -> i32 { 2 }\n}\nlet pair: Box<dyn Sides> = Box::new(Pair);",
            Silent,
        ),
        ("(pair.left(), pair.right())", Shows("(1, 2)")),
        (
            "trait Sides { fn right(&self) -> i32; fn left(&self) -> i32; }",
            Silent,
        ),
        (
            "assert_eq!((pair.left(), pair.right()), (1, 2));",
            lost!("pair"),
        ),
    ]);
}

#[test]
fn a_trait_gets_a_method() {
    notebook(&[
        (
            "trait Grows { fn first(&self) -> i32; }\nstruct Tree;\nimpl Grows for Tree { fn first(&self) -> i32 { 3 } }\nlet grown: Vec<Box<dyn Grows>> = vec![Box::new(Tree)];\nlet bystander = 5;",
            Silent,
        ),
        (
            "trait Grows { fn first(&self) -> i32; fn second(&self) -> i32 { 4 } }",
            Silent,
        ),
        ("grown[0].second()", lost!("grown")),
        ("bystander", Shows("5")),
    ]);
}

#[test]
fn a_trait_above_a_trait_changes() {
    notebook(&[
        (
            "trait Base { fn a(&self) -> i32; }\ntrait Top: Base { fn b(&self) -> i32; }\nstruct S;\nimpl Base for S { fn a(&self) -> i32 { 1 } }\nimpl Top for S { fn b(&self) -> i32 { 2 } }\nlet top: Box<dyn Top> = Box::new(S);",
            Silent,
        ),
        (
            "trait Base { fn a(&self) -> i32; fn c(&self) -> i32 { 9 } }",
            Silent,
        ),
        ("top.b()", lost!("top")),
    ]);
}

#[test]
fn a_value_behind_any_is_never_taken_for_the_new_type() {
    notebook(&[
        (
            "use std::any::Any;\nstruct Tile { side: f64 }\nlet any: Box<dyn Any> = Box::new(Tile { side: 1.0 });\nlet number: Box<dyn Any> = Box::new(7_i32);",
            Silent,
        ),
        (
            "any.downcast_ref::<Tile>().map(|tile| tile.side)",
            Shows("Some(1.0)"),
        ),
        ("struct Tile { side: f32 }", Silent),
        (
            "any.downcast_ref::<Tile>().map(|tile| tile.side)",
            Shows("None"),
        ),
        ("number.downcast_ref::<i32>().copied()", Shows("Some(7)")),
    ]);
}

#[test]
fn an_error_behind_dyn_error_is_never_taken_for_the_new_type() {
    notebook(&[
        (
            "#[derive(Debug)]\nstruct Bad { code: u8 }\nimpl std::fmt::Display for Bad { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, \"bad {}\", self.code) } }\nimpl std::error::Error for Bad {}",
            Silent,
        ),
        (
            "let bad: Box<dyn std::error::Error> = Box::new(Bad { code: 3 });",
            Silent,
        ),
        ("#[derive(Debug)]\nstruct Bad { code: u64 }", Silent),
        (
            "bad.downcast_ref::<Bad>().map(|bad| bad.code)",
            // What was implemented for the old type is gone with it.
            Either(
                Box::new(Shows("None")),
                Box::new(Fails(
                    "E0277",
                    &["`Bad: std::error::Error` is not satisfied"],
                )),
            ),
        ),
    ]);
}

#[test]
fn a_type_in_a_module_changes() {
    notebook(&[
        (
            "mod shop { #[derive(Debug)] pub struct Item { pub price: u8 } }\nuse shop::*;\nlet item = Item { price: 3 };\nlet any: Box<dyn std::any::Any> = Box::new(Item { price: 4 });",
            Silent,
        ),
        (
            "mod shop { #[derive(Debug)] pub struct Item { pub price: f64 } }",
            Silent,
        ),
        ("item.price", lost!("item")),
        ("any.is::<Item>()", Shows("false")),
    ]);
}

#[test]
fn a_type_that_a_macro_made_changes() {
    notebook(&[
        (
            "macro_rules! unit { ($name:ident, $ty:ty) => { #[derive(Debug)] struct $name($ty); }; }",
            Silent,
        ),
        ("unit!(Metre, f64);", Silent),
        ("let far = Metre(2.5);", Silent),
        ("far.0", Shows("2.5")),
        ("unit!(Metre, f32);", Silent),
        ("far.0", Fails("E0425", &["`far` is lost"])),
    ]);
}

#[test]
fn what_does_not_change_a_layout_loses_nothing() {
    notebook(&[
        (
            "struct Cat { age: u8 }\nimpl Cat { fn says(&self) -> &str { \"meow\" } }\nlet cat = Cat { age: 3 };",
            Silent,
        ),
        (
            "// A comment.\n#[derive(Debug, Clone)]\nstruct Cat {\n    /// In years.\n    age: u8,\n}",
            Passes,
        ),
        ("cat", Shows("Cat { age: 3 }")),
        ("impl Cat { fn says(&self) -> &str { \"purr\" } }", Silent),
        ("cat.says()", Shows("\"purr\"")),
        ("fn unrelated() -> u8 { 1 }\nstruct Dog;", Silent),
        ("cat.age", Shows("3")),
    ]);
}
