//! What is saved, restored and refused.

use super::{run, stable, weeks_of};
use crate::monitor::{
    Change, Correction, Fault, ModelLifecycle, MonitorAction, MonitorPolicy, WeekStream,
};
use crate::random::RandomState;
use crate::{Error, Result};
use rusqlite::Connection;

/// Runs `stream` to week 36, with a restart before about every third step.
fn run_with_restarts(
    stream: &WeekStream,
    policy: MonitorPolicy,
    seed: u32,
) -> Result<ModelLifecycle> {
    let mut rng = RandomState::seed(seed);
    let mut con = Connection::open_in_memory()?;
    let mut lifecycle = ModelLifecycle::start_on(stream, policy)?;
    for week in 4..36 {
        for step in 0..3 {
            if rng.rand(()) < 0.3 {
                lifecycle.save(&mut con)?;
                let restored = ModelLifecycle::restore(&con, policy)?;
                assert_eq!(restored, lifecycle, "week {week}, step {step}");
                lifecycle = restored;
            }
            match step {
                0 => drop(lifecycle.serve(week, &stream.week(week)?.x)?),
                1 if week >= 6 => lifecycle.label(week - 2, &stream.week(week - 2)?.y)?,
                1 => {}
                _ => drop(lifecycle.review(week)?),
            }
        }
    }
    Ok(lifecycle)
}

#[test]
fn saving_and_restoring_at_any_point_changes_nothing() -> Result<()> {
    let policy = MonitorPolicy {
        schedule: Some(9),
        ..MonitorPolicy::default()
    };
    let mut kinds: Vec<MonitorAction> = Vec::new();
    for seed in 0..4 {
        let holiday = Change::abrupt(13 + seed).until(21 + seed);
        let stream = WeekStream::stable(600, &mut RandomState::seed(4 + seed))
            .with_label_delay(2)
            .with_broken_feature(1, Fault::Stuck(0.0), Change::abrupt(9).until(10))
            .with_concept_drift(holiday)
            .with_seasonality(13, 0.4);
        let lifecycle = run_with_restarts(&stream, policy, seed)?;
        assert_eq!(lifecycle, run(&stream, policy, 36)?);
        kinds.extend(lifecycle.decisions().iter().map(|decision| decision.action));
    }
    // Not only the quiet weeks were interrupted.
    for action in [
        MonitorAction::Repair,
        MonitorAction::Retrain,
        MonitorAction::Promote,
        MonitorAction::RollBack,
    ] {
        assert!(kinds.contains(&action), "{action:?} is not in {kinds:?}");
    }
    Ok(())
}

#[test]
fn a_restart_with_another_policy_is_refused_and_names_the_setting() -> Result<()> {
    let policy = MonitorPolicy::default();
    let mut con = Connection::open_in_memory()?;
    let lifecycle =
        ModelLifecycle::start_on(&WeekStream::stable(200, &mut RandomState::seed(1)), policy)?;
    lifecycle.save(&mut con)?;
    let message = |policy| {
        ModelLifecycle::restore(&con, policy)
            .unwrap_err()
            .to_string()
    };
    let schedule = Some(8);
    assert_eq!(
        message(MonitorPolicy { schedule, ..policy }),
        "the setting `schedule`, none when it was saved, is 8, but it must be as it was saved: take the \
         saved ones by `restore_saved` and note the change by `change_policy`."
    );
    let mut drift = policy.drift;
    drift.correction = Correction::None;
    assert!(message(MonitorPolicy { drift, ..policy }).contains("`drift.correction`, Holm"));
    let mut performance = policy.performance;
    performance.tolerance = 0.03;
    let wrong = message(MonitorPolicy {
        performance,
        ..policy
    });
    assert!(
        wrong.contains("`performance.tolerance`, 0.02 when it was saved, is 0.03"),
        "{wrong}"
    );
    assert_eq!(ModelLifecycle::restore(&con, policy)?, lifecycle);
    assert_eq!(ModelLifecycle::restore_saved(&con)?, lifecycle);
    Ok(())
}

