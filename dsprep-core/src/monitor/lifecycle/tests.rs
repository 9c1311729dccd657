use super::*;
use crate::monitor::{Change, Correction, Fault};
use crate::random::RandomState;
use ndarray::Array2;
use rusqlite::Connection;

/// What is decided in the weeks 4 to `until` of `stream`, one decision a week.
fn run(stream: &WeekStream, policy: MonitorPolicy, until: u32) -> Result<ModelLifecycle> {
    let mut lifecycle = ModelLifecycle::start_on(stream, policy)?;
    for week in 4..until {
        lifecycle.advance(stream, week)?;
    }
    Ok(lifecycle)
}

/// The weeks in which `action` was decided.
fn weeks_of(lifecycle: &ModelLifecycle, action: MonitorAction) -> Vec<u32> {
    let decisions = lifecycle.decisions().iter();
    decisions
        .filter(|decision| decision.action == action)
        .map(|decision| decision.week)
        .collect()
}

fn stable() -> WeekStream {
    WeekStream::stable(1000, &mut RandomState::seed(25)).with_label_delay(2)
}

#[test]
fn on_a_stable_stream_a_year_passes_without_an_alarm() -> Result<()> {
    let lifecycle = run(&stable(), MonitorPolicy::default(), 56)?;
    assert_eq!(weeks_of(&lifecycle, MonitorAction::Keep).len(), 52);
    assert_eq!(lifecycle.versions().len(), 1);
    Ok(())
}

#[test]
fn covariate_drift_is_looked_at_and_nothing_is_retrained() -> Result<()> {
    let stream = stable().with_covariate_drift(Change::gradual(12, 4), 0.8);
    let lifecycle = run(&stream, MonitorPolicy::default(), 30)?;
    let looked = weeks_of(&lifecycle, MonitorAction::Investigate);
    assert!(
        looked.contains(&16) && looked.first() >= Some(&12),
        "{looked:?}"
    );
    assert_eq!(lifecycle.champion(), 1);
    assert_eq!(lifecycle.versions().len(), 1);
    Ok(())
}

#[test]
fn concept_drift_is_seen_when_labels_mature_and_a_better_model_is_promoted() -> Result<()> {
    let stream = stable().with_concept_drift(Change::abrupt(14));
    let lifecycle = run(&stream, MonitorPolicy::default(), 34)?;
    let retrained = weeks_of(&lifecycle, MonitorAction::Retrain);
    let promoted = weeks_of(&lifecycle, MonitorAction::Promote);
    assert!((18..=19).contains(&retrained[0]), "{retrained:?}");
    assert_eq!(
        promoted[0],
        retrained[0] + 5,
        "3 weeks in shadow, 2 until their labels come"
    );
    assert!(weeks_of(&lifecycle, MonitorAction::RollBack).is_empty());
    let auc = |week: u32| {
        let found = lifecycle
            .metrics()
            .iter()
            .find(|metrics| metrics.week == week);
        found
            .and_then(|metrics| metrics.auc)
            .map_or(0.0, |(auc, _)| auc)
    };
    assert!(auc(33) > auc(20) + 0.05, "{} {}", auc(20), auc(33));
    assert_eq!(lifecycle.version(1)?.status, Status::Retired);
    Ok(())
}

#[test]
fn a_broken_feature_is_repaired_and_neither_trained_on_nor_held_against_the_model() -> Result<()> {
    let change = Change::abrupt(12).until(16);
    for fault in [Fault::Stuck(0.0), Fault::Scaled(100.0)] {
        let stream = stable().with_broken_feature(0, fault, change);
        let lifecycle = run(&stream, MonitorPolicy::default(), 26)?;
        let repaired = weeks_of(&lifecycle, MonitorAction::Repair);
        assert_eq!(repaired, [12, 13, 14, 15], "{fault:?}");
        assert_eq!(lifecycle.versions().len(), 1);
    }
    Ok(())
}

#[test]
fn a_season_moves_the_inputs_and_retrains_nothing() -> Result<()> {
    let stream = stable().with_seasonality(12, 0.8);
    let lifecycle = run(&stream, MonitorPolicy::default(), 40)?;
    assert!(!weeks_of(&lifecycle, MonitorAction::Investigate).is_empty());
    assert_eq!(lifecycle.versions().len(), 1);
    Ok(())
}

#[test]
fn a_model_promoted_for_a_holiday_is_rolled_back_when_the_old_times_return() -> Result<()> {
    let stream = stable().with_concept_drift(Change::abrupt(14).until(22));
    let lifecycle = run(&stream, MonitorPolicy::default(), 34)?;
    let promoted = weeks_of(&lifecycle, MonitorAction::Promote);
    let rolled_back = weeks_of(&lifecycle, MonitorAction::RollBack);
    assert_eq!(
        (promoted.len(), rolled_back.len()),
        (1, 1),
        "{:#?}",
        lifecycle.decisions()
    );
    assert!(rolled_back[0] > promoted[0] && rolled_back[0] <= promoted[0] + 4);
    assert_eq!(lifecycle.champion(), 1);
    assert_eq!(lifecycle.version(2)?.status, Status::RolledBack);
    Ok(())
}

#[test]
fn a_scheduled_challenger_that_is_only_new_is_not_promoted() -> Result<()> {
    let policy = MonitorPolicy {
        schedule: Some(8),
        ..MonitorPolicy::default()
    };
    let lifecycle = run(&stable(), policy, 24)?;
    let retrained = weeks_of(&lifecycle, MonitorAction::Retrain);
    assert_eq!(retrained[0], 3 + 8);
    assert_eq!(weeks_of(&lifecycle, MonitorAction::Reject)[0], 11 + 5);
    assert_eq!(lifecycle.champion(), 1);
    Ok(())
}

