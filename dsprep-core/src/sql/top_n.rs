//! The best customers of each month (question 18): aggregate, rank within the month, filter.
//!
//! The table is `orders(order_date, customer_id, amount)`, the date written as ISO 8601 does, so that its
//! first seven characters are the month in every dialect of SQL. The same answer comes from SQLite
//! ([`top_customers`]), from polars ([`top_customers_by_polars`]) and from a heap
//! ([`top_n_per_group`](super::top_n_per_group)).

use super::query;
use super::ranking::Ranking;
use crate::{Error, Result};
use polars::prelude::{
    DataFrame, DataType, IntoLazy, RankMethod, RankOptions, SortMultipleOptions, col, lit,
};
use rusqlite::Connection;

/// The customers whose place by revenue is at most `n` in their month, by place: the columns `month`,
/// `customer_id`, `revenue` and `place`.
///
/// With [`Ranking::RowNumber`] the lower `customer_id` comes first of equal revenues, so that a month has
/// `n` rows at most and the answer is always the same. A month without orders is missing; see
/// [`top_customers_of_all_months`].
///
/// # Errors
/// [`Error::Statement`] if `con` has no table `orders` with these columns.
///
/// # Examples
/// ```
/// use dsprep_core::rusqlite::Connection;
/// use dsprep_core::sql::{Ranking, top_customers};
///
/// let con = Connection::open_in_memory()?;
/// con.execute_batch(
///     "CREATE TABLE orders (order_date TEXT, customer_id INTEGER, amount INTEGER);
///      INSERT INTO orders VALUES ('2024-01-05', 1, 70), ('2024-01-09', 2, 70), ('2024-02-01', 2, 10);",
/// )?;
/// assert_eq!(top_customers(&con, 1, Ranking::RowNumber)?.height(), 2);
/// assert_eq!(top_customers(&con, 1, Ranking::Rank)?.height(), 3);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn top_customers(con: &Connection, n: usize, ranking: Ranking) -> Result<DataFrame> {
    let sql = format!(
        "WITH {}\nSELECT month, customer_id, revenue, place FROM ranked\nWHERE place <= ?1\n\
         ORDER BY month, place, customer_id",
        ranked(ranking)
    );
    query(con, &sql, [limit(n)])
}

/// The same for each month from `first` to `last` (`YYYY-MM`), also for those without orders, which have
/// one row with NULL.
///
/// # Errors
/// As [`top_customers`]; [`Error::OutOfRange`] if a month is not written as `YYYY-MM`, or `last` is before
/// `first`.
///
/// # Examples
/// ```
/// use dsprep_core::rusqlite::Connection;
/// use dsprep_core::sql::{Ranking, top_customers_of_all_months};
///
/// let con = Connection::open_in_memory()?;
/// con.execute_batch(
///     "CREATE TABLE orders (order_date TEXT, customer_id INTEGER, amount INTEGER);
///      INSERT INTO orders VALUES ('2023-12-05', 1, 70), ('2024-02-01', 2, 10);",
/// )?;
/// let table = top_customers_of_all_months(&con, "2023-12", "2024-02", 3, Ranking::RowNumber)?;
/// assert_eq!(table.height(), 3);
/// assert_eq!(table.column("customer_id")?.i64()?.to_vec(), [Some(1), None, Some(2)]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn top_customers_of_all_months(
    con: &Connection,
    first: &str,
    last: &str,
    n: usize,
    ranking: Ranking,
) -> Result<DataFrame> {
    check_month(con, "`first`", first)?;
    check_month(con, "`last`", last)?;
    if last < first {
        return Err(Error::OutOfRange {
            what: "`last`".to_owned(),
            found: last.to_owned(),
            expected: "`first` or a later month",
        });
    }
    let sql = format!(
        "WITH RECURSIVE months (month) AS (
            SELECT ?2 UNION ALL
            SELECT substr(date(month || '-01', '+1 month'), 1, 7) FROM months WHERE month < ?3
        ), {}
        SELECT m.month, r.customer_id, r.revenue, r.place
        FROM months m LEFT JOIN ranked r ON r.month = m.month AND r.place <= ?1
        ORDER BY m.month, r.place, r.customer_id",
        ranked(ranking)
    );
    query(con, &sql, (limit(n), first, last))
}

