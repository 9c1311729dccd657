//! Compiled cells are kept: another kernel runs the same cell without compiling it, and whatever is wrong with what
//! was kept costs a compilation, never a wrong result.

use dsprep_tests::{Channel, Kernel, Sandbox, Settings, assert_code};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// A kernel that is alone in the sandbox.
fn next(sandbox: &Arc<Sandbox>, last: Kernel) -> Kernel {
    end(last);
    Kernel::start_in(sandbox)
}

fn end(mut kernel: Kernel) {
    kernel.shut_down(Channel::Control, false);
}

/// Runs cells that have to succeed; what each shows, and whether it was compiled before.
fn run_all(kernel: &mut Kernel, cells: &[&str]) -> Vec<(String, bool)> {
    cells
        .iter()
        .map(|code| {
            let outcome = kernel.run(code);
            let shown = outcome.outputs.iter().map(|output| {
                let data = &output.content["data"]["text/plain"];
                let text = data.as_str().or(output.content["text"].as_str());
                match output.kind.as_str() {
                    "execute_result" | "stream" => text.unwrap_or_default().to_owned(),
                    _ => String::new(),
                }
            });
            (shown.collect(), kernel.was_cached())
        })
        .collect()
}

fn shown(runs: &[(String, bool)]) -> Vec<&str> {
    runs.iter().map(|(shown, _)| shown.as_str()).collect()
}

/// The cells in the cache.
fn entries(sandbox: &Sandbox) -> Vec<PathBuf> {
    let found = fs::read_dir(sandbox.cell_cache()).expect("the cache is there");
    let is_cell = |name: &str| !name.starts_with('.') && !name.starts_with("answer-");
    found
        .flatten()
        .filter(|entry| is_cell(&entry.file_name().to_string_lossy()))
        .map(|entry| entry.path())
        .collect()
}

/// Runs a cell, does something to all entries, and runs the cell in another kernel.
#[track_caller]
fn is_compiled_again_after(damage: impl Fn(&Path)) {
    let sandbox = Arc::new(Sandbox::new());
    let mut kernel = Kernel::start_in(&sandbox);
    assert_eq!(kernel.value("let a = 40;\na + 2"), "42");
    let entries = entries(&sandbox);
    assert!(!entries.is_empty());
    entries.iter().for_each(|entry| damage(entry));
    let mut kernel = next(&sandbox, kernel);
    assert_eq!(kernel.value("let a = 40;\na + 2"), "42");
    assert!(!kernel.was_cached());
    assert_eq!(kernel.value("a + 3"), "43");
}

#[test]
fn a_notebook_is_compiled_once_whatever_numbers_its_variables_have() {
    const NOTEBOOK: &[&str] = &[
        "use std::collections::BTreeMap;\n#[derive(Debug, Clone)]\nstruct Point { x: f64 }",
        "let mut points = vec![Point { x: 1.0 }];\nlet names: BTreeMap<i32, &str> = BTreeMap::from([(1, \"one\")]);",
        "points.push(Point { x: 2.0 });\npoints.len()",
        "let double = |x: f64| 2.0 * x;",
        "points.iter().map(|point| double(point.x)).sum::<f64>()",
        "static CALLS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);\nfn call() -> u32 { CALLS.fetch_add(1, std::sync::atomic::Ordering::SeqCst) }",
        "call()",
        "call()",
        "println!(\"{names:?}\");",
        "\"12\".parse::<i32>()?",
    ];
    const SHOWN: &[&str] = &["", "", "2", "", "6.0", "", "0", "1", "{1: \"one\"}\n", "12"];
    let sandbox = Arc::new(Sandbox::new());
    let mut kernel = Kernel::start_in(&sandbox);
    let first = run_all(&mut kernel, NOTEBOOK);
    assert_eq!(shown(&first), SHOWN);
    let mut kernel = next(&sandbox, kernel);
    // A cell that is run twice defines its variables twice: all that follow have other numbers.
    let twice = [&NOTEBOOK[..2], &NOTEBOOK[1..5]].concat();
    let second = run_all(&mut kernel, &twice);
    assert_eq!(shown(&second), ["", "", "", "2", "", "6.0"]);
    assert!(second.iter().all(|(_, cached)| *cached), "{second:?}");
    let mut kernel = next(&sandbox, kernel);
    let third = run_all(&mut kernel, NOTEBOOK);
    assert_eq!(shown(&third), SHOWN);
    assert!(third.iter().all(|(_, cached)| *cached), "{third:?}");
}

