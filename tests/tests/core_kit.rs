//! The core kit: gathered whatever cargo's folders look like, found wherever the program lies.

use dsprep_tests::{Finished, Sandbox, assert_code, code, dsprep, tagged};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A workspace with a core of three crates, one of them a procedural macro, built by cargo with `config`.
fn small_workspace(sandbox: &Sandbox, config: &str) -> PathBuf {
    let flags = "[target.'cfg(all())']\nrustflags = [\"-C\", \"prefer-dynamic\"]\n";
    sandbox.write("small/.cargo/config.toml", &format!("{flags}{config}"));
    sandbox.write(
        "small/Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"dsprep-core\", \"helper\", \"helper-macro\"]\n",
    );
    let package = |name: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{rest}")
    };
    sandbox.write(
        "small/dsprep-core/Cargo.toml",
        &package(
            "dsprep-core",
            "[lib]\ncrate-type = [\"dylib\", \"rlib\"]\n[dependencies]\nhelper = { path = \"../helper\" }\n",
        ),
    );
    sandbox.write(
        "small/dsprep-core/src/lib.rs",
        "pub use helper;\npub mod cell { pub mod store {\n#[derive(Default)] pub struct VariableStore;\n\
         impl VariableStore { #[inline(never)] pub fn put_typed<T: 'static, const ID: u32>(&mut self, _: &str, _: T) {} }\n\
         } }\n",
    );
    sandbox.write(
        "small/helper/Cargo.toml",
        &package(
            "helper",
            "[dependencies]\nhelper-macro = { path = \"../helper-macro\" }\n",
        ),
    );
    sandbox.write(
        "small/helper/src/lib.rs",
        "helper_macro::answer!();\n#[inline]\npub fn twice() -> u32 { 2 * answer() }\n",
    );
    sandbox.write(
        "small/helper-macro/Cargo.toml",
        &package("helper-macro", "[lib]\nproc-macro = true\n"),
    );
    sandbox.write(
        "small/helper-macro/src/lib.rs",
        "#[proc_macro]\npub fn answer(_: proc_macro::TokenStream) -> proc_macro::TokenStream {\n\
         \"pub fn answer() -> u32 { 21 }\".parse().expect(\"a function\")\n}\n",
    );
    sandbox.path().join("small")
}

/// `dsprep kit` for the workspace in `folder`, after cargo has built it.
fn gather(sandbox: &Sandbox, folder: &Path) -> Finished {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let build = clean(Command::new(cargo))
        .args(["build", "--release", "--quiet", "--offline"])
        .current_dir(folder)
        .status();
    assert!(build.expect("cargo starts").success(), "cargo builds");
    let gathered = clean(sandbox.command(&["kit", "--workspace", "small", "--output", "kit"]))
        .output()
        .expect("dsprep starts");
    sandbox.finished(&gathered)
}

