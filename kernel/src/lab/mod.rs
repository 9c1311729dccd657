//! `dsprep lab`: JupyterLab on the notebooks, with the kernel at hand and nothing installed.
//!
//! - [`jupyter`]: where JupyterLab is, and how it is got where there is none.
//! - [`practice`]: copies of the notebooks to practise in.
//! - [`code`]: the same for VS Code.
//! - [`lecture`]: large type and slides.
//!
//! The kernelspec lies in a temporary folder that only this JupyterLab looks into. Kernels keep their files
//! there too, so that nothing stays when JupyterLab ends.

pub mod code;
mod jupyter;
mod lecture;
mod practice;

pub use jupyter::Interface;
pub use lecture::Look;

use crate::error::{Error, Result};
use crate::kernelspec;
use crate::processes::die_with_parent::signal_with_parent;
use crate::processes::owned_folder::{OwnedFolder, folders, living_owner, sweep};
use crate::program;
use crate::programs::{Environment, Group};
use crate::shipped;
use crate::signals::Signals;
use crate::toolchain::workdir::{LAB_PREFIX, PREFIX};
use std::env;
use std::ffi::OsString;
use std::io::{ErrorKind, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus, Stdio};
use std::time::Duration;
use tokio::process::{Child, Command};

/// The folder that is opened when no path is given.
const DEFAULT_FOLDER: &str = "notebooks";
/// The notebook that is opened in a folder that has it.
const START_PAGE: &str = "00_start_here.ipynb";
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
    /// Which of Jupyter's programs.
    pub interface: Interface,
    /// How it looks.
    pub look: Look,
    /// Whether to open copies of the learner's own.
    pub practice: bool,
    /// Whether to take newer versions of these.
    pub renew: bool,
    /// Whether to end when they are made.
    pub prepare: bool,
    /// Whether to install JupyterLab without asking.
    pub yes: bool,
    /// What else JupyterLab is told.
    pub rest: Vec<OsString>,
}

/// Runs JupyterLab until it ends or a signal comes; the code is JupyterLab's.
///
/// # Errors
/// Those of finding JupyterLab and of practice; [`Error::Usage`] if slides are asked for of no notebook, [`Error::PortTaken`], [`Error::NoSuchPath`] for a path that does not
/// exist, [`Error::File`] and [`Error::Start`] if the operating system refuses.
pub fn run(options: &Options) -> Result<ExitCode> {
    let environment = Environment::current();
    if let Some(port) = options.port {
        require_free(port)?;
    }
    let target = if options.practice || options.renew || options.prepare {
        let folder = practice::folder(options.path.as_deref())?;
        let shipped = shipped::folder().ok_or_else(|| Error::NoSuchPath(DEFAULT_FOLDER.into()))?;
        let report = practice::prepare(&shipped, &folder, options.renew)?;
        practice::tell(&report, &folder);
        if options.prepare {
            return Ok(ExitCode::SUCCESS);
        }
        Target::of(Some(&folder))?
    } else {
        Target::of(options.path.as_deref())?
    };
    if options.look.slides && target.file.is_none() {
        return Err(Error::Usage(
            "name the notebook whose slides are shown: dsprep lab --slides notebooks/q16_sql_joins.ipynb".to_owned(),
        ));
    }
    let lab = jupyter::find(&environment, options.interface, options.yes)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::system("start waiting for JupyterLab"))?;
    runtime.block_on(async {
        // Before anything is made that a signal would leave behind.
        let mut signals = Signals::catch()?;
        // What a run that was killed could not remove.
        sweep(&env::temp_dir(), &[LAB_PREFIX]);
        let folder = LabFolder::create()?;
        lecture::write(folder.path(), options.look, target.file.as_deref())?;
        trust(&lab, shipped::notebooks_in(&target.folder)).await;
        let mut command = command(&environment, &lab, options, &target, folder.path());
        // However this program ends: Jupyter then ends its kernels and itself.
        signal_with_parent(command.as_std_mut(), libc::SIGTERM);
        let start = |source| Error::Start {
            program: lab.clone(),
            source,
        };
        let child = command.spawn().map_err(start)?;
        let status = attend(child, options.interface, &mut signals)
            .await
            .map_err(Error::system("wait for JupyterLab"))?;
        Ok(exit_code(status))
    })
}

