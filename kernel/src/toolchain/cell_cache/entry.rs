//! An entry of the cache: one file with a compiled cell and what compiling it told.
//!
//! | bytes | what |
//! |---|---|
//! | 13 | `dsprep cell\n\0` |
//! | 32 | the SHA-256 of all that follows |
//! | 8 | the length of the next part |
//! | | the key and what was told, in JSON |
//! | | the library |

use super::key::Key;
use super::reads::Reads;
use crate::processes::user::this_user;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

const MAGIC: &[u8; 13] = b"dsprep cell\n\0";
const HASH: usize = 32;
const LENGTH: usize = 8;
/// The start of the names of files that are being written.
pub const FRESH: &str = ".new-";

/// A compiled cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// What compiling it told.
    pub told: Told,
    /// The library.
    pub library: Vec<u8>,
}

/// What compiling a cell told, with variables and items named by their places in the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Items of earlier cells that do not compile any more, and why.
    pub left_out: Vec<(usize, String)>,
    /// Variables that the cell moves away.
    pub moved: Vec<String>,
    /// Variables that are kept in a box, with the type of the box.
    pub boxed: Vec<(usize, String)>,
    /// The types of the variables that the cell defines.
    pub types: Vec<(usize, String)>,
    /// What else it depends on.
    pub reads: Reads,
}

#[derive(Serialize, Deserialize)]
struct Header {
    key: String,
    told: Told,
}

/// Reads an entry that is whole, this user's own, and the one for `key`.
pub fn read(path: &Path, key: &Key) -> Option<Compiled> {
    let mut options = File::options();
    // Neither what a link points to, nor a pipe that nobody writes to.
    let file = options
        .read(true)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
        .open(path);
    let mut file = file.ok()?;
    let found = file.metadata().ok()?;
    if !found.is_file() || found.uid() != this_user() || found.mode() & 0o022 != 0 {
        return None;
    }
    let mut bytes = Vec::with_capacity(usize::try_from(found.len()).ok()?);
    file.read_to_end(&mut bytes).ok()?;
    let rest = bytes.strip_prefix(MAGIC)?;
    let (hash, rest) = rest.split_at_checked(HASH)?;
    if Sha256::digest(rest).as_slice() != hash {
        return None;
    }
    let (length, rest) = rest.split_at_checked(LENGTH)?;
    let length = u64::from_le_bytes(length.try_into().ok()?);
    let (header, library) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    let header: Header = serde_json::from_slice(header).ok()?;
    (header.key == key.name()).then(|| Compiled {
        told: header.told,
        library: library.to_vec(),
    })
}

/// Writes an entry. It appears in `folder` as `path` when it is whole.
pub fn write(folder: &Path, path: &Path, key: &Key, compiled: &Compiled) -> io::Result<()> {
    let header = serde_json::to_vec(&Header {
        key: key.name().to_owned(),
        told: compiled.told.clone(),
    })?;
    let mut rest = Vec::with_capacity(LENGTH + header.len() + compiled.library.len());
    rest.extend((header.len() as u64).to_le_bytes());
    rest.extend(&header);
    rest.extend(&compiled.library);
    // Only its owner may read it; it is removed if it does not come to its name.
    let mut fresh = tempfile::Builder::new().prefix(FRESH).tempfile_in(folder)?;
    fresh.write_all(MAGIC)?;
    fresh.write_all(&Sha256::digest(&rest))?;
    fresh.write_all(&rest)?;
    fs::rename(fresh.path(), path)?;
    // There is nothing left to remove.
    let _ = fresh.into_temp_path().keep();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolchain::cell_cache::CellCache;
    use std::os::unix::fs::PermissionsExt as _;

    fn compiled() -> Compiled {
        Compiled {
            told: Told {
                moved: vec!["x".to_owned()],
                types: vec![(0, "::std::vec::Vec<f64>".to_owned())],
                ..Told::default()
            },
            library: b"a library".to_vec(),
        }
    }

    /// A cache with one entry, its key and its file.
    fn cache() -> io::Result<(tempfile::TempDir, CellCache, Key, std::path::PathBuf)> {
        let folder = tempfile::tempdir()?;
        let cache = CellCache::open(&folder.path().join("cells"))?;
        let key = super::super::key::tests::key("a cell");
        cache.keep(&key, &compiled());
        let file = cache.folder().join(key.name());
        Ok((folder, cache, key, file))
    }

    #[test]
    fn what_was_kept_is_found_and_only_its_owner_may_read_it() -> io::Result<()> {
        let (folder, cache, key, file) = cache()?;
        assert_eq!(cache.find(&key, folder.path()), Some(compiled()));
        assert_eq!(fs::metadata(&file)?.mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(cache.folder())?.mode() & 0o777, 0o700);
        let other = super::super::key::tests::key("another");
        assert_eq!(cache.find(&other, folder.path()), None);
        Ok(())
    }

    #[test]
    fn each_damage_to_an_entry_is_noticed() -> io::Result<()> {
        let (folder, cache, key, file) = cache()?;
        let whole = fs::read(&file)?;
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(&file, &damaged)?;
            assert_eq!(cache.find(&key, folder.path()), None, "byte {at}");
            fs::write(&file, &whole[..at])?;
            assert_eq!(cache.find(&key, folder.path()), None, "{at} bytes");
        }
        fs::write(&file, &whole)?;
        assert!(cache.find(&key, folder.path()).is_some());
        Ok(())
    }

    #[test]
    fn an_entry_under_another_name_or_that_others_may_write_is_not_used() -> io::Result<()> {
        let (folder, cache, key, file) = cache()?;
        let other = super::super::key::tests::key("another");
        fs::copy(&file, cache.folder().join(other.name()))?;
        assert_eq!(cache.find(&other, folder.path()), None);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o622))?;
        assert_eq!(cache.find(&key, folder.path()), None);
        fs::remove_file(&file)?;
        std::os::unix::fs::symlink(cache.folder().join(other.name()), &file)?;
        assert_eq!(cache.find(&key, folder.path()), None);
        Ok(())
    }

    #[test]
    fn a_folder_that_can_not_be_written_or_is_a_file_is_no_cache() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("file");
        fs::write(&file, "")?;
        for place in [
            file.as_path(),
            Path::new("/proc/1/cells"),
            Path::new("/proc"),
        ] {
            // Root owns /proc, too, but can write no entry there.
            if let Ok(cache) = CellCache::open(place) {
                let key = super::super::key::tests::key("a cell");
                cache.keep(&key, &compiled());
                assert_eq!(cache.find(&key, folder.path()), None);
            }
        }
        Ok(())
    }
}
