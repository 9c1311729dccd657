//! `dsprep lab`: JupyterLab on the notebooks, with the kernel at hand and nothing installed.
//!
//! The kernelspec lies in a temporary folder that only this JupyterLab looks into. Kernels keep their files
//! there too, so that nothing stays when JupyterLab ends.

use crate::error::{Error, Result};
use crate::kernelspec;
use crate::outside::{Environment, Group};
use crate::signals::Signals;
use crate::toolchain::session::{LAB_PREFIX, is_alive, owned_folders};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// The folder that is opened when no path is given.
const DEFAULT_FOLDER: &str = "notebooks";
/// How long JupyterLab may take to end its kernels and itself.
const GRACE: Duration = Duration::from_secs(20);

/// How JupyterLab is started.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The port, or a free one from 8888 on.
    pub port: Option<u16>,
    /// Whether to leave the browser alone.
    pub no_browser: bool,
    /// The folder or notebook to open.
    pub path: Option<PathBuf>,
    /// What else JupyterLab is told.
    pub rest: Vec<OsString>,
}

/// Runs JupyterLab until it ends or a signal comes; the code is JupyterLab's.
///
/// # Errors
/// [`Error::NoJupyterLab`] if it is not installed, [`Error::NoSuchPath`] for a path that does not exist,
/// [`Error::File`] and [`Error::Start`] if the operating system refuses.
pub fn run(options: &Options) -> Result<ExitCode> {
    let environment = Environment::current();
    let lab = environment.jupyter_lab().ok_or(Error::NoJupyterLab)?;
    let target = Target::of(options.path.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::system("start waiting for JupyterLab"))?;
    runtime.block_on(async {
        // Before anything is made that a signal would leave behind.
        let mut signals = Signals::catch()?;
        let folder = LabFolder::create()?;
        if options.path.is_none() || target.is_the_projects_own() {
            trust(&lab, &target.folder).await;
        }
        let mut command = command(&environment, &lab, options, &target, folder.path());
        let start = |source| Error::Start {
            program: lab.clone(),
            source,
        };
        let child = command.spawn().map_err(start)?;
        let status = attend(child, &mut signals)
            .await
            .map_err(Error::system("wait for JupyterLab"))?;
        Ok(exit_code(status))
    })
}

/// Tells Jupyter to trust the project's own notebooks, so that it shows their stored figures: it shows
/// no SVG of a notebook that somebody else ran. Without it, figures appear when their cells are run.
async fn trust(lab: &Path, folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let notebooks = entries.map(|entry| entry.path());
    let notebooks = notebooks.filter(|path| path.extension().is_some_and(|it| it == "ipynb"));
    let mut command = Command::new(lab.with_file_name("jupyter-trust"));
    command
        .args(notebooks)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let _ = tokio::time::timeout(GRACE, command.status()).await;
}

/// What is opened.
#[derive(Debug, PartialEq, Eq)]
struct Target {
    /// The folder in which JupyterLab is started.
    folder: PathBuf,
    /// The notebook to open.
    file: Option<PathBuf>,
}

impl Target {
    fn of(path: Option<&Path>) -> Result<Target> {
        let usual = Path::new(DEFAULT_FOLDER);
        let path = match path {
            Some(path) => path,
            None if usual.is_dir() => usual,
            None => Path::new("."),
        };
        let full = path
            .canonicalize()
            .map_err(|_| Error::NoSuchPath(path.to_owned()))?;
        if full.is_dir() {
            return Ok(Target {
                folder: full,
                file: None,
            });
        }
        let folder = full.parent().unwrap_or(Path::new("/")).to_owned();
        Ok(Target {
            folder,
            file: Some(full),
        })
    }

    /// Whether it lies in the folder that is opened when no path is given.
    fn is_the_projects_own(&self) -> bool {
        let own = Path::new(DEFAULT_FOLDER).canonicalize();
        own.is_ok_and(|own| own == self.folder)
    }
}

