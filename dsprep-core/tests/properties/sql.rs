//! SQL: each way to the answer gives the same one, on any table.

use crate::inputs::{any_number, cases};
use dsprep_core::Result;
use dsprep_core::prelude::*;
use dsprep_core::sql::{as_of_join_by_merge, ranks, top_k};
use proptest::collection::vec;
use proptest::prelude::*;

/// Two keys that may be NULL, and a day that may be.
type Event = ([Option<u8>; 2], Option<u8>);

fn events_strategy() -> impl Strategy<Value = Vec<Event>> {
    let value = || prop::option::weighted(0.8, 0_u8..3);
    vec(([value(), value()], value()), 0..25)
}

fn event_table(events: &[Event]) -> Result<Connection> {
    let con = Connection::open_in_memory()?;
    con.execute_batch("CREATE TABLE e (id INTEGER PRIMARY KEY, a TEXT, b TEXT, ts TEXT)")?;
    for ([a, b], day) in events {
        let text = |value: &Option<u8>| value.map(|value| value.to_string());
        con.execute(
            "INSERT INTO e (a, b, ts) VALUES (?1, ?2, ?3)",
            params![text(a), text(b), text(day)],
        )?;
    }
    Ok(con)
}

fn integers(table: &DataFrame, column: &str) -> Result<Vec<i64>> {
    match table.height() {
        0 => Ok(Vec::new()),
        _ => Ok(table.column(column)?.i64()?.iter().flatten().collect()),
    }
}

/// The rows that have a newer one with the same keys, by looking at all pairs.
fn surplus_by_pairs(events: &[Event], nulls: NullKeys) -> Vec<i64> {
    let comparable =
        |event: &Event| nulls == NullKeys::Equal || event.0.iter().all(Option::is_some);
    let newer = |a: usize, b: usize| (events[b].1, b) > (events[a].1, a);
    (0..events.len())
        .filter(|&a| {
            comparable(&events[a])
                && (0..events.len()).any(|b| events[a].0 == events[b].0 && newer(a, b))
        })
        .map(|row| row as i64 + 1)
        .collect()
}

