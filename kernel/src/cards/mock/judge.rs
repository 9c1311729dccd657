//! The points that a learner gave, and their sum.

use super::super::ask::INDENT;
use super::clock::shown;
use crate::terminal::Paint;
use std::collections::BTreeSet;
use std::time::Duration;

/// What a part of the interview brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Points {
    part: &'static str,
    made: usize,
    of: usize,
    took: Duration,
    limit: Duration,
}

impl Points {
    pub(super) fn new(
        part: &'static str,
        made: usize,
        of: usize,
        took: Duration,
        limit: Duration,
    ) -> Self {
        Points {
            part,
            made,
            of,
            took,
            limit,
        }
    }
}

/// How many of the points from 1 to `of` are named in a line, each counted once.
///
/// # Errors
/// What is wrong with the line.
pub(super) fn judged(line: &str, of: usize) -> Result<usize, String> {
    let mut made = BTreeSet::new();
    let words = line.split(|c: char| c.is_whitespace() || c == ',');
    for word in words.filter(|word| !word.is_empty()) {
        let number: usize = word
            .parse()
            .map_err(|_| format!("`{word}` is no number of a point: they are 1 to {of}."))?;
        if !(1..=of).contains(&number) {
            return Err(format!("There is no point {number}: they are 1 to {of}."));
        }
        made.insert(number);
    }
    Ok(made.len())
}

/// A line for each part, and their sum.
pub(super) fn summary(points: &[Points], paint: Paint) -> String {
    if points.is_empty() {
        return format!("{INDENT}Nothing was answered.\n");
    }
    let mut text = String::new();
    for Points {
        part,
        made,
        of,
        took,
        limit,
    } in points
    {
        let (first, rest) = part.split_at(1);
        let part = first.to_uppercase() + rest;
        let time = format!("{} of {}", shown(*took), shown(*limit));
        text += &format!("{INDENT}{part:<20}  {made} of {of}  {time:>14}\n");
    }
    let sum = |of: fn(&Points) -> usize| points.iter().map(of).sum::<usize>();
    let (made, of) = (sum(|own| own.made), sum(|own| own.of));
    let all = format!("{made} of {of} points");
    text + &format!("{INDENT}{}\n", paint.bold(&all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_counted_once_and_must_be_there() {
        assert_eq!(judged("1 3", 5), Ok(2));
        assert_eq!(judged(" 1,1, 2 ", 5), Ok(2));
        assert_eq!(judged("", 5), Ok(0));
        for wrong in ["0", "6", "-1", "1.5", "all", "18446744073709551616"] {
            assert!(judged(wrong, 5).is_err(), "{wrong}");
        }
    }
}
