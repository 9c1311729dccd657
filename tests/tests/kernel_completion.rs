//! Completion and documentation, through the kernel.

use dsprep_tests::{Channel, Kernel, Sandbox, Settings};
use serde_json::{Value, json};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

fn matches(reply: &Value) -> Vec<String> {
    assert_eq!(reply["status"], "ok", "{reply}");
    let matches = reply["matches"].as_array().into_iter().flatten();
    matches
        .filter_map(|it| it.as_str().map(str::to_owned))
        .collect()
}

/// What a client makes of the cell when it takes the match `wanted`: as JupyterLab does, by the metadata.
fn taken(code: &str, reply: &Value, wanted: &str) -> String {
    let types = &reply["metadata"]["_jupyter_types_experimental"];
    let index = matches(reply).iter().position(|it| it == wanted);
    let index = index.unwrap_or_else(|| panic!("no {wanted} in {reply}"));
    let entry = &types[index];
    let text = entry["text"].as_str().expect("a text");
    let place = |key: &str| {
        assert_eq!(entry[key], reply[format!("cursor_{key}")], "{reply}");
        usize::try_from(entry[key].as_u64().expect("a place")).expect("a place")
    };
    let characters: Vec<char> = code.chars().collect();
    let (start, end) = (place("start"), place("end"));
    let before: String = characters[..start].iter().collect();
    let after: String = characters[end..].iter().collect();
    format!("{before}{text}{after}")
}

#[track_caller]
fn has(kernel: &mut Kernel, code: &str, wanted: &[&str]) -> Vec<String> {
    let found = matches(&kernel.complete(code));
    for name in wanted {
        assert!(
            found.iter().any(|it| it == name),
            "no {name} for {code}: {found:?}"
        );
    }
    found
}

fn kernel_that_knows() -> Kernel {
    let mut kernel = Kernel::start();
    kernel.wait_for_libraries();
    kernel
}

#[test]
fn whatever_is_asked_the_next_question_is_answered() {
    let mut kernel = kernel_that_knows();
    kernel.run("use dsprep_core::prelude::*;\nlet v = vec![1, 2, 3];\nlet crab_count = 3;");
    for (code, at) in [
        ("v", 1),
        ("v.", 2),
        ("", 0),
        ("   ", 2),
        ("crab_count", 4),
        ("crab_count.len", 14),
        ("let \u{e9} = 1; \u{e9}", 12),
        ("let \u{ac12} = 1; \u{ac12}", 12),
        ("v", 0),
        ("v.iter().map(|x| x", 18),
        ("fn f(", 5),
        ("let x: ", 7),
        ("\"", 1),
        (")))", 3),
        ("use ", 4),
        ("#[derive(", 9),
        ("v", 1000),
    ] {
        let content = json!({"code": code, "cursor_pos": at});
        let reply = kernel
            .request(Channel::Shell, "complete_request", content)
            .reply;
        assert_eq!(reply["status"], "ok", "{code}");
        has(&mut kernel, "crab_c", &["crab_count"]);
    }
    has(&mut kernel, "v.", &["len", "push", "iter"]);
}

#[test]
fn libraries_and_the_standard_library_are_known_without_being_imported() {
    let mut kernel = kernel_that_knows();
    has(&mut kernel, "attent", &["attention"]);
    let found = has(
        &mut kernel,
        "let mut v = vec![1.0]; v.",
        &["len", "push", "iter", "sort_by", "first"],
    );
    assert!(!found.contains(&"buf".to_owned()), "{found:?}");
    assert_eq!(found.iter().filter(|it| *it == "len").count(), 1);
    has(&mut kernel, "\"text\".to_up", &["to_uppercase"]);
    has(&mut kernel, "Some(1).unwrap_or_d", &["unwrap_or_default"]);
    has(
        &mut kernel,
        "std::collections::HashMap::<u8, u8>::new().ins",
        &["insert"],
    );
    has(
        &mut kernel,
        "vec![1].iter().map(|x| x + 1).fil",
        &["filter", "filter_map"],
    );
    has(&mut kernel, "array![1.0, 2.0].me", &["mean"]);
}

#[test]
fn a_chain_of_methods_of_polars_is_followed() {
    let mut kernel = kernel_that_knows();
    kernel.run("use dsprep_core::polars::prelude::df;\nuse dsprep_core::prelude::*;\nlet people = df![\"age\" => [1, 2]]?;");
    let found = has(&mut kernel, "people.", &["height", "lazy", "column"]);
    // Of a private field and a method of the same name, the method is offered.
    assert_eq!(found.iter().filter(|it| *it == "height").count(), 1);
    let lazy = "people.clone().lazy().filter(col(\"age\").gt(lit(1))).";
    has(&mut kernel, lazy, &["collect", "select", "group_by"]);
    has(
        &mut kernel,
        "col(\"age\").is_n",
        &["is_null", "is_not_null"],
    );
}