#[test]
fn a_cell_that_is_run_again_is_not_compiled_again_and_starts_anew() {
    let mut kernel = Kernel::start();
    kernel.run("let other = 1;");
    let counts = "let text = { use std::sync::atomic::*; static N: AtomicU32 = AtomicU32::new(0); N.fetch_add(1, Ordering::SeqCst) };\ntext";
    let cells = [counts, "text + 1", counts, "text + 1"];
    let runs = run_all(&mut kernel, &cells);
    assert_eq!(shown(&runs), ["0", "1", "0", "1"]);
    let cached: Vec<bool> = runs.iter().map(|(_, cached)| *cached).collect();
    assert_eq!(cached, [false, false, true, true]);
}

#[test]
fn a_variable_of_another_type_or_version_is_another_cell() {
    let sandbox = Arc::new(Sandbox::new());
    let mut kernel = Kernel::start_in(&sandbox);
    run_all(&mut kernel, &["let x = 5;", "x"]);
    let mut kernel = next(&sandbox, kernel);
    let runs = run_all(
        &mut kernel,
        &["let x = 5;", "let x = 5.5;", "x", "let x = 5;", "x"],
    );
    assert_eq!(shown(&runs), ["", "", "5.5", "", "5"]);
    assert_eq!([runs[2].1, runs[4].1], [false, true]);
    // A type of the same name with other fields.
    let first = "#[derive(Debug)]\nstruct Own { a: u8 }";
    let other = "#[derive(Debug)]\nstruct Own { text: String }";
    let make = "let own = Own { a: 1 };";
    run_all(&mut kernel, &[first, make, "own"]);
    kernel.run(other);
    assert!(kernel.fails("own").value.contains("was defined anew"));
}

#[test]
fn what_was_told_when_it_was_compiled_is_told_again() {
    let sandbox = Arc::new(Sandbox::new());
    let mut kernel = Kernel::start_in(&sandbox);
    let mut notes = Vec::new();
    for round in 0..2 {
        if round == 1 {
            kernel = next(&sandbox, kernel);
        }
        kernel.run("struct Own { a: u8 }");
        kernel.run("fn of(own: &Own) -> u8 { own.a }\nlet words = vec![String::from(\"a\")];");
        // `of` does not compile any more.
        notes.push(run_all(&mut kernel, &["struct Own { b: u8 }\n1"]));
        assert_eq!(kernel.was_cached(), round == 1);
        kernel.run("drop(words);");
        assert_eq!(kernel.was_cached(), round == 1);
        assert!(kernel.fails("words.len()").value.contains("moved it away"));
    }
    assert!(
        notes[0][0].0.contains("does not compile any more"),
        "{notes:?}"
    );
    assert_eq!(notes[0][0].0, notes[1][0].0);
}

#[test]
fn an_error_is_never_kept() {
    let sandbox = Arc::new(Sandbox::new());
    let mut kernel = Kernel::start_in(&sandbox);
    let first = kernel.fails("let a: u8 = \"text\";");
    let kept = entries(&sandbox).len();
    let mut kernel = next(&sandbox, kernel);
    let second = kernel.fails("let a: u8 = \"text\";");
    assert_eq!(first.traceback, second.traceback);
    assert_eq!(entries(&sandbox).len(), kept);
    // A panic is no error of the cell: it is compiled.
    let panics = "let v: Vec<i32> = Vec::new();\n\nv[3]";
    let first = kernel.fails(panics);
    let mut kernel = next(&sandbox, kernel);
    assert_eq!(kernel.fails(panics).traceback, first.traceback);
    assert!(kernel.was_cached());
}

#[test]
fn a_damaged_entry_is_compiled_again() {
    is_compiled_again_after(|entry| {
        let mut bytes = fs::read(entry).expect("an entry");
        let last = bytes.len() - 100;
        bytes[last] ^= 0xff;
        fs::write(entry, bytes).expect("it can be written");
    });
}

#[test]
fn a_truncated_entry_is_compiled_again() {
    is_compiled_again_after(|entry| {
        let bytes = fs::read(entry).expect("an entry");
        fs::write(entry, &bytes[..bytes.len() / 2]).expect("it can be written");
    });
}

