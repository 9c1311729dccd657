//! The exercise from a blank cell of question 16: a self-join below an outer join.

use crate::Result;
use crate::check::Verdict;
use crate::check::sql_answer::{SqlExercise, settled};
use rusqlite::Connection;

const RIGHT: &str = "SELECT d.id, d.name, count(m.id) FROM departments d
    LEFT JOIN employees e ON e.department = d.id
    LEFT JOIN employees m ON m.id = e.manager AND e.salary > m.salary
    GROUP BY d.id, d.name ORDER BY d.id";

const WRONG: [(&str, &str); 8] = [
    (
        "SELECT d.id, d.name, count(*) FROM departments d JOIN employees e ON e.department = d.id
         JOIN employees m ON m.id = e.manager WHERE e.salary > m.salary GROUP BY d.id",
        "Departments in which nobody earns more than the manager are missing. Keep every department by LEFT JOIN, and \
         put the comparison into ON: in WHERE it removes the rows of NULLs.",
    ),
    (
        "SELECT d.id, d.name, count(m.id) FROM departments d JOIN employees e ON e.department = d.id
         LEFT JOIN employees m ON m.id = e.manager AND e.salary > m.salary GROUP BY d.id",
        "A department without employees is missing: it needs a LEFT JOIN to its employees, too.",
    ),
    (
        "SELECT d.id, d.name, count(*) FROM departments d LEFT JOIN employees e ON e.department = d.id
         LEFT JOIN employees m ON m.id = e.manager AND e.salary > m.salary GROUP BY d.id",
        "`count(*)` counts rows, also those that a LEFT JOIN filled with NULL. Count a column of the manager's row.",
    ),
    (
        "SELECT d.id, d.name, count(m.id) FROM departments d LEFT JOIN employees e ON e.department = d.id
         LEFT JOIN employees m ON m.id = e.manager AND e.salary >= m.salary GROUP BY d.id",
        "Who earns exactly as much as the manager does not earn more: `>`, not `>=`.",
    ),
    (
        "SELECT d.id, d.name, count(m.id) FROM departments d LEFT JOIN employees e ON e.department = d.id
         LEFT JOIN employees m ON m.id = e.manager AND e.salary < m.salary GROUP BY d.id",
        "These earn less than their manager: the comparison is the wrong way round.",
    ),
    (
        "SELECT d.id, d.name, count(DISTINCT m.id) FROM departments d LEFT JOIN employees e ON e.department = d.id
         LEFT JOIN employees m ON m.id = e.manager AND e.salary > m.salary GROUP BY d.id",
        "You count different managers. Two employees who earn more than the same manager are two.",
    ),
    (
        "SELECT min(d.id), d.name, count(m.id) FROM departments d LEFT JOIN employees e ON e.department = d.id
         LEFT JOIN employees m ON m.id = e.manager AND e.salary > m.salary GROUP BY d.name",
        "Two departments have the same name, and you made one of them: group by the key.",
    ),
    (
        "SELECT d.id, d.name, count(e.id) FROM departments d LEFT JOIN employees m ON m.department = d.id
         LEFT JOIN employees e ON m.id = e.manager AND e.salary > m.salary GROUP BY d.id",
        "You count in the department of the manager; asked is that of the employee.",
    ),
];

/// Exercise 3 of question 16: for each department its id, its name and how many of its employees earn more than
/// their manager, by id.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q16_staff;
///
/// assert!(!check_q16_staff("SELECT id, name, 0 FROM departments ORDER BY id").has_passed());
/// ```
pub fn check_q16_staff(answer: &str) -> Verdict {
    settled(check(answer))
}

