//! The kernel speaks Jupyter's protocol: the rules of `jupyter_kernel_test`, and those that evcxr breaks.

use dsprep_tests::{
    AT_ONCE, Channel, Kernel, Output, Sandbox, Settings, connection_info, execute_request,
};
use jupyter_protocol::{JupyterMessage, KernelInfoRequest};
use jupyter_zmq_client as zmq;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

const DISPLAY: &str = "use dsprep_core::prelude::*;\ndisplay(&array![[1.0]]);";

fn kinds(outputs: &[Output]) -> Vec<&str> {
    outputs.iter().map(|output| output.kind.as_str()).collect()
}

#[test]
fn the_kernel_says_what_it_is_soon_after_its_start() {
    let mut kernel = Kernel::start();
    assert!(kernel.started_in < AT_ONCE, "{:?}", kernel.started_in);
    for channel in [Channel::Shell, Channel::Control] {
        let info = kernel
            .request(channel, "kernel_info_request", json!({}))
            .reply;
        assert_eq!(info["status"], "ok");
        assert_eq!(info["protocol_version"], "5.5");
        assert_eq!(info["supported_features"], json!(["debugger"]));
        assert_eq!(info["implementation"], "dsprep");
        assert!(!info["banner"].as_str().unwrap_or_default().is_empty());
        let language = &info["language_info"];
        assert_eq!(language["name"], "rust");
        assert_eq!(language["file_extension"], ".rs");
        assert_eq!(language["mimetype"], "text/rust");
        assert!(
            language["version"]
                .as_str()
                .is_some_and(|version| version.starts_with("1."))
        );
    }
}

#[test]
fn the_kernel_serves_sockets_of_tcp_and_a_heartbeat() {
    let settings = Settings {
        tcp: true,
        ..Settings::default()
    };
    let mut kernel = Kernel::start_with(&Arc::new(Sandbox::new()), settings);
    assert_eq!(kernel.value("6 * 7"), "42");
    kernel.beats();
    kernel.send_cell("loop {}");
    kernel.beats();
    kernel.beats();
}

#[test]
fn what_a_cell_prints_comes_on_the_stream_that_it_was_printed_to() {
    let mut kernel = Kernel::start();
    let outcome = kernel.run("println!(\"hello, world\");");
    assert_eq!(
        (outcome.stdout().as_str(), outcome.stderr().as_str()),
        ("hello, world\n", "")
    );
    let outcome = kernel.run("eprintln!(\"careful\");");
    assert_eq!(
        (outcome.stdout().as_str(), outcome.stderr().as_str()),
        ("", "careful\n")
    );
    assert_eq!(kinds(&outcome.outputs), ["execute_input", "stream"]);
}

#[test]
fn the_last_expression_is_the_result() {
    let mut kernel = Kernel::start();
    let outcome = kernel.run("6 * 7");
    assert_eq!(kinds(&outcome.outputs), ["execute_input", "execute_result"]);
    let result = outcome.of_kind("execute_result").next().expect("a result");
    assert_eq!(result["data"], json!({"text/plain": "42"}));
    assert_eq!(result["execution_count"], 1);
    assert_eq!(kernel.value("vec![Some(1.5), None]"), "[Some(1.5), None]");
    assert!(
        kernel
            .run("6 * 7;")
            .outputs
            .iter()
            .all(|output| output.kind == "execute_input")
    );
}

#[test]
fn a_display_is_data_with_a_format_for_text_and_one_for_the_eye() {
    let mut kernel = Kernel::start();
    let outcome = kernel.run(DISPLAY);
    assert_eq!(kinds(&outcome.outputs), ["execute_input", "display_data"]);
    let display = outcome.of_kind("display_data").next().expect("a display");
    assert_eq!(display["data"]["text/plain"], "[[1.0]]");
    assert!(
        display["data"]["text/html"]
            .as_str()
            .is_some_and(|html| html.contains("<table"))
    );
    assert_eq!(display["metadata"], json!({}));
}

