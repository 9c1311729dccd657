//! Axes as functions: from a value to its share of the axis, and where the ticks are.

use super::number_text::{log_text, tick_text};
use crate::checks::check;
use crate::{Error, Result};

/// How far from 0 a value may lie: beyond, a margin around it overflows.
pub(super) const FARTHEST: f64 = 1e300;

/// What a value must be instead.
pub(super) const NEAR_ENOUGH: &str = "at most 10^300 in size; draw it in another unit";

/// Values no farther apart are drawn as one: a tenth of the way between them may be rounded to 0.
const NARROWEST: f64 = 1e-300;

/// The scale of an axis from `low` to `high`, linear or logarithmic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    log: bool,
    reversed: bool,
    whole: bool,
}

/// A tick of an axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub(super) value: f64,
    pub(super) text: String,
}

impl Scale {
    /// A linear scale with exactly these ends.
    pub(super) fn linear(low: f64, high: f64) -> Self {
        let half = if high - low > NARROWEST {
            0.0
        } else {
            (0.5 * low.abs()).max(0.5)
        };
        Scale {
            low: low - half,
            high: high + half,
            log: false,
            reversed: false,
            whole: false,
        }
    }

    /// A scale that holds all `values` and leaves `margin` (a share) free at both ends.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the scale is logarithmic and a value is not positive.
    pub(super) fn around(
        axis: &'static str,
        values: impl Iterator<Item = f64> + Clone,
        margin: f64,
        log: bool,
    ) -> Result<Self> {
        let low = values.clone().fold(f64::INFINITY, f64::min);
        let high = values.fold(f64::NEG_INFINITY, f64::max);
        for (what, value) in [("smallest", low), ("largest", high)] {
            let holds = value.abs() <= FARTHEST;
            check(&format!("the {what} {axis}"), value, holds, NEAR_ENOUGH)?;
        }
        if !log {
            let ends = Scale::linear(low, high);
            let free = margin * (ends.high - ends.low);
            return Ok(Scale::linear(ends.low - free, ends.high + free));
        }
        if low <= 0.0 {
            return Err(Error::OutOfRange {
                what: format!("the smallest {axis}"),
                found: low.to_string(),
                expected: "positive on a logarithmic axis; leave out or shift what is not",
            });
        }
        let free = (margin * decades_between(low, high)).max(if high > low { 0.0 } else { 0.3 });
        let ends = 1.0 / FARTHEST..=FARTHEST;
        Ok(Scale {
            low: (low / 10_f64.powf(free)).clamp(*ends.start(), low.max(*ends.start())),
            high: (high * 10_f64.powf(free)).min(*ends.end()),
            log,
            reversed: false,
            whole: false,
        })
    }

    pub(super) fn low(&self) -> f64 {
        self.low
    }

    pub(super) fn high(&self) -> f64 {
        self.high
    }

    /// The same scale with its high end where its low end was.
    pub(super) fn reversed(self) -> Self {
        Scale {
            reversed: !self.reversed,
            ..self
        }
    }

    /// The same scale without ticks between whole numbers, as there is no epoch 1.5.
    pub(super) fn whole(self) -> Self {
        Scale {
            whole: true,
            ..self
        }
    }

    /// Where `value` lies: 0 at the low end, 1 at the high end; the other way round if reversed.
    pub(super) fn share(&self, value: f64) -> f64 {
        let share = if self.log {
            decades_between(self.low, value) / decades_between(self.low, self.high)
        } else {
            (value - self.low) / (self.high - self.low)
        };
        if self.reversed { 1.0 - share } else { share }
    }

    /// Whether equal steps are equal factors.
    pub(super) fn is_logarithmic(&self) -> bool {
        self.log
    }

    /// At most about `most` ticks at round numbers.
    pub(super) fn ticks(&self, most: usize) -> Vec<Tick> {
        if self.log {
            let ticks = self.log_ticks(most);
            if ticks.len() >= 2 {
                return ticks;
            }
        }
        self.linear_ticks(most)
    }

