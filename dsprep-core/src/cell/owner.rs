//! Who may use the store of the variables: the running cell, or whoever asks between two cells.

use super::lines;
use std::ffi::c_void;
use std::sync::{Mutex, MutexGuard};

/// What the cell does whose turn it is.
pub(super) enum State {
    /// There is none, or it takes its variables out or puts them back: that does not take long.
    Brief,
    /// It runs its statements, and does not touch the store.
    Runs(Store),
    /// It is done, and the store waits for the next one.
    Rests(Store),
}

/// The store of the variables.
pub(super) struct Store(pub *mut c_void);

// SAFETY: whoever holds the lock of the state may use the store: while a cell runs its statements, and between two
// cells, nobody else does.
unsafe impl Send for Store {}

static STATE: Mutex<State> = Mutex::new(State::Brief);

/// The state; who holds it may use the store.
pub(super) fn lock() -> MutexGuard<'static, State> {
    lines::lock(&STATE)
}

/// Notes that a cell is about to take its variables out.
pub(super) fn wake() {
    *lock() = State::Brief;
}

/// Notes that the cell is done; `store` is untouched until [`wake`].
pub(super) fn rest(store: *mut c_void) {
    *lock() = State::Rests(Store(store));
}