#[test]
fn the_first_cell_is_number_1_and_each_one_counts() {
    let mut kernel = Kernel::start();
    for (number, code) in [(1, "let a = 1;"), (2, "a + undefined"), (3, "a")] {
        let outcome = kernel.execute(code);
        assert_eq!(outcome.reply["execution_count"], number, "{code}");
        assert_eq!(outcome.outputs[0].kind, "execute_input");
        assert_eq!(
            outcome.outputs[0].content,
            json!({"code": code, "execution_count": number})
        );
    }
}

#[test]
fn empty_and_silent_cells_do_not_count() {
    let mut kernel = Kernel::start();
    kernel.run("1");
    for empty in ["", "  \n\n"] {
        let outcome = kernel.run(empty);
        assert_eq!(outcome.reply["execution_count"], 1, "{empty:?}");
        assert_eq!(outcome.outputs, []);
    }
    let comment = kernel.run("// only a comment");
    assert_eq!(comment.result("text/plain"), "");
    let count = comment.reply["execution_count"].as_u64().expect("a number");
    let mut silent = execute_request("let hidden = 3; println!(\"said\");");
    silent["silent"] = true.into();
    let outcome = kernel.request(Channel::Shell, "execute_request", silent);
    assert_eq!(outcome.reply["status"], "ok");
    assert!(
        outcome.of_kind("execute_input").next().is_none(),
        "a silent cell is not announced"
    );
    let outcome = kernel.run("hidden");
    assert_eq!(outcome.reply["execution_count"], count + 1);
    assert_eq!(outcome.result("text/plain"), "3");
}

#[test]
fn a_silent_cell_publishes_no_result() {
    let mut kernel = Kernel::start();
    let mut silent = execute_request("6 * 7");
    silent["silent"] = true.into();
    let outcome = kernel.request(Channel::Shell, "execute_request", silent);
    assert_eq!(outcome.outputs, []);
}

#[test]
fn a_request_may_leave_out_what_has_a_default() {
    let mut kernel = Kernel::start();
    let outcome = kernel.request(Channel::Shell, "execute_request", json!({"code": "1 + 1"}));
    assert_eq!(outcome.result("text/plain"), "2");
    assert_eq!(outcome.reply["execution_count"], 1);
}

#[test]
fn a_request_that_can_not_be_understood_is_told_so() {
    let mut kernel = Kernel::start();
    for (kind, content) in [
        ("execute_request", json!({"source": "1 + 1"})),
        ("complete_request", json!({"code": 7})),
        ("tea_request", json!({})),
    ] {
        let outcome = kernel.request(Channel::Shell, kind, content);
        assert_eq!(outcome.reply["status"], "error", "{kind}");
        let told = outcome.reply["evalue"].as_str().unwrap_or_default();
        assert!(told.contains(kind), "{told}");
    }
    assert_eq!(kernel.run("1 + 1").result("text/plain"), "2");
}

#[test]
fn each_request_is_between_busy_and_idle() {
    let mut kernel = Kernel::start();
    for (kind, content) in [
        ("kernel_info_request", json!({})),
        ("execute_request", execute_request("1")),
        ("execute_request", execute_request("nonsense")),
        ("execute_request", execute_request("")),
        ("is_complete_request", json!({"code": "1"})),
        (
            "history_request",
            json!({"hist_access_type": "tail", "n": 1, "output": false, "raw": true}),
        ),
        ("comm_info_request", json!({})),
        ("complete_request", json!({"code": "st", "cursor_pos": 2})),
        (
            "inspect_request",
            json!({"code": "st", "cursor_pos": 2, "detail_level": 0}),
        ),
    ] {
        let outcome = kernel.request(Channel::Shell, kind, content);
        assert_eq!(outcome.states, ["busy", "idle"], "{kind}");
        assert_eq!(outcome.reply_kind, kind.replace("request", "reply"));
    }
    assert_eq!(
        kernel
            .request(Channel::Control, "interrupt_request", json!({}))
            .states,
        ["busy", "idle"]
    );
    assert_eq!(kernel.unasked(Duration::from_millis(300)), None);
}