#[test]
fn a_change_of_policy_is_recorded_and_each_decision_names_the_one_it_was_made_by() -> Result<()> {
    let stream = stable().with_concept_drift(Change::abrupt(14));
    let first = MonitorPolicy::default();
    let mut lifecycle = run(&stream, first, 17)?;
    let hasty = MonitorPolicy {
        patience: 1,
        schedule: Some(26),
        ..first
    };
    assert_eq!(lifecycle.change_policy(hasty, "drops are real here")?, 2);
    let error = lifecycle.change_policy(hasty, "again").unwrap_err();
    assert!(error.to_string().contains("the same as before"));
    let wrong = MonitorPolicy {
        patience: 0,
        ..first
    };
    assert!(lifecycle.change_policy(wrong, "").is_err());
    for week in 17..20 {
        lifecycle.advance(&stream, week)?;
    }
    let retrained = weeks_of(&lifecycle, MonitorAction::Retrain);
    let patient = weeks_of(&run(&stream, first, 22)?, MonitorAction::Retrain);
    assert!(retrained[0] < patient[0], "{retrained:?} {patient:?}");

    let mut con = Connection::open_in_memory()?;
    lifecycle.save(&mut con)?;
    assert!(ModelLifecycle::restore(&con, first).is_err());
    assert_eq!(ModelLifecycle::restore(&con, hasty)?, lifecycle);
    let weeks: (u32, u32) = con.query_row(
        "SELECT sum(policy = 1), sum(policy = 2) FROM lifecycle_decisions",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    assert_eq!(weeks, (13, 3));
    let second = &lifecycle.policies()[1];
    assert_eq!(
        (second.since, second.reason.as_str()),
        (16, "drops are real here")
    );
    assert_eq!(lifecycle.policies()[0].policy, first);
    Ok(())
}

#[test]
fn saving_touches_no_table_of_the_caller() -> Result<()> {
    let mut con = Connection::open_in_memory()?;
    con.execute_batch(
        "CREATE TABLE metrics (name TEXT); INSERT INTO metrics VALUES ('mine');
         CREATE TABLE versions (name TEXT); CREATE TABLE state (name TEXT); CREATE TABLE weeks (name TEXT);",
    )?;
    let policy = MonitorPolicy::default();
    let lifecycle =
        ModelLifecycle::start_on(&WeekStream::stable(100, &mut RandomState::seed(1)), policy)?;
    for _ in 0..2 {
        lifecycle.save(&mut con)?;
        assert_eq!(ModelLifecycle::restore(&con, policy)?, lifecycle);
    }
    let mine: String = con.query_row("SELECT name FROM metrics", [], |row| row.get(0))?;
    assert_eq!(mine, "mine");

    for theirs in [
        "CREATE TABLE lifecycle_weeks (name TEXT)",
        "CREATE TABLE Lifecycle_Weeks (name TEXT)",
        "CREATE VIEW lifecycle_weeks AS SELECT 1 AS name",
        "CREATE TABLE lifecycle_state (layout TEXT)",
        "CREATE TABLE lifecycle_state (layout INTEGER); INSERT INTO lifecycle_state VALUES (99)",
    ] {
        let mut con = Connection::open_in_memory()?;
        con.execute_batch(theirs)?;
        let tables = |con: &Connection| -> Result<i64> {
            Ok(con.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?)
        };
        let before = tables(&con)?;
        let error = lifecycle.save(&mut con).unwrap_err().to_string();
        assert!(
            error.contains("one that no lifecycle was saved to"),
            "{theirs}: {error}"
        );
        assert_eq!(tables(&con)?, before, "{theirs}");
    }
    Ok(())
}

#[test]
fn nothing_saved_and_damage_are_named() -> Result<()> {
    let policy = MonitorPolicy::default();
    let mut con = Connection::open_in_memory()?;
    let error = ModelLifecycle::restore(&con, policy).unwrap_err();
    assert!(matches!(error, Error::Empty { .. }), "{error}");
    let lifecycle =
        ModelLifecycle::start_on(&WeekStream::stable(100, &mut RandomState::seed(1)), policy)?;
    lifecycle.save(&mut con)?;
    con.execute("UPDATE lifecycle_versions SET status = 'king'", [])?;
    let error = ModelLifecycle::restore(&con, policy).unwrap_err();
    assert!(error.to_string().contains("the stored status is king"));
    lifecycle.save(&mut con)?;
    con.execute("UPDATE lifecycle_weeks SET rows = 7", [])?;
    let error = ModelLifecycle::restore(&con, policy).unwrap_err();
    assert!(error.to_string().contains("the stored features"));
    for (damage, named) in [
        (
            "UPDATE lifecycle_state SET layout = 1",
            "the layout of the saved state is 1",
        ),
        (
            "DELETE FROM lifecycle_settings WHERE name = 'patience'",
            "`patience` is missing",
        ),
        (
            "UPDATE lifecycle_settings SET value = 'soon' WHERE name = 'schedule'",
            "`schedule` is soon",
        ),
        (
            "UPDATE lifecycle_settings SET value = -3 WHERE name = 'patience'",
            "patience is -3",
        ),
        (
            "UPDATE lifecycle_settings SET value = 0.0 WHERE name = 'c'",
            "`c` is 0",
        ),
        (
            "DELETE FROM lifecycle_policies",
            "the table `lifecycle_policies` is empty",
        ),
    ] {
        lifecycle.save(&mut con)?;
        con.execute(damage, [])?;
        let error = ModelLifecycle::restore_saved(&con).unwrap_err().to_string();
        assert!(error.contains(named), "{damage}: {error}");
    }
    con.execute("DELETE FROM lifecycle_state", [])?;
    let error = ModelLifecycle::restore(&con, policy).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the table `lifecycle_state` is empty")
    );
    Ok(())
}

