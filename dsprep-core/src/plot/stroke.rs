//! Lines and points that differ by more than their colour.

use super::canvas::{Canvas, Drawn, pixels};
use plotters::prelude::{Circle, PathElement, Polygon};
use plotters::style::{Color as _, RGBColor};

pub(super) const LINE_WIDTH: u32 = 2;

/// A place in pixels, not yet rounded.
pub(super) type Place = (f64, f64);

/// How a line is dashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dash {
    Solid,
    Dashed,
    Dotted,
    Mixed,
    Long,
}

impl Dash {
    /// One after the other, for lines that do not say how they are dashed.
    pub(super) const ALL: [Dash; 5] = [
        Dash::Solid,
        Dash::Dashed,
        Dash::Mixed,
        Dash::Dotted,
        Dash::Long,
    ];

    /// The lengths of what is drawn and left out in turn.
    fn pattern(self) -> &'static [f64] {
        match self {
            Dash::Solid => &[],
            Dash::Dashed => &[7.0, 4.0],
            Dash::Dotted => &[2.0, 4.0],
            Dash::Mixed => &[10.0, 4.0, 2.0, 4.0],
            Dash::Long => &[16.0, 5.0],
        }
    }
}

/// The shape of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    Circle,
    Square,
    Triangle,
    Diamond,
    Cross,
}

impl Marker {
    /// The shape of the points of the series with this index.
    pub(super) fn of_series(index: usize) -> Self {
        use Marker::{Circle, Cross, Diamond, Square, Triangle};
        [Circle, Square, Triangle, Diamond, Cross][index % 5]
    }
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pen {
    pub(super) color: RGBColor,
    pub(super) dash: Dash,
    pub(super) width: u32,
}

impl Pen {
    pub(super) fn new(color: RGBColor, dash: Dash) -> Self {
        Pen {
            color,
            dash,
            width: LINE_WIDTH,
        }
    }
}

/// Draws the line through `path`.
pub(super) fn draw_path(canvas: &Canvas<'_>, path: &[Place], pen: Pen) -> Drawn {
    for piece in pieces(path, pen.dash.pattern()) {
        let points = on_pixels(&piece);
        if points.len() > 1 {
            canvas.draw(&PathElement::new(points, pen.color.stroke_width(pen.width)))?;
        }
    }
    Ok(())
}

/// Draws a point `size` pixels from its centre to its edge.
pub(super) fn draw_marker(
    canvas: &Canvas<'_>,
    marker: Marker,
    (x, y): Place,
    size: f64,
    color: (RGBColor, f64),
) -> Drawn {
    let fill = color.0.mix(color.1).filled();
    let polygon = |corners: &[Place]| {
        let corners = corners
            .iter()
            .map(|(dx, dy)| (pixels(x + size * dx), pixels(y + size * dy)));
        canvas.draw(&Polygon::new(corners.collect::<Vec<_>>(), fill))
    };
    match marker {
        Marker::Circle => canvas.draw(&Circle::new((pixels(x), pixels(y)), pixels(size), fill)),
        Marker::Square => polygon(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
        Marker::Triangle => polygon(&[(0.0, -1.2), (1.1, 0.9), (-1.1, 0.9)]),
        Marker::Diamond => polygon(&[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)]),
        Marker::Cross => {
            let (s, style) = (pixels(size), color.0.mix(color.1).stroke_width(2));
            let (x, y) = (pixels(x), pixels(y));
            canvas.draw(&PathElement::new([(x - s, y - s), (x + s, y + s)], style))?;
            canvas.draw(&PathElement::new([(x - s, y + s), (x + s, y - s)], style))
        }
    }
}

/// The parts of `path` that are drawn if it is dashed by `pattern`.
fn pieces(path: &[Place], pattern: &[f64]) -> Vec<Vec<Place>> {
    if pattern.is_empty() {
        return vec![path.to_vec()];
    }
    let mut pieces = Vec::new();
    let mut current: Vec<Place> = path.first().copied().into_iter().collect();
    let (mut phase, mut left) = (0, pattern[0]);
    for ends in path.windows(2) {
        let (from, to) = (ends[0], ends[1]);
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let share = done / length;
            let at = (
                from.0 + share * (to.0 - from.0),
                from.1 + share * (to.1 - from.1),
            );
            current.push(at);
            if phase % 2 == 0 {
                pieces.push(std::mem::take(&mut current));
            }
            phase = (phase + 1) % pattern.len();
            left = pattern[phase];
            current = vec![at];
        }
        left -= length - done;
        current.push(to);
    }
    if phase % 2 == 0 {
        pieces.push(current);
    }
    pieces
}