#[test]
fn what_does_not_compile_is_one_error_with_the_compilers_code_and_the_cells_lines() {
    let mut kernel = Kernel::start();
    kernel.run("let before = 1;");
    let code = "// a comment\nlet fine = before;\nlet x: i32 = \"text\";\nlet y: i32 = 1.5;";
    let failure = kernel.fails(code);
    assert_eq!(
        (failure.name.as_str(), failure.value.as_str()),
        ("E0308", "mismatched types")
    );
    for part in [
        "cell line 3, column 14",
        "3 | let x: i32 = \"text\";",
        "cell line 4, column 14",
    ] {
        assert!(
            failure.traceback.contains(part),
            "{part}:\n{}",
            failure.traceback
        );
    }
    assert!(
        !failure.traceback.contains("evcxr"),
        "{}",
        failure.traceback
    );
    assert!(
        !failure.traceback.contains("src/lib.rs"),
        "{}",
        failure.traceback
    );
    assert_eq!(kernel.value("before"), "1");
}

#[test]
fn an_unknown_name_is_told_with_its_line() {
    let mut kernel = Kernel::start();
    let failure = kernel.fails("let a = 1;\n\nmissing(a)");
    assert_eq!(failure.name, "E0425");
    assert!(failure.value.contains("`missing`"), "{failure:?}");
    assert!(
        failure.traceback.contains("cell line 3, column 1"),
        "{}",
        failure.traceback
    );
}

#[test]
fn a_syntax_error_is_one_error_with_its_line() {
    let mut kernel = Kernel::start();
    let failure = kernel.fails("let fine = 1;\nlet x = 1 +;");
    assert_eq!(failure.value, "expected expression, found `;`");
    assert!(
        failure.traceback.contains("2 | let x = 1 +;"),
        "{failure:?}"
    );
}

#[test]
fn an_unbalanced_bracket_is_told_with_its_line() {
    let mut kernel = Kernel::start();
    for (code, line) in [
        ("let fine = 1;\nlet x = );", "2 | let x = );"),
        ("let fine = 1;\nif true { fine", "2 | if true { fine"),
        ("fn f() }", "1 | fn f() }"),
    ] {
        let failure = kernel.fails(code);
        assert!(failure.traceback.contains(line), "{failure:?}");
    }
}

#[test]
fn a_panic_is_told_with_its_message_and_line() {
    let mut kernel = Kernel::start();
    let outcome = kernel.execute("let zero = 0;\n\npanic!(\"no more {}\", zero);");
    let failure = outcome.failure().expect("it fails");
    assert_eq!(
        (failure.name.as_str(), failure.value.as_str()),
        ("panic", "no more 0")
    );
    assert!(
        failure.traceback.contains("-->   3 | panic!("),
        "{}",
        failure.traceback
    );
    assert_eq!(
        (outcome.stdout().as_str(), outcome.stderr().as_str()),
        ("", "")
    );
}

#[test]
fn a_panic_in_a_library_is_told_with_its_place() {
    let mut kernel = Kernel::start();
    let failure = kernel.fails("let v: Vec<i32> = vec![1];\nv[3]");
    assert_eq!(failure.name, "panic");
    assert_eq!(
        failure.value,
        "index out of bounds: the len is 1 but the index is 3"
    );
    assert!(
        failure.traceback.contains("-->   2 | v[3]"),
        "{}",
        failure.traceback
    );
    let failure =
        kernel.fails("fn inner(text: &str) -> i32 {\n    text.parse().unwrap()\n}\ninner(\"x\")");
    assert!(failure.value.contains("InvalidDigit"), "{failure:?}");
    assert!(
        failure
            .traceback
            .contains("-->   2 |     text.parse().unwrap()"),
        "{}",
        failure.traceback
    );
}

