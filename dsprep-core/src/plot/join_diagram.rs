//! Which rows a join pairs, keeps and drops (question 16).
//!
//! Venn diagrams, often drawn for joins, show sets of equal things. A join pairs rows, and a row with
//! two partners appears twice: so here each pair is a line, and the lines can be counted.

use super::Figure;
use super::canvas::{Canvas, Drawn, draw, write, write_title};
use super::color::{BLUE, FAINT, INK};
use crate::sql::Join;
use crate::{Error, Result};
use plotters::prelude::{PathElement, Rectangle};
use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{Color as _, RGBColor};
use rusqlite::Connection;

const WIDTH: u32 = 700;
const LEFT_BOX: (i32, i32) = (40, 240);
const RIGHT_BOX: (i32, i32) = (460, 660);
/// Where the first row starts, and how far the rows are apart.
const TOP: i32 = 110;
const ROW: i32 = 38;
const BOX_HEIGHT: i32 = 28;
/// The most rows of a table that are drawn.
const MOST_ROWS: usize = 30;

/// A diagram of `join` on the tables that [`customers_and_orders`](crate::sql::customers_and_orders)
/// makes, as they are now: matching rows are connected, rows without a partner are kept with NULL or
/// left out.
///
/// # Errors
/// [`Error::Sqlite`] if `con` lacks the tables; [`Error::Shape`] if one has more than 30 rows.
///
/// # Examples
/// ```
/// use dsprep_core::plot::join_diagram;
/// use dsprep_core::sql::{Join, customers_and_orders};
///
/// let figure = join_diagram(&customers_and_orders()?, Join::Left)?;
/// assert_eq!(figure.title(), "LEFT JOIN: 7 rows");
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn join_diagram(con: &Connection, join: Join) -> Result<Figure> {
    let customers = rows(
        con,
        "SELECT id, coalesce(id, 'NULL') || '  ' || coalesce(name, 'NULL') FROM customers",
    )?;
    let orders = rows(
        con,
        "SELECT customer_id, coalesce(order_id, 'NULL') || '  (customer ' || coalesce(customer_id, 'NULL') || ')' FROM orders",
    )?;
    check("`customers`", &customers)?;
    check("`orders`", &orders)?;
    let height = join.run(con)?.height();
    let plural = if height == 1 { "" } else { "s" };
    let title = format!("{} JOIN: {height} row{plural}", join.name());
    let lines = customers.len().max(orders.len()) as i32;
    let size = (WIDTH, (TOP + ROW * lines + 16).unsigned_abs());
    draw(&title, size, |canvas| {
        write_title(canvas, &title, (LEFT_BOX.0, 26))?;
        let legend = "Blue: in the result. Grey: left out. Each line is a pair that matches.";
        write(
            canvas,
            legend,
            (LEFT_BOX.0, 54),
            (HPos::Left, VPos::Center),
            &INK,
        )?;
        write(
            canvas,
            "customers",
            (LEFT_BOX.0, 92),
            (HPos::Left, VPos::Center),
            &INK,
        )?;
        write(
            canvas,
            "orders",
            (RIGHT_BOX.0, 92),
            (HPos::Left, VPos::Center),
            &INK,
        )?;
        draw_pairs(canvas, &customers, &orders, join)?;
        draw_table(canvas, &customers, &orders, Side::Left, join)?;
        draw_table(canvas, &orders, &customers, Side::Right, join)
    })
}

/// A row of a table: the key that is joined on, and what is written into its box.
struct Row {
    key: Option<i64>,
    label: String,
}

impl Row {
    fn matches(&self, other: &Row) -> bool {
        self.key.is_some() && self.key == other.key
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
}

/// What happens to a row.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Kept,
    KeptWithNull,
    Dropped,
}

fn fate(side: Side, matched: bool, join: Join) -> Fate {
    match (join, side, matched) {
        (Join::Semi, Side::Left, true) | (Join::Anti, Side::Left, false) => Fate::Kept,
        (Join::Semi | Join::Anti, _, _) => Fate::Dropped,
        (_, _, true) => Fate::Kept,
        (Join::Full, _, false) => Fate::KeptWithNull,
        (Join::Left, Side::Left, false) | (Join::Right, Side::Right, false) => Fate::KeptWithNull,
        _ => Fate::Dropped,
    }
}

