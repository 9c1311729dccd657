//! The partitions of a window function, each row coloured by its place (question 17).
//!
//! One line for each partition, from place 1 on: what stays is blue, what goes is orange.

use super::Figure;
use super::canvas::{Canvas, Drawn, draw, write, write_title};
use super::color::{BLUE, INK, VERMILLION};
use crate::{Error, Result};
use plotters::prelude::Rectangle;
use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{Color as _, RGBColor};
use polars::prelude::{Column, DataFrame, DataType};

const WIDTH: i32 = 720;
const LEFT: i32 = 30;
/// Where the boxes start, how wide they are, and how far apart.
const FIRST_BOX: i32 = 200;
const BOX: (i32, i32) = (158, 42);
const STEP: (i32, i32) = (168, 58);
const TOP: i32 = 96;
/// The most partitions, and the most rows of one, that are drawn.
const MOST: (usize, usize) = (20, 3);

/// A picture of the rows of `table`, grouped by its column `partition` and placed by its column `place`,
/// which counts from 1 in each partition. Each row's box holds its place and its `label`.
///
/// # Errors
/// [`Error::Polars`] if a column is missing, [`Error::Shape`] if there are more than 20 partitions or a place
/// beyond 3, [`Error::Empty`] without rows, [`Error::OutOfRange`] if a place is NULL or below 1.
///
/// # Examples
/// ```
/// use dsprep_core::table;
/// use dsprep_core::plot::partition_chart;
///
/// let table = table!("email" => ["a", "a", "b"], "id" => [2, 1, 3], "place" => [1, 2, 1])?;
/// let figure = partition_chart(&table, "email", "id", "place", "Which row stays?")?;
/// assert_eq!(figure.title(), "Which row stays?");
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn partition_chart(
    table: &DataFrame,
    partition: &str,
    label: &str,
    place: &str,
    title: &str,
) -> Result<Figure> {
    let partitions = partitions(table, partition, label, place)?;
    let height = TOP + STEP.1 * partitions.len() as i32 + 10;
    let size = (WIDTH.unsigned_abs(), height.unsigned_abs());
    draw(title, size, |canvas| {
        write_title(canvas, title, (LEFT, 26))?;
        draw_key(canvas)?;
        for (index, (name, rows)) in partitions.iter().enumerate() {
            let y = TOP + STEP.1 * index as i32;
            let middle = (LEFT, y + BOX.1 / 2);
            write(canvas, name, middle, (HPos::Left, VPos::Center), &INK)?;
            for row in rows {
                draw_row(canvas, row, y)?;
            }
        }
        Ok(())
    })
}

/// A row: its place in the partition, and what is written into its box.
struct Row {
    place: usize,
    label: String,
}

/// The partitions in the order in which they first occur, each with its rows.
fn partitions(
    table: &DataFrame,
    partition: &str,
    label: &str,
    place: &str,
) -> Result<Vec<(String, Vec<Row>)>> {
    if table.height() == 0 {
        return Err(Error::Empty {
            what: "`table`",
            item: "row",
        });
    }
    let names = texts(table.column(partition)?)?;
    let labels = texts(table.column(label)?)?;
    let places = table.column(place)?.cast(&DataType::Int64)?;
    let mut partitions: Vec<(String, Vec<Row>)> = Vec::new();
    for (row, ((name, label), place)) in names
        .into_iter()
        .zip(labels)
        .zip(places.i64()?.iter())
        .enumerate()
    {
        let row = Row {
            place: checked_place(row, place)?,
            label,
        };
        match partitions.iter().position(|(known, _)| *known == name) {
            Some(at) => partitions[at].1.push(row),
            None if partitions.len() == MOST.0 => {
                return Err(Error::Shape {
                    what: "`table`",
                    found: format!("more than {} partitions", MOST.0),
                    expected: format!("at most {} to be drawn", MOST.0),
                });
            }
            None => partitions.push((name, vec![row])),
        }
    }
    Ok(partitions)
}

