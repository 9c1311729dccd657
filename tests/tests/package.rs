//! `dsprep pack` and `dsprep setup`: what is packed runs elsewhere, without the checkout, for another user.

use dsprep_tests::{Finished, Sandbox, assert_code, code, workspace};
use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Three of the project's notebooks: text only with an exercise, tables, and numbers with figures.
const NOTEBOOKS: [&str; 3] = [
    "00_start_here.ipynb",
    "q16_sql_joins.ipynb",
    "q19_backpropagation.ipynb",
];

/// A machine of its own as far as the environment says: another home, no checkout around, nothing of cargo's.
struct Reader {
    sandbox: Sandbox,
    packages: &'static Path,
}

impl Reader {
    fn new() -> Reader {
        let sandbox = Sandbox::new();
        fs::create_dir(sandbox.path().join("home")).expect("a folder");
        Reader {
            sandbox,
            packages: packages(),
        }
    }

    fn path(&self) -> PathBuf {
        self.sandbox.path()
    }

    /// The packed file whose name ends so.
    fn package(&self, end: &str) -> PathBuf {
        let entries = fs::read_dir(self.packages).expect("a folder").flatten();
        let mut files = entries.map(|entry| entry.path());
        let found = files.find(|path| path.to_string_lossy().ends_with(end));
        found.expect("it was packed")
    }

    fn command(&self, program: impl AsRef<OsStr>, args: &[&str]) -> Command {
        let rustup = std::env::var_os("RUSTUP_HOME").map(PathBuf::from);
        let rustup = rustup.or_else(|| Some(std::env::home_dir()?.join(".rustup")));
        let mut command = Command::new(program);
        command
            .args(args)
            .env_clear()
            .env("HOME", self.path().join("home"))
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("TMPDIR", self.sandbox.temporary())
            .env("RUSTUP_HOME", rustup.unwrap_or_default())
            .current_dir(self.path());
        command
    }

    fn call(&self, mut command: Command) -> Finished {
        let output = command.output().expect("the program starts");
        self.sandbox.finished(&output)
    }

    fn run(&self, program: impl AsRef<OsStr>, args: &[&str]) -> Finished {
        self.call(self.command(program, args))
    }

    /// Unpacks the archive, and returns the program.
    fn unpacked(&self) -> PathBuf {
        let archive = self.package(".tar.zst");
        let archive = archive.to_string_lossy();
        assert_code(&self.run("tar", &["--zstd", "-xf", &archive]), 0);
        let name = archive.rsplit('/').next().expect("a name");
        let folder = self
            .path()
            .join(name.strip_suffix(".tar.zst").expect("an archive"));
        folder.join("dsprep")
    }

    /// Installs the wheel into a new environment, and returns the command.
    fn installed(&self) -> PathBuf {
        let venv = ["-m", "venv", "venv"];
        assert_code(&self.run(dsprep_tests::python(), &venv), 0);
        let wheel = self.package(".whl");
        let pip = self.path().join("venv/bin/pip");
        let options = [
            "install",
            "--quiet",
            "--no-index",
            "--no-deps",
            "--disable-pip-version-check",
        ];
        let wheel = wheel.to_string_lossy();
        assert_code(&self.run(pip, &[&options[..], &[&wheel]].concat()), 0);
        self.path().join("venv/bin/dsprep")
    }

    /// Copies the three notebooks out of the package, and runs them.
    #[track_caller]
    fn runs_notebooks(&self, program: &Path, notebooks: &Path) {
        for name in NOTEBOOKS {
            fs::copy(notebooks.join(name), self.path().join(name)).expect("a packed notebook");
        }
        let args = [&["run", "--check"][..], &NOTEBOOKS].concat();
        let finished = self.run(program, &args);
        assert_code(&finished, 0);
        assert!(finished.stdout.contains("3 passed"), "{}", finished.stdout);
        assert_eq!(self.sandbox.leftovers(), Vec::<String>::new());
    }
}

/// Archive and wheel, packed once for all tests here, quickly: the level changes their size only.
fn packages() -> &'static Path {
    static SANDBOX: OnceLock<Sandbox> = OnceLock::new();
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let sandbox = SANDBOX.get_or_init(Sandbox::new);
        pack(sandbox, &["--output-dir", "packages"]);
        sandbox.path().join("packages")
    })
}

