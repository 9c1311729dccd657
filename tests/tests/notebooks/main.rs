//! The project's notebooks: their form, what is stored in them, and the original's numbers.

mod core_path;
mod form;
mod predictions;
mod q16;
mod q17;
mod q18;
mod q19;
mod q20;
mod q21;
mod q22;
mod q23;
mod q24;
mod q25;
mod q26;
mod q27;
mod q28;
mod q29;
mod q30;
mod reference_card;
mod slides;
mod start;
mod stored;
mod support;
mod ten_minutes;