/// Makes sure that nobody listens on the port: Jupyter would take another one and say so where nobody looks.
fn require_free(port: u16) -> Result<()> {
    match TcpListener::bind(("127.0.0.1", port)) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => Err(Error::PortTaken(port)),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(Error::PortTaken(port)),
        _ => Ok(()),
    }
}

/// Tells Jupyter to trust the notebooks as the project ships them, so that it shows their stored figures: it shows
/// no SVG of a notebook that somebody else ran. Without it, figures appear when their cells are run.
async fn trust(lab: &Path, notebooks: Vec<PathBuf>) {
    if notebooks.is_empty() {
        return;
    }
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
        // A packed program has its notebooks beside it.
        let shipped = program::was_packed().then(shipped::folder).flatten();
        let path = match path {
            Some(path) => path,
            None if usual.is_dir() => usual,
            None => shipped.as_deref().unwrap_or(Path::new(".")),
        };
        let full = path
            .canonicalize()
            .map_err(|_| Error::NoSuchPath(path.to_owned()))?;
        if full.is_dir() {
            let start = full.join(START_PAGE);
            return Ok(Target {
                folder: full,
                file: start.is_file().then_some(start),
            });
        }
        let folder = full.parent().unwrap_or(Path::new("/")).to_owned();
        Ok(Target {
            folder,
            file: Some(full),
        })
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
        // Another port is of no use to whoever asked for this one.
        command.arg("--ServerApp.port_retries=0");
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
async fn attend(
    mut child: Child,
    interface: Interface,
    signals: &mut Signals,
) -> std::io::Result<ExitStatus> {
    let group = Group::of(&child);
    tokio::select! {
        status = child.wait() => {
            group.ended();
            return status;
        }
        _ = signals.next() => {}
    }
    say(&format!(
        "Stopping {} and its kernels; once more to kill them.",
        interface.name()
    ));
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
struct LabFolder(OwnedFolder);

impl LabFolder {
    fn create() -> Result<LabFolder> {
        let temp = env::temp_dir();
        let folder = OwnedFolder::create(&temp, LAB_PREFIX);
        let folder = LabFolder(folder.map_err(Error::file("create a folder in", &temp))?);
        kernelspec::write(
            &folder.path().join("kernels"),
            kernelspec::NAME,
            program::path()?,
        )?;
        Ok(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for LabFolder {
    /// Kills the kernels that a JupyterLab which was killed could not end, and removes the folder.
    fn drop(&mut self) {
        let kernels = folders(self.path(), &[PREFIX]);
        for kernel in kernels.iter().filter_map(|kernel| living_owner(kernel)) {
            // SAFETY: `kill` takes no pointer. The kernel wrote its number into this run's own folder, and lives: it
            // holds the lock.
            unsafe { libc::kill(kernel, libc::SIGKILL) };
        }
        // The last of them may still be on their way out.
        for _ in 0..100 {
            if !kernels.iter().any(|kernel| living_owner(kernel).is_some()) {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.0.remove();
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
    use std::fs;
    use std::os::unix::process::ExitStatusExt as _;

    #[test]
    fn jupyter_gets_the_options_and_looks_into_the_folder_first() {
        let environment = Environment::current().with("JUPYTER_PATH", "/mine");
        let options = Options {
            port: Some(9999),
            no_browser: true,
            rest: vec!["--allow-root".into()],
            ..Options::default()
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
                "--ServerApp.port_retries=0",
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
        let start = folder.join(START_PAGE);
        fs::write(&start, "").map_err(Error::file("write", &start))?;
        assert_eq!(Target::of(Some(&folder))?.file, Some(start));
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
    fn a_port_that_is_taken_is_named() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("a port").port();
        assert!(matches!(require_free(port), Err(Error::PortTaken(taken)) if taken == port));
        drop(listener);
        assert!(require_free(port).is_ok());
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
