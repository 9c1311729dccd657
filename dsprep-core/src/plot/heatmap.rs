//! A matrix as colours: confusion matrices, correlations, weights.

use super::canvas::{
    Canvas, Drawn, TEXT_HEIGHT, draw, pixels, text_width, title_width, write, write_ending_at,
    write_title, write_upwards,
};
use super::color::{INK, ink_on, reds_and_blues};
use super::number_text::value_texts;
use super::scale::{FARTHEST, NEAR_ENOUGH, Scale};
use super::{Figure, Labels};
use crate::error::count;
use crate::{Error, Result};
use ndarray::ArrayRef2;
use plotters::prelude::{PathElement, Rectangle};
use plotters::style::Color as _;
use plotters::style::text_anchor::{HPos, VPos};

/// The longest side of the grid in pixels, and so the most rows or columns.
pub(super) const GRID_SIDE: usize = 480;
const TOP: i32 = 52;
/// From the grid to the colour bar, and how wide that is.
const BAR_GAP: i32 = 28;
const BAR_WIDTH: i32 = 18;
/// The height of cells that hold a value, and what their width leaves beside it.
const CELL_HEIGHT: i32 = 40;
const CELL_PADDING: i32 = 16;

/// A matrix as a grid of colours, with the values in the cells if there are at most twelve columns.
///
/// Darker is larger. If some values are negative, those are red, and 0 is white. `rows` and `columns`
/// name the rows and columns; `labels.x` stands below the columns, `labels.y` beside the rows.
///
/// # Errors
/// [`Error::Empty`] without values; [`Error::Shape`] if there are not as many names as rows or
/// columns, or more than 480 of them; [`Error::OutOfRange`] if a value is not finite.
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::plot::{Labels, heatmap};
///
/// let labels = Labels { title: "Confusion matrix", x: "Predicted", y: "Actual" };
/// let names = ["genuine", "fraud"];
/// let figure = heatmap(&array![[9_800.0, 100.0], [30.0, 70.0]], &names, &names, labels)?;
/// assert!(figure.svg().contains("9,800"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn heatmap(
    values: &ArrayRef2<f64>,
    rows: &[impl AsRef<str>],
    columns: &[impl AsRef<str>],
    labels: Labels<'_>,
) -> Result<Figure> {
    check(values, rows.len(), columns.len())?;
    let flat: Vec<f64> = values.iter().copied().collect();
    let largest = flat
        .iter()
        .fold(0.0, |most: f64, value| most.max(value.abs()));
    let low = if flat.iter().any(|value| *value < 0.0) {
        -largest
    } else {
        0.0
    };
    let texts = value_texts(&flat);
    let widest = texts.iter().map(|text| text_width(text)).max().unwrap_or(0);
    let with_values = columns.len() <= 12 && rows.len() <= 24;
    let square = (GRID_SIDE / rows.len().max(columns.len())) as i32;
    let names = columns.iter().map(|name| text_width(name.as_ref()));
    let widest_name = names.max().unwrap_or(0);
    let cell = if with_values {
        let room = 560 / columns.len() as i32;
        let wanted = (widest + CELL_PADDING).max((widest_name + 10).min(room));
        (wanted.max(CELL_HEIGHT), CELL_HEIGHT)
    } else {
        (square.min(CELL_HEIGHT), square.min(CELL_HEIGHT))
    };
    let grid = Grid {
        values,
        texts: if with_values { texts } else { vec![] },
        rows: thinned(rows, cell.1),
        columns: thinned(columns, cell.0),
        labels,
        bar_name: "",
        range: (low, if largest == 0.0 { 1.0 } else { largest }),
        cell,
    };
    grid.draw()
}

/// As many of the names as have room in cells of this size; the others are empty.
fn thinned<T: AsRef<str>>(names: &[T], cell: i32) -> Vec<String> {
    let every = (TEXT_HEIGHT + 3).div_euclid(cell.max(1)).max(1) as usize;
    let every = if cell > TEXT_HEIGHT { 1 } else { every + 1 };
    let name = |(index, name): (usize, &T)| match index % every {
        0 => name.as_ref().to_owned(),
        _ => String::new(),
    };
    names.iter().enumerate().map(name).collect()
}

/// A heat map with all that is to be decided about it.
pub(super) struct Grid<'a> {
    pub(super) values: &'a ArrayRef2<f64>,
    /// What is written into the cells, row by row; nothing if there are none.
    pub(super) texts: Vec<String>,
    /// The names of rows and columns; an empty one is not written.
    pub(super) rows: Vec<String>,
    pub(super) columns: Vec<String>,
    pub(super) labels: Labels<'a>,
    pub(super) bar_name: &'a str,
    /// The values at the ends of the colour bar: from 0, or from minus the largest.
    pub(super) range: (f64, f64),
    /// Width and height of a cell in pixels.
    pub(super) cell: (i32, i32),
}

