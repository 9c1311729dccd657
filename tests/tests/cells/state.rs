//! What is kept from cell to cell, and what is not.

use crate::support::{Fails, Passes, Shows, Silent, notebook, run};
use dsprep_tests::Kernel;

#[test]
fn a_cell_that_returns_early_harms_nothing() {
    notebook(&[
        ("let kept = 10;", Silent),
        (
            "let fresh = 2;\nif kept > 5 {\n    return Ok(());\n}\nlet never = 3;",
            Silent,
        ),
        (
            "fresh",
            Fails(
                "E0425",
                &["`fresh` was not kept: cell [2], which defines it, ended early"],
            ),
        ),
        (
            "let kept = kept + 1;\nif kept > 0 { return Ok(()); }",
            Silent,
        ),
        ("kept", Shows("10")),
        ("for i in 0..3 { if i == 1 { return Ok(()); } }\n5", Silent),
        ("kept", Shows("10")),
    ]);
}

#[test]
fn a_restart_loses_variables_and_no_later_ones() {
    notebook(&[
        ("let a = 1;\nfn two() -> i32 { 2 }", Silent),
        (":restart", Passes),
        ("let b = two();", Silent),
        (
            "a",
            Fails(
                "E0425",
                &["`a` is lost: the process that held it ended", "cell [1]"],
            ),
        ),
        ("b", Shows("2")),
        (":clear", Passes),
        ("two()", Fails("E0425", &[])),
        ("b", Fails("E0425", &[])),
    ]);
}

#[test]
fn a_variable_that_a_crash_took_is_told_so() {
    notebook(&[
        ("let list = vec![1];", Silent),
        (
            "std::process::exit(3)",
            Fails("exit", &["all variables are lost"]),
        ),
        (
            "list.len()",
            Fails(
                "E0425",
                &["`list` is lost: the process that held it ended", "cell [1]"],
            ),
        ),
        ("let list = vec![1, 2];", Silent),
        ("list.len()", Shows("2")),
    ]);
}

#[test]
fn statics_keep_their_value() {
    notebook(&[
        (
            "use std::sync::Mutex;\nuse std::sync::atomic::{AtomicU32, Ordering};\nstatic VISITS: AtomicU32 = AtomicU32::new(10);\nstatic SEEN: Mutex<Vec<u32>> = Mutex::new(Vec::new());\nstatic NAMES: [&str; 2] = [\"a\", \"b\"];\nfn visit() -> u32 {\n    VISITS.fetch_add(5, Ordering::Relaxed)\n}",
            Silent,
        ),
        ("(visit(), NAMES[1])", Shows("(10, \"b\")")),
        ("visit()", Shows("15")),
        ("SEEN.lock()?.push(7);", Passes),
        ("SEEN.lock().unwrap().clone()", Shows("[7]")),
        ("fn unrelated() {}", Silent),
        ("visit()", Shows("20")),
        ("std::process::exit(1)", Fails("exit", &[])),
        ("visit()", Shows("10")),
        ("visit()", Shows("15")),
        ("static VISITS: AtomicU32 = AtomicU32::new(1);", Silent),
        ("visit()", Shows("1")),
        ("visit()", Shows("6")),
    ]);
}

