//! The names of lines at their ends.

use super::LineChart;
use crate::plot::axes::Axes;
use crate::plot::canvas::{Canvas, Drawn, TEXT_HEIGHT, pixels, text_width, write};
use crate::plot::color::INK;
use crate::plot::line::Line;
use crate::plot::scale::Scale;
use plotters::prelude::PathElement;
use plotters::style::text_anchor::{HPos, VPos};

/// The least distance of two names beside the ends of their lines.
const NAME_ROW: i32 = TEXT_HEIGHT + 3;
/// How far a name may be from the end of its line, and how wide the stroke between them is.
const FARTHEST_NAME: i32 = 24;
const LEADER: i32 = 10;
/// The most that such names may take of the width.
const WIDEST_NAME: i32 = 190;

impl LineChart<'_> {
    /// What the names take of the width, with the strokes that lead to them.
    pub(super) fn names_width(&self) -> i32 {
        self.widest_name() + LEADER + 16
    }

    fn widest_name(&self) -> i32 {
        let widths = self.lines.iter().map(|line| text_width(&line.name));
        widths.max().unwrap_or(0)
    }

    /// Whether all lines end at the right edge, far enough apart to write the names beside them.
    pub(super) fn names_at_ends(&self, (_, height): (i32, i32), x: Scale, y: Scale) -> bool {
        let at_edge = |line: &Line| {
            let (Some(&x_end), Some(&y_end)) = (line.x.last(), line.y.last()) else {
                return false;
            };
            (0.98..=1.001).contains(&x.share(x_end)) && (0.0..=1.0).contains(&y.share(y_end))
        };
        let plot = f64::from(height - 110);
        let ends: Vec<i32> = self.ends().map(|end| pixels(plot * y.share(end))).collect();
        let moved = spread(&ends, NAME_ROW);
        let near = ends
            .iter()
            .zip(&moved)
            .all(|(end, to)| (end - to).abs() <= FARTHEST_NAME);
        let named = self.lines.iter().all(|line| !line.name.is_empty());
        let widest = WIDEST_NAME.min(self.view.size.0 as i32 / 3);
        named && near && self.lines.iter().all(at_edge) && self.widest_name() <= widest
    }

    /// The last value of each line.
    fn ends(&self) -> impl Iterator<Item = f64> {
        self.lines.iter().filter_map(|line| line.y.last().copied())
    }

    /// Writes the names, with a stroke from the end of each line.
    pub(super) fn draw_names(&self, canvas: &Canvas<'_>, axes: &Axes) -> Drawn {
        let ends: Vec<i32> = self.ends().map(|end| pixels(axes.up(end))).collect();
        let rows = spread(&ends, NAME_ROW);
        for ((line, pen), (end, row)) in self
            .lines
            .iter()
            .zip(self.pens())
            .zip(ends.iter().zip(rows))
        {
            let from = axes.right + 5;
            let leader = [(from, *end), (from + LEADER, row)];
            canvas.draw(&PathElement::new(leader, pen.color))?;
            let at = (from + LEADER + 4, row);
            write(canvas, &line.name, at, (HPos::Left, VPos::Center), &INK)?;
        }
        Ok(())
    }
}

/// Rows near `ends` that are at least `apart`: of those that are too close, all move equally far.
pub(super) fn spread(ends: &[i32], apart: i32) -> Vec<i32> {
    let mut order: Vec<usize> = (0..ends.len()).collect();
    order.sort_by_key(|&index| ends[index]);
    // Blocks of touching names: the first row of each, and who is in it.
    let mut blocks: Vec<(f64, Vec<usize>)> = Vec::new();
    for index in order {
        let mut block = (f64::from(ends[index]), vec![index]);
        while let Some((first, members)) = blocks
            .pop_if(|(first, members)| *first + f64::from(apart) * members.len() as f64 > block.0)
        {
            let size = (members.len(), block.1.len());
            let shifted = block.0 - f64::from(apart) * size.0 as f64;
            let mean = (first * size.0 as f64 + shifted * size.1 as f64) / (size.0 + size.1) as f64;
            block = (mean, [members, block.1].concat());
        }
        blocks.push(block);
    }
    let mut rows = vec![0; ends.len()];
    for (first, members) in blocks {
        for (place, member) in members.into_iter().enumerate() {
            rows[member] = pixels(first + f64::from(apart) * place as f64);
        }
    }
    rows
}
