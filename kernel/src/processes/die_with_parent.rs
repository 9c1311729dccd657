//! Child processes that do not outlive this one.

use std::process::Command;

/// Makes the process that `command` starts end when this one does, however that ends.
///
/// On systems other than Linux this does nothing: a compiler whose caller was killed runs to its end.
pub fn end_with_parent(command: &mut Command) {
    signal_with_parent(command, libc::SIGKILL);
}

/// The same by another signal, for a program that has something to put in order.
pub fn signal_with_parent(command: &mut Command, signal: libc::c_int) {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::process::CommandExt as _;
        let parent = std::process::id();
        // SAFETY: between fork and exec, this makes two system calls and touches no memory.
        unsafe {
            command.pre_exec(move || {
                libc::prctl(libc::PR_SET_PDEATHSIG, signal);
                // A parent that died before the call above sends no signal any more.
                if std::os::unix::process::parent_id() == parent {
                    Ok(())
                } else {
                    Err(std::io::ErrorKind::Interrupted.into())
                }
            });
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (command, signal);
}
