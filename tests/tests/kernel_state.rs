//! What cells leave for later ones: variables of every kind, items, commands, output.

use dsprep_tests::{Kernel, Outcome};
use std::time::Duration;

/// Runs a cell that defines something, another one between, and one that uses it: gives its result.
#[track_caller]
fn survives(define: &str, use_it: &str) -> String {
    let mut kernel = Kernel::start();
    kernel.run("use dsprep_core::prelude::*;");
    kernel.run(define);
    kernel.run("let between = 1;");
    kernel.run("between + 1;");
    kernel.value(use_it)
}

#[test]
fn a_database_connection_survives() {
    let define = "let db = Connection::open_in_memory()?;\n\
                  db.execute_batch(\"CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (40), (2);\")?;";
    let sum = "db.query_row(\"SELECT sum(n) FROM t\", [], |row| row.get::<_, i64>(0))?";
    assert_eq!(survives(define, sum), "42");
}

#[test]
fn a_data_frame_survives_and_can_be_queried() {
    let define = "let frame = table!(\"city\" => [\"Rome\", \"Oslo\"], \"n\" => [1_i64, 2])?;";
    let query = "frame.clone().lazy().filter(col(\"n\").gt(lit(1))).collect()?.height()";
    assert_eq!(survives(define, query), "1");
}

#[test]
fn an_array_survives() {
    assert_eq!(
        survives(
            "let a: Array2<f64> = Array2::eye(3);\nlet b = &a * 2.0;",
            "b.sum()"
        ),
        "6.0"
    );
}

#[test]
fn a_figure_survives() {
    let mut kernel = Kernel::start();
    kernel.run("use dsprep_core::prelude::*;\nlet weights = array![[0.25, 0.75], [0.5, 0.5]];");
    kernel.run("let figure = attention_heatmap(&weights, \"Weights\")?;");
    let outcome = kernel.run("figure");
    assert!(
        outcome.result("image/svg+xml").contains("<svg"),
        "{outcome:?}"
    );
    assert!(!outcome.result("text/plain").is_empty());
}

#[test]
fn a_boxed_closure_survives_with_what_it_captured() {
    let define =
        "let factor = 2.5;\nlet scale: Box<dyn Fn(f64) -> f64> = Box::new(move |x| factor * x);";
    assert_eq!(survives(define, "scale(4.0)"), "10.0");
}

#[test]
fn shared_and_changeable_values_survive() {
    let define = "use std::rc::Rc;\nuse std::cell::RefCell;\n\
                  let shared = Rc::new(RefCell::new(vec![1]));\nlet second = Rc::clone(&shared);\n\
                  second.borrow_mut().push(2);";
    assert_eq!(
        survives(define, "(shared.borrow().len(), Rc::strong_count(&second))"),
        "(2, 2)"
    );
}

#[test]
fn tuples_strings_and_maps_survive() {
    let define = "use std::collections::BTreeMap;\nlet pair = (1, \"two\", Some('3'));\n\
                  let text = String::from(\"four\");\nlet map = BTreeMap::from([(5, vec![6.5])]);";
    let expected = "((1, \"two\", Some('3')), \"four\", {5: [6.5]})";
    assert_eq!(survives(define, "(pair, text, map)"), expected);
}

#[test]
fn a_value_of_the_users_own_type_survives() {
    let define = "#[derive(Debug, Clone, PartialEq)]\nenum Plan { Free, Paid { price: u32 } }\n\
                  trait Cost { fn cost(&self) -> u32; }\n\
                  impl Cost for Plan {\n    fn cost(&self) -> u32 {\n        match self { Plan::Free => 0, Plan::Paid { price } => *price }\n    }\n}\n\
                  let plans = vec![Plan::Free, Plan::Paid { price: 9 }];";
    assert_eq!(
        survives(define, "plans.iter().map(|plan| plan.cost()).sum::<u32>()"),
        "9"
    );
}