fn pack(sandbox: &Sandbox, args: &[&str]) -> Finished {
    let packed = sandbox.dsprep(&[&["pack", "--level", "1"], args].concat());
    assert_code(&packed, 0);
    packed
}

#[test]
fn the_archive_runs_notebooks_wherever_it_is_unpacked() {
    let reader = Reader::new();
    let program = reader.unpacked();
    let folder = program.parent().expect("a folder").to_owned();
    // Its kit is the one beside it, not that of the checkout that built it.
    let told = reader.run(&program, &["kit"]);
    assert_code(&told, 0);
    let kit = told.stdout.split(": ").next().unwrap_or_default();
    let kit = kit.replace("[sandbox]", &reader.path().to_string_lossy());
    assert_eq!(Path::new(&kit), folder.join("dsprep-kit"));
    // Nor has it the folder of the compiler that built it, which may be somebody else's here.
    let bytes = fs::read(&program).expect("a program");
    let beside = b"\0$ORIGIN/dsprep-kit:$ORIGIN/dsprep-lib\0";
    let has = bytes.windows(beside.len()).any(|it| it == beside);
    assert_eq!(has, cfg!(target_os = "linux"));
    reader.runs_notebooks(&program, &folder.join("notebooks"));

    // And where it is moved to.
    let moved = reader.path().join("it's a näme with, blanks");
    fs::rename(&folder, &moved).expect("a folder that can be moved");
    reader.sandbox.notebook(
        "b.ipynb",
        &[
            code("use dsprep_core::prelude::*;"),
            code("table!(\"a\" => [1, 2])?.height()"),
        ],
    );
    assert_code(&reader.run(moved.join("dsprep"), &["run", "b.ipynb"]), 0);
}

#[test]
fn after_pip_install_jupyter_finds_the_kernel_and_notebooks_run() {
    let reader = Reader::new();
    let program = reader.installed();
    let spec = reader.path().join("venv/share/jupyter/kernels/dsprep");
    let json: Value =
        serde_json::from_slice(&fs::read(spec.join("kernel.json")).expect("a kernelspec"))
            .expect("JSON");
    assert_eq!(json["argv"][0], "python");
    assert_eq!(json["display_name"], "Rust (dsprep)");
    assert!(spec.join("logo-svg.svg").is_file());

    let library = fs::read_dir(reader.path().join("venv/lib"))
        .expect("a folder")
        .flatten()
        .next();
    let package = library
        .expect("a Python")
        .path()
        .join("site-packages/dsprep");
    reader.runs_notebooks(&program, &package.join("bin/notebooks"));
    // The kit was unpacked into this user's cache, and nothing beside the package.
    let told = reader.run(&program, &["kit"]);
    assert!(
        told.stdout
            .starts_with("[sandbox]/home/.cache/dsprep/kits/"),
        "{}",
        told.stdout
    );
    assert!(!package.join("bin/dsprep-kits").exists());

    // pip removes all of it.
    let pip = reader.path().join("venv/bin/pip");
    assert_code(
        &reader.run(pip, &["uninstall", "--quiet", "--yes", "dsprep"]),
        0,
    );
    assert!(!spec.exists() && !program.exists() && !package.join("bin").exists());
}

#[test]
fn the_same_build_gives_the_same_bytes() {
    let sandbox = Sandbox::new();
    pack(&sandbox, &["--output-dir", "again"]);
    let read = |folder: &Path| {
        let entries = fs::read_dir(folder).expect("a folder").flatten();
        let mut files: Vec<_> = entries.map(|entry| entry.path()).collect();
        files.sort();
        let bytes = files.iter().map(|file| fs::read(file).expect("a file"));
        let names = files
            .iter()
            .map(|file| file.file_name().expect("a name").to_owned());
        names.zip(bytes).collect::<Vec<_>>()
    };
    let (first, second) = (read(packages()), read(&sandbox.path().join("again")));
    assert_eq!(first.len(), 2);
    for ((name, one), (other_name, other)) in first.iter().zip(&second) {
        assert_eq!(name, other_name);
        assert!(one == other, "{} differs", name.display());
        assert!(one.len() < 130_000_000, "{}: {}", name.display(), one.len());
    }
}

