//! Programs outside of this one: where they are, and what they answer.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

/// How long a program may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The variables that programs are looked for by, and that they are started with.
#[derive(Debug, Clone)]
pub struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    /// The environment of this program.
    pub fn current() -> Self {
        Environment(env::vars_os().collect())
    }

    /// The same with another value for one variable.
    #[cfg(test)]
    pub fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }

    /// The value of a variable; none if it is empty.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        let value = self.0.get(OsStr::new(name))?;
        Some(value.as_os_str()).filter(|value| !value.is_empty())
    }

    /// The folders that a variable like `PATH` lists.
    pub fn folders(&self, name: &str) -> Vec<PathBuf> {
        let folders = self.get(name).map(|list| env::split_paths(list).collect());
        folders.unwrap_or_default()
    }

    /// The active Python environment: venv before conda.
    pub fn python(&self) -> Option<PathBuf> {
        let names = ["VIRTUAL_ENV", "CONDA_PREFIX"];
        names
            .iter()
            .find_map(|name| self.get(name))
            .map(PathBuf::from)
    }

    /// A program on `PATH`.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        let files = self
            .folders("PATH")
            .into_iter()
            .map(|folder| folder.join(name));
        files.into_iter().find(|file| is_program(file))
    }

    /// JupyterLab: that of the active Python environment, else that on `PATH`.
    pub fn jupyter_lab(&self) -> Option<PathBuf> {
        self.jupyter("jupyter-lab")
    }

    /// A program of Jupyter's: that of the active Python environment, else that on `PATH`.
    pub fn jupyter(&self, name: &str) -> Option<PathBuf> {
        let active = self.python().map(|prefix| prefix.join("bin").join(name));
        active
            .filter(|file| is_program(file))
            .or_else(|| self.program(name))
    }

    /// A call of a program, in this environment.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(&self.0);
        command
    }
}

fn is_program(file: &Path) -> bool {
    let executable =
        |data: std::fs::Metadata| data.is_file() && data.permissions().mode() & 0o111 != 0;
    file.metadata().is_ok_and(executable)
}

/// What a program said.
#[derive(Debug)]
pub struct Answer {
    /// How it ended.
    pub status: ExitStatus,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

/// Why a program did not answer.
#[derive(Debug)]
pub enum NoAnswer {
    /// It could not be started.
    Start(io::Error),
    /// It took too long and was ended.
    Late,
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoAnswer::Start(error) => write!(out, "can't be started: {error}"),
            NoAnswer::Late => write!(out, "gave no answer within {} s", PATIENCE.as_secs()),
        }
    }
}

/// Starts a program, gives it `input`, and waits for its answer, but not for long.
///
/// # Errors
/// [`NoAnswer`] if it can't be started or takes too long; then it and all that it started are ended.
pub async fn ask(command: Command, input: &str) -> Result<Answer, NoAnswer> {
    ask_for(PATIENCE, command, input).await
}

async fn ask_for(time: Duration, mut command: Command, input: &str) -> Result<Answer, NoAnswer> {
    let pipes = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = pipes.process_group(0).kill_on_drop(true).spawn();
    let child = child.map_err(NoAnswer::Start)?;
    let group = Group::of(&child);
    let answer = tokio::time::timeout(time, talk(child, input)).await;
    let output = answer
        .map_err(|_| NoAnswer::Late)?
        .map_err(NoAnswer::Start)?;
    group.ended();
    Ok(Answer {
        status: output.status,
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

async fn talk(mut child: Child, input: &str) -> io::Result<std::process::Output> {
    if let Some(mut stdin) = child.stdin.take() {
        // A program that does not listen may answer all the same.
        let _ = stdin.write_all(input.as_bytes()).await;
    }
    child.wait_with_output().await
}

/// A group of processes, which is killed when this is dropped.
#[derive(Debug)]
pub struct Group(Option<libc::pid_t>);

impl Group {
    /// The group that `child` leads.
    pub fn of(child: &Child) -> Self {
        Group(child.id().and_then(|id| libc::pid_t::try_from(id).ok()))
    }

    /// Sends a signal to all of the group.
    pub fn signal(&self, signal: libc::c_int) {
        if let Some(group) = self.0 {
            // SAFETY: `killpg` takes no pointer. The group was made for the child, which leads it.
            unsafe { libc::killpg(group, signal) };
        }
    }

    /// Lets go of the group: its leader ended by itself.
    pub fn ended(mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.signal(libc::SIGKILL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.expect("a runtime").block_on(future)
    }

    #[test]
    fn a_program_is_looked_for_in_the_given_path_only() {
        let environment = Environment::current().with("PATH", "/nowhere:/bin:/usr/bin");
        assert!(
            environment
                .program("sh")
                .is_some_and(|file| file.ends_with("bin/sh"))
        );
        assert_eq!(environment.with("PATH", "/nowhere").program("sh"), None);
    }

    #[test]
    fn the_active_python_goes_before_the_path() {
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("bin/jupyter-lab");
        std::fs::create_dir(folder.path().join("bin")).expect("a folder");
        std::fs::copy("/bin/sh", &program).expect("a program");
        let environment = Environment::current().with("PATH", "");
        assert_eq!(
            environment.clone().with("VIRTUAL_ENV", "").jupyter_lab(),
            None
        );
        let active = environment.with("VIRTUAL_ENV", folder.path());
        assert_eq!(active.jupyter_lab(), Some(program));
    }

    #[test]
    fn a_program_gets_its_input_and_answers() {
        let mut command = Environment::current().command(Path::new("sh"));
        command.args(["-c", "read word; echo got $word; echo oh >&2; exit 3"]);
        let answer = block_on(ask(command, "word\n")).expect("an answer");
        assert_eq!(
            (answer.stdout.as_str(), answer.stderr.as_str()),
            ("got word\n", "oh\n")
        );
        assert_eq!(answer.status.code(), Some(3));
    }

    #[test]
    fn a_program_that_hangs_is_ended_with_all_that_it_started() {
        let mut command = Environment::current().command(Path::new("sh"));
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("child");
        command
            .args(["-c", r#"sleep 300 & echo $! > "$0"; wait"#])
            .arg(&file);
        let answer = block_on(ask_for(Duration::from_millis(500), command, ""));
        assert!(matches!(answer, Err(NoAnswer::Late)), "{answer:?}");
        let child = std::fs::read_to_string(file).expect("a number");
        // A dead child of a dead parent may still be listed, as a zombie, until init has seen it.
        let state = std::process::Command::new("ps")
            .args(["-o", "stat=", "-p", child.trim()])
            .output();
        let state = String::from_utf8_lossy(&state.expect("ps").stdout)
            .trim()
            .to_owned();
        assert!(state.is_empty() || state.starts_with('Z'), "{state}");
    }
}
