//! Child processes that do not outlive this one.

use std::process::Command;

/// Makes the process that `command` starts end when this one does, however that ends.
///
/// On systems other than Linux this does nothing: a compiler whose caller was killed runs to its end.
pub fn end_with_parent(command: &mut Command) {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::process::CommandExt as _;
        // SAFETY: between fork and exec, this makes one system call and touches no memory.
        unsafe {
            command.pre_exec(|| {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                Ok(())
            });
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = command;
}
