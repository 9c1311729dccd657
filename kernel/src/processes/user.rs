//! The user for whom this process runs.

/// The number of the user, as files name their owner.
pub fn this_user() -> u32 {
    // SAFETY: takes nothing, and can't fail.
    unsafe { libc::geteuid() }
}
