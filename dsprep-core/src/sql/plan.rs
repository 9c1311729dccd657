//! How SQLite runs a statement: its plan, and how much work it was (questions 16 to 18).
//!
//! `EXPLAIN QUERY PLAN` tells the plan as a tree. SCAN reads all rows, SEARCH goes to the right ones by an
//! index, USE TEMP B-TREE sorts.
//!
//! Time depends on the machine and its load. SQLite also *counts*: the steps of its virtual machine, the
//! rows that a full scan visits, the sorts. The same statement on the same data gives the same counts, so
//! that the effect of an index can be shown, and tested, exactly.

use super::query::{rejected, whole};
use crate::cell::MimeBundle;
use crate::display::{RichDisplay, html::pre};
use crate::{Result, table};
use polars::prelude::DataFrame;
use rusqlite::{Connection, Params, StatementStatus};
use std::fmt;

/// The plan of a statement, as SQLite's `EXPLAIN QUERY PLAN` tells it.
///
/// # Examples
/// ```
/// use dsprep_core::sql::{customers_and_orders, query_plan};
///
/// let plan = query_plan(&customers_and_orders()?, "SELECT name FROM customers ORDER BY name")?;
/// assert_eq!(plan.to_string(), "QUERY PLAN\n├─ SCAN customers\n└─ USE TEMP B-TREE FOR ORDER BY\n");
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryPlan {
    /// The steps, each followed by the steps that it consists of.
    pub steps: Vec<PlanStep>,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanStep {
    /// How many steps this one is part of.
    pub depth: usize,
    /// What is done, in SQLite's words, which may change from version to version.
    pub detail: String,
}

/// The plan of `sql`, which is not run.
///
/// # Errors
/// [`Error::Statement`](crate::Error::Statement) if SQLite rejects the statement.
pub fn query_plan(con: &Connection, sql: &str) -> Result<QueryPlan> {
    whole(sql)?;
    let explain = format!("EXPLAIN QUERY PLAN {sql}");
    let mut statement = con
        .prepare(&explain)
        .map_err(|source| rejected(source, &explain))?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(3)?)))?;
    let rows: Vec<Row> = rows.collect::<rusqlite::Result<_>>()?;
    let mut steps = Vec::with_capacity(rows.len());
    add_parts(&rows, 0, 0, &mut steps);
    Ok(QueryPlan { steps })
}

/// A row of the plan: its number, the number of the step that it is part of (0 for none), the words.
type Row = (i64, i64, String);

fn add_parts(rows: &[Row], whole: i64, depth: usize, steps: &mut Vec<PlanStep>) {
    for (id, parent, detail) in rows {
        if *parent == whole {
            let detail = detail.clone();
            steps.push(PlanStep { depth, detail });
            add_parts(rows, *id, depth + 1, steps);
        }
    }
}

impl fmt::Display for QueryPlan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "QUERY PLAN")?;
        for (index, step) in self.steps.iter().enumerate() {
            // Whether the step at `depth` has a later one beside it, before the plan goes back up.
            let goes_on = |depth: usize| {
                let later = self.steps[index + 1..].iter();
                let mut beside = later.take_while(|other| other.depth >= depth);
                beside.any(|other| other.depth == depth)
            };
            for depth in 0..step.depth {
                formatter.write_str(if goes_on(depth) { "│  " } else { "   " })?;
            }
            let branch = if goes_on(step.depth) {
                "├─"
            } else {
                "└─"
            };
            writeln!(formatter, "{branch} {}", step.detail)?;
        }
        Ok(())
    }
}

impl RichDisplay for QueryPlan {
    fn mime_bundle(&self) -> MimeBundle {
        let text = self.to_string();
        let html = pre(&text);
        MimeBundle::plain(text).with("text/html", html)
    }
}

/// How much work a statement was, in SQLite's own counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryWork {
    /// The rows that it returned.
    pub rows: usize,
    /// The instructions that SQLite's virtual machine executed.
    pub vm_steps: i64,
    /// The steps forward in a scan of a whole table.
    pub scan_steps: i64,
    /// The sorts.
    pub sorts: i64,
    /// The rows that were put into an index made for this statement alone.
    pub automatic_index_rows: i64,
}

