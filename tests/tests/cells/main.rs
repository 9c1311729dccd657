//! Small notebooks, several cells each: what people write, and what has to come of it.
//!
//! Each case starts a kernel of its own and runs its cells in order. Behind each cell stands what it must come to.

mod errors;
mod evcxr;
mod layouts;
mod names;
mod places;
mod redefined;
mod state;
mod support;
mod unchanged;