#[test]
fn a_generic_type_and_a_trait_object_survive() {
    let define = "struct Stack<T> { items: Vec<T> }\n\
                  impl<T: Clone> Stack<T> { fn top(&self) -> Option<T> { self.items.last().cloned() } }\n\
                  let stack = Stack { items: vec!['a', 'z'] };\n\
                  let shown: Vec<Box<dyn std::fmt::Display>> = vec![Box::new(1), Box::new(\"x\")];";
    assert_eq!(
        survives(
            define,
            "format!(\"{:?} {}{}\", stack.top(), shown[0], shown[1])"
        ),
        "\"Some('z') 1x\""
    );
}

#[test]
fn functions_constants_macros_and_modules_survive() {
    let define = "const LIMIT: u32 = 10;\nstatic NAMES: [&str; 2] = [\"a\", \"b\"];\n\
                  macro_rules! twice { ($x:expr) => { 2 * $x }; }\n\
                  mod inner {\n    pub fn three() -> u32 {\n        3\n    }\n}\n\
                  fn add(a: u32, b: u32) -> u32 {\n    a + b\n}";
    assert_eq!(
        survives(define, "(twice!(add(LIMIT, inner::three())), NAMES[1])"),
        "(26, \"b\")"
    );
}

#[test]
fn patterns_define_their_variables() {
    let mut kernel = Kernel::start();
    kernel.run("let (a, mut b) = (1, vec![2]);\nb.push(3);");
    kernel.run("b.push(a);");
    assert_eq!(kernel.value("(a, &b)"), "(1, [2, 3, 1])");
    kernel
        .run("struct Point { x: i32, y: i32 }\nlet Point { x, y: height } = Point { x: 4, y: 5 };");
    kernel.run("let [first, .., last] = [6, 7, 8];");
    kernel.run("let Some(found) = Some(\"it\") else { panic!(\"nothing\") };");
    assert_eq!(
        kernel.value("(x, height, first, last, found)"),
        "(4, 5, 6, 8, \"it\")"
    );
}

#[test]
fn a_variable_may_be_defined_anew_with_another_type() {
    let mut kernel = Kernel::start();
    kernel.run("let v = 1;");
    kernel.run("let v = vec![v, 2];");
    assert_eq!(kernel.value("v"), "[1, 2]");
    kernel.run("let v = format!(\"{v:?}\");\nlet v = v.len();");
    assert_eq!(kernel.value("v"), "6");
}

#[test]
fn a_variable_that_was_moved_away_is_unknown() {
    let mut kernel = Kernel::start();
    kernel.run("let text = String::from(\"gone\");");
    kernel.run("drop(text);");
    let failure = kernel.fails("text.len()");
    assert_eq!(failure.name, "E0425");
    assert!(failure.value.contains("`text`"), "{failure:?}");
}

#[test]
fn a_variable_without_mut_can_not_be_changed_later() {
    let mut kernel = Kernel::start();
    kernel.run("let fixed = 1;\nlet mut free = 1;");
    kernel.run("free += 1;");
    // Within the closure that lets a cell use `?`, rustc calls the variable captured.
    let failure = kernel.fails("fixed += 1;");
    assert!(
        matches!(failure.name.as_str(), "E0384" | "E0594"),
        "{failure:?}"
    );
    assert_eq!(kernel.value("(fixed, free)"), "(1, 2)");
}

#[test]
fn a_type_that_is_defined_anew_loses_its_variables_and_no_others() {
    let mut kernel = Kernel::start();
    kernel.run(
        "struct Shop { name: String }\nlet shop = Shop { name: \"a\".into() };\nlet kept = 7_u32;",
    );
    kernel.run("struct Shop { name: String, rank: u32 }\nlet second = Shop { name: \"b\".into(), rank: 2 };");
    let failure = kernel.fails("shop.name.len()");
    assert_eq!(failure.name, "E0425");
    assert!(
        failure
            .value
            .contains("`shop` is lost: its type `Shop` was defined anew"),
        "{failure:?}"
    );
    assert_eq!(kernel.value("second.rank + kept"), "9");
}