/// The answer of [`top_customers`] by polars, from the rows of `orders`.
///
/// # Errors
/// [`Error::Polars`] if a column is missing.
///
/// # Examples
/// ```
/// use dsprep_core::table;
/// use dsprep_core::sql::{Ranking, top_customers_by_polars};
///
/// let orders = table!(
///     "order_date" => ["2024-01-05", "2024-01-09", "2024-02-01"],
///     "customer_id" => [1_i64, 2, 2],
///     "amount" => [70_i64, 70, 10],
/// )?;
/// assert_eq!(top_customers_by_polars(&orders, 1, Ranking::Rank)?.height(), 3);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn top_customers_by_polars(
    orders: &DataFrame,
    n: usize,
    ranking: Ranking,
) -> Result<DataFrame> {
    let method = match ranking {
        Ranking::RowNumber => RankMethod::Ordinal,
        Ranking::Rank => RankMethod::Min,
        Ranking::DenseRank => RankMethod::Dense,
    };
    let options = RankOptions {
        method,
        descending: true,
    };
    let month = col("order_date").str().slice(lit(0), lit(7));
    let place = col("revenue").rank(options, None).over([col("month")])?;
    let table = orders
        .clone()
        .lazy()
        .group_by([month.alias("month"), col("customer_id")])
        .agg([col("amount").sum().alias("revenue")])
        // Of equal revenues, the ordinal rank counts in the order of the rows.
        .sort(["customer_id"], SortMultipleOptions::default())
        .with_column(place.cast(DataType::Int64).alias("place"))
        .filter(col("place").lt_eq(lit(limit(n))))
        .sort(
            ["month", "place", "customer_id"],
            SortMultipleOptions::default(),
        );
    Ok(table.collect()?)
}

/// The tables `monthly`, with the revenue of each customer and month, and `ranked`, with the place.
fn ranked(ranking: Ranking) -> String {
    let tie_break = match ranking {
        Ranking::RowNumber => ", customer_id",
        Ranking::Rank | Ranking::DenseRank => "",
    };
    format!(
        "monthly AS (
            SELECT substr(order_date, 1, 7) AS month, customer_id, sum(amount) AS revenue
            FROM orders GROUP BY substr(order_date, 1, 7), customer_id
        ), ranked AS (
            SELECT *, {}() OVER (PARTITION BY month ORDER BY revenue DESC{tie_break}) AS place
            FROM monthly
        )",
        ranking.sql()
    )
}

