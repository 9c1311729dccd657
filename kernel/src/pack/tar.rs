//! Tar archives whose bytes depend on names and contents only: no times, no owners (POSIX.1-1988, "ustar").

use std::io::{self, Write};

/// When everything was changed: the first moment that a zip archive can name, 1 January 1980.
const TIME: u64 = 315_532_800;

/// Appends a file.
///
/// # Errors
/// If it can't be written, or the name is too long for the format.
pub fn append(
    archive: &mut impl Write,
    name: &str,
    bytes: &[u8],
    is_program: bool,
) -> io::Result<()> {
    let mut header = [0; 512];
    let (prefix, last) = split(name).ok_or(io::ErrorKind::InvalidFilename)?;
    header[..last.len()].copy_from_slice(last.as_bytes());
    header[345..345 + prefix.len()].copy_from_slice(prefix.as_bytes());
    let mode = if is_program { 0o755 } else { 0o644 };
    let size = bytes.len() as u64;
    for (at, width, number) in [
        (100, 8, mode),
        (108, 8, 0),
        (116, 8, 0),
        (124, 12, size),
        (136, 12, TIME),
    ] {
        let digits = format!("{number:0width$o}", width = width - 1);
        header[at..at + digits.len()].copy_from_slice(digits.as_bytes());
    }
    header[148..156].fill(b' ');
    header[156] = b'0';
    header[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    archive.write_all(&header)?;
    archive.write_all(bytes)?;
    let rest = bytes.len().next_multiple_of(512) - bytes.len();
    archive.write_all(&vec![0; rest])
}

/// Ends the archive.
///
/// # Errors
/// If it can't be written.
pub fn finish(archive: &mut impl Write) -> io::Result<()> {
    archive.write_all(&[0; 1024])
}

/// The name in the two fields that the format has for it: at most 155 bytes, and 100.
fn split(name: &str) -> Option<(&str, &str)> {
    if name.len() <= 100 {
        return Some(("", name));
    }
    let slashes = name.match_indices('/');
    let mut fitting = slashes.filter(|(at, _)| *at <= 155 && name.len() - at - 1 <= 100);
    fitting.next().map(|(at, _)| (&name[..at], &name[at + 1..]))
}