#[test]
fn variables_of_a_thread_keep_their_value() {
    notebook(&[
        (
            "use std::cell::{Cell, RefCell};\nthread_local! {\n    /// How often.\n    pub static COUNT: Cell<u32> = const { Cell::new(1) };\n    static WORDS: RefCell<Vec<&'static str>> = RefCell::new(Vec::new());\n}\nfn count() -> u32 {\n    COUNT.with(|it| { it.set(it.get() + 1); it.get() })\n}",
            Silent,
        ),
        ("count()", Shows("2")),
        (
            "WORDS.with_borrow_mut(|it| it.push(\"one\"));\ncount()",
            Shows("3"),
        ),
        ("WORDS.with_borrow(|it| it.clone())", Shows("[\"one\"]")),
        (
            "fn ticket() -> u32 {\n    thread_local!(static LAST: Cell<u32> = Cell::new(100););\n    LAST.set(LAST.get() + 1);\n    LAST.get()\n}\nmod log {\n    std::thread_local! { pub static LINES: std::cell::RefCell<Vec<u8>> = std::cell::RefCell::new(vec![]); }\n}",
            Silent,
        ),
        ("(ticket(), ticket())", Shows("(101, 102)")),
        (
            "log::LINES.with_borrow_mut(|it| it.push(1));\nticket()",
            Shows("103"),
        ),
        ("log::LINES.with_borrow(|it| it.len())", Shows("1")),
        // Another thread has values of its own, as ever.
        (
            "let there = std::thread::spawn(|| ticket()).join().unwrap();\n(there, ticket(), COUNT.get())",
            Shows("(101, 104, 3)"),
        ),
    ]);
}

#[test]
fn statics_within_functions_and_modules_keep_their_value() {
    notebook(&[
        (
            "fn next() -> u32 {\n    static mut LAST: u32 = 0;\n    unsafe { LAST += 1; LAST }\n}\nmod log {\n    use std::sync::Mutex;\n    pub static LINES: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());\n}",
            Silent,
        ),
        ("(next(), next())", Shows("(1, 2)")),
        ("log::LINES.lock().unwrap().push(\"one\");", Silent),
        ("next()", Shows("3")),
        ("log::LINES.lock().unwrap().len()", Shows("1")),
        (
            "use std::sync::OnceLock;\nstatic ONCE: OnceLock<String> = OnceLock::new();",
            Silent,
        ),
        (
            "ONCE.get_or_init(|| \"first\".to_owned()).clone()",
            Shows("\"first\""),
        ),
        (
            "ONCE.get_or_init(|| \"second\".to_owned()).clone()",
            Shows("\"first\""),
        ),
    ]);
}

#[test]
fn a_drop_that_panics_costs_no_variable() {
    notebook(&[
        (
            "let spare = 7;\nstruct Vase;\nimpl Drop for Vase {\n    fn drop(&mut self) {\n        panic!(\"broken\");\n    }\n}\nlet vase = Vase;",
            Silent,
        ),
        ("let vase = 1;", Fails("panic", &["broken"])),
        ("spare", Shows("7")),
        ("let vase = Vase;", Silent),
        (
            "let vase = { let _ = &vase; 2 };",
            Fails("panic", &["broken"]),
        ),
        ("(spare, vase)", Shows("(7, 2)")),
        ("let vase = Vase;", Silent),
        ("drop(vase);", Fails("panic", &["broken"])),
        ("spare", Shows("7")),
    ]);
}

#[test]
fn what_borrows_and_is_used_up_in_its_cell_is_no_error() {
    notebook(&[
        (
            "let full = vec![(\"a\", 1), (\"b\", 2)];\nlet words = full.iter();\nwords.map(|(w, n)| format!(\"{w}{n}\")).collect::<Vec<_>>().join(\" \")",
            Shows("\"a1 b2\""),
        ),
        (
            "let batch = full[..1].iter();\nlet (names, sizes): (Vec<&str>, Vec<i32>) = batch.map(|it| (it.0, it.1)).unzip();",
            Silent,
        ),
        ("(names.len(), sizes)", Shows("(1, [1])")),
        ("words.count()", Fails("E0425", &["`words`"])),
    ]);
}

