//! Answers to exercises that say nothing, too much, or no number: each is told to be wrong, and none ends the check.

use crate::inputs::NUMBERS;
use crate::sweep::Sweep;
use dsprep_core::check::*;
use dsprep_core::prelude::*;

fn told(verdict: Verdict) -> DsResult<Vec<f64>> {
    assert!(
        !verdict.has_passed() && !verdict.message().is_empty(),
        "{verdict}"
    );
    Ok(vec![])
}

pub fn exercises(s: &mut Sweep) {
    let queries = [
        "",
        ";",
        "SELECT",
        "SELECT 1",
        "DROP TABLE orders",
        "SELECT NULL WHERE 0",
        "\0",
        "SELECT '👩‍👩‍👧' AS \"ö\"",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n ORDER BY i DESC",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
         INSERT INTO events (email, event, ts) SELECT i, i, i FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
         DELETE FROM events WHERE id = (SELECT sum(i) FROM n)",
    ];
    for sql in queries {
        s.try_on("check_q16_staff", sql, || told(check_q16_staff(sql)));
        s.try_on("check_q16_revenue", sql, || told(check_q16_revenue(sql)));
        s.try_on("check_q17_surplus", sql, || told(check_q17_surplus(sql)));
        s.try_on("check_q17_delete", sql, || told(check_q17_delete(sql)));
        s.try_on("check_q17_upsert", sql, || told(check_q17_upsert(sql)));
        s.try_on("check_q18_top_three", sql, || {
            told(check_q18_top_three(sql))
        });
        s.try_on("check_q18_change", sql, || told(check_q18_change(sql)));
    }
    for number in NUMBERS {
        let input = number.to_string();
        s.try_on("check_q23_ndcg", &input, || {
            told(check_q23_ndcg(|_, _, _| number))
        });
        s.try_on("check_q23_recall", &input, || {
            told(check_q23_recall(|_, _, _| number))
        });
        s.try_on("check_q24_threshold", &input, || {
            told(check_q24_threshold(|_, _| number))
        });
        s.try_on("check_q25_psi", &input, || {
            told(check_q25_psi(|_, _| number))
        });
        s.try_on("check_card_p_value", &input, || {
            told(check_card_p_value(|_, _| number))
        });
        s.try_on("check_card_auc", &input, || {
            told(check_card_auc(|_, _| Some(number)))
        });
        s.try_on("check_card_known", &input, || {
            told(check_card_known(|_, _| Some(number)))
        });
    }
    for count in [0, 1, usize::MAX] {
        let input = count.to_string();
        let many = || vec![count; 3];
        s.try_on("check_start_sum", &input, || {
            told(check_start_sum(|_| count as u64))
        });
        s.try_on("check_q16_full_join_rows", &input, || {
            told(check_q16_full_join_rows(|_, _| count))
        });
        s.try_on("check_q18_dense_rank", &input, || {
            told(check_q18_dense_rank(|_| many()))
        });
        s.try_on("check_q23_mmr", &input, || {
            told(check_q23_mmr(|_, _, _, _| count))
        });
        s.try_on("check_q23_machines", &input, || {
            told(check_q23_machines(|_, _, _, _, _| count))
        });
        s.try_on("check_q24_velocity", &input, || {
            told(check_q24_velocity(|_, _| count))
        });
        s.try_on("check_q24_window", &input, || {
            told(check_q24_window(|_| many()))
        });
        s.try_on("check_q25_drifted", &input, || {
            told(check_q25_drifted(|_, _| vec![true; 2]))
        });
    }
    s.try_on("check_q29_targets", "customers that there are not", || {
        told(check_q29_targets(|_, _, _| vec![usize::MAX; 9]))
    });
    s.try_on("check_q20_attend", "another length", || {
        told(check_q20_attend(|_, _, _, _| {
            Array1::from_elem(7, f64::NAN)
        }))
    });
    s.try_on("check_q19_gradient", "another shape", || {
        told(check_q19_gradient(|_, _, _, _| {
            Array2::from_elem((7, 0), f64::INFINITY)
        }))
    });
    s.try_on("check_q30_mase", "no number", || {
        told(check_q30_mase(|_, _, _, _| Some(f64::NAN)))
    });
    s.try_on("check_q30_winkler", "no number", || {
        told(check_q30_winkler(|_, _, _, _| f64::NAN))
    });
    s.try_on("check_q26_users", "no number", || {
        told(check_q26_users(|_, _| f64::NAN))
    });
    s.try_on("check_q24_window", "a panic", || {
        told(check_q24_window(|_| panic!("of the answer's own")))
    });
}