/// The platform that the compiler builds for.
fn host() -> String {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .expect("rustc starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("rustc names its host").to_owned()
}

/// Without what the tests' own build says to cargo, and with a cargo that takes unstable settings.
fn clean(mut command: Command) -> Command {
    for name in ["CARGO_TARGET_DIR", "CARGO_BUILD_BUILD_DIR", "RUSTFLAGS"] {
        command.env_remove(name);
    }
    command.env("RUSTC_BOOTSTRAP", "1");
    command
}

/// The kit holds the core, its crates and the standard library, and a cell was compiled and linked with it.
#[track_caller]
fn assert_whole(sandbox: &Sandbox, gathered: &Finished) {
    assert_code(gathered, 0);
    let manifest: Value = serde_json::from_str(&sandbox.read("kit/manifest.json")).expect("JSON");
    let files = manifest["files"].as_array().expect("a list").iter();
    let names: Vec<&str> = files.filter_map(|file| file["name"].as_str()).collect();
    for start in ["libdsprep_core.", "libhelper", "libhelper_macro", "libstd-"] {
        assert!(
            names.iter().any(|name| name.starts_with(start)),
            "{start}: {names:?}"
        );
    }
    assert!(names.len() <= 6, "{names:?}");
    assert_eq!(manifest["unstable"]["problem"], Value::Null);
    assert_eq!(manifest["unstable"]["listing"], true);
}

#[test]
fn a_kit_is_gathered_where_the_build_folder_is_not_the_target_folder() {
    let sandbox = Sandbox::new();
    let folder = small_workspace(&sandbox, "[build]\nbuild-dir = \"elsewhere\"\n");
    let gathered = gather(&sandbox, &folder);
    assert_whole(&sandbox, &gathered);
    assert!(folder.join("elsewhere/release").is_dir());
}

#[test]
fn a_kit_is_gathered_from_the_new_layout_of_cargos_build_folder() {
    let sandbox = Sandbox::new();
    let folder = small_workspace(&sandbox, "[unstable]\nbuild-dir-new-layout = true\n");
    let gathered = gather(&sandbox, &folder);
    assert_whole(&sandbox, &gathered);
    // This cargo has made no folder of that name, so the test tests what it says.
    assert!(!folder.join("target/release/deps").exists());
}

#[test]
fn flags_of_a_readers_own_and_a_wrapper_of_the_compiler_do_no_harm() {
    let sandbox = Sandbox::new();
    let folder = small_workspace(&sandbox, "");
    // As somebody has it in the home folder, who links with another linker.
    let host = host();
    let flags = format!("[target.{host}]\nrustflags = [\"-C\", \"link-arg=-Wl,-O1\"]\n");
    sandbox.write(".cargo/config.toml", &flags);
    let wrapper = sandbox.write(
        "wrapper",
        "#!/bin/sh\necho called >> \"$0.log\"\nexec \"$@\"\n",
    );
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755)).expect("a mode");
    let wrapped = format!("{flags}[build]\nrustc-wrapper = {wrapper:?}\n");
    sandbox.write(".cargo/config.toml", &wrapped);
    let gathered = gather(&sandbox, &folder);
    assert_whole(&sandbox, &gathered);
    assert!(sandbox.read("wrapper.log").contains("called"));
}

#[test]
fn a_build_whose_flags_were_replaced_stops_with_one_sentence() {
    let sandbox = Sandbox::new();
    let script = dsprep_tests::workspace().join("kernel/build.rs");
    let script = fs::read_to_string(script).expect("the build script is there");
    sandbox.write("one/build.rs", &script);
    sandbox.write(
        "one/Cargo.toml",
        "[package]\nname = \"one\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n",
    );
    sandbox.write("one/src/main.rs", "fn main() {}\n");
    let build = |flags: &str| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = clean(Command::new(cargo));
        command
            .args(["build", "--quiet", "--offline"])
            .current_dir(sandbox.path().join("one"))
            .env("RUSTFLAGS", flags);
        sandbox.finished(&command.output().expect("cargo starts"))
    };
    let refused = build("-D warnings");
    assert_code(&refused, 101);
    assert!(
        refused
            .stderr
            .contains("the flag `-C prefer-dynamic` of .cargo/config.toml is missing")
            && refused
                .stderr
                .contains("build again in the project's folder"),
        "{}",
        refused.stderr
    );
    assert_code(&build("-D warnings -C prefer-dynamic"), 0);
}

#[test]
fn what_was_changed_since_the_last_build_is_said_and_not_built() {
    let sandbox = Sandbox::new();
    let folder = small_workspace(&sandbox, "");
    assert_code(&gather(&sandbox, &folder), 0);
    sandbox.write(
        "small/helper/src/lib.rs",
        "helper_macro::answer!();\npub fn thrice() {}\n",
    );
    let command =
        clean(sandbox.command(&["kit", "--workspace", "small", "--output", "again"])).output();
    let refused = sandbox.finished(&command.expect("dsprep starts"));
    assert_code(&refused, 2);
    // Another cargo may have been waited for.
    let error = refused.stderr.lines().last().unwrap_or_default();
    insta::assert_snapshot!(error, @"error: the core kit can't be gathered: the workspace is not built as it stands; build in the project's folder: cargo build --release");
    assert!(!sandbox.path().join("again").exists());
}

/// A folder below the user's home, as a checkout is, without the variable that cargo sets for tests.
fn below_home() -> tempfile::TempDir {
    let home = std::env::home_dir().expect("a home folder");
    tempfile::Builder::new()
        .prefix(".dsprep-test-")
        .tempdir_in(home)
        .expect("a folder can be made")
}

/// `program` with a cache of its own.
fn command(sandbox: &Sandbox, program: &Path, args: &[&str]) -> Command {
    let mut command = sandbox.command(args);
    let settings: Vec<_> = command
        .get_envs()
        .map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned)))
        .collect();
    command = Command::new(program);
    command.args(args).current_dir(sandbox.path());
    for (name, value) in settings {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.env("XDG_CACHE_HOME", sandbox.path().join("cache"));
    command
}

