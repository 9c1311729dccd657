//! What the project's notebooks print: the original's numbers, and what is stored in them.

mod q16;
mod q20;
mod q25;
mod q30;
mod stored;
mod support;
