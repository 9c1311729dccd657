//! What stands in for cargo while cells are compiled.
//!
//! evcxr asks cargo to build each cell. For cells that link to the core library as it is, cargo has
//! nothing to decide, so this stand-in calls rustc once, directly. What it does not know goes to the
//! real cargo.
//!
//! - [`workdir`]: the folder and the environment that front, engine and stand-in share.
//! - [`rust`]: the compiler and cargo that built this program.
//! - [`kit`]: the folder with all that a cell is compiled with.
//! - [`flags`], [`unstable`]: what the compiler is told, and which of it nobody promises.
//! - [`plan`]: a cell as the front hands it over, and what compiling it came to.
//! - [`source`]: the source that is compiled in place of what evcxr generated.
//! - [`text`]: the text of a cell in it, each character at its place.
//! - [`interrupts`]: where cells look whether they are interrupted.
//! - [`types`]: the types of variables, read from the compiler's listing of the cell.
//! - [`unnameable`]: variables whose type has no name.
//! - [`compile`]: the runs of the compiler for one cell.
//! - [`rustc`], [`linker`]: one of them, and what links its outcome.
//! - [`cell_cache`], [`kept`]: cells that were compiled before.
//! - [`ahead`]: cells that are compiled while another one runs.
//! - [`diagnostics`]: what its errors mean.
//! - [`cargo`], [`answers`]: which request is answered how, and [`real`] for the rest.
//! - [`metadata`]: what rust-analyzer is told of the libraries.
//! - [`dependencies`]: crates that a notebook adds with `:dep`.

pub mod ahead;
pub mod answers;
pub mod cargo;
pub mod cell_cache;
pub mod compile;
pub mod dependencies;
pub mod diagnostics;
pub mod flags;
pub mod interrupts;
pub mod kept;
pub mod kit;
pub mod linker;
pub mod metadata;
pub mod plan;
pub mod real;
pub mod rust;
pub mod rustc;
pub mod source;
pub mod text;
pub mod types;
pub mod unnameable;
pub mod unstable;
pub mod workdir;
