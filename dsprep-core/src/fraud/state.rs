//! The scorer's memory in SQLite, so that a restart changes no decision.
//!
//! Only the payments and their decisions are written; all else is derived from them. SQLite keeps
//! 64-bit integers and floats to the last bit. The number of payments is written too, so that a
//! state of which a part is lost is recognised.

use super::decision::{Action, PaymentDecision};
use super::features::HISTORY;
use super::history::History;
use super::model::FraudModel;
use super::payment::Payment;
use super::record::Record;
use super::rules::Reasons;
use super::scorer::{Scorer, ScorerOptions, StateHealth};
use crate::{Error, Result};
use rusqlite::{Connection, Row, params};
use std::collections::HashMap;

/// The number of the layout below. It grows whenever the layout changes.
const LAYOUT: i64 = 1;

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS fraud_state (layout INTEGER NOT NULL, payments INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS fraud_payment (
    user INTEGER NOT NULL, time INTEGER NOT NULL, id INTEGER NOT NULL, arrived INTEGER NOT NULL,
    amount REAL NOT NULL, device INTEGER NOT NULL, merchant INTEGER NOT NULL,
    latitude REAL NOT NULL, longitude REAL NOT NULL,
    action INTEGER NOT NULL, probability REAL, reasons INTEGER NOT NULL,
    PRIMARY KEY (user, time, id)
) WITHOUT ROWID;
DELETE FROM fraud_state;
DELETE FROM fraud_payment;";

const INSERT: &str =
    "INSERT INTO fraud_payment VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

/// In the order of their numbers, which are what is stored.
const ACTIONS: [Action; 3] = [Action::Approve, Action::Review, Action::Block];

impl Scorer {
    /// Writes the memory to the tables `fraud_state` and `fraud_payment`, in one transaction: it is
    /// written as a whole or not at all. What was saved before is replaced. O(n log n).
    ///
    /// # Errors
    /// [`Error::Sqlite`] if SQLite can't write; [`Error::OutOfRange`] if the file has a table `fraud_state` of other
    /// columns.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::fraud::{Payment, Scorer, ScorerOptions};
    /// use dsprep_core::rusqlite::Connection;
    ///
    /// let con = Connection::open_in_memory()?;
    /// let mut scorer = Scorer::new(ScorerOptions::default(), None)?;
    /// let payment = Payment {
    ///     id: 1, user: 1, time: 0, arrived: 1, amount: 20.0,
    ///     device: 1, merchant: 1, latitude: 52.5, longitude: 13.4,
    /// };
    /// scorer.score(&payment)?;
    /// scorer.save(&con)?;
    /// let mut resumed = Scorer::resume(&con, ScorerOptions::default(), None)?;
    /// assert!(resumed.score(&payment)?.repeated);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn save(&self, con: &Connection) -> Result<()> {
        let transaction = con.unchecked_transaction()?;
        check_owner(&transaction)?;
        transaction.execute_batch(TABLES)?;
        transaction.execute(
            "INSERT INTO fraud_state VALUES (?1, ?2)",
            params![LAYOUT, self.payments() as i64],
        )?;
        {
            let mut insert = transaction.prepare(INSERT)?;
            let mut users: Vec<(&u64, &History)> = self.users.iter().collect();
            users.sort_by_key(|(user, _)| **user as i64);
            for Record { payment, decision } in users.iter().flat_map(|(_, h)| h.records()) {
                insert.execute(params![
                    payment.user as i64,
                    payment.time,
                    payment.id as i64,
                    payment.arrived,
                    payment.amount,
                    payment.device,
                    payment.merchant,
                    payment.latitude,
                    payment.longitude,
                    decision.action as u8,
                    decision.probability,
                    decision.reasons.bits(),
                ])?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// A scorer that goes on where [`Scorer::save`] left off.
    ///
    /// If the saved state can't be read, the scorer starts empty, [`Scorer::health`] says why, and
    /// `settings.on_failure` says what becomes of payments. A database in which nothing was saved counts as
    /// unreadable too: a wrong path must not pass for a new beginning, which is [`Scorer::new`].
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the settings make no sense.
    pub fn resume(
        con: &Connection,
        settings: ScorerOptions,
        model: Option<FraudModel>,
    ) -> Result<Scorer> {
        let mut scorer = Scorer::new(settings, model)?;
        match read(con) {
            Ok(users) => scorer.users = users,
            Err(error) => scorer.health = StateHealth::Unreadable(error.to_string()),
        }
        Ok(scorer)
    }
}

/// Fails if the table `fraud_state` has other columns than ours: then it is someone else's, and would be emptied.
fn check_owner(con: &Connection) -> Result<()> {
    let sql = "SELECT group_concat(name, ', ') FROM pragma_table_info('fraud_state')";
    let columns: Option<String> = con.query_row(sql, [], |row| row.get(0))?;
    match columns.filter(|columns| columns != "layout, payments") {
        None => Ok(()),
        Some(columns) => Err(Error::OutOfRange {
            what: "the table `fraud_state`".to_owned(),
            found: format!("one of the columns {columns}"),
            expected: "that of a scorer; rename the table, or save to another file",
        }),
    }
}

fn read(con: &Connection) -> Result<HashMap<u64, History>> {
    let tables = "SELECT count(*) FROM sqlite_master WHERE name = 'fraud_state'";
    if con.query_row(tables, [], |row| row.get::<_, i64>(0))? == 0 {
        return Err(Error::Empty {
            what: "the table `fraud_state`",
            item: "saved state; `Scorer::new` begins without one",
        });
    }
    let (layout, payments): (i64, i64) =
        con.query_row("SELECT layout, payments FROM fraud_state", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    if layout != LAYOUT {
        return Err(Error::OutOfRange {
            what: "the layout of the saved state".to_owned(),
            found: layout.to_string(),
            expected: "1, the one of this version",
        });
    }
    let mut statement = con.prepare("SELECT * FROM fraud_payment ORDER BY user, time, id")?;
    let mut rows = statement.query([])?;
    let mut users: HashMap<u64, History> = HashMap::new();
    let mut found = 0;
    while let Some(row) = rows.next()? {
        let record = record(row)?;
        let history = users.entry(record.payment.user).or_default();
        if history.records().len() == HISTORY {
            return Err(Error::OutOfRange {
                what: format!("the saved history of user {}", record.payment.user),
                found: "longer".to_owned(),
                expected: "at most 64 payments long",
            });
        }
        history.insert(record);
        found += 1;
    }
    if found != payments {
        return Err(Error::Shape {
            what: "the saved state",
            found: crate::error::count(found as usize, "payment"),
            expected: format!("the {payments} that were saved"),
        });
    }
    Ok(users)
}

fn record(row: &Row<'_>) -> Result<Record> {
    let payment = Payment {
        user: row.get::<_, i64>(0)? as u64,
        time: row.get(1)?,
        id: row.get::<_, i64>(2)? as u64,
        arrived: row.get(3)?,
        amount: row.get(4)?,
        device: row.get(5)?,
        merchant: row.get(6)?,
        latitude: row.get(7)?,
        longitude: row.get(8)?,
    };
    payment.check()?;
    let unknown = |what: &str, found: i64| Error::OutOfRange {
        what: format!("the saved {what} of payment {}", payment.id),
        found: found.to_string(),
        expected: "one that this version knows",
    };
    let action: i64 = row.get(9)?;
    let reasons: i64 = row.get(11)?;
    let known_action = usize::try_from(action).ok().and_then(|at| ACTIONS.get(at));
    let known_reasons = u16::try_from(reasons).ok().and_then(Reasons::from_bits);
    let probability: Option<f64> = row.get(10)?;
    if let Some(found) = probability.filter(|p| !(0.0..=1.0).contains(p)) {
        return Err(Error::OutOfRange {
            what: format!("the saved probability of payment {}", payment.id),
            found: found.to_string(),
            expected: "between 0 and 1",
        });
    }
    let decision = PaymentDecision {
        action: *known_action.ok_or_else(|| unknown("action", action))?,
        probability,
        reasons: known_reasons.ok_or_else(|| unknown("reasons", reasons))?,
    };
    Ok(Record { payment, decision })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fraud::scorer::OnFailure;
    use crate::fraud::simulate::simulate_payments;
    use crate::random::RandomState;

    fn scorer() -> Result<Scorer> {
        Scorer::new(ScorerOptions::default(), None)
    }

    #[test]
    fn a_restart_at_any_point_changes_no_decision() -> Result<()> {
        let stream = simulate_payments(25, 30, &mut RandomState::seed(7))?;
        let mut rng = RandomState::seed(7);
        let mut going_on = scorer()?;
        let mut restarted = scorer()?;
        let mut restarts = 0;
        for labelled in &stream {
            if rng.rand(()) < 0.03 {
                let con = Connection::open_in_memory()?;
                restarted.save(&con)?;
                restarted = Scorer::resume(&con, ScorerOptions::default(), None)?;
                assert_eq!(*restarted.health(), StateHealth::Good);
                restarts += 1;
            }
            let expected = going_on.score(&labelled.payment)?;
            assert_eq!(restarted.score(&labelled.payment)?, expected);
        }
        assert!(restarts > 20, "{restarts}");
        Ok(())
    }

    fn saved() -> Result<(Connection, Payment)> {
        let stream = simulate_payments(5, 10, &mut RandomState::seed(1))?;
        let mut scorer = scorer()?;
        for labelled in &stream {
            scorer.score(&labelled.payment)?;
        }
        let con = Connection::open_in_memory()?;
        scorer.save(&con)?;
        let next = stream[stream.len() - 1].payment;
        let (time, arrived) = (next.arrived + 60, next.arrived + 61);
        Ok((
            con,
            Payment {
                id: 1_000_000,
                time,
                arrived,
                ..next
            },
        ))
    }

    #[test]
    fn a_state_that_cannot_be_read_is_open_or_closed_as_set() -> Result<()> {
        let damages = [
            "DROP TABLE fraud_payment",
            "DROP TABLE fraud_state",
            "DELETE FROM fraud_payment WHERE id % 2",
            "UPDATE fraud_state SET layout = 2",
            "UPDATE fraud_payment SET action = 7",
            "UPDATE fraud_payment SET reasons = 60000",
            "UPDATE fraud_payment SET amount = -1",
            "UPDATE fraud_payment SET device = 'telephone'",
        ];
        for damage in damages {
            let (con, next) = saved()?;
            con.execute_batch(damage)?;
            for (on_failure, action) in [
                (OnFailure::Open, Action::Approve),
                (OnFailure::Closed, Action::Block),
            ] {
                let settings = ScorerOptions {
                    on_failure,
                    ..ScorerOptions::default()
                };
                let mut scorer = Scorer::resume(&con, settings, None)?;
                assert!(
                    matches!(scorer.health(), StateHealth::Unreadable(_)),
                    "{damage}"
                );
                let decision = scorer.score(&next)?.decision;
                assert_eq!(decision.action, action, "{damage}");
                assert!(decision.reasons.to_string().contains("STATE_UNREADABLE"));
            }
        }
        Ok(())
    }

    #[test]
    fn an_accepted_loss_ends_the_alarm() -> Result<()> {
        let con = Connection::open_in_memory()?;
        let mut scorer = Scorer::resume(&con, ScorerOptions::default(), None)?;
        assert!(matches!(scorer.health(), StateHealth::Unreadable(_)));
        scorer.accept_lost_state();
        assert_eq!(*scorer.health(), StateHealth::Good);
        Ok(())
    }

    #[test]
    fn saving_twice_keeps_the_last() -> Result<()> {
        let (con, next) = saved()?;
        let mut scorer = Scorer::resume(&con, ScorerOptions::default(), None)?;
        scorer.score(&next)?;
        scorer.save(&con)?;
        let resumed = Scorer::resume(&con, ScorerOptions::default(), None)?;
        assert_eq!(resumed.payments(), scorer.payments());
        Ok(())
    }

    #[test]
    fn a_database_without_a_state_is_named_and_old_payments_change_nothing() -> Result<()> {
        let con = Connection::open_in_memory()?;
        let mut scorer = Scorer::resume(&con, ScorerOptions::default(), None)?;
        let StateHealth::Unreadable(reason) = scorer.health() else {
            panic!("a fresh database was taken for a saved state")
        };
        assert!(
            reason.contains("`Scorer::new` begins without one"),
            "{reason}"
        );

        let payment = |id: u64, time: i64| Payment {
            id,
            user: 1,
            time,
            arrived: 1_000_000,
            amount: 20.0,
            device: 1,
            merchant: 1,
            latitude: 52.5,
            longitude: 13.4,
        };
        for id in 0..70 {
            scorer.score(&payment(id, 900_000 + id as i64))?;
        }
        let before = scorer.features(&payment(1000, 999_999))?;
        for _ in 0..2 {
            assert!(!scorer.score(&payment(500, 10))?.repeated);
        }
        assert_eq!(scorer.features(&payment(1000, 999_999))?, before);
        assert_eq!(scorer.forget_before(900_069), 0);
        assert_eq!((scorer.forget_before(900_070), scorer.users()), (1, 0));
        Ok(())
    }
}
