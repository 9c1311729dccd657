//! The kit of a program that was packed: it came with the program, and no workspace is needed.
//!
//! Beside a packed program lies [`DESCRIPTION`]. The kit itself is a folder beside it, as an unpacked archive has it,
//! or still a compressed archive, as a Python package has it, which is unpacked when cells are first needed.

use super::gather::{put, take};
use super::manifest::Manifest;
use super::place::{Place, sweep};
use super::{Kit, source_digest};
use crate::digest;
use crate::error::{Error, Result};
use crate::program;
use ruzstd::decoding::StreamingDecoder;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write as _};
use std::path::{Component, Path, PathBuf};

/// Beside a packed program: what was packed.
pub const DESCRIPTION: &str = "dsprep-kit.json";
/// Beside a packed program, where the kit is not unpacked yet.
pub const ARCHIVE: &str = "dsprep-kit.tar.zst";
/// Beside such a program: the libraries that it needs to start; `build.rs` names the folder in its run path.
pub const LIBRARIES: &str = "dsprep-lib";

/// What was packed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packaged {
    /// The manifest of the kit.
    pub kit: Manifest,
    /// The SHA-256 of the kit's archive, where it came as one.
    pub archive: Option<String>,
    /// The SHA-256 of the source that the core was built from.
    pub source: Option<String>,
    /// The SHA-256 of each notebook, by its name.
    pub notebooks: BTreeMap<String, String>,
}

impl Packaged {
    /// What came with this program; none if it was not packed.
    ///
    /// # Errors
    /// [`Error::NotAKit`] if the description can't be understood.
    pub fn here() -> Result<Option<Packaged>> {
        match program::path() {
            Ok(program) => Packaged::beside(program.parent().unwrap_or(Path::new("/"))),
            Err(_) => Ok(None),
        }
    }

    fn beside(folder: &Path) -> Result<Option<Packaged>> {
        let Ok(text) = fs::read(folder.join(DESCRIPTION)) else {
            return Ok(None);
        };
        match serde_json::from_slice(&text) {
            Ok(packaged) => Ok(Some(packaged)),
            Err(error) => Err(damaged(folder, format!("{DESCRIPTION}: {error}"))),
        }
    }

    /// The kit: beside the program, or unpacked into the first of `places` but that which can be written.
    ///
    /// # Errors
    /// [`Error::NotAKit`] if it is damaged or not there, [`Error::File`] if it can't be unpacked.
    pub fn kit(&self, places: &[Place]) -> Result<Kit> {
        let mut problem = None;
        for place in places.iter().filter(|place| place.store.is_some()) {
            match Kit::open(&place.kit) {
                Ok(kit) if self.is_of(&kit) => return Ok(kit),
                Err(error) if place.kit.exists() => problem = Some(error),
                _ => {}
            }
        }
        let folder = program::path()?.parent().unwrap_or(Path::new("/"));
        if !folder.join(ARCHIVE).is_file() {
            let missing = || damaged(folder, "the kit is missing".to_owned());
            return Err(problem.unwrap_or_else(missing));
        }
        // Into the cache first: what is added to a Python package stays when the package is removed.
        let mut refused = None;
        for place in places.iter().rev() {
            let Some(store) = &place.store else { continue };
            match place.lock() {
                Ok((store, _lock)) => return self.unpacked(folder, place, &store),
                Err(error) => refused = Some(Error::file("write", store)(error)),
            }
        }
        Err(refused
            .unwrap_or_else(|| damaged(folder, "there is no folder for it: set HOME".into())))
    }

    /// Unpacks the kit beside the program, for everybody who may run it.
    ///
    /// # Errors
    /// As in [`Packaged::kit`].
    pub fn share(&self) -> Result<Kit> {
        let folder = program::path()?.parent().unwrap_or(Path::new("/"));
        let place = Place::beside(folder);
        match Kit::open(&place.kit) {
            Ok(kit) if self.is_of(&kit) => Ok(kit),
            _ => {
                let (store, _lock) = place.lock().map_err(Error::file("write", folder))?;
                self.unpacked(folder, &place, &store)
            }
        }
    }

    /// The checkout around `folder`, if this was not packed from its sources: its notebooks may use what the packed
    /// core does not have.
    pub fn other_checkout(&self, folder: &Path) -> Option<PathBuf> {
        let is_checkout = |folder: &&Path| folder.join("dsprep-core/Cargo.toml").is_file();
        let checkout = folder.ancestors().find(is_checkout)?;
        let source = source_digest(&checkout.join("dsprep-core"));
        (source != self.source).then(|| checkout.to_owned())
    }

