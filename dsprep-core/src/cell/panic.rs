//! Panics and failed `?` in a cell, told to the kernel with the place in the source.

use super::frame::Frame;
use super::{interrupt, lines};
use std::cell::{Cell, RefCell};
use std::panic::{Location, PanicHookInfo};
use std::thread::ThreadId;

/// What evcxr waits for when a cell panicked.
const PANIC_NOTIFICATION: &str = "EVCXR_PANIC_NOTIFICATION";

/// A panic as the hook saw it.
struct Panic {
    message: String,
    file: String,
    line: u32,
    column: u32,
}

thread_local! {
    /// The last panic of this thread that nothing has been told of yet.
    static PENDING: RefCell<Option<Panic>> = const { RefCell::new(None) };
    /// The line of the cell whose statement runs: a panic in a library is told with it.
    static LINE: Cell<u32> = const { Cell::new(0) };
}

/// Notes that the statement on this line of the cell comes next.
pub fn at_line(line: u32) {
    interrupt::check_turn();
    LINE.set(line);
}

/// Starts a cell. The panic hook makes sure that a panic is told once, by the kernel; a hook that an
/// earlier cell has set ends here.
pub fn enter() {
    let cell_thread = std::thread::current().id();
    std::panic::set_hook(Box::new(move |info| on_panic(info, cell_thread)));
    PENDING.set(None);
    LINE.set(0);
    interrupt::start_anew();
}

/// Ends a cell.
pub fn leave() {
    if let Some(caught) = PENDING.take() {
        // The cell caught its panic and went on. Rust tells of such panics on standard error.
        eprintln!("{}", caught.text());
    }
    if interrupt::is_asked_for() {
        // Even if it came to its end before it looked: what waits behind it is stopped all the same.
        Frame::new("interrupted").send();
    }
}

/// Tells the kernel and the engine that the cell ended in the panic that the hook saw, or was interrupted.
pub(super) fn tell() {
    let panic = PENDING.take();
    let frame = Frame::new("panic");
    let frame = match &panic {
        _ if interrupt::has_stopped() => Frame::new("interrupted"),
        None => frame.text("message", "the cell panicked"),
        Some(panic) => frame
            .text("message", &panic.message)
            .text("file", &panic.file)
            .number("line", panic.line)
            .number("column", panic.column),
    };
    frame.number("cell_line", LINE.get()).send();
    tell_engine();
}

/// Tells the engine that the cell ended early.
pub(super) fn tell_engine() {
    lines::tell_engine(PANIC_NOTIFICATION);
}

/// Tells the kernel that a `?` in the cell met an error, by its `message`.
#[track_caller]
pub fn failed(message: &str) {
    interrupt::check_turn();
    let place = Location::caller();
    Frame::new("error")
        .text("message", message)
        .text("file", place.file())
        .number("line", place.line())
        .number("column", place.column())
        .send();
}

fn on_panic(info: &PanicHookInfo<'_>, cell_thread: ThreadId) {
    let panic = Panic::from(info);
    if std::thread::current().id() == cell_thread {
        if let Some(earlier) = PENDING.replace(Some(panic)) {
            eprintln!("{}", earlier.text());
        }
    } else {
        eprintln!("{}", panic.text());
    }
}

impl Panic {
    fn text(&self) -> String {
        let Panic {
            message,
            file,
            line,
            column,
        } = self;
        format!("panicked at {file}:{line}:{column}:\n{message}")
    }
}

impl From<&PanicHookInfo<'_>> for Panic {
    fn from(info: &PanicHookInfo<'_>) -> Self {
        let place = info.location();
        Panic {
            message: info
                .payload_as_str()
                .unwrap_or("the cell panicked")
                .to_owned(),
            file: place.map_or_else(String::new, |place| place.file().to_owned()),
            line: place.map_or(0, Location::line),
            column: place.map_or(0, Location::column),
        }
    }
}