#[test]
fn a_closure_is_kept_in_a_box() {
    let mut kernel = Kernel::start();
    kernel.run("let kept = 7;");
    kernel.run("let double = |x: f64| 2.0 * x;\nlet mut count = 0;\nlet mut next = move |by: u8| { count += i32::from(by); count };");
    assert_eq!(
        kernel.value("(double(1.5), next(2), next(3))"),
        "(3.0, 2, 5)"
    );
    assert_eq!(kernel.value("next(1)"), "6");
    assert_eq!(
        kernel.value("{ let double = |x: i32| 2 * x; double(kept) }"),
        "14"
    );
}

#[test]
fn a_failed_cell_keeps_what_was_there_before() {
    let mut kernel = Kernel::start();
    kernel.run("let mut list = vec![1];");
    kernel.fails("list.push(2);\nlet other = 1;\npanic!(\"halfway\");");
    assert_eq!(kernel.value("list"), "[1, 2]");
    assert_eq!(kernel.fails("other").name, "E0425");
    kernel.fails("list.push(3);\n\"x\".parse::<i32>()?;");
    assert_eq!(kernel.value("list"), "[1, 2, 3]");
}

#[test]
fn the_commands_of_evcxr_work() {
    let mut kernel = Kernel::start();
    kernel.run("let answer = 42_u64;");
    let all = |outcome: &Outcome| outcome.result("text/plain") + &outcome.stdout();
    let variables = kernel.run(":vars");
    assert!(all(&variables).contains("answer"), "{variables:?}");
    assert!(
        !format!("{variables:?}").contains("DsprepType"),
        "{variables:?}"
    );
    let ty = kernel.run(":type answer");
    assert!(all(&ty).contains("u64"), "{ty:?}");
    let help = kernel.run(":help");
    assert!(all(&help).contains(":vars"), "{help:?}");
    assert!(kernel.execute(":no_such_command").failure().is_some());
    assert_eq!(kernel.value("answer"), "42");
}

#[test]
fn the_dependency_on_the_core_costs_nothing() {
    let mut kernel = Kernel::start();
    kernel.run("1");
    let code = ":dep dsprep-core = { path = \"../dsprep-core\" }\nuse dsprep_core::prelude::*;\narray![1, 2].sum()";
    let outcome = kernel.run(code);
    assert_eq!(outcome.result("text/plain"), "3");
    // It takes 0.3 s; cargo alone would need more than 5 s.
    assert!(outcome.took < Duration::from_secs(4), "{:?}", outcome.took);
    assert_eq!(
        (outcome.stdout(), outcome.stderr()),
        (String::new(), String::new())
    );
}

#[test]
fn text_without_a_line_end_gets_none() {
    let mut kernel = Kernel::start();
    let outcome = kernel.run("print!(\"a\"); print!(\"b\"); eprint!(\"c\");");
    assert_eq!(
        (outcome.stdout().as_str(), outcome.stderr().as_str()),
        ("ab", "c")
    );
    assert_eq!(kernel.run("println!(\"next\");").stdout(), "next\n");
}

/// Kinds and texts of outputs, in order.
fn in_order(outcome: &Outcome) -> Vec<String> {
    let of = |content: &serde_json::Value, key: &str| {
        content[key].as_str().unwrap_or_default().to_owned()
    };
    let outputs = outcome
        .outputs
        .iter()
        .filter(|output| output.kind != "execute_input");
    outputs
        .map(|output| match output.kind.as_str() {
            "stream" => of(&output.content, "text"),
            kind => format!("{kind} {}", of(&output.content["data"], "text/plain")),
        })
        .collect()
}

#[test]
fn displays_and_text_keep_their_order() {
    let mut kernel = Kernel::start();
    let code = "use dsprep_core::prelude::*;\n\
                for i in 1..=3 {\n    print!(\"before {i} \");\n    display(&array![i]);\n    println!(\"after {i}\");\n}\n\
                array![4]";
    let expected = [
        "before 1 ",
        "display_data [1]",
        "after 1\nbefore 2 ",
        "display_data [2]",
        "after 2\nbefore 3 ",
        "display_data [3]",
        "after 3\n",
        "execute_result [4]",
    ];
    let outcome = kernel.run(code);
    assert_eq!(in_order(&outcome), expected);
}

