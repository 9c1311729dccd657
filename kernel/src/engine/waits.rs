//! The system calls at which a cell can wait where Rust's standard library offers no way out.
//!
//! `std::thread::sleep` sleeps on when a signal comes, and so does a wait for a connection or for what comes over it;
//! reading standard input would wait for bytes that nobody sends. The standard library makes these by functions of the C library, which it finds by their names at run time.
//! On Linux the program's own function of a name goes before that of a library, so those here stand between. In
//! every process but the one in which cells run, and for all but these cases, they only pass on.
//!
//! What waits for another thread (`recv`, `join`, a lock) has no result that would say "given up". A cell in such a
//! call is left behind: see the core's `cell::turn`.

use std::ffi::c_int;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// The core's `dsprep_cell_read`: fills the buffer with what the user answers.
pub type Read = unsafe extern "C" fn(*mut u8, usize) -> usize;

/// What makes the difference in the process in which cells run.
struct InCells {
    interrupted: &'static AtomicBool,
    read: Read,
}

static IN_CELLS: OnceLock<InCells> = OnceLock::new();

/// From now on a sleep ends when SIGINT comes, which also raises `interrupted`, and reading standard input asks
/// by `read`.
pub fn can_be_left(interrupted: &'static AtomicBool, read: Read) {
    let _ = IN_CELLS.set(InCells { interrupted, read });
    let handler: extern "C" fn(c_int) = on_interrupt;
    // SAFETY: the handler does nothing but to store into an atomic. All bytes zero are a valid `sigaction`: no flags
    // and no further signals blocked, so that system calls end when it comes. Programs that a cell starts begin with
    // the default again.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as libc::sighandler_t;
        libc::sigaction(libc::SIGINT, &raw const action, std::ptr::null_mut());
    }
}

extern "C" fn on_interrupt(_signal: c_int) {
    if let Some(cells) = IN_CELLS.get() {
        cells.interrupted.store(true, Ordering::Relaxed);
    }
}

/// In place of the C library's `read`.
///
/// # Safety
/// As for that: `buffer` has room for `size` bytes.
#[cfg(target_os = "linux")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn read(
    descriptor: c_int,
    buffer: *mut std::ffi::c_void,
    size: usize,
) -> isize {
    if descriptor == 0
        && size > 0
        && let Some(cells) = IN_CELLS.get()
    {
        // SAFETY: the caller's promise about the buffer is passed on.
        let read = unsafe { (cells.read)(buffer.cast(), size) };
        return isize::try_from(read).unwrap_or(0);
    }
    // SAFETY: the call that the caller makes. It sets `errno` as the C library's function does.
    let result = unsafe { libc::syscall(libc::SYS_read, descriptor, buffer, size) };
    result as isize
}

/// In place of the C library's `accept4`.
///
/// # Safety
/// As for that: `address` and `length` point to room for an address and its length, or nowhere.
#[cfg(target_os = "linux")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn accept4(
    socket: c_int,
    address: *mut libc::sockaddr,
    length: *mut libc::socklen_t,
    flags: c_int,
) -> c_int {
    // SAFETY: the call that the caller makes.
    let result = unsafe { libc::syscall(libc::SYS_accept4, socket, address, length, flags) };
    unless_given_up(result) as c_int
}

/// In place of the C library's `recv`.
///
/// # Safety
/// As for that: `buffer` has room for `size` bytes.
#[cfg(target_os = "linux")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn recv(
    socket: c_int,
    buffer: *mut std::ffi::c_void,
    size: usize,
    flags: c_int,
) -> isize {
    let nowhere = std::ptr::null_mut();
    // SAFETY: the caller's promise about the buffer is passed on.
    unsafe { recvfrom(socket, buffer, size, flags, nowhere, std::ptr::null_mut()) }
}

/// In place of the C library's `recvfrom`.
///
/// # Safety
/// As for that: `buffer` has room for `size` bytes, `address` and `length` point to room or nowhere.
#[cfg(target_os = "linux")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn recvfrom(
    socket: c_int,
    buffer: *mut std::ffi::c_void,
    size: usize,
    flags: c_int,
    address: *mut libc::sockaddr,
    length: *mut libc::socklen_t,
) -> isize {
    // SAFETY: the call that the caller makes.
    let result = unsafe {
        libc::syscall(
            libc::SYS_recvfrom,
            socket,
            buffer,
            size,
            flags,
            address,
            length,
        )
    };
    unless_given_up(result) as isize
}

/// The result of a system call. If it ended because the cell is interrupted, its caller would make it again: it then
/// reads that the call was cancelled.
#[cfg(target_os = "linux")]
fn unless_given_up(result: libc::c_long) -> libc::c_long {
    let cells = IN_CELLS.get().filter(|_| result == -1);
    if cells.is_some_and(|cells| cells.interrupted.load(Ordering::Relaxed)) {
        // SAFETY: the place of this thread's own `errno`.
        unsafe {
            let errno = libc::__errno_location();
            if *errno == libc::EINTR {
                *errno = libc::ECANCELED;
            }
        }
    }
    result
}

/// In place of the C library's `clock_nanosleep`.
///
/// # Safety
/// As for that: `request` points to a time, `remaining` to room for one or nowhere.
#[cfg(target_os = "linux")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clock_nanosleep(
    clock: libc::clockid_t,
    flags: c_int,
    request: *const libc::timespec,
    remaining: *mut libc::timespec,
) -> c_int {
    let interrupted = || {
        let cells = IN_CELLS.get();
        cells.is_some_and(|cells| cells.interrupted.load(Ordering::Relaxed))
    };
    if interrupted() {
        return 0;
    }
    // SAFETY: the call that the caller makes.
    let result =
        unsafe { libc::syscall(libc::SYS_clock_nanosleep, clock, flags, request, remaining) };
    if result == 0 {
        return 0;
    }
    let error = std::io::Error::last_os_error().raw_os_error();
    if error == Some(libc::EINTR) && interrupted() {
        // As if the time were over.
        return 0;
    }
    error.unwrap_or(libc::EINVAL)
}
