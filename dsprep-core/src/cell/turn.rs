//! Cells that do not end are left behind.
//!
//! Cells run one after the other on one thread. One that waits or computes in a call which hears of no interruption
//! would hold up all that follow, or take every variable with it if its process were ended. So the thread is left
//! to itself instead: another one goes on, with all variables but those that the cell had taken out. If the call
//! ever returns, the thread unwinds at the next statement, and stops for good before it reaches the variables again.

use super::frame::Frame;
use super::store::VariableStore;
use super::{interrupt, left, lines, panic};
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::Duration;

/// What the cell does whose turn it is.
enum State {
    /// There is none, or it takes its variables out or puts them back: that does not take long.
    Brief,
    /// It runs its statements, and does not touch the store.
    Runs(Store),
    /// It is done, and the store waits for the next one.
    Rests(Store),
}

/// The store of the variables.
struct Store(*mut VariableStore);

// SAFETY: whoever holds the lock of the state may use the store: while a cell runs its statements, and between two
// cells, nobody else does.
unsafe impl Send for Store {}

static STATE: Mutex<State> = Mutex::new(State::Brief);
/// How long it may take to print a word, before the cell is taken to hold the lock on that.
const PRINTS: Duration = Duration::from_millis(300);

/// Notes that a cell is about to take its variables out.
pub(super) fn wake() {
    *lines::lock(&STATE) = State::Brief;
}

/// Notes that the cell is done; `store` is untouched until [`wake`].
pub(super) fn rest(store: *mut VariableStore) {
    *lines::lock(&STATE) = State::Rests(Store(store));
}

/// What the variables hold between two cells. Nothing while one runs.
pub(super) fn values() -> Option<Vec<(String, String)>> {
    let state = lines::lock(&STATE);
    let State::Rests(Store(store)) = &*state else {
        return None;
    };
    // SAFETY: the next cell does not touch the store before it holds the lock.
    Some(unsafe { (**store).values() })
}

/// Notes that the cell has its variables and begins with its statements; `store` is untouched until [`back`].
pub fn begin(store: *mut VariableStore) {
    left::begin();
    *lines::lock(&STATE) = State::Runs(Store(store));
}

/// Notes that the statements are done. A cell that was left behind stops here.
pub fn back() {
    let mut state = lines::lock(&STATE);
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
    let mut state = lines::lock(&STATE);
    let State::Runs(Store(store)) = &*state else {
        return None;
    };
    // SAFETY: the cell does not touch its store before it holds this lock, and then it stops.
    let rest = unsafe { (**store).hand_over() };
    left::leave_one();
    interrupt::look_for_left(true);
    rest.list();
    let rest = Box::into_raw(Box::new(rest));
    *state = State::Rests(Store(rest));
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