#[test]
fn a_display_can_be_replaced_by_its_id_in_the_same_cell_and_later() {
    let mut kernel = Kernel::start();
    let code = "use dsprep_core::prelude::*;\ndisplay_with_id(\"loss\", &array![1]);\ndisplay_update(\"loss\", &array![2]);";
    let first = kernel.run(code);
    assert_eq!(
        in_order(&first),
        ["display_data [1]", "update_display_data [2]"]
    );
    let later = kernel.run("display_update(\"loss\", &array![3]);");
    assert_eq!(in_order(&later), ["update_display_data [3]"]);
    for output in first
        .outputs
        .iter()
        .chain(&later.outputs)
        .filter(|it| it.kind.contains("display"))
    {
        assert_eq!(
            output.content["transient"]["display_id"], "loss",
            "{output:?}"
        );
    }
}

#[test]
fn much_output_is_cut_and_the_reader_is_told() {
    let mut kernel = Kernel::start();
    let code = "let line = \"x\".repeat(1023);\nfor _ in 0..40_000 {\n    println!(\"{line}\");\n}\n\"done\"";
    let outcome = kernel.run(code);
    let printed = outcome.stdout().len();
    assert!((15 << 20..=16 << 20).contains(&printed), "{printed} bytes");
    assert_eq!(
        outcome.stderr(),
        "dsprep: this cell printed more than 16 MiB; the rest is left out\n"
    );
    assert_eq!(kernel.run("println!(\"again\");").stdout(), "again\n");
}

#[test]
fn text_of_all_languages_and_strings_over_several_lines_are_kept() {
    let mut kernel = Kernel::start();
    let code = "let größe = \"Zürich 東京 🦀\";\nlet poem = \"one\n  two \\\"quoted\\\"\n\nfour\";\n\
                let raw = r#\"{ \"a\": \"}\" }\n// no comment\"#;\nprintln!(\"{größe}|{poem}|{raw}\");";
    let expected = "Zürich 東京 🦀|one\n  two \"quoted\"\n\nfour|{ \"a\": \"}\" }\n// no comment\n";
    assert_eq!(kernel.run(code).stdout(), expected);
    assert_eq!(
        kernel.value("(größe.chars().count(), poem.lines().count(), raw.lines().count())"),
        "(11, 4, 2)"
    );
    let failure = kernel.fails("let ä = \"öö\";\nlet n: i32 = größe;");
    assert!(
        failure.traceback.contains("cell line 2, column 14"),
        "{}",
        failure.traceback
    );
}

#[test]
fn comments_may_stand_anywhere() {
    let mut kernel = Kernel::start();
    let code = "// First, a comment.\n\n/* A longer\n   one. */\nlet a = 1; // at the end\n\
                /// About the function.\nfn f() -> i32 { /* inside */ 2 }\n// Last.\na + f() // result";
    assert_eq!(kernel.value(code), "3");
    let failure = kernel.fails("// One.\n/* Two.\nThree. */\nlet b: u8 = \"four\";");
    assert!(
        failure.traceback.contains("cell line 4, column 13"),
        "{}",
        failure.traceback
    );
    kernel.run("/* only */");
}

#[test]
fn control_flow_and_loops_need_no_braces_around_them() {
    let mut kernel = Kernel::start();
    kernel.run("let mut sum = 0;\nfor i in 0..10 {\n    if i % 2 == 0 { continue; }\n    sum += i;\n}\nwhile sum < 30 { sum += 1; }");
    assert_eq!(
        kernel.value("if sum == 30 { \"yes\" } else { \"no\" }"),
        "\"yes\""
    );
    assert_eq!(
        kernel.value("match sum { 0 => 'a', 30 => 'b', _ => 'c' }"),
        "'b'"
    );
    assert_eq!(
        kernel.value("let block = { let inner = sum * 2; inner + 1 };\nblock"),
        "61"
    );
}