#[test]
fn a_panic_is_told_even_if_a_cell_has_replaced_the_hook() {
    let mut kernel = Kernel::start();
    kernel.run("std::panic::set_hook(Box::new(|_| {}));");
    let failure = kernel.fails("panic!(\"seen\");");
    assert_eq!(failure.value, "seen");
}

#[test]
fn the_second_statement_on_a_line_has_the_column_of_the_line() {
    let mut kernel = Kernel::start();
    let failure = kernel.fails("let a = 1; missing(a);");
    assert!(
        failure.traceback.contains("cell line 1, column 12"),
        "{}",
        failure.traceback
    );
}

#[test]
fn a_failed_question_mark_is_told_with_its_error_and_line() {
    let mut kernel = Kernel::start();
    let failure = kernel.fails("let text = \"x\";\nlet number: i32 = text.parse()?;");
    assert_eq!(failure.name, "error");
    assert!(
        failure.value.contains("InvalidDigit") || failure.value.contains("invalid digit"),
        "{failure:?}"
    );
    assert!(
        failure.traceback.contains("-->   2 | let number"),
        "{}",
        failure.traceback
    );
    assert_eq!(kernel.fails("number").name, "E0425");
}

#[test]
fn an_incomplete_cell_is_told_from_a_complete_and_a_wrong_one() {
    let mut kernel = Kernel::start();
    for code in [
        "1 + 1",
        "let x = 1;",
        "fn f() -> i32 {\n    1\n}",
        ":vars",
        "let s = \"{\";",
        "",
    ] {
        assert_eq!(kernel.is_complete(code), "complete", "{code}");
    }
    for code in [
        "fn f() {",
        "let x =",
        "println!(\"a\",",
        "let s = \"abc",
        "match 1 {",
        "/* open",
        "r#\"raw",
        "fn f()",
        "struct A",
        "#[derive(Debug)]",
        "let x = 5",
    ] {
        assert_eq!(kernel.is_complete(code), "incomplete", "{code}");
    }
    for code in ["let x = );", "fn f() }"] {
        assert_eq!(kernel.is_complete(code), "invalid", "{code}");
    }
}