fn checked_place(row: usize, place: Option<i64>) -> Result<usize> {
    let place = place.and_then(|place| usize::try_from(place).ok());
    match place.unwrap_or_default() {
        0 => Err(Error::OutOfRange {
            what: format!("the place in row {row}"),
            found: "NULL or below 1".to_owned(),
            expected: "counted from 1",
        }),
        place if place > MOST.1 => Err(Error::Shape {
            what: "a partition",
            found: format!("a row with the place {place}"),
            expected: format!("places up to {} to be drawn", MOST.1),
        }),
        place => Ok(place),
    }
}

fn texts(column: &Column) -> Result<Vec<String>> {
    let column = column.cast(&DataType::String)?;
    let texts = column.str()?.iter();
    Ok(texts
        .map(|text| text.unwrap_or("NULL").to_owned())
        .collect())
}

fn color(place: usize) -> RGBColor {
    if place == 1 { BLUE } else { VERMILLION }
}

/// The fill is stronger the further a row is from staying.
fn fill(place: usize) -> f64 {
    match place {
        1 | 2 => 0.15,
        _ => 0.4,
    }
}

fn draw_key(canvas: &Canvas<'_>) -> Drawn {
    for (place, words) in [(1, "1: stays"), (2, "2: goes"), (3, "3: goes")] {
        let x = FIRST_BOX + STEP.0 * (place as i32 - 1);
        let at = (x + BOX.0 / 2, TOP - 18);
        write(
            canvas,
            words,
            at,
            (HPos::Center, VPos::Center),
            &color(place),
        )?;
    }
    write(
        canvas,
        "partition",
        (LEFT, TOP - 18),
        (HPos::Left, VPos::Center),
        &INK,
    )
}

fn draw_row(canvas: &Canvas<'_>, row: &Row, y: i32) -> Drawn {
    let x = FIRST_BOX + STEP.0 * (row.place as i32 - 1);
    let corners = [(x, y), (x + BOX.0, y + BOX.1)];
    let color = color(row.place);
    canvas.draw(&Rectangle::new(
        corners,
        color.mix(fill(row.place)).filled(),
    ))?;
    canvas.draw(&Rectangle::new(corners, color.stroke_width(1)))?;
    let middle = (x + BOX.0 / 2, y + BOX.1 / 2);
    write(
        canvas,
        &row.label,
        middle,
        (HPos::Center, VPos::Center),
        &INK,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table;

    #[test]
    fn each_row_has_a_box_in_the_colour_of_its_fate() -> Result<()> {
        let table = table!(
            "key" => [Some("a"), Some("a"), None, Some("a")],
            "id" => [5, 3, 4, 1],
            "place" => [1, 2, 1, 3],
        )?;
        let figure = partition_chart(&table, "key", "id", "place", "t")?;
        let svg = figure.svg();
        assert_eq!(svg.matches("stroke=\"#0072B2\"").count(), 2);
        assert_eq!(svg.matches("stroke=\"#D55E00\"").count(), 2);
        assert!(svg.contains("NULL"));
        Ok(())
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() -> Result<()> {
        let chart = |place: [i64; 1]| {
            let table = table!("key" => ["a"], "id" => [1], "place" => place)?;
            partition_chart(&table, "key", "id", "place", "t")
        };
        assert!(matches!(chart([0]), Err(Error::OutOfRange { .. })));
        assert!(matches!(chart([4]), Err(Error::Shape { .. })));
        let none = table!("key" => Vec::<&str>::new(), "id" => Vec::<i64>::new())?;
        let error = partition_chart(&none, "key", "id", "id", "t").unwrap_err();
        assert!(matches!(error, Error::Empty { .. }));
        let table = table!("key" => ["a"], "id" => [1])?;
        assert!(partition_chart(&table, "key", "id", "place", "t").is_err());
        Ok(())
    }
}
