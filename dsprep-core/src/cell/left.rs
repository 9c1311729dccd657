//! Which threads run a cell that was left behind.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// How often a cell was left behind.
static TURN: AtomicU64 = AtomicU64::new(0);
/// How many threads of such cells have not stopped yet.
static LEFT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// The turn in which this thread began its cell.
    static MINE: Cell<Option<u64>> = const { Cell::new(None) };
}

/// Notes that this thread begins a cell.
pub(super) fn begin() {
    MINE.set(Some(TURN.load(Ordering::Relaxed)));
}

/// Notes that the running cell is left behind.
pub(super) fn leave_one() {
    TURN.fetch_add(1, Ordering::Relaxed);
    LEFT.fetch_add(1, Ordering::Relaxed);
}

/// Notes that the thread of a cell that was left behind stops.
pub(super) fn stop_one() {
    LEFT.fetch_sub(1, Ordering::Relaxed);
}

/// Whether this thread runs a cell whose turn is over.
pub(super) fn is_left_behind() -> bool {
    MINE.get()
        .is_some_and(|mine| mine != TURN.load(Ordering::Relaxed))
}

/// Whether threads of cells that were left behind are still to stop.
pub(super) fn are_some_left() -> bool {
    LEFT.load(Ordering::Relaxed) > 0
}
