//! A folder in which the command runs and can be watched.

use crate::AT_ONCE;
use crate::notebook::notebook;
use crate::program::dsprep;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A folder with notebooks, and one for temporary files beside it.
pub struct Sandbox {
    folder: TempDir,
}

/// What a finished command left.
#[derive(Debug)]
pub struct Finished {
    /// The exit code; nothing if a signal ended the command.
    pub code: Option<i32>,
    /// What it printed on standard output, with the sandbox's path replaced by `[sandbox]`.
    pub stdout: String,
    /// What it printed on standard error, likewise.
    pub stderr: String,
}

/// A command that runs.
pub struct Started<'a> {
    sandbox: &'a Sandbox,
    child: Child,
}

impl Default for Sandbox {
    fn default() -> Self {
        Self::new()
    }
}

impl Sandbox {
    /// An empty sandbox.
    ///
    /// # Panics
    /// If there is no room for it on the disk.
    pub fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let sandbox = Sandbox { folder };
        fs::create_dir(sandbox.path()).expect("a folder can be made");
        fs::create_dir(sandbox.temporary()).expect("a folder can be made");
        sandbox
    }

    /// The folder in which the command runs.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// The folder for temporary files.
    pub fn temporary(&self) -> PathBuf {
        self.folder.path().join("tmp")
    }

    /// The folder for compiled cells.
    pub fn cell_cache(&self) -> PathBuf {
        self.folder.path().join("cells")
    }

    /// Puts a copy of the core kit into the folder `kit`: links, but for the list of what it holds.
    ///
    /// # Panics
    /// If there is no kit, or no room for it.
    pub fn copy_kit(&self) -> PathBuf {
        let named = self.dsprep(&["kit"]);
        assert_code(&named, 0);
        let kit = named
            .stdout
            .split(": ")
            .next()
            .expect("a folder")
            .to_owned();
        let copy = self.path().join("kit");
        fs::create_dir(&copy).expect("a folder can be made");
        for file in fs::read_dir(&kit).expect("the kit is there").flatten() {
            let target = copy.join(file.file_name());
            if file.file_name() == "manifest.json" {
                fs::copy(file.path(), target).expect("it can be copied");
            } else {
                std::os::unix::fs::symlink(file.path(), target).expect("a link can be made");
            }
        }
        copy
    }

    /// Writes a file, making the folders above it.
    ///
    /// # Panics
    /// If it can't be written.
    pub fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder"))
            .expect("folders can be made");
        fs::write(&path, content).expect("the file can be written");
        path
    }

    /// Writes a notebook.
    pub fn notebook(&self, name: &str, cells: &[Value]) -> PathBuf {
        self.write(name, &notebook(cells))
    }

    /// Reads a file.
    ///
    /// # Panics
    /// If it can't be read.
    pub fn read(&self, name: &str) -> String {
        let path = self.path().join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The executed copy of a notebook.
    ///
    /// # Panics
    /// If there is none.
    pub fn executed(&self, name: &str) -> Value {
        let text = self.read(&format!("target/dsprep/{name}"));
        serde_json::from_str(&text).expect("an executed copy is JSON")
    }

    /// Runs `dsprep` to its end.
    pub fn dsprep(&self, args: &[&str]) -> Finished {
        self.start(args).wait()
    }

    /// Starts `dsprep`.
    ///
    /// # Panics
    /// If it can't be started.
    pub fn start(&self, args: &[&str]) -> Started<'_> {
        let child = self.command(args).spawn().expect("dsprep starts");
        Started {
            sandbox: self,
            child,
        }
    }

    /// The command that [`Sandbox::start`] starts, for more settings.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(dsprep());
        command
            .args(args)
            .current_dir(self.path())
            .env("TMPDIR", self.temporary())
            // What is typed into consoles is kept there.
            .env("XDG_STATE_HOME", self.folder.path().join("state"))
            // What one test has compiled is nothing to another, nor to the reader's own notebooks.
            .env("DSPREP_CELL_CACHE", self.cell_cache())
            .env_remove("NO_COLOR")
            .env_remove("GITHUB_ACTIONS")
            // Cargo sets it for tests. A reader's Jupyter does not.
            .env_remove("LD_LIBRARY_PATH")
            .env_remove("DYLD_FALLBACK_LIBRARY_PATH")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Turns what a command printed into text without the sandbox's path.
    pub fn finished(&self, output: &Output) -> Finished {
        let text = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            text.replace(&*self.path().to_string_lossy(), "[sandbox]")
        };
        Finished {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// What is left of kernels: their files, and the processes that were started with this sandbox's folder
    /// for temporary files. The last of them get a moment to go.
    pub fn leftovers(&self) -> Vec<String> {
        let start = Instant::now();
        loop {
            let left = [self.left_files(), self.left_processes()].concat();
            if left.is_empty() || start.elapsed() > AT_ONCE {
                return left;
            }
            sleep(Duration::from_millis(50));
        }
    }

    fn left_files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.temporary()).expect("the folder can be read");
        entries
            .flatten()
            .map(|entry| entry.path().display().to_string())
            .collect()
    }

    fn left_processes(&self) -> Vec<String> {
        let Ok(processes) = fs::read_dir("/proc") else {
            return Vec::new();
        };
        let ours = self.temporary().display().to_string();
        let is_ours = |process: &Path| {
            let environment = fs::read(process.join("environ")).unwrap_or_default();
            String::from_utf8_lossy(&environment).contains(&ours)
        };
        let processes = processes.flatten().map(|entry| entry.path());
        let name = |process: PathBuf| {
            let command = fs::read(process.join("cmdline")).unwrap_or_default();
            let command = String::from_utf8_lossy(&command).replace('\0', " ");
            format!("{}: {command}", process.display())
        };
        processes
            .filter(|process| is_ours(process))
            .map(name)
            .collect()
    }
}