fn orders(rows: &[(u8, u8, u8)]) -> Result<Connection> {
    let con = Connection::open_in_memory()?;
    con.execute_batch(
        "CREATE TABLE orders (order_date TEXT, customer_id INTEGER, amount INTEGER)",
    )?;
    for (month, customer, amount) in rows {
        con.execute(
            "INSERT INTO orders VALUES ('2024-0' || ?1 || '-15', ?2, ?3)",
            params![month, customer, amount],
        )?;
    }
    Ok(con)
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn window_self_join_polars_and_all_pairs_find_the_same_duplicates(
        events in events_strategy(), different: bool,
    ) {
        let mut con = event_table(&events)?;
        let nulls = if different { NullKeys::Different } else { NullKeys::Equal };
        let rule = DuplicateRule::new("e", &["a", "b"], "ts", "id")?.with_nulls(nulls);
        let expected = surplus_by_pairs(&events, nulls);
        prop_assert_eq!(&integers(&rule.surplus_by_window(&con)?, "id")?, &expected);
        prop_assert_eq!(&integers(&rule.surplus_by_self_join(&con)?, "id")?, &expected);
        let table = query(&con, "SELECT * FROM e", [])?;
        prop_assert_eq!(&integers(&rule.surplus_by_polars(&table)?, "id")?, &expected);
        let copies: i64 = integers(&rule.groups(&con)?, "copies")?.iter().map(|copies| copies - 1).sum();
        prop_assert_eq!(copies, expected.len() as i64);
        prop_assert_eq!(rule.delete_surplus(&mut con)?, expected.len());
        let left = integers(&query(&con, "SELECT id FROM e ORDER BY id", [])?, "id")?;
        let kept: Vec<i64> = (1..=events.len() as i64).filter(|id| !expected.contains(id)).collect();
        prop_assert_eq!(left, kept);
        prop_assert_eq!(rule.delete_surplus(&mut con)?, 0);
    }

    #[test]
    fn sqlite_and_polars_rank_any_orders_alike(
        rows in vec((1_u8..4, 1_u8..6, 1_u8..5), 1..30), n in 0_usize..4,
    ) {
        let con = orders(&rows)?;
        let table = query(&con, "SELECT * FROM orders", [])?;
        for ranking in Ranking::ALL {
            let sqlite = top_customers(&con, n, ranking)?;
            let polars = top_customers_by_polars(&table, n, ranking)?;
            for column in ["customer_id", "revenue", "place"] {
                prop_assert_eq!(integers(&sqlite, column)?, integers(&polars, column)?, "{:?} {}", ranking, column);
            }
        }
    }

    #[test]
    fn the_best_of_each_group_are_those_whose_rank_is_at_most_n(
        rows in vec((0_u8..4, -3_i8..3), 0..30), n in 0_usize..5,
    ) {
        let groups: Vec<u8> = rows.iter().map(|row| row.0).collect();
        let values: Vec<f64> = rows.iter().map(|row| f64::from(row.1)).collect();
        for ranking in Ranking::ALL {
            let mut expected: Vec<(usize, usize)> = Vec::new();
            for group in 0..4 {
                let members: Vec<usize> = (0..rows.len()).filter(|&row| groups[row] == group).collect();
                let of_group: Vec<f64> = members.iter().map(|&row| values[row]).collect();
                let ranked = ranks(&of_group, ranking)?.into_iter().zip(members);
                expected.extend(ranked.filter(|ranked| ranked.0 <= n));
            }
            let best = top_n_per_group(&groups, &values, n, ranking)?;
            let mut best: Vec<(usize, usize)> = best.iter().map(|best| (best.rank, best.row)).collect();
            best.sort_unstable();
            expected.sort_unstable();
            prop_assert_eq!(best, expected);
        }
    }

    #[test]
    fn the_largest_are_those_that_sorting_finds(values in vec(any_number(), 0..30), k in 0_usize..12) {
        let Ok(best) = top_k(&values, k) else {
            prop_assert!(values.iter().any(|value| value.is_nan()));
            return Ok(());
        };
        let mut order: Vec<usize> = (0..values.len()).collect();
        // Adding 0 makes both zeros equal for `total_cmp` too.
        order.sort_by(|&a, &b| (values[b] + 0.0).total_cmp(&(values[a] + 0.0)));
        order.truncate(k);
        prop_assert_eq!(best, order);
    }

    #[test]
    fn a_hash_join_pairs_what_nested_loops_pair(
        left in vec(prop::option::weighted(0.8, -2_i64..3), 0..15),
        right in vec(prop::option::weighted(0.8, -2_i64..3), 0..15),
    ) {
        let mut expected = Vec::new();
        for (i, a) in left.iter().enumerate() {
            expected.extend((0..right.len()).filter(|&j| a.is_some() && *a == right[j]).map(|j| (i, j)));
        }
        let mut pairs = hash_join(&left, &right);
        pairs.sort_unstable();
        prop_assert_eq!(pairs, expected);
    }

    #[test]
    fn the_join_types_fit_together_on_any_tables(
        customers in vec(1_i64..9, 0..8), orders in vec(1_i64..9, 0..12),
    ) {
        let con = customers_and_orders()?;
        con.execute_batch("DELETE FROM orders; DELETE FROM customers")?;
        let mut customers = customers;
        customers.sort_unstable();
        customers.dedup();
        for id in &customers {
            con.execute("INSERT INTO customers VALUES (?1, 'c' || ?1)", [id])?;
        }
        for (number, id) in orders.iter().enumerate() {
            con.execute("INSERT INTO orders VALUES (?1, ?2, 10)", params![number as i64, id])?;
        }
        let rows = |join: Join| -> Result<usize> { Ok(join.run(&con)?.height()) };
        let matched = orders.iter().filter(|id| customers.contains(id)).count();
        let bought = customers.iter().filter(|id| orders.contains(id)).count();
        prop_assert_eq!(rows(Join::Inner)?, matched);
        prop_assert_eq!(rows(Join::Semi)?, bought);
        prop_assert_eq!(rows(Join::Anti)?, customers.len() - bought);
        prop_assert_eq!(rows(Join::Left)?, matched + customers.len() - bought);
        prop_assert_eq!(rows(Join::Right)?, orders.len());
        prop_assert_eq!(rows(Join::Full)?, orders.len() + customers.len() - bought);
    }

    #[test]
    fn an_as_of_join_finds_the_last_row_that_was_known(
        left in vec((0_i64..3, -5_i64..20), 0..15), right in vec((0_i64..3, -5_i64..20), 0..15),
    ) {
        let (keys, times): (Vec<i64>, Vec<i64>) = left.iter().copied().unzip();
        let (right_keys, right_times): (Vec<i64>, Vec<i64>) = right.iter().copied().unzip();
        let found = as_of_join((&keys, &times), (&right_keys, &right_times))?;
        prop_assert_eq!(&as_of_join_by_merge((&keys, &times), (&right_keys, &right_times))?, &found);
        for (&(key, time), found) in left.iter().zip(found) {
            let known = right.iter().filter(|row| row.0 == key && row.1 <= time);
            prop_assert_eq!(found.map(|row| right[row].1), known.map(|row| row.1).max());
        }
        prop_assert!(as_of_join((&keys, &[]), (&right_keys, &right_times)).is_err() || keys.is_empty());
    }

    #[test]
    fn any_sql_text_gives_a_table_or_an_error(sql in "\\PC{0,30}") {
        let con = customers_and_orders()?;
        let _ = query(&con, &sql, []);
        let _ = query(&con, &format!("SELECT {sql} FROM orders"), []);
        let _ = query_plan(&con, &sql);
    }
}
