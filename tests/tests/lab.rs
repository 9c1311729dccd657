//! `dsprep lab`: from nothing, with practice copies, and without leaving a process.
//!
//! JupyterLab itself is not part of these tests (`tests/peers/lab_in_browser.py` drives the real one): a script in its
//! place says how it was started.

use dsprep_tests::{Finished, Sandbox, assert_code, code, workspace};
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A command of somebody who has nothing but a home folder and `PATH`.
fn command(sandbox: &Sandbox, args: &[&str], path: &str) -> Command {
    let mut command = sandbox.command(args);
    let home = sandbox.path().join("home");
    fs::create_dir_all(&home).expect("a folder");
    for name in [
        "VIRTUAL_ENV",
        "CONDA_PREFIX",
        "XDG_DATA_HOME",
        "JUPYTER_PATH",
    ] {
        command.env_remove(name);
    }
    command.env("HOME", home).env("PATH", path);
    command
}

fn run(sandbox: &Sandbox, mut command: Command) -> Finished {
    sandbox.finished(&command.output().expect("dsprep starts"))
}

/// Puts a script in the place of JupyterLab; returns the folder for `PATH`.
fn jupyter(sandbox: &Sandbox, script: &str) -> String {
    let file = sandbox.write("bin/jupyter-lab", &format!("#!/bin/sh\n{script}\n"));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("a mode");
    format!("{}:/usr/bin:/bin", sandbox.path().join("bin").display())
}

#[test]
fn without_python_it_is_said_what_to_install() {
    let sandbox = Sandbox::new();
    sandbox.write("empty/nothing", "");
    let path = sandbox.path().join("empty").display().to_string();
    let refused = run(&sandbox, command(&sandbox, &["lab", "."], &path));
    assert_code(&refused, 2);
    insta::assert_snapshot!(refused.stderr, @"error: python3: not found, and JupyterLab needs it; install it (Debian, Ubuntu: sudo apt install python3-venv) or uv (https://docs.astral.sh/uv), then call dsprep lab again");
}

#[test]
fn jupyterlab_is_installed_only_after_a_yes() {
    let sandbox = Sandbox::new();
    let python = sandbox.write("bin/python3", "#!/bin/sh\necho called > called\nexit 1\n");
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).expect("a mode");
    let path = sandbox.path().join("bin").display().to_string();
    let refused = run(&sandbox, command(&sandbox, &["lab", "."], &path));
    assert_code(&refused, 2);
    assert!(
        refused.stderr.starts_with("There is no JupyterLab")
            && refused.stderr.contains("jupyterlab==")
            && refused.stderr.ends_with("to agree in a script: --yes\n"),
        "{}",
        refused.stderr
    );
    assert!(!sandbox.path().join("called").exists());
    assert!(!sandbox.path().join("home/.local").exists());

    // A Python that can't make an environment is told with what mends it.
    let refused = run(&sandbox, command(&sandbox, &["lab", "--yes", "."], &path));
    assert_code(&refused, 2);
    let last = refused.stderr.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("error: python3: ") && last.contains("call dsprep lab again"),
        "{}",
        refused.stderr
    );
}

#[test]
fn without_a_network_nothing_half_installed_is_used() {
    let sandbox = Sandbox::new();
    // Only Python is there, without what may be installed beside it.
    let python = sandbox.write(
        "bin/python3",
        &format!("#!/bin/sh\nexec {:?} \"$@\"\n", dsprep_tests::python()),
    );
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).expect("a mode");
    let path = sandbox.path().join("bin").display().to_string();
    let offline = || {
        let mut command = command(&sandbox, &["lab", "--yes", "--no-browser", "."], &path);
        command
            .env("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
            .env("PIP_RETRIES", "0")
            .env("PIP_NO_INDEX", "0")
            .env_remove("PIP_FIND_LINKS");
        run(&sandbox, command)
    };
    for _ in 0..2 {
        let refused = offline();
        assert_code(&refused, 2);
        let last = refused.stderr.lines().last().unwrap_or_default();
        assert!(
            last.starts_with(
                "error: python: ERROR: No matching distribution found for jupyterlab=="
            ) && last.ends_with(
                "see to the network, then call dsprep lab again; or install JupyterLab yourself"
            ),
            "{}",
            refused.stderr
        );
    }
}

#[test]
fn a_port_that_is_taken_is_said_at_once() {
    let sandbox = Sandbox::new();
    let path = jupyter(&sandbox, "echo started > started");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("a port").port().to_string();
    let refused = run(
        &sandbox,
        command(&sandbox, &["lab", "--port", &port, "."], &path),
    );
    assert_code(&refused, 2);
    let refused = refused.stderr.replace(&port, "[port]");
    insta::assert_snapshot!(refused, @"error: port [port] is taken, or not yours to use; choose another one: --port N, or leave --port out");
    assert!(!sandbox.path().join("started").exists());
}

