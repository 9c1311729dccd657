//! The process in which cells run: how it is stopped, what it reads and prints, and what the programs do that it
//! starts.

use dsprep_tests::{AT_ONCE, Channel, Kernel, Outcome, Sandbox, Settings, execute_request};
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

const NOTHING: Vec<String> = Vec::new();
const KEPT: &str = "variables of earlier cells are kept";

/// A kernel with a variable that holds 41.
fn with_variable() -> Kernel {
    let mut kernel = Kernel::start();
    kernel.run("let kept = 41;");
    kernel
}

/// Runs a cell, interrupts it once `begun`, and expects it to end at once, and the variable to be there.
#[track_caller]
fn is_stopped(kernel: &mut Kernel, code: &str, begun: impl FnOnce(&mut Kernel, &str)) {
    let mut content = execute_request(code);
    content["allow_stdin"] = true.into();
    let cell = kernel.send(Channel::Shell, "execute_request", content);
    begun(kernel, &cell);
    let interrupted = Instant::now();
    kernel.interrupt();
    let failure = kernel.outcome(&cell).failure().expect("it was stopped");
    let took = interrupted.elapsed();
    assert!(took < AT_ONCE, "{code}: {took:?}");
    assert_eq!(failure.name, "interrupted", "{code}: {failure:?}");
    assert!(failure.value.contains(KEPT), "{code}: {failure:?}");
    assert_eq!(kernel.value("kept + 1"), "42", "{code}");
}

fn begun(kernel: &mut Kernel, cell: &str) {
    kernel.wait_for_text(cell, "begun");
}

#[test]
fn a_pause_after_an_interruption_loses_nothing() {
    let mut kernel = with_variable();
    is_stopped(&mut kernel, "println!(\"begun\"); loop {}", begun);
    // A new process, as after a cell that does not hear.
    kernel.fails("std::process::exit(0);");
    kernel.run("let kept = 7;");
    // The thread that started the process has ended by then.
    sleep(Duration::from_secs(12));
    assert_eq!(kernel.value("kept"), "7");
}

#[test]
fn every_kind_of_loop_and_recursion_can_be_stopped() {
    let mut kernel = with_variable();
    for code in [
        "let mut n = 0_u64; while n < u64::MAX { n ^= 1; }",
        "for i in 0..u64::MAX { std::hint::black_box(i); }",
        "let mut n = 1_u64; for i in 0..=u64::MAX { n = n % 7 + (i & 1); } assert!(n > 0);",
        "let mut n = 1_u64; let end = loop { if n == 0 { break n; } n = n % 7 + 1; }; assert!(end == 0);",
        "fn odd(n: u64) -> u64 { n & 1 }\n(0..u64::MAX).map(odd).map(std::hint::black_box).sum::<u64>()",
        "(0..u64::MAX).map(|i| std::hint::black_box(i)).max()",
        "fn spin(n: u64) -> u64 { let mut i = n; loop { i = std::hint::black_box(i) ^ 1; } }\nspin(1)",
        "fn turns(depth: u32) -> u64 { if depth == 0 { 1 } else { turns(depth - 1) + turns(depth - 1) } }\nturns(200)",
        "struct Ones;\nimpl Iterator for Ones { type Item = u64; fn next(&mut self) -> Option<u64> { Some(1) } }\n\
         Ones.map(std::hint::black_box).max()",
        "let spin = |n: u64| loop { std::hint::black_box(n); };\nlet nothing: u64 = spin(3);",
        "std::thread::spawn(|| loop { std::hint::black_box(1); }).join().unwrap();",
        "std::thread::sleep(std::time::Duration::from_secs(100));",
        "let caught = std::panic::catch_unwind(|| loop {}); loop {}",
        "struct Slow;\nimpl Drop for Slow { fn drop(&mut self) { for i in 0..3 { std::hint::black_box(i); } } }\n\
         let _slow = Slow; loop {}",
    ] {
        let code = format!("println!(\"begun\");\n{code}");
        is_stopped(&mut kernel, &code, begun);
    }
}

