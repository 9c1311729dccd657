//! What stands in for cargo while cells are compiled.
//!
//! evcxr asks cargo to build each cell. For cells that link to the core library as it is, cargo has
//! nothing to decide, so this stand-in calls rustc once, directly. What it does not know goes to the
//! real cargo.
//!
//! - [`session`]: the folder and the environment that front, engine and stand-in share.
//! - [`core_library`]: where the workspace build left the core.
//! - [`source`]: what is changed in the source that evcxr generated, line by line.
//! - [`types`]: the types of variables, read from the compiler's listing of the cell.
//! - [`compile`]: the call of rustc.
//! - [`cargo`]: which request is answered how.
//! - [`metadata`]: what rust-analyzer is told of the libraries.
//! - [`child`]: processes that end with us.
//! - [`dependencies`]: crates that a notebook adds with `:dep`.

pub mod cargo;
pub mod child;
pub mod compile;
pub mod core_library;
pub mod dependencies;
pub mod metadata;
pub mod session;
pub mod source;
pub mod types;
