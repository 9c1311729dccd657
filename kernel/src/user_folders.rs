//! The folders in which this program keeps something for the user.

use std::env;
use std::path::PathBuf;

/// The name of our folder in those of all programs.
const OURS: &str = "dsprep";

/// The folder for what can be made again; none where nobody knows the user's home folder.
pub fn cache() -> Option<PathBuf> {
    user_folder("XDG_CACHE_HOME", ".cache", "Library/Caches")
}

/// The folder for what a user has done, which is kept until the user removes it.
pub fn state() -> Option<PathBuf> {
    user_folder(
        "XDG_STATE_HOME",
        ".local/state",
        "Library/Application Support",
    )
}

/// The folder for what packages install for this user.
pub fn data() -> Option<PathBuf> {
    user_folder(
        "XDG_DATA_HOME",
        ".local/share",
        "Library/Application Support",
    )
}

fn user_folder(variable: &str, linux: &str, macos: &str) -> Option<PathBuf> {
    let named = env::var_os(variable).map(PathBuf::from);
    let all = named.filter(|folder| folder.is_absolute()).or_else(|| {
        // Where `HOME` is not set, the system's list of users tells it.
        let home = env::home_dir().filter(|home| home.is_absolute())?;
        Some(home.join(if cfg!(target_os = "macos") {
            macos
        } else {
            linux
        }))
    });
    all.map(|all| all.join(OURS))
}