#[test]
fn what_a_cell_changed_before_it_was_stopped_stays_changed() {
    let mut kernel = Kernel::start();
    kernel.run("let mut list = vec![1];\nlet mut gone = vec![2];");
    let cell = kernel.send_cell("list.push(3);\nprintln!(\"begun\");\nloop {}");
    kernel.wait_for_text(&cell, "begun");
    kernel.interrupt();
    kernel.outcome(&cell).failure().expect("it was stopped");
    assert_eq!(kernel.value("(list, gone)"), "([1, 3], [2])");
}

/// Runs a cell that hears of no interruption, and expects that it is left behind, with all variables kept but
/// those that are `lost`.
#[track_caller]
fn is_left_behind(kernel: &mut Kernel, code: &str, lost: &str) {
    let cell = kernel.send_cell(code);
    begun(kernel, &cell);
    let interrupted = Instant::now();
    kernel.interrupt();
    let failure = kernel.outcome(&cell).failure().expect("it was stopped");
    let took = interrupted.elapsed();
    assert!(took < AT_ONCE, "{code}: {took:?}");
    assert_eq!(failure.name, "interrupted", "{code}: {failure:?}");
    assert!(failure.value.contains("left behind"), "{code}: {failure:?}");
    assert!(failure.value.contains(lost), "{code}: {failure:?}");
    assert_eq!(kernel.value("kept + 1"), "42", "{code}");
}

#[test]
fn a_cell_in_a_call_that_hears_nothing_is_left_behind_and_loses_only_what_it_mentions() {
    let mut kernel = with_variable();
    for code in [
        "let (_sender, receiver) = std::sync::mpsc::channel::<u8>();\nreceiver.recv()?;",
        "let lock = std::sync::Mutex::new(1);\n{ let first = lock.lock().unwrap(); let second = lock.lock().unwrap(); }",
        "std::thread::park();\nstd::thread::park();",
        // Computes in the standard library alone.
        "(0..u64::MAX).map(u64::count_ones).max()",
    ] {
        is_left_behind(
            &mut kernel,
            &format!("println!(\"begun\");\n{code}"),
            "variables of earlier cells are kept",
        );
    }
    kernel.run("let (sender, receiver) = std::sync::mpsc::channel::<u8>();\nlet other = 7;");
    is_left_behind(
        &mut kernel,
        "println!(\"begun\");\nlet got = receiver.recv()?;\nprintln!(\"came back with {got}\");",
        "`receiver`, which it mentions, is lost",
    );
    let failure = kernel.fails("receiver.recv()?");
    assert!(
        failure.traceback.contains("`receiver` is lost"),
        "{failure:?}"
    );
    // What the cell waited for comes after all: it does not go on.
    let outcome = kernel
        .run("sender.send(5)?;\nstd::thread::sleep(std::time::Duration::from_millis(300));\nother");
    assert_eq!(outcome.result("text/plain"), "7");
    assert_eq!(outcome.stdout(), "");
    assert_eq!(
        kernel.run("println!(\"{}\", kept + other);").stdout(),
        "48\n"
    );
    // Loops still look, and errors are still told.
    is_stopped(&mut kernel, "println!(\"begun\"); loop {}", begun);
    assert_eq!(kernel.fails("panic!(\"told\")").value, "told");
}

#[test]
fn a_cell_that_holds_what_others_need_to_print_is_ended_with_its_process_and_says_so() {
    let mut kernel = with_variable();
    let code = "println!(\"begun\");\nlet out = std::io::stdout().lock();\nstd::thread::park();\nstd::thread::park();\n\
                drop(out);";
    let cell = kernel.send_cell(code);
    begun(&mut kernel, &cell);
    kernel.interrupt();
    let failure = kernel.outcome(&cell).failure().expect("it was stopped");
    assert_eq!(failure.name, "interrupted");
    assert!(
        failure.value.contains("all variables are lost"),
        "{failure:?}"
    );
    assert_eq!(kernel.value("1 + 1"), "2");
}