fn command(
    environment: &Environment,
    lab: &Path,
    options: &Options,
    target: &Target,
    folder: &Path,
) -> Command {
    let mut command = environment.command(lab);
    if let Some(port) = options.port {
        command.arg(format!("--port={port}"));
    }
    if options.no_browser {
        command.arg("--no-browser");
    }
    command
        .args(&options.rest)
        .args(&target.file)
        .current_dir(&target.folder)
        .env("JUPYTER_PATH", in_front(folder, environment))
        .env("TMPDIR", folder)
        // A group of its own: Ctrl-C reaches JupyterLab through us, and once.
        .process_group(0)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

/// `JUPYTER_PATH` with `folder` in front.
fn in_front(folder: &Path, environment: &Environment) -> OsString {
    let mut path = folder.as_os_str().to_owned();
    if let Some(rest) = environment.get("JUPYTER_PATH") {
        path.push(":");
        path.push(rest);
    }
    path
}

/// Waits for the end of JupyterLab. The first signal asks it to end, the second kills it.
async fn attend(mut child: Child, signals: &mut Signals) -> std::io::Result<ExitStatus> {
    let group = Group::of(&child);
    tokio::select! {
        status = child.wait() => {
            group.ended();
            return status;
        }
        _ = signals.next() => {}
    }
    say("Stopping JupyterLab and its kernels; once more to kill them.");
    // Unlike SIGINT, it asks no question.
    group.signal(libc::SIGTERM);
    tokio::select! {
        status = child.wait() => {
            group.ended();
            return status;
        }
        _ = signals.next() => {}
        () = tokio::time::sleep(GRACE) => {}
    }
    group.signal(libc::SIGKILL);
    child.wait().await
}

/// What JupyterLab exited with; 128 and its number if a signal ended it.
fn exit_code(status: ExitStatus) -> ExitCode {
    use std::os::unix::process::ExitStatusExt as _;
    let code = status.code().or(status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from)
}

/// The folder of one run: the kernelspec, and the files of JupyterLab and of its kernels.
struct LabFolder(TempDir);

impl LabFolder {
    fn create() -> Result<LabFolder> {
        let temp = env::temp_dir();
        let prefix = format!("{LAB_PREFIX}{}-", std::process::id());
        let folder = tempfile::Builder::new().prefix(&prefix).tempdir_in(&temp);
        let folder = LabFolder(folder.map_err(Error::file("create a folder in", &temp))?);
        let program = env::current_exe().map_err(Error::system("find the path of this program"))?;
        kernelspec::write(&folder.path().join("kernels"), &program)?;
        Ok(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for LabFolder {
    /// Kills the kernels that a JupyterLab which was killed could not end, and removes the folder.
    fn drop(&mut self) {
        let kernels = owned_folders(self.path());
        for (_, kernel) in &kernels {
            // SAFETY: `kill` takes no pointer. The kernel wrote its number into this run's own folder.
            unsafe { libc::kill(*kernel, libc::SIGKILL) };
        }
        // The last of them may still be on their way out.
        for _ in 0..100 {
            let quiet = !kernels.iter().any(|(_, kernel)| is_alive(*kernel));
            if quiet && (fs::remove_dir_all(self.path()).is_ok() || !self.path().exists()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn say(text: &str) {
    // A closed standard error leaves nobody to tell.
    let _ = writeln!(std::io::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::process::ExitStatusExt as _;

    #[test]
    fn jupyter_gets_the_options_and_looks_into_the_folder_first() {
        let environment = Environment::current().with("JUPYTER_PATH", "/mine");
        let options = Options {
            port: Some(9999),
            no_browser: true,
            path: None,
            rest: vec!["--allow-root".into()],
        };
        let target = Target {
            folder: "/n".into(),
            file: Some("/n/q16.ipynb".into()),
        };
        let command = command(
            &environment,
            Path::new("/bin/jupyter-lab"),
            &options,
            &target,
            Path::new("/tmp/lab"),
        );
        let command = command.as_std();
        let arguments: Vec<_> = command.get_args().collect();
        assert_eq!(
            arguments,
            [
                "--port=9999",
                "--no-browser",
                "--allow-root",
                "/n/q16.ipynb"
            ]
        );
        let path = command.get_envs().find(|(name, _)| *name == "JUPYTER_PATH");
        assert_eq!(
            path.and_then(|(_, value)| value),
            Some(OsStr::new("/tmp/lab:/mine"))
        );
    }

    #[test]
    fn a_notebook_is_opened_in_its_folder() -> Result<()> {
        let folder = tempfile::tempdir().map_err(Error::system("make a folder"))?;
        let folder = folder
            .path()
            .canonicalize()
            .map_err(Error::system("find a folder"))?;
        let file = folder.join("q16.ipynb");
        fs::write(&file, "").map_err(Error::file("write", &file))?;
        assert_eq!(
            Target::of(Some(&file))?,
            Target {
                folder: folder.clone(),
                file: Some(file)
            }
        );
        assert_eq!(
            Target::of(Some(&folder))?,
            Target {
                folder: folder.clone(),
                file: None
            }
        );
        assert!(matches!(
            Target::of(Some(&folder.join("no"))),
            Err(Error::NoSuchPath(_))
        ));
        Ok(())
    }

    #[test]
    fn the_folder_offers_the_kernel_and_goes_away() -> Result<()> {
        let folder = LabFolder::create()?;
        let path = folder.path().to_owned();
        assert!(path.join("kernels/dsprep/kernel.json").is_file());
        drop(folder);
        assert!(!path.exists());
        Ok(())
    }

    #[test]
    fn the_exit_code_is_jupyters() {
        assert_eq!(exit_code(ExitStatus::from_raw(3 << 8)), ExitCode::from(3));
        assert_eq!(
            exit_code(ExitStatus::from_raw(libc::SIGKILL)),
            ExitCode::from(137)
        );
    }
}