#[test]
fn closures_and_iterators_are_kept_in_boxes() {
    notebook(&[
        (
            "let double = |x: f64| 2.0 * x;\nlet length = |text: &str| text.len();\nlet pair = |a: u8, b: Option<u8>| (a, b);",
            Silent,
        ),
        (
            "(double(1.5), length(\"abc\"), pair(1, None))",
            Shows("(3.0, 3, (1, None))"),
        ),
        (
            "let mut total = 0;\nlet mut add = move |n: i32| { total += n; total };",
            Silent,
        ),
        ("add(2);", Silent),
        ("add(3)", Shows("5")),
        (
            "let text = String::from(\"moved\");\nlet give = move || text;",
            Silent,
        ),
        ("give()", Shows("\"moved\"")),
        (
            "let squares = (1..4).map(|n| n * n);\nlet mut odd = (0..).filter(|n| n % 2 == 1);",
            Silent,
        ),
        (
            "(squares.sum::<i32>(), odd.next(), odd.next())",
            Shows("(14, Some(1), Some(3))"),
        ),
        ("odd.next()", Shows("Some(5)")),
        (":vars", Passes),
    ]);
}

#[test]
fn what_can_not_be_kept_is_refused_with_what_to_write() {
    notebook(&[
        (
            "let read = str::parse::<u16>;",
            Fails(
                "error",
                &[
                    "`read` is a function item",
                    "let read: fn(&str) -> Result<u16,",
                ],
            ),
        ),
        (
            "fn scale(x: f32, by: u8) -> f32 { x * f32::from(by) }\nlet g = scale;",
            Fails("error", &["let g: fn(f32, u8) -> f32 = "]),
        ),
        (
            "let g: fn(f32, u8) -> f32 = |x, by| x * f32::from(by);",
            Silent,
        ),
        ("g(1.5, 2)", Shows("3.0")),
        (
            "let text = String::from(\"a\");\nlet later = async { text.len() };",
            Fails("E0373", &["borrows `text`", "async move"]),
        ),
        (
            "fn make() -> impl std::fmt::Debug { #[derive(Debug)] struct Hidden(i32); Hidden(1) }\nlet hidden = make();",
            Fails(
                "error",
                &[
                    "`hidden` is of a type that is defined within a function",
                    "Box<dyn std::fmt::Debug>",
                ],
            ),
        ),
        (
            "let local = { #[derive(Debug)] struct Local(u8); Local(3) };",
            Fails(
                "error",
                &["`local` is of a type that is defined within a function or a block"],
            ),
        ),
        (
            "let both = vec![|x: u8| x + 1];",
            Fails("error", &["`both` is built around a closure", "Box<dyn Fn"]),
        ),
    ]);
}

#[test]
fn a_future_is_kept_and_waited_for_in_a_later_cell() {
    notebook(&[
        // A cell that fails leaves the next one able to wait.
        ("missing.await", Fails("E0425", &["missing"])),
        (
            "async fn add(a: i32, b: i32) -> i32 { a + b }\nlet later = add(1, 2);\nlet other = async { vec![1] };",
            Silent,
        ),
        ("later.await + 1", Shows("4")),
        ("other.await", Shows("[1]")),
        ("later.await", Fails("E0425", &["`later` is gone"])),
        (
            "let never = std::future::pending::<u8>();\nlet answer = add(40, 2).await;\nanswer",
            Shows("42"),
        ),
        ("answer", Shows("42")),
    ]);
}

#[test]
fn a_type_is_not_taken_for_changed_when_only_names_of_its_fields_and_methods_are() {
    notebook(&[
        (
            "trait Shape { fn area(&self) -> f64; fn name(&self) -> String { \"shape\".into() } }\nstruct Square { side: f64, total: u8 }\nimpl Shape for Square { fn area(&self) -> f64 { self.side * self.side } }\nlet shapes: Vec<Box<dyn Shape>> = vec![Box::new(Square { side: 2.0, total: 1 })];\nlet one = Square { side: 3.0, total: 2 };",
            Silent,
        ),
        (
            "macro_rules! record { ($n:ident { $($f:ident : $t:ty),* }) => { struct $n { $($f: $t),* } }; }\nrecord!(Point { side: f64, area: u8 });\nfn total(x: f64) -> f64 { x }\nfn name() {}\nmod side {}",
            Silent,
        ),
        ("fn total(x: u8, y: u8) -> u8 { x + y }", Silent),
        (
            "impl std::ops::Add for Square { type Output = f64; fn add(self, other: Square) -> f64 { self.side + other.side } }",
            Silent,
        ),
        ("(shapes[0].area(), one.total)", Shows("(4.0, 2)")),
    ]);
}