#[test]
#[cfg(target_os = "linux")]
fn a_wait_for_a_connection_or_for_what_comes_over_it_is_given_up() {
    let mut kernel = with_variable();
    kernel.run("let listener = std::net::TcpListener::bind(\"127.0.0.1:0\")?;\nlet address = listener.local_addr()?;");
    is_stopped(
        &mut kernel,
        "println!(\"begun\"); let (stream, _) = listener.accept()?;",
        begun,
    );
    kernel.run("let socket = std::net::UdpSocket::bind(\"127.0.0.1:0\")?;");
    is_stopped(
        &mut kernel,
        "println!(\"begun\"); socket.recv_from(&mut [0; 10])?;",
        begun,
    );
    kernel.run("use std::io::Read as _;\nlet mut client = std::net::TcpStream::connect(address)?;");
    is_stopped(
        &mut kernel,
        "println!(\"begun\"); client.read(&mut [0; 10])?;",
        begun,
    );
    assert_eq!(
        kernel.value("(listener.local_addr()? == address, client.peer_addr()? == address, socket.local_addr().is_ok())"),
        "(true, true, true)"
    );
}

#[test]
fn an_interrupted_cell_that_prints_does_no_harm_to_the_next() {
    let mut kernel = with_variable();
    for code in [
        "println!(\"begun\"); for i in 0..200_000 { println!(\"{i}\"); }",
        "println!(\"begun\"); loop { println!(\"more\"); }",
    ] {
        let cell = kernel.send_cell(code);
        begun(&mut kernel, &cell);
        sleep(Duration::from_millis(300));
        kernel.interrupt();
        kernel.outcome(&cell);
        let next =
            "println!(\"after\"); std::thread::sleep(std::time::Duration::from_secs(2)); kept";
        assert_eq!(kernel.value(next), "41");
    }
}

#[test]
fn a_cell_that_waits_for_a_program_can_be_stopped() {
    let mut kernel = with_variable();
    for code in [
        "println!(\"begun\"); std::process::Command::new(\"sleep\").arg(\"300\").status()?;",
        "println!(\"begun\"); std::process::Command::new(\"sh\").args([\"-c\", \"sleep 300; sleep 300\"]).output()?; 1",
    ] {
        let wait = |kernel: &mut Kernel, cell: &str| {
            begun(kernel, cell);
            sleep(Duration::from_millis(300));
        };
        is_stopped(&mut kernel, code, wait);
    }
}

#[test]
fn a_program_that_outlives_its_cell_holds_nothing_up_and_ends_with_the_process() {
    let mut kernel = with_variable();
    let start = Instant::now();
    let failure = kernel.fails(
        "std::process::Command::new(\"sleep\").arg(\"271\").spawn()?; std::process::exit(3);",
    );
    assert!(start.elapsed() < AT_ONCE);
    assert_eq!(failure.name, "exit");
    kernel.run("std::process::Command::new(\"sleep\").arg(\"272\").spawn()?;");
    kernel.shut_down(Channel::Control, false);
    assert_eq!(kernel.sandbox().leftovers(), NOTHING);
}

#[test]
fn a_program_that_reads_its_input_finds_none_and_takes_no_cell() {
    let mut kernel = with_variable();
    kernel.run("std::process::Command::new(\"cat\").status()?;");
    kernel.run("std::process::Command::new(\"cat\").spawn()?;");
    assert_eq!(kernel.value("kept"), "41");
    // Output of programs is shown, by their own names for it too.
    let outcome = kernel.run("std::process::Command::new(\"sh\").args([\"-c\", \"echo one; echo two > /dev/stderr\"]).status()?;");
    assert_eq!(
        (outcome.stdout(), outcome.stderr()),
        ("one\n".into(), "two\n".into())
    );
}

#[test]
fn a_question_can_be_interrupted_and_asked_again() {
    let mut kernel = with_variable();
    let ask = "let name = dsprep_core::cell::input(\"Name: \");\nname.len()";
    for code in [
        ask,
        "let mut line = String::new();\nstd::io::stdin().read_line(&mut line)?;\nline.len()",
    ] {
        is_stopped(&mut kernel, code, |kernel, cell| {
            kernel.wait_for_question(cell);
        });
    }
    let outcome = kernel.answer(ask, &["Ada"]);
    assert_eq!(outcome.questions, ["Name: "]);
    assert_eq!(outcome.result("text/plain"), "3");
}

