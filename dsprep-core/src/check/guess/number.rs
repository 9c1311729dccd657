//! Numbers of guesses, in words.

/// How `guessed` differs from `result`.
pub(super) fn distance(guessed: f64, result: f64) -> String {
    if guessed.is_nan() || result.is_nan() {
        return "not to be compared".to_owned();
    }
    if guessed == result {
        return "right".to_owned();
    }
    let side = if guessed > result { "high" } else { "low" };
    if guessed.is_infinite() || result.is_infinite() {
        return format!("infinitely too {side}");
    }
    if (guessed - result).abs() <= 0.1 * result.abs() {
        return "close".to_owned();
    }
    let ratio = (guessed / result).max(result / guessed);
    if guessed * result > 0.0 {
        let times = if ratio < 10.0 {
            (10.0 * ratio).round() / 10.0
        } else {
            ratio.round()
        };
        format!("{} times too {side}", shown(times))
    } else {
        format!("{} too {side}", shown((guessed - result).abs()))
    }
}

/// The number with about three digits behind the point, and without zeros at its end.
pub(super) fn shown(number: f64) -> String {
    if !number.is_finite() {
        return number.to_string();
    }
    let size = number.abs();
    let decimals = match size {
        _ if size == 0.0 || size.fract() == 0.0 => 0,
        _ if size >= 100.0 => 1,
        _ if size >= 0.01 => 3,
        _ => return format!("{number:.2e}"),
    };
    let text = format!("{number:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        let all = [0.0, 7.0, 0.25, 0.1234, 123.456, 99.9999, 0.000_123, -1.5];
        assert_eq!(
            all.map(shown),
            ["0", "7", "0.25", "0.123", "123.5", "100", "1.23e-4", "-1.5"]
        );
    }

    #[test]
    fn large_ratios_are_whole() {
        assert_eq!(distance(1000.0, 1.1), "909 times too high");
        assert_eq!(distance(-40.0, -10.0), "4 times too low");
    }
}
