//! evcxr's own integration tests, each as a row: the cells that it is made of, and what the kernel answers.
//!
//! The names are those of the functions in `tests/integration_tests.rs` of evcxr 0.22. Where our answer is another
//! than evcxr's own, the row says why.

use crate::support::{Either, Expect, Fails, Passes, Prints, Shows, Silent, check};
use dsprep_tests::Kernel;
use serde_json::Value;
use std::collections::BTreeSet;

/// One thing that is done, and what has to come of it.
enum Step {
    /// A cell.
    Cell(&'static str, Expect),
    /// A file below the folder in which the kernel runs.
    File(&'static str, &'static str),
    /// Completion at the end of the text: what is among the matches, what is not, and how many characters at the end
    /// they replace.
    Complete(
        &'static str,
        &'static [&'static str],
        &'static [&'static str],
        usize,
    ),
    /// The only match at the end of the text.
    CompleteOnly(&'static str, &'static str),
    /// No match at the end of the text.
    CompleteNothing(&'static str),
    /// Every match has a kind, and this one of them that kind.
    Kind(&'static str, &'static str, &'static str),
    /// What is said of the name that ends with this part of the text.
    Hover(&'static str, &'static str, &'static str),
    /// Nothing is known of it.
    HoverNothing(&'static str),
    /// The names of all variables.
    Variables(&'static [&'static str]),
}

use Step::{
    Cell, Complete, CompleteNothing, CompleteOnly, File, Hover, HoverNothing, Kind, Variables,
};

/// The names of all of evcxr's tests.
const ALL: [&str; 45] = [
    "single_statement",
    "save_and_restore_variables",
    "missing_semicolon_on_let_stmt",
    "printing",
    "rc_refcell_etc",
    "define_then_call_function",
    "function_panics_with_variable_preserving",
    "function_panics_without_variable_preserving",
    "tls_implementing_drop",
    "moved_value",
    "crate_deps",
    "crate_name_with_hyphens",
    "crate_show_deps",
    "invalid_code",
    "struct_type_inference",
    "non_concrete_types",
    "statement_and_expression",
    "continue_execution_after_bad_use_statement",
    "error_from_macro_expansion",
    "multiple_identical_use_statements",
    "redefine_type_with_existing_var",
    "abort_and_restart",
    "variable_assignment_compile_fail_then_use_statement",
    "int_array",
    "const_generics_with_explicit_type",
    "reserved_words",
    "unnamable_type_closure",
    "unnamable_type_impl_trait",
    "partially_inferred_variable_type",
    "print_then_assign_variable",
    "display_type",
    "shorten_type_name",
    "question_mark_operator",
    "format",
    "non_semi_statements",
    "partial_destructuring",
    "define_then_call_macro",
    "code_completion",
    "repeated_use_statements",
    "check_for_errors",
    "check_for_doc",
    "completion_fields_populated",
    "command_completion_fields",
    "hover_at_returns_content",
    "hover_at_unknown_symbol_returns_fallback",
];

type Row = (&'static str, Vec<Step>);

/// Variables, and what fails.
fn state() -> Vec<Row> {
    vec![
        (
            "single_statement",
            vec![Cell("assert_eq!(40i32 + 2, 42)", Passes)],
        ),
        (
            "save_and_restore_variables",
            vec![
                Cell("let mut a = 34; let b = 8;", Silent),
                Cell("a = a + b;", Silent),
                Cell("a", Shows("42")),
                Cell(
                    "b = 2;",
                    Either(
                        Box::new(Fails("E0594", &["let mut b = b;"])),
                        Box::new(Fails("E0384", &["let mut b = b;"])),
                    ),
                ),
                Cell(
                    "pub mod foo {\n    pub mod bar {\n        pub struct Baz {}\n        impl Baz {\n            pub fn r42(&self) -> i32 { 42 }\n        }\n    }\n}\nfn create_baz() -> Result<Option<foo::bar::Baz>, i32> {\n    Ok(Some(foo::bar::Baz {}))\n}",
                    Silent,
                ),
                Cell("let v1 = create_baz()?;", Silent),
                Cell("let v2 = create_baz()?;", Silent),
                Cell("v1.unwrap().r42() + v2.unwrap().r42()", Shows("84")),
            ],
        ),
        (
            "missing_semicolon_on_let_stmt",
            vec![
                Cell("mod foo { pub mod bar { pub struct Baz {} } }", Silent),
                Cell("let v1 = foo::bar::Baz {}", Fails("error", &["`;`"])),
            ],
        ),
        (
            "printing",
            vec![Cell(
                "println!(\"This is stdout\");\neprintln!(\"This is stderr\");\nprintln!(\"Another stdout line\");\neprintln!(\"Another stderr line\");",
                Prints("This is stdout\nAnother stdout line\n"),
            )],
        ),
        (
            "rc_refcell_etc",
            vec![
                Cell(
                    "use std::cell::RefCell; use std::rc::Rc;\nlet r: Rc<RefCell<String>> = Rc::new(RefCell::new(String::new()));\nlet r2: Rc<RefCell<String>> = Rc::clone(&r);",
                    Silent,
                ),
                Cell("r.borrow_mut().push_str(\"f\");\nlet s = \"oo\";", Silent),
                Cell(
                    "r.borrow_mut().push_str(s);\nassert!(*r2.borrow() == \"foo\");",
                    Silent,
                ),
            ],
        ),
        (
            "define_then_call_function",
            vec![
                Cell("pub fn bar() -> i32 { 42 }", Silent),
                Cell(
                    "pub fn foo() -> i32 { bar() }\nassert_eq!(foo(), 42);",
                    Silent,
                ),
                Cell("foo() + bar()", Shows("84")),
            ],
        ),
        (
            "function_panics_with_variable_preserving",
            vec![
                Cell(
                    ":preserve_vars_on_panic 1\nlet a = vec![1, 2, 3];\nlet b = 42;",
                    Passes,
                ),
                Cell(
                    "panic!(\"Intentional panic {}\", b);",
                    Fails("panic", &["Intentional panic 42"]),
                ),
                Cell("format!(\"{:?}, {}\", a, b)", Shows("\"[1, 2, 3], 42\"")),
            ],
        ),
        (
            "function_panics_without_variable_preserving",
            vec![
                Cell(
                    ":preserve_vars_on_panic 0\nlet a = vec![1, 2, 3];\nlet b = 42;",
                    Passes,
                ),
                Cell("panic!(\"Intentional panic {}\", b);", Fails("", &["lost"])),
                Variables(&[]),
                Cell("This will not compile", Fails("", &[])),
                Variables(&[]),
                Cell(":preserve_vars_on_panic 1", Passes),
            ],
        ),
        (
            "tls_implementing_drop",
            vec![
                Cell(
                    "pub struct Foo {}\nimpl Drop for Foo {\n    fn drop(&mut self) { println!(\"Dropping Foo\"); }\n}\npub fn init_foo() {\n    thread_local! {\n        pub static FOO: Foo = Foo {};\n    }\n    FOO.with(|_| ())\n}",
                    Silent,
                ),
                Cell("init_foo();", Silent),
            ],
        ),
        (
            "moved_value",
            vec![
                Cell("let a = Some(\"foo\".to_owned());", Silent),
                Cell(":type a", Shows("a: Option<String>")),
                Cell("a.unwrap()", Shows("\"foo\"")),
                Variables(&[]),
            ],
        ),
        ("invalid_code", vec![Cell("use crate;", Fails("", &[]))]),
        (
            "continue_execution_after_bad_use_statement",
            vec![
                Cell("use foobar;", Fails("E0432", &["foobar"])),
                Cell("\"f\".to_string() + \"oo\"", Shows("\"foo\"")),
            ],
        ),
        (
            "error_from_macro_expansion",
            vec![Cell(
                "let mut s = String::new(); s.push_str(format!(\"\"));",
                Fails("E0308", &["cell line 1"]),
            )],
        ),
        (
            "redefine_type_with_existing_var",
            vec![
                Cell(
                    "struct Foo { x: i32 }\nlet f1 = Foo { x: 42 };\nlet f2 = Foo { x: 42 };",
                    Silent,
                ),
                Variables(&["f1", "f2"]),
                Cell(
                    "struct Foo { x: i32, y: i32 }\nlet f3 = Foo { x: 42, y: 43 };",
                    Silent,
                ),
                Cell("assert_eq!(f3.x, 42);", Silent),
                // They are still listed, and each says why it can't be read any more.
                Cell(
                    "f1.x",
                    Fails("E0425", &["`f1` is lost: its type `Foo` was defined anew"]),
                ),
                Cell("f2.x", Fails("E0425", &["`f2` is lost"])),
            ],
        ),
        (
            "abort_and_restart",
            vec![
                Cell("pub fn foo() -> i32 { 42 }\nlet a = 42i32;", Silent),
                Cell(
                    "std::process::abort();",
                    Fails("SIGABRT", &["all variables are lost"]),
                ),
                Cell("assert_eq!(foo(), 42)", Passes),
                Cell("a", Fails("E0425", &["`a` is lost"])),
                Cell(":clear", Passes),
                Cell("assert_eq!(40 + 2, 42);", Silent),
                Cell("foo()", Fails("E0425", &[])),
            ],
        ),
        (
            "variable_assignment_compile_fail_then_use_statement",
            vec![
                Cell("let v = foo();", Fails("E0425", &[])),
                Cell("use std::collections::HashMap;", Silent),
                Cell("42", Shows("42")),
            ],
        ),
        (
            "question_mark_operator",
            vec![
                // evcxr prints the error, and the cell passes. Here the cell fails, as anybody expects.
                Cell(
                    "std::fs::read_to_string(\"/does/not/exist\")?;",
                    Fails("error", &["No such file"]),
                ),
                Cell(":efmt x", Fails("error", &["no format"])),
                Cell(":efmt {:?}", Passes),
                Cell(
                    "let owned = \"owned\".to_string();\nlet copy = 40;\nlet mut owned_mut = \"owned_mut\".to_string();\nlet mut copy_mut = 41;",
                    Silent,
                ),
                Cell(
                    "use std::io::Result;\nowned_mut.push_str(\"42\");\ncopy_mut += 1;\nlet copy = 42;\nlet copy2 = 42;\nstd::fs::read_to_string(\"/does/not/exist\")?;\nowned_mut.push_str(\"------\");\ncopy_mut += 10;",
                    Fails("error", &["NotFound"]),
                ),
                // evcxr loses `copy`, which was to be defined anew; here the old one stays.
                Variables(&["copy", "copy_mut", "owned", "owned_mut"]),
                Cell(
                    "assert_eq!(owned, \"owned\");\nassert_eq!(owned_mut, \"owned_mut42\");\nassert_eq!(copy_mut, 42);",
                    Silent,
                ),
                Cell(":efmt {}", Passes),
            ],
        ),
    ]
}

/// Types, patterns, imports, macros.
fn language() -> Vec<Row> {
    vec![
        (
            "struct_type_inference",
            vec![
                Cell(
                    "#[derive(Debug)]\npub struct Point {\n    pub x: i32,\n    pub y: i32,\n}",
                    Silent,
                ),
                Cell("let p1 = Point { x: 3, y: 8 };", Silent),
                Cell("p1", Shows("Point { x: 3, y: 8 }")),
                Cell("let Point { x, y: y2 } = p1;", Silent),
                Cell("assert_eq!(x, 3);\nassert_eq!(y2, 8);", Silent),
            ],
        ),
        (
            "non_concrete_types",
            vec![
                Cell("let a = (42, 3.14);", Silent),
                Cell(":type a", Shows("a: (i32, f64)")),
            ],
        ),
        (
            "statement_and_expression",
            vec![Cell(
                "let a = \"foo\".to_owned() + \"bar\"; a",
                Shows("\"foobar\""),
            )],
        ),
        (
            "multiple_identical_use_statements",
            vec![
                Cell("use std::collections::HashMap;", Silent),
                Cell("use std::collections::HashMap;", Silent),
            ],
        ),
        (
            "int_array",
            vec![
                Cell("let v = [42; 5];", Silent),
                Cell("assert_eq!(v[4], 42)", Passes),
            ],
        ),
        (
            "const_generics_with_explicit_type",
            vec![
                Cell(
                    "struct Foo<const I: usize> { data: [u8; I] }\nlet foo: Foo<3> = Foo::<3> { data: [41, 42, 43] };",
                    Silent,
                ),
                Cell("assert_eq!(foo.data[1], 42)", Passes),
            ],
        ),
        (
            "reserved_words",
            vec![
                Cell(
                    "mod r#async { pub struct Foo {} }\nlet v = r#async::Foo {};",
                    Silent,
                ),
                Cell("let _ = &v;", Silent),
            ],
        ),
        // evcxr refuses both; here they are kept in boxes.
        (
            "unnamable_type_closure",
            vec![Cell("let v = || { 42 };", Silent), Cell("v()", Shows("42"))],
        ),
        (
            "unnamable_type_impl_trait",
            vec![Cell(
                "pub trait Bar {}\nimpl Bar for i32 {}\npub fn foo() -> impl Bar { 42 }\nlet v = foo();",
                Either(
                    Box::new(Silent),
                    Box::new(Fails("", &["`v`", "can't be kept"])),
                ),
            )],
        ),
        (
            "partially_inferred_variable_type",
            vec![
                Cell("let v: Vec<_> = (1..10).collect();", Silent),
                Cell("assert_eq!(v.len(), 9);", Silent),
            ],
        ),
        (
            "print_then_assign_variable",
            vec![
                Cell("println!(\"Hello, world!\");", Prints("Hello, world!\n")),
                Cell("let x = 42;", Silent),
                Cell("x", Shows("42")),
            ],
        ),
        (
            "display_type",
            vec![
                Cell(":types", Shows("Types: true")),
                Cell("42", Shows(": i32 = 42")),
                Cell(
                    "Some(\"hello\".to_string())",
                    Shows(": Option<String> = Some(\"hello\")"),
                ),
                Cell(":types", Shows("Types: false")),
                Cell("42", Shows("42")),
            ],
        ),
        (
            // evcxr calls its own function for this; what its user sees are the types of results.
            "shorten_type_name",
            vec![
                Cell(":fmt {}", Passes),
                Cell(":types", Passes),
                Cell("\"text\".to_string()", Shows(": String = text")),
                Cell("5", Shows(": i32 = 5")),
                Cell(":fmt {:?}", Passes),
                Cell(
                    "Some(vec![std::collections::HashMap::<String, i32>::new()])",
                    Shows(": Option<Vec<HashMap<String, i32>>> = Some([{}])"),
                ),
                Cell(":types", Passes),
            ],
        ),
        (
            "format",
            vec![Cell("format!(\"{:2x}\", 2)", Shows("\" 2\""))],
        ),
        (
            "non_semi_statements",
            vec![Cell("for a in 1..5 {}\nfor b in 1..5 {}\n42", Shows("42"))],
        ),
        (
            "partial_destructuring",
            vec![
                Cell("let _ = 1;\nlet (x, ..) = (42, 43, 44);", Silent),
                Cell("x", Shows("42")),
            ],
        ),
        (
            "define_then_call_macro",
            vec![
                Cell("macro_rules! foo { ($a:expr) => { 40 + $a }; }", Silent),
                Cell("foo!(2)", Shows("42")),
            ],
        ),
        (
            "repeated_use_statements",
            vec![
                Cell(
                    "mod foo {\n    pub struct Bar {}\n    impl Bar {\n        pub fn result() -> i32 { 42 }\n        pub fn new() -> Bar { Bar {} }\n    }\n    pub struct Baz {}\n    pub trait Foo {\n        fn do_foo(&self) -> i32 { 42 }\n    }\n    impl Foo for Bar {}\n    pub mod s1 { pub fn f1() {} }\n    pub mod s2 { pub fn f2() {} }\n}\nuse std::iter::Iterator as _;\nuse foo::Foo as _;\nuse foo::s1::*;\nuse foo::s2::*;\nuse foo::Bar;",
                    Silent,
                ),
                Cell("use this::will::fail;", Fails("E0433", &["`this`"])),
                Cell(
                    "use foo::Bar as _; Bar::result()",
                    Either(Box::new(Shows("42")), Box::new(Fails("E0405", &[]))),
                ),
                Cell(
                    "use foo::{Bar, Baz}; f1(); f2(); Bar::new().do_foo()",
                    Shows("42"),
                ),
            ],
        ),
        (
            // evcxr checks while one types; here the cells are run, and the places are those of their errors.
            "check_for_errors",
            vec![
                Cell(
                    "let a = 10;\nlet s2 = \"さび  äää\"; let s2: String = 42; fn foo() -> i32 {\n    println!(\"さび  äää\"); (\n    )\n}\n",
                    Fails(
                        "E0308",
                        &["cell line 2, column 38", "cell line 3, column 26"],
                    ),
                ),
                Cell("let mut s = String::new();", Silent),
                Cell("fn foo() { let mut s = String::new(); }", Silent),
                Cell("use std::fmt::Debug; 42", Shows("42")),
                Cell("use std::fmt::Debug; 42", Shows("42")),
                Cell(
                    "use std::foo::Bar;",
                    Fails("E0432", &["cell line 1, column 10"]),
                ),
                Cell(
                    "let mut s = String::new(); write!(s, \"foo\").unwrap();",
                    Fails("E0599", &["cell line 1, column 35"]),
                ),
                Cell(
                    ":dep this_crate_does_not_exist = { path = \"/this/path/does/not/exist\" }",
                    Fails("", &["/this/path/does/not/exist"]),
                ),
                Cell(
                    "// This is a comment\n:an_invalid_command",
                    Fails("", &["an_invalid_command"]),
                ),
                Cell(
                    "std::mem::drop(42); std::mem::drop(",
                    Fails("error", &["1 | std::mem::drop(42); std::mem::drop("]),
                ),
                Cell(
                    "let s1 = String::new(); let v = &s1;",
                    Fails("", &["`v` borrows from `s1`"]),
                ),
                Cell("let s1 = String::new(); std::mem::drop(s1);", Silent),
            ],
        ),
        (
            "check_for_doc",
            vec![
                Cell("///this is my struct\nstruct MyStruct(usize);", Silent),
                Cell(
                    ":doc MyStruct",
                    Shows("struct MyStruct(usize);\n\nthis is my struct"),
                ),
            ],
        ),
    ]
}

/// Crates in folders.
fn crates() -> Vec<Row> {
    const MANIFEST: &str =
        "[package]\nname = \"crate1\"\nversion = \"0.0.1\"\nedition = \"2018\"\n";
    vec![
        (
            "crate_deps",
            vec![
                Cell(
                    ":dep bad = { path = \"this_path_does_not_exist\" }\n40",
                    Fails("", &["this_path_does_not_exist"]),
                ),
                File("crate1/Cargo.toml", MANIFEST),
                File(
                    "crate1/src/lib.rs",
                    "use std::sync::atomic::AtomicU32;\nstatic FOO: AtomicU32 = AtomicU32::new(0);\npub fn r20() -> i32 { 20 }\npub fn set_value(v: u32) { FOO.store(v, std::sync::atomic::Ordering::SeqCst); }\npub fn get_value() -> u32 { FOO.load(std::sync::atomic::Ordering::SeqCst) }\n",
                ),
                Cell(
                    ":dep crate1 = { path = \"crate1\", features = [\"no_such_feature\"] }",
                    Fails("", &["no_such_feature"]),
                ),
                File(
                    "crate2/Cargo.toml",
                    "[package]\nname = \"crate2\"\nversion = \"0.0.1\"\nedition = \"2018\"\n",
                ),
                File("crate2/src/lib.rs", "pub fn r22() -> i32 { 22 }\n"),
                Cell(
                    ":dep crate1 = { path = \"crate1\" }\n:dep ./crate2\ncrate1::set_value(765);\ncrate1::r20() + crate2::r22()",
                    Shows("42"),
                ),
                Cell("crate1::get_value()", Shows("765")),
            ],
        ),
        (
            "crate_name_with_hyphens",
            vec![
                File(
                    "hyphens/Cargo.toml",
                    "[package]\nname = \"crate-name-with-hyphens\"\nversion = \"0.0.1\"\nedition = \"2018\"\n",
                ),
                File("hyphens/src/lib.rs", "pub fn r42() -> i32 { 42 }\n"),
                Cell(
                    ":dep ./hyphens\nuse crate_name_with_hyphens;\ncrate_name_with_hyphens::r42()",
                    Shows("42"),
                ),
            ],
        ),
        (
            "crate_show_deps",
            vec![
                Cell(":clear", Passes),
                Cell(":show_deps", Passes),
                File(
                    "crate3/Cargo.toml",
                    "[package]\nname = \"crate3\"\nversion = \"0.0.1\"\nedition = \"2018\"\n",
                ),
                File("crate3/src/lib.rs", ""),
                Cell(
                    ":dep crate3 = { path = \"crate3\", version = \"0.0.1\" }",
                    Passes,
                ),
                Cell(":show_deps", Passes),
            ],
        ),
    ]
}

/// Completion and what is said of names. evcxr inserts the parameters of a function too, and tells in HTML; here
/// it is the name, and Markdown.
fn names() -> Vec<Row> {
    vec![
        (
            "code_completion",
            vec![
                Cell(
                    "mod bar {\n    pub struct Baz {}\n    impl Baz {\n        pub fn fff5() {}\n    }\n}\nlet var1 = 42;\nlet var2 = String::new();",
                    Silent,
                ),
                Complete(
                    "fn foo() -> Vec<String> {\n    vec![]\n}\nfoo().res",
                    &["reserve"],
                    &[],
                    3,
                ),
                CompleteOnly(":de", ":dep"),
                CompleteNothing("fn foo() -> Vec<String> {\n    vec![]\n}\nfoo().asdfasdf"),
                Complete("let _ = v", &["var1", "var2"], &["vars_ok"], 1),
                Complete(
                    "let _ = e",
                    &[],
                    &[
                        "evcxr_variable_store",
                        "evcxr_internal_runtime",
                        "evcxr_analysis_wrapper",
                    ],
                    1,
                ),
                Complete("use bar::", &["Baz"], &[], 0),
                Complete("use bar::Baz; Baz::", &["fff5"], &[], 0),
            ],
        ),
        (
            "completion_fields_populated",
            vec![
                Cell("fn foo() -> Vec<String> {\n    vec![]\n}", Silent),
                Kind("foo().res", "reserve", "function"),
            ],
        ),
        (
            "command_completion_fields",
            vec![Kind(":de", ":dep", "keyword")],
        ),
        (
            "hover_at_returns_content",
            vec![Hover("let _v: Vec<i32> = Vec::new()", "Vec::new", "Vec")],
        ),
        (
            "hover_at_unknown_symbol_returns_fallback",
            vec![HoverNothing("totally_unknown_function_xyz()")],
        ),
    ]
}

fn matches(reply: &Value) -> Vec<&str> {
    let matches = reply["matches"].as_array().into_iter().flatten();
    matches.filter_map(Value::as_str).collect()
}

/// Why a step went wrong.
fn go(kernel: &mut Kernel, step: &Step) -> Result<(), String> {
    let right = |right: bool, what: String| right.then_some(()).ok_or(what);
    if matches!(step, Complete(..) | CompleteOnly(..) | Kind(..) | Hover(..)) {
        kernel.wait_for_libraries();
    }
    match step {
        Cell(code, expect) => {
            let outcome = kernel.execute(code);
            check(&outcome, expect).map_err(|why| format!("{why}\n{code}\n{outcome:#?}"))
        }
        File(name, content) => {
            kernel.sandbox().write(name, content);
            Ok(())
        }
        Complete(code, wanted, unwanted, replaced) => {
            let reply = kernel.complete(code);
            let found = matches(&reply);
            let end = code.chars().count();
            let typed = &code[code.len() - replaced..];
            let fits = wanted.iter().all(|it| found.contains(it))
                && unwanted.iter().all(|it| !found.contains(it))
                && reply["cursor_start"] == end - replaced
                && reply["cursor_end"] == end
                && !found.is_empty()
                && (*replaced < 2 || found.iter().all(|it| it.starts_with(typed)));
            right(fits, format!("{code}: {reply:#}"))
        }
        CompleteOnly(code, wanted) => {
            let reply = kernel.complete(code);
            right(matches(&reply) == [*wanted], format!("{code}: {reply:#}"))
        }
        CompleteNothing(code) => {
            let reply = kernel.complete(code);
            right(matches(&reply).is_empty(), format!("{code}: {reply:#}"))
        }
        Kind(code, name, kind) => {
            let reply = kernel.complete(code);
            let entries = &reply["metadata"]["_jupyter_types_experimental"];
            let entries = entries.as_array().cloned().unwrap_or_default();
            let has_kind = entries
                .iter()
                .any(|it| it["text"] == *name && it["type"] == *kind);
            let named = |it: &Value| !it["text"].as_str().unwrap_or_default().is_empty();
            right(
                has_kind && entries.iter().all(named),
                format!("{code}: {reply:#}"),
            )
        }
        Hover(code, upto, word) => {
            let at = code.find(upto).unwrap_or_default() + upto.len();
            let reply = kernel.inspect(code, at);
            let plain = reply["data"]["text/plain"].as_str().unwrap_or_default();
            let rich = reply["data"]["text/markdown"].as_str().unwrap_or_default();
            right(
                reply["found"] == true && plain.contains(word) && !rich.is_empty(),
                format!("{code}: {reply:#}"),
            )
        }
        HoverNothing(code) => {
            let reply = kernel.inspect(code, code.len());
            right(
                reply["status"] == "ok" && reply["found"] == false,
                format!("{code}: {reply:#}"),
            )
        }
        Variables(wanted) => {
            let listed = kernel.execute(":vars");
            let listed = listed.of_kind("execute_result").next().cloned();
            let listed = listed.unwrap_or_default()["data"]["text/plain"].clone();
            let lines = listed.as_str().unwrap_or_default().lines();
            let names: Vec<&str> = lines.filter_map(|it| it.split(':').next()).collect();
            right(names == *wanted, format!("{names:?} instead of {wanted:?}"))
        }
    }
}

/// Runs the rows one after the other in one kernel, which forgets all between two.
#[track_caller]
fn pass(rows: &[Row]) {
    let mut kernel = Kernel::start();
    let mut wrong = Vec::new();
    for (name, steps) in rows {
        let first = steps.iter().find_map(|step| go(&mut kernel, step).err());
        wrong.extend(first.map(|why| format!("{name}: {why}")));
        kernel.run(":clear");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_case_has_a_row() {
    let rows = [state(), language(), crates(), names()];
    let named: BTreeSet<&str> = rows.iter().flatten().map(|(name, _)| *name).collect();
    assert_eq!(named, BTreeSet::from(ALL));
}

#[test]
fn variables_and_failures() {
    pass(&state());
}

#[test]
fn types_patterns_imports_and_macros() {
    pass(&language());
}

#[test]
fn crates_that_lie_in_folders() {
    pass(&crates());
}

#[test]
fn completion_and_what_is_said_of_names() {
    pass(&names());
}
