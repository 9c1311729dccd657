//! The archive that runs wherever it is unpacked: program, kit, notebooks, and what is packed.

use super::contents::{Contents, Packed};
use super::tar;
use crate::error::{Error, Result};
use crate::toolchain::kit::{manifest, packaged};
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Writes the archive into `stage`, and returns its file.
///
/// # Errors
/// [`Error::Tool`] if zstd fails, [`Error::File`] if a file can't be read or written.
pub fn write(contents: &Contents, stage: &Path, level: u8) -> Result<PathBuf> {
    let root = Contents::name();
    let description = json(&contents.description)?;
    let manifest = json(&contents.description.kit)?;
    let file = stage.join(format!("{root}.tar.zst"));
    compress(&file, level, |archive| {
        for paper in &contents.papers {
            append(archive, &root, paper, false)?;
        }
        tar_bytes(
            archive,
            &format!("{root}/{}", packaged::DESCRIPTION),
            &description,
        )?;
        let program = Packed {
            name: "dsprep".to_owned(),
            path: contents.program.clone(),
        };
        append(archive, &root, &program, true)?;
        let kit = format!("{root}/dsprep-kit");
        tar_bytes(archive, &format!("{kit}/{}", manifest::FILE), &manifest)?;
        for file in &contents.kit {
            append(archive, &kit, file, false)?;
        }
        for notebook in &contents.notebooks {
            append(archive, &format!("{root}/notebooks"), notebook, false)?;
        }
        Ok(())
    })?;
    Ok(file)
}

/// Writes the kit without the files named in `apart` as an archive of its own.
///
/// # Errors
/// As in [`write`].
pub fn write_kit(contents: &Contents, apart: &[&Packed], file: &Path, level: u8) -> Result<()> {
    let is_apart = |it: &Packed| apart.iter().any(|other| other.name == it.name);
    compress(file, level, |archive| {
        for file in contents.kit.iter().filter(|it| !is_apart(it)) {
            let bytes = read(&file.path)?;
            tar_bytes(archive, &file.name, &bytes)?;
        }
        Ok(())
    })
}

/// What JSON is written.
///
/// # Errors
/// [`Error::System`] if it can't be.
pub fn json(value: &impl serde::Serialize) -> Result<Vec<u8>> {
    let text = serde_json::to_vec_pretty(value);
    text.map_err(|error| Error::system("write JSON")(error.into()))
}

/// The bytes of a file.
///
/// # Errors
/// [`Error::File`].
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(Error::file("read", path))
}

fn append(archive: &mut impl Write, folder: &str, file: &Packed, is_program: bool) -> Result<()> {
    let bytes = read(&file.path)?;
    let name = format!("{folder}/{}", file.name);
    tar::append(archive, &name, &bytes, is_program).map_err(Error::file("pack", &file.path))
}

fn tar_bytes(archive: &mut impl Write, name: &str, bytes: &[u8]) -> Result<()> {
    tar::append(archive, name, bytes, false).map_err(Error::file("pack", Path::new(name)))
}

/// Compresses the tar archive that `fill` writes.
fn compress(
    file: &Path,
    level: u8,
    fill: impl FnOnce(&mut BufWriter<std::process::ChildStdin>) -> Result<()>,
) -> Result<()> {
    let failed = |problem: String| Error::Tool {
        tool: "zstd".to_owned(),
        problem,
        mend: "install zstd",
    };
    let mut zstd = Command::new("zstd")
        .args([&format!("-{level}"), "--quiet", "-T0", "-o"])
        .arg(file)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let filled = match zstd.stdin.take() {
        Some(input) => {
            let mut input = BufWriter::with_capacity(1 << 20, input);
            fill(&mut input).and_then(|()| end(input).map_err(Error::file("pack", file)))
        }
        None => Ok(()),
    };
    let output = zstd
        .wait_with_output()
        .map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(failed(said));
    }
    filled
}

fn end(mut input: impl Write) -> io::Result<()> {
    tar::finish(&mut input)?;
    input.flush()
}