#[test]
fn imports_stay_and_may_be_repeated() {
    let mut kernel = Kernel::start();
    for _ in 0..2 {
        kernel.run("use std::collections::HashMap;\nuse std::fmt::Write as _;");
    }
    assert_eq!(kernel.value("let mut text = String::new();\nwrite!(text, \"{}\", HashMap::<u8, u8>::new().len())?;\ntext"), "\"0\"");
}

#[test]
fn a_function_may_be_defined_anew() {
    let mut kernel = Kernel::start();
    kernel.run("fn price() -> i32 { 1 }");
    kernel.run("fn total() -> i32 { price() * 10 }");
    assert_eq!(kernel.value("total()"), "10");
    kernel.run("fn price() -> i32 { 2 }");
    assert_eq!(kernel.value("total()"), "20");
}

#[test]
fn threads_and_their_output_belong_to_the_cell() {
    let mut kernel = Kernel::start();
    let code = "let threads: Vec<_> = (0..4).map(|i| std::thread::spawn(move || { println!(\"t\"); i })).collect();\n\
                let sum: i32 = threads.into_iter().map(|it| it.join().unwrap()).sum();\nsum";
    let outcome = kernel.run(code);
    assert_eq!(
        (
            outcome.stdout().as_str(),
            outcome.result("text/plain").as_str()
        ),
        ("t\nt\nt\nt\n", "6")
    );
}

#[test]
fn fifty_variables_do_not_make_cells_slow() {
    let mut kernel = Kernel::start();
    for block in 0..5 {
        let lines = (0..10).map(|i| format!("let v{block}_{i} = vec![{i}_f64; 10];\n"));
        kernel.run(&lines.collect::<String>());
    }
    let outcomes = [(); 3].map(|()| kernel.run("v4_9.len() + v0_0.len()"));
    let times: Vec<Duration> = outcomes.iter().map(|outcome| outcome.took).collect();
    assert_eq!(outcomes[2].result("text/plain"), "20");
    assert!(
        times.iter().min() < Some(&Duration::from_secs(4)),
        "{times:?}"
    );
}

#[test]
#[ignore = "the first asynchronous cell builds tokio, which needs a minute and crates from the registry"]
fn a_cell_may_await() {
    let mut kernel = Kernel::start();
    kernel.run("async fn later() -> i32 { 41 }");
    assert_eq!(kernel.value("later().await + 1"), "42");
}

#[test]
#[ignore = "needs the crate itoa from the registry"]
fn a_crate_can_be_added() {
    let mut kernel = Kernel::start();
    kernel.run(":dep itoa = \"1\"");
    assert_eq!(
        kernel.value("itoa::Buffer::new().format(128u64).to_owned()"),
        "\"128\""
    );
}

#[test]
fn any_format_can_be_shown() {
    let mut kernel = Kernel::start();
    kernel.run("use dsprep_core::prelude::*;");
    let code = "display(&MimeBundle::plain(\"x\").with(\"text/latex\", \"$x$\").with(\"text/markdown\", \"*x*\").with(\"image/png\", \"iVBORw0KGgo=\"));\n\
                MimeBundle::plain(\"{}\").with(\"application/json\", \"{\\\"a\\\": [1]}\")";
    let outcome = kernel.run(code);
    let shown = format!("{outcome:?}");
    for part in [
        "text/latex",
        "text/markdown",
        "image/png",
        "application/json",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(shown.contains("\"a\": Array"), "JSON is no text: {shown}");
}

#[test]
fn a_result_that_uses_a_variable_up_is_shown_as_richly_as_any() {
    let mut kernel = Kernel::start();
    kernel.run("use dsprep_core::prelude::*;");
    let outcome =
        kernel.run("let kept = Some(table!(\"name\" => [\"a\"])?);\nkept.unwrap_or_default()");
    assert!(outcome.result("text/html").contains("<table"));
    assert_eq!(kernel.fails("kept").name, "E0425");
}
