//! SHA-256 in hexadecimal digits, by which files and texts are told apart.

use crate::error::{Error, Result};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Two digits for each byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest of bytes.
pub fn of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The digest of a file, which is read piece by piece.
///
/// # Errors
/// [`Error::File`] if it can't be read.
pub fn of_file(file: &Path) -> Result<String> {
    let mut hasher = Sha256::new();
    let mut reader = File::open(file).map_err(Error::file("read", file))?;
    let mut block = vec![0; 1 << 20];
    loop {
        match reader.read(&mut block).map_err(Error::file("read", file))? {
            0 => return Ok(hex(&hasher.finalize())),
            read => hasher.update(&block[..read]),
        }
    }
}