/// What was changed by hand, or cut short, is refused and named.
#[test]
fn a_stored_lifecycle_that_can_not_be_is_refused() -> Result<()> {
    let policy = MonitorPolicy::default();
    let stream = WeekStream::stable(200, &mut RandomState::seed(1));
    let mut lifecycle = ModelLifecycle::start_on(&stream, policy)?;
    lifecycle.advance(&stream, 4)?;
    for change in [
        "UPDATE lifecycle_state SET champion = 7",
        "UPDATE lifecycle_state SET predecessor = 9, promoted_in = 1",
        "UPDATE lifecycle_state SET last_week = 1",
        "UPDATE lifecycle_versions SET status = 'retired'",
        "UPDATE lifecycle_versions SET version = 3",
        "UPDATE lifecycle_versions SET auc = 7.5",
        "UPDATE lifecycle_versions SET standard_error = -1.0",
        "UPDATE lifecycle_versions SET intercept = 9e999",
        "UPDATE lifecycle_versions SET weights = x'000000000000f87f000000000000f87f'",
        "UPDATE lifecycle_versions SET weights = zeroblob(40)",
        "UPDATE lifecycle_versions SET reference = x'000000000000f87f' || substr(reference, 9)",
        "UPDATE lifecycle_weeks SET rows = 100",
        "UPDATE lifecycle_weeks SET rows = 0",
        "UPDATE lifecycle_weeks SET features = zeroblob(8)",
        "UPDATE lifecycle_weeks SET labels = x'07'",
        "UPDATE lifecycle_scores SET scores = zeroblob(16)",
        "UPDATE lifecycle_scores SET version = 12",
    ] {
        let mut con = Connection::open_in_memory()?;
        lifecycle.save(&mut con)?;
        assert_eq!(ModelLifecycle::restore(&con, policy)?, lifecycle);
        con.execute_batch(change)?;
        assert!(ModelLifecycle::restore(&con, policy).is_err(), "{change}");
    }
    Ok(())
}
