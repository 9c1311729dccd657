//! How quick the kernel is, beside the compiler alone and plain evcxr, in one run.
//!
//! ```text
//! cargo bench -p dsprep --bench kernel              # the kernel and the floor
//! cargo bench -p dsprep --bench kernel -- --plain   # and plain evcxr: it builds polars first, for minutes
//! cargo bench -p dsprep --bench kernel -- --looks   # only what looking for an interruption costs
//! ```
//!
//! The script of cells is fixed ([`cells`]). The *floor* of a cell is one call of rustc on the very
//! source that the kernel compiled for it, with the same flags and linker; *with all* it lists types for every cell and
//! links through the C compiler, as the kernel once did. *Seen* is another kernel that runs the
//! same cells again. A lecture's notebook is run to its end twice, each time in a new kernel. Plain evcxr is evcxr_jupyter without our
//! stand-ins, which needs the component rust-src. Machines are noisy: compare within one run only.

mod cells;
mod client;
mod floor;
mod lecture;
mod looks;
mod memory;
mod table;

use client::Kernel;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

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
    if std::env::args().any(|argument| argument == "--looks") {
        let cache = TempDir::with_prefix("dsprep-bench-cells-").expect("a temporary folder");
        return looks::print(&mut Kernel::start(&[], cache.path()));
    }
    let plain = std::env::args().any(|argument| argument == "--plain");
    let cache = TempDir::with_prefix("dsprep-bench-cells-").expect("a temporary folder");
    // A kernel that has only started: what the engine asks the compiler each time is known from then on.
    Kernel::start(&[], cache.path()).run("()");
    let mut sides = fast_and_floors(cache.path());
    sides.push(side("dsprep, seen", &[], "", cache.path()));
    if plain {
        sides.push(plain_evcxr(cache.path()));
    }
    table::print_cells(&sides);
    table::print_summary(&sides);
    println!();
    lecture::print(cache.path());
    println!();
    questions(cache.path());
    looks::print(&mut Kernel::start(&[], cache.path()));
}

/// Runs the script in the kernel, and each cell's source through rustc alone right after it, so that
/// all meet the same noise.
fn fast_and_floors(cache: &Path) -> Vec<Side> {
    let mut kernel = Kernel::start(&[], cache);
    let info = kernel.info();
    kernel.run(cells::FIRST);
    let first = kernel.started.elapsed();
    let mut floor = floor::Floor::new(kernel.temp());
    floor.compile();
    let (mut times, mut floors, mut with_all) = (Vec::new(), Vec::new(), Vec::new());
    for cell in cells::SCRIPT {
        let start = Instant::now();
        kernel.run(cell);
        times.push(start.elapsed());
        floors.push(floor.compile());
        with_all.push(floor.compile_with_all());
    }
    let memory = Some(memory::resident(kernel.pid()));
    let kernel = Side {
        name: "dsprep",
        info: Some(info),
        first: Some(first),
        cells: times,
        memory,
    };
    let compiler = |name, cells| Side {
        name,
        info: None,
        first: None,
        cells,
        memory: None,
    };
    vec![
        kernel,
        compiler("rustc alone", floors),
        compiler("rustc with all", with_all),
    ]
}

fn side(name: &'static str, arguments: &[&str], before: &str, cache: &Path) -> Side {
    let mut kernel = Kernel::start(arguments, cache);
    let info = kernel.info();
    kernel.run(&format!("{before}{}", cells::FIRST));
    let first = Some(kernel.started.elapsed());
    let mut times = Vec::new();
    for cell in cells::SCRIPT {
        let start = Instant::now();
        kernel.run(cell);
        times.push(start.elapsed());
    }
    Side {
        name,
        info: Some(info),
        first,
        cells: times,
        memory: Some(memory::resident(kernel.pid())),
    }
}

fn plain_evcxr(cache: &Path) -> Side {
    let core = concat!(env!("CARGO_MANIFEST_DIR"), "/../dsprep-core");
    let before = format!(":dep dsprep-core = {{ path = {core:?} }}\n");
    side("plain evcxr", &["--plain"], &before, cache)
}

/// Completion and inspection, while nothing runs and while a cell does.
fn questions(cache: &Path) {
    let mut kernel = Kernel::start(&[], cache);
    kernel.run(cells::FIRST);
    kernel.run("let numbers = array![1.0, 2.0]; let frame = table!(\"a\" => [1, 2])?;");
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
