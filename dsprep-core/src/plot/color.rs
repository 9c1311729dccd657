//! Colours that colour-blind people can tell apart.

use plotters::style::{Color as _, RGBAColor, RGBColor};

/// Blue and vermillion of Okabe and Ito, "Color universal design", 2008.
pub(super) const BLUE: RGBColor = RGBColor(0, 114, 178);
/// See [`BLUE`].
pub(super) const VERMILLION: RGBColor = RGBColor(213, 94, 0);

/// The colours of Okabe and Ito for one series after the other; yellow, too light on white, is left out.
const SERIES: [RGBColor; 7] = [
    BLUE,
    VERMILLION,
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(60, 60, 60),
];

/// The colour of the series with this index; after seven, they come again.
pub(super) fn series_color(index: usize) -> RGBColor {
    SERIES[index % SERIES.len()]
}

/// The colour of text and axes.
pub(super) const INK: RGBColor = RGBColor(38, 38, 38);
/// The colour of what is left out.
pub(super) const FAINT: RGBColor = RGBColor(118, 118, 118);
/// The colour of grid lines.
pub(super) const GRID: RGBColor = RGBColor(228, 228, 228);

/// The sequential scheme "Blues" of ColorBrewer (Brewer and Harrower, 2003), from light to dark.
const BLUES: [RGBColor; 9] = [
    RGBColor(247, 251, 255),
    RGBColor(222, 235, 247),
    RGBColor(198, 219, 239),
    RGBColor(158, 202, 225),
    RGBColor(107, 174, 214),
    RGBColor(66, 146, 198),
    RGBColor(33, 113, 181),
    RGBColor(8, 81, 156),
    RGBColor(8, 48, 107),
];

/// The reds of ColorBrewer's diverging scheme "RdBu", from light to dark.
const REDS: [RGBColor; 5] = [
    RGBColor(247, 251, 255),
    RGBColor(253, 219, 199),
    RGBColor(244, 165, 130),
    RGBColor(214, 96, 77),
    RGBColor(178, 24, 43),
];

/// The blue of `share` (0 light, 1 dark).
pub(super) fn blues(share: f64) -> RGBColor {
    between(&BLUES, share)
}

/// From dark red (−1) through white (0) to dark blue (1).
pub(super) fn reds_and_blues(share: f64) -> RGBColor {
    if share < 0.0 {
        between(&REDS, -share)
    } else {
        blues(share)
    }
}

fn between(colors: &[RGBColor], share: f64) -> RGBColor {
    let position = share.clamp(0.0, 1.0) * (colors.len() - 1) as f64;
    let index = (position as usize).min(colors.len() - 2);
    let (from, to) = (colors[index], colors[index + 1]);
    let mix = |from: u8, to: u8| {
        let part = position - index as f64;
        (f64::from(from) * (1.0 - part) + f64::from(to) * part).round() as u8
    };
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// The colour of text that is readable on [`reds_and_blues`] of `share`.
pub(super) fn ink_on(share: f64) -> RGBAColor {
    if share.abs() > 0.65 {
        plotters::style::WHITE.mix(1.0)
    } else {
        INK.mix(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_seven_series_have_colours_of_their_own() {
        for one in 0..7 {
            for other in 0..one {
                assert_ne!(series_color(one), series_color(other));
            }
        }
        assert_eq!(series_color(7), series_color(0));
    }

    #[test]
    fn the_scale_runs_from_its_first_to_its_last_colour() {
        assert_eq!(blues(0.0), BLUES[0]);
        assert_eq!(blues(0.5), BLUES[4]);
        assert_eq!(blues(1.0), BLUES[8]);
        assert_eq!(blues(7.0), BLUES[8]);
    }
}
