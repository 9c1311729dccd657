//! Whatever a cell does, the kernel lives, says what happened, and leaves nothing behind.

use dsprep_tests::{AT_ONCE, Channel, Failure, Kernel, Process, Sandbox, Settings};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;
use std::sync::mpsc::{self, TryRecvError};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

const NOTHING: Vec<String> = Vec::new();
const KEPT: &str = "variables of earlier cells are kept";
const LOST: &str = "all variables are lost, functions, types and imports are kept";

/// A kernel with a variable, an import, a type and a function.
fn with_definitions() -> Kernel {
    let mut kernel = Kernel::start();
    kernel.run("use std::collections::BTreeSet;\nlet number = 1;");
    kernel.run("#[derive(Debug)]\nstruct Own(i32);\nfn two() -> i32 { 2 }");
    kernel
}

/// Everything but the variable is there.
#[track_caller]
fn only_variables_are_lost(kernel: &mut Kernel) {
    assert_eq!(
        kernel.value("(Own(two()), BTreeSet::<u8>::new().len())"),
        "(Own(2), 0)"
    );
    assert_eq!(kernel.fails("number").name, "E0425");
}

/// Everything is there.
#[track_caller]
fn nothing_is_lost(kernel: &mut Kernel) {
    let shown = kernel.value("(Own(two()), BTreeSet::<u8>::new().len(), number)");
    assert_eq!(shown, "(Own(2), 0, 1)");
}

/// Runs a cell that ends its process.
#[track_caller]
fn ends_its_process(code: &str) -> Failure {
    let mut kernel = with_definitions();
    let failure = kernel.fails(code);
    assert!(failure.value.contains(LOST), "{failure:?}");
    only_variables_are_lost(&mut kernel);
    failure
}

#[test]
fn a_panic_keeps_variables() {
    let mut kernel = with_definitions();
    assert_eq!(kernel.fails("panic!(\"{number}\")").value, "1");
    assert_eq!(kernel.value("number + two()"), "3");
}

#[test]
fn a_panic_in_another_thread_ends_only_that() {
    let mut kernel = with_definitions();
    let outcome = kernel.run("std::thread::spawn(|| panic!(\"in a thread\")).join().is_err()");
    assert_eq!(outcome.result("text/plain"), "true");
    assert!(outcome.stderr().contains("in a thread"), "{outcome:?}");
    assert_eq!(kernel.value("number"), "1");
}

#[test]
fn exit_ends_the_cell_and_not_the_kernel() {
    let failure = ends_its_process("println!(\"last words\");\nstd::process::exit(3);");
    assert_eq!(failure.name, "exit");
    assert!(failure.value.contains('3'), "{failure:?}");
}

#[test]
fn exit_with_success_is_an_error_too() {
    assert_eq!(ends_its_process("std::process::exit(0);").name, "exit");
}

#[test]
fn what_was_printed_before_the_end_is_shown() {
    let mut kernel = Kernel::start();
    for _ in 0..5 {
        let outcome = kernel.execute("for i in 0..1000 { println!(\"line {i}\"); }\neprintln!(\"and more\");\nstd::process::abort();");
        assert_eq!(outcome.stdout().lines().count(), 1000);
        assert_eq!(outcome.stdout().lines().last(), Some("line 999"));
        assert!(
            outcome.stderr().contains("and more"),
            "{}",
            outcome.stderr()
        );
    }
}

#[test]
fn abort_ends_the_cell_and_not_the_kernel() {
    assert_eq!(ends_its_process("std::process::abort();").name, "SIGABRT");
}

const WRITE_TO_NOWHERE: &str =
    "let nowhere = std::hint::black_box(8) as *mut u8;\nunsafe { nowhere.write_volatile(1) };";

#[test]
fn a_write_to_nowhere_ends_the_cell_and_not_the_kernel() {
    let failure = ends_its_process(WRITE_TO_NOWHERE);
    assert!(failure.name.starts_with("SIG"), "{failure:?}");
}

#[test]
fn a_write_to_nowhere_is_named() {
    let failure = ends_its_process(WRITE_TO_NOWHERE);
    assert_eq!(failure.name, "SIGSEGV");
    assert!(
        failure.value.contains("memory that is not its own"),
        "{failure:?}"
    );
}