fn rows(con: &Connection, sql: &str) -> Result<Vec<Row>> {
    let mut statement = con.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        Ok(Row {
            key: row.get(0)?,
            label: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn middle(row: usize) -> i32 {
    TOP + ROW * row as i32 + BOX_HEIGHT / 2
}

fn draw_pairs(canvas: &Canvas<'_>, customers: &[Row], orders: &[Row], join: Join) -> Drawn {
    let in_result = !matches!(join, Join::Semi | Join::Anti);
    let color = if in_result { BLUE } else { FAINT };
    for (left, customer) in customers.iter().enumerate() {
        for (right, order) in orders.iter().enumerate() {
            if customer.matches(order) {
                let ends = [(LEFT_BOX.1, middle(left)), (RIGHT_BOX.0, middle(right))];
                canvas.draw(&PathElement::new(ends, color.stroke_width(2)))?;
            }
        }
    }
    Ok(())
}

fn draw_table(canvas: &Canvas<'_>, rows: &[Row], others: &[Row], side: Side, join: Join) -> Drawn {
    for (index, row) in rows.iter().enumerate() {
        let matched = others.iter().any(|other| row.matches(other));
        let fate = fate(side, matched, join);
        let (color, ink): (RGBColor, RGBColor) = if fate == Fate::Dropped {
            (FAINT, FAINT)
        } else {
            (BLUE, INK)
        };
        let (from, to) = if side == Side::Left {
            LEFT_BOX
        } else {
            RIGHT_BOX
        };
        let y = middle(index);
        let corners = [(from, y - BOX_HEIGHT / 2), (to, y + BOX_HEIGHT / 2)];
        canvas.draw(&Rectangle::new(corners, color.mix(0.12).filled()))?;
        canvas.draw(&Rectangle::new(corners, color.stroke_width(1)))?;
        write(
            canvas,
            &row.label,
            (from + 12, y),
            (HPos::Left, VPos::Center),
            &ink,
        )?;
        if fate == Fate::KeptWithNull {
            draw_null(canvas, side, y)?;
        }
    }
    Ok(())
}

/// The NULL that stands for a row's missing partner.
fn draw_null(canvas: &Canvas<'_>, side: Side, y: i32) -> Drawn {
    let (edge, end, anchor) = match side {
        Side::Left => (LEFT_BOX.1, LEFT_BOX.1 + 16, HPos::Left),
        Side::Right => (RIGHT_BOX.0, RIGHT_BOX.0 - 16, HPos::Right),
    };
    let text = if side == Side::Left { end + 5 } else { end - 5 };
    canvas.draw(&PathElement::new(
        [(edge, y), (end, y)],
        BLUE.stroke_width(2),
    ))?;
    write(canvas, "NULL", (text, y), (anchor, VPos::Center), &BLUE)
}

fn check(what: &'static str, rows: &[Row]) -> Result<()> {
    if rows.len() <= MOST_ROWS {
        return Ok(());
    }
    Err(Error::Shape {
        what,
        found: format!("{} rows", rows.len()),
        expected: format!("at most {MOST_ROWS} to be drawn"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::customers_and_orders;

    fn nulls(join: Join) -> Result<usize> {
        Ok(join_diagram(&customers_and_orders()?, join)?
            .svg()
            .matches("NULL")
            .count())
    }

    #[test]
    fn each_row_kept_without_a_partner_gets_a_null() -> Result<()> {
        assert_eq!(nulls(Join::Inner)?, 0);
        assert_eq!(nulls(Join::Left)?, 2);
        assert_eq!(nulls(Join::Right)?, 1);
        assert_eq!(nulls(Join::Full)?, 3);
        assert_eq!(nulls(Join::Anti)?, 0);
        Ok(())
    }

    #[test]
    fn null_keys_match_nothing() -> Result<()> {
        let con = customers_and_orders()?;
        con.execute_batch(
            "INSERT INTO customers VALUES (NULL, 'Nobody');
             INSERT INTO orders VALUES (107, NULL, 1);",
        )?;
        let figure = join_diagram(&con, Join::Inner)?;
        assert_eq!(figure.title(), "INNER JOIN: 5 rows");
        assert_eq!(figure.svg().matches("stroke-width=\"2\"").count(), 5);
        Ok(())
    }
}
