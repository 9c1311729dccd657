//! The Python package, as the specification of binary distributions has it ("wheel" 1.0).
//!
//! The program lies in the package `dsprep`, and a kernelspec in `share/jupyter`, where Jupyter looks. What only
//! cells need lies in an archive, since a wheel's own compression leaves too much of it.

use super::archive::{json, read, write_kit};
use super::contents::{Contents, Packed, kernelspec};
use super::zip::Zip;
use crate::digest;
use crate::error::{Error, Result};
use crate::toolchain::kit::packaged;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use std::env;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// How Jupyter starts the kernel: it puts its own Python in the place of `python`.
const ARGV: [&str; 7] = [
    "python",
    "-m",
    "dsprep",
    "kernel",
    "start",
    "--connection-file",
    "{connection_file}",
];
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The level at which files in a wheel are compressed.
const LEVEL: u8 = 9;

const INIT: &str = r#""""The program dsprep: a Jupyter kernel for Rust, its notebooks, and a runner."""

import os
import sys

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", "dsprep")


def main():
    """Becomes the program, with the same arguments."""
    if not os.access(PROGRAM, os.X_OK):
        os.chmod(PROGRAM, 0o755)
    os.execv(PROGRAM, [PROGRAM, *sys.argv[1:]])
"#;
const MAIN: &str = "from dsprep import main\n\nmain()\n";

/// Writes the wheel into `stage`, and returns its file.
///
/// # Errors
/// [`Error::Tool`] if zstd fails, [`Error::File`] if a file can't be read or written.
pub fn write(contents: &Contents, stage: &Path, level: u8) -> Result<PathBuf> {
    let is_library =
        |it: &&Packed| it.name.starts_with("libdsprep_core") || it.name.starts_with("libstd-");
    let is_loaded = |it: &&Packed| is_library(it) && it.name.ends_with(env::consts::DLL_SUFFIX);
    let libraries: Vec<&Packed> = contents.kit.iter().filter(is_loaded).collect();
    let archive = stage.join(packaged::ARCHIVE);
    write_kit(contents, &libraries, &archive, level)?;
    let mut description = contents.description.clone();
    description.archive = Some(digest::of_file(&archive)?);

    let tag = format!("py3-none-{}", platform(contents)?);
    let file = stage.join(format!("dsprep-{VERSION}-{tag}.whl"));
    let output = File::create(&file).map_err(Error::file("write", &file))?;
    let mut wheel = Wheel {
        zip: Zip::new(BufWriter::new(output)),
        record: String::new(),
        file: file.clone(),
    };
    wheel.text("dsprep/__init__.py", INIT)?;
    wheel.text("dsprep/__main__.py", MAIN)?;
    wheel.append("dsprep/bin/dsprep", &read(&contents.program)?, true, LEVEL)?;
    let text = json(&description)?;
    wheel.append(
        &format!("dsprep/bin/{}", packaged::DESCRIPTION),
        &text,
        false,
        LEVEL,
    )?;
    let name = format!("dsprep/bin/{}", packaged::ARCHIVE);
    wheel.append(&name, &read(&archive)?, false, 0)?;
    for library in libraries {
        let name = format!("dsprep/bin/{}/{}", packaged::LIBRARIES, library.name);
        wheel.append(&name, &read(&library.path)?, false, LEVEL)?;
    }
    for notebook in &contents.notebooks {
        let name = format!("dsprep/bin/notebooks/{}", notebook.name);
        wheel.append(&name, &read(&notebook.path)?, false, LEVEL)?;
    }
    for spec in kernelspec(stage, &ARGV)? {
        let name = format!(
            "dsprep-{VERSION}.data/data/share/jupyter/kernels/dsprep/{}",
            spec.name
        );
        wheel.append(&name, &read(&spec.path)?, false, LEVEL)?;
    }
    let info = format!("dsprep-{VERSION}.dist-info");
    for paper in contents
        .papers
        .iter()
        .filter(|it| it.name.starts_with("LICENSE"))
    {
        let name = format!("{info}/licenses/{}", paper.name);
        wheel.append(&name, &read(&paper.path)?, false, LEVEL)?;
    }
    let compiler = &contents.description.kit.compiler;
    wheel.text(&format!("{info}/METADATA"), &metadata(compiler))?;
    wheel.text(
        &format!("{info}/WHEEL"),
        &format!(
            "Wheel-Version: 1.0\nGenerator: dsprep {VERSION}\nRoot-Is-Purelib: false\nTag: {tag}\n"
        ),
    )?;
    wheel.text(
        &format!("{info}/entry_points.txt"),
        "[console_scripts]\ndsprep = dsprep:main\n",
    )?;
    wheel.finish(&format!("{info}/RECORD"))?;
    Ok(file)
}

