//! Cells that do not end are left behind.
//!
//! Cells run one after the other on one thread. One that waits or computes in a call which hears of no interruption
//! would hold up all that follow, or take every variable with it if its process were ended. So the thread is left
//! to itself instead: another one goes on, with all variables but those that the cell had taken out. If the call
//! ever returns, the thread unwinds at the next statement, and stops for good before it reaches the variables again.

use super::frame::Frame;
use super::owner::{self, State, Store};
use super::store::VariableStore;
use super::{interrupt, left, panic};
use std::sync::mpsc::channel;
use std::time::Duration;

/// How long it may take to print a word, before the cell is taken to hold the lock on that.
const PRINTS: Duration = Duration::from_millis(300);

/// What the variables hold between two cells. Nothing while one runs.
pub(super) fn values() -> Option<Vec<(String, String)>> {
    let state = owner::lock();
    let State::Rests(Store(store)) = &*state else {
        return None;
    };
    // SAFETY: the next cell does not touch the store before it holds the lock.
    Some(unsafe { (*store.cast::<VariableStore>()).values() })
}

/// Notes that the cell has its variables and begins with its statements; `store` is untouched until [`back`].
pub fn begin(store: *mut VariableStore) {
    left::begin();
    *owner::lock() = State::Runs(Store(store.cast()));
}

/// Notes that the statements are done. A cell that was left behind stops here.
pub fn back() {
    let mut state = owner::lock();
    if !left::is_left_behind() {
        *state = State::Brief;
        return;
    }
    drop(state);
    left::stop_one();
    interrupt::look_for_left(left::are_some_left());
    loop {
        std::thread::park();
    }
}

/// Tells the kernel and the engine that the statements ended in the panic that the hook saw, or were interrupted.
pub fn panicked() {
    back();
    panic::tell();
}

/// Leaves the running cell behind. Returns the store for the cells after it; nothing if no cell runs, or if it
/// holds what they need to print.
pub(super) fn leave_behind() -> Option<*mut VariableStore> {
    if !can_print() {
        return None;
    }
    let mut state = owner::lock();
    let State::Runs(Store(store)) = &*state else {
        return None;
    };
    // SAFETY: the cell does not touch its store before it holds this lock, and then it stops.
    let rest = unsafe { (*store.cast::<VariableStore>()).hand_over() };
    left::leave_one();
    interrupt::look_for_left(true);
    rest.list();
    let rest = Box::into_raw(Box::new(rest));
    *state = State::Rests(Store(rest.cast()));
    drop(state);
    Frame::new("interrupted").text("left", "yes").send();
    panic::tell_engine();
    Some(rest)
}

/// Whether nobody holds the locks on standard output and standard error.
fn can_print() -> bool {
    let (sender, receiver) = channel();
    let tried = std::thread::Builder::new().spawn(move || {
        let _locks = (std::io::stdout().lock(), std::io::stderr().lock());
        // Nobody waits any more if this took too long.
        let _ = sender.send(());
    });
    tried.is_ok() && receiver.recv_timeout(PRINTS).is_ok()
}