impl Grid<'_> {
    pub(super) fn draw(&self) -> Result<Figure> {
        draw(self.labels.title, self.size(), |canvas| {
            write_title(canvas, self.labels.title, (24, 26))?;
            self.draw_cells(canvas)?;
            self.draw_names(canvas)?;
            self.draw_color_bar(canvas)
        })
    }

    /// The share of the colours: from −1 or 0 to 1.
    fn share(&self, value: f64) -> f64 {
        value / self.range.1
    }

    fn left(&self) -> i32 {
        let widths = self.rows.iter().map(|name| text_width(name));
        56 + widths.max().unwrap_or(0)
    }

    fn right(&self) -> i32 {
        self.left() + self.cell.0 * self.values.ncols() as i32
    }

    fn bottom(&self) -> i32 {
        TOP + self.cell.1 * self.values.nrows() as i32
    }

    /// A flat grid still leaves room for the bar's scale.
    fn bar_bottom(&self) -> i32 {
        self.bottom().max(TOP + 120)
    }

    /// Whether the columns are too narrow for their names, so that those run upwards.
    fn upwards(&self) -> bool {
        let columns = self.columns.iter().filter(|name| !name.is_empty());
        // Where only some are written, each has more room than one cell.
        let every = self.columns.len().div_ceil(columns.clone().count().max(1)) as i32;
        columns
            .clone()
            .any(|name| text_width(name) + 4 > self.cell.0 * every)
    }

    fn names_height(&self) -> i32 {
        if !self.upwards() {
            return 20;
        }
        let widths = self.columns.iter().map(|name| text_width(name));
        widths.max().unwrap_or(0) + 6
    }

    fn size(&self) -> (u32, u32) {
        let ticks = self
            .bar_ticks()
            .into_iter()
            .map(|tick| text_width(&tick.text));
        let bar = BAR_GAP + BAR_WIDTH + 9 + ticks.max().unwrap_or(0) + 40;
        let width = (self.right() + bar).max(24 + title_width(self.labels.title) + 16);
        let below = (self.bottom() + self.names_height() + 44).max(self.bar_bottom() + 16);
        (width.unsigned_abs(), below.unsigned_abs())
    }

    fn draw_cells(&self, canvas: &Canvas<'_>) -> Drawn {
        let (width, height) = self.cell;
        for (index, ((row, column), &value)) in self.values.indexed_iter().enumerate() {
            let (x, y) = (
                self.left() + width * column as i32,
                TOP + height * row as i32,
            );
            let share = self.share(value);
            let cell = [(x, y), (x + width, y + height)];
            canvas.draw(&Rectangle::new(cell, reds_and_blues(share).filled()))?;
            if let Some(text) = self.texts.get(index) {
                let center = (x + width / 2, y + height / 2);
                write(
                    canvas,
                    text,
                    center,
                    (HPos::Center, VPos::Center),
                    &ink_on(share),
                )?;
            }
        }
        let frame = [(self.left(), TOP), (self.right(), self.bottom())];
        canvas.draw(&Rectangle::new(frame, INK))
    }

    fn draw_names(&self, canvas: &Canvas<'_>) -> Drawn {
        let (width, height) = self.cell;
        for (column, name) in (0..).zip(&self.columns) {
            let x = self.left() + width * column + width / 2;
            if self.upwards() {
                let y = self.bottom() + 8 + text_width(name) / 2;
                write_upwards(canvas, name, (x, y))?;
            } else {
                let at = (x, self.bottom() + 8);
                write(canvas, name, at, (HPos::Center, VPos::Top), &INK)?;
            }
        }
        for (row, name) in (0..).zip(&self.rows) {
            let at = (self.left() - 10, TOP + height * row + height / 2);
            write_ending_at(canvas, name, at)?;
        }
        let middle = (self.left() + self.right()) / 2;
        let below = (middle, self.bottom() + self.names_height() + 14);
        write(
            canvas,
            self.labels.x,
            below,
            (HPos::Center, VPos::Top),
            &INK,
        )?;
        write_upwards(canvas, self.labels.y, (24, (TOP + self.bottom()) / 2))
    }

    fn bar_ticks(&self) -> Vec<super::scale::Tick> {
        Scale::linear(self.range.0, self.range.1).ticks(5)
    }

    fn draw_color_bar(&self, canvas: &Canvas<'_>) -> Drawn {
        const STEPS: i32 = 60;
        let (left, bottom) = (self.right() + BAR_GAP, self.bar_bottom());
        let right = left + BAR_WIDTH;
        let (low, high) = self.range;
        let up =
            |value: f64| bottom - pixels(f64::from(bottom - TOP) * (value - low) / (high - low));
        for step in 0..STEPS {
            let value = |part: f64| low + (high - low) * part / f64::from(STEPS);
            // Each step is drawn up to the top, so that no gap shows between it and the next.
            let strip = [(left, TOP), (right, up(value(f64::from(step))))];
            let color = reds_and_blues(self.share(value(f64::from(step) + 0.5)));
            canvas.draw(&Rectangle::new(strip, color.filled()))?;
        }
        canvas.draw(&Rectangle::new([(left, TOP), (right, bottom)], INK))?;
        let mut widest = 0;
        for tick in self.bar_ticks() {
            let y = up(tick.value);
            canvas.draw(&PathElement::new([(right, y), (right + 5, y)], INK))?;
            write(
                canvas,
                &tick.text,
                (right + 9, y),
                (HPos::Left, VPos::Center),
                &INK,
            )?;
            widest = widest.max(text_width(&tick.text));
        }
        write_upwards(
            canvas,
            self.bar_name,
            (right + widest + 26, (TOP + bottom) / 2),
        )
    }
}

