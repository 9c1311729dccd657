//! The heat map of attention weights (question 20).

use super::Figure;
use super::canvas::{Canvas, Drawn, draw, title_width, write, write_title, write_upwards};
use super::color::{INK, blues, ink_on_blues};
use crate::{Error, Result};
use ndarray::ArrayRef2;
use plotters::prelude::{PathElement, Rectangle};
use plotters::style::Color as _;
use plotters::style::text_anchor::{HPos, VPos};

/// The longest side of the grid in pixels.
const GRID_SIDE: usize = 480;
/// The place of the grid's upper left corner.
const LEFT: i32 = 80;
const TOP: i32 = 52;
/// From the grid to the colour bar, and how wide that is.
const BAR_GAP: i32 = 28;
const BAR_WIDTH: i32 = 18;
/// Up to this many rows or columns, each cell's value is written into it.
const MOST_WITH_VALUES: usize = 10;
/// The most tokens whose numbers are written along an axis.
const MOST_TICKS: usize = 16;

/// A heat map of attention weights (n×m, from 0 to 1): queries are rows, keys are columns.
///
/// Up to ten tokens, the values are written into the cells.
///
/// # Errors
/// [`Error::Empty`] without weights; [`Error::OutOfRange`] if one is not between 0 and 1;
/// [`Error::Shape`] if there are more than 480 rows or columns.
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::plot::attention_heatmap;
///
/// let figure = attention_heatmap(&array![[0.9, 0.1], [0.2, 0.8]], "Attention weights")?;
/// assert!(figure.svg().contains("Key token"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn attention_heatmap(weights: &ArrayRef2<f64>, title: &str) -> Result<Figure> {
    check(weights)?;
    let layout = Layout::new(weights.nrows(), weights.ncols());
    draw(title, layout.size(title), |canvas| {
        write_title(canvas, title, (LEFT, 26))?;
        draw_cells(canvas, weights, &layout)?;
        draw_axes(canvas, &layout)?;
        draw_color_bar(canvas, &layout)
    })
}

/// Where things are, in pixels.
struct Layout {
    rows: usize,
    columns: usize,
    cell: i32,
}

impl Layout {
    fn new(rows: usize, columns: usize) -> Self {
        let cell = (GRID_SIDE / rows.max(columns)) as i32;
        Layout {
            rows,
            columns,
            cell,
        }
    }

    fn right(&self) -> i32 {
        LEFT + self.cell * self.columns as i32
    }

    fn bottom(&self) -> i32 {
        TOP + self.cell * self.rows as i32
    }

    fn bar_left(&self) -> i32 {
        self.right() + BAR_GAP
    }

    /// Width and height of the figure, in which the title has room.
    fn size(&self, title: &str) -> (u32, u32) {
        let title_right = LEFT + title_width(title);
        let width = (self.bar_left() + BAR_WIDTH + 84).max(title_right + 16);
        (
            width.unsigned_abs(),
            (self.bar_bottom() + 62).unsigned_abs(),
        )
    }

    /// A flat grid still leaves room for the bar's scale.
    fn bar_bottom(&self) -> i32 {
        self.bottom().max(TOP + 120)
    }
}

fn draw_cells(canvas: &Canvas<'_>, weights: &ArrayRef2<f64>, layout: &Layout) -> Drawn {
    let cell = layout.cell;
    let with_values = layout.rows.max(layout.columns) <= MOST_WITH_VALUES;
    for ((row, column), &weight) in weights.indexed_iter() {
        let (x, y) = (LEFT + cell * column as i32, TOP + cell * row as i32);
        let square = [(x, y), (x + cell, y + cell)];
        canvas.draw(&Rectangle::new(square, blues(weight).filled()))?;
        if with_values {
            let center = (x + cell / 2, y + cell / 2);
            let text = format!("{weight:.2}");
            write(
                canvas,
                &text,
                center,
                (HPos::Center, VPos::Center),
                &ink_on_blues(weight),
            )?;
        }
    }
    let frame = [(LEFT, TOP), (layout.right(), layout.bottom())];
    canvas.draw(&Rectangle::new(frame, INK))
}