#[test]
fn recursion_without_end_is_named() {
    let code = "fn deep(n: u64) -> u64 { std::hint::black_box(1 + deep(std::hint::black_box(n + 1))) }\ndeep(0)";
    let mut kernel = with_definitions();
    let failure = kernel.fails(code);
    assert_eq!(failure.name, "stack overflow");
    assert!(
        failure.value.contains("recursion") && failure.value.contains(LOST),
        "{failure:?}"
    );
    only_variables_are_lost(&mut kernel);
}

#[test]
fn a_panic_within_a_panic_ends_the_cell_and_not_the_kernel() {
    let code = "struct Bomb;\nimpl Drop for Bomb { fn drop(&mut self) { panic!(\"second\") } }\n\
                let _bomb = Bomb;\npanic!(\"first\");";
    let mut kernel = with_definitions();
    let failure = kernel.fails(&format!("{{ {code} }}"));
    assert_eq!(failure.name, "SIGABRT");
    only_variables_are_lost(&mut kernel);
}

#[test]
fn an_endless_loop_can_be_interrupted() {
    let mut kernel = with_definitions();
    for code in [
        "println!(\"begun\"); loop {}",
        "println!(\"begun\"); std::thread::sleep(std::time::Duration::MAX);",
    ] {
        let cell = kernel.send_cell(code);
        kernel.wait_for_text(&cell, "begun");
        let interrupted = Instant::now();
        kernel.interrupt();
        let outcome = kernel.outcome(&cell);
        assert!(
            interrupted.elapsed() < AT_ONCE,
            "{:?}",
            interrupted.elapsed()
        );
        let failure = outcome.failure().expect("it was stopped");
        assert_eq!(failure.name, "interrupted");
        assert!(failure.value.contains(KEPT), "{failure:?}");
        nothing_is_lost(&mut kernel);
    }
}

#[test]
fn a_loop_that_prints_without_end_can_be_interrupted() {
    let mut kernel = with_definitions();
    let cell = kernel.send_cell("loop { println!(\"still here\"); }");
    kernel.wait_for_text(&cell, "still here");
    sleep(Duration::from_millis(300));
    let interrupted = Instant::now();
    kernel.interrupt();
    assert_eq!(
        kernel
            .outcome(&cell)
            .failure()
            .expect("it was stopped")
            .name,
        "interrupted"
    );
    assert!(
        interrupted.elapsed() < AT_ONCE,
        "{:?}",
        interrupted.elapsed()
    );
    nothing_is_lost(&mut kernel);
}

#[test]
fn a_signal_interrupts_as_well_as_a_message() {
    let mut kernel = with_definitions();
    let cell = kernel.send_cell("println!(\"begun\"); loop {}");
    kernel.wait_for_text(&cell, "begun");
    front(&kernel).signal("INT");
    assert_eq!(
        kernel
            .outcome(&cell)
            .failure()
            .expect("it was stopped")
            .name,
        "interrupted"
    );
    nothing_is_lost(&mut kernel);
}

#[test]
fn an_interruption_gives_up_the_cells_that_wait() {
    let mut kernel = with_definitions();
    let cell = kernel.send_cell("println!(\"begun\"); loop {}");
    let second = kernel.send_cell("2");
    kernel.wait_for_text(&cell, "begun");
    kernel.interrupt();
    assert_eq!(kernel.outcome(&cell).reply["status"], "error");
    assert_eq!(kernel.outcome(&second).reply["status"], "aborted");
}

#[test]
fn an_interruption_of_nothing_changes_nothing() {
    let mut kernel = with_definitions();
    for _ in 0..3 {
        kernel.interrupt();
    }
    assert_eq!(kernel.value("number"), "1");
}

/// A cell that takes the compiler ten seconds or more.
fn slow_to_compile() -> String {
    let functions = (0..1500).map(|i| {
        format!(
            "fn f{i}(x: f64) -> usize {{ let mut v = vec![x; {i}]; v.sort_by(|a, b| b.total_cmp(a)); \
             format!(\"{{v:?}}\").len() }}\n"
        )
    });
    let sum: Vec<String> = (0..1500).map(|i| format!("f{i}(1.0)")).collect();
    functions.collect::<String>() + "[" + &sum.join(", ") + "].iter().sum::<usize>()"
}

