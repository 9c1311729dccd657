//! The two axes of a chart, and how values become places on the sheet.

use super::canvas::{Canvas, Drawn, pixels, text_width, write, write_ending_at, write_upwards};
use super::clutter::Area;
use super::color::{GRID, INK};
use super::scale::{Scale, Tick};
use super::stroke::{Place, clipped};
use plotters::prelude::PathElement;
use plotters::style::text_anchor::{HPos, VPos};

/// What the axes need below and left of the plot, besides the numbers.
const BELOW: i32 = 56;
const LEFT: i32 = 44;

/// The plot's edges in pixels, and its scales.
#[derive(Debug, Clone)]
pub(super) struct Axes {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
    pub(super) x: Scale,
    pub(super) y: Scale,
    x_ticks: Vec<Tick>,
    y_ticks: Vec<Tick>,
}

impl Axes {
    /// Axes with their numbers and names inside `area` (left, top, right, bottom).
    pub(super) fn new((left, top, right, bottom): Area, x: Scale, y: Scale) -> Self {
        // However small the sheet is, the axes have a length.
        let bottom = (bottom - BELOW).max(top + 1);
        let y_ticks = ticks_above_each_other(y, bottom - top);
        let left = left + LEFT + widest(&y_ticks);
        let right = right.max(left + 1);
        let x_ticks = fitting_ticks(x, right - left);
        Axes {
            left,
            top,
            right,
            bottom,
            x,
            y,
            x_ticks,
            y_ticks,
        }
    }

    /// Where `(x, y)` lies on the sheet.
    pub(super) fn place(&self, x: f64, y: f64) -> Place {
        (self.across(x), self.up(y))
    }

    /// How far from the sheet's left edge `x` lies.
    pub(super) fn across(&self, x: f64) -> f64 {
        f64::from(self.left) + f64::from(self.right - self.left) * near(self.x.share(x))
    }

    /// How far from the sheet's upper edge `y` lies.
    pub(super) fn up(&self, y: f64) -> f64 {
        f64::from(self.bottom) - f64::from(self.bottom - self.top) * near(self.y.share(y))
    }

    /// The parts of the line through the points that lie between the axes.
    pub(super) fn runs(&self, points: impl Iterator<Item = (f64, f64)>) -> Vec<Vec<Place>> {
        let path: Vec<Place> = points.map(|(x, y)| self.place(x, y)).collect();
        let (low, high) = self.corners();
        clipped(&path, low, high)
    }

    /// Whether a place lies between the axes.
    pub(super) fn holds(&self, (x, y): Place) -> bool {
        let ((left, top), (right, bottom)) = self.corners();
        let slack = 0.5;
        (left - slack..=right + slack).contains(&x) && (top - slack..=bottom + slack).contains(&y)
    }

    fn corners(&self) -> (Place, Place) {
        (
            (f64::from(self.left), f64::from(self.top)),
            (f64::from(self.right), f64::from(self.bottom)),
        )
    }

    /// The grid, which is drawn before the data.
    pub(super) fn draw_grid(&self, canvas: &Canvas<'_>, vertical: bool) -> Drawn {
        for tick in &self.y_ticks {
            let y = pixels(self.up(tick.value));
            canvas.draw(&PathElement::new([(self.left, y), (self.right, y)], GRID))?;
        }
        if !vertical {
            return Ok(());
        }
        for tick in &self.x_ticks {
            let x = pixels(self.across(tick.value));
            canvas.draw(&PathElement::new([(x, self.top), (x, self.bottom)], GRID))?;
        }
        Ok(())
    }

