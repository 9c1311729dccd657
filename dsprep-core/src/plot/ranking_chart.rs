//! ROW_NUMBER, RANK and DENSE_RANK side by side (question 18).
//!
//! One line for each row, the highest value first, with a bar; beside it the three places, blue where the
//! row is among the first n.

use super::Figure;
use super::canvas::{Canvas, Drawn, draw, write, write_title};
use super::color::{BLUE, FAINT, INK};
use crate::error::count;
use crate::sql::{Ranking, ranks, top_k};
use crate::{Error, Result};
use plotters::prelude::Rectangle;
use plotters::style::Color as _;
use plotters::style::text_anchor::{HPos, VPos};

const WIDTH: i32 = 720;
const LEFT: i32 = 30;
const BARS: (i32, i32) = (90, 250);
/// The middle of the first column of places, and how far apart the columns are.
const COLUMN: (i32, i32) = (390, 130);
const CELL: (i32, i32) = (120, 30);
const TOP: i32 = 92;
const LINE: i32 = 38;
/// The most rows that are drawn.
const MOST_ROWS: usize = 20;

/// A picture of the places that `values` have under each [`Ranking`], and of which rows `place <= n` keeps.
///
/// `names` are written beside the rows.
///
/// # Errors
/// [`Error::Shape`] if the lengths differ or there are more than 20 rows; [`Error::OutOfRange`] if a value is
/// not finite or negative; [`Error::Empty`] without rows.
///
/// # Examples
/// ```
/// use dsprep_core::plot::ranking_chart;
///
/// let figure = ranking_chart(&["Ann", "Bo", "Cy"], &[50.0, 40.0, 40.0], 2, "place <= 2")?;
/// assert_eq!(figure.title(), "place <= 2");
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn ranking_chart(names: &[&str], values: &[f64], n: usize, title: &str) -> Result<Figure> {
    check(names, values)?;
    let order = top_k(values, values.len())?;
    let mut places = Vec::new();
    for ranking in Ranking::ALL {
        places.push((ranking, ranks(values, ranking)?));
    }
    let highest = values.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let height = TOP + LINE * (values.len() as i32 + 1) + 6;
    let size = (WIDTH.unsigned_abs(), height.unsigned_abs());
    draw(title, size, |canvas| {
        write_title(canvas, title, (LEFT, 26))?;
        for (line, &row) in order.iter().enumerate() {
            let y = TOP + LINE * line as i32;
            draw_bar(canvas, names[row], values[row], highest, y)?;
        }
        for (index, (ranking, places)) in places.iter().enumerate() {
            let x = COLUMN.0 + COLUMN.1 * index as i32;
            centred(canvas, ranking.sql(), (x, TOP - 22), true)?;
            for (line, &row) in order.iter().enumerate() {
                let kept = places[row] <= n;
                draw_place(canvas, places[row], kept, (x, TOP + LINE * line as i32))?;
            }
            let kept = places.iter().filter(|&&place| place <= n).count();
            let below = (x, TOP + LINE * order.len() as i32 + CELL.1 / 2);
            centred(canvas, &count(kept, "row"), below, true)?;
        }
        Ok(())
    })
}

fn draw_bar(canvas: &Canvas<'_>, name: &str, value: f64, highest: f64, y: i32) -> Drawn {
    let middle = y + CELL.1 / 2;
    write(
        canvas,
        name,
        (LEFT, middle),
        (HPos::Left, VPos::Center),
        &INK,
    )?;
    let length = f64::from(BARS.1 - BARS.0) * value / highest;
    let corners = [(BARS.0, y + 4), (BARS.0 + length as i32, y + CELL.1 - 4)];
    canvas.draw(&Rectangle::new(corners, FAINT.mix(0.45).filled()))?;
    let beside = (BARS.0 + length as i32 + 8, middle);
    write(
        canvas,
        &value.to_string(),
        beside,
        (HPos::Left, VPos::Center),
        &INK,
    )
}

fn draw_place(canvas: &Canvas<'_>, place: usize, kept: bool, (x, y): (i32, i32)) -> Drawn {
    if kept {
        let corners = [(x - CELL.0 / 2, y), (x + CELL.0 / 2, y + CELL.1)];
        canvas.draw(&Rectangle::new(corners, BLUE.mix(0.18).filled()))?;
        canvas.draw(&Rectangle::new(corners, BLUE.stroke_width(1)))?;
    }
    centred(canvas, &place.to_string(), (x, y + CELL.1 / 2), kept)
}

fn centred(canvas: &Canvas<'_>, text: &str, at: (i32, i32), strong: bool) -> Drawn {
    let color = if strong { &INK } else { &FAINT };
    write(canvas, text, at, (HPos::Center, VPos::Center), color)
}

fn check(names: &[&str], values: &[f64]) -> Result<()> {
    if values.is_empty() {
        return Err(Error::Empty {
            what: "`values`",
            item: "value",
        });
    }
    if names.len() != values.len() || values.len() > MOST_ROWS {
        return Err(Error::Shape {
            what: "`values`",
            found: count(values.len(), "value"),
            expected: format!(
                "one for each of {}, and {MOST_ROWS} at most",
                count(names.len(), "name")
            ),
        });
    }
    match values
        .iter()
        .position(|value| !value.is_finite() || *value < 0.0)
    {
        None => Ok(()),
        Some(index) => Err(Error::OutOfRange {
            what: format!("`values[{index}]`"),
            found: values[index].to_string(),
            expected: "finite and not negative, to be drawn as a bar",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tie_at_the_last_place_shows_in_the_number_of_rows() -> Result<()> {
        let names = ["a", "b", "c", "d", "e"];
        let figure = ranking_chart(&names, &[50.0, 40.0, 30.0, 40.0, 30.0], 3, "t")?;
        let svg = figure.svg();
        assert_eq!(svg.matches("3 rows").count(), 2);
        assert_eq!(svg.matches("5 rows").count(), 1);
        assert_eq!(svg.matches("stroke=\"#0072B2\"").count(), 3 + 3 + 5);
        Ok(())
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        assert!(matches!(
            ranking_chart(&[], &[], 3, "t"),
            Err(Error::Empty { .. })
        ));
        assert!(matches!(
            ranking_chart(&["a"], &[], 3, "t"),
            Err(Error::Empty { .. })
        ));
        assert!(matches!(
            ranking_chart(&[], &[1.0], 3, "t"),
            Err(Error::Shape { .. })
        ));
        for value in [f64::NAN, f64::INFINITY, -1.0] {
            let chart = ranking_chart(&["a"], &[value], 3, "t");
            assert!(matches!(chart, Err(Error::OutOfRange { .. })));
        }
    }
}