fn run(sandbox: &Sandbox, program: &Path, args: &[&str]) -> Finished {
    let output = command(sandbox, program, args).output();
    sandbox.finished(&output.expect("dsprep starts"))
}

fn a_notebook(sandbox: &Sandbox) {
    let cells = [
        code("use dsprep_core::prelude::*;"),
        code("let frame = table!(\"a\" => [1, 2]).unwrap();"),
        code("assert_eq!(frame.height(), 2);"),
    ];
    sandbox.notebook("a.ipynb", &cells);
}

#[test]
fn a_program_that_was_copied_alone_runs_cells() {
    let sandbox = Sandbox::new();
    a_notebook(&sandbox);
    let folder = below_home();
    let copy = folder.path().join("it's a näme with, blanks");
    fs::create_dir(&copy).expect("a folder");
    let program = copy.join("dsprep");
    fs::copy(dsprep(), &program).expect("a copy");
    assert_code(&run(&sandbox, &program, &["run", "a.ipynb"]), 0);

    // A link to it does so, too.
    let link = sandbox.path().join("link");
    std::os::unix::fs::symlink(&program, &link).expect("a link");
    assert_code(&run(&sandbox, &link, &["run", "a.ipynb"]), 0);
}

/// As in a target folder that was copied to another checkout, while the first one is still there.
#[test]
fn a_kit_of_another_checkout_is_not_taken() {
    let sandbox = Sandbox::new();
    own_kit(&sandbox);
    let folder = below_home();
    let program = folder.path().join("dsprep");
    fs::copy(dsprep(), &program).expect("a copy");
    let store = folder.path().join("dsprep-kits");
    fs::create_dir(&store).expect("a folder");
    // Its link leads to the other's folder; or the copy has it in its own.
    let elsewhere = sandbox.path().join("kit");
    let manifest = fs::read_to_string(elsewhere.join("manifest.json")).expect("a manifest");
    let mut manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    let gathered_from = manifest["workspace"].as_str().expect("a folder");
    assert!(Path::new(gathered_from).join("Cargo.lock").is_file());
    let copied = store.join("copied");
    fs::create_dir(&copied).expect("a folder");
    for file in fs::read_dir(&elsewhere).expect("a folder").flatten() {
        fs::copy(file.path(), copied.join(file.file_name())).expect("a copy");
    }
    manifest["workspace"] = "/another/checkout".into();
    fs::write(copied.join("manifest.json"), manifest.to_string()).expect("a manifest");
    for other in [elsewhere, copied] {
        let link = folder.path().join("dsprep-kit");
        let _ = fs::remove_file(&link);
        std::os::unix::fs::symlink(&other, &link).expect("a link");
        let told = run(&sandbox, &program, &["kit"]);
        assert_code(&told, 0);
        let used = fs::read_link(&link).expect("a link");
        assert_eq!(used.parent(), Some(store.as_path()), "{}", told.stdout);
        assert_ne!(used, other);
    }
}

#[test]
fn where_the_programs_folder_can_not_be_written_the_kit_is_in_the_cache() {
    let sandbox = Sandbox::new();
    let folder = below_home();
    let program = folder.path().join("dsprep");
    fs::copy(dsprep(), &program).expect("a copy");
    // Nobody can make a folder where a file is, not even root.
    fs::write(folder.path().join("dsprep-kits"), "").expect("a file");
    let told = run(&sandbox, &program, &["kit"]);
    assert_code(&told, 0);
    assert!(
        told.stdout.starts_with("[sandbox]/cache/dsprep/kits/"),
        "{}",
        told.stdout
    );
}

#[test]
fn without_a_kit_the_program_says_what_is_missing_and_what_to_type() {
    let sandbox = Sandbox::new();
    a_notebook(&sandbox);
    let mut command = sandbox.command(&["run", "a.ipynb"]);
    command.env("DSPREP_KIT", sandbox.path().join("nowhere"));
    let refused = sandbox.finished(&command.output().expect("dsprep starts"));
    assert_code(&refused, 2);
    insta::assert_snapshot!(refused.stderr, @"error: the core kit in `[sandbox]/nowhere` can't be used: No such file or directory (os error 2); remove this folder, then build in the project's folder: cargo build --release");
    assert_eq!(refused.stdout, "");
    assert!(!sandbox.path().join("target").exists());
}

