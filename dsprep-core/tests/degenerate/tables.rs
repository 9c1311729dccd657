//! SQL, tables and encodings.

use crate::inputs::{COUNTS, NUMBERS, matrices, vectors};
use crate::sweep::{Sweep, plain, shown};
use dsprep_core::prelude::*;
use dsprep_core::sql::{as_of_join, as_of_join_by_merge, ranks, top_k};
use dsprep_core::triage::shared_rows_by_pairs;

pub fn tables(s: &mut Sweep) {
    for (input, x) in vectors() {
        let values = x.to_vec();
        for ranking in [Ranking::RowNumber, Ranking::Rank, Ranking::DenseRank] {
            s.try_on("ranks", input, || plain(ranks(&values, ranking)));
            let groups: Vec<usize> = (0..values.len()).map(|i| i % 2).collect();
            for n in COUNTS {
                s.try_on("top_n_per_group", input, || {
                    shown(top_n_per_group(&groups, &values, n, ranking))
                });
                s.try_on("top_n_per_group", input, || {
                    shown(top_n_per_group(&[1, 2, 3], &values, n, ranking))
                });
            }
        }
        for k in COUNTS {
            s.try_on("top_k", input, || plain(top_k(&values, k)));
        }
        for name in ["", "ä", "\"quoted\"", "a b"] {
            s.try_on("FrameToArray::to_array", format!("{input} {name}"), || {
                let frame = table!(name => &x)?;
                let (all, one) = (frame.to_array([name])?, frame.column(name)?.to_array()?);
                // What is in the table comes out: NaN too, which boosting takes for missing.
                assert_eq!(all.column(0).len(), one.len());
                let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits();
                assert!(one.iter().zip(&x).all(same) && all.iter().zip(&x).all(same));
                Ok(vec![])
            });
            s.try_on(
                "ColumnToArray::to_labels",
                format!("{input} {name}"),
                || plain(table!(name => &x)?.column(name)?.to_labels()),
            );
        }
    }
    let times: [&[i64]; 5] = [&[], &[0], &[i64::MIN, i64::MAX], &[3, 1, 2], &[5, 5, 5]];
    for one in times {
        for other in times {
            let keys: Vec<i64> = one.iter().map(|_| 1).collect();
            let others: Vec<i64> = other.iter().map(|_| 1).collect();
            let input = format!("{one:?} {other:?}");
            s.try_on("as_of_join", &input, || {
                plain(as_of_join((&keys, one), (&others, other)))
            });
            s.try_on("as_of_join", &input, || {
                plain(as_of_join(
                    (one, one),
                    (other, &others[..others.len().min(1)]),
                ))
            });
            s.try_on("as_of_join_by_merge", &input, || {
                plain(as_of_join_by_merge((&keys, one), (&others, other)))
            });
            s.try_on("known_too_late", &input, || {
                plain(known_too_late(
                    &Array1::from(one.to_vec()),
                    &Array1::from(other.to_vec()),
                ))
            });
            let values = Array1::from_elem(one.len(), 1.0);
            for at in [i64::MIN, 0, i64::MAX] {
                s.try_on("as_of", &input, || {
                    plain(as_of(&Array1::from(other.to_vec()), &values, at))
                });
            }
            let some: Vec<Option<i64>> = one.iter().map(|&key| (key != 0).then_some(key)).collect();
            s.try_on("hash_join", &input, || {
                Ok(vec![hash_join(&some, &some).len() as f64])
            });
        }
    }
    let con = Connection::open_in_memory().unwrap();
    con.execute_batch(
        "CREATE TABLE events (user_id INTEGER, at INTEGER, time INTEGER, id INTEGER); CREATE TABLE logins (user_id INTEGER, day TEXT);
         CREATE TABLE orders (order_date TEXT, customer_id INTEGER, amount INTEGER);
         INSERT INTO events VALUES (1, 9223372036854775807, 1, 1), (1, -9223372036854775808, 1, 2), (NULL, 3, 2, 3), (2, NULL, 3, 4);
         INSERT INTO logins VALUES (1, '2024-02-30'), (1, 'no date'), (2, NULL), (NULL, '2024-01-01'), (3, '9999-12-31');
         INSERT INTO orders VALUES ('no date', 1, NULL), (NULL, NULL, 3), ('2024-01-01', 1, 9223372036854775807);",
    )
    .unwrap();
    for timeout in [i64::MIN, -1, 0, 1, i64::MAX] {
        s.try_on("sessions", timeout.to_string(), || {
            sessions(&con, timeout).map(|table| vec![table.height() as f64])
        });
    }
    s.try_on("islands", "no dates", || {
        islands(&con).map(|table| vec![table.height() as f64])
    });
    for rows in COUNTS {
        s.try_on("running_totals", rows.to_string(), || {
            running_totals(&con, rows).map(|table| vec![table.height() as f64])
        });
        for ranking in [Ranking::RowNumber, Ranking::Rank, Ranking::DenseRank] {
            s.try_on("top_customers", rows.to_string(), || {
                top_customers(&con, rows, ranking).map(|table| vec![table.height() as f64])
            });
            for (first, last) in [
                ("2024-01", "2024-02"),
                ("2024-13", "x"),
                ("", ""),
                ("9999-01", "0001-01"),
            ] {
                s.try_on(
                    "top_customers_of_all_months",
                    format!("{first} {last}"),
                    || {
                        top_customers_of_all_months(&con, first, last, rows, ranking)
                            .map(|table| vec![table.height() as f64])
                    },
                );
            }
        }
    }
    for sql in [
        "",
        "SELEC 1",
        "SELECT",
        "SELECT 1; DROP TABLE orders",
        "SELECT * FROM nowhere",
        "SELECT 'ä' AS \"ö ü\"",
        "SELECT 1.0/0",
    ] {
        s.try_on("query", sql, || {
            query(&con, sql, []).map(|table| vec![table.height() as f64])
        });
        s.try_on("query_plan", sql, || query_plan(&con, sql).map(|_| vec![]));
        s.try_on("query_work", sql, || {
            shown(query_work(&con, sql, []).map(|work| vec![work]))
        });
    }
    for name in ["", "a b", "x\"; DROP TABLE orders; --", "ä"] {
        s.try_on("DuplicateRule::groups", name, || {
            DuplicateRule::new(name, &["user_id"], "time", "id")?
                .groups(&con)
                .map(|table| vec![table.height() as f64])
        });
        s.try_on("DuplicateRule::groups", name, || {
            DuplicateRule::new("events", &[name], "time", "id")?
                .groups(&con)
                .map(|table| vec![table.height() as f64])
        });
    }
    for categories in [
        vec![],
        vec![0],
        vec![usize::MAX, 0, usize::MAX],
        vec![1_000_000; 4],
    ] {
        let categories = Array1::from(categories);
        for labels in [
            vec![],
            vec![1],
            vec![0, 1, 1],
            vec![1; 4],
            vec![0; 4],
            vec![2, 0, 1],
        ] {
            let y = Array1::from(labels);
            for smoothing in NUMBERS {
                let input = format!("{categories} {y} {smoothing}");
                s.try_on("TargetEncoder::fit", &input, || {
                    Ok(TargetEncoder::fit(&categories, &y, smoothing)?
                        .encode(&array![0, 7, usize::MAX])
                        .to_vec())
                });
                let folds = Array1::from_shape_fn(y.len(), |i| i % 2);
                s.try_on("encode_out_of_fold", &input, || {
                    plain(encode_out_of_fold(&categories, &y, smoothing, &folds))
                });
            }
        }
    }
    for folds in COUNTS {
        for rows in [0, 1, 5] {
            s.try_on("shuffled_folds", format!("{rows} {folds}"), || {
                plain(shuffled_folds(rows, folds, &mut RandomState::seed(1)))
            });
        }
    }
    for (input, x) in matrices() {
        s.try_on("shared_rows_by_pairs", input, || {
            plain(shared_rows_by_pairs(&x, &x))
        });
    }
}
