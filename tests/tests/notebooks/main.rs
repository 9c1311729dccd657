//! What the project's notebooks print: the original's numbers, and what is stored in them.

mod q16;
mod q20;
mod q29;
mod q30;
mod reference_card;
mod stored;
mod support;
