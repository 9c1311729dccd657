//! How quick the kernel is, beside the compiler alone and plain evcxr, in one run.
//!
//! ```text
//! cargo bench -p dsprep --bench kernel              # the kernel and the floor
//! cargo bench -p dsprep --bench kernel -- --plain   # and plain evcxr: it builds polars first, for minutes
//! ```
//!
//! The script of cells is fixed ([`cells`]). The *floor* of a cell is one call of rustc on the very
//! source that the kernel compiled for it, with the same flags. Plain evcxr is evcxr_jupyter without our
//! stand-ins, which needs the component rust-src. Machines are noisy: compare within one run only.

mod cells;
mod client;
mod floor;
mod memory;
mod table;

use client::Kernel;
use std::time::{Duration, Instant};

/// What one side of the comparison came to.
struct Side {
    name: &'static str,
    /// From the start of the process to the answer to `kernel_info_request`.
    info: Option<Duration>,
    /// From the start of the process to the first result of a cell that uses the prelude.
    first: Option<Duration>,
    /// The round trip of each later cell.
    cells: Vec<Duration>,
    /// Resident memory of all processes after the script, in MB.
    memory: Option<f64>,
}

fn main() {
    let plain = std::env::args().any(|argument| argument == "--plain");
    let (kernel, floor) = fast_and_floor();
    let mut sides = vec![kernel, floor];
    if plain {
        sides.push(plain_evcxr());
    }
    table::print_cells(&sides);
    table::print_summary(&sides);
    println!();
    questions();
}

/// Runs the script in the kernel, and each cell's source through rustc alone right after it, so that
/// both meet the same noise.
fn fast_and_floor() -> (Side, Side) {
    let mut kernel = Kernel::start(&[]);
    let info = kernel.info();
    kernel.run(cells::FIRST);
    let first = kernel.started.elapsed();
    let mut floor = floor::Floor::new(kernel.temp());
    floor.compile();
    let (mut times, mut floors) = (Vec::new(), Vec::new());
    for cell in cells::SCRIPT {
        let start = Instant::now();
        kernel.run(cell);
        times.push(start.elapsed());
        floors.push(floor.compile());
    }
    let memory = Some(memory::resident(kernel.pid()));
    let kernel = Side {
        name: "dsprep",
        info: Some(info),
        first: Some(first),
        cells: times,
        memory,
    };
    let floor = Side {
        name: "rustc alone",
        info: None,
        first: None,
        cells: floors,
        memory: None,
    };
    (kernel, floor)
}

fn plain_evcxr() -> Side {
    let core = concat!(env!("CARGO_MANIFEST_DIR"), "/../dsprep-core");
    let mut kernel = Kernel::start(&["--plain"]);
    let info = kernel.info();
    kernel.run(&format!(
        ":dep dsprep-core = {{ path = {core:?} }}\n{}",
        cells::FIRST
    ));
    let first = Some(kernel.started.elapsed());
    let mut times = Vec::new();
    for cell in cells::SCRIPT {
        let start = Instant::now();
        kernel.run(cell);
        times.push(start.elapsed());
    }
    let memory = Some(memory::resident(kernel.pid()));
    Side {
        name: "plain evcxr",
        info: Some(info),
        first,
        cells: times,
        memory,
    }
}

/// Completion and inspection, while nothing runs and while a cell does.
fn questions() {
    let mut kernel = Kernel::start(&[]);
    kernel.run(cells::FIRST);
    kernel.run("let numbers = array![1.0, 2.0]; let frame = df!(\"a\" => [1, 2])?;");
    let start = Instant::now();
    kernel.complete("frame.he");
    println!(
        "the first completion, which reads the libraries: {}",
        table::seconds(start.elapsed())
    );
    let asked = [
        "numbers.",
        "frame.he",
        "atten",
        "RandomState::",
        "numbers.su",
        "Connection::",
    ];
    let mut idle: Vec<Duration> = asked.iter().map(|code| kernel.complete(code)).collect();
    idle.extend(
        asked
            .iter()
            .map(|code| kernel.inspect(code.trim_end_matches(['.', ':']))),
    );
    kernel.send("std::thread::sleep(std::time::Duration::from_secs(3))");
    std::thread::sleep(Duration::from_millis(1500));
    let busy: Vec<Duration> = asked.iter().map(|code| kernel.complete(code)).collect();
    println!(
        "completion and inspection, median: {}",
        table::seconds(table::median(&idle))
    );
    println!(
        "completion while a cell runs, slowest: {}",
        table::seconds(table::slowest(&busy))
    );
    println!(
        "memory with completion in use: {:.0} MB",
        memory::resident(kernel.pid())
    );
}