/// Asserts that a command ended with `code`, and shows what it printed if it did not.
#[track_caller]
pub fn assert_code(finished: &Finished, code: i32) {
    assert_eq!(
        finished.code,
        Some(code),
        "\n{}\n{}",
        finished.stdout,
        finished.stderr
    );
}

impl Finished {
    /// What it printed on standard output, with the same time wherever one is told.
    pub fn report(&self) -> String {
        let steady = |line: &str| {
            let (line, updated) = match line.strip_suffix("  updated") {
                Some(line) => (line, "  updated"),
                None => (line, ""),
            };
            let timed = ["  ", " in "].into_iter().find_map(|before| {
                let (start, time) = line.rsplit_once(before)?;
                is_time(time).then(|| format!("{start}{before}[time]"))
            });
            timed.unwrap_or_else(|| line.to_owned()) + updated
        };
        let lines: Vec<_> = self.stdout.lines().map(steady).collect();
        lines.join("\n")
    }
}

/// Whether it is a time like `2.1 s`.
fn is_time(text: &str) -> bool {
    let number = text.strip_suffix(" s").map(str::parse::<f64>);
    matches!(number, Some(Ok(_)))
}

impl Started<'_> {
    /// Waits until the file `name` is there, which a cell makes.
    ///
    /// # Panics
    /// If it is not there within two minutes.
    pub fn wait_for_file(&self, name: &str) {
        let path = self.sandbox.path().join(name);
        let start = Instant::now();
        while !path.exists() {
            assert!(
                start.elapsed() < Duration::from_secs(120),
                "no cell made the file {name}"
            );
            sleep(Duration::from_millis(50));
        }
    }

    /// Sends a signal, like `INT`.
    ///
    /// # Panics
    /// If there is no command `kill`.
    pub fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill")
            .args([&format!("-{signal}"), &id])
            .status();
        assert!(
            status.expect("the command `kill` starts").success(),
            "the signal can be sent"
        );
    }

    /// Waits for the command's end.
    ///
    /// # Panics
    /// If its output can't be read.
    pub fn wait(self) -> Finished {
        let output = self
            .child
            .wait_with_output()
            .expect("the output can be read");
        self.sandbox.finished(&output)
    }
}
