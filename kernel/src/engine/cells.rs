//! The process in which cells run.
//!
//! evcxr sends a line `LOAD_AND_RUN library function` for each cell and waits for the word that the cell is
//! done. evcxr has a loop of its own for this, which holds the lock of standard input all the time. Here, cells
//! share one standard library with the program, so a cell that reads its input would wait for that lock for
//! ever. This loop reads the lines without the lock.

use libloading::Library;
use std::ffi::c_void;
use std::fs::File;
use std::io::{self, Read as _};
use std::mem::ManuallyDrop;
use std::os::fd::FromRawFd as _;

/// What evcxr waits for after each cell.
const DONE: &str = "EVCXR_EXECUTION_COMPLETE";

/// A compiled cell: takes the variables of the cells before it, and returns them with its own.
type RunCell = unsafe extern "C" fn(*mut c_void) -> *mut c_void;

/// Runs cells until the input ends. An instruction that can't be followed ends the process with an error,
/// which the engine reports.
pub fn run_until_input_ends() -> io::Result<()> {
    // SAFETY: 0 is standard input, which stays open as long as the process lives: it is never closed here.
    let mut input = ManuallyDrop::new(unsafe { File::from_raw_fd(0) });
    let mut variables = std::ptr::null_mut();
    while let Some(line) = read_line(&mut input)? {
        let words: Vec<&str> = line.split(' ').collect();
        let ["LOAD_AND_RUN", library, function] = words[..] else {
            return Err(io::Error::other(format!("unknown instruction `{line}`")));
        };
        variables = run(library, function, variables).map_err(io::Error::other)?;
        println!("{DONE}");
    }
    Ok(())
}

/// Runs the cell that `library` holds as `function`, and returns where its variables are.
fn run(
    library: &str,
    function: &str,
    variables: *mut c_void,
) -> Result<*mut c_void, libloading::Error> {
    // SAFETY: the library is a cell that the engine has just had compiled; to run it is what the user wants.
    // It stays loaded, because variables and threads may use its code from now on.
    unsafe {
        let library = ManuallyDrop::new(Library::new(library)?);
        let cell = library.get::<RunCell>(function.as_bytes())?;
        Ok(cell(variables))
    }
}

/// One line, read byte by byte: what follows may be the answer to a cell's question. Nothing at the end.
fn read_line(input: &mut File) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let mut byte = [0];
    while input.read(&mut byte)? == 1 {
        if byte == *b"\n" {
            return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
        }
        line.extend(byte);
    }
    Ok(None)
}
