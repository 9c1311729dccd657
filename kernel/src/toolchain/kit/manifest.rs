//! The list of what a kit holds, and who made it.

use crate::digest;
use crate::error::{Error, Result};
use crate::toolchain::unstable::Unstable;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// The manifest's name in the kit.
pub const FILE: &str = "manifest.json";
/// The name of the list of packages in the kit.
pub const METADATA: &str = "metadata.json";
/// What stands for the kit's folder in the list of packages of a packed kit.
pub const KIT_FOLDER: &str = "{kit}";
/// The form of the manifest that this program reads and writes.
pub const FORMAT: u32 = 1;

/// What is in a kit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of this manifest.
    pub format: u32,
    /// The version of `dsprep` that made it.
    pub dsprep: String,
    /// Whether it came with a packed program: then it belongs to no workspace.
    #[serde(default)]
    pub packed: bool,
    /// The compiler that built the core: what `rustc --version` says.
    pub compiler: String,
    /// Where that compiler was, and its file as it was.
    pub rustc: Stamped,
    /// The workspace that it was gathered from; none in a packed kit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<PathBuf>,
    /// The flags that the workspace was built with.
    pub flags: Vec<String>,
    /// The SHA-256 of the core library, in hexadecimal digits.
    pub core_hash: String,
    /// The core library as cargo left it, by which a later build is noticed.
    pub built: Stamped,
    /// Every file of the kit but this one.
    pub files: Vec<Entry>,
    /// What the compiler can do that is not promised to stay.
    pub unstable: Unstable,
}

/// A file elsewhere, as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamped {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// When it was changed, in nanoseconds since 1970.
    pub changed: u64,
}

/// A file of the kit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256 in hexadecimal digits, in a packed kit: a download may be damaged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
}

impl Manifest {
    /// Reads the manifest of the kit in `folder`.
    ///
    /// # Errors
    /// [`Error::NotAKit`] if there is none or it can't be understood.
    pub fn read(folder: &Path) -> Result<Manifest> {
        let wrong = |problem: String| Error::NotAKit {
            folder: folder.to_owned(),
            problem,
        };
        let text =
            fs::read(folder.join(FILE)).map_err(|error| wrong(format!("{FILE}: {error}")))?;
        let manifest: Manifest =
            serde_json::from_slice(&text).map_err(|error| wrong(format!("{FILE}: {error}")))?;
        if manifest.format != FORMAT {
            return Err(wrong(format!(
                "its format is {}, and this program reads format {FORMAT}",
                manifest.format
            )));
        }
        Ok(manifest)
    }

    /// Writes the manifest of the kit in `folder`.
    ///
    /// # Errors
    /// [`Error::File`] if it can't be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let file = folder.join(FILE);
        let text = serde_json::to_vec_pretty(self).unwrap_or_default();
        fs::write(&file, text).map_err(Error::file("write", &file))
    }

    /// Makes sure that every file is there and has its size.
    ///
    /// # Errors
    /// [`Error::NotAKit`] that names the first file which is not as it should be.
    pub fn check_files(&self, folder: &Path) -> Result<()> {
        let damaged = self.files.iter().find(|entry| {
            let data = fs::metadata(folder.join(&entry.name));
            !data.is_ok_and(|data| data.len() == entry.size)
        });
        damaged.map_or(Ok(()), |entry| Err(entry.damaged_in(folder)))
    }

    /// Makes sure that every file is what was packed, to the last bit.
    ///
    /// # Errors
    /// As in [`Manifest::check_files`].
    pub fn check_hashes(&self, folder: &Path) -> Result<()> {
        self.check_files(folder)?;
        for entry in &self.files {
            let Some(hash) = &entry.hash else { continue };
            if *hash != digest::of_file(&folder.join(&entry.name))? {
                return Err(entry.damaged_in(folder));
            }
        }
        Ok(())
    }
}

impl Entry {
    fn damaged_in(&self, folder: &Path) -> Error {
        Error::NotAKit {
            folder: folder.to_owned(),
            problem: format!("{} is missing or damaged", self.name),
        }
    }
}

impl Stamped {
    /// The file as it is now. None if it is not there.
    pub fn now(path: &Path) -> Option<Stamped> {
        let data = fs::metadata(path).ok()?;
        let changed = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(Stamped {
            path: path.to_owned(),
            size: data.len(),
            changed: u64::try_from(changed.as_nanos()).ok()?,
        })
    }

    /// Whether the file is there and differs from what it was.
    pub fn was_replaced(&self) -> bool {
        Stamped::now(&self.path).is_some_and(|now| now != *self)
    }

    /// Whether the file is there as it was.
    pub fn is_there(&self) -> bool {
        Stamped::now(&self.path).is_some_and(|now| now == *self)
    }
}
