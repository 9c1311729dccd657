//! The process in which cells run.
//!
//! evcxr starts it, sends a line `LOAD_AND_RUN library function` for each cell to its standard input, and waits
//! on its standard output for the word that the cell is done. What cells print travels there too, line by line,
//! and what they read is taken from evcxr's lines. So the first thing that is done here is to move both pipes to
//! private descriptors, which no program that a cell starts inherits. In their place come
//!
//! - 0: nothing to read; reading it from within a cell [asks the user](super::waits),
//! - 1 and 2: pipes to the front, which reads bytes as they come,
//! - a [line](crate::front) to the front, by which it interrupts a cell, and whose end says that it is gone.
//!
//! The process leads a group of its own, so that it and all that its cells started can be ended at once.

use super::waits;
use crate::processes;
use crate::toolchain::kit::Kit;
use crate::toolchain::source::CELL_FUNCTION;
use crate::toolchain::workdir::{WORKDIR, Workdir};
use libloading::Library;
use serde_json::json;
use std::ffi::{CString, c_void};
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::mem::ManuallyDrop;
use std::os::fd::{AsRawFd as _, FromRawFd as _, IntoRawFd as _, RawFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// Names to the core the file in which it lists the variables that there are.
const VARIABLES: &str = "DSPREP_VARIABLES";
/// Names to the core the file with the numbers of the variables of the cell that runs next.
const NUMBERS: &str = "DSPREP_NUMBERS";
/// What a line starts with that is for the front; the core's `FRAME`.
const FRAME: &str = "\u{1e}dsprep ";
/// What evcxr waits for after each cell.
const DONE: &str = "EVCXR_EXECUTION_COMPLETE";

/// A compiled cell: takes the variables of the cells before it, and returns them with its own.
type RunCell = unsafe extern "C" fn(*mut c_void) -> *mut c_void;
/// The core's `dsprep_cell_attach`.
type Attach = unsafe extern "C" fn(RawFd, RawFd, extern "C" fn(*mut c_void)) -> *const AtomicBool;

/// The lines to evcxr, on which one thread at a time works: the one whose cells come next.
static ENGINE: OnceLock<Mutex<Engine>> = OnceLock::new();

struct Engine {
    instructions: File,
    words: File,
}

/// Tells the front of this process, and ends it with its group when the front ends.
///
/// For cells that run as evcxr has it, with evcxr's pipes.
pub fn follow_front(workdir: &Workdir) -> io::Result<()> {
    let mut front = connect(workdir)?;
    writeln!(front, "hello {}", std::process::id())?;
    // The front ends the process by its number, or this thread does when the front is gone.
    end_with(front)
}

/// Runs cells until evcxr's instructions end. One that can't be followed ends the process with an error,
/// which the front reports.
pub fn run(workdir: &Workdir) -> io::Result<()> {
    let (instructions, words) = (private(0)?, private(1)?);
    let mut front = connect(workdir)?;
    end_with(front.try_clone()?)?;
    open_streams(workdir, &mut front)?;
    // SAFETY: nothing else runs yet in this process but the thread that watches the front, which reads no variable.
    unsafe {
        std::env::set_var(VARIABLES, workdir.variables_file());
        std::env::set_var(NUMBERS, workdir.numbers_file());
        std::env::remove_var(WORKDIR);
    }
    let kit = Kit::of_the_front().map_err(io::Error::other)?;
    attach(&kit.core(), front, words.try_clone()?)?;
    let engine = Engine {
        instructions,
        words,
    };
    let engine = ENGINE.get_or_init(|| Mutex::new(engine));
    run_cells(engine, std::ptr::null_mut())
}

/// Runs cells, the first of them with these variables.
fn run_cells(engine: &Mutex<Engine>, mut variables: *mut c_void) -> io::Result<()> {
    loop {
        // The lock is free while the cell runs.
        let line = read_line(&mut lock(engine).instructions)?;
        let Some(line) = line else { return Ok(()) };
        // The path may hold blanks.
        let named = line
            .strip_prefix("LOAD_AND_RUN ")
            .and_then(|rest| rest.rsplit_once(' '));
        let Some((library, function)) = named else {
            return Err(io::Error::other(format!("unknown instruction `{line}`")));
        };
        match load(library, function) {
            // A cell that was left behind does not return.
            // SAFETY: the engine has just had it compiled; to run it is what the user wants.
            Ok(cell) => variables = unsafe { cell(variables) },
            Err(error) => tell_why_not_loaded(&error)?,
        }
        writeln!(lock(engine).words, "{DONE}")?;
    }
}

fn lock(engine: &Mutex<Engine>) -> MutexGuard<'_, Engine> {
    engine.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Goes on with these variables after a cell that was left behind, on a thread of its own.
extern "C" fn go_on(variables: *mut c_void) {
    let Some(engine) = ENGINE.get() else { return };
    let variables = Variables(variables);
    let thread = std::thread::Builder::new()
        .name("cells".to_owned())
        .stack_size(stack_size());
    let started = thread.spawn(move || {
        let Variables(variables) = { variables };
        let gone = writeln!(lock(engine).words, "{DONE}");
        let result = gone.and_then(|()| run_cells(engine, variables));
        std::process::exit(i32::from(result.is_err()));
    });
    if started.is_err() {
        // The front learns of the end, and starts another process.
        std::process::exit(1);
    }
}

/// Variables on their way to another thread.
struct Variables(*mut c_void);

// SAFETY: the thread that had them is left behind, and does not touch them any more.
unsafe impl Send for Variables {}

/// How large the stack of the first thread may become, within reason.
fn stack_size() -> usize {
    const USUAL: usize = 8 << 20;
    const MOST: libc::rlim_t = 1 << 30;
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: the call writes into this one structure.
    let known = unsafe { libc::getrlimit(libc::RLIMIT_STACK, &raw mut limit) } == 0;
    if known && limit.rlim_cur <= MOST {
        usize::try_from(limit.rlim_cur).unwrap_or(USUAL)
    } else {
        USUAL
    }
}

/// A copy of a descriptor that the programs which cells start do not get.
fn private(descriptor: RawFd) -> io::Result<File> {
    const FIRST: libc::c_int = 10;
    // SAFETY: duplicates a descriptor that is open since the start of the process; the copy is ours alone.
    match unsafe { libc::fcntl(descriptor, libc::F_DUPFD_CLOEXEC, FIRST) } {
        -1 => Err(io::Error::last_os_error()),
        copy => Ok(unsafe { File::from_raw_fd(copy) }),
    }
}

fn connect(workdir: &Workdir) -> io::Result<UnixStream> {
    processes::lead_group();
    UnixStream::connect(workdir.cells_socket())
}

/// Ends this process and all of its group when the front closes its end of the line, however the front ends.
///
/// Not by `PR_SET_PDEATHSIG`, which looks at the thread that started this process: evcxr starts it from one that
/// ends after ten seconds.
fn end_with(front: UnixStream) -> io::Result<()> {
    let watcher = std::thread::Builder::new().name("dsprep front watcher".to_owned());
    watcher.spawn(move || {
        processes::wait_for_hang_up(front.as_raw_fd());
        processes::kill_own_group();
    })?;
    Ok(())
}

/// Puts pipes to the front at 1 and 2, and nothing at 0.
fn open_streams(workdir: &Workdir, front: &mut UnixStream) -> io::Result<()> {
    let pid = std::process::id();
    let pipes = workdir.cell_streams(pid);
    for path in &pipes {
        let path = CString::new(path.as_os_str().as_bytes())?;
        // SAFETY: the path is a valid C string.
        if unsafe { libc::mkfifo(path.as_ptr(), 0o600) } != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    writeln!(front, "hello {pid} streams")?;
    // Each waits until the front has opened its end.
    let [stdout, stderr] = &pipes;
    put_at(1, OpenOptions::new().write(true).open(stdout)?)?;
    put_at(2, OpenOptions::new().write(true).open(stderr)?)?;
    put_at(0, File::open("/dev/null")?)?;
    writeln!(front, "ready")
}

fn put_at(descriptor: RawFd, file: File) -> io::Result<()> {
    // SAFETY: replaces a descriptor of this process, whose old meaning has been saved where it is needed.
    match unsafe { libc::dup2(file.as_raw_fd(), descriptor) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Loads the core before the first cell needs it, while the user still types, and gives it the two lines.
fn attach(core: &Path, front: UnixStream, engine: File) -> io::Result<()> {
    let flags = libloading::os::unix::RTLD_LAZY | libloading::os::unix::RTLD_GLOBAL;
    // SAFETY: the library is one that each cell loads anyway; its initialisers are those of Rust's standard library
    // and of SQLite's build. It stays loaded. The descriptors are given away.
    unsafe {
        let core = libloading::os::unix::Library::open(Some(core), flags);
        let core = ManuallyDrop::new(core.map_err(io::Error::other)?);
        let attach = core.get::<Attach>(b"dsprep_cell_attach");
        let attach = attach.map_err(io::Error::other)?;
        let flag = attach(front.into_raw_fd(), engine.into_raw_fd(), go_on);
        let read = core.get::<waits::Read>(b"dsprep_cell_read");
        let read = read.map_err(io::Error::other)?;
        let flag = flag.as_ref();
        waits::can_be_left(
            flag.ok_or_else(|| io::Error::other("the line to the kernel can't be read"))?,
            *read,
        );
    }
    Ok(())
}

/// The cell that `library` holds.
fn load(library: &str, function: &str) -> Result<RunCell, libloading::Error> {
    // SAFETY: the library is a cell that the engine has just had compiled. It stays loaded, because variables and
    // threads may use its code from now on.
    unsafe {
        let library = ManuallyDrop::new(Library::new(library)?);
        // evcxr's own trial has the name that evcxr gave it.
        let cell = library
            .get::<RunCell>(CELL_FUNCTION.as_bytes())
            .or_else(|_| library.get::<RunCell>(function.as_bytes()))?;
        Ok(*cell)
    }
}

/// Tells the front that the cell can't be loaded, as one that calls a function which is nowhere. Nothing of it has run,
/// and all variables are kept.
fn tell_why_not_loaded(error: &libloading::Error) -> io::Result<()> {
    let why =
        std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    let why = why.rsplit_once(": ").map_or(why.as_str(), |(_, why)| why);
    let message = format!("the cell can't be loaded: {why}");
    let frame = json!({"kind": "error", "message": message});
    writeln!(io::stdout(), "{FRAME}{frame}")
}

/// One line, read byte by byte. Nothing at the end.
fn read_line(input: &mut File) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let mut byte = [0];
    loop {
        match input.read(&mut byte) {
            Ok(1) if byte == *b"\n" => {
                return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
            }
            Ok(1) => line.extend(byte),
            Ok(_) => return Ok(None),
            // An interruption that comes too late.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