#[test]
fn an_answer_that_nobody_asked_for_answers_no_question() {
    let mut kernel = with_variable();
    kernel.send(
        Channel::Stdin,
        "input_reply",
        json!({"status": "ok", "value": "stale"}),
    );
    let outcome = kernel.answer("dsprep_core::cell::input(\"Name: \")", &["Ada"]);
    assert_eq!(outcome.result("text/plain"), "\"Ada\"");
}

#[test]
fn reading_standard_input_asks_or_ends_at_once() {
    let mut kernel = with_variable();
    let code = "let mut line = String::new();\nstd::io::stdin().read_line(&mut line)?;\nline";
    let outcome = kernel.answer(code, &["two words"]);
    assert_eq!(outcome.questions, [""]);
    assert_eq!(outcome.result("text/plain"), "\"two words\\n\"");
    let unanswered = kernel.run(code);
    assert_eq!(
        unanswered.result("text/plain"),
        "\"\"",
        "nobody can be asked"
    );
    let told =
        "the cell reads standard input, and nobody can answer here: it gets an empty answer\n";
    assert_eq!(unanswered.stderr(), told);
    let twice =
        kernel.run("dsprep_core::cell::input(\"Name: \") + &dsprep_core::cell::input(\"Again: \")");
    let told = "the cell asks \"Name:\", and nobody can answer here: it gets an empty answer\n";
    assert_eq!(twice.stderr(), told, "once in a cell");
    let code =
        "let mut words = std::io::stdin().lines().take(2).collect::<Result<Vec<_>, _>>()?;\nwords";
    let outcome = kernel.answer(code, &["back\\slash", "ü"]);
    assert_eq!(outcome.result("text/plain"), "[\"back\\\\slash\", \"ü\"]");
}

#[test]
fn many_lines_are_few_messages_and_none_is_lost() {
    let mut kernel = with_variable();
    let outcome = kernel.run(
        "let mut sum = 0_u64;\nfor i in 0..20_000 { println!(\"epoch {i} loss\"); sum += i; }\nsum",
    );
    assert_eq!(outcome.stdout().lines().count(), 20_000);
    assert_eq!(outcome.stdout().lines().last(), Some("epoch 19999 loss"));
    assert_eq!(outcome.result("text/plain"), "199990000");
    are_few_messages(&outcome, 3);
}

/// One message for each twentieth of a second that the cell took, and at most so many `more`.
#[track_caller]
fn are_few_messages(outcome: &Outcome, more: u128) {
    let messages = outcome.of_kind("stream").count();
    let most = more + outcome.took.as_millis() / 50;
    assert!(
        messages as u128 <= most,
        "{messages} messages in {:?}",
        outcome.took
    );
}

#[test]
fn lines_on_both_streams_are_few_messages_too() {
    let mut kernel = Kernel::start();
    let outcome = kernel.run("for i in 0..5_000 { println!(\"o{i}\"); eprintln!(\"e{i}\"); }");
    assert_eq!(outcome.stdout().lines().count(), 5_000);
    assert_eq!(outcome.stderr().lines().count(), 5_000);
    are_few_messages(&outcome, 8);
}

#[test]
fn a_flood_is_cut_once_and_fills_no_memory() {
    let mut kernel = with_variable();
    let cell = kernel
        .send_cell("println!(\"begun\"); loop { println!(\"still here, and here, and here\"); }");
    begun(&mut kernel, &cell);
    sleep(Duration::from_secs(6));
    let front = kernel
        .processes()
        .into_iter()
        .find(|it| it.id == kernel.id())
        .expect("it runs");
    assert!(front.memory() < 60 << 10, "{} KiB", front.memory());
    kernel.interrupt();
    let outcome = kernel.outcome(&cell);
    assert_eq!(outcome.stderr().matches("the rest is left out").count(), 1);
    assert_eq!(kernel.value("kept"), "41");
}