#[test]
fn an_interruption_while_the_compiler_runs_keeps_variables() {
    let mut kernel = with_definitions();
    let cell = kernel.send_cell(&slow_to_compile());
    sleep(Duration::from_secs(1));
    let interrupted = Instant::now();
    kernel.interrupt();
    let failure = kernel.outcome(&cell).failure().expect("it was stopped");
    assert!(
        interrupted.elapsed() < AT_ONCE,
        "{:?}",
        interrupted.elapsed()
    );
    assert_eq!(failure.name, "interrupted");
    assert!(failure.value.contains("nothing is lost"), "{failure:?}");
    assert_eq!(kernel.value("number + two()"), "3");
}

#[test]
fn an_interruption_at_any_moment_ends_the_cell_and_the_kernel_goes_on() {
    let mut kernel = with_definitions();
    for delay in [0, 20, 60, 100, 150, 200, 250, 300, 400] {
        let cell = kernel.send_cell("loop {}");
        // An interruption that overtakes the cell would be one of nothing.
        kernel.wait_for_start(&cell);
        sleep(Duration::from_millis(delay));
        kernel.interrupt();
        let failure = kernel.outcome(&cell).failure().expect("it was stopped");
        assert_eq!(failure.name, "interrupted", "after {delay} ms");
        assert_eq!(kernel.value("two()"), "2", "after {delay} ms");
    }
}

#[test]
fn fifty_thousand_threads_end_in_an_error_or_pass() {
    let mut kernel = with_definitions();
    let code = "let mut threads = Vec::new();\nlet mut why = None;\n\
                for _ in 0..50_000 {\n    let wait = || std::thread::sleep(std::time::Duration::from_secs(60));\n    \
                match std::thread::Builder::new().spawn(wait) {\n        Ok(thread) => threads.push(thread.thread().id()),\n        \
                Err(error) => { why = Some(error.to_string()); break; }\n    }\n}\nthreads.len() > 100";
    let outcome = kernel.execute(code);
    assert!(
        ["ok", "error"].contains(&outcome.reply["status"].as_str().unwrap_or_default()),
        "{outcome:?}"
    );
    kernel.execute("std::process::exit(0);");
    only_variables_are_lost(&mut kernel);
}

#[test]
fn memory_that_can_not_be_had_ends_the_cell_and_not_the_kernel() {
    let settings = Settings {
        memory: Some(8 << 20),
        ..Settings::default()
    };
    let mut kernel = Kernel::start_with(&Arc::new(Sandbox::new()), settings);
    kernel.run("fn two() -> i32 { 2 }\nlet number = 1;");
    let failure = kernel.fails("let much = vec![1_u8; 10 << 30];\nmuch.len()");
    assert_eq!(failure.name, "out of memory");
    assert!(failure.value.contains("memory"), "{failure:?}");
    assert_eq!(kernel.value("two()"), "2");
}

#[test]
fn an_engine_that_is_killed_under_a_cell_is_told_and_started_anew() {
    let mut kernel = with_definitions();
    let cell = kernel.send_cell("println!(\"begun\"); loop {}");
    kernel.wait_for_text(&cell, "begun");
    kernel.engine().signal("KILL");
    let failure = kernel.outcome(&cell).failure().expect("it can't go on");
    assert_eq!(failure.name, "engine died");
    assert!(failure.value.contains("started anew"), "{failure:?}");
    assert_eq!(kernel.value("1 + 1"), "2");
    assert_eq!(kernel.fails("two()").name, "E0425");
}

#[test]
fn an_engine_that_is_killed_between_two_cells_is_started_anew() {
    let mut kernel = with_definitions();
    for _ in 0..3 {
        kernel.engine().signal("KILL");
        sleep(Duration::from_millis(300));
        assert_eq!(kernel.value("1 + 1"), "2");
    }
}

#[test]
fn the_first_cell_after_the_engine_was_killed_is_told_of_the_loss() {
    let mut kernel = with_definitions();
    kernel.engine().signal("KILL");
    sleep(Duration::from_secs(1));
    let outcome = kernel.execute("number");
    let told = format!("{:?}", outcome.outputs);
    assert!(told.contains("started anew"), "{told}");
}

#[test]
fn a_process_of_cells_that_is_killed_loses_variables_only() {
    let mut kernel = with_definitions();
    let cell = kernel.send_cell("println!(\"begun\"); loop {}");
    kernel.wait_for_text(&cell, "begun");
    kernel.cells().signal("KILL");
    let failure = kernel.outcome(&cell).failure().expect("it can't go on");
    assert_eq!(failure.name, "SIGKILL");
    only_variables_are_lost(&mut kernel);
}