    fn is_of(&self, kit: &Kit) -> bool {
        kit.manifest().core_hash == self.kit.core_hash
    }

    /// Unpacks the archive in `folder` into `store`, whose lock is held.
    fn unpacked(&self, folder: &Path, place: &Place, store: &Path) -> Result<Kit> {
        // Another process may have unpacked it while this one waited.
        if let Ok(kit) = Kit::open(&place.kit)
            && self.is_of(&kit)
        {
            return Ok(kit);
        }
        let named = store.join(&self.kit.core_hash[..16]);
        let fresh = tempfile::Builder::new()
            .prefix(".new-")
            .tempdir_in(store)
            .map_err(Error::file("write", store))?;
        self.unpack(folder, fresh.path())?;
        if named.exists() {
            fs::remove_dir_all(&named).map_err(Error::file("replace", &named))?;
        }
        put(fresh, &named)?;
        place
            .use_kit(&named)
            .map_err(Error::file("write", &place.kit))?;
        sweep(store, &named);
        Kit::open(&place.kit)
    }

    fn unpack(&self, folder: &Path, target: &Path) -> Result<()> {
        let archive = folder.join(ARCHIVE);
        if self.archive != Some(digest::of_file(&archive)?) {
            return Err(damaged(folder, format!("{ARCHIVE} is damaged")));
        }
        let read = |error: String| damaged(folder, format!("{ARCHIVE}: {error}"));
        let file = File::open(&archive).map_err(Error::file("read", &archive))?;
        let decoder = StreamingDecoder::new(BufReader::new(file));
        let decoder = decoder.map_err(|error| read(error.to_string()))?;
        untar(decoder, target).map_err(Error::file("unpack into", target))?;
        for library in fs::read_dir(folder.join(LIBRARIES))
            .into_iter()
            .flatten()
            .flatten()
        {
            take(&library.path(), target)?;
        }
        self.kit.write(target)?;
        self.kit.check_hashes(target)
    }
}

fn damaged(folder: &Path, problem: String) -> Error {
    Error::NotAKit {
        folder: folder.to_owned(),
        problem,
    }
}

/// Writes the files of a tar archive into `folder`: plain files with short names, as [`crate::pack`] makes them.
fn untar(mut archive: impl Read, folder: &Path) -> io::Result<()> {
    let mut header = [0; 512];
    loop {
        archive.read_exact(&mut header)?;
        if header == [0; 512] {
            return Ok(());
        }
        let name = text(&header[345..500]) + "/" + &text(&header[..100]);
        let path = PathBuf::from(name.trim_start_matches('/'));
        let size = u64::from_str_radix(text(&header[124..136]).trim(), 8)
            .map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        let inside = path
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if header[156] != b'0' || !inside {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        let mut file = File::create(&path)?;
        if io::copy(&mut archive.by_ref().take(size), &mut file)? != size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        file.flush()?;
        let rest = size.next_multiple_of(512) - size;
        io::copy(&mut archive.by_ref().take(rest), &mut io::sink())?;
    }
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0);
    String::from_utf8_lossy(&field[..end.unwrap_or(field.len())]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::tar;

    #[test]
    fn a_tar_archive_is_read_as_it_was_written() -> io::Result<()> {
        let long = format!("sources/{}/lib.rs", "deep/".repeat(25));
        let files: [(&str, &[u8]); 3] = [("a", b"one"), (&long, &[7; 1024]), ("empty", b"")];
        let mut archive = Vec::new();
        for (name, bytes) in files {
            tar::append(&mut archive, name, bytes, false)?;
        }
        tar::finish(&mut archive)?;
        let folder = tempfile::tempdir()?;
        untar(archive.as_slice(), folder.path())?;
        for (name, bytes) in files {
            assert_eq!(fs::read(folder.path().join(name))?, bytes, "{name}");
        }
        let half = &archive[..archive.len() / 2];
        assert!(untar(half, folder.path()).is_err());
        Ok(())
    }

    #[test]
    fn nothing_is_written_outside_of_the_folder() -> io::Result<()> {
        for name in ["../a", "/a", "b/../../a"] {
            let mut archive = Vec::new();
            tar::append(&mut archive, name, b"x", false)?;
            let folder = tempfile::tempdir()?;
            let inner = folder.path().join("inner");
            fs::create_dir(&inner)?;
            let _ = untar(archive.as_slice(), &inner);
            assert!(!folder.path().join("a").exists(), "{name}");
        }
        Ok(())
    }
}