fn matches(reply: &Value) -> Vec<&str> {
    assert_eq!(reply["status"], "ok", "{reply}");
    reply["matches"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

#[test]
fn completion_knows_what_earlier_cells_have_defined() {
    let mut kernel = Kernel::start();
    kernel.wait_for_libraries();
    kernel.run("let customers_by_city = vec![1, 2, 3];");
    kernel.run(
        "struct Account { balance: f64 }\n\
         impl Account { fn interest_after(&self, years: u32) -> f64 { self.balance * f64::from(years) } }\n\
         let account = Account { balance: 1.0 };",
    );
    let reply = kernel.complete("let é = 1; customers_b");
    assert!(matches(&reply).contains(&"customers_by_city"), "{reply}");
    assert_eq!(
        (&reply["cursor_start"], &reply["cursor_end"]),
        (&json!(11), &json!(22))
    );
    let reply = kernel.complete("account.inter");
    assert!(
        matches(&reply)
            .iter()
            .any(|name| name.starts_with("interest_after")),
        "{reply}"
    );
    let reply = kernel.complete("account.bal");
    assert_eq!(matches(&reply), ["balance"]);
}

#[test]
fn completion_does_not_keep_a_running_cell_or_itself_waiting() {
    let mut kernel = Kernel::start();
    let go_on = kernel.sandbox().path().join("go_on");
    let cell = kernel.send_cell(&format!(
        "println!(\"begun\"); while !std::path::Path::new({go_on:?}).exists() {{}} 5"
    ));
    kernel.wait_for_text(&cell, "begun");
    let content = json!({"code": "std::", "cursor_pos": 5});
    let outcome = kernel.request(Channel::Shell, "complete_request", content);
    assert_eq!(outcome.reply["status"], "ok");
    std::fs::write(go_on, "").expect("the file can be written");
    assert_eq!(kernel.outcome(&cell).result("text/plain"), "5");
}

/// Asks about the function at `position`.
fn finds_softmax(position: usize) {
    let mut kernel = Kernel::start();
    kernel.wait_for_libraries();
    kernel.run("use dsprep_core::prelude::*;");
    let reply = kernel.inspect("let shares = softmax(&scores);", position);
    assert_eq!(
        (&reply["status"], &reply["found"]),
        (&json!("ok"), &json!(true)),
        "{reply}"
    );
    let text = reply["data"]["text/plain"].as_str().unwrap_or_default();
    assert!(
        text.contains("pub fn softmax(") && text.contains("positive weights that sum to 1"),
        "{reply}"
    );
    let reply = kernel.inspect("let shares = nothing_of_that_name(1);", 33);
    assert_eq!(
        (&reply["status"], &reply["found"]),
        (&json!("ok"), &json!(false)),
        "{reply}"
    );
}

#[test]
fn inspection_shows_the_documentation_of_a_function_of_the_prelude() {
    finds_softmax(20);
}

#[test]
fn inspection_works_from_within_a_name() {
    finds_softmax(15);
}

/// Sends a failing cell and two more at once; gives the status of each reply.
fn three_cells(stop_on_error: bool) -> [String; 3] {
    let mut kernel = Kernel::start();
    let ids = ["panic!(\"stop\")", "let two = 2;", "two"].map(|code| {
        let mut content = execute_request(code);
        content["stop_on_error"] = stop_on_error.into();
        kernel.send(Channel::Shell, "execute_request", content)
    });
    let statuses = ids.map(|id| {
        let outcome = kernel.outcome(&id);
        assert_eq!(outcome.states, ["busy", "idle"]);
        outcome.reply["status"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    });
    assert_eq!(kernel.value("1"), "1");
    statuses
}

#[test]
fn a_failing_cell_gives_up_those_that_wait_behind_it() {
    assert_eq!(three_cells(true), ["error", "aborted", "aborted"]);
}

#[test]
fn without_stop_on_error_the_cells_that_wait_still_run() {
    assert_eq!(three_cells(false), ["error", "ok", "ok"]);
}

#[test]
fn cells_that_are_sent_at_once_run_in_order() {
    let mut kernel = Kernel::start();
    let cells = ["let mut a = 1;", "a += 1;", "a *= 10;", "a"].map(|code| kernel.send_cell(code));
    let outcomes = cells.map(|id| kernel.outcome(&id));
    assert_eq!(outcomes[3].result("text/plain"), "20");
    let counts = outcomes.map(|outcome| outcome.reply["execution_count"].as_u64());
    assert_eq!(counts, [Some(1), Some(2), Some(3), Some(4)]);
}

#[test]
fn questions_that_have_no_answer_here_get_an_empty_one() {
    let mut kernel = Kernel::start();
    for access in ["tail", "range", "search"] {
        let content = json!({
            "hist_access_type": access, "output": false, "raw": true, "n": 10, "session": 0,
            "start": 0, "stop": 5, "pattern": "*", "unique": false,
        });
        let reply = kernel
            .request(Channel::Shell, "history_request", content)
            .reply;
        assert_eq!(
            (&reply["status"], &reply["history"]),
            (&json!("ok"), &json!([])),
            "{access}"
        );
    }
    let reply = kernel
        .request(Channel::Shell, "comm_info_request", json!({}))
        .reply;
    assert_eq!(
        (&reply["status"], &reply["comms"]),
        (&json!("ok"), &json!({}))
    );
}

#[test]
fn a_shutdown_is_answered_with_its_restart_flag_and_ends_the_kernel() {
    for (channel, restart) in [
        (Channel::Control, false),
        (Channel::Control, true),
        (Channel::Shell, false),
    ] {
        let mut kernel = Kernel::start();
        kernel.run("1");
        let (reply, status) = kernel.shut_down(channel, restart);
        assert_eq!(reply, json!({"status": "ok", "restart": restart}));
        assert!(status.success(), "{status}");
        assert_eq!(kernel.sandbox().leftovers(), Vec::<String>::new());
    }
}

#[test]
fn a_shutdown_before_the_engine_is_ready_ends_the_kernel() {
    let mut kernel = Kernel::start();
    let (_, status) = kernel.shut_down(Channel::Control, false);
    assert!(status.success(), "{status}");
    assert_eq!(kernel.sandbox().leftovers(), Vec::<String>::new());
}

#[test]
fn what_the_kernel_does_not_know_does_not_break_it() {
    let mut kernel = Kernel::start();
    kernel.send(Channel::Shell, "make_coffee_request", json!({"sugar": 2}));
    kernel.send(
        Channel::Shell,
        "comm_open",
        json!({"comm_id": "1", "target_name": "widget", "data": {}}),
    );
    kernel.send(
        Channel::Shell,
        "comm_msg",
        json!({"comm_id": "1", "data": {}}),
    );
    kernel.send(Channel::Shell, "execute_request", json!({"no_code": true}));
    kernel.send(
        Channel::Stdin,
        "input_reply",
        json!({"status": "ok", "value": "unasked"}),
    );
    kernel.send(
        Channel::Control,
        "interrupt_request",
        json!({"why": "no reason"}),
    );
    let reply = kernel
        .request(Channel::Control, "make_tea_request", json!({}))
        .reply;
    assert_eq!(reply["status"], "error");
    let debug = json!({"seq": 1, "type": "request", "command": "initialize", "arguments": {}});
    kernel.send(Channel::Control, "debug_request", debug);
    assert_eq!(kernel.value("6 * 7"), "42");
}

#[test]
fn what_was_run_is_remembered_across_sessions() {
    let sandbox = Arc::new(Sandbox::new());
    let mut kernel = Kernel::start_in(&sandbox);
    let mut typed = |code: &str, silent: bool| {
        let mut content = execute_request(code);
        content["allow_stdin"] = true.into();
        content["silent"] = silent.into();
        kernel.request(Channel::Shell, "execute_request", content);
    };
    typed("let a = 1;", false);
    typed("let silent = 1;", true);
    typed("let b = 2;", false);
    // What a program runs is not typed by anybody.
    kernel.run("let c = 3;");
    kernel.shut_down(Channel::Control, false);
    let mut kernel = Kernel::start_in(&sandbox);
    let mut history = |request: Value| {
        let outcome = kernel.request(Channel::Shell, "history_request", request);
        assert_eq!(outcome.reply["status"], "ok");
        outcome.reply["history"].clone()
    };
    assert_eq!(
        history(json!({"hist_access_type": "tail", "n": 10})),
        json!([[1, 1, "let a = 1;"], [1, 2, "let b = 2;"]])
    );
    assert_eq!(
        history(json!({"hist_access_type": "search", "pattern": "*b*", "n": 5, "output": true})),
        json!([[1, 2, ["let b = 2;", null]]])
    );
    assert_eq!(
        history(json!({"hist_access_type": "range", "session": -1, "start": 1, "stop": 2})),
        json!([[1, 1, "let a = 1;"]])
    );
}

#[test]
fn expressions_are_evaluated_after_a_cell() {
    let mut kernel = Kernel::start();
    let mut content = execute_request("let a = 20;");
    content["user_expressions"] =
        json!({"sum": "a + 1", "text": "\"x\".len();", "wrong": "nothing", "torn": "("});
    let outcome = kernel.request(Channel::Shell, "execute_request", content);
    let values = &outcome.reply["user_expressions"];
    assert_eq!(values["sum"]["status"], "ok", "{values}");
    assert_eq!(values["sum"]["data"]["text/plain"], "21");
    assert_eq!(
        values["text"],
        json!({"status": "ok", "data": {}, "metadata": {}})
    );
    assert_eq!(values["wrong"]["ename"], "E0425", "{values}");
    assert_eq!(values["torn"]["status"], "error");
    assert_eq!(outcome.states, ["busy", "idle"]);
    assert_eq!(outcome.outputs.len(), 1, "{outcome:?}");
    // Of a cell that failed, none is.
    let mut content = execute_request("panic!(\"no\")");
    content["user_expressions"] = json!({"sum": "a + 1"});
    let outcome = kernel.request(Channel::Shell, "execute_request", content);
    assert_eq!(outcome.reply["user_expressions"], json!({}));
    assert_eq!(kernel.value("a"), "20");
}

#[test]
fn a_cell_can_take_back_what_it_has_shown() {
    let mut kernel = Kernel::start();
    let outcome = kernel.run(
        "for step in 0..2 { dsprep_core::cell::clear_output(step == 1); println!(\"{step}\"); }",
    );
    assert_eq!(
        kinds(&outcome.outputs)[1..],
        ["clear_output", "stream", "clear_output", "stream"]
    );
    let waits: Vec<&Value> = outcome
        .of_kind("clear_output")
        .map(|it| &it["wait"])
        .collect();
    assert_eq!(waits, [&json!(false), &json!(true)]);
}

#[test]
fn the_panel_of_variables_is_told_their_types_and_what_they_hold() {
    let mut kernel = Kernel::start();
    kernel.run(
        "#[derive(Debug)] struct Point(u8);\n#[derive(Clone)] struct Silent;\n\
         let names = vec![String::from(\"Ada\")]; let n = 5_u8; let point = Point(1); let silent = Silent;\n\
         let shared = std::rc::Rc::new(std::cell::Cell::new(1)); let r#type = 'x';",
    );
    panel(&mut kernel, "initialize", json!({}));
    panel(&mut kernel, "attach", json!({}));
    assert_eq!(
        panel(&mut kernel, "debugInfo", json!({}))["isStarted"],
        true
    );
    let listed = panel(&mut kernel, "inspectVariables", json!({}))["variables"].clone();
    let told: Vec<[&str; 3]> = listed
        .as_array()
        .into_iter()
        .flatten()
        .map(|it| ["name", "type", "value"].map(|key| it[key].as_str().unwrap_or_default()))
        .collect();
    // A type of its own would hide the value: JupyterLab shows the type alone of what is not Python's.
    assert_eq!(
        told,
        [
            ["n", "", "5 (u8)"],
            ["names", "", "[\"Ada\"] (Vec<String>)"],
            // Types that only the notebook knows, and values that may be changed meanwhile.
            ["point", "Point", "Point"],
            [
                "shared",
                "std::rc::Rc<std::cell::Cell<i32>>",
                "std::rc::Rc<std::cell::Cell<i32>>"
            ],
            ["silent", "Silent", "Silent"],
            ["type", "", "'x' (char)"],
        ]
    );
    for (name, shown) in [
        ("n", "5"),
        ("point", "Point(1)"),
        ("silent", "silent: Silent"),
        ("type", "'x'"),
    ] {
        let rich = panel(
            &mut kernel,
            "richInspectVariables",
            json!({"variableName": name}),
        );
        assert_eq!(rich["data"]["text/plain"], shown, "{name}");
    }
    kernel.run("let frame = dsprep_core::table!(\"a\" => [1, 2])?;");
    let rich = panel(
        &mut kernel,
        "richInspectVariables",
        json!({"variableName": "frame"}),
    );
    let html = rich["data"]["text/html"].as_str().unwrap_or_default();
    assert!(html.contains("<table"), "{rich}");
    assert_eq!(kernel.value("point.0"), "1");
    // While a cell runs, the process tells nothing, and nothing else is run.
    let id = kernel
        .send_cell("print!(\"runs\"); std::io::Write::flush(&mut std::io::stdout())?; loop {}");
    kernel.wait_for_output(&id, "stream");
    let listed = panel(&mut kernel, "inspectVariables", json!({}));
    assert_eq!(listed["variables"][1]["value"], "u8", "{listed}");
    let rich = panel(
        &mut kernel,
        "richInspectVariables",
        json!({"variableName": "n"}),
    );
    assert_eq!(rich["data"]["text/plain"], "n: u8");
}

/// What the panel of variables is answered.
fn panel(kernel: &mut Kernel, command: &str, arguments: Value) -> Value {
    let request = json!({"type": "request", "seq": 1, "command": command, "arguments": arguments});
    let outcome = kernel.request(Channel::Control, "debug_request", request);
    assert_eq!(outcome.reply_kind, "debug_reply");
    assert_eq!(outcome.reply["success"], true, "{}", outcome.reply);
    outcome.reply["body"].clone()
}

#[test]
fn a_comm_that_nobody_knows_is_closed() {
    let mut kernel = Kernel::start();
    let id = kernel.send(
        Channel::Shell,
        "comm_open",
        json!({"comm_id": "c1", "target_name": "jupyter.widget", "data": {}}),
    );
    let info = kernel.request(Channel::Shell, "comm_info_request", json!({}));
    assert_eq!(info.reply["comms"], json!({}));
    let closed = kernel.wait_for_output(&id, "comm_close");
    assert_eq!(closed["comm_id"], "c1");
}

#[test]
fn a_client_is_welcomed_to_iopub() {
    let mut kernel = Kernel::start();
    for _ in 0..50 {
        if kernel.welcomed {
            return;
        }
        kernel.request(Channel::Shell, "kernel_info_request", json!({}));
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("no welcome");
}

/// As Jupyter's server comes back to a kernel that it has restarted: by each socket when it happens to try again.
#[test]
fn what_is_published_waits_for_a_client_that_asks_before_it_listens() {
    let sandbox = Sandbox::new();
    let info = connection_info(&sandbox, "late", true);
    let text = serde_json::to_string(&info).expect("it is plain data");
    let file = sandbox.write("late.json", &text).display().to_string();
    let mut kernel = sandbox
        .command(&["kernel", "start", "-f", &file])
        .spawn()
        .expect("the kernel starts");
    let heard = async {
        let address = ("127.0.0.1", info.shell_port);
        while tokio::net::TcpStream::connect(address).await.is_err() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let identity = zmq::peer_identity_for_session("late")?;
        let shell = zmq::create_client_shell_connection_with_identity(&info, "late", identity);
        let mut shell = shell.await?;
        let request = JupyterMessage::from(KernelInfoRequest {});
        let id = request.header.msg_id.clone();
        shell.send(request).await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut iopub = zmq::create_client_iopub_connection(&info, "", "late").await?;
        loop {
            let message = iopub.read().await?;
            let parent = message.parent_header.map(|it| it.msg_id);
            if message.header.msg_type == "status" && parent.as_ref() == Some(&id) {
                return Ok::<_, zmq::RuntimeError>(());
            }
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("threads can be started");
    let heard =
        runtime.block_on(async { tokio::time::timeout(Duration::from_secs(20), heard).await });
    kernel.kill().expect("it can be killed");
    kernel.wait().expect("it ends");
    assert!(matches!(heard, Ok(Ok(()))), "{heard:?}");
}

#[test]
fn a_cell_that_is_nested_without_end_is_refused_and_nothing_is_lost() {
    let mut kernel = Kernel::start();
    kernel.run("let kept = 41;");
    let balanced = format!("{}1{}", "(".repeat(5_000), ")".repeat(5_000));
    for code in ["(".repeat(20_000), balanced] {
        let failure = kernel.fails(&code);
        assert!(failure.value.contains("brackets are open"), "{failure:?}");
        assert_eq!(kernel.is_complete(&code), "unknown");
        kernel.complete(&code);
    }
    assert_eq!(kernel.value("kept + 1"), "42");
}
