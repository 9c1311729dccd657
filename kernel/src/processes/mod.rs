//! Groups of processes, and how one process learns of the end of another.
//!
//! - [`die_with_parent`]: child processes that do not outlive this one.
//! - [`owned_folder`]: temporary folders, and whether their owners live.
//! - [`user`]: for whom this process runs.

pub mod die_with_parent;
pub mod owned_folder;
pub mod user;

use std::io;
use std::os::fd::RawFd;

/// Makes this process the leader of a group of its own, so that it and all that it starts can be ended at once.
pub fn lead_group() {
    // SAFETY: changes an attribute of this process; no memory is involved.
    unsafe { libc::setpgid(0, 0) };
}

/// Sends a signal to all of the group that the process `leader` made. Nothing happens if nobody is left.
pub fn signal_group(leader: libc::pid_t, signal: libc::c_int) {
    // A number of 1 or less would mean many processes, or all.
    if leader > 1 {
        // SAFETY: `killpg` takes no pointer.
        unsafe { libc::killpg(leader, signal) };
    }
}

/// Ends this process and all others of its group at once.
pub fn kill_own_group() -> ! {
    // SAFETY: `kill` takes no pointer; 0 is the caller's own group.
    unsafe { libc::kill(0, libc::SIGKILL) };
    std::process::exit(1);
}

/// Waits until the other end of the socket is closed, as when its process is gone.
pub fn wait_for_hang_up(socket: RawFd) {
    let mut watched = libc::pollfd {
        fd: socket,
        events: 0,
        revents: 0,
    };
    loop {
        // SAFETY: one valid structure, as the count says.
        let changed = unsafe { libc::poll(&raw mut watched, 1, -1) };
        let interrupted = io::Error::last_os_error().kind() == io::ErrorKind::Interrupted;
        if changed > 0 || !interrupted {
            return;
        }
    }
}
