//! Properties that hold for any input: `proptest` draws the inputs, and shrinks one that breaks a property to
//! the smallest it finds.
//!
//! Two kinds. What each algorithm promises: a round trip, an equality with brute force, a bound. And what all
//! of them promise: bad numbers, nothing at all or unequal lengths give an error, and never a panic or a
//! silent NaN.

mod evaluate;
mod experiment;
mod extremes;
mod forecast;
mod fraud;
mod inputs;
mod interview;
mod learning;
mod linear;
mod monitor;
mod neural;
mod random;
mod recommend;
mod sql;
mod text;
mod trees;
mod triage;
