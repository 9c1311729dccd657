//! Where executed copies go.

use super::plan::real;
use crate::error::{Error, Result};
use crate::user_folders;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The folder of executed copies, in the project's folder.
const USUAL: &str = "target/dsprep";

/// The folder of executed copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copies {
    /// The folder.
    pub folder: PathBuf,
    /// The folder as it is shown.
    pub shown: PathBuf,
}

/// The folder that was asked for; else `target/dsprep` of the project, or, where that can't be written, a folder in the
/// user's cache. None if no copies are wanted.
///
/// # Errors
/// [`Error::CopyThroughLink`] if `target/dsprep` is a link, [`Error::File`] if what was asked for is no folder.
pub fn choose(project: &Path, asked: Option<&Path>, no_copies: bool) -> Result<Option<Copies>> {
    let made = |folder: PathBuf| {
        Ok(Some(Copies {
            shown: folder.clone(),
            folder,
        }))
    };
    if let Some(folder) = asked {
        let folder = std::path::absolute(folder).map_err(Error::file("find", folder))?;
        if fs::metadata(&folder).is_ok_and(|found| !found.is_dir()) {
            let problem = std::io::ErrorKind::NotADirectory.into();
            return Err(Error::file("put executed copies into", &folder)(problem));
        }
        return made(folder);
    }
    if no_copies {
        return Ok(None);
    }
    let usual = project.join(USUAL);
    if fs::symlink_metadata(&usual).is_ok_and(|found| found.is_symlink()) {
        return Err(Error::CopyThroughLink { link: usual });
    }
    if can_write(&usual) {
        return made(usual);
    }
    let cache = user_folders::cache().map(|cache| cache.join("executed"));
    made(cache.filter(|cache| can_write(cache)).unwrap_or(usual))
}

fn can_write(folder: &Path) -> bool {
    let made = fs::create_dir_all(folder);
    made.and_then(|()| {
        tempfile::Builder::new()
            .prefix(".dsprep-")
            .tempfile_in(folder)
    })
    .is_ok()
}

impl Copies {
    /// Removes the folder and the one around it, as far as they are empty: nothing was run.
    pub fn take_back(&self) {
        for folder in self.folder.ancestors().take(2) {
            // One that holds something stays.
            let _ = fs::remove_dir(folder);
        }
    }

    /// The same, shown as somebody sees it who is in the folder `here`.
    pub fn seen_from(self, here: &Path) -> Copies {
        let shown = self
            .folder
            .strip_prefix(here)
            .or_else(|_| self.folder.strip_prefix(real(here)));
        Copies {
            shown: shown.map_or_else(|_| self.folder.clone(), Path::to_owned),
            folder: self.folder,
        }
    }
}

/// `path` seen from `project`; if it lies elsewhere, its whole path without the root.
pub fn relative(path: &Path, project: &Path) -> PathBuf {
    let inside = path.strip_prefix(project).unwrap_or(path);
    inside
        .components()
        .filter(|part| matches!(part, Component::Normal(_)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_link_in_the_place_of_the_folder_is_refused() -> std::io::Result<()> {
        let project = tempfile::tempdir()?;
        fs::create_dir(project.path().join("target"))?;
        symlink("..", project.path().join(USUAL))?;
        let chosen = choose(project.path(), None, false);
        assert!(
            matches!(chosen, Err(Error::CopyThroughLink { .. })),
            "{chosen:?}"
        );
        assert_eq!(choose(project.path(), None, true).ok(), Some(None));
        let asked = choose(project.path(), Some(Path::new("/x")), true)
            .ok()
            .flatten();
        assert_eq!(asked.map(|copies| copies.folder), Some(PathBuf::from("/x")));
        Ok(())
    }
}
