//! Floating-point numbers: many in one common format, or one by itself.

use super::html::grouped;

/// How the numbers of one array or column are written: with as many decimals as the one that needs
/// most of them, but no more than a limit.
///
/// Very large or very small numbers are written with an exponent, as NumPy does.
pub(super) struct NumberFormat {
    decimals: usize,
    exponent: bool,
}

impl NumberFormat {
    /// The format for `values` with at most `most` decimals.
    pub(super) fn for_values(values: impl Iterator<Item = f64> + Clone, most: usize) -> Self {
        let sizes = values
            .clone()
            .filter(|value| value.is_finite() && *value != 0.0)
            .map(f64::abs);
        let largest = sizes.clone().fold(0.0, f64::max);
        let smallest = sizes.fold(f64::INFINITY, f64::min);
        let exponent = largest >= 1e8 || smallest < 1e-4;
        let needed = |value: f64| {
            let text = if exponent {
                format!("{value:.most$e}")
            } else {
                format!("{value:.most$}")
            };
            let mantissa = text.split('e').next().unwrap_or_default();
            let decimals = mantissa.split('.').nth(1).unwrap_or_default();
            decimals.trim_end_matches('0').len()
        };
        let decimals = values
            .filter(|value| value.is_finite())
            .map(needed)
            .max()
            .unwrap_or(0);
        NumberFormat {
            decimals: decimals.max(1),
            exponent,
        }
    }

    /// Whether the numbers are written with an exponent.
    pub(super) fn has_exponent(&self) -> bool {
        self.exponent
    }

    /// `value` in this format.
    pub(super) fn write(&self, value: f64) -> String {
        let decimals = self.decimals;
        match value {
            _ if !value.is_finite() => format!("{value}"),
            _ if self.exponent => format!("{value:.decimals$e}"),
            _ => format!("{value:.decimals$}"),
        }
    }
}

/// How many digits tell a number that stands by itself.
const DIGITS: i32 = 6;

/// `value` by itself, rounded to six digits and at most six decimals, without zeros at the end.
///
/// Very large or very small numbers are written with an exponent.
pub(super) fn single(value: f64) -> String {
    if !value.is_finite() || value == 0.0 {
        return format!("{value}");
    }
    let magnitude = value.abs().log10().floor() as i32;
    if !(-4..8).contains(&magnitude) {
        return format!("{value:.2e}").replace(".00e", "e");
    }
    let decimals = (DIGITS - 1 - magnitude).clamp(0, DIGITS) as usize;
    let text = format!("{:.decimals$}", value.abs());
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let sign = if value < 0.0 { "-" } else { "" };
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), grouped);
    match part.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        part => format!("{sign}{whole}.{part}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(values: &[f64]) -> Vec<String> {
        let format = NumberFormat::for_values(values.iter().copied(), 6);
        values.iter().map(|&value| format.write(value)).collect()
    }

    #[test]
    fn all_numbers_have_the_decimals_of_the_one_that_needs_most() {
        assert_eq!(written(&[0.5, 12.25, -3.0]), ["0.50", "12.25", "-3.00"]);
        assert_eq!(written(&[1.0, 2.0]), ["1.0", "2.0"]);
        assert_eq!(written(&[1.0 / 3.0]), ["0.333333"]);
    }

    #[test]
    fn very_large_and_very_small_numbers_have_an_exponent() {
        assert_eq!(written(&[1e9, 2.5e9]), ["1.0e9", "2.5e9"]);
        assert_eq!(written(&[2e-7, 0.0]), ["2.0e-7", "0.0e0"]);
    }

    #[test]
    fn a_number_by_itself_has_six_digits() {
        let numbers = [
            (0.0, "0"),
            (2.0, "2"),
            (-1.0 / 3.0, "-0.333333"),
            (3840.84775, "3,840.85"),
            (1_234_567.8, "1,234,568"),
            (0.000_123_4, "0.000123"),
            (3.2e-7, "3.20e-7"),
            (1e12, "1e12"),
            (f64::INFINITY, "inf"),
        ];
        for (number, text) in numbers {
            assert_eq!(single(number), text);
        }
    }

    #[test]
    fn numbers_that_are_not_finite_are_named() {
        assert_eq!(
            written(&[f64::NAN, f64::INFINITY, 0.5]),
            ["NaN", "inf", "0.5"]
        );
    }
}
