//! Running a peer: a script of `tests/peers` in the Python that the variable DSPREP_PEERS names.

use std::ffi::OsStr;
use std::process::Command;

/// What each of them reads to learn how many threads it may use.
const THREADS: [&str; 4] = [
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "RAYON_NUM_THREADS",
];

/// The lines that `script` prints with one thread; none if no Python is named.
pub fn lines(
    script: &str,
    arguments: &[impl AsRef<OsStr>],
) -> Result<Option<Vec<String>>, Box<dyn std::error::Error>> {
    let Some(python) = std::env::var_os("DSPREP_PEERS") else {
        println!("(DSPREP_PEERS names no Python, so the peers are left out)");
        return Ok(None);
    };
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/peers");
    let output = Command::new(python)
        .arg(format!("{folder}/{script}"))
        .args(arguments)
        .envs(THREADS.map(|name| (name, "1")))
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let printed = String::from_utf8(output.stdout)?;
    Ok(Some(printed.lines().map(str::to_owned).collect()))
}