#[test]
fn an_entry_that_others_could_have_written_is_compiled_again() {
    is_compiled_again_after(|entry| {
        let own = fs::metadata(entry).expect("an entry").uid();
        // Only root can give it to somebody else.
        if own != 0 || std::os::unix::fs::chown(entry, Some(65534), None).is_err() {
            fs::set_permissions(entry, fs::Permissions::from_mode(0o666)).expect("it is ours");
        }
    });
}

#[test]
fn what_is_no_file_is_compiled_again() {
    is_compiled_again_after(|entry| {
        fs::remove_file(entry).expect("an entry");
        fs::create_dir(entry).expect("a folder in its place");
    });
}

#[test]
fn only_the_owner_can_read_what_is_kept() {
    let sandbox = Arc::new(Sandbox::new());
    let mut kernel = Kernel::start_in(&sandbox);
    kernel.run("1 + 1");
    let mode = |path: &Path| fs::metadata(path).expect("it is there").mode() & 0o777;
    assert_eq!(mode(&sandbox.cell_cache()), 0o700);
    assert!(entries(&sandbox).iter().all(|entry| mode(entry) == 0o600));
}

#[test]
fn cells_run_where_nothing_can_be_kept_or_nothing_is_to_be() {
    for folder in ["/proc/dsprep", "/dev/null/cells", "off"] {
        let sandbox = Arc::new(Sandbox::new());
        let variables: &'static [(&str, &str)] = match folder {
            "off" => &[("DSPREP_CELL_CACHE", "off")],
            "/proc/dsprep" => &[("DSPREP_CELL_CACHE", "/proc/dsprep")],
            _ => &[("DSPREP_CELL_CACHE", "/dev/null/cells")],
        };
        let settings = Settings {
            variables,
            ..Settings::default()
        };
        let mut kernel = Kernel::start_with(&sandbox, settings);
        for _ in 0..2 {
            assert_eq!(kernel.value("let a = 1;\na"), "1", "{folder}");
            assert!(!kernel.was_cached(), "{folder}");
        }
        assert!(!sandbox.cell_cache().exists());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn cells_run_where_the_disk_is_full() {
    let unshare = std::process::Command::new("unshare")
        .args(["--map-root-user", "--mount", "true"])
        .status();
    if !unshare.is_ok_and(|status| status.success()) {
        eprintln!("not tried: nobody may mount a disk here");
        return;
    }
    let settings = Settings {
        full_disk: true,
        ..Settings::default()
    };
    let mut kernel = Kernel::start_with(&Arc::new(Sandbox::new()), settings);
    for _ in 0..2 {
        assert_eq!(kernel.value("let a = vec![1];\na"), "[1]");
        assert!(!kernel.was_cached());
    }
}

#[test]
fn two_kernels_may_keep_one_cell_at_once() {
    let sandbox = Arc::new(Sandbox::new());
    let mut kernels = [Kernel::start_in(&sandbox), Kernel::start_in(&sandbox)];
    let cells = ["let a = 1;", "let b = a + 1;", "a + b"];
    for code in cells {
        let ids: Vec<String> = kernels.iter_mut().map(|it| it.send_cell(code)).collect();
        for (kernel, id) in kernels.iter_mut().zip(&ids) {
            assert_eq!(kernel.outcome(id).reply["status"], "ok");
        }
    }
    kernels.into_iter().for_each(end);
    let mut third = Kernel::start_in(&sandbox);
    let runs = run_all(&mut third, &cells);
    assert_eq!(shown(&runs), ["", "", "3"]);
    assert!(runs.iter().all(|(_, cached)| *cached));
    let left = fs::read_dir(sandbox.cell_cache())
        .expect("the cache")
        .flatten();
    let unfinished = left.filter(|it| it.file_name().to_string_lossy().starts_with(".new-"));
    assert_eq!(unfinished.count(), 0);
}

#[test]
fn other_flags_make_another_cell() {
    let mut kernel = Kernel::start();
    kernel.run("1 + 1");
    kernel.run(":opt 1");
    kernel.run("1 + 1");
    assert!(!kernel.was_cached());
    kernel.run(":opt 2");
    kernel.run("1 + 1");
    assert!(kernel.was_cached());
}

#[test]
fn another_compiler_or_core_compiles_again() {
    let sandbox = Arc::new(Sandbox::new());
    let copy = sandbox.copy_kit();
    let settings = Settings {
        variables: &[("DSPREP_KIT", "kit")],
        ..Settings::default()
    };
    let is_cached = || {
        let mut kernel = Kernel::start_with(&sandbox, settings);
        kernel.run("1 + 1");
        let cached = kernel.was_cached();
        end(kernel);
        cached
    };
    assert_eq!([is_cached(), is_cached()], [false, true]);
    for (field, value) in [("compiler", "rustc 9.9.9"), ("core_hash", "00ff")] {
        let file = copy.join("manifest.json");
        let text = fs::read_to_string(&file).expect("a manifest");
        let mut manifest: Value = serde_json::from_str(&text).expect("JSON");
        manifest[field] = value.into();
        fs::write(&file, manifest.to_string()).expect("it can be written");
        assert_eq!([is_cached(), is_cached()], [false, true], "{field}");
    }
}

#[test]
fn a_cell_that_read_a_file_or_a_variable_is_compiled_again_when_that_has_changed() {
    let sandbox = Arc::new(Sandbox::new());
    let file = sandbox.path().join("data.txt");
    let write = |text: &str| {
        let path = sandbox.write("data.txt", text);
        let long_ago = SystemTime::now() - Duration::from_secs(60);
        let file = fs::File::options().append(true).open(path);
        file.expect("a file")
            .set_modified(long_ago)
            .expect("a time");
    };
    let reads = format!("include_str!({file:?})");
    let asks = "option_env!(\"TMPDIR\").is_some()";
    write("one");
    let mut kernel = Kernel::start_in(&sandbox);
    run_all(&mut kernel, &[&reads, asks]);
    let mut kernel = next(&sandbox, kernel);
    let runs = run_all(&mut kernel, &[&reads, asks]);
    assert_eq!(
        runs,
        [("\"one\"".to_owned(), true), ("true".to_owned(), true)]
    );
    write("two");
    let runs = run_all(&mut kernel, &[&reads, &reads]);
    assert_eq!(
        runs,
        [("\"two\"".to_owned(), false), ("\"two\"".to_owned(), true)]
    );
    end(kernel);
    let settings = Settings {
        temporary: Some("elsewhere"),
        ..Settings::default()
    };
    let mut kernel = Kernel::start_with(&sandbox, settings);
    // TMPDIR is another one now.
    assert_eq!(kernel.value(asks), "true");
    let folders = fs::read_dir(sandbox.temporary().join("elsewhere")).expect("a folder");
    let builds = folders.flatten().map(|it| it.path().join("build.json"));
    let build = builds
        .filter_map(|build| fs::read_to_string(build).ok())
        .last();
    let build: Value = serde_json::from_str(&build.expect("a build")).expect("JSON");
    assert_eq!(build["cached"], false);
}

#[test]
fn the_command_says_what_is_kept_and_removes_it() {
    let sandbox = Arc::new(Sandbox::new());
    let mut kernel = Kernel::start_in(&sandbox);
    kernel.run("1 + 1");
    end(kernel);
    let told = sandbox.dsprep(&["cache"]);
    assert_code(&told, 0);
    let count = entries(&sandbox).len();
    assert!(
        told.stdout.contains(&format!(": {count} compiled cells, ")),
        "{told:?}"
    );
    let removed = sandbox.dsprep(&["cache", "--clear"]);
    assert!(
        removed
            .stdout
            .contains(&format!("removed {count} compiled cells")),
        "{removed:?}"
    );
    assert_eq!(entries(&sandbox).len(), 0);
    let mut off = sandbox.command(&["cache"]);
    let output = off
        .env("DSPREP_CELL_CACHE", "off")
        .output()
        .expect("it runs");
    assert!(
        sandbox
            .finished(&output)
            .stdout
            .contains("no compiled cells are kept")
    );
}

#[test]
fn after_a_crash_what_made_the_variables_is_run_again_without_compiling() {
    let mut kernel = Kernel::start();
    assert!(
        kernel
            .fails(":replay")
            .value
            .contains("nothing to run again")
    );
    kernel.run("use std::sync::atomic::*;\n#[derive(Debug)]\nstruct Own(i32);\nstatic CALLS: AtomicU32 = AtomicU32::new(0);");
    kernel.run("let mut list = vec![Own(1)];\nlet double = |x: i32| 2 * x;\nCALLS.fetch_add(1, Ordering::SeqCst);");
    kernel.run("list.push(Own(double(4)));\nprintln!(\"once\");\nlist.len()");
    kernel.run("let text = String::from(\"moved\");");
    kernel.run("drop(text);");
    // A cell that fails, or that only defines, makes no variable.
    kernel.fails("list[7].0");
    kernel.run("fn three() -> i32 { 3 }");
    let failure = kernel.fails("unsafe { std::ptr::null_mut::<u8>().write_volatile(1) }");
    assert_eq!(failure.name, "SIGSEGV");
    let told = failure.traceback;
    assert!(told.contains("`:replay` runs the 5 cells again"), "{told}");
    assert_eq!(kernel.fails("list").name, "E0425");

    let outcome = kernel.run(":replay");
    assert_eq!(outcome.stdout(), "5 cells run again\n");
    assert!(kernel.was_cached());
    assert_eq!(
        kernel.value("(list, double(three()))"),
        "([Own(1), Own(8)], 6)"
    );
    assert_eq!(kernel.value("CALLS.load(Ordering::SeqCst)"), "1");
    assert!(kernel.fails("text").value.contains("text"));
    // What was run again can be lost again.
    kernel.fails("std::process::exit(3)");
    kernel.run(":replay");
    assert_eq!(kernel.value("CALLS.load(Ordering::SeqCst)"), "1");
}

#[test]
fn a_crate_that_was_added_is_built_once_and_its_statics_are_the_same_for_each_cell() {
    let sandbox = Arc::new(Sandbox::new());
    let crate_folder = |value: u32| {
        let manifest = "[package]\nname = \"counter\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
        sandbox.write("counter/Cargo.toml", manifest);
        let source = "use std::sync::atomic::*;\nstatic N: AtomicU32 = AtomicU32::new(VALUE);\npub fn next() -> u32 { N.fetch_add(1, Ordering::SeqCst) }\n";
        sandbox.write(
            "counter/src/lib.rs",
            &source.replace("VALUE", &value.to_string()),
        );
    };
    crate_folder(7);
    let path = sandbox.path().join("counter");
    let adds = format!(":dep counter = {{ path = {path:?} }}\ncounter::next()");
    let mut kernel = Kernel::start_in(&sandbox);
    let cells = [adds.as_str(), "counter::next()", "counter::next()"];
    let run = |kernel: &mut Kernel| cells.map(|code| kernel.value(code));
    assert_eq!(run(&mut kernel), ["7", "8", "9"]);
    let mut kernel = next(&sandbox, kernel);
    assert_eq!(run(&mut kernel), ["7", "8", "9"]);
    let is_cached = |code: &str| {
        kernel.run(code);
        kernel.was_cached()
    };
    assert!(
        ["counter::next()", adds.as_str()]
            .map(is_cached)
            .iter()
            .all(|it| *it)
    );
    // The crate's own source has changed.
    std::thread::sleep(Duration::from_millis(1100));
    crate_folder(20);
    let mut kernel = next(&sandbox, kernel);
    assert_eq!(run(&mut kernel), ["20", "21", "22"]);
}

#[test]
fn the_cells_that_wait_are_compiled_while_one_runs() {
    let mut kernel = Kernel::start();
    kernel.run("use std::time::Duration;");
    let sleeps =
        kernel.send_cell("std::thread::sleep(Duration::from_secs(5));\nlet slept = vec![1.5];");
    let ids = ["let more = slept.len() + 1;", "(slept, more)"].map(|code| kernel.send_cell(code));
    assert_eq!(kernel.outcome(&sleeps).reply["status"], "ok");
    assert_eq!(kernel.outcome(&ids[0]).reply["status"], "ok");
    let last = kernel.outcome(&ids[1]);
    assert_eq!(last.result("text/plain"), "([1.5], 2)");
    assert!(kernel.was_cached());
}

#[test]
fn a_cell_that_was_compiled_ahead_in_vain_does_no_harm() {
    let mut kernel = Kernel::start();
    let stop = kernel.send_cell("let text = String::from(\"a\");\nstd::thread::sleep(std::time::Duration::from_secs(3));\npanic!(\"no\")");
    let next = kernel.send_cell("text.len()");
    assert_eq!(kernel.outcome(&stop).reply["status"], "error");
    assert_eq!(kernel.outcome(&next).reply["status"], "aborted");
    assert_eq!(kernel.fails("text.len()").name, "E0425");
    kernel.run("let text = vec![1, 2];");
    assert_eq!(kernel.value("text.len()"), "2");
}