#[test]
fn practice_opens_copies_and_never_overwrites_them() {
    let sandbox = Sandbox::new();
    let path = jupyter(
        &sandbox,
        "pwd -P > \"$HOME/where\"; echo \"$@\" > \"$HOME/how\"",
    );
    let practice = |args: &[&str]| {
        let args = [&["lab", "--practice", "--no-browser"][..], args].concat();
        run(&sandbox, command(&sandbox, &args, &path))
    };
    let first = practice(&[]);
    assert_code(&first, 0);
    assert!(
        first
            .stderr
            .contains(" notebooks to practise in are in [sandbox]/home/dsprep-practice"),
        "{}",
        first.stderr
    );
    let count = |folder: &Path| {
        let entries = fs::read_dir(folder).expect("a folder").flatten();
        let paths = entries.map(|entry| entry.path());
        paths
            .filter(|path| path.extension().is_some_and(|it| it == "ipynb"))
            .count()
    };
    let folder = sandbox
        .path()
        .join("home/dsprep-practice")
        .canonicalize()
        .expect("a folder");
    assert_eq!(
        sandbox.read("home/where").trim(),
        folder.display().to_string()
    );
    assert!(
        sandbox
            .read("home/how")
            .trim()
            .ends_with("/00_start_here.ipynb")
    );
    assert_eq!(count(&folder), count(&workspace().join("notebooks")));
    let copy = sandbox.read("home/dsprep-practice/q16_sql_joins.ipynb");
    assert!(!copy.contains("\"output_type\"") && copy.contains("\"exercise\""));
    let mode = fs::metadata(&folder)
        .expect("a folder")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);

    sandbox.write("home/dsprep-practice/q16_sql_joins.ipynb", "mine");
    let second = practice(&[]);
    assert_code(&second, 0);
    assert_eq!(second.stderr, "");
    assert_eq!(
        sandbox.read("home/dsprep-practice/q16_sql_joins.ipynb"),
        "mine"
    );

    fs::create_dir_all(sandbox.path().join("checkout/.git")).expect("a folder");
    let refused = practice(&["checkout/mine"]);
    assert_code(&refused, 2);
    assert!(
        refused
            .stderr
            .contains("is in the git checkout `[sandbox]/checkout`"),
        "{}",
        refused.stderr
    );
}

#[test]
fn slides_and_large_type_are_an_extension_of_this_run_alone() {
    let sandbox = Sandbox::new();
    sandbox.notebook("a.ipynb", &[code("1 + 1")]);
    let path = jupyter(
        &sandbox,
        "cat \"${JUPYTER_PATH%%:*}\"/labextensions/*/static/deck.js > deck.js || true; echo \"$@\" > how",
    );
    let lab = |args: &[&str]| {
        let args = [&["lab", "--no-browser"][..], args].concat();
        run(&sandbox, command(&sandbox, &args, &path))
    };
    assert_code(&lab(&["--slides", "--large", "a.ipynb"]), 0);
    let deck = sandbox.read("deck.js");
    assert!(
        deck.starts_with("const OPTIONS = {\"large\":true,\"slides\":\"a.ipynb\"};"),
        "{}",
        deck.lines().next().unwrap_or_default()
    );
    assert!(sandbox.read("how").trim().ends_with("/a.ipynb"));
    assert_code(&lab(&["a.ipynb"]), 0);
    assert_eq!(sandbox.read("deck.js"), "");

    let refused = lab(&["--slides", "."]);
    assert_code(&refused, 2);
    insta::assert_snapshot!(refused.stderr, @"error: name the notebook whose slides are shown: dsprep lab --slides notebooks/q16_sql_joins.ipynb");
    // Nothing of it is kept.
    assert!(!sandbox.path().join("home/.jupyter").exists());
    assert_eq!(sandbox.leftovers(), Vec::<String>::new());
}

#[test]
fn when_lab_is_killed_jupyterlab_is_asked_to_end() {
    let sandbox = Sandbox::new();
    sandbox.notebook("a.ipynb", &[code("1 + 1")]);
    // As JupyterLab does: SIGTERM ends it after it has put its things in order.
    let path = jupyter(
        &sandbox,
        "trap 'echo ended > ended; exit 0' TERM\necho $$ > started\nwhile :; do sleep 0.1; done",
    );
    let mut lab = command(&sandbox, &["lab", "--no-browser", "."], &path);
    let mut lab = lab
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("dsprep starts");
    wait_for(&sandbox, "started");
    lab.kill().expect("a signal");
    lab.wait().expect("its end");
    wait_for(&sandbox, "ended");
    // What it could not remove goes when the next one starts.
    let short = jupyter(&sandbox, "exit 0");
    assert_code(
        &run(
            &sandbox,
            command(&sandbox, &["lab", "--no-browser", "."], &short),
        ),
        0,
    );
    assert_eq!(sandbox.leftovers(), Vec::<String>::new());
}

fn wait_for(sandbox: &Sandbox, name: &str) {
    let start = Instant::now();
    while !sandbox.path().join(name).exists() {
        assert!(start.elapsed() < Duration::from_secs(60), "no file {name}");
        sleep(Duration::from_millis(50));
    }
}
