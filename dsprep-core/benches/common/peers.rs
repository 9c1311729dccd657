//! Peers: scripts of `tests/peers`, in the Python that the variable DSPREP_PEERS names, on one thread.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

/// What each of them reads to learn how many threads it may use.
const THREADS: [&str; 4] = [
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "RAYON_NUM_THREADS",
];

/// The call of `script` with `arguments`; none if no Python is named.
pub fn command(script: &str, arguments: &[impl AsRef<OsStr>]) -> Option<Command> {
    let Some(python) = std::env::var_os("DSPREP_PEERS") else {
        println!("(DSPREP_PEERS names no Python, so the peers are left out)");
        return None;
    };
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/peers"));
    let mut command = Command::new(python);
    command
        .arg(folder.join(script))
        .args(arguments)
        .envs(THREADS.map(|name| (name, "1")));
    Some(command)
}
