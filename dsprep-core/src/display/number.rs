//! Floating-point numbers in one common format.

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
    fn numbers_that_are_not_finite_are_named() {
        assert_eq!(
            written(&[f64::NAN, f64::INFINITY, 0.5]),
            ["NaN", "inf", "0.5"]
        );
    }
}