#[test]
fn what_is_inserted_is_the_name_in_the_place_of_what_was_typed() {
    let mut kernel = kernel_that_knows();
    kernel.run("fn interest_after(years: u32) -> u32 { years }\nmacro_rules! twice { ($x:expr) => { $x * 2 }; }");
    for before in [
        "",
        "let x = 1;\r\nlet y = 2;\r\n",
        "let s = \"\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{1f1f0}\u{1f1f7} e\u{301}\"; ",
    ] {
        let code = format!("{before}interest_af");
        let reply = kernel.complete(&code);
        assert_eq!(
            taken(&code, &reply, "interest_after"),
            format!("{before}interest_after")
        );
        assert!(!reply.to_string().contains('\u{2026}'), "{reply}");
    }
    let reply = kernel.complete("twi");
    assert_eq!(taken("twi", &reply, "twice!"), "twice!");
    // In the middle of a name, the rest of the name stays.
    let content = json!({"code": "interest_after(1)", "cursor_pos": 8});
    let reply = kernel
        .request(Channel::Shell, "complete_request", content)
        .reply;
    assert_eq!(
        (&reply["cursor_start"], &reply["cursor_end"]),
        (&json!(0), &json!(8))
    );
}

#[test]
fn texts_and_comments_complete_to_nothing_and_commands_to_commands() {
    let mut kernel = kernel_that_knows();
    for code in ["let s = \"len", "// len", "/* len"] {
        assert_eq!(matches(&kernel.complete(code)), [""; 0], "{code}");
    }
    assert_eq!(matches(&kernel.complete(":va")), [":vars"]);
    has(&mut kernel, ":vars\nlet number = 1; num", &["number"]);
}

#[test]
fn variables_have_the_types_that_the_compiler_told() {
    let mut kernel = kernel_that_knows();
    kernel.run("let pair = (String::new(), 2.5_f64);\nmod tools { pub fn gauge() -> u8 { 1 } fn hidden() {} }");
    has(&mut kernel, "pair.1.sq", &["sqrt"]);
    let found = has(&mut kernel, "tools::", &["gauge"]);
    assert!(!found.contains(&"hidden".to_owned()), "{found:?}");
    let reply = kernel.inspect("pair", 4);
    let text = reply["data"]["text/plain"].as_str().unwrap_or_default();
    assert!(text.contains("(String, f64)"), "{reply}");
}

#[track_caller]
fn tells(kernel: &mut Kernel, code: &str, at: usize, wanted: &[&str]) {
    let reply = kernel.inspect(code, at);
    assert_eq!(reply["found"], true, "{code}: {reply}");
    for kind in ["text/plain", "text/markdown"] {
        let text = reply["data"][kind].as_str().unwrap_or_default();
        for wanted in wanted {
            assert!(text.contains(wanted), "no {wanted} for {code}: {text}");
        }
    }
}

#[test]
fn documentation_is_found_for_functions_items_and_methods() {
    let mut kernel = kernel_that_knows();
    kernel.run(
        "use dsprep_core::polars::prelude::df;\nuse dsprep_core::prelude::*;\n/// How long the crab is.\nfn crab_length() -> f64 { 1.0 }\nlet people = df![\"age\" => [1]]?;",
    );
    tells(
        &mut kernel,
        "attention(&q, &k, &v)?",
        9,
        &["pub fn attention"],
    );
    // Between the brackets, the function is meant.
    tells(&mut kernel, "attention(", 10, &["pub fn attention"]);
    tells(&mut kernel, "attention(&q, ", 14, &["pub fn attention"]);
    tells(&mut kernel, "crab_length()", 4, &["How long the crab is."]);
    tells(&mut kernel, "people.height()", 10, &["fn height"]);
    tells(&mut kernel, "vec![1].push(2)", 10, &["fn push"]);
    assert_eq!(kernel.inspect("nothing_of_that_name(1)", 5)["found"], false);
    assert_eq!(kernel.inspect("1 + 1", 2)["found"], false);
}

#[test]
fn a_question_mark_shows_the_documentation() {
    let mut kernel = kernel_that_knows();
    for code in ["?attention", "attention?"] {
        let outcome = kernel.run(code);
        let page = &outcome.reply["payload"][0];
        assert_eq!(page["source"], "page", "{}", outcome.reply);
        let text = page["data"]["text/plain"].as_str().unwrap_or_default();
        assert!(text.contains("pub fn attention"), "{text}");
    }
    let outcome = kernel.run("?nothing_of_that_name");
    assert!(outcome.stderr().contains("nothing is known"), "{outcome:?}");
    // On a variable, `?` is the operator.
    kernel.run("let result: Result<i32, String> = Ok(5);");
    assert_eq!(kernel.value("result?"), "5");
}