#[test]
#[cfg(target_os = "linux")]
fn the_kit_stays_while_it_is_packed() {
    let sandbox = Sandbox::new();
    let named = sandbox.dsprep(&["kit"]);
    assert_code(&named, 0);
    let kit = named.stdout.split(": ").next().expect("a folder");
    // In the place of what takes long: it tries to lock the kit, as one does who removes old ones.
    let script = "#!/bin/sh\n\
                  flock --exclusive --nonblock \"$KIT/manifest.json\" true && touch free\n\
                  cat > /dev/null\n\
                  while [ \"$1\" != -o ]; do shift; done\n\
                  touch \"$2\" packed\n";
    let zstd = sandbox.write("bin/zstd", script);
    fs::set_permissions(zstd, fs::Permissions::from_mode(0o755)).expect("the mode can be set");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = sandbox.command(&["pack", "archive", "--output-dir", "out"]);
    command
        .env("KIT", kit)
        .env("PATH", format!("{}/bin:{path}", sandbox.path().display()));
    let packed = sandbox.finished(&command.output().expect("dsprep starts"));
    assert_code(&packed, 0);
    assert!(sandbox.path().join("packed").exists());
    assert!(!sandbox.path().join("free").exists());
}

#[test]
fn a_kit_that_lost_a_file_or_a_bit_is_named_with_what_mends_it() {
    let reader = Reader::new();
    let program = reader.unpacked();
    let kit = program.with_file_name("dsprep-kit");
    let setup = reader.run(&program, &["setup"]);
    assert_code(&setup, 0);
    assert!(
        setup.stdout.starts_with("rustc 1.") && setup.stdout.contains("is here:"),
        "{}",
        setup.stdout
    );

    let std = fs::read_dir(&kit)
        .expect("a kit")
        .flatten()
        .map(|entry| entry.path());
    let named = |path: &PathBuf| path.to_string_lossy().contains("/libpolars_core-");
    let file = std.into_iter().find(named).expect("a crate of the core");
    let mut bytes = fs::read(&file).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, &bytes).expect("a file");
    let refused = reader.run(&program, &["setup"]);
    assert_code(&refused, 2);
    assert!(
        refused
            .stderr
            .contains(" is missing or damaged; install or unpack dsprep again"),
        "{}",
        refused.stderr
    );

    fs::remove_file(&file).expect("a file");
    reader.sandbox.notebook("a.ipynb", &[code("1 + 1")]);
    let refused = reader.run(&program, &["run", "a.ipynb"]);
    assert_code(&refused, 2);
    assert!(
        refused.stderr.contains("libpolars_core-")
            && refused.stderr.ends_with("install or unpack dsprep again\n"),
        "{}",
        refused.stderr
    );
}

#[test]
fn without_the_compiler_it_is_said_how_to_get_it() {
    let reader = Reader::new();
    let program = reader.unpacked();
    reader.sandbox.notebook("a.ipynb", &[code("1 + 1")]);
    fs::create_dir(reader.path().join("rustup")).expect("a folder");
    let without = |args: &[&str]| {
        let mut command = reader.command(&program, args);
        command.env("RUSTUP_HOME", reader.path().join("rustup"));
        command
    };
    let refused = reader.call(without(&["run", "a.ipynb"]));
    assert_code(&refused, 2);
    assert!(
        refused
            .stderr
            .starts_with("error: cells need the compiler that built the core library, rustc 1.")
            && refused
                .stderr
                .ends_with("which is not here; get it: dsprep setup\n"),
        "{}",
        refused.stderr
    );
    let refused = reader.call(without(&["setup", "--yes"]));
    assert_code(&refused, 2);
    assert!(
        refused
            .stderr
            .starts_with("error: rustup: not found, and rustc 1.")
            && refused
                .stderr
                .ends_with("install rustup (https://rustup.rs), then call dsprep setup again\n"),
        "{}",
        refused.stderr
    );

    // A rustup that is here is called only after a yes, and may have no network.
    let bin = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let bin = bin.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let rustup = bin.expect("a home folder").join("bin/rustup");
    if !rustup.is_file() {
        return;
    }
    fs::create_dir(reader.path().join("bin")).expect("a folder");
    std::os::unix::fs::symlink(rustup, reader.path().join("bin/rustup")).expect("a link");
    let mut path = reader.path().join("bin").into_os_string();
    path.push(":/usr/bin:/bin");
    let mut command = without(&["setup"]);
    command
        .env("PATH", &path)
        .stdin(std::process::Stdio::null());
    let refused = reader.call(command);
    assert_code(&refused, 2);
    assert!(
        refused.stderr.contains("rustup toolchain install 1.")
            && refused.stderr.ends_with("to agree in a script: --yes\n"),
        "{}",
        refused.stderr
    );
    let mut command = without(&["setup", "--yes"]);
    command
        .env("PATH", &path)
        .env("RUSTUP_DIST_SERVER", "http://127.0.0.1:9")
        .env("RUSTUP_MAX_RETRIES", "0");
    let refused = reader.call(command);
    assert_code(&refused, 2);
    let last = refused.stderr.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("error: rustup: could not install 1.")
            && last.ends_with("then call dsprep setup again"),
        "{}",
        refused.stderr
    );
}