    fn linear_ticks(&self, most: usize) -> Vec<Tick> {
        let least = if self.whole { 1.0 } else { 0.0 };
        let raw = ((self.high - self.low) / most.max(1) as f64).max(least);
        let power = raw.log10().floor();
        let unit = 10_f64.powf(power);
        // Steps of 2.5 would put fractions between whole numbers.
        let factor = [1.0, 2.0, 2.5, 5.0]
            .into_iter()
            .filter(|factor| *factor != 2.5 || power != 0.0)
            .find(|factor| factor * unit >= raw * (1.0 - 1e-9))
            .unwrap_or(10.0);
        let step = factor * unit;
        if !(step > 0.0 && step.is_finite()) {
            return Vec::new();
        }
        let decimals = -power as i32 + i32::from(factor == 2.5) - i32::from(factor == 10.0);
        let first = (self.low / step - 1e-9).ceil() as i64;
        let last = (self.high / step + 1e-9).floor() as i64;
        let largest = self.low.abs().max(self.high.abs());
        let tick = |index: i64| {
            // Adding 0 turns −0 into 0.
            let value = index as f64 * step + 0.0;
            Tick {
                value,
                text: tick_text(value, decimals, largest),
            }
        };
        (first..=last).map(tick).collect()
    }

    fn log_ticks(&self, most: usize) -> Vec<Tick> {
        let (first, last) = (
            self.low.log10().floor() as i32,
            self.high.log10().ceil() as i32,
        );
        let decades = (last - first).max(1) as usize;
        let span = decades_between(self.low, self.high);
        let factors: &[f64] = if decades * 3 <= most + 2 || span * 3.0 <= most as f64 {
            &[1.0, 2.0, 5.0]
        } else {
            &[1.0]
        };
        let every = decades.div_ceil(most.max(1)).max(1);
        let powers = (first..=last).filter(|power| power.rem_euclid(every as i32) == 0);
        let values = powers.flat_map(|power| {
            let unit = 10_f64.powi(power);
            factors.iter().map(move |factor| (factor * unit, power))
        });
        values
            .filter(|(value, _)| (-1e-9..=1.0 + 1e-9).contains(&self.share(*value)))
            .map(|(value, power)| Tick {
                value,
                text: log_text(value, power),
            })
            .collect()
    }
}

/// How many powers of ten lie between two positive numbers, however far they are apart.
fn decades_between(from: f64, to: f64) -> f64 {
    let ratio = to / from;
    match ratio.is_normal() {
        true => ratio.log10(),
        false => to.log10() - from.log10(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(scale: Scale, most: usize) -> Vec<String> {
        scale
            .ticks(most)
            .into_iter()
            .map(|tick| tick.text)
            .collect()
    }

    #[test]
    fn linear_ticks_are_round_and_have_the_decimals_that_tell_them_apart() {
        assert_eq!(
            texts(Scale::linear(0.0, 1.0), 5),
            ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
        );
        assert_eq!(texts(Scale::linear(-3.0, 9.0), 4), ["0", "5"]);
        assert_eq!(
            texts(Scale::linear(0.0, 1.0), 4),
            ["0.00", "0.25", "0.50", "0.75", "1.00"]
        );
        assert_eq!(
            texts(Scale::linear(0.0, 40_000.0), 2),
            ["0", "20,000", "40,000"]
        );
        assert_eq!(texts(Scale::linear(0.0, 2.5e6), 3), ["0", "1M", "2M"]);
        assert_eq!(texts(Scale::linear(0.0, 2e-5), 2), ["0", "1e−5", "2e−5"]);
        assert_eq!(texts(Scale::linear(2020.0, 2024.0), 4)[0], "2020");
    }

    #[test]
    fn what_is_counted_has_no_ticks_between_whole_numbers() {
        let epochs = Scale::linear(1.0, 6.0);
        assert_eq!(texts(epochs, 10)[1], "1.5");
        assert_eq!(texts(epochs.whole(), 10), ["1", "2", "3", "4", "5", "6"]);
        assert_eq!(texts(epochs.whole(), 3), ["2", "4", "6"]);
    }

    #[test]
    fn logarithmic_ticks_are_powers_of_ten() -> Result<()> {
        let wide = Scale::around("x", [1e-8, 1e2].into_iter(), 0.0, true)?;
        assert_eq!(texts(wide, 6), ["10⁻⁸", "10⁻⁶", "10⁻⁴", "0.01", "1", "100"]);
        let narrow = Scale::around("x", [1.0, 10.0].into_iter(), 0.0, true)?;
        assert_eq!(texts(narrow, 6), ["1", "2", "5", "10"]);
        assert!((wide.share(1e-3) - 0.5).abs() < 1e-12);
        Ok(())
    }

    #[test]
    fn a_logarithmic_axis_refuses_zero() {
        let error = Scale::around("x", [0.0, 1.0].into_iter(), 0.0, true).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("the smallest x is 0, but it must be positive")
        );
    }

    #[test]
    fn equal_values_still_span_an_axis() -> Result<()> {
        let scale = Scale::around("y", [3.0, 3.0].into_iter(), 0.04, false)?;
        assert_eq!(scale.share(3.0), 0.5);
        assert!(!scale.ticks(5).is_empty());
        Ok(())
    }
}