#[test]
fn a_mean_score_far_from_the_expected_one_brings_the_predecessor_back() -> Result<()> {
    let stream = stable().with_concept_drift(Change::abrupt(14));
    let mut lifecycle = run(&stream, MonitorPolicy::default(), 20)?;
    while lifecycle.champion() == 1 {
        lifecycle.advance(&stream, lifecycle.last_week + 1)?;
    }
    let week = lifecycle.last_week + 1;
    let moved = stream.week(week)?.x + 0.9; // within the range, so no fault
    lifecycle.serve(week, &moved)?;
    let decision = lifecycle.review(week)?.decision;
    assert_eq!(decision.action, MonitorAction::RollBack);
    assert!(
        decision.reason.contains("was expected"),
        "{}",
        decision.reason
    );
    assert_eq!(lifecycle.champion(), 1);
    Ok(())
}

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
fn wrong_input_is_named_and_changes_nothing() -> Result<()> {
    let stream = WeekStream::stable(200, &mut RandomState::seed(4)).with_label_delay(2);
    let mut lifecycle = run(&stream, MonitorPolicy::default(), 9)?;
    let before = lifecycle.clone();
    let (good, ones) = (stream.week(9)?, Array1::ones(200));
    let mut missing = good.x.clone();
    missing[[3, 1]] = f64::NAN;

    let message = |result: Result<ServedScores>| result.unwrap_err().to_string();
    assert_eq!(
        message(lifecycle.serve(9, &Array2::zeros((5, 2)))),
        "`x` has 2 columns, but it must have 6 columns, as in `fit`."
    );
    assert!(message(lifecycle.serve(9, &missing)).starts_with("`x`, row 3, column 1, is NaN"));
    assert!(message(lifecycle.serve(9, &Array2::zeros((0, 6)))).starts_with("`x` is empty"));
    assert!(message(lifecycle.serve(8, &good.x)).starts_with("`week` is 8, but"));

    let message = |result: Result<()>| result.unwrap_err().to_string();
    assert_eq!(
        message(lifecycle.label(8, &ones)),
        "the AUC of a week is not defined: week 8 has 200 positives and 0 negatives. Wait for more labels, or review longer periods."
    );
    assert!(message(lifecycle.label(8, &Array1::ones(3))).contains("one for each row of week 8"));
    assert!(message(lifecycle.label(8, &(&ones * 2))).contains("0 (negative) or 1 (positive)"));
    assert!(message(lifecycle.label(77, &ones)).contains("a week that was served"));
    assert!(message(lifecycle.label(5, &ones)).contains("a week without labels"));
    assert_eq!(
        message(lifecycle.roll_back_to(7, "it was better")),
        "`version` is 7, but it must be the number of a version; `versions()` lists them."
    );
    assert!(message(lifecycle.roll_back_to(0, "")).starts_with("`version` is 0"));
    assert!(message(lifecycle.roll_back_to(1, "")).contains("neither the champion"));
    assert!(lifecycle.review(8).is_err(), "it was reviewed before");
    assert!(lifecycle.review(9).is_err(), "it was not served");
    assert_eq!(lifecycle, before);

    let error = ModelLifecycle::start(&[], MonitorPolicy::default());
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("the training is empty")
    );
    let twice = [stream.week(0)?, stream.week(0)?];
    assert!(ModelLifecycle::start(&twice, MonitorPolicy::default()).is_err());
    Ok(())
}

#[test]
fn a_person_can_bring_a_version_back_and_it_is_noted() -> Result<()> {
    let stream = stable().with_concept_drift(Change::abrupt(14));
    let mut lifecycle = run(&stream, MonitorPolicy::default(), 30)?;
    assert_eq!(lifecycle.champion(), 2);
    lifecycle.roll_back_to(1, "complaints")?;
    assert_eq!(lifecycle.champion(), 1);
    let last = lifecycle
        .decisions()
        .last()
        .map(|decision| decision.reason.as_str());
    assert_eq!(last, Some("by hand: complaints"));
    let served = lifecycle.serve(30, &stream.week(30)?.x)?;
    assert_eq!(served.version, 1);
    lifecycle.review(30)?;
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
fn rows_of_a_rare_class_are_waited_for_before_anything_is_decided() -> Result<()> {
    // One row in thirty is positive: three weeks of 60 rows hold about 6 positives, two at least in each.
    let rare = |week: u32, seed: u32| -> Result<Week> {
        let mut rng = RandomState::seed(1000 * seed + week);
        let y = Array1::from_shape_fn(60, |row| usize::from(row % 30 == 20));
        Ok(Week {
            week,
            x: rng.randn((60, 3)),
            y,
        })
    };
    let policy = MonitorPolicy {
        schedule: Some(1),
        ..MonitorPolicy::default()
    };
    let mut judged = 0;
    for seed in 0..20 {
        let weeks: Vec<Week> = (0..20)
            .map(|week| rare(week, seed))
            .collect::<Result<_>>()?;
        let mut lifecycle = ModelLifecycle::start(&weeks, policy)?;
        for number in 20..29 {
            let week = rare(number, seed)?;
            lifecycle.serve(number, &week.x)?;
            lifecycle.label(number, &week.y)?;
            let decision = lifecycle.review(number)?.decision;
            let decided = [
                MonitorAction::Promote,
                MonitorAction::Reject,
                MonitorAction::RollBack,
            ];
            judged += usize::from(decided.contains(&decision.action));
        }
        assert_eq!(lifecycle.champion(), 1);
        let last = lifecycle
            .decisions()
            .last()
            .map(|decision| decision.reason.clone());
        assert!(
            last.is_some_and(|reason| reason.contains("of 30 positives")),
            "{seed}"
        );
    }
    assert_eq!(judged, 0);
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
