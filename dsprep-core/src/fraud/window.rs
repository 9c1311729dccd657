//! Counts and sums over a sliding window, with a pointer instead of a search.
//!
//! Payments enter at the new end and leave at the old one. Each is added once and taken away once, so
//! that a stream of n payments costs O(n), whatever the window's width: amortised constant time.

use super::record::Record;
use std::collections::VecDeque;

/// How many payments a window holds, and what they come to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Window {
    seconds: i64,
    /// The index of the oldest record inside.
    first: usize,
    cents: i64,
}

impl Window {
    pub(super) fn new(seconds: i64) -> Self {
        Window {
            seconds,
            first: 0,
            cents: 0,
        }
    }

    /// Drops what is `seconds` old or older at the time `now`.
    pub(super) fn advance(&mut self, records: &VecDeque<Record>, now: i64) {
        while let Some(oldest) = records.get(self.first) {
            if oldest.payment.time > now - self.seconds {
                break;
            }
            self.cents -= oldest.payment.cents();
            self.first += 1;
        }
    }

    /// A record was added at the new end.
    pub(super) fn added(&mut self, cents: i64) {
        self.cents += cents;
    }

    /// The oldest record of the history is about to be removed.
    pub(super) fn removing_oldest(&mut self, cents: i64) {
        match self.first.checked_sub(1) {
            Some(first) => self.first = first,
            None => self.cents -= cents,
        }
    }

    pub(super) fn count(&self, records: &VecDeque<Record>) -> usize {
        records.len() - self.first
    }

    pub(super) fn dollars(&self) -> f64 {
        self.cents as f64 / 100.0
    }
}