    /// The axes with their ticks, numbers and names, which are drawn after the data.
    pub(super) fn draw(&self, canvas: &Canvas<'_>, x_name: &str, y_name: &str) -> Drawn {
        let (left, top, right, bottom) = (self.left, self.top, self.right, self.bottom);
        canvas.draw(&PathElement::new(
            [(left, top), (left, bottom), (right, bottom)],
            INK,
        ))?;
        for tick in &self.y_ticks {
            let y = pixels(self.up(tick.value));
            canvas.draw(&PathElement::new([(left - 4, y), (left, y)], INK))?;
            write_ending_at(canvas, &tick.text, (left - 8, y))?;
        }
        for tick in &self.x_ticks {
            let x = pixels(self.across(tick.value));
            canvas.draw(&PathElement::new([(x, bottom), (x, bottom + 4)], INK))?;
            write(
                canvas,
                &tick.text,
                (x, bottom + 8),
                (HPos::Center, VPos::Top),
                &INK,
            )?;
        }
        let below = ((left + right) / 2, bottom + 32);
        write(canvas, x_name, below, (HPos::Center, VPos::Top), &INK)?;
        let beside = (left - widest(&self.y_ticks) - 26, (top + bottom) / 2);
        write_upwards(canvas, y_name, beside)
    }
}

/// How wide the widest number is.
/// A share of the axis that is far outside, but not so far that pixels can't be counted.
fn near(share: f64) -> f64 {
    share.clamp(-1e6, 1e6)
}

fn widest(ticks: &[Tick]) -> i32 {
    let widths = ticks.iter().map(|tick| text_width(&tick.text));
    widths.max().unwrap_or(0)
}

/// Ticks for an axis of this height: seven at most, and three or more if they have room, as two numbers say little.
fn ticks_above_each_other(scale: Scale, height: i32) -> Vec<Tick> {
    let number = |pixels: i32| usize::try_from(height / pixels).unwrap_or(2).clamp(2, 7);
    let ticks = scale.ticks(number(36));
    let closer = (number(36) + 1..=number(22)).map(|most| scale.ticks(most));
    std::iter::once(ticks.clone())
        .chain(closer)
        .find(|ticks| ticks.len() >= 3)
        .unwrap_or(ticks)
}

/// As many ticks as have room next to each other.
fn fitting_ticks(scale: Scale, width: i32) -> Vec<Tick> {
    let mut most = 10;
    loop {
        let ticks = scale.ticks(most);
        if have_room(&ticks, scale, width) || most <= 2 {
            return ticks;
        }
        most -= 1;
    }
}

/// Whether the numbers stand apart. Those of a logarithmic axis are not evenly spaced, so each pair is looked at.
fn have_room(ticks: &[Tick], scale: Scale, width: i32) -> bool {
    let is_apart = |two: &[Tick]| {
        let gap = f64::from(width) * (scale.share(two[1].value) - scale.share(two[0].value)).abs();
        let widths = text_width(&two[0].text) + text_width(&two[1].text);
        gap >= f64::from(widths / 2 + 12)
    };
    (widest(ticks) + 16) * ticks.len() as i32 <= width
        || scale.is_logarithmic() && ticks.windows(2).all(is_apart)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_lie_between_the_edges() {
        let scale = Scale::linear(0.0, 10.0);
        let axes = Axes::new((0, 0, 720, 400), scale, scale);
        assert_eq!(
            axes.place(0.0, 0.0),
            (f64::from(axes.left), f64::from(axes.bottom))
        );
        assert_eq!(axes.place(10.0, 10.0), (720.0, 0.0));
        assert!(axes.holds(axes.place(5.0, 5.0)) && !axes.holds(axes.place(11.0, 5.0)));
    }

    #[test]
    fn wide_numbers_get_fewer_ticks() {
        let count = |low: f64, high: f64| fitting_ticks(Scale::linear(low, high), 300).len();
        assert!(count(100_000.0, 100_010.0) < count(0.0, 10.0));
    }

    #[test]
    fn an_axis_has_more_than_two_numbers_where_they_have_room() -> crate::Result<()> {
        for (low, high) in [(-1.6, 3.7), (-0.3, 0.2), (1.0, 13.0)] {
            let axes = Axes::new(
                (0, 0, 720, 200),
                Scale::linear(low, high),
                Scale::linear(low, high),
            );
            assert!(axes.y_ticks.len() >= 3, "{low} to {high}");
        }
        let decades = Scale::around("x", [200.0, 20_000.0].into_iter(), 0.0, true)?;
        assert!(fitting_ticks(decades, 430).len() >= 3);
        assert_eq!(fitting_ticks(decades, 120).len(), 2);
        Ok(())
    }
}
