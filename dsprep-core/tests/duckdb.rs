//! SQL topics against DuckDB, which found the constants by statements of its own: `tests/peers/sql.py`.

use dsprep_core::Result;
use dsprep_core::prelude::*;
use dsprep_core::sql::as_of_join_by_merge;

/// The tables of `tests/peers/sql.py`, drawn in its order by NumPy's generator.
struct Drawn {
    con: Connection,
    as_of: [Vec<i64>; 4],
    pairs: [Vec<Option<i64>>; 2],
}

fn drawn() -> Result<Drawn> {
    let mut rng = RandomState::seed(16);
    let con = Connection::open_in_memory()?;
    con.execute_batch(
        "CREATE TABLE events (user_id INTEGER, at INTEGER);
         CREATE TABLE logins (user_id INTEGER, day TEXT);
         CREATE TABLE orders (order_date TEXT, customer_id INTEGER, amount INTEGER);
         CREATE TABLE log (id INTEGER PRIMARY KEY, email INTEGER, event INTEGER, ts INTEGER);",
    )?;
    let mut integers = |low, high, n: usize| rng.randint(low, high, n).map(|drawn| drawn.to_vec());
    let users = integers(0, 4, 40)?;
    let at = permuted(&mut rng, 1000, 40)?;
    for (user, at) in users.iter().zip(&at) {
        con.execute("INSERT INTO events VALUES (?1, ?2)", [user, at])?;
    }
    let mut integers = |low, high, n: usize| rng.randint(low, high, n).map(|drawn| drawn.to_vec());
    let (users, days) = (integers(1, 4, 45)?, integers(0, 30, 45)?);
    for (user, day) in users.iter().zip(&days) {
        let sql = "INSERT INTO logins VALUES (?1, date('2024-02-15', ?2 || ' days'))";
        con.execute(sql, [user, day])?;
    }
    let (months, days) = (integers(1, 4, 40)?, integers(1, 29, 40)?);
    let (customers, amounts) = (integers(1, 6, 40)?, integers(1, 3, 40)?);
    for row in 0..40 {
        let date = format!("2024-{:02}-{:02}", months[row], days[row]);
        let order = (date, customers[row], amounts[row]);
        con.execute("INSERT INTO orders VALUES (?1, ?2, ?3)", order)?;
    }
    let (keys, times, other_keys) = (
        integers(0, 4, 25)?,
        integers(0, 100, 25)?,
        integers(0, 5, 30)?,
    );
    let known = permuted(&mut rng, 100, 30)?;
    let mut nullable = |high, n: usize| -> Result<Vec<Option<i64>>> {
        let drawn = rng.randint(0, high, n)?;
        Ok(drawn.iter().map(|&key| (key > 0).then_some(key)).collect())
    };
    let (email, event, ts) = (nullable(3, 30)?, nullable(3, 30)?, nullable(3, 30)?);
    for row in 0..30 {
        let sql = "INSERT INTO log (email, event, ts) VALUES (?1, ?2, ?3)";
        con.execute(sql, [email[row], event[row], ts[row]])?;
    }
    Ok(Drawn {
        con,
        as_of: [keys, times, other_keys, known],
        pairs: [nullable(5, 12)?, nullable(5, 12)?],
    })
}

fn permuted(rng: &mut RandomState, of: usize, n: usize) -> Result<Vec<i64>> {
    let order = rng.permutation(of)?;
    Ok(order.iter().take(n).map(|&at| at as i64).collect())
}

fn integers(table: &DataFrame, name: &str) -> Result<Vec<i64>> {
    Ok(table.column(name)?.i64()?.iter().flatten().collect())
}

fn texts(table: &DataFrame, name: &str) -> Result<Vec<String>> {
    let texts = table.column(name)?.str()?.iter().flatten();
    Ok(texts.map(str::to_owned).collect())
}