#[test]
fn an_error_needs_no_more_than_debug() {
    notebook(&[
        (
            "#[derive(Debug)]\nstruct TooCold(i32);\nfn check(t: i32) -> Result<i32, TooCold> {\n    if t < 0 { Err(TooCold(t)) } else { Ok(t) }\n}",
            Silent,
        ),
        ("check(6)?", Shows("6")),
        ("check(-1)?", Fails("error", &["TooCold(-1)", "check(-1)?"])),
        (
            "Err::<u8, _>(\"a text\")?",
            Fails("error", &["error: a text"]),
        ),
        (
            "\"x\".parse::<u8>()?",
            Fails("error", &["error: invalid digit found in string"]),
        ),
        (":efmt {:?}", Passes),
        (
            "\"x\".parse::<u8>()?",
            Fails("error", &["ParseIntError { kind: InvalidDigit }"]),
        ),
        (":efmt x", Fails("error", &["{:#?}"])),
    ]);
}

#[test]
fn results_are_shown_in_the_format_and_with_the_type_that_was_asked_for() {
    notebook(&[
        (":fmt {:#?}\n(1, Some(2))", Passes),
        ("Some(2)", Shows("Some(\n    2,\n)")),
        (":fmt {}\n\"text\"", Passes),
        ("\"text\"", Shows("text")),
        (":fmt {:?}", Passes),
        ("\"text\"", Shows("\"text\"")),
        (":types", Shows("Types: true")),
        ("(1, \"a\")", Shows(": (i32, &str) = (1, \"a\")")),
        (
            "Some(String::new())",
            Shows(": Option<String> = Some(\"\")"),
        ),
        (":types", Shows("Types: false")),
        ("1", Shows("1")),
        (":fmt nonsense", Fails("error", &["no format"])),
    ]);
}

#[test]
fn a_line_that_begins_with_a_sign_is_rust_where_it_can_be() {
    notebook(&[
        (
            "let flag = true;\nfn even(n: u8) -> bool { n % 2 == 0 }",
            Silent,
        ),
        ("!flag", Shows("false")),
        ("!true", Shows("false")),
        ("!even(3)", Shows("true")),
        ("!(flag && false)", Shows("true")),
        ("// a comment\n\n::std::process::id();", Silent),
        ("!echo shell", Passes),
    ]);
}

#[test]
fn a_kernel_without_variables_says_so_by_itself() {
    let mut kernel = Kernel::start();
    run(
        &mut kernel,
        &[("let a = 1_u8;\nlet b = vec![Some(\"x\")];", Silent)],
    );
    let outcome = kernel.run(":vars");
    assert_eq!(outcome.result("text/plain"), "a: u8\nb: Vec<Option<&str>>");
    run(
        &mut kernel,
        &[
            (":type b", Shows("b: Vec<Option<&str>>")),
            (":type c", Fails("error", &["no variable `c`"])),
        ],
    );
}

#[test]
fn what_generic_functions_make_of_closures_and_functions_is_kept() {
    notebook(&[
        (
            "fn compose<A, B, C>(f: impl Fn(A) -> B, g: impl Fn(B) -> C) -> impl Fn(A) -> C {\n    move |x| g(f(x))\n}\n\
             let price = compose(|x: i32| x + 1, |x: i32| f64::from(x) * 10.0);",
            Silent,
        ),
        ("price(2)", Shows("30.0")),
        ("let words = \"a b\".split(' ').map(str::to_owned);", Silent),
        ("words.collect::<Vec<_>>()", Shows("[\"a\", \"b\"]")),
    ]);
}

#[test]
fn a_mark_of_the_byte_order_before_a_cell_is_no_part_of_it() {
    notebook(&[("\u{feff}let size = 2;\nsize", Shows("2"))]);
}