#[test]
fn cells_of_a_package_need_no_c_compiler() {
    let reader = Reader::new();
    let program = reader.unpacked();
    let cells = [
        code("use dsprep_core::prelude::*;"),
        code("let frame = table!(\"a\" => [1, 2])?;"),
        code("frame.height()"),
    ];
    reader.sandbox.notebook("a.ipynb", &cells);
    // Nothing at all on PATH: no cc, no ld.
    let mut command = reader.command(&program, &["run", "a.ipynb"]);
    command.env("PATH", reader.path().join("home"));
    assert_code(&reader.call(command), 0);
}

#[test]
fn a_damaged_archive_in_a_python_package_is_not_unpacked() {
    let reader = Reader::new();
    let program = reader.installed();
    let library = fs::read_dir(reader.path().join("venv/lib"))
        .expect("a folder")
        .flatten()
        .next();
    let bin = library
        .expect("a Python")
        .path()
        .join("site-packages/dsprep/bin");
    let archive = bin.join("dsprep-kit.tar.zst");
    let bytes = fs::read(&archive).expect("an archive");
    fs::write(&archive, &bytes[..bytes.len() / 2]).expect("an archive");
    let refused = reader.run(&program, &["kit"]);
    assert_code(&refused, 2);
    assert!(
        refused
            .stderr
            .contains("dsprep-kit.tar.zst is damaged; install or unpack dsprep again"),
        "{}",
        refused.stderr
    );
    assert_eq!(reader.sandbox.leftovers(), Vec::<String>::new());

    // One copy for all users lies beside the program.
    fs::write(&archive, &bytes).expect("an archive");
    assert_code(&reader.run(&program, &["setup", "--shared"]), 0);
    let told = reader.run(&program, &["kit"]);
    assert!(
        told.stdout
            .contains("site-packages/dsprep/bin/dsprep-kits/"),
        "{}",
        told.stdout
    );
    let kit = fs::metadata(bin.join("dsprep-kit")).expect("a kit");
    assert_eq!(kit.permissions().mode() & 0o777, 0o755);
}

#[test]
fn a_package_beside_a_newer_checkout_says_so() {
    let reader = Reader::new();
    let program = reader.unpacked();
    reader.sandbox.write(
        "checkout/dsprep-core/Cargo.toml",
        "[package]\nname = \"dsprep-core\"\n",
    );
    reader
        .sandbox
        .write("checkout/dsprep-core/src/lib.rs", "// newer\n");
    reader
        .sandbox
        .notebook("checkout/notebooks/a.ipynb", &[code("1 + 1")]);
    let mut command = reader.command(&program, &["run"]);
    command.current_dir(reader.path().join("checkout"));
    let ran = reader.call(command);
    assert_code(&ran, 0);
    assert!(
        ran.stderr.contains(
            "this dsprep was packed from other sources than those in `[sandbox]/checkout`"
        ),
        "{}",
        ran.stderr
    );
    // In the checkout that it was packed from, there is nothing to say.
    let mut command = reader.command(&program, &["run", "--list"]);
    command.current_dir(workspace());
    let ran = reader.call(command);
    assert!(!ran.stderr.contains("packed from"), "{}", ran.stderr);
}