/// Runs a statement to its end and returns what SQLite counted.
///
/// # Errors
/// [`Error::Statement`](crate::Error::Statement) if SQLite rejects the statement.
///
/// # Examples
/// ```
/// use dsprep_core::sql::{events, query_work};
///
/// let con = events()?;
/// let sql = "SELECT id FROM events WHERE email = ?1";
/// let scanned = query_work(&con, sql, ["a@x.com"])?;
/// con.execute("CREATE INDEX by_email ON events (email)", [])?;
/// let searched = query_work(&con, sql, ["a@x.com"])?;
/// assert_eq!((scanned.rows, searched.rows), (3, 3));
/// assert_eq!((scanned.scan_steps, searched.scan_steps), (5, 0));
/// assert!(searched.vm_steps < scanned.vm_steps);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn query_work<P: Params>(con: &Connection, sql: &str, params: P) -> Result<QueryWork> {
    whole(sql)?;
    let rejected = |source| rejected(source, sql);
    let mut statement = con.prepare(sql).map_err(rejected)?;
    let mut found = statement.query(params).map_err(rejected)?;
    let mut rows = 0;
    while found.next().map_err(rejected)?.is_some() {
        rows += 1;
    }
    drop(found);
    // SQLite counts in 32 bits without a sign.
    let counted = |counter| i64::from(statement.get_status(counter) as u32);
    Ok(QueryWork {
        rows,
        vm_steps: counted(StatementStatus::VmStep),
        scan_steps: counted(StatementStatus::FullscanStep),
        sorts: counted(StatementStatus::Sort),
        automatic_index_rows: counted(StatementStatus::AutoIndex),
    })
}

/// The counts of several statements, one row for each of the pairs of a name and its work.
///
/// # Errors
/// Those of polars, which are not expected.
///
/// # Examples
/// ```
/// use dsprep_core::sql::{events, query_work, work_table};
///
/// let all = query_work(&events()?, "SELECT * FROM events", [])?;
/// assert_eq!(work_table(&[("all rows", all)])?.shape(), (1, 6));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn work_table(work: &[(&str, QueryWork)]) -> Result<DataFrame> {
    let names: Vec<&str> = work.iter().map(|(name, _)| *name).collect();
    let rows: Vec<usize> = work.iter().map(|(_, work)| work.rows).collect();
    let counts = |count: fn(&QueryWork) -> i64| -> Vec<i64> {
        work.iter().map(|(_, work)| count(work)).collect()
    };
    table!(
        "statement" => names,
        "rows" => rows,
        "VM steps" => counts(|work| work.vm_steps),
        "scan steps" => counts(|work| work.scan_steps),
        "sorts" => counts(|work| work.sorts),
        "automatic index rows" => counts(|work| work.automatic_index_rows),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use crate::sql::many_orders;

    #[test]
    fn a_plan_is_a_tree() -> Result<()> {
        let con = many_orders(10, 3, &mut RandomState::seed(1))?;
        let plan = query_plan(
            &con,
            "SELECT 1 FROM orders WHERE amount IN (SELECT 2 UNION SELECT 3) ORDER BY amount",
        )?;
        let depths: Vec<usize> = plan.steps.iter().map(|step| step.depth).collect();
        assert!(depths.iter().any(|&depth| depth >= 2), "{plan}");
        let text = plan.to_string();
        assert!(text.contains("├─ SCAN orders"), "{text}");
        assert!(text.contains("└─ USE TEMP B-TREE FOR ORDER BY"), "{text}");
        assert!(text.contains("│  "), "{text}");
        Ok(())
    }

    #[test]
    fn counts_are_the_same_each_time_and_an_index_lowers_them() -> Result<()> {
        let con = many_orders(2_000, 100, &mut RandomState::seed(16))?;
        let sql = "SELECT sum(amount) FROM orders WHERE customer_id = ?1";
        let without = query_work(&con, sql, [7])?;
        assert_eq!(query_work(&con, sql, [7])?, without);
        assert_eq!(without.scan_steps, 1_999);
        con.execute("CREATE INDEX by_customer ON orders (customer_id)", [])?;
        let with = query_work(&con, sql, [7])?;
        assert_eq!(with.scan_steps, 0);
        assert!(
            with.vm_steps * 10 < without.vm_steps,
            "{with:?} {without:?}"
        );
        let plan = query_plan(&con, "SELECT * FROM orders WHERE customer_id = 7")?;
        assert!(
            plan.to_string()
                .contains("SEARCH orders USING INDEX by_customer")
        );
        Ok(())
    }

    #[test]
    fn a_rejected_statement_is_shown_with_the_place() -> Result<()> {
        let con = Connection::open_in_memory()?;
        let error = query_plan(&con, "SELECT wrong").unwrap_err().to_string();
        assert!(error.contains("no such column: wrong"), "{error}");
        assert!(query_work(&con, "SELECT wrong", []).is_err());
        Ok(())
    }
}