fn check(answer: &str) -> Result<Verdict> {
    let shown = Connection::open_in_memory()?;
    shown.execute_batch(
        "CREATE TABLE departments (id INTEGER PRIMARY KEY, name TEXT);
         INSERT INTO departments VALUES (1,'Data'),(2,'Sales'),(3,'Legal');
         CREATE TABLE employees (id INTEGER PRIMARY KEY, name, salary, manager, department);
         INSERT INTO employees VALUES
             (1,'Ada',120,NULL,1),(2,'Bo',130,1,1),(3,'Cy',90,1,2),(4,'Di',95,3,2)",
    )?;
    let hidden = Connection::open_in_memory()?;
    hidden.execute_batch(
        "CREATE TABLE departments (id INTEGER PRIMARY KEY, name TEXT);
         INSERT INTO departments VALUES (7,'Data'),(5,'Legal'),(6,'Data'),(9,NULL),(4,'Ops');
         CREATE TABLE employees (id INTEGER PRIMARY KEY, name, salary, manager, department);
         INSERT INTO employees VALUES
             (1,'Ada',100,NULL,7),(2,'Bo',130,1,6),(3,'Cy',140,1,6),(4,'Di',100,1,6),(5,'Ed',150,2,7),
             (6,'Flo',90,2,7),(7,'Gus',NULL,1,7),(8,'Hal',300,99,7),(9,'Ida',500,5,NULL),(10,'Jo',95,6,9),
             (11,'Kim',50,1,4),(12,'Lu',60,7,7)",
    )?;
    SqlExercise {
        tables: vec![shown, hidden],
        right: RIGHT,
        columns: "id and name of the department, and the number",
        wrong: &WRONG,
        order: "The rows are right, their order is not: by the department's id.",
        explanation: "Every department stays, whatever it joins; the comparison decides in ON what matches; and `count` of \
                      the manager's key counts matches, not rows.",
    }
    .check(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tried::{assert_accepts, assert_refuses, with_replaced};

    #[test]
    fn right_answers_pass_in_any_form() {
        let by_subquery = "SELECT d.id, d.name, (SELECT count(*) FROM employees e JOIN employees m ON m.id = e.manager
                WHERE e.department = d.id AND e.salary > m.salary) FROM departments d ORDER BY d.id";
        let by_sum = "SELECT d.id, d.name, coalesce(sum(e.salary > m.salary), 0) FROM departments d
            LEFT JOIN employees e ON e.department = d.id LEFT JOIN employees m ON m.id = e.manager
            GROUP BY d.id ORDER BY 1";
        let by_filter =
            "SELECT d.id, d.name, count(*) FILTER (WHERE e.salary > m.salary) FROM departments d
            LEFT JOIN employees e ON e.department = d.id LEFT JOIN employees m ON m.id = e.manager
            GROUP BY d.id, d.name ORDER BY d.id";
        let by_two_subqueries = "SELECT id, name, (SELECT count(*) FROM employees e WHERE e.department = departments.id
                AND e.salary > (SELECT salary FROM employees WHERE id = e.manager)) FROM departments ORDER BY 1";
        let by_cte = "WITH richer AS (SELECT e.department FROM employees e, employees m
                WHERE m.id = e.manager AND m.salary < e.salary)
            SELECT d.id, d.name, count(r.department) FROM departments d LEFT JOIN richer r ON r.department = d.id
            GROUP BY d.id, d.name ORDER BY d.id";
        assert_accepts(
            "check_q16_staff",
            [
                RIGHT,
                by_subquery,
                by_sum,
                by_filter,
                by_two_subqueries,
                by_cte,
            ]
            .map(check_q16_staff),
        );
    }

    #[test]
    fn wrong_answers_are_refused_with_their_reason() {
        let known =
            WRONG.map(|(wrong, words)| (words, check_q16_staff(&format!("{wrong} ORDER BY 1"))));
        let mutants = with_replaced(
            check_q16_staff,
            RIGHT,
            &[
                (" ORDER BY d.id", "", "only by accident"),
                ("ORDER BY d.id", "ORDER BY d.id DESC", "their order is not"),
                ("e.manager AND", "e.id AND", "the answer has"),
                ("m.id = e.manager", "m.manager = e.id", "the answer has"),
                (
                    "d.id, d.name, count",
                    "d.name, count",
                    "must have the columns",
                ),
                ("count(m.id)", "sum(m.id)", "the answer has"),
                (
                    "e.salary > m.salary",
                    "m.department = e.department AND e.salary > m.salary",
                    "the answer has",
                ),
                (
                    "e.salary > m.salary",
                    "CAST(e.salary AS TEXT) > CAST(m.salary AS TEXT)",
                    "the answer has",
                ),
                (
                    "departments d\n",
                    "(SELECT * FROM departments WHERE name IS NOT NULL) d\n",
                    "the answer has",
                ),
                (
                    "e.salary > m.salary",
                    "e.salary > 1.1 * m.salary",
                    "the answer has",
                ),
                (
                    "e.salary > m.salary",
                    "coalesce(e.salary, 0) > coalesce(m.salary, 0)",
                    "the answer has",
                ),
                (RIGHT, "", "The answer is empty"),
                (RIGHT, "DROP TABLE departments", "SQLite says"),
            ],
        );
        assert_refuses("check_q16_staff", known.into_iter().chain(mutants));
    }
}