fn processes_that_know(kernel: &Kernel) -> usize {
    let processes = kernel.processes();
    let know = processes
        .iter()
        .filter(|it| it.has_variable("DSPREP_ANALYSIS"));
    know.count()
}

#[test]
fn whatever_opens_a_notebook_has_the_libraries_read_before_the_first_tab() {
    let info = json!({});
    let history = json!({"hist_access_type": "tail", "n": 10, "output": false, "raw": true});
    let debug = json!({"type": "request", "seq": 1, "command": "debugInfo", "arguments": {}});
    let complete = json!({"code": "1"});
    for (channel, kind, content) in [
        (Channel::Shell, "comm_info_request", info),
        (Channel::Shell, "history_request", history),
        (Channel::Shell, "is_complete_request", complete),
        (Channel::Control, "debug_request", debug),
    ] {
        let mut kernel = Kernel::start();
        // A program that runs notebooks asks for no more than this.
        kernel.request(Channel::Shell, "kernel_info_request", json!({}));
        kernel.run("let value_one = 1;");
        assert_eq!(processes_that_know(&kernel), 0, "{kind}");
        kernel.request(channel, kind, content);
        let deadline = Instant::now() + Duration::from_secs(60);
        while processes_that_know(&kernel) == 0 {
            assert!(Instant::now() < deadline, "{kind} starts nothing");
            thread::sleep(Duration::from_millis(50));
        }
        kernel.wait_for_libraries();
        // And a bare name is a question like any other.
        has(&mut kernel, "v", &["value_one", "vec!"]);
    }
}

#[test]
fn completion_can_be_off_and_questions_are_answered_all_the_same() {
    let settings = Settings {
        variables: &[("DSPREP_COMPLETION", "off")],
        ..Settings::default()
    };
    let mut kernel = Kernel::start_with(&Arc::new(Sandbox::new()), settings);
    kernel.request(Channel::Shell, "comm_info_request", json!({}));
    assert_eq!(matches(&kernel.complete("attent")), [""; 0]);
    assert_eq!(kernel.inspect("attention", 9)["found"], false);
    assert_eq!(matches(&kernel.complete(":va")), [":vars"]);
    let asked = kernel.run("?attention");
    assert!(asked.stderr().contains("nothing is known"), "{asked:?}");
    assert_eq!(kernel.value("1 + 1"), "2");
    assert_eq!(processes_that_know(&kernel), 0);
}

#[test]
fn kernels_share_one_process_which_ends_with_the_last() {
    let sandbox = Arc::new(Sandbox::new());
    let mut kernels = [Kernel::start_in(&sandbox), Kernel::start_in(&sandbox)];
    for (kernel, name) in kernels.iter_mut().zip(["crab", "lobster"]) {
        kernel.wait_for_libraries();
        kernel.run(&format!("let {name}_count = 1;"));
        has(kernel, name, &[format!("{name}_count").as_str()]);
    }
    let [mut first, mut second] = kernels;
    assert_eq!(processes_that_know(&first), 1);
    first.shut_down(Channel::Control, false);
    assert_eq!(matches(&second.complete("crab")), [""; 0]);
    has(&mut second, "lob", &["lobster_count"]);
    second.shut_down(Channel::Control, false);
    drop((first, second));
    assert_eq!(sandbox.leftovers(), [""; 0]);
}

#[test]
fn crates_that_a_notebook_added_are_completed() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "greeter/Cargo.toml",
        "[package]\nname = \"greeter\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n",
    );
    sandbox.write(
        "greeter/src/lib.rs",
        "/// Greets.\npub fn greeting() -> Hello { Hello }\n/// A greeting.\npub struct Hello;\n\
         impl Hello { pub fn shouted(&self) -> String { String::new() } }\n",
    );
    let mut kernel = Kernel::start();
    kernel.wait_for_libraries();
    let folder = sandbox.path().join("greeter");
    kernel.run(&format!(
        ":dep greeter = {{ path = {folder:?} }}\nlet hello = greeter::greeting();"
    ));
    // All that is known is read again.
    for _ in 0..20 {
        if !matches(&kernel.complete("greeter::")).is_empty() {
            break;
        }
    }
    has(&mut kernel, "greeter::", &["greeting", "Hello"]);
    has(&mut kernel, "hello.", &["shouted"]);
    tells(&mut kernel, "greeter::greeting", 12, &["Greets."]);
    has(&mut kernel, "vec![1].", &["iter"]);
}
