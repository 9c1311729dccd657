//! Ranges that are gone over in parts, with a look for an interruption between two.

use std::ops::{Range, RangeInclusive};

/// A range in parts.
///
/// The kernel puts this around a loop of a cell that does nothing but arithmetic for each number of a range. A look
/// in each turn would keep the compiler from using the vector instructions of the processor.
///
/// # Examples
/// ```
/// let mut parts = dsprep_core::cell::Parts::new();
/// let mut sum = 0_u64;
/// while parts.go_on() {
///     dsprep_core::cell::check_interrupt();
///     for i in parts.next(|| 0..10_000) {
///         sum += i;
///     }
/// }
/// assert_eq!(sum, 49_995_000);
/// ```
#[derive(Debug)]
pub struct Parts<R> {
    /// What is left; nothing before the first part.
    left: Option<R>,
    /// Whether the last part has been given out.
    over: bool,
}

/// A range that can be cut.
pub trait Cut: Sized {
    /// Cuts its first part off, and tells whether that is all of it.
    fn cut(&mut self) -> (Self, bool);
}

/// A number that ranges are made of.
pub trait Number: Copy + PartialOrd {
    /// The last number of the part that begins at `start`, and the one after it; none if the part is the last one.
    fn part(start: Self, end: Self) -> Option<(Self, Self)>;
}

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl Number for $number {
            #[inline(always)]
            fn part(start: Self, end: Self) -> Option<(Self, Self)> {
                let is_long = start < end && end.abs_diff(start) > 4096;
                is_long.then(|| (start + 4095, start + 4096))
            }
        })*
    };
}

macro_rules! small_numbers {
    ($($number:ty),*) => {
        $(impl Number for $number {
            #[inline(always)]
            fn part(_start: Self, _end: Self) -> Option<(Self, Self)> {
                None
            }
        })*
    };
}

numbers!(u16, u32, u64, u128, usize, i16, i32, i64, i128, isize);
small_numbers!(u8, i8);

impl<T: Number> Cut for Range<T> {
    #[inline(always)]
    fn cut(&mut self) -> (Self, bool) {
        match T::part(self.start, self.end) {
            Some((_, next)) => (std::mem::replace(&mut self.start, next)..next, false),
            None => (self.start..self.end, true),
        }
    }
}

impl<T: Number> Cut for RangeInclusive<T> {
    #[inline(always)]
    fn cut(&mut self) -> (Self, bool) {
        let (start, end) = (*self.start(), *self.end());
        match T::part(start, end) {
            Some((last, next)) => {
                *self = next..=end;
                (start..=last, false)
            }
            None => (start..=end, true),
        }
    }
}

impl<R: Cut> Default for Parts<R> {
    fn default() -> Self {
        Parts::new()
    }
}

impl<R: Cut> Parts<R> {
    /// Before the first part.
    #[inline(always)]
    pub fn new() -> Self {
        Parts {
            left: None,
            over: false,
        }
    }

    /// Whether there is another part.
    #[inline(always)]
    pub fn go_on(&self) -> bool {
        !self.over
    }

    /// The next part. The `range` is asked for once.
    #[inline(always)]
    pub fn next(&mut self, range: impl FnOnce() -> R) -> R {
        let (part, over) = self.left.get_or_insert_with(range).cut();
        self.over = over;
        part
    }
}

#[cfg(test)]
// A list of parts may have one.
#[allow(clippy::single_range_in_vec_init)]
mod tests {
    use super::*;

    fn all<R: Cut + Clone>(range: R) -> Vec<R> {
        let mut parts = Parts::new();
        let mut found = Vec::new();
        while parts.go_on() {
            found.push(parts.next(|| range.clone()));
        }
        found
    }

    #[test]
    fn the_parts_are_the_range() {
        assert_eq!(all(0_u64..10_000), [0..4096, 4096..8192, 8192..10_000]);
        assert_eq!(all(-5_i8..100), [-5..100]);
        assert_eq!(all(i8::MIN..i8::MAX), [i8::MIN..i8::MAX]);
        assert_eq!(all(5_i32..5), [5..5]);
        assert_eq!(all(i64::MAX - 1..i64::MAX), [i64::MAX - 1..i64::MAX]);
        assert_eq!(all(i32::MIN..i32::MAX).len(), 1 << 20);
        assert_eq!(all(1..=4097_u16), [1..=4097]);
        assert_eq!(all(0..=4097_u16), [0..=4095, 4096..=4097]);
        assert_eq!(all(u64::MAX - 2..=u64::MAX), [u64::MAX - 2..=u64::MAX]);
        assert_eq!(all(i64::MIN..=i64::MIN), [i64::MIN..=i64::MIN]);
    }

    #[test]
    #[expect(clippy::reversed_empty_ranges, reason = "a cell may hold one")]
    fn a_range_that_ends_before_it_starts_has_one_empty_part() {
        assert_eq!(all(3_usize..1), [3..1]);
        assert_eq!(all(3_usize..=1), [3..=1]);
    }
}
