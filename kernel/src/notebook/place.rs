//! Writing files into a folder of our own, of which no link leads out.

use super::write::{Written, persist, written_beside};
use crate::error::{Error, Result};
use std::fs;
use std::path::{Component, Path};

/// Gives the file `relative` in the folder `root` the content `bytes`, and makes the folders in between. A link in
/// the file's place is replaced, not followed; a link among the folders is refused. What lies there can be made again, so
/// it is not waited until the disk has it.
///
/// # Errors
/// [`Error::File`], [`Error::CopyThroughLink`].
pub fn replace_in_folder(root: &Path, relative: &Path, bytes: &[u8]) -> Result<Written> {
    fs::create_dir_all(root).map_err(Error::file("create", root))?;
    let mut folder = root.to_owned();
    let parts = relative.parent().into_iter().flat_map(Path::components);
    for part in parts.filter(|part| matches!(part, Component::Normal(_))) {
        folder.push(part);
        match fs::symlink_metadata(&folder) {
            Ok(found) if found.is_symlink() => return Err(Error::CopyThroughLink { link: folder }),
            Ok(_) => {}
            Err(_) => fs::create_dir(&folder)
                .or_else(|error| if folder.is_dir() { Ok(()) } else { Err(error) })
                .map_err(Error::file("create", &folder))?,
        }
    }
    let path = root.join(relative);
    let is_file = fs::symlink_metadata(&path).is_ok_and(|found| found.is_file());
    if is_file && fs::read(&path).is_ok_and(|old| old == bytes) {
        return Ok(Written::Unchanged);
    }
    persist(written_beside(&path, &folder, bytes)?, &path)?;
    Ok(Written::Changed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_link_is_replaced_and_what_it_leads_to_stays() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let root = folder.path().join("copies");
        let victim = folder.path().join("victim");
        fs::write(&victim, "precious")?;
        fs::create_dir(&root)?;
        symlink(&victim, root.join("a.ipynb"))?;
        let written = replace_in_folder(&root, Path::new("a.ipynb"), b"new");
        assert_eq!(written.ok(), Some(Written::Changed));
        assert_eq!(fs::read_to_string(&victim)?, "precious");
        assert_eq!(fs::read(root.join("a.ipynb"))?, b"new");
        Ok(())
    }

    #[test]
    fn folders_are_made_and_a_link_among_them_is_refused() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let root = folder.path().join("copies");
        let written = replace_in_folder(&root, Path::new("x/y/a.ipynb"), b"new");
        assert_eq!(written.ok(), Some(Written::Changed));
        symlink(folder.path(), root.join("out"))?;
        let refused = replace_in_folder(&root, Path::new("out/a.ipynb"), b"new");
        assert!(
            matches!(refused, Err(Error::CopyThroughLink { .. })),
            "{refused:?}"
        );
        assert!(!folder.path().join("a.ipynb").exists());
        Ok(())
    }
}
