//! Numbers as charts write them: at ticks, beside bars, in cells.

/// From here on numbers have an exponent: nobody counts 15 zeros.
const FIRST_WITH_EXPONENT: f64 = 1e15;

/// The number of a tick, with the decimals that its axis needs.
pub(super) fn tick_text(value: f64, decimals: i32, largest: f64) -> String {
    if largest >= FIRST_WITH_EXPONENT {
        return if value == 0.0 {
            "0".to_owned()
        } else {
            exponent(value)
        };
    }
    for (unit, power, suffix) in [(1e12, 12, "T"), (1e9, 9, "B"), (1e6, 6, "M")] {
        if largest >= unit {
            let decimals = (decimals + power).max(0) as usize;
            let text = format!("{:.decimals$}", value / unit);
            return if value == 0.0 {
                "0".to_owned()
            } else {
                text + suffix
            };
        }
    }
    if decimals > 4 && largest < 1e-3 {
        return if value == 0.0 {
            "0".to_owned()
        } else {
            exponent(value)
        };
    }
    let text = format!("{value:.*}", decimals.max(0) as usize);
    if largest >= 10_000.0 {
        grouped(&text)
    } else {
        text
    }
}

/// A tick on a logarithmic axis: plain where that is short, else a power of ten.
pub(super) fn log_text(value: f64, power: i32) -> String {
    match power {
        -3..=-1 => format!("{value:.*}", power.unsigned_abs() as usize),
        0..=5 => grouped(&format!("{value:.0}")),
        _ => {
            let factor = (value / 10_f64.powi(power)).round();
            let ten = format!("10{}", superscript(power));
            if factor == 1.0 {
                ten
            } else {
                format!("{factor}·{ten}")
            }
        }
    }
}

fn exponent(value: f64) -> String {
    let text = format!("{value:.1e}");
    text.replace(".0e", "e").replace('-', "−")
}

fn superscript(power: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digit = |c: char| c.to_digit(10).map_or('⁻', |digit| DIGITS[digit as usize]);
    power.to_string().chars().map(digit).collect()
}

/// The text of a number with commas between groups of three digits.
fn grouped(text: &str) -> String {
    let start = usize::from(text.starts_with('-'));
    let end = text.find('.').unwrap_or(text.len());
    let mut result = String::new();
    for (index, character) in text.char_indices() {
        if index > start && index < end && (end - index).is_multiple_of(3) {
            result.push(',');
        }
        result.push(character);
    }
    result
}

/// The texts of `values` as they are written next to bars or into cells: with the decimals that
/// they need, but at most three digits of the largest.
pub(super) fn value_texts(values: &[f64]) -> Vec<String> {
    let largest = values
        .iter()
        .fold(0.0, |most: f64, value| most.max(value.abs()));
    let whole = values.iter().all(|value| value.fract() == 0.0);
    let most = if whole || largest == 0.0 {
        0
    } else {
        (2.0 - largest.log10().floor()).clamp(0.0, 6.0) as usize
    };
    let needed = |value: &f64| {
        let text = format!("{value:.most$}");
        let decimals = text.split_once('.').map_or("", |(_, decimals)| decimals);
        decimals.trim_end_matches('0').len()
    };
    let decimals = values.iter().map(needed).max().unwrap_or(0);
    let text = |&value: &f64| {
        if value.abs() >= FIRST_WITH_EXPONENT {
            return exponent(value);
        }
        let text = format!("{value:.decimals$}");
        if value != 0.0 && text.chars().all(|c| "-0.".contains(c)) {
            return exponent(value);
        }
        grouped(&text)
    };
    values.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_with_three_digits_of_the_largest() {
        assert_eq!(value_texts(&[0.912, 0.5]), ["0.912", "0.500"]);
        assert_eq!(value_texts(&[12.34, 1.0]), ["12.3", "1.0"]);
        assert_eq!(value_texts(&[1200.0, 7.0]), ["1,200", "7"]);
        assert_eq!(value_texts(&[0.9, 0.000_04]), ["0.9", "4e−5"]);
        assert_eq!(value_texts(&[0.55, 0.8]), ["0.55", "0.80"]);
        assert_eq!(value_texts(&[-1234.5]), ["-1,234"]);
    }
}
