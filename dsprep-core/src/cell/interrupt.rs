//! Interruptions: how a cell is stopped without losing what earlier cells made.
//!
//! The kernel raises a flag. The loops and functions of cells look at it, and so do the long loops of this
//! crate; the first to see it unwinds to the end of the cell, so that destructors run and every variable that the
//! cell did not move goes back to where it came from.

use super::{left, lines};
use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Waker;
use std::thread;

/// Whether any thread has a reason to stop. Only the process in which cells run ever sets it.
static LOOK: AtomicBool = AtomicBool::new(false);
/// Whether the user has pressed the stop button.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);
/// What wakes the cell if it waits for a future.
static WAKER: Mutex<Option<Waker>> = Mutex::new(None);

thread_local! {
    /// Whether this thread is on its way out.
    static STOPPED: Cell<bool> = const { Cell::new(false) };
}

/// What unwinds through a cell that is stopped.
#[derive(Debug)]
struct Interrupted;

/// Ends the cell if its user has asked for that. Costs one look at a flag.
///
/// The kernel puts a call of this into each loop and function of a cell. A long loop of a library can call it
/// as well; outside of a kernel it does nothing.
///
/// # Panics
/// In a sense: it unwinds as a panic does, but prints nothing.
///
/// # Examples
/// ```
/// let mut sum = 0_u64;
/// for i in 0..10_u64 {
///     dsprep_core::cell::check_interrupt();
///     sum += i;
/// }
/// assert_eq!(sum, 45);
/// ```
#[inline(always)]
pub fn check_interrupt() {
    if LOOK.load(Ordering::Relaxed) {
        stop();
    }
}

/// Waits for `future` until the cell is interrupted.
pub async fn interruptible<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| {
        *lines::lock(&WAKER) = Some(context.waker().clone());
        check_interrupt();
        future.as_mut().poll(context)
    })
    .await
}

#[cold]
#[inline(never)]
fn stop() {
    if !(INTERRUPTED.load(Ordering::Relaxed) || left::is_left_behind()) {
        return;
    }
    // A destructor that runs while the stack unwinds must not unwind itself: that would abort the process.
    if thread::panicking() {
        return;
    }
    STOPPED.set(true);
    if !left::is_left_behind() {
        lines::tell("heard");
    }
    resume_unwind(Box::new(Interrupted));
}

/// Ends a cell that was left behind.
pub(super) fn check_turn() {
    if left::is_left_behind() {
        stop();
    }
}

/// The user's wish itself, for a signal handler to note.
pub(super) fn flag() -> &'static AtomicBool {
    &INTERRUPTED
}

/// Notes that the user wants the cell to end.
pub(super) fn ask_for_end() {
    INTERRUPTED.store(true, Ordering::Relaxed);
    LOOK.store(true, Ordering::Relaxed);
    if let Some(waker) = lines::lock(&WAKER).take() {
        waker.wake();
    }
}

/// Notes that another cell comes, whose end nobody wants yet.
pub(super) fn forget() {
    INTERRUPTED.store(false, Ordering::Relaxed);
    look_for_left(left::are_some_left());
}

/// Notes whether threads of cells that were left behind are still to stop.
pub(super) fn look_for_left(some: bool) {
    LOOK.store(some || is_asked_for(), Ordering::Relaxed);
}

/// Whether the user has asked for the cell's end.
pub(super) fn is_asked_for() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Forgets, at the start of a cell, that the thread was stopped in an earlier one.
pub(super) fn start_anew() {
    STOPPED.set(false);
}

/// Whether this thread has been stopped in this cell.
pub(super) fn has_stopped() -> bool {
    STOPPED.get()
}
