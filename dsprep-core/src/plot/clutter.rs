//! Where a text covers least.

use super::canvas::{TEXT_HEIGHT, pixels, text_width};
use super::stroke::Place;

/// A rectangle in pixels: left, top, right, bottom.
pub(super) type Area = (i32, i32, i32, i32);

/// What has been drawn, so that texts can keep clear of it.
#[derive(Debug, Default)]
pub(super) struct Clutter {
    dots: Vec<(i32, i32)>,
    areas: Vec<Area>,
}

impl Clutter {
    /// Remembers a line.
    pub(super) fn add_path(&mut self, path: &[Place]) {
        for ends in path.windows(2) {
            let (from, to) = (ends[0], ends[1]);
            let steps = ((to.0 - from.0).hypot(to.1 - from.1) / 3.0).ceil().max(1.0);
            for step in 0..=steps as usize {
                let share = step as f64 / steps;
                self.add_dot((
                    from.0 + share * (to.0 - from.0),
                    from.1 + share * (to.1 - from.1),
                ));
            }
        }
    }

    /// Remembers a point.
    pub(super) fn add_dot(&mut self, (x, y): Place) {
        self.dots.push((pixels(x), pixels(y)));
    }

    /// Remembers a rectangle, such as a text.
    pub(super) fn add_area(&mut self, area: Area) {
        self.areas.push(area);
    }

    /// How much an area would cover.
    fn cost(&self, (left, top, right, bottom): Area) -> usize {
        let inside = |&&(x, y): &&(i32, i32)| left <= x && x <= right && top <= y && y <= bottom;
        let dots = self.dots.iter().filter(inside).count();
        let crosses = |&&(l, t, r, b): &&Area| left < r && l < right && top < b && t < bottom;
        dots + 100 * self.areas.iter().filter(crosses).count()
    }

    /// The first of the `candidates` that covers least; it is remembered.
    pub(super) fn place(&mut self, candidates: &[Area]) -> Option<Area> {
        let best = candidates
            .iter()
            .copied()
            .min_by_key(|&area| self.cost(area))?;
        self.add_area(best);
        Some(best)
    }

    /// As [`place`](Self::place), but nothing if each candidate would cover another text.
    pub(super) fn place_if_free(&mut self, candidates: &[Area]) -> Option<Area> {
        let best = candidates
            .iter()
            .copied()
            .min_by_key(|&area| self.cost(area))?;
        if self.cost(best) >= 100 {
            return None;
        }
        self.add_area(best);
        Some(best)
    }
}

/// The area of `text` whose upper left corner is at `(left, top)`.
pub(super) fn text_area(text: &str, left: i32, top: i32) -> Area {
    (left, top, left + text_width(text), top + TEXT_HEIGHT + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_where_it_covers_least() {
        let mut clutter = Clutter::default();
        clutter.add_path(&[(0.0, 5.0), (50.0, 5.0)]);
        let (on, off) = ((0, 0, 40, 10), (0, 20, 40, 30));
        assert_eq!(clutter.place(&[on, off]), Some(off));
        assert_eq!(clutter.place(&[off, on]), Some(on));
        assert_eq!(clutter.place_if_free(&[on, off]), None);
    }
}