/// The pixels of a line, without those that change nothing: a curve of 10,000 points stays small.
fn on_pixels(path: &[Place]) -> Vec<(i32, i32)> {
    let mut points: Vec<(i32, i32)> = Vec::new();
    for &(x, y) in path {
        let at = (pixels(x), pixels(y));
        if points.last() == Some(&at) {
            continue;
        }
        if let [.., a, b] = points[..] {
            let vertical = a.0 == b.0 && b.0 == at.0 && (a.1 < b.1) == (b.1 < at.1);
            let horizontal = a.1 == b.1 && b.1 == at.1 && (a.0 < b.0) == (b.0 < at.0);
            if vertical || horizontal {
                points.pop();
            }
        }
        points.push(at);
    }
    points
}

/// The parts of `path` inside the rectangle from `(left, top)` to `(right, bottom)`.
///
/// Each segment is cut after Liang and Barsky, 1984.
pub(super) fn clipped(
    path: &[Place],
    (left, top): Place,
    (right, bottom): Place,
) -> Vec<Vec<Place>> {
    let mut runs: Vec<Vec<Place>> = Vec::new();
    for ends in path.windows(2) {
        let ((x, y), to) = (ends[0], ends[1]);
        let (dx, dy) = (to.0 - x, to.1 - y);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (step, room) in [
            (-dx, x - left),
            (dx, right - x),
            (-dy, y - top),
            (dy, bottom - y),
        ] {
            if step == 0.0 && room < 0.0 {
                leave = -1.0;
            } else if step < 0.0 {
                enter = enter.max(room / step);
            } else if step > 0.0 {
                leave = leave.min(room / step);
            }
        }
        if enter > leave {
            continue;
        }
        let at = |share: f64| (x + share * dx, y + share * dy);
        match runs.last_mut() {
            Some(run) if enter == 0.0 && run.last() == Some(&(x, y)) => run.push(at(leave)),
            _ => runs.push(vec![at(enter), at(leave)]),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dashed_line_leaves_its_gaps_out() {
        let drawn = pieces(&[(0.0, 0.0), (10.0, 0.0)], &[3.0, 2.0]);
        assert_eq!(drawn[0], [(0.0, 0.0), (3.0, 0.0)]);
        assert_eq!(drawn[1], [(5.0, 0.0), (8.0, 0.0)]);
        assert_eq!(pieces(&[(0.0, 0.0), (9.0, 0.0)], &[]).len(), 1);
    }

    #[test]
    fn dashes_go_round_corners() {
        let drawn = pieces(&[(0.0, 0.0), (2.0, 0.0), (2.0, 5.0)], &[4.0, 1.0]);
        assert_eq!(drawn[0], [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0)]);
    }

    #[test]
    fn pixels_that_change_nothing_are_left_out() {
        let path: Vec<Place> = (0..1000).map(|i| (f64::from(i) / 10.0, 5.0)).collect();
        assert_eq!(on_pixels(&path), [(0, 5), (100, 5)]);
        let spike = [(0.0, 0.0), (0.0, 9.0), (0.0, 3.0)];
        assert_eq!(on_pixels(&spike), [(0, 0), (0, 9), (0, 3)]);
    }

    #[test]
    fn a_line_is_cut_at_the_edges() {
        let path = [
            (-5.0, 5.0),
            (5.0, 5.0),
            (5.0, 20.0),
            (8.0, 20.0),
            (8.0, 5.0),
        ];
        let runs = clipped(&path, (0.0, 0.0), (10.0, 10.0));
        assert_eq!(runs[0], [(0.0, 5.0), (5.0, 5.0), (5.0, 10.0)]);
        assert_eq!(runs[1], [(8.0, 10.0), (8.0, 5.0)]);
    }
}