/// Names and amounts of a join, NULL where there is none.
type Rows<'a> = &'a [(Option<&'a str>, Option<i64>)];

#[test]
fn sessions_and_islands_equal_duckdbs() -> Result<()> {
    let con = drawn()?.con;
    let table = sessions(&con, 60)?;
    let columns = ["user_id", "session", "started", "ended", "events"];
    let [user, session, started, ended, events] = columns.map(|name| integers(&table, name));
    let (user, session, started, ended, events) = (user?, session?, started?, ended?, events?);
    let rows =
        (0..user.len()).map(|at| (user[at], session[at], started[at], ended[at], events[at]));
    assert_eq!(rows.collect::<Vec<_>>(), SESSIONS);

    let table = islands(&con)?;
    let (user, days) = (integers(&table, "user_id")?, integers(&table, "days")?);
    let (first, last) = (texts(&table, "first_day")?, texts(&table, "last_day")?);
    let rows = (0..user.len()).map(|at| (user[at], &first[at][5..], &last[at][5..], days[at]));
    assert_eq!(rows.collect::<Vec<_>>(), ISLANDS);
    Ok(())
}

#[test]
fn running_totals_and_places_equal_duckdbs() -> Result<()> {
    let con = drawn()?.con;
    let table = running_totals(&con, 3)?;
    assert_eq!(integers(&table, "total")?, TOTALS);
    let means = table.column("moving_mean")?.f64()?.to_vec();
    let sixfold = means
        .iter()
        .flatten()
        .map(|mean| (6.0 * mean).round() as i64);
    assert_eq!(sixfold.collect::<Vec<_>>(), SIXFOLD_MEANS);

    let orders = query(&con, "SELECT * FROM orders", [])?;
    let ranked: [(Ranking, &[Place]); 3] = [
        (Ranking::RowNumber, &BY_ROW_NUMBER),
        (Ranking::Rank, &BY_RANK),
        (Ranking::DenseRank, &BY_DENSE_RANK),
    ];
    for (ranking, expected) in ranked {
        for table in [
            top_customers(&con, 2, ranking)?,
            top_customers_by_polars(&orders, 2, ranking)?,
        ] {
            let months = texts(&table, "month")?;
            let [customer, revenue, place] =
                ["customer_id", "revenue", "place"].map(|name| integers(&table, name));
            let (customer, revenue, place) = (customer?, revenue?, place?);
            let row = |at: usize| {
                (
                    months[at][5..].parse().unwrap(),
                    customer[at],
                    revenue[at],
                    place[at],
                )
            };
            assert_eq!(
                (0..months.len()).map(row).collect::<Vec<Place>>(),
                expected,
                "{ranking:?}"
            );
        }
    }
    Ok(())
}

#[test]
fn as_of_joins_duplicates_and_joins_equal_duckdbs() -> Result<()> {
    let Drawn { con, as_of, pairs } = drawn()?;
    let [keys, times, other_keys, known] = &as_of;
    let (left, right) = ((&keys[..], &times[..]), (&other_keys[..], &known[..]));
    assert_eq!(as_of_join(left, right)?, AS_OF);
    assert_eq!(as_of_join_by_merge(left, right)?, AS_OF);

    let rule = DuplicateRule::new("log", &["email", "event"], "ts", "id")?;
    let rule = rule.with_nulls(NullKeys::Equal);
    let log = query(&con, "SELECT * FROM log", [])?;
    let found = [
        rule.surplus_by_window(&con)?,
        rule.surplus_by_self_join(&con)?,
        rule.surplus_by_polars(&log)?,
    ];
    for table in found {
        assert_eq!(integers(&table, "id")?, SURPLUS);
    }
    let mut found = hash_join(&pairs[0], &pairs[1]);
    found.sort_unstable();
    assert_eq!(found, HASH_JOIN);

    let sample = customers_and_orders()?;
    let joins: [(Join, Rows); 4] = [
        (Join::Inner, &INNER),
        (Join::Left, &LEFT),
        (Join::Right, &RIGHT),
        (Join::Full, &FULL),
    ];
    for (join, expected) in joins {
        let table = join.run(&sample)?;
        let names = table.column("name")?.str()?;
        let orders = table.column("order_id")?.i64()?;
        let mut rows: Vec<(Option<&str>, Option<i64>)> = names.iter().zip(orders.iter()).collect();
        rows.sort_unstable_by_key(|&(name, order)| (name.is_none(), name, order));
        assert_eq!(rows, expected, "{join:?}");
    }
    for (join, expected) in [(Join::Semi, &SEMI[..]), (Join::Anti, &ANTI[..])] {
        let mut names = texts(&join.run(&sample)?, "name")?;
        names.sort_unstable();
        assert_eq!(names, expected);
    }
    Ok(())
}

/// Month, customer, revenue, place.
type Place = (i64, i64, i64, i64);

// User, number, begin, end, events.
#[rustfmt::skip]
const SESSIONS: [(i64, i64, i64, i64, i64); 22] = [
    (0, 1, 67, 67, 1), (0, 2, 225, 225, 1), (0, 3, 514, 760, 10), (0, 4, 912, 912, 1), (1, 1, 30, 50, 2),
    (1, 2, 190, 265, 4), (1, 3, 380, 380, 1), (1, 4, 494, 620, 4), (1, 5, 995, 995, 1), (2, 1, 34, 55, 2),
    (2, 2, 194, 194, 1), (2, 3, 356, 356, 1), (2, 4, 445, 445, 1), (2, 5, 538, 538, 1), (2, 6, 647, 647, 1),
    (2, 7, 771, 771, 1), (2, 8, 926, 976, 2), (3, 1, 21, 21, 1), (3, 2, 396, 396, 1), (3, 3, 517, 517, 1),
    (3, 4, 817, 817, 1), (3, 5, 991, 991, 1),
];

// User, first day, last day, days.
#[rustfmt::skip]
const ISLANDS: [(i64, &str, &str, i64); 27] = [
    (1, "02-17", "02-17", 1), (1, "02-24", "02-24", 1), (1, "02-26", "02-26", 1), (1, "02-28", "02-28", 1),
    (1, "03-02", "03-02", 1), (1, "03-07", "03-07", 1), (1, "03-09", "03-10", 2), (1, "03-12", "03-12", 1),
    (1, "03-15", "03-15", 1), (2, "02-16", "02-16", 1), (2, "02-19", "02-19", 1), (2, "02-22", "02-22", 1),
    (2, "02-24", "02-24", 1), (2, "02-26", "02-26", 1), (2, "02-28", "02-28", 1), (2, "03-01", "03-01", 1),
    (2, "03-03", "03-04", 2), (2, "03-13", "03-14", 2), (3, "02-17", "02-18", 2), (3, "02-21", "02-21", 1),
    (3, "02-24", "02-25", 2), (3, "02-28", "03-01", 3), (3, "03-03", "03-04", 2), (3, "03-06", "03-06", 1),
    (3, "03-08", "03-08", 1), (3, "03-11", "03-12", 2), (3, "03-15", "03-15", 1),
];

#[rustfmt::skip]
const TOTALS: [i64; 40] = [
    2, 4, 6, 7, 8, 9, 11, 12, 14, 16, 2, 4, 5, 7, 9, 10, 11, 13, 1, 2, 3, 4, 6, 8, 2, 4, 6, 7, 9, 11, 13, 14, 1, 3,
    5, 7, 9, 10, 11, 13,
];

#[rustfmt::skip]
const SIXFOLD_MEANS: [i64; 40] = [
    12, 12, 12, 10, 8, 6, 8, 8, 10, 10, 12, 12, 10, 10, 10, 10, 8, 8, 6, 6, 6, 6, 8, 10, 12, 12, 12, 10, 10, 10, 12,
    10, 6, 9, 10, 12, 12, 10, 8, 8,
];

#[rustfmt::skip]
const BY_ROW_NUMBER: [Place; 6] = [
    (1, 1, 4, 1), (1, 2, 4, 2), (2, 4, 7, 1), (2, 5, 7, 2), (3, 1, 9, 1), (3, 3, 5, 2),
];

#[rustfmt::skip]
const BY_RANK: [Place; 7] = [
    (1, 1, 4, 1), (1, 2, 4, 1), (2, 4, 7, 1), (2, 5, 7, 1), (3, 1, 9, 1), (3, 3, 5, 2), (3, 4, 5, 2),
];

#[rustfmt::skip]
const BY_DENSE_RANK: [Place; 9] = [
    (1, 1, 4, 1), (1, 2, 4, 1), (1, 5, 3, 2), (2, 4, 7, 1), (2, 5, 7, 1), (2, 2, 5, 2), (3, 1, 9, 1), (3, 3, 5, 2),
    (3, 4, 5, 2),
];

#[rustfmt::skip]
const AS_OF: [Option<usize>; 25] = [
    None, None, None, Some(10), Some(16), Some(10), Some(5), None, None, Some(18), Some(23), None, Some(11),
    Some(13), None, None, Some(16), Some(23), None, Some(12), Some(11), None, Some(12), None, Some(11),
];

#[rustfmt::skip]
const SURPLUS: [i64; 21] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 18, 19, 21, 22, 27, 28, 30,
];

#[rustfmt::skip]
const HASH_JOIN: [(usize, usize); 28] = [
    (0, 3), (0, 11), (1, 5), (1, 6), (1, 10), (2, 5), (2, 6), (2, 10), (3, 1), (3, 2), (4, 5), (4, 6), (4, 10),
    (5, 4), (5, 7), (6, 3), (6, 11), (7, 3), (7, 11), (8, 3), (8, 11), (9, 3), (9, 11), (10, 1), (10, 2), (11, 5),
    (11, 6), (11, 10),
];

#[rustfmt::skip]
const INNER: [(Option<&str>, Option<i64>); 5] = [
    (Some("Alice"), Some(101)), (Some("Bob"), Some(102)), (Some("Bob"), Some(103)), (Some("Carol"), Some(104)),
    (Some("Carol"), Some(105)),
];

#[rustfmt::skip]
const LEFT: [(Option<&str>, Option<i64>); 7] = [
    (Some("Alice"), Some(101)), (Some("Bob"), Some(102)), (Some("Bob"), Some(103)), (Some("Carol"), Some(104)),
    (Some("Carol"), Some(105)), (Some("Dave"), None), (Some("Eve"), None),
];

#[rustfmt::skip]
const RIGHT: [(Option<&str>, Option<i64>); 6] = [
    (Some("Alice"), Some(101)), (Some("Bob"), Some(102)), (Some("Bob"), Some(103)), (Some("Carol"), Some(104)),
    (Some("Carol"), Some(105)), (None, Some(106)),
];

#[rustfmt::skip]
const FULL: [(Option<&str>, Option<i64>); 8] = [
    (Some("Alice"), Some(101)), (Some("Bob"), Some(102)), (Some("Bob"), Some(103)), (Some("Carol"), Some(104)),
    (Some("Carol"), Some(105)), (Some("Dave"), None), (Some("Eve"), None), (None, Some(106)),
];

#[rustfmt::skip]
const SEMI: [&str; 3] = [
    "Alice", "Bob", "Carol",
];

#[rustfmt::skip]
const ANTI: [&str; 2] = [
    "Dave", "Eve",
];