/// `n` as SQLite and polars count.
fn limit(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn check_month(con: &Connection, what: &str, month: &str) -> Result<()> {
    let sql = "SELECT ?1 IS substr(date(?1 || '-01'), 1, 7)";
    if con.query_row(sql, [month], |row| row.get(0))? {
        return Ok(());
    }
    Err(Error::OutOfRange {
        what: what.to_owned(),
        found: month.to_owned(),
        expected: "a month written as YYYY-MM",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use crate::sql::top_n_per_group;

    /// Orders in whole units, so that every sum is exact, and ties occur.
    fn random_orders(rng: &mut RandomState, rows: usize) -> Result<Connection> {
        let con = Connection::open_in_memory()?;
        con.execute_batch(
            "CREATE TABLE orders (order_date TEXT, customer_id INTEGER, amount INTEGER)",
        )?;
        for _ in 0..rows {
            let draw = rng.randint(1, 7, 3)?;
            con.execute(
                "INSERT INTO orders VALUES ('2024-0' || ?1 || '-15', ?2, ?3)",
                (draw[0], draw[1], draw[2]),
            )?;
        }
        Ok(con)
    }

    type Row = (String, i64, i64, i64);

    fn rows(table: &DataFrame) -> Result<Vec<Row>> {
        let months = table.column("month")?.str()?;
        let integers = |name: &str| -> Result<Vec<i64>> {
            Ok(table.column(name)?.i64()?.iter().flatten().collect())
        };
        let numbers = [
            integers("customer_id")?,
            integers("revenue")?,
            integers("place")?,
        ];
        let months = months.iter().flatten().enumerate();
        Ok(months
            .map(|(row, month)| {
                let [customer, revenue, place] = [0, 1, 2].map(|column| numbers[column][row]);
                (month.to_owned(), customer, revenue, place)
            })
            .collect())
    }

    fn by_heap(con: &Connection, n: usize, ranking: Ranking) -> Result<Vec<Row>> {
        let sql = "SELECT substr(order_date, 1, 7) AS month, customer_id, sum(amount) AS revenue
                   FROM orders GROUP BY 1, 2 ORDER BY 1, 2";
        let mut statement = con.prepare(sql)?;
        let monthly = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let monthly: Vec<(String, i64, i64)> = monthly.collect::<rusqlite::Result<_>>()?;
        let months: Vec<&str> = monthly.iter().map(|row| row.0.as_str()).collect();
        let revenue: Vec<f64> = monthly.iter().map(|row| row.2 as f64).collect();
        let best = top_n_per_group(&months, &revenue, n, ranking)?;
        let rows = best.iter().map(|best| {
            let (month, customer, revenue) = monthly[best.row].clone();
            (month, customer, revenue, best.rank as i64)
        });
        Ok(rows.collect())
    }

    #[test]
    fn sqlite_polars_and_a_heap_agree_on_random_orders() -> Result<()> {
        let mut rng = RandomState::seed(1818);
        let mut shared = 0;
        for size in [1, 10, 40, 80] {
            let con = random_orders(&mut rng, size)?;
            let orders = query(&con, "SELECT * FROM orders", [])?;
            for ranking in Ranking::ALL {
                for n in [1, 3] {
                    let sqlite = rows(&top_customers(&con, n, ranking)?)?;
                    let polars = rows(&top_customers_by_polars(&orders, n, ranking)?)?;
                    assert_eq!(sqlite, by_heap(&con, n, ranking)?, "{ranking:?}");
                    assert_eq!(sqlite, polars, "{ranking:?}");
                    let unique = rows(&top_customers(&con, n, Ranking::RowNumber)?)?;
                    shared += sqlite.len() - unique.len();
                }
            }
        }
        assert!(shared > 0, "no tie was drawn, so that nothing was tested");
        Ok(())
    }

    #[test]
    fn months_without_orders_are_listed_and_short_months_are_not_filled() -> Result<()> {
        let con = random_orders(&mut RandomState::seed(3), 0)?;
        con.execute_batch(
            "INSERT INTO orders VALUES ('2023-11-30', 4, 5), ('2024-02-29', 4, 5), ('2024-02-01', 2, 5);",
        )?;
        let table = top_customers_of_all_months(&con, "2023-11", "2024-03", 3, Ranking::RowNumber)?;
        let months: Vec<&str> = table.column("month")?.str()?.iter().flatten().collect();
        let expected = [
            "2023-11", "2023-12", "2024-01", "2024-02", "2024-02", "2024-03",
        ];
        assert_eq!(months, expected);
        assert_eq!(table.column("customer_id")?.null_count(), 3);
        Ok(())
    }

    #[test]
    fn a_month_that_is_none_is_refused() -> Result<()> {
        let con = random_orders(&mut RandomState::seed(3), 1)?;
        let table = |first, last| {
            top_customers_of_all_months(&con, first, last, 3, Ranking::Rank).unwrap_err()
        };
        for month in ["2024-13", "2024-1", "", "now"] {
            assert!(table(month, "2024-12").to_string().contains("YYYY-MM"));
        }
        assert_eq!(
            table("2024-02", "2024-01").to_string(),
            "`last` is 2024-01, but it must be `first` or a later month."
        );
        Ok(())
    }
}