#[test]
fn a_progress_bar_moves_while_its_cell_runs() {
    let mut kernel = Kernel::start();
    let code = "use std::io::Write as _;\nfor i in 0..4000 {\n    print!(\"\\r{i} of 4000\");\n    std::io::stdout().flush()?;\n    \
                std::thread::sleep(std::time::Duration::from_millis(200));\n}";
    let cell = kernel.send_cell(code);
    // While it runs; two steps may come in one message.
    kernel.wait_for_text(&cell, " of 4000");
    kernel.interrupt();
    assert!(!kernel.outcome(&cell).stdout().contains("\r3999 of 4000"));
}

#[test]
fn a_thread_is_heard_after_its_cell() {
    let mut kernel = Kernel::start();
    let code = "std::thread::spawn(|| {\n    std::thread::sleep(std::time::Duration::from_secs(1));\n    \
                println!(\"late\");\n    eprintln!(\"and an error\");\n});\n1";
    let cell = kernel.send_cell(code);
    assert_eq!(kernel.outcome(&cell).result("text/plain"), "1");
    kernel.wait_for_text(&cell, "late");
    kernel.wait_for_text(&cell, "and an error");
}

#[test]
fn text_errors_and_displays_keep_their_order() {
    let mut kernel = Kernel::start();
    kernel.run("use dsprep_core::prelude::*;");
    let code = "eprintln!(\"a\");\nFrame::new(\"display\").data(&MimeBundle::plain(\"b\")).send();\neprint!(\"c\");\n\
                print!(\"d\");\nFrame::new(\"display\").data(&MimeBundle::plain(\"e\")).send();\nprintln!(\"f\");\n7";
    for _ in 0..5 {
        let outcome = kernel.run(&format!(
            "use dsprep_core::cell::{{Frame, MimeBundle}};\n{code}"
        ));
        let shown: Vec<String> = outcome
            .outputs
            .iter()
            .filter(|it| it.kind != "execute_input")
            .map(|it| match it.kind.as_str() {
                "stream" => it.content["text"]
                    .as_str()
                    .unwrap_or_default()
                    .trim()
                    .to_owned(),
                _ => it.content["data"]["text/plain"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
            })
            .collect();
        let together = shown.concat();
        assert!(
            ["abcdef7", "abdcef7"].contains(&together.as_str()),
            "{shown:?}"
        );
    }
}

#[test]
fn a_cell_may_redirect_its_streams() {
    let mut kernel = Kernel::start();
    let code = "unsafe extern \"C\" { fn dup2(from: i32, to: i32) -> i32; }\nuse std::os::fd::AsRawFd as _;\n\
                let file = std::fs::File::create(\"redirected\")?;\nunsafe { dup2(file.as_raw_fd(), 2); }\n\
                eprintln!(\"into the file\");\nprintln!(\"shown\");\n3";
    let outcome = kernel.run(code);
    assert_eq!(
        (
            outcome.stdout().as_str(),
            outcome.result("text/plain").as_str()
        ),
        ("shown\n", "3")
    );
    assert!(
        kernel
            .sandbox()
            .read("redirected")
            .contains("into the file")
    );
}

/// All files and folders below `folder` that somebody else could look into, if they could reach them.
fn open_to_others(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let data = entry.path().symlink_metadata().expect("it is there");
        if data.is_dir() && data.permissions().mode() & 0o077 != 0 {
            found.push(entry.path().display().to_string());
        }
    }
}

#[test]
fn nobody_else_can_look_into_the_folder_of_a_session() {
    let mut kernel = with_variable();
    kernel.complete("kep");
    let mut open = Vec::new();
    open_to_others(&kernel.sandbox().temporary(), &mut open);
    assert_eq!(open, NOTHING);
    for folder in fs::read_dir(kernel.sandbox().temporary())
        .expect("a folder")
        .flatten()
    {
        if !folder.file_name().to_string_lossy().contains("kernel") {
            // That of the process for completion, which all kernels share.
            continue;
        }
        let file = folder.path().join("engine.json");
        let mode = file.metadata().expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let text = fs::read_to_string(file).expect("it is text");
        assert!(text.contains("\"transport\":\"ipc\""), "{text}");
    }
}