fn metadata(compiler: &str) -> String {
    format!(
        "Metadata-Version: 2.4\nName: dsprep\nVersion: {VERSION}\n\
         Summary: Rust notebooks for data-science interviews, and their Jupyter kernel\n\
         License-Expression: MIT OR Apache-2.0\n\
         License-File: LICENSE-APACHE\nLicense-File: LICENSE-MIT\n\
         Requires-Python: >=3.8\n\
         Description-Content-Type: text/markdown\n\n\
         Rust notebooks for data-science interviews, and the Jupyter kernel that runs them. Cells are compiled by\n\
         {compiler} and no other; `dsprep setup` finds or gets it. Then `dsprep lab` opens the notebooks.\n"
    )
}

/// A wheel that is being written, with the list of its files.
struct Wheel {
    zip: Zip<BufWriter<File>>,
    record: String,
    file: PathBuf,
}

impl Wheel {
    fn text(&mut self, name: &str, text: &str) -> Result<()> {
        self.append(name, text.as_bytes(), false, LEVEL)
    }

    fn append(&mut self, name: &str, bytes: &[u8], is_program: bool, level: u8) -> Result<()> {
        let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(bytes));
        self.record += &format!("{name},sha256={hash},{}\n", bytes.len());
        let written = self.zip.append(name, bytes, is_program, level);
        written.map_err(Error::file("write", &self.file))
    }

    fn finish(mut self, name: &str) -> Result<()> {
        self.record += &format!("{name},,\n");
        let record = self.record.into_bytes();
        let written = self.zip.append(name, &record, false, LEVEL);
        let written = written.and_then(|()| self.zip.finish());
        let flushed = written.and_then(|output| output.into_inner().map_err(std::io::Error::from));
        flushed
            .map(|_| ())
            .map_err(Error::file("write", &self.file))
    }
}

/// What the machine must have, as Python calls it: on Linux, the newest GNU libc that one of the files asks for.
fn platform(contents: &Contents) -> Result<String> {
    let arch = env::consts::ARCH;
    if cfg!(target_os = "macos") {
        let arch = if arch == "aarch64" { "arm64" } else { arch };
        return Ok(format!("macosx_11_0_{arch}"));
    }
    let is_library = |it: &&Packed| it.name.ends_with(env::consts::DLL_SUFFIX);
    let libraries = contents.kit.iter().filter(is_library).map(|it| &it.path);
    let mut newest = 17;
    for file in libraries.chain([&contents.program]) {
        newest = newest.max(newest_glibc(&read(file)?));
    }
    Ok(format!("manylinux_2_{newest}_{arch}"))
}

/// The largest n of the versions `GLIBC_2.n` that a file names.
fn newest_glibc(bytes: &[u8]) -> u32 {
    const NAME: &[u8] = b"GLIBC_2.";
    let mut newest = 0;
    let mut rest = bytes;
    while let Some(at) = rest.windows(NAME.len()).position(|it| it == NAME) {
        rest = &rest[at + NAME.len()..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit());
        let number = digits
            .take(4)
            .fold(0, |sum, digit| 10 * sum + u32::from(digit - b'0'));
        newest = newest.max(number);
    }
    newest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_libc_that_a_file_asks_for_is_read_from_it() {
        assert_eq!(
            newest_glibc(b"\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.17\0GLIBC_PRIVATE"),
            34
        );
        assert_eq!(newest_glibc(b"none"), 0);
    }
}