fn draw_axes(canvas: &Canvas<'_>, layout: &Layout) -> Drawn {
    let step = layout.rows.max(layout.columns).div_ceil(MOST_TICKS);
    let middle = |index: usize| layout.cell * index as i32 + layout.cell / 2;
    for key in (0..layout.columns).step_by(step) {
        let at = (LEFT + middle(key), layout.bottom() + 8);
        write(
            canvas,
            &key.to_string(),
            at,
            (HPos::Center, VPos::Top),
            &INK,
        )?;
    }
    for query in (0..layout.rows).step_by(step) {
        let at = (LEFT - 10, TOP + middle(query));
        write(
            canvas,
            &query.to_string(),
            at,
            (HPos::Right, VPos::Center),
            &INK,
        )?;
    }
    let below = ((LEFT + layout.right()) / 2, layout.bottom() + 34);
    write(canvas, "Key token", below, (HPos::Center, VPos::Top), &INK)?;
    write_upwards(canvas, "Query token", (30, (TOP + layout.bottom()) / 2))
}

fn draw_color_bar(canvas: &Canvas<'_>, layout: &Layout) -> Drawn {
    const STEPS: i32 = 60;
    let (left, right) = (layout.bar_left(), layout.bar_left() + BAR_WIDTH);
    let (top, bottom) = (TOP, layout.bar_bottom());
    let height = |share: f64| bottom - (f64::from(bottom - top) * share).round() as i32;
    for step in 0..STEPS {
        let share = f64::from(step) / f64::from(STEPS);
        // Each step is drawn up to the top, so that no gap shows between it and the next.
        let strip = [(left, top), (right, height(share))];
        let color = blues(share + 0.5 / f64::from(STEPS));
        canvas.draw(&Rectangle::new(strip, color.filled()))?;
    }
    canvas.draw(&Rectangle::new([(left, top), (right, bottom)], INK))?;
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let y = height(share);
        canvas.draw(&PathElement::new([(right, y), (right + 5, y)], INK))?;
        let text = format!("{share:.2}");
        write(
            canvas,
            &text,
            (right + 9, y),
            (HPos::Left, VPos::Center),
            &INK,
        )?;
    }
    write_upwards(canvas, "Weight", (right + 60, (top + bottom) / 2))
}

fn check(weights: &ArrayRef2<f64>) -> Result<()> {
    if weights.is_empty() {
        return Err(Error::Empty {
            what: "`weights`",
            item: "weight",
        });
    }
    if weights.nrows().max(weights.ncols()) > GRID_SIDE {
        return Err(Error::Shape {
            what: "`weights`",
            found: format!("the shape {}×{}", weights.nrows(), weights.ncols()),
            expected: format!("at most {GRID_SIDE} rows and columns to be drawn"),
        });
    }
    match weights
        .indexed_iter()
        .find(|(_, weight)| !(0.0..=1.0).contains(*weight))
    {
        None => Ok(()),
        Some(((row, column), weight)) => Err(Error::OutOfRange {
            what: format!("`weights[[{row}, {column}]]`"),
            found: weight.to_string(),
            expected: "between 0 and 1",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    #[test]
    fn small_maps_show_their_values_and_large_ones_do_not() -> Result<()> {
        assert!(
            attention_heatmap(&array![[0.123, 0.877]], "a")?
                .svg()
                .contains("0.12")
        );
        let large = Array2::from_elem((11, 11), 0.123);
        assert!(!attention_heatmap(&large, "a")?.svg().contains("0.12"));
        Ok(())
    }

    #[test]
    fn the_same_weights_give_the_same_bytes() -> Result<()> {
        let weights = array![[0.1, 0.9], [0.4, 0.6]];
        assert_eq!(
            attention_heatmap(&weights, "a")?,
            attention_heatmap(&weights, "a")?
        );
        Ok(())
    }

    #[test]
    fn a_title_is_escaped() -> Result<()> {
        let figure = attention_heatmap(&array![[1.0]], "a < b")?;
        assert!(figure.svg().contains("<title>a &lt; b</title>"));
        Ok(())
    }

    #[test]
    fn what_is_no_weight_is_named() {
        let message =
            |weights: Array2<f64>| attention_heatmap(&weights, "a").unwrap_err().to_string();
        assert_eq!(
            message(array![[0.5, 1.5]]),
            "`weights[[0, 1]]` is 1.5, but it must be between 0 and 1."
        );
        assert!(message(array![[f64::NAN]]).contains("is NaN"));
        assert!(message(Array2::zeros((0, 3))).contains("is empty"));
    }
}