#[test]
fn a_temporary_folder_may_have_blanks_or_a_long_name() {
    const LONG: &str = "long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_name";
    for temporary in ["with a blank/and more", LONG] {
        let settings = Settings {
            temporary: Some(temporary),
            ..Settings::default()
        };
        let mut kernel = Kernel::start_with(&Arc::new(Sandbox::new()), settings);
        assert_eq!(kernel.value("6 * 7"), "42", "{temporary}");
        kernel.shut_down(Channel::Control, false);
    }
}

#[test]
fn a_kernel_of_another_world_of_process_numbers_is_not_swept() {
    let sandbox = Arc::new(Sandbox::new());
    let mut kernel = Kernel::start_in(&sandbox);
    kernel.run("let kept = 41;");
    let folder = fs::read_dir(sandbox.temporary())
        .expect("a folder")
        .flatten()
        .next();
    let folder = folder.expect("the kernel has a folder").path();
    // Its number means nobody here.
    fs::write(folder.join("lock"), "2147483647").expect("it can be written");
    let mut other = Kernel::start_in(&sandbox);
    assert_eq!(other.value("1"), "1");
    assert!(folder.exists());
    assert_eq!(kernel.value("kept"), "41");
}

/// A kernel whose core can't be loaded, so that no cell can be run.
fn without_core(log: Option<&'static str>) -> Kernel {
    let sandbox = Sandbox::new();
    let core = sandbox.copy_kit().join(format!(
        "{}dsprep_core{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    ));
    // As long as it has to be, but with nothing in it.
    let length = fs::metadata(&core).expect("the core is there").len();
    fs::remove_file(&core).expect("it is a link");
    let empty = fs::File::create(&core).expect("it can be written");
    empty.set_len(length).expect("it takes no room");
    let settings = Settings {
        variables: &[("DSPREP_KIT", "kit")],
        log,
        ..Settings::default()
    };
    Kernel::start_with(&Arc::new(sandbox), settings)
}

#[test]
fn cells_that_can_not_be_run_are_answered_with_the_reason() {
    let mut kernel = without_core(None);
    for _ in 0..4 {
        let failure = kernel.fails("1 + 1");
        assert_eq!(failure.name, "engine died");
        assert!(failure.value.contains("no cell can be run"), "{failure:?}");
        assert!(failure.value.contains("dsprep doctor"), "{failure:?}");
    }
}

#[test]
fn a_log_that_can_not_be_written_ends_nothing() {
    let mut kernel = without_core(Some("/dev/full"));
    assert_eq!(kernel.fails("1 + 1").name, "engine died");
    kernel.beats();
}

#[test]
fn the_heart_beats_on_after_clients_that_left() {
    let mut kernel = Kernel::start();
    kernel.leave_heartbeats(20);
    kernel.beats();
    kernel.beats();
}

/// A socket that two threads share loses a wake-up now and then: `idle` stays until the next message comes.
#[test]
fn no_message_waits_for_the_next_one() {
    let mut kernel = Kernel::start();
    for _ in 0..10_000 {
        let outcome = kernel.request(Channel::Shell, "kernel_info_request", json!({}));
        assert_eq!(outcome.states, ["busy", "idle"]);
    }
}

#[test]
fn completion_comes_back_after_its_engine_was_killed() {
    let mut kernel = with_variable();
    let completes = |kernel: &mut Kernel| {
        // It needs its time, on a machine that does other work too.
        (0..8).any(|_| {
            kernel.complete("kep")["matches"]
                .to_string()
                .contains("kept")
        })
    };
    assert!(completes(&mut kernel), "before");
    let mut processes = kernel.processes().into_iter();
    let analyst = processes.find(|it| it.has_variable("DSPREP_ANALYSIS"));
    analyst.expect("it has been started").signal("KILL");
    sleep(Duration::from_secs(1));
    assert!(completes(&mut kernel), "after");
}