fn check(values: &ArrayRef2<f64>, rows: usize, columns: usize) -> Result<()> {
    check_size("`values`", values)?;
    for (what, found, of, expected) in [
        ("`rows`", rows, "row", values.nrows()),
        ("`columns`", columns, "column", values.ncols()),
    ] {
        if found != expected {
            return Err(Error::Shape {
                what,
                found: count(found, "name"),
                expected: format!("{}, one for each {of} of `values`", count(expected, "name")),
            });
        }
    }
    let drawn = |value: f64| value.abs() <= FARTHEST;
    match values.indexed_iter().find(|(_, value)| !drawn(**value)) {
        None => Ok(()),
        Some(((row, column), value)) => Err(Error::OutOfRange {
            what: format!("`values[[{row}, {column}]]`"),
            found: value.to_string(),
            expected: if value.is_finite() {
                NEAR_ENOUGH
            } else {
                "a finite number"
            },
        }),
    }
}

/// Fails if there is nothing to draw, or too much.
pub(super) fn check_size(what: &'static str, values: &ArrayRef2<f64>) -> Result<()> {
    if values.is_empty() {
        return Err(Error::Empty {
            what,
            item: "value",
        });
    }
    if values.nrows().max(values.ncols()) > GRID_SIDE {
        return Err(Error::Shape {
            what,
            found: format!("the shape {}×{}", values.nrows(), values.ncols()),
            expected: format!("at most {GRID_SIDE} rows and columns to be drawn"),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    const LABELS: Labels<'_> = Labels {
        title: "Title",
        x: "Column",
        y: "Row",
    };

    #[test]
    fn each_cell_has_its_value_and_each_row_and_column_its_name() -> Result<()> {
        let values = array![[1.0, -0.25], [0.5, 0.0]];
        let figure = heatmap(&values, &["r0", "r1"], &["c0", "c1"], LABELS)?;
        for text in [
            "1.00", "-0.25", "0.50", "0.00", "r0", "r1", "c0", "c1", "Row", "Column",
        ] {
            assert!(figure.svg().contains(&format!("\n{text}\n")), "{text}");
        }
        Ok(())
    }

    #[test]
    fn only_negative_values_make_the_scale_diverge() -> Result<()> {
        let red = "#B2182B";
        let svg = |value: f64| heatmap(&array![[1.0, value]], &["r"], &["a", "b"], LABELS);
        assert!(svg(-1.0)?.svg().contains(red));
        assert!(!svg(0.5)?.svg().contains(red));
        assert!(svg(-1.0)? == svg(-1.0)?);
        Ok(())
    }

    #[test]
    fn all_zeros_can_be_drawn() -> Result<()> {
        heatmap(&array![[0.0]], &["r"], &["c"], LABELS).map(|_| ())
    }

    #[test]
    fn what_cannot_be_drawn_is_named() {
        let message = |values, rows: &[&str]| {
            let values: ndarray::Array2<f64> = values;
            heatmap(&values, rows, &["c"], LABELS)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            message(array![[1.0]], &["a", "b"]),
            "`rows` has 2 names, but it must have 1 name, one for each row of `values`."
        );
        assert!(message(array![[f64::NAN]], &["a"]).contains("`values[[0, 0]]` is NaN"));
        assert!(message(ndarray::Array2::zeros((0, 1)), &[]).contains("is empty"));
    }
}