#[test]
fn a_process_of_cells_that_ends_between_two_cells_loses_variables_only() {
    let mut kernel = with_definitions();
    kernel.cells().signal("KILL");
    sleep(Duration::from_millis(300));
    // The first cell meets the end of the process, or a new one.
    kernel.execute("two()");
    only_variables_are_lost(&mut kernel);
}

#[test]
fn a_cell_may_flood_its_output_and_print_what_looks_like_the_kernels_own() {
    let mut kernel = with_definitions();
    assert_eq!(
        kernel
            .run("println!(\"{}\", \"x\".repeat(3 << 20));")
            .stdout()
            .len(),
        (3 << 20) + 1
    );
    let code = "print!(\"\\u{1e}dsprep not a frame\\n\\u{1e}dsprep {{\\\"kind\\\":\\\"strange\\\"}}\\n\\0\\u{1b}[31m\");";
    assert_eq!(kernel.run(code).stdout(), "not a frame\n\0\u{1b}[31m");
    let code = "println!(\"EVCXR_EXECUTION_COMPLETE_\"); println!(\"EVCXR_BEGIN\"); number";
    assert_eq!(kernel.value(code), "1");
}

#[test]
fn bytes_that_are_no_text_are_shown_as_well_as_they_can_be() {
    let mut kernel = with_definitions();
    let code =
        "use std::io::Write as _;\nstd::io::stdout().write_all(&[b'a', 0xff, b'b', b'\\n'])?;";
    assert_eq!(kernel.run(code).stdout(), "a\u{fffd}b\n");
    assert_eq!(kernel.run("println!(\"mine\");").stdout(), "mine\n");
    nothing_is_lost(&mut kernel);
}

#[test]
fn a_front_that_is_killed_leaves_no_process() {
    let mut kernel = with_definitions();
    // Starts the engine for completion, and waits for it.
    kernel.complete("num");
    let cell = kernel.send_cell("println!(\"begun\"); loop {}");
    kernel.wait_for_text(&cell, "begun");
    assert!(kernel.processes().len() >= 4, "{}", commands(&kernel));
    kill_front(&mut kernel);
}

#[test]
#[ignore = "takes half a minute"]
fn a_front_that_is_killed_while_completion_starts_leaves_no_process() {
    for delay in (0..2000).step_by(100) {
        let mut kernel = Kernel::start();
        kernel.request(Channel::Shell, "comm_info_request", json!({}));
        sleep(Duration::from_millis(delay));
        kill_front(&mut kernel);
    }
}

/// Kills the front; all its processes have to follow.
#[track_caller]
fn kill_front(kernel: &mut Kernel) {
    front(kernel).signal("KILL");
    assert!(!kernel.ended().success());
    let killed = Instant::now();
    while !kernel.processes().is_empty() {
        assert!(killed.elapsed() < AT_ONCE, "{}", commands(kernel));
        sleep(Duration::from_millis(20));
    }
}

fn front(kernel: &Kernel) -> Process {
    let mut processes = kernel.processes().into_iter();
    processes
        .find(|process| process.id == kernel.id())
        .expect("the front runs")
}

fn commands(kernel: &Kernel) -> String {
    kernel
        .processes()
        .into_iter()
        .map(|process| format!("{} {}\n", process.id, process.command))
        .collect()
}

#[test]
fn a_front_that_is_killed_while_the_compiler_runs_leaves_no_process() {
    let mut kernel = with_definitions();
    kernel.send_cell(&slow_to_compile());
    sleep(Duration::from_secs(1));
    kill_front(&mut kernel);
}

#[test]
fn sigterm_ends_the_kernel_and_leaves_nothing() {
    let mut kernel = with_definitions();
    let cell = kernel.send_cell("println!(\"begun\"); loop {}");
    kernel.wait_for_text(&cell, "begun");
    front(&kernel).signal("TERM");
    assert!(kernel.ended().success());
    assert_eq!(kernel.sandbox().leftovers(), NOTHING);
}

