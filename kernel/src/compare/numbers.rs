//! Numbers in a text.

/// How long a number may be written, in bytes: longer runs of digits are no numbers but data.
const LONGEST: usize = 64;

/// Whether two texts have the same characters, but for numbers that are `near` each other. That is asked with each
/// number and how it is written.
pub fn agree(stored: &str, fresh: &str, near: impl Fn(&str, f64, &str, f64) -> bool) -> bool {
    let (mut stored, mut fresh) = (stored, fresh);
    while !stored.is_empty() && !fresh.is_empty() {
        match (number(stored), number(fresh)) {
            (Some((one, length)), Some((other, other_length))) => {
                if !near(&stored[..length], one, &fresh[..other_length], other) {
                    return false;
                }
                (stored, fresh) = (&stored[length..], &fresh[other_length..]);
            }
            (None, None) => {
                let (mut left, mut right) = (stored.chars(), fresh.chars());
                if left.next() != right.next() {
                    return false;
                }
                (stored, fresh) = (left.as_str(), right.as_str());
            }
            _ => return false,
        }
    }
    stored.is_empty() && fresh.is_empty()
}

/// The number at the start of `text`, and how long it is written.
fn number(text: &str) -> Option<(f64, usize)> {
    let in_number = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    let length = text
        .bytes()
        .take(LONGEST)
        .take_while(|byte| in_number(byte))
        .count();
    // `10-5` in a path is two numbers.
    (1..=length)
        .rev()
        .find_map(|length| Some((text[..length].parse().ok()?, length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_may_differ() {
        let near = |_: &str, one: f64, _: &str, other: f64| (one - other).abs() < 0.5;
        assert!(agree("mean 1.25, n 3", "mean 1.5, n 3", near));
        assert!(agree("M10-5", "M10.25-5", near));
        for (stored, fresh) in [
            ("mean 1.25", "mean 2"),
            ("a 1", "b 1"),
            ("1", "1 "),
            ("1 2", "1"),
        ] {
            assert!(!agree(stored, fresh, near), "{stored} {fresh}");
        }
    }

    #[test]
    fn long_runs_of_digits_take_no_longer_than_they_are() {
        let data = "1".repeat(2_000_000);
        assert!(agree(&data, &data, |_, one, _, other| one == other));
    }
}