/// A kit that a test may damage.
fn own_kit(sandbox: &Sandbox) -> PathBuf {
    let gathered = sandbox.dsprep(&["kit", "--output", "kit"]);
    assert_code(&gathered, 0);
    sandbox.path().join("kit")
}

fn run_with_kit(sandbox: &Sandbox) -> Finished {
    let mut command = sandbox.command(&["run", "a.ipynb"]);
    command.env("DSPREP_KIT", sandbox.path().join("kit"));
    sandbox.finished(&command.output().expect("dsprep starts"))
}

#[test]
fn a_damaged_kit_is_named_with_the_file_that_is_missing() {
    let sandbox = Sandbox::new();
    a_notebook(&sandbox);
    let kit = own_kit(&sandbox);
    assert_code(&run_with_kit(&sandbox), 0);
    fs::remove_file(kit.join("libdsprep_core.so")).expect("the core is there");
    let refused = run_with_kit(&sandbox);
    assert_code(&refused, 2);
    assert!(
        refused
            .stderr
            .contains("libdsprep_core.so is missing or damaged"),
        "{}",
        refused.stderr
    );
    fs::write(kit.join("manifest.json"), "{\"format\":").expect("the manifest can be written");
    let refused = run_with_kit(&sandbox);
    assert_code(&refused, 2);
    assert!(
        refused.stderr.contains("manifest.json"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_kit_of_another_compiler_is_refused_with_the_command_that_mends_it() {
    let sandbox = Sandbox::new();
    a_notebook(&sandbox);
    let kit = own_kit(&sandbox);
    let text = sandbox.read("kit/manifest.json");
    let mut manifest: Value = serde_json::from_str(&text).expect("JSON");
    manifest["compiler"] = "rustc 1.90.0 (0123abcde 2025-09-18)".into();
    manifest["rustc"]["changed"] = 1.into();
    fs::write(kit.join("manifest.json"), manifest.to_string())
        .expect("the manifest can be written");
    let refused = run_with_kit(&sandbox);
    assert_code(&refused, 2);
    assert!(
        refused.stderr.starts_with("error: the core library was built by rustc 1.90.0 (0123abcde 2025-09-18), but the compiler here is rustc ")
            && refused.stderr.ends_with("cargo build --release, then restart kernels\n"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_kernel_whose_program_was_replaced_runs_on_and_says_so_when_it_can_not() {
    let sandbox = Sandbox::new();
    let folder = below_home();
    let program = folder.path().join("dsprep");
    fs::copy(dsprep(), &program).expect("a copy");
    let replace = format!(
        "std::fs::remove_file({program:?}).unwrap(); std::fs::write({program:?}, \"no program\").unwrap();",
    );
    let cells = [
        code(&replace),
        code("let after = 1 + 1;"),
        code("assert_eq!(after, 2);"),
        // A new process for cells can't be started from here on.
        tagged("std::process::exit(3);", &["raises-exception"]),
        code("let after = 1 + 1;"),
    ];
    sandbox.notebook("a.ipynb", &cells);
    let failed = run(&sandbox, &program, &["run", "a.ipynb"]);
    assert_code(&failed, 1);
    assert!(
        failed.stdout.contains("cell 5 of 5")
            && failed
                .stdout
                .contains("built anew or removed; restart the kernel"),
        "{}",
        failed.stdout
    );
}

#[test]
fn what_others_may_read_of_a_kit_they_may_not_change() {
    let sandbox = Sandbox::new();
    let kit = own_kit(&sandbox);
    let mode = fs::metadata(kit).expect("a folder").permissions().mode();
    assert_eq!(mode & 0o777, 0o755);
}

/// `cargo run -- run`, the first command that a reader types, must not have to ask which program is meant.
#[test]
fn the_workspace_has_one_program() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(dsprep_tests::workspace())
        .output()
        .expect("cargo starts");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages").iter();
    let targets = packages.flat_map(|package| package["targets"].as_array().into_iter().flatten());
    let programs = targets.filter(|target| target["kind"][0] == "bin");
    let names: Vec<&Value> = programs.map(|target| &target["name"]).collect();
    assert_eq!(names, ["dsprep"]);
}
