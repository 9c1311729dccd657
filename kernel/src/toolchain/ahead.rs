//! A cell that is compiled while another one runs.
//!
//! The front knows which cells wait, and what the types of a cell's variables are as soon as it is compiled. So it has
//! the next cell compiled as if the one that runs were going to succeed. Nothing but the [cache](super::cell_cache)
//! learns of that: if the cell turns out to be another one, what was compiled is of no use, and does no harm.

use super::cell_cache::Key;
use super::plan::{Build, Plan};
use super::types::VariableTypes;
use super::workdir::Workdir;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};

/// The word by which the stand-in for cargo is asked to do this.
pub const AHEAD: &str = "dsprep-ahead";

/// A cell that is to be compiled ahead.
#[derive(Debug, Serialize, Deserialize)]
pub struct Task {
    /// The cell.
    pub plan: Plan,
    /// The types of the variables before it.
    pub types: VariableTypes,
}

/// What compiling it came to.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// What the compiler said.
    pub build: Build,
    /// The types of the variables after it.
    pub types: VariableTypes,
}

/// Says that the cell with this key is being compiled, for as long as the result lives.
///
/// # Errors
/// If the folder can't be written.
pub fn announce(workdir: &Workdir, key: &Key) -> Result<File> {
    let file = workdir.ahead_file("lock");
    let locked = File::create(&file).and_then(|lock| {
        lock.lock()?;
        fs::write(workdir.ahead_file("key"), key.name())?;
        Ok(lock)
    });
    locked.map_err(Error::file("write", &file))
}

/// Waits until the cell with this key is compiled, if that is being done. Returns whether it was.
pub fn wait_for(workdir: &Workdir, key: &Key) -> bool {
    let announced = fs::read_to_string(workdir.ahead_file("key"));
    announced.is_ok_and(|announced| announced == key.name())
        && File::open(workdir.ahead_file("lock")).is_ok_and(|lock| lock.lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolchain::cell_cache;

    #[test]
    fn only_the_cell_that_is_being_compiled_is_waited_for() -> Result<()> {
        let workdir = Workdir::create()?;
        let key = cell_cache::test_key("one");
        assert!(!wait_for(&workdir, &key));
        let announced = announce(&workdir, &key)?;
        assert!(!wait_for(&workdir, &cell_cache::test_key("another")));
        drop(announced);
        assert!(wait_for(&workdir, &key));
        workdir.remove();
        Ok(())
    }
}
