//! What is learned: classes or numbers.

/// Says that classes are learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Classification {}

/// Says that numbers are learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regression {}