#[test]
fn what_a_killed_kernel_left_is_swept_by_the_next() {
    let sandbox = Arc::new(Sandbox::new());
    let mut kernel = Kernel::start_in(&sandbox);
    kernel.run("1");
    front(&kernel).signal("KILL");
    kernel.ended();
    drop(kernel);
    let folders = || {
        fs::read_dir(sandbox.temporary())
            .expect("a folder")
            .flatten()
            .map(|entry| entry.path())
            .collect::<Vec<_>>()
    };
    let left = folders();
    assert!(!left.is_empty(), "a killed kernel can't tidy up");
    let stranger = sandbox.temporary().join("dsprep-kernel-of-somebody-else");
    fs::create_dir(&stranger).expect("a folder can be made");
    let mut next = Kernel::start_in(&sandbox);
    assert_eq!(next.value("2"), "2");
    assert!(left.iter().all(|folder| !folder.exists()), "{left:?}");
    assert!(stranger.exists());
    next.shut_down(Channel::Control, false);
    assert_eq!(folders(), [stranger]);
}

#[test]
fn what_the_engine_writes_meanwhile_goes_with_the_kernel() {
    // rust-analyzer copies the lock file while the engine starts; an engine that is killed then leaves the copy.
    let sandbox = Arc::new(Sandbox::new());
    let folder = sandbox.temporary();
    let (stop, stopped) = mpsc::channel::<()>();
    let watcher = thread::spawn(move || {
        let mut names = BTreeSet::new();
        while stopped.try_recv() == Err(TryRecvError::Empty) {
            let entries = fs::read_dir(&folder).expect("a folder").flatten();
            names.extend(entries.map(|entry| entry.file_name().to_string_lossy().into_owned()));
            sleep(Duration::from_micros(200));
        }
        names
    });
    let mut kernel = Kernel::start_in(&sandbox);
    let own = kernel.value("std::env::temp_dir()");
    assert_eq!(own, format!("{:?}", sandbox.temporary()));
    drop(stop);
    let names = watcher.join().expect("the watcher ends");
    let is_own = |name: &String| name.starts_with("dsprep-kernel-");
    assert!(!names.is_empty() && names.iter().all(is_own), "{names:?}");
}

#[test]
fn two_kernels_at_once_do_not_know_of_each_other() {
    let sandbox = Arc::new(Sandbox::new());
    let (mut one, mut two) = (Kernel::start_in(&sandbox), Kernel::start_in(&sandbox));
    let cells = [
        one.send_cell("let a = 1;\nfn f() -> i32 { 10 }"),
        two.send_cell("let a = \"two\";"),
    ];
    assert_eq!(one.outcome(&cells[0]).reply["status"], "ok");
    assert_eq!(two.outcome(&cells[1]).reply["status"], "ok");
    assert_eq!(two.fails("f()").name, "E0425");
    assert_eq!(one.value("a + f()"), "11");
    two.shut_down(Channel::Control, false);
    assert_eq!(one.value("a"), "1");
    one.shut_down(Channel::Control, false);
    assert_eq!(sandbox.leftovers(), NOTHING);
}

/// Starts and stops kernels at different moments of their lives.
fn start_and_stop(times: usize) {
    let sandbox = Arc::new(Sandbox::new());
    for round in 0..times {
        let mut kernel = Kernel::start_in(&sandbox);
        match round % 5 {
            0 => assert_eq!(kernel.value("6 * 7"), "42"),
            1 => drop(kernel.send_cell("loop {}")),
            2 => drop(kernel.request(Channel::Shell, "comm_info_request", json!({}))),
            3 => sleep(Duration::from_millis(500)),
            _ => {}
        }
        let (_, status) = kernel.shut_down(Channel::Control, false);
        assert!(status.success(), "round {round}: {status}");
        assert_eq!(sandbox.leftovers(), NOTHING, "round {round}");
    }
}

#[test]
fn twenty_kernels_leave_nothing() {
    start_and_stop(20);
}

#[test]
#[ignore = "takes minutes"]
fn two_hundred_kernels_leave_nothing() {
    start_and_stop(200);
}

#[test]
fn a_cell_can_ask_the_user_as_the_crate_evcxr_input_does() {
    let code = "println!(\"EVCXR_INPUT_REQUEST:Your name?\");\nlet mut name = String::new();\n\
                std::io::stdin().read_line(&mut name)?;\nname.trim().len()";
    let mut kernel = Kernel::start();
    let outcome = kernel.answer(code, &["Ada"]);
    assert_eq!(outcome.questions, ["Your name?"]);
    assert_eq!(outcome.result("text/plain"), "3");
}
